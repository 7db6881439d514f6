/* SPDX-License-Identifier: MIT */
/* The 9P client: its messages, and the operations of struct client_wire, which use these. */
#include "p9_wire.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

#define FIDS 1000000u /* tests use the fids below this in their own messages */

static void p9_wire_put(u8 **at, const void *data, size_t size)
{
	memcpy(*at, data, size);
	*at += size;
}

static void p9_wire_argument(u8 **at, char kind, va_list *list)
{
	const char *text;
	u64 number = 0;
	u16 length;

	switch (kind) {
	case 's':
		text = va_arg(*list, const char *);
		length = (u16)strlen(text);
		p9_wire_put(at, &length, sizeof(length));
		p9_wire_put(at, text, length);
		return;
	case 'D':
		number = va_arg(*list, unsigned);
		p9_wire_put(at, &number, 4);
		p9_wire_put(at, va_arg(*list, const void *), number);
		return;
	case 'q':
		number = va_arg(*list, u64);
		p9_wire_put(at, &number, 8);
		return;
	default:
		number = va_arg(*list, unsigned);
		p9_wire_put(at, &number, kind == 'd' ? 4 : kind == 'w' ? 2 : 1);
	}
}

int p9_send(struct client *c, u32 size)
{
	u32 told;

	memset(c->reply, 0xa5, P9_HEADER + 4);
	c->size = p9_answer(c->p9, c->request, size, c->reply, MSIZE);
	memcpy(&told, c->reply, sizeof(told));
	assert_int_equal(told, c->size);
	assert_in_range(c->size, P9_HEADER, MSIZE);
	assert_memory_equal(c->reply + 5, c->request + 5, 2);
	if (c->reply[4] == 7) {
		assert_int_equal(c->size, P9_HEADER + 4);
		assert_int_not_equal(p9_get(c, 0, 4), 0);
		return (int)p9_get(c, 0, 4);
	}
	assert_int_equal(c->reply[4], (u8)(c->request[4] + 1));
	return 0;
}

int p9_call(struct client *c, unsigned type, const char *format, ...)
{
	u8 *at = c->request + P9_HEADER;
	va_list list;
	u32 size;

	va_start(list, format);
	for (; *format; format++)
		p9_wire_argument(&at, *format, &list);
	va_end(list);
	size = (u32)(at - c->request);
	memcpy(c->request, &size, sizeof(size));
	c->request[4] = (u8)type;
	c->request[5] = c->request[6] = 0x42;
	return p9_send(c, size);
}

u64 p9_get(const struct client *c, u32 offset, unsigned size)
{
	u64 value = 0;

	assert_true(P9_HEADER + offset + size <= c->size);
	memcpy(&value, c->reply + P9_HEADER + offset, size);
	return value;
}

int p9_walk_to(struct client *c, u32 fid, const char *path)
{
	char copy[512], *save = NULL;
	u16 count = 0;
	int error = p9_call(c, TWALK, "ddw", ROOT, fid, 0);

	snprintf(copy, sizeof(copy), "%s", path);
	for (char *name = strtok_r(copy, "/", &save); name && !error;
	     name = strtok_r(NULL, "/", &save), count++)
		error = p9_call(c, TWALK, "ddws", fid, fid, 1, name);
	if (error && count)
		assert_int_equal(p9_call(c, TCLUNK, "d", fid), 0);
	return error;
}

int p9_open_at(struct client *c, u32 fid, const char *path, u32 flags)
{
	int error = p9_walk_to(c, fid, path);

	if (error)
		return error;
	error = p9_call(c, TLOPEN, "dd", fid, flags);
	if (error)
		assert_int_equal(p9_call(c, TCLUNK, "d", fid), 0);
	return error;
}

/* The operations of struct client_wire. */

static void p9_do_start(struct client *c)
{
	c->fids = ROOT - 1;
	c->p9 = p9_create(c->share);
	assert_non_null(c->p9);
	assert_int_equal(p9_call(c, TVERSION, "ds", MSIZE, "9P2000.L"), 0);
	assert_int_equal(p9_get(c, 0, 4), MSIZE);
}

static void p9_do_stop(struct client *c)
{
	p9_free(c->p9);
}

