/* SPDX-License-Identifier: MIT */
/*
 * The page walk. Read stage_walk() next to the steps of the privileged manual's "Virtual Address
 * Translation Process". All permission rules are in pte_denies(), and only walk_fault() maps a
 * failure to its cause.
 */
#include "cpu/mmu/walk.h"

#include "cpu/hart/hart.h"
#include "bus/platform.h"
#include "cpu/mmu/grant.h"
#include "cpu/mmu/pmp.h"
#include "cpu/mmu/walk_cached.h"

/* 64 KiB is the one NAPOT size (Svnapot). */
#define NAPOT_PAGES 16
#define NAPOT_CODE 8

/*
 * Pseudoinstructions for mtinst and htinst: the walk's own access to a page-table entry of the VS
 * stage ("Transformed Instruction or Pseudoinstruction").
 */
#define TINST_PTE_READ 0x3000
#define TINST_PTE_WRITE 0x3020

enum fault_kind { FAULT_PAGE, FAULT_GUEST_PAGE, FAULT_ACCESS };

static const enum cause fault_cause[3][3] = {
	[FAULT_PAGE] = { CAUSE_LOAD_PAGE, CAUSE_STORE_PAGE, CAUSE_FETCH_PAGE },
	[FAULT_GUEST_PAGE] = { CAUSE_LOAD_GUEST_PAGE, CAUSE_STORE_GUEST_PAGE,
			       CAUSE_FETCH_GUEST_PAGE },
	[FAULT_ACCESS] = { CAUSE_LOAD_ACCESS, CAUSE_STORE_ACCESS, CAUSE_FETCH_ACCESS },
};

/* A translation by one stage: the access, the stage, and the instruction for which it is done. */
struct job {
	struct hart *hart;
	const struct regime *regime;
	const struct stage *stage;
	u64 va; /* the instruction's address, for tval */
	struct access access;
	/* the type of the instruction's access, by which a fault is reported */
	enum access_type original;
	bool second; /* the G stage, whose faults report gpa */
	struct walk_trace *trace; /* NULL: not traced */
};

static void note_step(const struct job *job, u64 addr, u64 at, unsigned level)
{
	struct walk_trace *trace = job->trace;
	struct walk_step *step = &trace->step[trace->count++];

	assert(trace->count <= WALK_STEPS);
	*step = (struct walk_step){ .addr = addr, .at = at, .level = (u8)level,
				    .second = job->second, .access = job->access };
	trace->last[job->second] = step;
}

static void note_reached(const struct job *job, u64 pa)
{
	job->trace->last[job->second]->reached = true;
	job->trace->last[job->second]->pa = pa;
}

static void note_read(const struct job *job, u64 pte)
{
	job->trace->last[job->second]->read = true;
	job->trace->last[job->second]->pte = pte;
}

static void note_fault(const struct job *job, enum trap_reason reason)
{
	if (job->trace->last[job->second])
		job->trace->last[job->second]->reason = reason;
}

static bool walk_fault(const struct job *job, u64 addr, enum fault_kind kind,
		       enum trap_reason reason)
{
	struct trap *trap = &job->hart->trap;

	if (unlikely(job->trace))
		note_fault(job, reason);
	if (kind == FAULT_PAGE && job->second)
		kind = FAULT_GUEST_PAGE;
	hart_trap(job->hart, fault_cause[kind][job->original], job->va, reason);
	trap->gva = job->regime->virt;
	if (kind != FAULT_GUEST_PAGE)
		return false;
	trap->gpa = addr;
	if (job->access.implicit)
		trap->tinst = job->access.type == ACCESS_STORE ? TINST_PTE_WRITE : TINST_PTE_READ;
	return false;
}

static bool stage_walk(const struct job *job, u64 addr, struct xlat *xlat);

/*
 * Returns an access of the walk itself to a page-table entry. It never has `hlvx` set: HLVX needs
 * execute permission for the page, not for the tables.
 */
static struct access walk_implicit(const struct job *job, enum access_type type)
{
	return (struct access){ .type = type, .peek = job->access.peek, .implicit = true };
}

static bool second_stage(const struct job *job, u64 addr, struct access access, struct xlat *xlat)
{
	struct job next = *job;

	next.stage = &job->regime->s2;
	next.second = true;
	next.access = access;
	return stage_walk(&next, addr, xlat);
}

