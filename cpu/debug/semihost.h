/* SPDX-License-Identifier: MIT */
/*
 * Semihosting (the semihosting specification for Arm, as RISC-V's adopts it): an EBREAK between two
 * marker instructions makes a request to the host. The program is not trusted: names and data are
 * copied here, with a bounded size, and the host's side decides which files they may access.
 */
#ifndef CPU_DEBUG_SEMIHOST_H
#define CPU_DEBUG_SEMIHOST_H

#include "bus/base.h"

struct hart;

#define SEMIHOST_NAME_MAX 1024
#define SEMIHOST_DATA_MAX 4096 /* bytes of a request; a call may make several requests */

/* The requests for the host's files. */
enum semihost_op {
	SEMIHOST_OPEN, /* name, number: the mode, 0 to 11; returns a handle from 0 on */
	SEMIHOST_CLOSE,
	SEMIHOST_WRITE, /* data, size; returns the bytes written */
	SEMIHOST_READ, /* size; returns the bytes read, which are in data */
	SEMIHOST_SEEK, /* number: the position */
	SEMIHOST_LENGTH,
	SEMIHOST_REMOVE, /* name */
	SEMIHOST_RENAME, /* name, other */
	SEMIHOST_ISTTY, /* number: enum semihost_stream, of the console; returns 0 or 1 */
};

/* The streams with special names that SYS_OPEN accepts, which are not files of the host. */
enum semihost_stream {
	STREAM_NONE,
	STREAM_IN,
	STREAM_OUT,
	STREAM_ERROR,
	STREAM_FEATURES, /* a file that lists the features of the specification that exist */
	STREAM_COUNT,
};

#define SEMIHOST_STREAMS 16 /* the most that can be open at the same time */
#define SEMIHOST_FEATURES_SIZE 5u

struct semihost_request {
	enum semihost_op op;
	u64 handle, number;
	size_t size;
	char name[SEMIHOST_NAME_MAX], other[SEMIHOST_NAME_MAX];
	u8 data[SEMIHOST_DATA_MAX];
};

/* The host's side, which executes requests. It outlives the harts. */
struct semihost_host {
	void (*write)(void *ctx, const u8 *data, size_t size); /* to the console */
	/*
	 * Reads what was typed. Returns the number of bytes, 0 if there are none so far, -1 at the
	 * end of input.
	 */
	s64 (*read)(void *ctx, u8 *data, size_t size);
	bool (*ready)(void *ctx); /* returns whether read would not return 0 */
	u64 (*seconds)(void *ctx); /* since 1970, on the machine's clock */
	/* Stores the largest part of RAM that was free when the program began: [*base, *end). */
	void (*free_ram)(void *ctx, u64 *base, u64 *end);
	/* Returns the result of the request, or a negative errno. */
	s64 (*ask)(void *ctx, struct semihost_request *request);
	void *ctx;
	u64 most; /* the most bytes of a call, because it cannot be interrupted: RAM's size */
	const char *command_line;
	u64 error; /* the errno of the last failed call, for SYS_ERRNO */
	u8 streams[SEMIHOST_STREAMS]; /* enum semihost_stream, indexed by handle */
	/* The position in the features, up to SEMIHOST_FEATURES_SIZE. */
	u8 positions[SEMIHOST_STREAMS];
	struct semihost_request request; /* the request that is being made */
};

/* Connects the hart to the host's side, which from now on executes its semihosting calls. */
void semihost_connect(struct hart *hart, struct semihost_host *host);

#endif