static void p9_do_attach(struct client *c)
{
	c->root = ++c->fids;
	assert_int_equal(p9_call(c, TATTACH, "ddssd", (u32)c->root, NOFID, "root", "", c->uid), 0);
	c->fids = MAX(c->fids, FIDS);
}

static void p9_do_forget(struct client *c, u64 fid)
{
	assert_int_equal(p9_call(c, TCLUNK, "d", (u32)fid), 0);
}

/* Returns a fid that no test uses, for the same file as `fid`. */
static u32 p9_do_clone(struct client *c, u64 fid)
{
	assert_int_equal(p9_call(c, TWALK, "ddw", (u32)fid, ++c->fids, 0), 0);
	return c->fids;
}

/* Keeps the clone as the open file if the request with it succeeded; else frees the clone. */
static int p9_do_opened(struct client *c, u32 fid, int error)
{
	if (error)
		p9_do_forget(c, fid);
	else
		c->handle = c->object = fid;
	return error;
}

static int p9_do_step(struct client *c, u64 dir, const char *name)
{
	int error = p9_call(c, TWALK, "ddws", (u32)dir, ++c->fids, 1, name);

	if (!error)
		c->object = c->fids;
	return error;
}

static int p9_do_mkdir(struct client *c, u64 dir, const char *name, u32 mode)
{
	return p9_call(c, TMKDIR, "dsdd", (u32)dir, name, mode, c->gid);
}

static int p9_do_mknod(struct client *c, u64 dir, const char *name, u32 mode, dev_t device)
{
	return p9_call(c, TMKNOD, "dsdddd", (u32)dir, name, mode, major(device), minor(device),
		       c->gid);
}

static int p9_do_symlink(struct client *c, u64 dir, const char *name, const char *target)
{
	int error = p9_call(c, TSYMLINK, "dssd", (u32)dir, name, target, c->gid);

	if (!error)
		assert_int_equal(p9_get(c, 0, 1), 0x02); /* the type of its qid */
	return error;
}

static int p9_do_link(struct client *c, u64 object, u64 dir, const char *name)
{
	return p9_call(c, TLINK, "dds", (u32)dir, (u32)object, name);
}

static int p9_do_rename(struct client *c, u64 dir, const char *name, u64 to, const char *new_name)
{
	return p9_call(c, TRENAMEAT, "dsds", (u32)dir, name, (u32)to, new_name);
}

static int p9_do_unlink(struct client *c, u64 dir, const char *name)
{
	return p9_call(c, TUNLINKAT, "dsd", (u32)dir, name, 0);
}

static int p9_do_rmdir(struct client *c, u64 dir, const char *name)
{
	return p9_call(c, TUNLINKAT, "dsd", (u32)dir, name, 0x200);
}

static int p9_do_create(struct client *c, u64 dir, const char *name, u32 flags, u32 mode)
{
	u32 fid = p9_do_clone(c, dir);

	return p9_do_opened(c, fid, p9_call(c, TLCREATE, "dsddd", fid, name, flags, mode, c->gid));
}

static int p9_do_open(struct client *c, u64 object, u32 flags)
{
	u32 fid = p9_do_clone(c, object);

	return p9_do_opened(c, fid, p9_call(c, TLOPEN, "dd", fid, flags));
}

static int p9_do_opendir(struct client *c, u64 object)
{
	return p9_do_open(c, object, O_RDONLY | O_DIRECTORY);
}

static int p9_do_release(struct client *c, u64 handle)
{
	return p9_call(c, TCLUNK, "d", (u32)handle);
}

/* Reads a reply that consists of the size of data and the data. After an error there is none. */
static int p9_do_data(struct client *c, int error, u32 size_bytes)
{
	c->count = error ? 0 : (u32)p9_get(c, 0, size_bytes);
	c->data = c->reply + P9_HEADER + size_bytes;
	return error;
}

static int p9_do_read(struct client *c, u64 handle, u64 offset, u32 size)
{
	return p9_do_data(c, p9_call(c, TREAD, "dqd", (u32)handle, offset, size), 4);
}

static int p9_do_write(struct client *c, u64 handle, u64 offset, u32 size, const void *data)
{
	int error = p9_call(c, TWRITE, "dqD", (u32)handle, offset, size, data);

	if (!error)
		assert_int_equal(p9_get(c, 0, 4), size);
	return error;
}

