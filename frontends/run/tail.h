/* SPDX-License-Identifier: MIT */
/* Keeps the last of what the guest writes to a console that nobody sees. */
#ifndef FRONTENDS_RUN_TAIL_H
#define FRONTENDS_RUN_TAIL_H

#include <stdio.h>

#include "bus/base.h"

#define TAIL_MAX (8 * KiB)

struct tail {
	u8 bytes[TAIL_MAX]; /* a ring */
	u64 written; /* 0: nothing is kept */
};

void tail_add(struct tail *tail, const u8 *data, size_t size);

/* Prints the whole lines that are kept. */
void tail_print(const struct tail *tail, FILE *out);

#endif
