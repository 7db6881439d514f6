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

struct form form_of(const struct form *forms, const struct insn *insn)
{
	struct form a = forms[insn->rs1 % 32], b = forms[insn->rs2 % 32];

	switch (insn->op) {
	case OP_lbu:
		return number(8);
	case OP_andi:
		return insn->imm < 0 ? number(64) :
				       (struct form){ .known = true, .high = insn->imm };
	case OP_srli:
		return number(64 - (unsigned)insn->imm);
	case OP_srliw:
		return number(32 - (unsigned)insn->imm);
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
