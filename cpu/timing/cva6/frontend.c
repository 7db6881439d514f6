/* SPDX-License-Identifier: MIT */
/* CVA6's front end. See frontend.h. */
#include "cpu/timing/cva6/actions.h"

#include <string.h>

#define WORD 4
#define OPCODE_BRANCH 0x63
#define OPCODE_JALR 0x67
#define UPPER(vaddr) (((vaddr) & ~(u64)(WORD - 1)) | 2)

void cva6_decoder_init(struct cva6_decoder *decoder, const struct isa *isa)
{
	decoder->isa = isa;
	decoded_clear(&decoder->decoded);
}

const struct cva6_uop *cva6_decoder_find(struct cva6_decoder *decoder, u32 raw)
{
	bool known;
	struct cva6_uop *uop = &decoder->uops[decoded_find(&decoder->decoded, raw, &known)];

	if (!known)
		cva6_decode(decoder->isa, insn_bits(raw), uop);
	return uop;
}

static bool is_compressed(u32 raw)
{
	return (raw & 3) != 3;
}

/* Keeps the first half of an instruction that continues in the next word. */
static void keep_half(struct cva6_frontend *fe, u32 half)
{
	fe->unaligned = true;
	fe->half = (u16)half;
	fe->unaligned_pc = UPPER(fe->vaddr);
}

/* Finds the instructions of the word (instr_realign.sv). Returns a bit for each whole one. */
static unsigned cva6_frontend_realign(struct cva6_frontend *fe, u64 *pc, u32 *raw)
{
	u32 low = fe->word, high = fe->word >> 16;
	bool joined = fe->unaligned;

	pc[0] = joined ? fe->unaligned_pc : fe->vaddr;
	raw[0] = joined ? low << 16 | fe->half : low;
	pc[1] = UPPER(fe->vaddr);
	raw[1] = high;
	if (fe->vaddr & 2) {
		if (!is_compressed(low)) {
			keep_half(fe, low);
			return 0;
		}
		fe->unaligned = false;
		return 1;
	}
	if (!is_compressed(low) && !joined)
		return 1;
	if (is_compressed(high)) {
		fe->unaligned = false;
		return 3;
	}
	keep_half(fe, high);
	return 1;
}

/*
 * The scan of a word. The upper instruction is scanned first, so that the lower one overrides it.
 */
struct scanning {
	struct cva6_predictors *predictors;
	u64 target;
	bool returns; /* the stack has an address for a return */
	/*
	 * the index of the instruction that pushes its return address, and of the one that pops
	 * one; or -1
	 */
	int push, pop;
	u64 pushed;
};

static enum bht_guess guess_of(const struct cva6_frontend *fe, const struct scanning *scanning,
			       const struct cva6_fetched *slot, bool joined)
{
	u64 row = fe->vaddr & ~(u64)(WORD - 1);

	if (joined)
		return fe->bht_guess;
	return cva6_action_bht(scanning->predictors, row | (slot->pc & 2));
}

static void predict_jalr(const struct cva6_frontend *fe, struct scanning *scanning,
			 struct cva6_fetched *slot, bool joined)
{
	u64 row = fe->vaddr & ~(u64)(WORD - 1);
	u64 guess = joined ? fe->btb_guess :
			     cva6_action_btb(scanning->predictors, row | (slot->pc & 2));

	if (!(guess & 1))
		return;
	slot->flow = CVA6_FLOW_JALR;
	scanning->target = guess & ~1ull;
}

static void predict_branch(const struct cva6_frontend *fe, struct scanning *scanning,
			   struct cva6_fetched *slot, bool joined)
{
	enum bht_guess guess = guess_of(fe, scanning, slot, joined);

	/* Without a counter a backward branch is predicted taken. */
	if (guess == BHT_NOT_TAKEN || (guess == BHT_UNKNOWN && slot->uop.offset >= 0))
		return;
	slot->flow = CVA6_FLOW_BRANCH;
	scanning->target = slot->pc + (u64)(s64)slot->uop.offset;
}

static void predict_return(struct scanning *scanning, struct cva6_fetched *slot, int n)
{
	u64 top = cva6_action_ras(scanning->predictors);

	/* Even if the stack is empty, the return counts as an instruction that jumps. */
	slot->flow = CVA6_FLOW_RETURN;
	scanning->target = top & ~1ull;
	scanning->returns = top & 1;
	scanning->pop = scanning->returns ? n : -1;
}

