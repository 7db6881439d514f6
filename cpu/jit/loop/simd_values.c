/* SPDX-License-Identifier: MIT */
/* Follows an iteration of a loop and finds the value of each register (see simd_values.h). */
#include "cpu/jit/emitter.h"
#include "cpu/jit/gen.h"
#include "cpu/jit/loop/simd_values.h"

/* The number of the unknown value, which follows those that the registers have at first. */
#define UNKNOWN 32

struct simd_row simd_row(unsigned op)
{
	static const struct simd_row rows[OP_COUNT] = {
#define SIMD(name, kind, b, h, w, d)                                                               \
	[OP_##name] = { SIMD_##kind,                                                               \
			{ ZYDIS_MNEMONIC_##b, ZYDIS_MNEMONIC_##h, ZYDIS_MNEMONIC_##w,              \
			  ZYDIS_MNEMONIC_##d } },
#include "cpu/jit/loop/simd.def"
	};

	return op < OP_COUNT ? rows[op] : (struct simd_row){ 0 };
}

/* Adds a value and returns its number; that of the unknown value if there is no room. */
static u8 add_value(struct simd_iteration *iteration, struct simd_value value)
{
	if (iteration->values == SIMD_VALUES)
		return UNKNOWN;
	iteration->value[iteration->values] = value;
	return (u8)iteration->values++;
}

static u8 add_number(struct simd_iteration *iteration, s32 number)
{
	return add_value(
		iteration,
		(struct simd_value){ .kind = SIMD_FORM,
				     .form = { .known = true, .low = number, .high = number } });
}

/*
 * Gives each register its own initial value, except for those that are known to be copies of
 * others.
 */
static void begin(struct simd_iteration *iteration, const struct loop *loop)
{
	*iteration = (struct simd_iteration){ 0 };
	for (unsigned reg = 0; reg < 32; reg++) {
		iteration->now[reg] = (u8)reg;
		add_value(iteration,
			  (struct simd_value){ .kind = SIMD_FORM,
					       .form = { .known = true, .base = (u8)reg } });
	}
	add_value(iteration, (struct simd_value){ .kind = SIMD_OPAQUE });
	for (const struct copy *copy = loop->copy; copy < loop->copy + loop->copies; copy++)
		iteration->value[copy->reg].form = (struct form){
			.known = true, .base = copy->of, .low = copy->offset, .high = copy->offset
		};
}

static const struct simd_value *value_of(const struct simd_iteration *iteration, unsigned reg)
{
	return &iteration->value[iteration->now[reg % 32]];
}

/* Notes that the instruction reads a register. */
static void read_register(struct simd_iteration *iteration, struct format_operand operand,
			  unsigned field)
{
	const unsigned reg = format_register(operand, field);

	if (reg < FORMAT_F && iteration->now[reg] == reg)
		iteration->first |= 1u << reg;
}

/* Finds the value of a load, or the place of a store. Returns false if the access has no stream. */
static bool find_access(const struct gen *gen, const struct loop *loop,
			const struct simd_iteration *iteration, const struct insn *insn,
			struct simd_value *access)
{
	const struct emitter *emitter = &emitters[insn->op];
	const struct form *form = &value_of(iteration, insn->rs1)->form;
	const u8 number = loop->streamed[insn->index];

	if (!number || !form->known || emitter_unit_bytes(gen, insn))
		return false;
	*access = (struct simd_value){ .kind = SIMD_LOAD,
				       .stream = (u8)(number - 1),
				       .size = emitter->size,
				       .op = insn->op,
				       .at = form->low + insn->imm };
	return true;
}

static bool add_store(struct simd_iteration *iteration, const struct simd_value *access,
		      const struct insn *insn)
{
	if (iteration->stores == SIMD_STORES)
		return false;
	iteration->store[iteration->stores++] = (struct simd_store){
		.stream = access->stream,
		.at = access->at,
		.size = access->size,
		.value = iteration->now[insn->rs2 % 32],
	};
	return true;
}

/* Returns the form of the instruction's result; not known if it is not exact. */
static struct form exact_form(const struct simd_iteration *iteration, const struct insn *insn)
{
	struct form forms[32], form;

	/* form_of reads the forms of no other registers. */
	forms[insn->rs1 % 32] = value_of(iteration, insn->rs1)->form;
	forms[insn->rs2 % 32] = value_of(iteration, insn->rs2)->form;
	form = form_of(forms, insn);
	return form.known && form.low == form.high ? form : (struct form){ 0 };
}

/* Returns the number of the value of a shift and addition (Zba), which are added as two values. */
static u8 shift_and_add(struct simd_iteration *iteration, const struct insn *insn, s32 shift)
{
	const struct simd_value shifted = { .kind = SIMD_OP,
					    .op = OP_slli,
					    .a = iteration->now[insn->rs1 % 32],
					    .b = add_number(iteration, shift) };

	return add_value(iteration, (struct simd_value){ .kind = SIMD_OP,
							 .op = OP_add,
							 .a = add_value(iteration, shifted),
							 .b = iteration->now[insn->rs2 % 32] });
}

/* Returns the number of the value that an instruction computes from x registers. */
static u8 computed(struct simd_iteration *iteration, const struct insn *insn)
{
	const struct simd_row row = simd_row(insn->op);
	const struct form form = exact_form(iteration, insn);
	const bool number = row.kind == SIMD_NUMBER || row.kind == SIMD_SHIFT_NUMBER;

	/* Moves have the value of their operand. */
	if ((insn->op == OP_addi && !insn->imm) || (insn->op == OP_add && !insn->rs2))
		return iteration->now[insn->rs1 % 32];
	if (insn->op == OP_add && !insn->rs1)
		return iteration->now[insn->rs2 % 32];
	if (form.known)
		return add_value(iteration, (struct simd_value){ .kind = SIMD_FORM, .form = form });
	if (insn->op == OP_sh1add || insn->op == OP_sh2add || insn->op == OP_sh3add)
		return shift_and_add(iteration, insn,
				     insn->op == OP_sh1add ? 1 :
				     insn->op == OP_sh2add ? 2 :
							     3);
	if (!row.kind)
		return UNKNOWN;
	return add_value(iteration,
			 (struct simd_value){ .kind = SIMD_OP,
					      .op = insn->op,
					      .a = iteration->now[insn->rs1 % 32],
					      .b = number ? add_number(iteration, insn->imm) :
							    iteration->now[insn->rs2 % 32] });
}

/* Applies the effects of an instruction. Returns false if SSE cannot do its loop. */
static bool pass(struct gen *gen, const struct loop *loop, struct simd_iteration *iteration,
		 const struct insn *insn)
{
	const struct format *format = isa_format(insn->op);
	const struct emitter *emitter = &emitters[insn->op];
	const enum insn_class class = isa_ops[insn->op].class;
	struct simd_value access;
	u8 value;

	if (!class_is_plain(class) || class == CLASS_AMO)
		return false;
	read_register(iteration, format->rs1, insn->rs1);
	read_register(iteration, format->rs2, insn->rs2);
	read_register(iteration, format->rs3, insn->rs3_rm >> 3);
	if (class == CLASS_BRANCH)
		return insn->index == loop->last;
	if (format->memory == MEMORY_NONE)
		value = computed(iteration, insn);
	else if (!find_access(gen, loop, iteration, insn, &access))
		return false;
	else if (emitter_is_store(emitter))
		return add_store(iteration, &access, insn);
	else if (emitter_is_load(emitter))
		value = add_value(iteration, access);
	else
		return false;
	if (insn->rd != X_SINK)
		iteration->now[insn->rd] = value;
	return true;
}

bool simd_find_values(struct gen *gen, const struct loop *loop, struct simd_iteration *iteration)
{
	const struct insn *insn = gen_insn(gen, loop->first);

	begin(iteration, loop);
	for (unsigned n = loop->first; n <= loop->last; n++, insn = block_next(insn))
		if (!pass(gen, loop, iteration, insn))
			return false;
	return true;
}
