/* SPDX-License-Identifier: MIT */
/* What a CVA6 asks, and the answers; see actions.h. Of translation it is in actions_mmu.c. */
#include "cpu/timing/cva6/actions.h"

#include "cpu/mmu/regime.h"
#include "cpu/timing/cva6/core.h"
#include "cpu/timing/cva6/dcache/dcache_parts.h"
#include "cpu/timing/memo/replay_along.h"
#include "cpu/timing/units/tags_find.h"

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

/* Each set is cleared in a cycle of its own, but nobody looks meanwhile. */
static void clear_icache(struct cva6_icache *icache)
{
	for (unsigned set = 0; set < icache->tags.shape.sets; set++)
		tags_clear_set(&icache->tags, set);
}

static u8 write_satp(struct cva6_core *core, u64 satp)
{
	core->pipe.context.satp = satp;
	return (u8)regime_levels(satp);
}

static u64 of_commit(struct asker *asker, const struct memo_question *question)
{
	struct cva6_core *core = asker->core;

	switch (question->kind) {
	case CVA6_ASK_FLUSH:
		clear_icache(&core->icache);
		return 0;
	case CVA6_ASK_PMP:
		cva6_icache_protect(&core->icache, (u32)question->b,
				    asker_resolve(asker, question->a));
		return 0;
	case CVA6_ASK_SATP:
		return write_satp(core, asker_resolve(asker, question->a));
	case CVA6_ASK_FENCE:
		cva6_tlbs_fence(&core->tlbs, asker_resolve(asker, question->a),
				asker_resolve(asker, question->b));
		return 0;
	default:
		return cva6_backoff_step(&core->dcache.miss.backoff, (u16)question->a);
	}
}

static bool jumps(unsigned op, u64 a, u64 b)
{
	switch (op) {
	case OP_beq:
		return a == b;
	case OP_bne:
		return a != b;
	case OP_blt:
		return (s64)a < (s64)b;
	case OP_bge:
		return (s64)a >= (s64)b;
	case OP_bltu:
		return a < b;
	default:
		return a >= b;
	}
}

/* What stands for its operands: see cva6_ask_branch. */
#define REPLACED_SHIFT 16
static u64 jumps_early(const struct memo_question *question, u64 a, u64 b)
{
	u64 replaced = question->a >> REPLACED_SHIFT;

	return jumps((u16)question->a, replaced & 1 ? question->b : a,
		     replaced & 2 ? question->b : b);
}

static u64 of_branch(const struct asker *asker, const struct memo_question *question)
{
	const u64 *operands = asker_operands(asker, question->which);

	return jumps_early(question, operands[0], operands[1]);
}

/* Of the front end, what is rarely asked. */
static u64 of_front_end(struct asker *asker, const struct memo_question *question)
{
	struct cva6_core *core = asker->core;
	struct cva6_predictors *predictors = &core->predictors;

	switch (question->kind) {
	case CVA6_ASK_WORD:
		return cva6_icache_word(&core->icache, question->a, (u8)question->b);
	case CVA6_ASK_WAY:
		cva6_icache_choose(&core->icache, question->a);
		return 0;
	case CVA6_ASK_LINE:
		asker_reach(asker, question->which);
		return cva6_icache_fill(&core->icache, &core->host, question->a, question->b);
	case CVA6_ASK_BRANCH:
		return of_branch(asker, question);
	case CVA6_ASK_BTB_LEARN:
		btb_learn(&predictors->btb, question->a, question->b);
		return 0;
	default:
		return change_ras(&predictors->ras, question->kind, question->a);
	}
}

static u64 of_data(struct asker *asker, const struct memo_question *question)
{
	struct cva6_core *core = asker->core;
	u64 address = asker_resolve(asker, question->a);

	if (question->kind == CVA6_ASK_CACHED)
		return cva6_is_cached(&core->params, address);
	cva6_dcache_arrays(&core->dcache, question->kind, question->which, address);
	return 0;
}

static u64 answer_rare(struct asker *asker, const struct memo_question *question)
{
	if (question->kind >= CVA6_ASK_CACHED)
		return of_data(asker, question);
	if (question->kind >= CVA6_ASK_ITLB)
		return cva6_answer_translation(asker, question);
	if (question->kind >= CVA6_ASK_FLUSH)
		return of_commit(asker, question);
	return of_front_end(asker, question);
}

