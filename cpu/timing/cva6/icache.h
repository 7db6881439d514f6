/* SPDX-License-Identifier: MIT */
/*
 * CVA6's instruction cache (cva6_icache.sv): a word of 32 bits in each cycle, one miss at a time,
 * random replacement; a refill ends before its word is delivered. It also holds the bytes, so that
 * the model sees changed code as late as the core does.
 */
#ifndef CPU_TIMING_CVA6_ICACHE_H
#define CPU_TIMING_CVA6_ICACHE_H

#include "cpu/mmu/pmp.h"
#include "cpu/timing/cva6/params.h"
#include "cpu/timing/memo/memo_action.h"
#include "cpu/timing/model.h"
#include "cpu/timing/units/lfsr.h"
#include "cpu/timing/units/tags.h"

enum cva6_icache_state {
	CVA6_ICACHE_FLUSH, CVA6_ICACHE_IDLE, CVA6_ICACHE_READ, CVA6_ICACHE_MISS,
	CVA6_ICACHE_KILL_ATRANS, CVA6_ICACHE_KILL_MISS,
};

struct actions;

#define UNITS "cpu/timing/cva6/state/icache.def"
#include "cpu/timing/fields/structs.inc"

struct cva6_icache_in {
	/* requests of the front end; s2 is the word that is being looked up */
	bool request, kill_s1, kill_s2;
	u64 vaddr; /* requested */
	bool flush;
	bool translated, fault; /* translation of icache->vaddr */
	u64 paddr;
	u8 mode; /* the mode that it is fetched in */
	bool returned; /* the refill has arrived */
	bool accepts; /* a request to memory would be taken */
};

struct cva6_icache_out {
	bool ready; /* the request is taken */
	bool valid, fault; /* `word` is the word that was looked up; it cannot be fetched */
	u32 word; /* the word, aligned to 4 bytes */
	u64 vaddr; /* address of the word that was looked up */
	bool miss; /* a refill from paddr is requested */
};

int cva6_icache_init(struct cva6_icache *icache, const struct cva6_params *params);
void cva6_icache_free(struct cva6_icache *icache);
void cva6_icache_reset(struct cva6_icache *icache);
void cva6_icache_copy(struct cva6_icache *to, const struct cva6_icache *from);

/* Returns whether icache->vaddr is to be translated in this cycle. */
static inline bool cva6_icache_translates(const struct cva6_icache *icache)
{
	return icache->state == CVA6_ICACHE_READ || icache->state == CVA6_ICACHE_KILL_ATRANS;
}

/* Returns the word at an address with CVA6_FOUND; or CVA6_DENIED; or 0 if the arrays lack it. */
#define CVA6_FOUND BIT(32)
#define CVA6_DENIED BIT(33) /* denied by PMP, whether the word is there or not (pmp_data_if.sv) */
u64 cva6_icache_word(struct cva6_icache *icache, u64 paddr, u8 mode);
/* Must be called after icache->pmp was changed. */
static inline void cva6_icache_forget_rights(struct cva6_icache *icache)
{
	icache->allowed = (struct pmp_window){ 0 };
}

/* Returns the group (MEMO_GROUPS) of the word at paddr: each group has some of the sets. */
static inline u8 cva6_icache_group(const struct cva6_icache *icache, u64 paddr)
{
	return (u8)(tags_set(&icache->tags, paddr) % MEMO_GROUPS);
}

/* Notes that the words of all groups changed, after tags.changes was increased. */
static inline void cva6_icache_changed(struct cva6_icache *icache)
{
	memo_groups_change(icache->changed, icache->tags.changes);
}

/* Takes a write of a PMP register. */
void cva6_icache_protect(struct cva6_icache *icache, u32 csr, u64 value);
/* Chooses the way of the line. */
void cva6_icache_choose(struct cva6_icache *icache, u64 paddr);
/* Fills in the line from memory, if it is cached, and returns its word. */
u32 cva6_icache_fill(struct cva6_icache *icache, const struct timing_host *host, u64 paddr,
		     bool cached);

void cva6_icache_step(struct cva6_icache *icache, const struct cva6_params *params,
		      const struct timing_host *host, const struct cva6_icache_in *in,
		      struct cva6_icache_out *out);

#endif
