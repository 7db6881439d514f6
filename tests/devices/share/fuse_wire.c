/* SPDX-License-Identifier: MIT */
/* The FUSE client: its messages, and the operations of struct client_wire, which use these. */
#include "fuse_wire.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define ERROR_MAX 512 /* Linux considers a server that returns a larger one broken */

static void fuse_wire_put(u8 **at, const void *data, size_t size)
{
	memcpy(*at, data, size);
	*at += size;
}

static void fuse_wire_argument(u8 **at, char kind, va_list *list)
{
	const char *text;
	u64 number;

	switch (kind) {
	case 's':
		text = va_arg(*list, const char *);
		fuse_wire_put(at, text, strlen(text) + 1);
		return;
	case 'D':
		number = va_arg(*list, unsigned);
		fuse_wire_put(at, va_arg(*list, const void *), number);
		return;
	case 'q':
		number = va_arg(*list, u64);
		fuse_wire_put(at, &number, 8);
		return;
	default:
		number = va_arg(*list, unsigned);
		fuse_wire_put(at, &number, 4);
	}
}

int fuse_send(struct client *c, u32 size)
{
	const struct fuse_in_header *in = (const struct fuse_in_header *)c->request;
	const struct fuse_out_header *out = (const struct fuse_out_header *)c->reply;

	memset(c->reply, 0xa5, sizeof(*out));
	c->size = fuse_answer(c->fuse, c->request, size, c->reply, FUSE_MESSAGE_MAX);
	if (!c->size)
		return 0;
	assert_in_range(c->size, sizeof(*out), FUSE_MESSAGE_MAX);
	assert_int_equal(out->len, c->size);
	assert_int_equal(out->unique, in->unique);
	assert_true(out->error <= 0 && out->error > -ERROR_MAX);
	if (out->error)
		assert_int_equal(c->size, sizeof(*out));
	return -out->error;
}

int fuse_call(struct client *c, u32 opcode, u64 node, const char *format, ...)
{
	struct fuse_in_header *header = (struct fuse_in_header *)c->request;
	u8 *at = (u8 *)(header + 1);
	va_list list;

	va_start(list, format);
	for (; *format; format++)
		fuse_wire_argument(&at, *format, &list);
	va_end(list);
	*header = (struct fuse_in_header){
		.len = (u32)(at - c->request),
		.opcode = opcode,
		.unique = 0x1234567800000000 | opcode,
		.nodeid = node,
		.uid = c->uid,
		.gid = c->gid,
	};
	return fuse_send(c, header->len);
}

u64 fuse_get(const struct client *c, u32 offset, unsigned size)
{
	u64 value = 0;

	assert_true(FUSE_REPLY_MIN + offset + size <= c->size);
	memcpy(&value, c->reply + FUSE_REPLY_MIN + offset, size);
	return value;
}

/* The operations of struct client_wire. */

static void fuse_do_start(struct client *c)
{
	c->fuse = fuse_create(c->share, c->cache);
	assert_non_null(c->fuse);
	assert_int_equal(fuse_call(c, FUSE_INIT, 0, "dddd", 7, 31, 131072, UINT32_MAX), 0);
	assert_int_equal(fuse_get(c, 0, 4), 7);
}

static void fuse_do_stop(struct client *c)
{
	fuse_free(c->fuse);
}

/* Sets the root. There is nothing to send: each request names its user. */
static void fuse_do_attach(struct client *c)
{
	c->root = ROOT;
}

static void fuse_do_forget(struct client *c, u64 object)
{
	assert_int_equal(fuse_call(c, FUSE_FORGET, object, "q", UINT64_MAX), 0);
}

/* Reads a reply that begins with a node. Node 0 means that there is no such name. */
static int fuse_do_entry(struct client *c, int error)
{
	c->object = error ? 0 : fuse_get(c, 0, 8);
	return error ? error : c->object ? 0 : ENOENT;
}

static int fuse_do_step(struct client *c, u64 dir, const char *name)
{
	return fuse_do_entry(c, fuse_call(c, FUSE_LOOKUP, dir, "s", name));
}

