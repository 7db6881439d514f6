/* SPDX-License-Identifier: MIT */
/*
 * The commit log: an observer (observe.h) that writes a line for each instruction that retires, for
 * what a vector load or store did before it trapped, and for each trap (commit.h). The caller
 * chooses where the text goes.
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
	/* Copies of the hart's registers from before the instruction. */
	u64 x[33], f[32];
	u8 v[sizeof(((struct vector_state *)0)->v)]; /* only for vector instructions */
	u64 old[2]; /* the memory, only for amocas.q with x0 as its destination */
	u64 vl, vtype, vstart;
	u8 vxsat, fflags;
	u64 status, vsstatus;
	u16 csr_now; /* the register that a CSR instruction accesses */
	u64 csr[COMMIT_CSRS_MAX];
	u16 csr_number[COMMIT_CSRS_MAX]; /* the numbers of all CSRs that have their own value */
	unsigned csr_count;
	/*
	 * The entry for the present instruction. The accesses of a vector instruction are added
	 * before it is executed, all others after it.
	 */
	struct commit commit;
};

/* Starts to log what the harts that `watch` observes do. The log must outlive them. */
void commit_log_attach(struct commit_log *log, struct watch *watch);

#endif
