/* SPDX-License-Identifier: MIT */
/*
 * Semihosting (the semihosting specification for Arm, as RISC-V's adopts it): EBREAK between two
 * marker instructions asks the host. What a program says is hostile: names and data are copied
 * here, of bounded size, and what they lead to is up to who answers.
 */
#ifndef CPU_DEBUG_SEMIHOST_H
#define CPU_DEBUG_SEMIHOST_H

#include "bus/base.h"

struct hart;

#define SEMIHOST_NAME_MAX 1024
#define SEMIHOST_DATA_MAX 4096 /* bytes of a request; a call may be made of several */

/* These are the requests that the host's files and clock answer. */
enum semihost_op {
	SEMIHOST_OPEN, /* name, number: the mode, 0 to 11; answer: a handle from 0 on */
	SEMIHOST_CLOSE,
	SEMIHOST_WRITE, /* data, size; answer: bytes written */
	SEMIHOST_READ, /* size; answer: bytes read, in data */
	SEMIHOST_SEEK, /* number: where */
	SEMIHOST_LENGTH,
	SEMIHOST_REMOVE, /* name */
	SEMIHOST_RENAME, /* name, other */
	SEMIHOST_TIME, /* seconds since 1970 */
};

struct semihost_request {
	enum semihost_op op;
	u64 handle, number;
	size_t size;
	char name[SEMIHOST_NAME_MAX], other[SEMIHOST_NAME_MAX];
	u8 data[SEMIHOST_DATA_MAX];
};

/* The host's side, which answers requests; it outlives the harts. */
struct semihost_host {
	void (*write)(void *ctx, const u8 *data, size_t size); /* what the program prints */
	/* Takes what was typed and not read yet; 0: nothing so far, -1: nor will there be. */
	s64 (*read)(void *ctx, u8 *data, size_t size);
	bool (*ready)(void *ctx); /* read would say something */
	/* The answer, or a negative errno. */
	s64 (*ask)(void *ctx, struct semihost_request *request);
	void *ctx;
	const char *command_line;
	u64 error; /* of the last call that failed, for SYS_ERRNO */
	struct semihost_request request; /* the one that is being made */
};

/* From now on the hart's semihosting calls are answered. */
void semihost_connect(struct hart *hart, struct semihost_host *host);

#endif
