/* SPDX-License-Identifier: MIT */
/* Computes the forms of registers, and writes code that computes their values (see form.h). */
#include "cpu/jit/loop/form.h"

#include "cpu/jit/gen.h"

struct form form_moved(struct form form, s64 by)
{
	if (form.low + by < -(s64)PAGE_SIZE || form.high + by > (s64)PAGE_SIZE)
		return (struct form){ 0 };
	form.low += (s32)by;
	form.high += (s32)by;
	if (by)
		form.zeros = 0;
	return form;
}

static struct form scaled(struct form form, unsigned shift)
{
	if (!form.known || form.index || shift > 3)
		return (struct form){ 0 };
	form.low *= 1 << shift;
	form.high *= 1 << shift;
	form.index = form.base;
	form.base = 0;
	form.shift = form.index ? (u8)shift : 0;
	return form_moved(form, 0);
}

/* Returns the form of a number below two to the power of `bits`. */
static struct form number(unsigned bits)
{
	if (bits > 11)
		return (struct form){ 0 };
	return (struct form){ .known = true, .high = (1 << bits) - 1 };
}

static struct form sum(struct form a, struct form b)
{
	struct form result;

	if (b.index)
		return a.index ? (struct form){ 0 } : sum(b, a);
	if (!a.known || !b.known || (a.index && a.base && b.base))
		return (struct form){ 0 };
	result = a;
	if (!a.base)
		result.base = b.base;
	else if (b.base)
		result.index = b.base;
	result = form_moved(result, b.low);
	result.high += b.high - b.low;
	return result;
}

/* Returns the number of leading zeros that a register's value is known to have. */
static unsigned zeros_of(const struct form *form)
{
	if (!form->known)
		return form->zeros;
	if (form->base || form->index || form->low < 0)
		return 0;
	return form->high ? (unsigned)__builtin_clzll((u64)form->high) : 64;
}

/* Returns the leading zeros of a word that is extended with its sign, given those without. */
static unsigned zeros_of_word(unsigned zeros)
{
	return zeros > 32 ? zeros : 0;
}

/* Returns the number of leading zeros that an instruction's result is known to have. */
static unsigned zeros_in(const struct form *forms, const struct insn *insn)
{
	const unsigned a = zeros_of(&forms[insn->rs1 % 32]), b = zeros_of(&forms[insn->rs2 % 32]);
	const unsigned by = (unsigned)insn->imm;

	switch (insn->op) {
	case OP_lbu:
		return 56;
	case OP_lhu:
		return 48;
	case OP_lwu:
		return 32;
	case OP_srli:
		return MIN(a + by, 64);
	case OP_srliw:
		return by ? MIN(MAX(a, 32) + by, 64) : zeros_of_word(a);
	case OP_slli:
		return a > by ? a - by : 0;
	case OP_slliw:
		return a > by ? zeros_of_word(a - by) : 0;
	case OP_addi:
		return by ? 0 : a;
	case OP_addiw:
		return by ? 0 : zeros_of_word(a);
	case OP_add:
		if (a == 64 || b == 64)
			return MIN(a, b);
		return MAX(MIN(a, b), 1) - 1;
	case OP_andi:
		return a;
	case OP_and:
		return MAX(a, b);
	case OP_or:
	case OP_xor:
		return MIN(a, b);
	default:
		return 0;
	}
}

/* Returns the form of the result if it is a sum of registers, or a number below a constant. */
static struct form sum_in(const struct form *forms, const struct insn *insn)
{
	struct form a = forms[insn->rs1 % 32], b = forms[insn->rs2 % 32];

	switch (insn->op) {
	case OP_andi:
		return insn->imm < 0 ? (struct form){ 0 } :
				       (struct form){ .known = true, .high = insn->imm };
	case OP_addi:
		return form_moved(a, insn->imm);
	case OP_addiw:
		/* A number without registers is small, and so is the sum. */
		return a.base || a.index ? (struct form){ 0 } : form_moved(a, insn->imm);
	case OP_slli:
		return scaled(a, (unsigned)insn->imm);
	case OP_add:
		return sum(a, b);
	case OP_sh1add:
		return sum(b, scaled(a, 1));
	case OP_sh2add:
		return sum(b, scaled(a, 2));
	case OP_sh3add:
		return sum(b, scaled(a, 3));
	default:
		return (struct form){ 0 };
	}
}

struct form form_of(const struct form *forms, const struct insn *insn)
{
	struct form form = sum_in(forms, insn);
	unsigned zeros;

	if (form.known)
		return form;
	zeros = zeros_in(forms, insn);
	form = number(64 - zeros);
	form.zeros = (u8)zeros;
	return form;
}

struct form form_of_stream(const struct stream *stream, s32 at)
{
	return (struct form){ .known = true,
			      .base = stream->base,
			      .index = stream->index,
			      .shift = stream->shift,
			      .low = at,
			      .high = at };
}

void gen_write_form(struct gen *gen, const struct form *form, unsigned reg, unsigned scratch)
{
	struct x86 *x = &gen->x;

	gen_read_x(gen, reg, form->base);
	if (form->index) {
		gen_read_x(gen, scratch, form->index);
		X86(x, LEA, x86_reg(8, reg),
		    x86_indexed(8, reg, scratch, 1u << form->shift, form->low));
	} else if (form->low) {
		X86(x, ADD, x86_reg(8, reg), x86_imm(form->low));
	}
}