static int p9_do_fsync(struct client *c, u64 object, u64 handle)
{
	return p9_call(c, TFSYNC, "dd", (u32)handle, 0);
}

static int p9_do_readdir(struct client *c, u64 handle, u64 offset, u32 size)
{
	return p9_do_data(c, p9_call(c, TREADDIR, "dqd", (u32)handle, offset, size), 4);
}

static u32 p9_do_entry(struct client *c, u32 at, u64 *offset)
{
	*offset = p9_get(c, 4 + at + 13, 8);
	return 24 + (u32)p9_get(c, 4 + at + 22, 2);
}

static int p9_do_readlink(struct client *c, u64 object)
{
	return p9_do_data(c, p9_call(c, TREADLINK, "d", (u32)object), 2);
}

static int p9_do_getattr(struct client *c, u64 object)
{
	int error = p9_call(c, TGETATTR, "dq", (u32)object, (u64)0x7ff);

	if (!error)
		c->attr = (struct client_attr){
			.identity = p9_get(c, 13, 8),
			.mode = (u32)p9_get(c, 21, 4),
			.uid = (u32)p9_get(c, 25, 4),
			.gid = (u32)p9_get(c, 29, 4),
			.nlink = p9_get(c, 33, 8),
			.device = p9_get(c, 41, 8),
			.size = p9_get(c, 49, 8),
		};
	return error;
}

static int p9_do_setattr(struct client *c, u64 object, struct client_change change)
{
	return p9_call(c, TSETATTR, "dddddqqqqq", (u32)object, change.valid, change.mode,
		       change.uid, change.gid, change.size, (u64)1, (u64)0, (u64)2, (u64)0);
}

/* Sets an attribute, which happens when the fid is clunked; the reply to that has the result. */
static int p9_do_setxattr(struct client *c, u64 object, const char *name, const char *value)
{
	u32 fid = p9_do_clone(c, object);
	size_t size = strlen(value);
	int error = p9_call(c, TXATTRCREATE, "dsqd", fid, name, (u64)size, 0);

	if (error) {
		p9_do_forget(c, fid);
		return error;
	}
	if (size)
		assert_int_equal(p9_call(c, TWRITE, "dqD", fid, (u64)0, (u32)size, value), 0);
	return p9_do_release(c, fid);
}

static int p9_do_getxattr(struct client *c, u64 object, const char *name)
{
	u32 fid = ++c->fids, size;
	int error = p9_call(c, TXATTRWALK, "dds", (u32)object, fid, name);

	if (error)
		return error;
	size = (u32)p9_get(c, 0, 8);
	assert_int_equal(p9_do_read(c, fid, 0, size), 0);
	assert_int_equal(c->count, size);
	memcpy(c->request + MSIZE, c->data, size); /* beyond what the next request overwrites */
	p9_do_forget(c, fid);
	c->data = c->request + MSIZE;
	return 0;
}

static int p9_do_listxattr(struct client *c, u64 object)
{
	return p9_do_getxattr(c, object, "");
}

/* Removes an attribute by setting it to an empty value. */
static int p9_do_removexattr(struct client *c, u64 object, const char *name)
{
	return p9_do_setxattr(c, object, name, "");
}

const struct client_wire p9_wire = {
	.name = "9P",
	.start = p9_do_start,
	.stop = p9_do_stop,
	.attach = p9_do_attach,
	.step = p9_do_step,
	.forget = p9_do_forget,
	.mkdir = p9_do_mkdir,
	.mknod = p9_do_mknod,
	.symlink = p9_do_symlink,
	.link = p9_do_link,
	.rename = p9_do_rename,
	.unlink = p9_do_unlink,
	.rmdir = p9_do_rmdir,
	.create = p9_do_create,
	.open = p9_do_open,
	.opendir = p9_do_opendir,
	.release = p9_do_release,
	.releasedir = p9_do_release,
	.read = p9_do_read,
	.write = p9_do_write,
	.fsync = p9_do_fsync,
	.readdir = p9_do_readdir,
	.entry = p9_do_entry,
	.readlink = p9_do_readlink,
	.getattr = p9_do_getattr,
	.setattr = p9_do_setattr,
	.setxattr = p9_do_setxattr,
	.getxattr = p9_do_getxattr,
	.listxattr = p9_do_listxattr,
	.removexattr = p9_do_removexattr,
};