/*
 * Translates an address that a stage produced by the stage below it. If there is no stage below,
 * the address stays unchanged.
 */
static inline bool walk_below(const struct job *job, u64 addr, struct access access,
			      struct xlat *xlat)
{
	if (!job->second && job->regime->s2.levels)
		return second_stage(job, addr, access, xlat);
	*xlat = (struct xlat){ .pa = addr, .grants = GRANT_ALL };
	return true;
}

/*
 * Returns the host's address of a page-table entry. Entries are accessed with S-mode's PMP rights;
 * NULL if these do not suffice, or the entry is not in RAM.
 */
static u64 *pte_host(const struct job *job, u64 pa, unsigned right)
{
	struct hart *hart = job->hart;

	if (!(pmp_allows(&hart->pmp, pa, 8, PRIV_S) & right))
		return NULL;
	if (right == PMP_W && !job->trace)
		return bus_dma_entry(&hart->platform->bus, pa, 8);
	return bus_dma_map(&hart->platform->bus, pa, 8, false);
}

static bool is_shadow(u64 pte)
{
	return (pte & (PTE_R | PTE_W | PTE_X)) == PTE_W;
}

/*
 * Returns why shadow stacks forbid an access. Shadow stack instructions may access shadow stack
 * pages only, and other instructions may only load from those. A shadow stack access to a read-only
 * page is a page fault, because the page may be copied on write; other violations are access faults
 * ("Shadow Stack Memory Protection").
 */
static enum trap_reason shadow_denies(const struct job *job, u64 pte, enum access_type type)
{
	if (job->second)
		return job->access.shadow && (pte & (PTE_R | PTE_W)) != (PTE_R | PTE_W) ?
			       REASON_pte_write :
			       REASON_none;
	if (!job->access.shadow)
		return is_shadow(pte) && (type != ACCESS_LOAD || job->access.manage) ?
			       REASON_pte_shadow :
			       REASON_none;
	if (is_shadow(pte))
		return REASON_none;
	return (pte & (PTE_R | PTE_W | PTE_X)) == PTE_R ? REASON_pte_write : REASON_pte_shadow;
}

/* Returns why a leaf forbids an access; REASON_none if it does not. */
static enum trap_reason pte_denies(const struct job *job, u64 pte, enum access_type type)
{
	const struct regime *regime = job->regime;
	bool user = job->stage->user || regime->priv == PRIV_U;
	bool mxr = !job->access.implicit && (regime->mxr || (regime->vs_mxr && !job->second));

	if (user && !(pte & PTE_U))
		return REASON_pte_supervisor;
	if (!user && (pte & PTE_U) && (type == ACCESS_FETCH || !regime->sum))
		return type == ACCESS_FETCH ? REASON_pte_user_fetch : REASON_pte_user;
	if (job->access.hlvx)
		return pte & PTE_X ? REASON_none : REASON_pte_execute;
	if (job->access.shadow || is_shadow(pte))
		return shadow_denies(job, pte, type);
	switch (type) {
	case ACCESS_FETCH:
		return pte & PTE_X ? REASON_none : REASON_pte_execute;
	case ACCESS_STORE:
		return pte & PTE_W ? REASON_none : REASON_pte_write;
	default:
		return pte & PTE_R || (mxr && (pte & PTE_X)) ? REASON_none : REASON_pte_read;
	}
}

enum trap_reason walk_malformed(const struct hart *hart, const struct stage *stage, u64 pte,
				unsigned level)
{
	bool leaf = pte & (PTE_R | PTE_W | PTE_X);
	u64 ppn = field_get(pte, PTE_PPN);

	if (!(pte & PTE_V))
		return REASON_pte_invalid;
	if ((pte & (PTE_R | PTE_W)) == PTE_W && !(is_shadow(pte) && stage->shadow))
		return REASON_pte_write_only;
	if ((pte & PTE_RESERVED) || (pte & PTE_PBMT) == PTE_PBMT)
		return REASON_pte_reserved;
	if ((pte & PTE_PBMT) && !stage->pbmt)
		return REASON_pte_pbmt;
	if ((pte & PTE_N) && !isa_has(hart->isa, EXT_svnapot))
		return REASON_pte_n;
	if (!leaf) {
		if (pte & (PTE_A | PTE_D | PTE_U | PTE_PBMT | PTE_N))
			return REASON_pte_pointer;
		return level == 0 ? REASON_pte_no_leaf : REASON_none;
	}
	if (pte & PTE_N)
		return level == 0 && ppn % NAPOT_PAGES == NAPOT_CODE ? REASON_none :
								       REASON_pte_napot;
	return ppn & (BIT(9 * level) - 1) ? REASON_pte_superpage : REASON_none;
}

