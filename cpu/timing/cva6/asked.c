/* SPDX-License-Identifier: MIT */
/* What a CVA6 asks, and the answers; see asked.h. */
#include "cpu/timing/cva6/asked.h"

#include "cpu/pte.h"
#include "cpu/timing/cva6/core.h"
#include "cpu/timing/cva6/dcache_parts.h"

#define TLB_HIT BIT(63)
#define TLB_USER BIT(62)
#define USED BIT(16) /* beside an ASID */

/* Of an address translated: where it is, with TLB_HIT and TLB_USER. */
static u64 look_up(struct plru_tlb *tlb, u64 va, u64 asid_used)
{
	const struct plru_tlb_entry *entry = plru_tlb_find(tlb, va, (u16)asid_used);

	if (!entry)
		return 0;
	if (asid_used & USED)
		plru_tlb_touch(tlb, entry);
	return TLB_HIT | (entry->leaf & PTE_U ? TLB_USER : 0) | plru_tlb_translate(entry, va);
}

static u64 target_of(const struct cva6_predictors *predictors, u64 pc)
{
	u64 target;
	bool known = btb_guess(&predictors->btb, pc, &target);

	return target | known;
}

static u64 change_ras(struct ras *ras, unsigned kind, u64 address)
{
	if (kind == CVA6_ASK_RAS_PUSH)
		ras_push(ras, address);
	else if (kind == CVA6_ASK_RAS_POP)
		ras_pop(ras);
	else
		ras_swap(ras, address);
	return 0;
}

static u64 of_front_end(struct cva6_asker *asker, const struct memo_op *op)
{
	struct cva6_core *core = asker->core;
	struct cva6_predictors *predictors = &core->predictors;

	switch (op->kind) {
	case CVA6_ASK_WORD:
		return cva6_icache_word(&core->icache, op->a);
	case CVA6_ASK_WAY:
		cva6_icache_choose(&core->icache, op->a);
		return 0;
	case CVA6_ASK_LINE:
		cva6_asker_reach(asker, op->which);
		return cva6_icache_fill(&core->icache, &core->host, op->a, op->b);
	case CVA6_ASK_BHT:
		return bht_guess(&predictors->bht, op->a);
	case CVA6_ASK_BHT_LEARN:
		bht_learn(&predictors->bht, op->a, op->b);
		return 0;
	case CVA6_ASK_BTB:
		return target_of(predictors, op->a);
	case CVA6_ASK_BTB_LEARN:
		btb_learn(&predictors->btb, op->a, op->b);
		return 0;
	case CVA6_ASK_RAS:
		return predictors->ras.address[0] | predictors->ras.valid[0];
	default:
		return change_ras(&predictors->ras, op->kind, op->a);
	}
}

static u64 of_data(struct cva6_asker *asker, const struct memo_op *op)
{
	struct cva6_dcache *dcache = &asker->core->dcache;
	u64 address = cva6_resolve(asker, op->a), same = 0;

	switch (op->kind) {
	case CVA6_ASK_SAME:
		address = asker->place[op->which];
		for (u64 left = op->b; left; left &= left - 1) {
			unsigned place = (unsigned)__builtin_ctzll(left);

			same |= (u64)!((asker->place[place] ^ address) & op->a) << place;
		}
		return same;
	case CVA6_ASK_OFFSET:
		return address & 7;
	case CVA6_ASK_CACHED:
		return cva6_is_cached(&asker->core->params, address);
	case CVA6_ASK_HOLDS:
		return tags_hold(&dcache->tags, address);
	default:
		cva6_dcache_arrays(dcache, op->kind, op->which, address);
		return 0;
	}
}

static ALWAYS_INLINE u64 answer(void *ctx, const struct memo_op *op)
{
	struct cva6_asker *asker = ctx;
	struct cva6_core *core = asker->core;

	if (op->kind >= CVA6_ASK_SAME)
		return of_data(asker, op);
	if (op->kind == CVA6_ASK_ITLB)
		return look_up(&core->tlbs.itlb, op->a, op->b);
	/* Where it is, the record says. */
	if (op->kind == CVA6_ASK_DTLB)
		return look_up(&core->tlbs.dtlb, cva6_resolve(asker, op->a), op->b) & TLB_HIT;
	return of_front_end(asker, op);
}

