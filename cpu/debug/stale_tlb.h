/* SPDX-License-Identifier: MIT */
/*
 * The stale-TLB detector: an observer (observe.h) that remembers translations until they are fenced
 * (mmu/unfenced.h), as hardware may, and at each use of one also walks the page tables, without
 * side effects. If the remembered translation leads to another address, or allows what the tables
 * do not allow now, the software needs a fence that it has not executed. The run itself follows the
 * tables. Differences of A and D bits do not count, because hardware need not look at them again
 * (privileged manual, "Supervisor Memory-Management Fence Instruction").
 */
#ifndef CPU_DEBUG_STALE_TLB_H
#define CPU_DEBUG_STALE_TLB_H

#include "cpu/debug/observe.h"
#include "cpu/mmu/walk.h"

/* A page, as remembered or as described by the page tables. */
struct strict_page {
	bool valid;
	u64 pa; /* physical address of the access */
	bool readable, writable, executable;
};

struct strict_finding {
	unsigned hart;
	u8 priv;
	bool virt;
	u64 pc, va;
	enum access_type type;
	struct strict_page remembered, tables;
};

#define STRICT_PLACES 1024 /* maximum number of findings that are reported */
#define STRICT_WAITS 64 /* the latest stale uses that are remembered */

struct strict {
	/* Called once for each combination of pc and page. */
	void (*found)(void *ctx, const struct strict_finding *finding);
	void *ctx;
	/*
	 * With several harts, a hart may use a stale translation until it has executed the fence
	 * for which another hart asked it. So a stale use is reported only if it still happens
	 * `patience` steps after the first.
	 */
	u64 patience;
	struct strict_place {
		u64 pc, page;
	} places[STRICT_PLACES];
	unsigned place_count;
	struct strict_wait {
		unsigned hart;
		u64 page, since; /* a virtual page, and the hart's steps at its first stale use */
	} waits[STRICT_WAITS];
	unsigned wait_count;
};

/* Starts to watch the harts. `strict` must outlive them. */
void strict_attach(struct strict *strict, struct watch *watch);

#endif