/* Returns which of A and D a leaf lacks for the access. */
static u64 lacking_ad(enum access_type type, u64 pte)
{
	return (PTE_A | (type == ACCESS_STORE ? PTE_D : 0)) & ~pte;
}

/*
 * Returns why step 7 faults: hardware does not set A and D, and the access needs one that is clear.
 * REASON_none if it does not fault.
 */
static enum trap_reason ad_denies(const struct job *job, u64 pte)
{
	if (job->stage->adue || !lacking_ad(job->access.type, pte))
		return REASON_none;
	return pte & PTE_A ? REASON_pte_dirty : REASON_pte_accessed;
}

/* Returns whether the walk faults at an entry, and raises the fault if so. */
static bool entry_stops(const struct job *job, u64 addr, u64 pte, unsigned level)
{
	enum trap_reason reason = walk_malformed(job->hart, job->stage, pte, level);

	if (!reason && (pte & (PTE_R | PTE_W | PTE_X)) && !job->access.peek) {
		reason = pte_denies(job, pte, job->access.type);
		if (!reason)
			reason = ad_denies(job, pte);
	}
	if (reason)
		walk_fault(job, addr, reason == REASON_pte_shadow ? FAULT_ACCESS : FAULT_PAGE,
			   reason);
	return reason;
}

/*
 * Performs step 7: sets A, and D for a store. pte_gpa is the entry's address, which the stage below
 * translates. Returns false if that faults.
 */
static bool update_ad(const struct job *job, u64 addr, u64 pte_gpa, u64 *pte)
{
	u64 need = lacking_ad(job->access.type, *pte);
	struct xlat at;
	u64 *host;

	if (!need || job->access.peek)
		return true;
	if (!walk_below(job, pte_gpa, walk_implicit(job, ACCESS_STORE), &at))
		return false;
	host = pte_host(job, at.pa, PMP_W);
	if (!host)
		return walk_fault(job, addr, FAULT_ACCESS, REASON_pte_access);
	*pte |= need;
	if (unlikely(job->trace)) {
		job->trace->last[job->second]->sets = true;
		return true;
	}
	hart_synchronize(job->hart);
	*host = *pte;
	return true;
}

u64 walk_leaf_page(u64 pte, unsigned level, u64 *size)
{
	u64 page = field_get(pte, PTE_PPN) << PAGE_SHIFT;

	*size = PAGE_SIZE << (9 * level);
	if (likely(!(pte & PTE_N)))
		return page;
	*size = NAPOT_PAGES * PAGE_SIZE;
	return page - NAPOT_CODE * PAGE_SIZE;
}

/* Fills in the address to which a leaf translates addr, and what both stages grant. */
static bool walk_leaf(const struct job *job, u64 addr, u64 pte, unsigned level, struct xlat *xlat)
{
	u64 size, page = walk_leaf_page(pte, level, &size);
	struct xlat under;

	if (!walk_below(job, page | (addr & (size - 1)), job->access, &under))
		return false;
	xlat->pa = under.pa;
	xlat->grants = under.grants & grant_pte(job->stage, pte | (job->access.peek ? PTE_D : 0));
	return true;
}

