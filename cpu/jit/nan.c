/* SPDX-License-Identifier: MIT */
/* Finds results whose NaNs the guest cannot observe (see nan.h). */
#include "cpu/jit/nan.h"

#include "cpu/fpu/fpu.h"
#include "cpu/isa/format.h"
#include "cpu/jit/emitter.h"
#include "cpu/jit/gen.h"
#include "cpu/jit/timed/noted.h"

/*
 * The most instructions to search for one that writes the register again, and the most registers
 * that may hold such a NaN before one instruction.
 */
enum { DISTANCE_MOST = 24, WAITING_MOST = 4 };

static u32 *nans_of(struct insn_place *place, unsigned size)
{
	return &place->nans[size == 8];
}

/*
 * Returns whether execution can leave the straight line at this instruction only through its body.
 */
static bool goes_on(const struct insn *insn)
{
	switch (isa_ops[insn->op].class) {
	case CLASS_ALU:
	case CLASS_MUL:
	case CLASS_DIV:
	case CLASS_LOAD:
	case CLASS_STORE:
		return true;
	default:
		return class_is_fp(isa_ops[insn->op].class);
	}
}

static bool is_f(struct format_operand operand, unsigned field, unsigned reg)
{
	return operand.kind == OPERAND_F && field == reg;
}

static bool reads_f(const struct insn *insn, unsigned reg)
{
	const struct format *format = isa_format(insn->op);

	return is_f(format->rs1, insn->rs1, reg) || is_f(format->rs2, insn->rs2, reg) ||
	       is_f(format->rs3, insn->rs3_rm >> 3, reg);
}

/*
 * Returns the instruction that writes the result's register again before a NaN in it can be
 * observed; NULL if there is none.
 */
static const struct insn *find_end(const struct gen *gen, const struct insn *first, unsigned size)
{
	const struct insn *insn = first;

	for (unsigned n = 1; n <= DISTANCE_MOST; n++) {
		const struct emitter *emitter;

		if (first->index + n >= gen->block->count)
			return NULL;
		insn = block_next(insn);
		emitter = &emitters[insn->op];
		if (gen->place[insn->index].joined || !goes_on(insn))
			return NULL;
		if (reads_f(insn, first->rd) &&
		    !(emitter_ignores_nan(emitter) && emitter->size == size))
			return NULL;
		if (is_f(isa_format(insn->op)->rd, insn->rd, first->rd))
			return insn;
	}
	return NULL;
}

static bool is_crowded(struct insn_place *place)
{
	return __builtin_popcount(place->nans[0] | place->nans[1]) >= WAITING_MOST;
}

/*
 * Marks the register of a result as one that may hold a host's NaN, up to the instruction `end`,
 * which writes it again.
 */
static void hide(struct gen *gen, const struct insn *insn, unsigned size, const struct insn *end)
{
	for (unsigned n = insn->index + 1u; n <= end->index; n++)
		if (is_crowded(&gen->place[n]))
			return;
	for (unsigned n = insn->index + 1u; n <= end->index; n++)
		*nans_of(&gen->place[n], size) |= 1u << insn->rd;
}

void gen_find_nans(struct gen *gen)
{
	const struct insn *insn = gen->block->insn;

	/* A timing model observes all operands. */
	if (noted_is(gen->block))
		return;
	for (unsigned n = 0; n < gen->block->count; n++, insn = block_next(insn)) {
		const struct emitter *emitter = &emitters[insn->op];
		const struct insn *end;

		if (!emitter_makes_nan(emitter) || gen_pin_f(gen, insn->rd) == X86_NONE)
			continue;
		end = find_end(gen, insn, emitter->size);
		if (end)
			hide(gen, insn, emitter->size, end);
	}
}

bool gen_hides_nan(const struct gen *gen, const struct insn *insn)
{
	const struct insn_place *next = &gen->place[insn->index + 1];

	return (next->nans[0] | next->nans[1]) >> insn->rd & 1;
}

void gen_compare_nan(struct x86 *x, unsigned xmm, unsigned size)
{
	if (size == 8)
		X86(x, UCOMISD, x86_xmm(xmm), x86_xmm(xmm));
	else
		X86(x, UCOMISS, x86_xmm(xmm), x86_xmm(xmm));
}

void gen_write_nan(struct x86 *x, unsigned xmm, unsigned size)
{
	X86(x, MOV, x86_reg(8, RAX),
	    x86_imm((s64)(size == 8 ? F64_CANONICAL_NAN : F32_CANONICAL_NAN)));
	/*
	 * This preserves the upper half of the register, which is the NaN box of a single, or of a
	 * half that was widened to a single.
	 */
	if (size == 8)
		X86(x, MOVQ, x86_xmm(xmm), x86_reg(8, RAX));
	else
		X86(x, PINSRD, x86_xmm(xmm), x86_reg(4, RAX), x86_imm(0));
}

void gen_replace_nans(const struct gen *gen, struct x86 *x, const struct insn_place *place)
{
	for (u32 left = place->nans[0] | place->nans[1]; left; left &= left - 1) {
		const unsigned reg = (unsigned)__builtin_ctz(left);
		const unsigned size = place->nans[1] >> reg & 1 ? 8 : 4;
		u8 *number;

		gen_compare_nan(x, gen_pin_f(gen, reg), size);
		number = x86_jump(x, ZYDIS_MNEMONIC_JNP);
		gen_write_nan(x, gen_pin_f(gen, reg), size);
		x86_patch(number, x->at);
	}
}
