/* SPDX-License-Identifier: MIT */
/*
 * The stale-TLB detector: an observer (observe.h) that remembers translations as hardware may,
 * until they are fenced (mmu/unfenced.h), and walks the page tables at each hit of what it
 * remembers, without side effects. Where that leads elsewhere, or allows what the tables do not
 * allow now, software relies on a fence that it has not made. The run does not: it goes by the
 * tables. A and D bits are no difference: hardware need not look at them again (privileged manual,
 * "Supervisor Memory-Management Fence Instruction").
 */
#ifndef CPU_DEBUG_STRICT_H
#define CPU_DEBUG_STRICT_H

#include "cpu/debug/observe.h"
#include "cpu/mmu/walk.h"

/* A page, as it is remembered or as the page tables describe it. */
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
#define STRICT_WAITS 64 /* of stale uses, the latest */

struct strict {
	/* Called once for each pair of pc and page. */
	void (*found)(void *ctx, const struct strict_finding *finding);
	void *ctx;
	/*
	 * With several harts a translation may be used until the fence that another hart asked for
	 * has been executed. A stale use is reported if it still happens `patience` steps later.
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

/* Watches the harts. `strict` must outlive them. */
void strict_attach(struct strict *strict, struct watch *watch);

#endif