void cva6_asker_reach(struct cva6_asker *asker, unsigned taken)
{
	const struct timing_host *host = &asker->core->host;

	if (asker->run && host->reached)
		host->reached(host->ctx, asker->run, asker->base + taken);
}

void cva6_note_told(struct cva6_asker *asker, unsigned what, u64 cycles)
{
	u32 *last = asker->told_count ? &asker->told[asker->told_count - 1] : NULL;
	u64 sum = cycles;

	if (last && what != CVA6_TOLD_LEFT && (*last & (BIT(CVA6_TOLD_SHIFT) - 1)) == what) {
		sum += *last >> CVA6_TOLD_SHIFT;
		asker->told_count--;
	}
	if (asker->told_count == CVA6_TOLD_MAX || sum >> (32 - CVA6_TOLD_SHIFT))
		asker->tape.refused = true;
	else
		asker->told[asker->told_count++] = (u32)(sum << CVA6_TOLD_SHIFT | what);
}

/* What is called from many places. */
static u64 answer_plainly(void *ctx, const struct memo_op *op)
{
	return answer(ctx, op);
}

u64 cva6_ask_op(struct cva6_asker *asker, const struct memo_op *op, bool always)
{
	return memo_ask(&asker->tape, *op, always, answer_plainly, asker);
}

struct memo_leaf *cva6_follow(struct cva6_asker *asker, const struct memo_piece *piece)
{
	/* Words are those of the instruction cache's lines. */
	return memo_follow(piece, &asker->tape, answer, asker, &asker->core->icache.tags.changes);
}

/* The places of addresses: a bit for each. False: one has none that can be related. */
static bool places_of(const u64 *addresses, unsigned count, u64 *places)
{
	*places = 0;
	for (unsigned n = 0; n < count; n++) {
		unsigned place = cva6_token_place(addresses[n]);

		if (!(addresses[n] & CVA6_TOKEN) || place >= CVA6_PLACES_RELATED)
			return false;
		*places |= BIT(place);
	}
	return true;
}

u32 cva6_ask_same(struct cva6_asker *asker, u64 mask, u64 address, const u64 *others,
		  unsigned count)
{
	u64 places, same, own;
	struct memo_op op;
	u32 found = 0;

	if (!count)
		return 0;
	if (!asker || !places_of(others, count, &places) || !places_of(&address, 1, &own)) {
		cva6_refuse(asker);
		address = cva6_resolve(asker, address);
		for (unsigned n = 0; n < count; n++)
			found |= (u32)!((cva6_resolve(asker, others[n]) ^ address) & mask) << n;
		return found;
	}
	op = (struct memo_op){
		.kind = CVA6_ASK_SAME, .which = (u8)cva6_token_place(address), .a = mask,
		.b = places,
	};
	same = cva6_ask_op(asker, &op, true);
	for (unsigned n = 0; n < count; n++)
		found |= (u32)(same >> cva6_token_place(others[n]) & 1) << n;
	return found;
}

unsigned cva6_ask_offset(struct cva6_asker *asker, u64 address)
{
	return asker ? (unsigned)cva6_ask(asker, CVA6_ASK_OFFSET, address, 0) :
		       (unsigned)(address & 7);
}

u64 cva6_ask_word(struct cva6_icache *icache, u64 paddr)
{
	const struct memo_op op = { .kind = CVA6_ASK_WORD, .a = paddr, .lasts = true };

	return icache->asker ? cva6_ask_op(icache->asker, &op, false) :
			       cva6_icache_word(icache, paddr);
}

void cva6_ask_way(struct cva6_icache *icache)
{
	if (icache->asker)
		cva6_ask(icache->asker, CVA6_ASK_WAY, icache->paddr, 0);
	else
		cva6_icache_choose(icache, icache->paddr);
}

u32 cva6_ask_line(struct cva6_icache *icache, const struct timing_host *host)
{
	struct cva6_asker *asker = icache->asker;
	const struct memo_op op = {
		.kind = CVA6_ASK_LINE, .which = (u8)(asker ? asker->taken : 0),
		.a = icache->paddr, .b = icache->cached,
	};

	return asker ? (u32)cva6_ask_op(asker, &op, false) :
		       cva6_icache_fill(icache, host, icache->paddr, icache->cached);
}

