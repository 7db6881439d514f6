/* SPDX-License-Identifier: MIT */
/* Keeps the last part of what the guest writes to a console that is not shown. */
#ifndef FRONTENDS_RUN_TAIL_H
#define FRONTENDS_RUN_TAIL_H

#include <stdio.h>

#include "bus/base.h"

#define TAIL_MAX (8 * KiB)

struct tail {
	u8 bytes[TAIL_MAX]; /* a ring buffer */
	u64 written; /* the number of bytes written; 0: nothing is kept */
};

void tail_add(struct tail *tail, const u8 *data, size_t size);

/* Prints the complete lines that are kept. */
void tail_print(const struct tail *tail, FILE *out);

#endif
