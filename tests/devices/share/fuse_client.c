/* SPDX-License-Identifier: MIT */
/* See fuse_client.h. */
#include "fuse_client.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define ERROR_MAX 512 /* a Linux takes anything beyond for a broken server */

const char *fuse_host(const struct fuse_client *client, const char *path)
{
	return place_host(&client->place, path);
}

static void fuse_client_serve(struct fuse_client *client, const struct share_config *config,
			      enum fuse_cache cache)
{
	assert_int_equal(share_open(&client->share, config), 0);
	client->fuse = fuse_create(client->share, cache);
	assert_non_null(client->fuse);
	assert_int_equal(fuse_call(client, FUSE_INIT, 0, "dddd", 7, 31, 131072, UINT32_MAX), 0);
	assert_int_equal(fuse_get(client, 0, 4), 7);
}

static void leave(struct fuse_client *client)
{
	fuse_free(client->fuse);
	share_close(client->share); /* asserts that nothing is held */
}

void fuse_client_start(struct fuse_client *client, enum share_security security,
		       enum fuse_cache cache)
{
	const struct share_config config = { client->place.path, security, false, 512 };

	place_make(&client->place);
	fuse_client_serve(client, &config, cache);
}

void fuse_client_restart(struct fuse_client *client, const struct share_config *config)
{
	struct share_config same = *config;

	leave(client);
	same.path = client->place.path;
	fuse_client_serve(client, &same, FUSE_CACHE_AUTO);
}

void fuse_client_stop(struct fuse_client *client)
{
	leave(client);
	place_remove(&client->place);
}

static void fuse_client_put(u8 **at, const void *data, size_t size)
{
	memcpy(*at, data, size);
	*at += size;
}

static void put_argument(u8 **at, char kind, va_list *list)
{
	const char *text;
	u64 number;

	switch (kind) {
	case 's':
		text = va_arg(*list, const char *);
		fuse_client_put(at, text, strlen(text) + 1);
		return;
	case 'D':
		number = va_arg(*list, unsigned);
		fuse_client_put(at, va_arg(*list, const void *), number);
		return;
	case 'q':
		number = va_arg(*list, u64);
		fuse_client_put(at, &number, 8);
		return;
	default:
		number = va_arg(*list, unsigned);
		fuse_client_put(at, &number, 4);
	}
}

int fuse_send(struct fuse_client *client, u32 size)
{
	const struct fuse_in_header *in = (const struct fuse_in_header *)client->request;
	const struct fuse_out_header *out = (const struct fuse_out_header *)client->reply;

	memset(client->reply, 0xa5, sizeof(*out));
	client->size =
		fuse_answer(client->fuse, client->request, size, client->reply, FUSE_MESSAGE_MAX);
	if (!client->size)
		return 0;
	assert_in_range(client->size, sizeof(*out), FUSE_MESSAGE_MAX);
	assert_int_equal(out->len, client->size);
	assert_int_equal(out->unique, in->unique);
	assert_true(out->error <= 0 && out->error > -ERROR_MAX);
	if (out->error)
		assert_int_equal(client->size, sizeof(*out));
	return -out->error;
}

int fuse_call(struct fuse_client *client, u32 opcode, u64 node, const char *format, ...)
{
	struct fuse_in_header *header = (struct fuse_in_header *)client->request;
	u8 *at = (u8 *)(header + 1);
	va_list list;

	va_start(list, format);
	for (; *format; format++)
		put_argument(&at, *format, &list);
	va_end(list);
	*header = (struct fuse_in_header){
		.len = (u32)(at - client->request),
		.opcode = opcode,
		.unique = 0x1234567800000000 | opcode,
		.nodeid = node,
		.uid = client->uid,
		.gid = client->uid,
	};
	return fuse_send(client, header->len);
}

u64 fuse_get(const struct fuse_client *client, u32 offset, unsigned size)
{
	u64 value = 0;

	assert_true(FUSE_REPLY_MIN + offset + size <= client->size);
	memcpy(&value, client->reply + FUSE_REPLY_MIN + offset, size);
	return value;
}

u64 fuse_walk(struct fuse_client *client, const char *path, int *error)
{
	u64 node = FUSE_ROOT_ID;
	char copy[512], *save = NULL;

	*error = 0;
	snprintf(copy, sizeof(copy), "%s", path);
	for (char *name = strtok_r(copy, "/", &save); name; name = strtok_r(NULL, "/", &save)) {
		*error = fuse_call(client, FUSE_LOOKUP, node, "s", name);
		node = *error ? 0 : fuse_get(client, 0, 8);
		if (!node) {
			*error = *error ? *error : ENOENT;
			return 0;
		}
	}
	return node;
}

u64 fuse_open_path(struct fuse_client *client, const char *path, u32 flags, int *error)
{
	u64 node = fuse_walk(client, path, error);

	if (!node)
		return 0;
	*error = fuse_call(client, FUSE_OPEN, node, "dd", flags, 0);
	return *error ? 0 : fuse_get(client, 0, 8);
}
