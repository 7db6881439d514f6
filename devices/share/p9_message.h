/* SPDX-License-Identifier: MIT */
/* Reads 9P requests and writes 9P replies, field by field (p9_message.c). */
#ifndef DEVICES_SHARE_P9_MESSAGE_H
#define DEVICES_SHARE_P9_MESSAGE_H

#include "bus/base.h"
#include "devices/share/p9.h"

#include <sys/stat.h>

struct p9;

/* Types of qids; sizes of the parts of messages before their data. */
#define P9_QTDIR 0x80
#define P9_QTSYMLINK 0x02
#define P9_QTFILE 0x00
#define P9_READ_HEADER (P9_HEADER + 4)
#define P9_IO_HEADER 24

/* The unread rest of a request. `bad` is set once a field was missing or malformed. */
struct p9_in {
	const u8 *at;
	u32 left;
	bool bad;
};

/* The reply as far as it was written. `full` is set once something did not fit. */
struct p9_out {
	u8 *data;
	u32 size, room;
	bool full;
};

/* Read a number. They return 0 if there is none, and set in->bad. */
u8 p9_u8(struct p9_in *in);
u16 p9_u16(struct p9_in *in);
u32 p9_u32(struct p9_in *in);
u64 p9_u64(struct p9_in *in);
/* Reads a string of fewer than `room` bytes that has no NUL in it. */
void p9_text(struct p9_in *in, char *text, size_t room);
void p9_skip_text(struct p9_in *in);
/* Returns 0 if the request was complete and has no further bytes, else -EINVAL. */
int p9_end(const struct p9_in *in);
void p9_put8(struct p9_out *out, u8 value);
void p9_put16(struct p9_out *out, u16 value);
void p9_put32(struct p9_out *out, u32 value);
void p9_put64(struct p9_out *out, u64 value);
void p9_put_text(struct p9_out *out, const char *text, size_t size);
void p9_put_qid(struct p9_out *out, const struct p9 *p9, const struct stat *st);

#endif
