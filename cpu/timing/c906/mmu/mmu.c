/* SPDX-License-Identifier: MIT */
/* C906's joint TLB (aq_mmu_jtlb.v) and its walker (aq_mmu_ptw.v). See mmu.h. */
#include "cpu/timing/c906/actions.h"
#include "cpu/timing/c906/mmu/utlb.h"

#include "cpu/hart/exception.h"
#include "cpu/mmu/pte.h"
#include "cpu/mmu/regime.h"

#include <string.h>

/* The core has Sv39. With more levels, a walk has that many more reads. */
#define ROOT_LEVEL(env) ((u8)(MAX((env)->levels, 1) - 1))
#define JTLB_LEVELS 3 /* the number of page sizes that are looked up */
#define JTLB_READ 2 /* cycles for each size */
/*
 * The cycles until a page is filled in. For a large one, two checks ensure that no PMP region
 * divides it.
 */
#define REFILL_CYCLES(level) ((level) ? 3 : 1)

/*
 * The boot ROM is at 0. Its page is still in the micro-TLB when the ROM has jumped to the program.
 */
static const struct c906_page boot_page = { .mode = C906_MACHINE, .valid = true };

void c906_mmu_reset(struct c906_mmu *mmu, struct c906_env *env)
{
	const struct c906_context machine = { .after = TIMING_FETCH_MODE | TIMING_DATA_MODE };
	struct c906_learned *learned = &env->tables->learned;

	memset(mmu, 0, sizeof(*mmu));
	memset(&learned->iutlb, 0, sizeof(learned->iutlb));
	memset(&learned->dutlb, 0, sizeof(learned->dutlb));
	c906_pages_fill(&learned->iutlb, &boot_page);
	c906_mmu_use(mmu, env, &machine);
}

void c906_mmu_use(struct c906_mmu *mmu, struct c906_env *env, const struct c906_context *context)
{
	mmu->context = *context;
	env->satp = context->satp;
	env->levels = (u8)regime_levels(context->satp);
}

static enum c906_mode mode_of(const struct c906_env *env, unsigned priv)
{
	if (priv == PRIV_M)
		return C906_MACHINE;
	return env->levels ? C906_TRANSLATED : C906_BARE;
}

static unsigned fetch_priv(const struct c906_context *context)
{
	return context->after & TIMING_FETCH_MODE;
}

static unsigned data_priv(const struct c906_context *context)
{
	return (context->after & TIMING_DATA_MODE) >> TIMING_DATA_MODE_SHIFT;
}

static unsigned reach_of(const struct c906_context *context, unsigned priv)
{
	if (priv == PRIV_U)
		return C906_USERS;
	if (priv == PRIV_S && !(context->after & TIMING_SUM))
		return C906_SUPERVISORS;
	return C906_USERS | C906_SUPERVISORS;
}

unsigned c906_fetch_reach(const struct c906_context *context)
{
	return reach_of(context, fetch_priv(context));
}

enum c906_mode c906_fetch_mode(const struct c906_mmu *mmu, const struct c906_env *env)
{
	return mode_of(env, fetch_priv(&mmu->context));
}

enum c906_mode c906_data_mode(const struct c906_mmu *mmu, const struct c906_env *env)
{
	return mode_of(env, data_priv(&mmu->context));
}

bool c906_is_illegal(const struct c906_env *env, u64 va, enum c906_mode mode)
{
	unsigned width = PAGE_SHIFT + 9 * (ROOT_LEVEL(env) + 1u);

	return mode == C906_TRANSLATED && (u64)sext(va, width) != va;
}

void c906_mmu_miss(struct c906_mmu *mmu, const struct c906_env *env, u64 va, bool fetch)
{
	unsigned priv = fetch ? fetch_priv(&mmu->context) : data_priv(&mmu->context);
	struct c906_utlb *utlb = fetch ? &mmu->iutlb : &mmu->dutlb;

	if (utlb->state != C906_UTLB_IDLE)
		return;
	utlb->state = C906_UTLB_WAIT_GRANT;
	utlb->since = env->now;
	utlb->va = va;
	utlb->mode = (u8)mode_of(env, priv);
	utlb->priv = (u8)priv;
}

