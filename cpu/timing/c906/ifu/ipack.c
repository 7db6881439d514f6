/* SPDX-License-Identifier: MIT */
/*
 * C906's ipack (aq_ifu_ipack.v), and the prediction of its instructions (aq_ifu_pre_decd.v,
 * aq_ifu_pred.v). See ifu.h.
 */
#include "cpu/timing/c906/actions.h"
#include "cpu/timing/c906/ifu/ifu.h"

#include <string.h>

static bool is_short(const struct c906_ipack *ipack, unsigned n)
{
	return ipack->valid[n] && (ipack->half[n] & 3) != 3;
}

static bool is_long(const struct c906_ipack *ipack, unsigned n)
{
	return ipack->valid[n] && (ipack->half[n] & 3) == 3;
}

static u64 c906_ipack_upper(u64 pc)
{
	return align_down(pc, 4) | 2;
}

static void c906_ipack_take(struct c906_fetched *inst, u64 pc, u32 raw)
{
	inst->pc = pc;
	inst->raw = insn_bits(raw);
	inst->halves = insn_length(raw) / 2;
}

/* Finds out which instructions the halfwords form. */
static void c906_ipack_separate(const struct c906_ipack *ipack, struct c906_scan *scan)
{
	const u16 *half = ipack->half;
	bool h0 = ipack->valid[C906_H0], h1 = ipack->valid[C906_H1];
	bool h2 = is_short(ipack, C906_H2);

	scan->any = h1 || h2;
	scan->valid[0] = h1 || (!h0 && h2);
	scan->valid[1] = (h0 || is_short(ipack, C906_H1)) && h2;
	if (h0)
		c906_ipack_take(&scan->inst[0], ipack->half_pc,
				(u32)half[C906_H1] << 16 | half[C906_H0]);
	else if (h1)
		c906_ipack_take(&scan->inst[0], ipack->word_pc,
				(u32)half[C906_H2] << 16 | half[C906_H1]);
	else
		c906_ipack_take(&scan->inst[0], ipack->word_pc + 2, half[C906_H2]);
	c906_ipack_take(&scan->inst[1], ipack->word_pc + 2, half[C906_H2]);
}

/* Predicts the instructions. Returns the offset of the one that jumps. */
static s32 c906_ipack_predict(const struct c906_ifu *ifu, const struct c906_env *env,
			      struct c906_scan *scan)
{
	bool first, second;
	s32 offset[2] = { 0 };
	struct c906_guess guess = { 0 };

	for (unsigned n = 0; n < 2; n++) {
		const struct c906_uop *uop;

		if (!scan->valid[n])
			continue;
		uop = c906_decode(env->decoder, scan->inst[n].raw);
		scan->branch[n] = uop->branch;
		scan->jump[n] = uop->jump;
		scan->call[n] = uop->call;
		scan->ret[n] = uop->ret;
		offset[n] = uop->offset;
	}
	if (scan->branch[0] || scan->branch[1])
		guess = c906_action_bht(env);
	scan->delays = scan->branch[0] && !guess.taken && scan->branch[1];
	first = (scan->branch[0] && guess.taken) || scan->jump[0];
	second = (!scan->branch[0] && !scan->jump[0] && scan->branch[1] && guess.taken) ||
		 (!first && scan->jump[1]);
	scan->taken[0] = first && !ifu->delayed;
	scan->taken[1] = second;
	scan->call[1] = scan->call[1] && !first;
	scan->ret[0] = scan->ret[0] && !ifu->delayed;
	scan->ret[1] = scan->ret[1] && !first;
	if (scan->branch[0])
		scan->inst[0].guess = guess;
	else if (scan->branch[1] && !scan->jump[0])
		scan->inst[1].guess = guess;
	return first ? offset[0] : offset[1];
}

static void c906_ipack_locate(const struct c906_ipack *ipack, struct c906_scan *scan, s32 offset)
{
	bool unaligned = !ipack->valid[C906_H1] && is_short(ipack, C906_H2);

	scan->current = ipack->id_pc;
	if (scan->taken[0] && ipack->valid[C906_H0])
		scan->current = ipack->id_half_pc;
	else if (!scan->taken[0] && (scan->taken[1] || scan->call[1] || scan->delays))
		scan->current = c906_ipack_upper(ipack->id_pc);
	scan->target = scan->current + (u64)(s64)offset;
	scan->next = scan->current + (unaligned || scan->delays ? 2 : 4);
}