static int fuse_do_mkdir(struct client *c, u64 dir, const char *name, u32 mode)
{
	return fuse_do_entry(c, fuse_call(c, FUSE_MKDIR, dir, "dds", mode, 0, name));
}

static int fuse_do_mknod(struct client *c, u64 dir, const char *name, u32 mode, dev_t device)
{
	u32 number = (minor(device) & 0xff) | major(device) << 8 | (minor(device) & ~0xffu) << 12;

	return fuse_do_entry(c, fuse_call(c, FUSE_MKNOD, dir, "dddds", mode, number, 0, 0, name));
}

static int fuse_do_symlink(struct client *c, u64 dir, const char *name, const char *target)
{
	int error = fuse_do_entry(c, fuse_call(c, FUSE_SYMLINK, dir, "ss", name, target));

	if (!error)
		assert_int_equal(fuse_get(c, ENTRY_ATTR + 60, 4), S_IFLNK | 0777);
	return error;
}

static int fuse_do_link(struct client *c, u64 object, u64 dir, const char *name)
{
	return fuse_do_entry(c, fuse_call(c, FUSE_LINK, dir, "qs", object, name));
}

static int fuse_do_rename(struct client *c, u64 dir, const char *name, u64 to, const char *new_name)
{
	return fuse_call(c, FUSE_RENAME, dir, "qss", to, name, new_name);
}

static int fuse_do_unlink(struct client *c, u64 dir, const char *name)
{
	return fuse_call(c, FUSE_UNLINK, dir, "s", name);
}

static int fuse_do_rmdir(struct client *c, u64 dir, const char *name)
{
	return fuse_call(c, FUSE_RMDIR, dir, "s", name);
}

static int fuse_do_create(struct client *c, u64 dir, const char *name, u32 flags, u32 mode)
{
	int error =
		fuse_do_entry(c, fuse_call(c, FUSE_CREATE, dir, "dddds", flags, mode, 0, 0, name));

	c->handle = error ? 0 : fuse_get(c, 128, 8);
	return error;
}

static int fuse_do_open(struct client *c, u64 object, u32 flags)
{
	int error = fuse_call(c, FUSE_OPEN, object, "dd", flags, 0);

	c->handle = error ? 0 : fuse_get(c, 0, 8);
	return error;
}

static int fuse_do_opendir(struct client *c, u64 object)
{
	int error = fuse_call(c, FUSE_OPENDIR, object, "dd", 0, 0);

	c->handle = error ? 0 : fuse_get(c, 0, 8);
	return error;
}

static int fuse_do_release(struct client *c, u64 handle)
{
	return fuse_call(c, FUSE_RELEASE, ROOT, "qddq", handle, 0, 0, (u64)0);
}

static int fuse_do_releasedir(struct client *c, u64 handle)
{
	return fuse_call(c, FUSE_RELEASEDIR, ROOT, "qddq", handle, 0, 0, (u64)0);
}

/* Reads a reply that consists of data. */
static int fuse_do_data(struct client *c, int error)
{
	c->data = c->reply + FUSE_REPLY_MIN;
	c->count = c->size - FUSE_REPLY_MIN;
	return error;
}

static int fuse_do_read(struct client *c, u64 handle, u64 offset, u32 size)
{
	return fuse_do_data(c, fuse_call(c, FUSE_READ, ROOT, "qqddqdd", handle, offset, size, 0,
					 (u64)0, 0, 0));
}

static int fuse_do_write(struct client *c, u64 handle, u64 offset, u32 size, const void *data)
{
	int error = fuse_call(c, FUSE_WRITE, ROOT, "qqddqddD", handle, offset, size, 0, (u64)0, 0,
			      0, size, data);

	if (!error)
		assert_int_equal(fuse_get(c, 0, 4), size);
	return error;
}

static int fuse_do_fsync(struct client *c, u64 object, u64 handle)
{
	return fuse_call(c, FUSE_FSYNC, object, "qdd", handle, 1, 0);
}