static bool c906_jtlb_covers(const struct c906_page *page, u64 va)
{
	unsigned shift = 12 + 9 * page->level;

	return page->valid && page->va >> shift == va >> shift;
}

static unsigned jtlb_set(const struct c906_env *env, u64 va, unsigned level)
{
	return (unsigned)(va >> (12 + 9 * level)) & (unsigned)(env->params.jtlb_sets - 1);
}

const struct c906_page *c906_jtlb_find(const struct c906_env *env, u64 va, unsigned level)
{
	const struct c906_page *set = env->tables->jtlb[jtlb_set(env, va, level)];
	u16 asid = (u16)field_get(env->satp, SATP_ASID);

	for (unsigned way = 0; way < C906_JTLB_WAYS; way++)
		if (set[way].level == level && c906_jtlb_covers(&set[way], va) &&
		    (set[way].leaf & PTE_G || set[way].asid == asid))
			return &set[way];
	return NULL;
}

static void jtlb_fill(const struct c906_env *env, const struct c906_page *page)
{
	unsigned set = jtlb_set(env, page->va, page->level);
	u8 *next = &env->tables->jtlb_next[set];

	env->tables->jtlb[set][*next] = *page;
	*next = (u8)((*next + 1) % C906_JTLB_WAYS);
}

static struct c906_utlb *c906_mmu_requester(struct c906_mmu *mmu)
{
	return mmu->walker.fetch ? &mmu->iutlb : &mmu->dutlb;
}

/*
 * Ends a request. The micro-TLB has the page now, unless it does not want it any more or there is
 * none.
 */
static void c906_mmu_finish(struct c906_mmu *mmu)
{
	struct c906_utlb *utlb = c906_mmu_requester(mmu);

	utlb->aborted = false;
	utlb->state = C906_UTLB_IDLE;
	mmu->walker.state = C906_WALK_IDLE;
}

static void c906_mmu_enter(struct c906_walker *walker, enum c906_walk_state state, u64 until)
{
	walker->state = (u8)state;
	walker->until = until;
}

static u64 pointer_of(u64 va, u64 table, unsigned level)
{
	return (table << PAGE_SHIFT) + bits(va, 12 + 9 * level, 9) * PTE_SIZE;
}

u64 c906_walk_begin(const struct c906_env *env, u64 va, unsigned level)
{
	env->tables->learned.walk = (struct c906_walk){ .va = va };
	return pointer_of(va, field_get(env->satp, SATP_PPN), level);
}

static void start_walk(struct c906_mmu *mmu, const struct c906_env *env)
{
	struct c906_walker *walker = &mmu->walker;

	walker->level = ROOT_LEVEL(env);
	walker->pointer =
		c906_action_walk(env, c906_mmu_requester(mmu)->va, walker->level, walker->fetch);
	c906_mmu_enter(walker, C906_WALK_PMP, env->now + 1);
}

/* Reads the joint TLB, up to three times: the smallest page size comes first. */
static void c906_mmu_look_up(struct c906_mmu *mmu, const struct c906_env *env)
{
	struct c906_walker *walker = &mmu->walker;
	const struct c906_utlb *utlb = c906_mmu_requester(mmu);
	unsigned level = walker->state - C906_WALK_4K;
	bool found = false;

	if (utlb->mode == C906_TRANSLATED)
		found = c906_action_jtlb(env, utlb->va, level, walker->fetch, !utlb->aborted);
	if (found)
		c906_mmu_finish(mmu);
	else if (level < JTLB_LEVELS - 1)
		c906_mmu_enter(walker, walker->state + 1, env->now + JTLB_READ);
	else if (utlb->mode == C906_TRANSLATED)
		start_walk(mmu, env);
	else
		c906_mmu_enter(walker, C906_WALK_MACHINE, env->now + 1);
}

/*
 * Returns whether the walker itself refuses an entry. Whether a store is permitted is checked by
 * the micro-TLB.
 */
static bool is_fault(u64 pte, bool leaf, unsigned how)
{
	unsigned reach = how >> C906_WALK_REACH_SHIFT, level = how & C906_WALK_LEVEL;

	if (!(pte & PTE_V) || (!(pte & PTE_R) && pte & PTE_W))
		return true;
	if (!leaf)
		return level == 0;
	if (bits(pte, 10, 9 * level))
		return true;
	return !(pte & PTE_A) || !(reach & (pte & PTE_U ? C906_USERS : C906_SUPERVISORS));
}

