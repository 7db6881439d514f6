/* SPDX-License-Identifier: MIT */
/*
 * Batches: consecutive floating-point operations (sums, products, quotients, fused ones) are
 * computed in vector registers of the host, and all results are stored after the last one. If an
 * operand is a NaN, so is the result, so only results that the batch does not use are checked for
 * NaNs. Before the stores nothing of the hart is changed except flags, which the bodies would raise
 * as well: if a result is a NaN, or a scalar is not NaN-boxed, the bodies of all instructions of
 * the batch are called in turn.
 */
#include "cpu/jit/emit/vector/float.h"
#include "cpu/jit/timed/priced.h"

/* A result, in `parts` scratch vectors of the host. */
struct result {
	u8 reg; /* the guest's first vector register */
	bool used; /* by a later result */
};

struct batch {
	struct lanes lanes;
	unsigned count; /* of instructions */
	unsigned parts; /* of the host's vectors in a group */
	u32 scalars; /* f registers that are operands */
	struct result result[LANES_MOST];
	unsigned results;
};

/* Returns the number of the result that is in a register, or -1 if there is none. */
static int result_in(const struct batch *batch, unsigned reg)
{
	for (unsigned n = 0; n < batch->results; n++)
		if (batch->result[n].reg == reg)
			return (int)n;
	return -1;
}

static void use(struct batch *batch, unsigned reg)
{
	int n = result_in(batch, reg);

	if (n >= 0)
		batch->result[n].used = true;
}

/* Returns whether an instruction can be in a batch, and finds its lanes. */
static bool is_fit(struct gen *gen, const struct insn *insn, struct lanes *lanes)
{
	const struct emitter *how = &emitters[insn->op];

	gen->insn = insn;
	return (how->emit == jit_v_float || how->emit == jit_v_fma) && gen_is_emitted(gen, insn) &&
	       gen_lanes(gen, insn, -1, lanes) &&
	       gen_host_op(lanes, (enum jit_vector)how->mnemonic) &&
	       gen_known_vl(gen) == lanes->count;
}

/*
 * Adds the result of an instruction. Returns false if there is no room for it, or if it would
 * overwrite a result that no later one has used, whose NaNs would not be checked.
 */
static bool add_result(struct batch *batch, const struct insn *insn)
{
	int old;

	use(batch, insn->rs2);
	if (kind_of_b(insn) == OPERAND_V)
		use(batch, insn->rs1);
	if (emitters[insn->op].emit == jit_v_fma)
		use(batch, insn->rd);
	old = result_in(batch, insn->rd);
	if (old >= 0 && !batch->result[old].used)
		return false;
	if (old < 0 && (batch->results + 1) * batch->parts > LANES_MOST)
		return false;
	if (old < 0)
		old = (int)batch->results++;
	batch->result[old] = (struct result){ .reg = insn->rd };
	if (kind_of_b(insn) == OPERAND_F)
		batch->scalars |= 1u << insn->rs1;
	return true;
}

/*
 * Finds how many instructions, beginning with `insn`, are a batch, and the results after the last
 * one.
 */
static void batch_find(struct gen *gen, const struct insn *insn, struct batch *batch)
{
	struct batch next;
	struct lanes lanes;

	*batch = (struct batch){ 0 };
	if (!is_fit(gen, insn, &batch->lanes))
		return;
	batch->parts = batch->lanes.bytes / batch->lanes.width;
	for (next = *batch; add_result(&next, insn); insn = block_next(insn)) {
		const struct insn_place *place = &gen->place[insn->index + 1];

		next.count++;
		*batch = next;
		if (insn->index + 1u == gen->block->count || place->joined ||
		    !(place->sure || place->sized) || !is_fit(gen, block_next(insn), &lanes) ||
		    lanes.count != batch->lanes.count)
			return;
	}
}

/*
 * Writes the check that all scalars are NaN-boxed singles: the AND of their high words is all ones.
 */
static void require_boxed(struct gen *gen, const struct batch *batch)
{
	const struct x86_arg high = x86_reg(4, RAX), all = x86_xmm(XMM0);
	const u32 scalars = batch->scalars & ~gen->known.boxed;
	unsigned count = 0;
	struct x86 *x = &gen->x;

	if (!scalars)
		return;
	gen_note_boxed(gen, scalars);
	for (unsigned reg = 0; reg < 32; reg++) {
		if (!(scalars >> reg & 1) || gen_pin_f(gen, reg) == X86_NONE)
			continue;
		if (count++ == 0)
			X86(x, VMOVDQA, all, x86_xmm(gen_pin_f(gen, reg)));
		else
			X86(x, VPAND, all, all, x86_xmm(gen_pin_f(gen, reg)));
	}
	if (count)
		X86(x, PEXTRD, high, all, x86_imm(1));
	for (unsigned reg = 0; reg < 32; reg++) {
		const struct x86_arg word = x86_at(4, ENV, ENV_OF(f) + 8 * (s64)reg + 4);

		if (!(scalars >> reg & 1) || gen_pin_f(gen, reg) != X86_NONE)
			continue;
		if (count++ == 0)
			X86(x, MOV, high, word);
		else
			X86(x, AND, high, word);
	}
	X86(x, CMP, high, x86_imm(-1));
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
}