static int fuse_do_readdir(struct client *c, u64 handle, u64 offset, u32 size)
{
	return fuse_do_data(c, fuse_call(c, c->plus ? FUSE_READDIRPLUS : FUSE_READDIR, ROOT,
					 "qqddqdd", handle, offset, size, 0, (u64)0, 0, 0));
}

static u32 fuse_do_dirent(struct client *c, u32 at, u64 *offset)
{
	u32 fixed = c->plus ? 128 : 0, length = (u32)fuse_get(c, at + fixed + 16, 4);

	*offset = fuse_get(c, at + fixed + 8, 8);
	return (fixed + 24 + length + 7) & ~7u;
}

static int fuse_do_readlink(struct client *c, u64 object)
{
	return fuse_do_data(c, fuse_call(c, FUSE_READLINK, object, ""));
}

static int fuse_do_getattr(struct client *c, u64 object)
{
	const u32 at = 16; /* the offset of the attributes in the reply */
	int error = fuse_call(c, FUSE_GETATTR, object, "ddq", 0, 0, (u64)0);
	u32 device = error ? 0 : (u32)fuse_get(c, at + 76, 4);

	if (!error)
		c->attr = (struct client_attr){
			.identity = object,
			.size = fuse_get(c, at + 8, 8),
			.mode = (u32)fuse_get(c, at + 60, 4),
			.nlink = fuse_get(c, at + 64, 4),
			.uid = (u32)fuse_get(c, at + 68, 4),
			.gid = (u32)fuse_get(c, at + 72, 4),
			.device = makedev(device >> 8 & 0xfff,
					  (device & 0xff) | (device >> 12 & ~0xffu)),
		};
	return error;
}

static int fuse_do_setattr(struct client *c, u64 object, struct client_change change)
{
	return fuse_call(c, FUSE_SETATTR, object, "ddqqqqqqdddddddd", change.valid, 0, (u64)0,
			 change.size, (u64)0, (u64)1, (u64)2, (u64)0, 0, 7, 0, change.mode, 0,
			 change.uid, change.gid, 0);
}

static int fuse_do_setxattr(struct client *c, u64 object, const char *name, const char *value)
{
	u32 size = (u32)strlen(value);

	return fuse_call(c, FUSE_SETXATTR, object, "ddsD", size, 0, name, size, value);
}

static int fuse_do_getxattr(struct client *c, u64 object, const char *name)
{
	return fuse_do_data(c,
			    fuse_call(c, FUSE_GETXATTR, object, "dds", SHARE_XATTR_MAX, 0, name));
}

static int fuse_do_listxattr(struct client *c, u64 object)
{
	return fuse_do_data(c, fuse_call(c, FUSE_LISTXATTR, object, "dd", SHARE_XATTR_MAX, 0));
}

static int fuse_do_removexattr(struct client *c, u64 object, const char *name)
{
	return fuse_call(c, FUSE_REMOVEXATTR, object, "s", name);
}

const struct client_wire fuse_wire = {
	.name = "FUSE",
	.nodes = true,
	.start = fuse_do_start,
	.stop = fuse_do_stop,
	.attach = fuse_do_attach,
	.step = fuse_do_step,
	.forget = fuse_do_forget,
	.mkdir = fuse_do_mkdir,
	.mknod = fuse_do_mknod,
	.symlink = fuse_do_symlink,
	.link = fuse_do_link,
	.rename = fuse_do_rename,
	.unlink = fuse_do_unlink,
	.rmdir = fuse_do_rmdir,
	.create = fuse_do_create,
	.open = fuse_do_open,
	.opendir = fuse_do_opendir,
	.release = fuse_do_release,
	.releasedir = fuse_do_releasedir,
	.read = fuse_do_read,
	.write = fuse_do_write,
	.fsync = fuse_do_fsync,
	.readdir = fuse_do_readdir,
	.entry = fuse_do_dirent,
	.readlink = fuse_do_readlink,
	.getattr = fuse_do_getattr,
	.setattr = fuse_do_setattr,
	.setxattr = fuse_do_setxattr,
	.getxattr = fuse_do_getxattr,
	.listxattr = fuse_do_listxattr,
	.removexattr = fuse_do_removexattr,
};
