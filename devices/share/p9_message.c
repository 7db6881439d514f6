/* SPDX-License-Identifier: MIT */
/*
 * Reads and writes the fields of 9P messages: little-endian numbers, strings with their lengths,
 * qids.
 */
#include "devices/share/p9_message.h"

#include "devices/share/p9_request.h"

#include <errno.h>
#include <string.h>

static u64 p9_number(struct p9_in *in, unsigned size)
{
	u64 value = 0;

	if (in->left < size) {
		in->bad = true;
		in->left = 0;
		return 0;
	}
	memcpy(&value, in->at, size);
	in->at += size;
	in->left -= size;
	return value;
}

u8 p9_u8(struct p9_in *in)
{
	return (u8)p9_number(in, 1);
}

u16 p9_u16(struct p9_in *in)
{
	return (u16)p9_number(in, 2);
}

u32 p9_u32(struct p9_in *in)
{
	return (u32)p9_number(in, 4);
}

u64 p9_u64(struct p9_in *in)
{
	return p9_number(in, 8);
}

void p9_text(struct p9_in *in, char *text, size_t room)
{
	u16 size = p9_u16(in);

	*text = 0;
	if (size > in->left || size >= room || memchr(in->at, 0, size)) {
		in->bad = true;
		in->left = 0;
		return;
	}
	memcpy(text, in->at, size);
	text[size] = 0;
	in->at += size;
	in->left -= size;
}

void p9_skip_text(struct p9_in *in)
{
	u16 size = p9_u16(in);

	if (size > in->left) {
		in->bad = true;
		size = 0;
	}
	in->at += size;
	in->left -= size;
}

int p9_end(const struct p9_in *in)
{
	return in->bad || in->left ? -EINVAL : 0;
}

static void p9_put(struct p9_out *out, const void *data, size_t size)
{
	if (size > out->room - out->size) {
		out->full = true;
		return;
	}
	memcpy(out->data + out->size, data, size);
	out->size += (u32)size;
}

void p9_put8(struct p9_out *out, u8 value)
{
	p9_put(out, &value, sizeof(value));
}

void p9_put16(struct p9_out *out, u16 value)
{
	p9_put(out, &value, sizeof(value));
}

void p9_put32(struct p9_out *out, u32 value)
{
	p9_put(out, &value, sizeof(value));
}

void p9_put64(struct p9_out *out, u64 value)
{
	p9_put(out, &value, sizeof(value));
}

void p9_put_text(struct p9_out *out, const char *text, size_t size)
{
	p9_put16(out, (u16)size);
	p9_put(out, text, size);
}

/* Returns the qid type for a file's mode. */
static u8 qid_type(u32 mode)
{
	return S_ISDIR(mode) ? P9_QTDIR : S_ISLNK(mode) ? P9_QTSYMLINK : P9_QTFILE;
}

/*
 * Writes a qid. Inode numbers of other file systems mounted in the folder must differ from its own.
 */
void p9_put_qid(struct p9_out *out, const struct p9 *p9, const struct stat *st)
{
	p9_put8(out, qid_type(st->st_mode));
	p9_put32(out, (u32)((u64)st->st_mtime ^ (u64)st->st_size << 8));
	p9_put64(out, st->st_ino ^ (u64)(st->st_dev ^ p9->device) << 40);
}