enum c906_pte c906_walk_entry(const struct c906_env *env, u64 *pointer, unsigned how)
{
	struct c906_walk *walk = &env->tables->learned.walk;
	u64 pte = 0;
	bool leaf;

	if (!env->host.read(env->host.ctx, *pointer, &pte, sizeof(pte)))
		pte = 0;
	leaf = pte & (PTE_R | PTE_X);
	if (is_fault(pte, leaf, how))
		return C906_PTE_FAULT;
	if (leaf)
		walk->leaf = pte;
	else
		*pointer =
			pointer_of(walk->va, field_get(pte, PTE_PPN), (how & C906_WALK_LEVEL) - 1);
	return leaf ? C906_PTE_LEAF : C906_PTE_TABLE;
}

static unsigned what_walks(struct c906_mmu *mmu)
{
	unsigned reach = reach_of(&mmu->context, c906_mmu_requester(mmu)->priv);

	return mmu->walker.level | reach << C906_WALK_REACH_SHIFT;
}

static void c906_mmu_check(struct c906_mmu *mmu, const struct c906_env *env)
{
	struct c906_walker *walker = &mmu->walker;

	switch (c906_action_pte(env, &walker->pointer, what_walks(mmu))) {
	case C906_PTE_FAULT:
		c906_mmu_enter(walker, C906_WALK_FAULT, 0);
		c906_mmu_requester(mmu)->failed = !c906_mmu_requester(mmu)->aborted;
		break;
	case C906_PTE_LEAF:
		c906_mmu_enter(walker, C906_WALK_VALID, env->now + REFILL_CYCLES(walker->level));
		break;
	default:
		walker->level--;
		c906_mmu_enter(walker, C906_WALK_PMP, env->now + 1);
		break;
	}
}

void c906_walk_end(const struct c906_env *env, unsigned level)
{
	const struct c906_walk *walk = &env->tables->learned.walk;
	const struct c906_page page = {
		.va = walk->va, .leaf = walk->leaf, .asid = (u16)field_get(env->satp, SATP_ASID),
		.level = (u8)level, .mode = C906_TRANSLATED, .valid = true,
	};

	jtlb_fill(env, &page);
}

static void c906_mmu_refill(struct c906_mmu *mmu, const struct c906_env *env)
{
	const struct c906_walker *walker = &mmu->walker;
	const struct c906_utlb *utlb = c906_mmu_requester(mmu);

	if (walker->state == C906_WALK_VALID)
		c906_action_walked(env, utlb->va, walker->level, walker->fetch, !utlb->aborted);
	else if (!utlb->aborted)
		c906_action_page_fill(env, utlb->va, utlb->mode, walker->fetch);
	c906_mmu_finish(mmu);
}

static void c906_mmu_step_walker(struct c906_mmu *mmu, const struct c906_env *env)
{
	struct c906_walker *walker = &mmu->walker;
	bool ends = env->now >= walker->until;

	switch (walker->state) {
	case C906_WALK_4K:
	case C906_WALK_2M:
	case C906_WALK_1G:
		if (ends)
			c906_mmu_look_up(mmu, env);
		break;
	case C906_WALK_MACHINE:
	case C906_WALK_VALID:
		if (ends)
			c906_mmu_refill(mmu, env);
		break;
	case C906_WALK_PMP:
		if (ends)
			c906_mmu_enter(walker, C906_WALK_DATA, 0);
		break;
	case C906_WALK_DATA:
		if (walker->answered)
			c906_mmu_enter(walker, C906_WALK_CHECK, 0);
		walker->frozen = walker->frozen && !walker->answered;
		walker->answered = false;
		break;
	case C906_WALK_CHECK:
		c906_mmu_check(mmu, env);
		break;
	case C906_WALK_FAULT:
		c906_mmu_finish(mmu);
		break;
	default:
		break;
	}
}

static bool is_held(const struct c906_mmu *mmu, const struct c906_env *env)
{
	return env->now >= mmu->held_from && env->now < mmu->held;
}