/* Returns whether the buffer has no space for the instructions that are here. */
static bool c906_ipack_is_full(const struct c906_ifu *ifu, const struct c906_params *params,
			       const struct c906_scan *scan)
{
	const struct c906_ipack *ipack = &ifu->ipack;
	unsigned room = (unsigned)params->ibuf_halfwords - ifu->ibuf.halves;
	bool three = ipack->valid[C906_H0] && ipack->valid[C906_H1] && is_short(ipack, C906_H2);

	return (room == 0 && scan->any) || (room == 1 && scan->any && !scan->one) ||
	       (room == 2 && three);
}

void c906_ipack_scan(const struct c906_ifu *ifu, const struct c906_env *env, struct c906_scan *scan)
{
	const struct c906_ipack *ipack = &ifu->ipack;
	bool leaves, h2 = is_short(ipack, C906_H2);

	c906_ipack_separate(ipack, scan);
	if (!scan->any) {
		c906_ipack_locate(ipack, scan, 0);
		return;
	}
	c906_ipack_locate(ipack, scan, c906_ipack_predict(ifu, env, scan));
	leaves = scan->taken[0] || scan->ret[0];
	scan->both = scan->valid[1] && !leaves && !scan->delays;
	scan->one = (!ipack->valid[C906_H0] && is_short(ipack, C906_H1) &&
		     (!h2 || leaves || scan->delays)) ||
		    (!ipack->valid[C906_H1] && h2);
	scan->full = c906_ipack_is_full(ifu, &env->params, scan);
	scan->waits = ifu->returns.waits && (scan->ret[0] || scan->ret[1]) && !scan->full;
	scan->stalls = scan->full || scan->waits;
}

/*
 * Returns whether the last half moves to H0, because it begins an instruction that continues in the
 * next word.
 */
static bool keeps_half(const struct c906_ipack *ipack, const struct c906_scan *scan)
{
	bool h0 = ipack->valid[C906_H0], h1 = ipack->valid[C906_H1];

	return is_long(ipack, C906_H2) && !scan->taken[0] && !scan->ret[0] && !scan->stalls &&
	       (!h1 || h0 || is_short(ipack, C906_H1));
}

static void c906_ipack_set(struct c906_ipack *ipack, unsigned n, u32 word)
{
	ipack->valid[n] = true;
	ipack->half[n] = (u16)word;
}

static void put_word(struct c906_ipack *ipack, const struct c906_ifu_cycle *cycle, bool h1_stays,
		     bool h2_stays)
{
	const struct c906_scan *scan = &cycle->scan;
	const struct c906_icache_cycle *cache = &cycle->icache;
	bool comes = cache->valid && !cycle->cancel && !scan->delays;

	ipack->valid[C906_H1] = ipack->valid[C906_H1] && scan->stalls;
	ipack->valid[C906_H2] = ipack->valid[C906_H2] && (scan->stalls || scan->delays);
	if (comes && !h1_stays && !(cache->pc & 2)) {
		c906_ipack_set(ipack, C906_H1, cache->word);
		ipack->word_pc = align_down(cache->pc, 4);
	}
	if (comes && !h2_stays) {
		c906_ipack_set(ipack, C906_H2, cache->word >> 16);
		ipack->word_pc = align_down(cache->pc, 4);
	}
}

void c906_ipack_step(struct c906_ipack *ipack, u64 fetched_pc, const struct c906_ifu_cycle *cycle)
{
	const struct c906_resolved *resolved = &cycle->resolved;
	const struct c906_scan *scan = &cycle->scan;
	bool keeps = keeps_half(ipack, scan);
	bool h2_stays = ipack->valid[C906_H2] && scan->stalls;
	bool h1_stays = (ipack->valid[C906_H1] || is_short(ipack, C906_H2)) && scan->stalls;

	if (keeps) {
		ipack->valid[C906_H0] = true;
		ipack->half[C906_H0] = ipack->half[C906_H2];
		ipack->half_pc = ipack->word_pc + 2;
		ipack->id_half_pc = c906_ipack_upper(ipack->id_pc);
	} else if (!scan->stalls && ipack->valid[C906_H1]) {
		ipack->valid[C906_H0] = false;
	}
	put_word(ipack, cycle, h1_stays, h2_stays);
	if (cycle->icache.valid && !scan->waits && !scan->full && !scan->delays)
		ipack->id_pc = fetched_pc;
	else if (scan->delays && !scan->full)
		ipack->id_pc = c906_ipack_upper(ipack->id_pc);
	if (resolved->flush || resolved->restart || resolved->redirect)
		memset(ipack->valid, 0, sizeof(ipack->valid));
}