static bool stage_walk(const struct job *job, u64 addr, struct xlat *xlat)
{
	u64 table = job->stage->root;

	if (unlikely(job->trace))
		note_step(job, addr, 0, job->stage->levels);
	if (!walk_in_range(job->stage, addr))
		return walk_fault(job, addr, FAULT_PAGE,
				  job->stage->widen ? REASON_gpa_too_wide : REASON_not_canonical);
	for (unsigned level = job->stage->levels; level-- > 0;) {
		bool top = level == job->stage->levels - 1u;
		u64 index = bits(addr, PAGE_SHIFT + 9 * level, 9 + (top ? job->stage->widen : 0));
		u64 pte, *host;
		struct xlat at;

		if (unlikely(job->trace))
			note_step(job, addr, table + index * 8, level);
		if (!walk_below(job, table + index * 8, walk_implicit(job, ACCESS_LOAD), &at))
			return false;
		if (unlikely(job->trace))
			note_reached(job, at.pa);
		host = pte_host(job, at.pa, PMP_R);
		if (!host)
			return walk_fault(job, addr, FAULT_ACCESS, REASON_pte_access);
		pte = *host;
		if (unlikely(job->trace))
			note_read(job, pte);
		if (entry_stops(job, addr, pte, level))
			return false;
		if (!(pte & (PTE_R | PTE_W | PTE_X))) {
			table = field_get(pte, PTE_PPN) << PAGE_SHIFT;
			continue;
		}
		return update_ad(job, addr, table + index * 8, &pte) &&
		       walk_leaf(job, addr, pte, level, xlat);
	}
	assert(!"walk_malformed refuses a pointer at level 0");
	return false;
}

static bool walk_start(const struct job *job, struct xlat *xlat)
{
	const struct regime *regime = job->regime;
	const struct grant_needs needs = grant_needs(regime);

	/* Page tables mark the pages of shadow stacks, so without translation there are none. */
	if (job->access.shadow && !regime->s1.levels)
		return walk_fault(job, job->va, FAULT_ACCESS, REASON_pte_shadow);
	if (!(regime->s1.levels ? stage_walk(job, job->va, xlat) :
				  walk_below(job, job->va, job->access, xlat)))
		return false;
	xlat->readable = xlat->grants & needs.read;
	xlat->writable = xlat->grants & needs.write;
	xlat->executable = xlat->grants & needs.execute;
	return true;
}

bool walk(struct hart *hart, const struct regime *regime, u64 va, struct access access,
	  struct xlat *xlat)
{
	const struct job job = {
		.hart = hart, .regime = regime, .stage = &regime->s1, .va = va, .access = access,
		.original = walk_reported(access)
	};

	return walk_start(&job, xlat);
}

bool walk_traced(struct hart *hart, const struct regime *regime, u64 va, struct access access,
		 struct walk_trace *trace)
{
	const struct job job = {
		.hart = hart, .regime = regime, .stage = &regime->s1, .va = va, .access = access,
		.original = walk_reported(access), .trace = trace
	};

	trace->count = 0;
	trace->last[0] = trace->last[1] = NULL;
	return walk_start(&job, &trace->xlat);
}

bool walk_stops(struct hart *hart, const struct regime *regime, const struct walk_end *end)
{
	const struct job job = {
		.hart = hart, .regime = regime, .stage = end->second ? &regime->s2 : &regime->s1,
		.va = end->va, .access.type = end->type, .original = end->type,
		.second = end->second
	};

	return entry_stops(&job, end->addr, end->pte, end->level);
}

bool walk_goes_below(enum access_type type, u64 pte)
{
	return (pte & (PTE_R | PTE_W | PTE_X)) && !lacking_ad(type, pte);
}

void walk_log(struct hart *hart, const struct regime *regime, u64 va, enum access_type type,
	      const struct xlat *xlat)
{
	static const char *const types[] = {
		[ACCESS_LOAD] = "load", [ACCESS_STORE] = "store", [ACCESS_FETCH] = "fetch",
	};
	const char *mode = priv_name(regime->priv, regime->virt);

	if (xlat)
		log_line(&hart->platform->log, LOG_MMU,
			 "hart %u: tlb_fill address=%llx %s %s-mode "
			 "ret 0 physical %llx prot %c%c%c",
			 hart->id, va, types[type], mode, xlat->pa, xlat->readable ? 'r' : '-',
			 xlat->writable ? 'w' : '-', xlat->executable ? 'x' : '-');
	else
		log_line(&hart->platform->log, LOG_MMU,
			 "hart %u: tlb_fill address=%llx %s %s-mode ret 1 %s: %s", hart->id, va,
			 types[type], mode, trap_name(hart->trap.cause),
			 trap_reason_text(hart->trap.reason));
}
