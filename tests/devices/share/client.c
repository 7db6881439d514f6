/* SPDX-License-Identifier: MIT */
/* The parts of the client that are the same for both protocols. See client.h. */
#include "client.h"

#include <stdio.h>
#include <string.h>

struct client_kind client_p9 = { &p9_wire, SHARE_NONE, FUSE_CACHE_AUTO };
struct client_kind client_p9_mapped = { &p9_wire, SHARE_MAPPED, FUSE_CACHE_AUTO };
struct client_kind client_fuse = { &fuse_wire, SHARE_NONE, FUSE_CACHE_AUTO };
struct client_kind client_fuse_mapped = { &fuse_wire, SHARE_MAPPED, FUSE_CACHE_AUTO };
struct client_kind client_fuse_always = { &fuse_wire, SHARE_NONE, FUSE_CACHE_ALWAYS };
struct client_kind client_fuse_mapped_always = { &fuse_wire, SHARE_MAPPED, FUSE_CACHE_ALWAYS };

static void client_serve(struct client *c)
{
	assert_int_equal(share_open(&c->share, &c->config), 0);
	c->wire->start(c);
	c->wire->attach(c);
}

static void client_leave(struct client *c)
{
	c->wire->stop(c);
	share_close(c->share); /* asserts that no references are left */
}

int client_setup(void **state)
{
	static struct client client;
	const struct client_kind *kind = *state;
	struct client *c = *state = &client;

	memset(c, 0, sizeof(*c));
	c->seed = 1 + kind->security;
	c->wire = kind->wire;
	c->cache = kind->cache;
	place_make(&c->place);
	c->config = (struct share_config){ c->place.path, kind->security, false, 512 };
	client_serve(c);
	return 0;
}

int client_teardown(void **state)
{
	struct client *c = *state;

	client_leave(c);
	place_remove(&c->place);
	return 0;
}

void client_restart(struct client *c)
{
	client_leave(c);
	client_serve(c);
}

void client_become(struct client *c, u32 uid, u32 gid)
{
	c->uid = uid;
	c->gid = gid;
	c->wire->attach(c);
}

int client_walk(struct client *c, const char *path)
{
	char copy[512], *save = NULL;
	u64 object = c->root;
	int error = 0;

	c->object = c->root;
	snprintf(copy, sizeof(copy), "%s", path);
	for (char *name = strtok_r(copy, "/", &save); name && !error;
	     name = strtok_r(NULL, "/", &save)) {
		error = c->wire->step(c, object, name);
		if (object != c->root && !c->wire->nodes)
			c->wire->forget(c, object);
		object = c->object;
	}
	return error;
}

u64 client_at(struct client *c, const char *path)
{
	assert_int_equal(client_walk(c, path), 0);
	return c->object;
}

int client_open(struct client *c, const char *path, u32 flags)
{
	int error = client_walk(c, path);
	u64 object = c->object;

	if (error)
		return error;
	error = c->wire->open(c, object, flags);
	if (object != c->root && !c->wire->nodes)
		c->wire->forget(c, object);
	return error;
}

const struct client_attr *client_attr(struct client *c, u64 object)
{
	assert_int_equal(c->wire->getattr(c, object), 0);
	return &c->attr;
}

const char *client_host(const struct client *c, const char *path)
{
	return place_host(&c->place, path);
}

u32 client_below(struct client *c, u32 limit)
{
	c->seed = c->seed * 6364136223846793005ull + 1442695040888963407ull;
	return (u32)(c->seed >> 33) % limit;
}

void client_append(struct client *c, u32 *size, u64 number, u32 bytes)
{
	memcpy(c->request + *size, &number, bytes);
	*size += bytes;
}
