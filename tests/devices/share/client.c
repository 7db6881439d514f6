/* SPDX-License-Identifier: MIT */
/* The client's messages. */
#include "client.h"

#include <stdio.h>
#include <string.h>

const char *client_host(const struct client *client, const char *path)
{
	return place_host(&client->place, path);
}

static void client_serve(struct client *client, enum share_security security, bool readonly)
{
	const struct share_config config = { client->place.path, security, readonly,
					     client->descriptors };

	assert_int_equal(share_open(&client->share, &config), 0);
	client->p9 = p9_create(client->share);
	assert_non_null(client->p9);
	assert_int_equal(client_call(client, TVERSION, "ds", MSIZE, "9P2000.L"), 0);
	assert_int_equal(client_get(client, 0, 4), MSIZE);
	assert_int_equal(client_call(client, TATTACH, "ddssd", ROOT, NOFID, "root", "", 0), 0);
}

static void leave(struct client *client)
{
	p9_free(client->p9);
	share_close(client->share); /* asserts that nothing is held */
}

void client_start(struct client *client, enum share_security security, bool readonly)
{
	place_make(&client->place);
	client->descriptors = 512;
	client_serve(client, security, readonly);
}

void client_restart(struct client *client, enum share_security security, bool readonly)
{
	leave(client);
	client_serve(client, security, readonly);
}

void client_stop(struct client *client)
{
	leave(client);
	place_remove(&client->place);
}

static void client_put(u8 **at, const void *data, size_t size)
{
	memcpy(*at, data, size);
	*at += size;
}

static void put_argument(u8 **at, char kind, va_list *list)
{
	const char *text;
	u64 number = 0;
	u16 length;

	switch (kind) {
	case 's':
		text = va_arg(*list, const char *);
		length = (u16)strlen(text);
		client_put(at, &length, sizeof(length));
		client_put(at, text, length);
		return;
	case 'D':
		number = va_arg(*list, unsigned);
		client_put(at, &number, 4);
		client_put(at, va_arg(*list, const void *), number);
		return;
	case 'q':
		number = va_arg(*list, u64);
		client_put(at, &number, 8);
		return;
	default:
		number = va_arg(*list, unsigned);
		client_put(at, &number, kind == 'd' ? 4 : kind == 'w' ? 2 : 1);
	}
}

int client_send(struct client *client, u32 size)
{
	u32 told;

	memset(client->reply, 0xa5, P9_HEADER + 4);
	client->size = p9_answer(client->p9, client->request, size, client->reply, MSIZE);
	memcpy(&told, client->reply, sizeof(told));
	assert_int_equal(told, client->size);
	assert_in_range(client->size, P9_HEADER, MSIZE);
	assert_memory_equal(client->reply + 5, client->request + 5, 2);
	if (client->reply[4] == 7) {
		assert_int_equal(client->size, P9_HEADER + 4);
		assert_int_not_equal(client_get(client, 0, 4), 0);
		return (int)client_get(client, 0, 4);
	}
	assert_int_equal(client->reply[4], (u8)(client->request[4] + 1));
	return 0;
}

int client_call(struct client *client, unsigned type, const char *format, ...)
{
	u8 *at = client->request + P9_HEADER;
	va_list list;
	u32 size;

	va_start(list, format);
	for (; *format; format++)
		put_argument(&at, *format, &list);
	va_end(list);
	size = (u32)(at - client->request);
	memcpy(client->request, &size, sizeof(size));
	client->request[4] = (u8)type;
	client->request[5] = client->request[6] = 0x42;
	return client_send(client, size);
}

u64 client_get(const struct client *client, u32 offset, unsigned size)
{
	u64 value = 0;

	assert_true(P9_HEADER + offset + size <= client->size);
	memcpy(&value, client->reply + P9_HEADER + offset, size);
	return value;
}

int client_walk(struct client *client, u32 fid, const char *path)
{
	char copy[512], *save = NULL;
	u16 count = 0;
	int error = client_call(client, TWALK, "ddw", ROOT, fid, 0);

	snprintf(copy, sizeof(copy), "%s", path);
	for (char *name = strtok_r(copy, "/", &save); name && !error;
	     name = strtok_r(NULL, "/", &save), count++)
		error = client_call(client, TWALK, "ddws", fid, fid, 1, name);
	if (error && count)
		assert_int_equal(client_call(client, TCLUNK, "d", fid), 0);
	return error;
}

int client_open(struct client *client, u32 fid, const char *path, u32 flags)
{
	int error = client_walk(client, fid, path);

	if (error)
		return error;
	error = client_call(client, TLOPEN, "dd", fid, flags);
	if (error)
		assert_int_equal(client_call(client, TCLUNK, "d", fid), 0);
	return error;
}