static void c906_mmu_grant(struct c906_mmu *mmu, const struct c906_env *env, bool fetch)
{
	struct c906_utlb *utlb = fetch ? &mmu->iutlb : &mmu->dutlb;

	if (mmu->walker.state != C906_WALK_IDLE || utlb->state != C906_UTLB_WAIT_GRANT ||
	    utlb->since >= env->now || is_held(mmu, env))
		return;
	utlb->state = C906_UTLB_WAIT_REFILL;
	mmu->walker.fetch = fetch;
	c906_mmu_enter(&mmu->walker, C906_WALK_4K, env->now + JTLB_READ);
}

void c906_mmu_clear_utlbs(const struct c906_env *env)
{
	struct c906_learned *learned = &env->tables->learned;

	c906_pages_clear(&learned->iutlb);
	c906_pages_clear(&learned->dutlb);
	c906_all_fetches_change(env->tables);
}

/*
 * Drops a request that was not made in this cycle. A page that is being fetched is then not kept;
 * one that comes in this very cycle is.
 */
static void c906_mmu_drop(struct c906_utlb *utlb, const struct c906_env *env)
{
	if (utlb->state == C906_UTLB_WAIT_REFILL)
		utlb->aborted = true;
	else if (utlb->state == C906_UTLB_WAIT_GRANT && utlb->since < env->now)
		utlb->state = C906_UTLB_IDLE;
}

/* Returns whether nothing is looked up, and nothing holds the joint TLB. */
static bool c906_mmu_rests(const struct c906_mmu *mmu)
{
	return mmu->iutlb.state == C906_UTLB_IDLE && mmu->dutlb.state == C906_UTLB_IDLE &&
	       mmu->walker.state == C906_WALK_IDLE && !mmu->held;
}

void c906_mmu_step(struct c906_mmu *mmu, const struct c906_env *env)
{
	mmu->iutlb.failed = mmu->dutlb.failed = false;
	if (c906_mmu_rests(mmu)) {
		mmu->iutlb.drops = mmu->dutlb.drops = false;
		return;
	}
	c906_mmu_grant(mmu, env, false);
	c906_mmu_grant(mmu, env, true);
	c906_mmu_step_walker(mmu, env);
	if (mmu->iutlb.drops)
		c906_mmu_drop(&mmu->iutlb, env);
	if (mmu->dutlb.drops)
		c906_mmu_drop(&mmu->dutlb, env);
	mmu->iutlb.drops = mmu->dutlb.drops = false;
	if (!is_held(mmu, env))
		return;
	if (!mmu->holds_page) {
		c906_mmu_clear_utlbs(env);
		return;
	}
	c906_pages_clear_page(&env->tables->learned.iutlb, mmu->held_va);
	c906_pages_clear_page(&env->tables->learned.dutlb, mmu->held_va);
	c906_all_fetches_change(env->tables);
}

void c906_mmu_hold(struct c906_mmu *mmu, const struct c906_env *env, bool page, u64 va)
{
	mmu->held_from = env->now + 1;
	mmu->held = UINT64_MAX;
	mmu->holds_page = page;
	mmu->held_va = va;
}

unsigned c906_mmu_fence_address(const struct c906_env *env, u64 va)
{
	unsigned found = 0;

	for (unsigned set = 0; set < env->params.jtlb_sets; set++) {
		for (unsigned way = 0; way < C906_JTLB_WAYS; way++) {
			struct c906_page *page = &env->tables->jtlb[set][way];

			found += c906_jtlb_covers(page, va);
			page->valid = page->valid && !c906_jtlb_covers(page, va);
		}
	}
	return found;
}

bool c906_mmu_fence(const struct c906_env *env, u64 asid)
{
	bool found = false;

	for (unsigned set = 0; set < env->params.jtlb_sets; set++) {
		for (unsigned way = 0; way < C906_JTLB_WAYS; way++) {
			struct c906_page *page = &env->tables->jtlb[set][way];
			bool goes = asid && page->asid == (u16)asid && !(page->leaf & PTE_G);

			found |= set == 0 && way == 0 && page->valid && goes;
			page->valid = page->valid && asid && !goes;
		}
		/* aq_mmu_tlboper.v, tlboper_arb_fifo_din */
		if (!asid)
			env->tables->jtlb_next[set] = 0;
	}
	return found;
}