static ALWAYS_INLINE u64 answer(void *ctx, const struct memo_question *question)
{
	struct asker *asker = ctx;
	struct cva6_core *core = asker->core;
	struct cva6_predictors *predictors = &core->predictors;

	switch (question->kind) {
	case ASK_SAME:
	case ASK_BITS:
		return asker_answer(asker, question);
	case CVA6_ASK_BHT:
		return bht_guess(&predictors->bht, question->a);
	case CVA6_ASK_BHT_LEARN:
		bht_learn(&predictors->bht, question->a, question->b);
		return 0;
	case CVA6_ASK_BTB:
		return target_of(predictors, question->a);
	case CVA6_ASK_RAS:
		return ras_top(&predictors->ras);
	case CVA6_ASK_HOLDS:
		return tags_hold(&core->dcache.tags, asker_resolve(asker, question->a));
	default:
		return answer_rare(asker, question);
	}
}

u64 cva6_answer(void *asker, const struct memo_question *question)
{
	return answer(asker, question);
}

struct memo_leaf *cva6_follow(struct recall *recall, const struct memo_piece *piece)
{
	return asker_follow(&recall->asker, piece, answer, recall->version);
}

void cva6_recall_runs(struct recall *recall, const struct timing_run *run,
		       const struct timing_run *end)
{
	recall_along(recall, run, end, answer);
}

u64 cva6_ask_word(struct cva6_icache *icache, u64 paddr, u8 mode)
{
	const struct memo_question question = {
		.kind = CVA6_ASK_WORD, .how = MEMO_LASTS, .a = paddr, .b = mode,
	};

	return icache->asker ? asker_ask(icache->asker, &question) :
			       cva6_icache_word(icache, paddr, mode);
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
	struct asker *asker = icache->asker;
	const struct memo_question question = {
		.kind = CVA6_ASK_LINE, .which = (u8)(asker ? asker->taken : 0), .how = MEMO_CHANGES,
		.a = icache->paddr, .b = icache->cached,
	};

	return asker ? (u32)asker_ask(asker, &question) :
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
				   ras_top(&predictors->ras);
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

bool cva6_ask_branch(struct cva6_core *core, unsigned replaced, s16 early)
{
	const struct timing_record *record = cva6_record(&core->records, core->records.issue);
	u64 behind = core->records.end - 1 - core->records.issue;
	struct asker *asker = core->asker;
	struct memo_question question = {
		.kind = CVA6_ASK_BRANCH, .a = record->op | replaced << REPLACED_SHIFT,
		.b = (u64)(s64)early,
	};

	/* While it is written down a record's operands are those of its piece. */
	if (asker && behind >= asker->taken)
		asker_refuse(asker);
	if (!asker || behind >= asker->taken)
		return jumps_early(&question, record->a, record->b);
	question.which = (u8)(asker->taken - behind);
	return asker_ask(asker, &question);
}

u8 cva6_ask_satp(struct cva6_core *core, u64 satp)
{
	cva6_tlbs_changed(&core->tlbs);
	return core->asker ? (u8)cva6_ask(core->asker, CVA6_ASK_SATP, satp, 0) :
			     write_satp(core, satp);
}

void cva6_ask_pmp(struct cva6_icache *icache, u32 csr, u64 value)
{
	const struct memo_question question = {
		.kind = CVA6_ASK_PMP, .how = MEMO_CHANGES, .a = value, .b = csr,
	};

	if (icache->asker)
		asker_ask(icache->asker, &question);
	else
		cva6_icache_protect(icache, csr, value);
}

void cva6_ask_fence(struct cva6_core *core, u64 va, u64 asid)
{
	cva6_tlbs_changed(&core->tlbs);
	if (core->asker)
		cva6_ask(core->asker, CVA6_ASK_FENCE, va, asid);
	else
		cva6_tlbs_fence(&core->tlbs, va, asid);
}

void cva6_ask_flush(struct cva6_icache *icache)
{
	const struct memo_question question = { .kind = CVA6_ASK_FLUSH, .how = MEMO_CHANGES };

	if (icache->asker)
		asker_ask(icache->asker, &question);
	else
		clear_icache(icache);
}

u16 cva6_ask_backoff(struct cva6_dcache *dcache, u16 mask)
{
	return dcache->asker ? (u16)cva6_ask(dcache->asker, CVA6_ASK_BACKOFF, mask, 0) :
			       cva6_backoff_step(&dcache->miss.backoff, mask);
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
	const struct memo_question question = {
		.kind = (u8)kind, .which = (u8)port, .a = address,
	};

	if (dcache->asker)
		asker_ask(dcache->asker, &question);
	else
		cva6_dcache_arrays(dcache, kind, port, address);
}