static void cva6_frontend_predict(const struct cva6_frontend *fe, struct scanning *scanning,
				  struct cva6_fetched *slot, int n, bool joined)
{
	if (slot->uop.flow != CVA6_NO_FLOW)
		scanning->push = scanning->pop = -1;
	switch (slot->uop.flow) {
	case CVA6_FLOW_JALR:
		predict_jalr(fe, scanning, slot, joined);
		break;
	case CVA6_FLOW_JUMP:
		slot->flow = CVA6_FLOW_JUMP;
		scanning->target = slot->pc + (u64)(s64)slot->uop.offset;
		break;
	case CVA6_FLOW_RETURN:
		predict_return(scanning, slot, n);
		break;
	case CVA6_FLOW_BRANCH:
		predict_branch(fe, scanning, slot, joined);
		break;
	default:
		break;
	}
	if (slot->uop.call) {
		scanning->push = n;
		scanning->pushed = slot->pc + slot->uop.length;
	}
}

static void update_ras(const struct scanning *scanning, unsigned consumed)
{
	bool push = scanning->push >= 0 && consumed >> scanning->push & 1;
	bool pop = scanning->pop >= 0 && consumed >> scanning->pop & 1;

	cva6_action_ras_change(scanning->predictors, push, pop, push ? scanning->pushed : 0);
}

/* Scans the word that was fetched in the last cycle. */
static void scan_word(struct cva6_frontend *fe, struct cva6_predictors *predictors,
		      struct cva6_decoder *decoder, const struct cva6_queue_room *room,
		      struct cva6_scan *scan)
{
	struct scanning scanning = { .predictors = predictors, .push = -1, .pop = -1 };
	struct cva6_fetched slot[CVA6_FETCHED] = { 0 };
	bool joined = fe->unaligned;
	unsigned valid, consumed;
	u64 pc[CVA6_FETCHED];
	u32 raw[CVA6_FETCHED];

	valid = cva6_frontend_realign(fe, pc, raw);
	for (int n = CVA6_FETCHED - 1; n >= 0; n--) {
		slot[n].pc = pc[n];
		slot[n].fault = fe->fault;
		if (!(valid >> n & 1))
			continue;
		slot[n].uop = *cva6_decoder_find(decoder, raw[n]);
		cva6_frontend_predict(fe, &scanning, &slot[n], n, n == 0 && joined);
		scan->predicted |= slot[n].flow != CVA6_NO_FLOW &&
				   (slot[n].flow != CVA6_FLOW_RETURN || scanning.returns);
	}
	scan->target = slot[0].target = slot[1].target = scanning.target;
	/* Instructions after the first one that is predicted to jump are not valid. */
	if (slot[0].flow != CVA6_NO_FLOW)
		valid &= 1;
	consumed = cva6_queue_push(&fe->queue, room, slot, valid, &scan->replay);
	scan->replay_pc = pc[consumed == 1];
	update_ras(&scanning, consumed);
}

void cva6_frontend_scan(struct cva6_frontend *fe, struct cva6_predictors *predictors,
			struct cva6_decoder *decoder, const struct cva6_queue_room *room,
			struct cva6_scan *scan)
{
	*scan = (struct cva6_scan){ 0 };
	if (fe->valid)
		scan_word(fe, predictors, decoder, room, scan);
}

/*
 * Looks up predictions for an instruction that begins in the upper half of a word. Which of them is
 * used is decided when the next word completes the instruction.
 */
static void guess_half(struct cva6_frontend *fe, struct cva6_predictors *predictors)
{
	u64 upper = UPPER(fe->vaddr);
	unsigned opcode = fe->unaligned ? fe->half & 0x7f : 0;

	fe->bht_guess = opcode == OPCODE_BRANCH ? (u8)cva6_action_bht(predictors, upper) : 0;
	fe->btb_guess = opcode == OPCODE_JALR ? cva6_action_btb(predictors, upper) : 0;
}

void cva6_frontend_step(struct cva6_frontend *fe, struct cva6_predictors *predictors,
			const struct cva6_scan *scan, const struct cva6_icache_in *sent,
			const struct cva6_icache_out *got)
{
	if (scan->predicted)
		fe->npc = scan->target;
	if (got->ready && sent->request)
		fe->npc = (sent->vaddr & ~(u64)(WORD - 1)) + WORD;
	if (scan->replay)
		fe->npc = scan->replay_pc;
	if (sent->kill_s2)
		fe->unaligned = false;
	fe->valid = got->valid;
	if (!got->valid)
		return;
	guess_half(fe, predictors);
	fe->fault = got->fault;
	fe->vaddr = got->vaddr;
	fe->word = got->word >> (got->vaddr & 2 ? 16 : 0);
}

void cva6_predictors_learn(struct cva6_predictors *predictors, const struct cva6_resolved *resolved)
{
	if (resolved->valid && resolved->flow == CVA6_FLOW_BRANCH)
		cva6_action_bht_learn(predictors, resolved->pc, resolved->taken);
	if (resolved->mispredict && resolved->flow == CVA6_FLOW_JALR)
		cva6_action_btb_learn(predictors, resolved->pc, resolved->target);
}