static struct x86_arg vector_of(const struct batch *batch, unsigned result, unsigned at)
{
	return scratch(&batch->lanes, result * batch->parts + at / batch->lanes.width);
}

/* Returns a part of an operand: that of a result, or else that in the hart. */
static struct x86_arg operand(struct gen *gen, const struct batch *batch, unsigned reg, unsigned at)
{
	int n = result_in(batch, reg);

	return n >= 0 ? vector_of(batch, (unsigned)n, at) : read_part(gen, &batch->lanes, reg, at);
}

/* Returns a part of an operand as `operand` does, but always in a vector register of the host. */
static struct x86_arg loaded(struct gen *gen, const struct batch *batch, unsigned reg, unsigned at)
{
	const struct x86_arg value = operand(gen, batch, reg, at),
			     free = scratch(&batch->lanes, LANES_MOST);

	if (is_held(value))
		return value;
	gen_move(gen, &batch->lanes, free, value);
	return free;
}

/* Computes a part of a result in `to`, which contains vd if that is an operand. */
static void compute_part(struct gen *gen, const struct batch *batch, const struct insn *insn,
			 unsigned at, struct x86_arg to)
{
	const struct emitter *how = &emitters[insn->op];
	const struct lanes *lanes = &batch->lanes;
	enum jit_vector op = (enum jit_vector)how->mnemonic;
	struct x86_arg b = scratch(lanes, LANES_MOST);

	if (how->emit == jit_v_fma) {
		if (kind_of_b(insn) == OPERAND_V)
			b = loaded(gen, batch, insn->rs1, at);
		OP(gen, lanes, op, to, b, operand(gen, batch, insn->rs2, at));
	} else if (how->flag) {
		OP(gen, lanes, op, to, b, operand(gen, batch, insn->rs2, at));
	} else if (kind_of_b(insn) == OPERAND_V) {
		OP(gen, lanes, op, to, loaded(gen, batch, insn->rs2, at),
		   operand(gen, batch, insn->rs1, at));
	} else {
		const struct x86_arg a = operand(gen, batch, insn->rs2, at);

		if (is_held(a)) {
			OP(gen, lanes, op, to, a, b);
			return;
		}
		/* The old value of `to` is not needed. */
		gen_move(gen, lanes, to, a);
		OP(gen, lanes, op, to, to, b);
	}
}

static void compute(struct gen *gen, struct batch *batch, const struct insn *insn)
{
	bool old = result_in(batch, insn->rd) >= 0;
	const struct batch before = *batch;
	unsigned n;

	gen->insn = insn;
	add_result(batch, insn);
	n = (unsigned)result_in(batch, insn->rd);
	gen_broadcast_b(gen, insn, &batch->lanes, LANES_MOST);
	for (unsigned at = 0; at < batch->lanes.bytes; at += batch->lanes.width) {
		const struct x86_arg to = vector_of(batch, n, at);

		if (emitters[insn->op].emit == jit_v_fma && !old)
			gen_move(gen, &batch->lanes, to,
				 read_part(gen, &batch->lanes, insn->rd, at));
		compute_part(gen, old ? batch : &before, insn, at, to);
	}
}

/* Writes a check that goes to the bodies if a result that is not used is a NaN. */
static void refuse_nans(struct gen *gen, const struct batch *batch)
{
	struct x86_arg vector[LANES_MOST];
	unsigned count = 0;

	for (unsigned n = 0; n < batch->results * batch->parts; n++)
		if (!batch->result[n / batch->parts].used)
			vector[count++] = scratch(&batch->lanes, n);
	gen_refuse_nans(gen, &batch->lanes, vector, count);
}

static void store(struct gen *gen, const struct batch *batch)
{
	const struct lanes *lanes = &batch->lanes;

	for (unsigned n = 0; n < batch->results; n++)
		for (unsigned at = 0; at < lanes->bytes; at += lanes->width) {
			const struct x86_arg vector = vector_of(batch, n, at);

			gen_move(gen, lanes, part_in_hart(gen, lanes, batch->result[n].reg, at),
				 vector);
			gen_hold_part(gen, lanes, batch->result[n].reg, at, vector);
		}
	gen->held.reports_writes = true;
}

unsigned emitter_batch(struct gen *gen, const struct insn *first)
{
	struct batch batch;

	if (gen->ungrouped || gen->block->key & BLOCK_KEY_RM || !gen->jit->host.has_fma ||
	    priced_is(gen->block))
		return 0;
	batch_find(gen, first, &batch);
	return batch.count < 2 ? 0 : batch.count;
}

void emit_batch(struct gen *gen, const struct insn *first)
{
	const struct insn *insn = first;
	unsigned count;
	struct batch batch;

	batch_find(gen, first, &batch);
	count = batch.count;
	gen->insn = first;
	gen_require_start_0(gen);
	if (batch.lanes.size == 2)
		require_boxed(gen, &batch);
	gen_set_fp_dirty(gen);
	batch.results = 0;
	for (unsigned n = 0; n < count; n++, insn = block_next(insn))
		compute(gen, &batch, insn);
	gen->insn = first;
	refuse_nans(gen, &batch);
	store(gen, &batch);
}
