/* SPDX-License-Identifier: MIT */
/*
 * The commit log: an observer (observe.h) that writes a line per retired instruction and per trap
 * (commit.h). The caller chooses where the text goes.
 */
#ifndef CPU_DEBUG_COMMIT_LOG_H
#define CPU_DEBUG_COMMIT_LOG_H

#include "cpu/debug/commit.h"
#include "cpu/debug/observe.h"

#define COMMIT_CSRS_MAX 256

struct commit_log {
	void (*write)(void *ctx, const char *text, size_t size);
	void *ctx;
	enum commit_format format;
	/* These are copies of the hart's registers from before the instruction. */
	u64 x[33], f[32];
	u8 v[sizeof(((struct vector_state *)0)->v)]; /* of vector instructions only */
	u64 vl, vtype, vstart;
	u8 vxsat, fflags;
	u64 status, vsstatus;
	u16 csr_now; /* the register that a CSR instruction accesses */
	u64 csr[COMMIT_CSRS_MAX];
	u16 csr_number[COMMIT_CSRS_MAX]; /* all CSRs that hold a value of their own */
	unsigned csr_count;
	/*
	 * The record of what the instruction did. The accesses of a vector instruction are there
	 * before it.
	 */
	struct commit commit;
};

/* Logs what the harts watched by `watch` do from now on. The log must outlive them. */
void commit_log_attach(struct commit_log *log, struct watch *watch);

#endif