enum bht_guess cva6_ask_bht(struct cva6_predictors *predictors, u64 pc)
{
	return predictors->asker ?
		       (enum bht_guess)cva6_ask(predictors->asker, CVA6_ASK_BHT, pc, 0) :
		       bht_guess(&predictors->bht, pc);
}

void cva6_ask_bht_learn(struct cva6_predictors *predictors, u64 pc, bool taken)
{
	if (predictors->asker)
		cva6_ask(predictors->asker, CVA6_ASK_BHT_LEARN, pc, taken);
	else
		bht_learn(&predictors->bht, pc, taken);
}

u64 cva6_ask_btb(struct cva6_predictors *predictors, u64 pc)
{
	return predictors->asker ? cva6_ask(predictors->asker, CVA6_ASK_BTB, pc, 0) :
				   target_of(predictors, pc);
}

void cva6_ask_btb_learn(struct cva6_predictors *predictors, u64 pc, u64 target)
{
	if (predictors->asker)
		cva6_ask(predictors->asker, CVA6_ASK_BTB_LEARN, pc, target);
	else
		btb_learn(&predictors->btb, pc, target);
}

u64 cva6_ask_ras(struct cva6_predictors *predictors)
{
	return predictors->asker ? cva6_ask(predictors->asker, CVA6_ASK_RAS, 0, 0) :
				   predictors->ras.address[0] | predictors->ras.valid[0];
}

void cva6_ask_ras_change(struct cva6_predictors *predictors, bool push, bool pop, u64 address)
{
	enum cva6_asked kind = push && pop ? CVA6_ASK_RAS_SWAP :
			       push ? CVA6_ASK_RAS_PUSH : CVA6_ASK_RAS_POP;

	if (!push && !pop)
		return;
	if (predictors->asker)
		cva6_ask(predictors->asker, kind, address, 0);
	else
		change_ras(&predictors->ras, kind, address);
}

void cva6_ask_itlb(struct cva6_mmu_cycle *cycle, u16 asid, bool used)
{
	u64 how = asid | (used ? USED : 0);
	u64 found = cycle->asker ? cva6_ask(cycle->asker, CVA6_ASK_ITLB, cycle->fetch_va, how) :
				   look_up(&cycle->tlbs->itlb, cycle->fetch_va, how);

	cycle->itlb_hit = found & TLB_HIT;
	cycle->fetch_user = found & TLB_USER;
	if (found)
		cycle->fetch_pa = found & ~(TLB_HIT | TLB_USER);
}

void cva6_ask_dtlb(struct cva6_mmu_cycle *cycle, u16 asid, bool used)
{
	u64 how = asid | (used ? USED : 0);
	u64 found = cycle->asker ? cva6_ask(cycle->asker, CVA6_ASK_DTLB, cycle->data_va, how) :
				   look_up(&cycle->tlbs->dtlb, cycle->data_va, how);

	cycle->dtlb_hit = found & TLB_HIT;
	if (found)
		cycle->data_pa = found & ~(TLB_HIT | TLB_USER);
}

bool cva6_ask_holds(struct cva6_dcache *dcache, u64 address)
{
	return dcache->asker ? cva6_ask(dcache->asker, CVA6_ASK_HOLDS, address, 0) :
			       tags_find(&dcache->tags, address) >= 0;
}

bool cva6_ask_cached(struct cva6_dcache *dcache, const struct cva6_params *params, u64 address)
{
	return dcache->asker ? cva6_ask(dcache->asker, CVA6_ASK_CACHED, address, 0) :
			       cva6_is_cached(params, address);
}

void cva6_ask_arrays(struct cva6_dcache *dcache, enum cva6_asked kind, unsigned port, u64 address)
{
	const struct memo_op op = { .kind = (u8)kind, .which = (u8)port, .a = address };

	if (dcache->asker)
		cva6_ask_op(dcache->asker, &op, false);
	else
		cva6_dcache_arrays(dcache, kind, port, address);
}
