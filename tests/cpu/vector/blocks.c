/* SPDX-License-Identifier: MIT */
/* Makes random instructions for blocks with vectors (see blocks.h). */
#include "tests/cpu/vector/blocks.h"

#include "cpu/isa/disasm.h"
#include "cpu/isa/vector.h"
#include "cpu/jit/emitter.h"
#include "tests/cpu/random.h"
#include "tests/cpu/vector/rules.h"

#include <stdio.h>

#define UNMASKED BIT(25)

u64 block_pick(struct block_maker *maker, u64 count)
{
	return (random_u64(&maker->seed) >> 20) % count;
}

static void find_rows(struct block_rows *rows, bool native)
{
	rows->count = 0;
	for (unsigned op = OP_vsetivli + 1; op < OP_COUNT; op++)
		if (class_is_vector(isa_ops[op].class) && isa_ops[op].class != CLASS_VSET &&
		    (emitters[op].emit != NULL) == native)
			rows->op[rows->count++] = (u16)op;
}

static void find_floats(struct block_rows *rows)
{
	rows->count = 0;
	for (unsigned op = 0; op < OP_COUNT; op++)
		if (isa_ops[op].class >= CLASS_FADD && isa_ops[op].class <= CLASS_FMOVE &&
		    emitters[op].emit)
			rows->op[rows->count++] = (u16)op;
}

void block_maker_init(struct block_maker *maker, const struct isa *isa, u64 seed)
{
	*maker = (struct block_maker){ .isa = isa, .seed = seed };
	find_rows(&maker->native, true);
	find_rows(&maker->others, false);
	find_floats(&maker->floats);
}

u64 block_make_vtype(struct block_maker *maker, unsigned sew, unsigned vlenb)
{
	u64 vlmax;

	do
		maker->vtype = block_pick(maker, 64);
	while (!rules_vtype(maker->vtype) || rules_sew(maker->vtype) < sew);
	vlmax = rules_vlmax(maker->vtype, vlenb);
	maker->vtype |= block_pick(maker, 4) << 6;
	return block_pick(maker, 3) ? vlmax : block_pick(maker, vlmax + 1);
}

/* Returns a random vector register, mostly one at which a group can begin. */
static u32 random_group(struct block_maker *maker)
{
	static const u8 first[] = { 0, 2, 3, 4, 8, 8, 8, 12, 16, 16, 16, 20, 24, 24, 24, 28 };

	if (!block_pick(maker, 24))
		return (u32)block_pick(maker, 32);
	return first[block_pick(maker, ARRAY_SIZE(first))];
}

static u32 random_x(struct block_maker *maker, unsigned first)
{
	return first + (u32)block_pick(maker, 4);
}

static u32 random_operand(struct block_maker *maker, const struct format *format,
			  const struct format_operand *operand)
{
	if (operand->kind == OPERAND_V)
		return random_group(maker);
	if (operand->kind != OPERAND_X)
		return (u32)block_pick(maker, 32);
	if (format->memory != MEMORY_VECTOR)
		return random_x(maker, BLOCK_NUMBER);
	return operand == &format->rs1 ? random_x(maker, BLOCK_ADDRESS) : BLOCK_STRIDE;
}

static u32 random_row(struct block_maker *maker, unsigned op)
{
	const struct format *format = isa_format(op);
	const struct format_operand *operands[] = { &format->rd, &format->rs1, &format->rs2 };
	u32 raw = (u32)random_u64(&maker->seed);

	if (block_pick(maker, 4))
		raw |= UNMASKED;
	if (format->memory == MEMORY_VECTOR && block_pick(maker, 5))
		raw &= 0x1fffffff; /* one field */
	for (unsigned n = 0; n < ARRAY_SIZE(operands); n++) {
		unsigned from = operands[n]->from;

		if (operands[n]->kind == OPERAND_NONE || operands[n]->kind == OPERAND_NUMBER)
			continue;
		raw &= ~(31u << from);
		raw |= random_operand(maker, format, operands[n]) << from;
	}
	return (raw & ~maker->isa->mask[op]) | maker->isa->match[op];
}

static bool is_legal(const struct block_maker *maker, u32 raw)
{
	struct insn insn;

	isa_decode(maker->isa, raw, &insn);
	return insn.op != OP_illegal && vector_legal(maker->isa, &insn, maker->vtype);
}

u32 block_vector(struct block_maker *maker, bool native)
{
	const struct block_rows *rows = native ? &maker->native : &maker->others;

	for (unsigned tries = 0; tries < 1000; tries++) {
		u32 raw = random_row(maker, rows->op[block_pick(maker, rows->count)]);

		if (is_legal(maker, raw))
			return raw;
	}
	return BLOCK_NOP;
}

unsigned block_indexed(struct block_maker *maker, u32 *to)
{
	static const u8 widths[] = { 0, 5, 6, 7 };
	u32 group = random_group(maker), width = widths[maker->vtype >> 3 & 3];
	u32 masked = block_pick(maker, 4) ? UNMASKED : 0;

	if (!block_pick(maker, 4))
		width = widths[block_pick(maker, ARRAY_SIZE(widths))];
	/* vand.vx; vluxei or vsuxei */
	to[0] = 0x26004057 | group << 20 | BLOCK_MASK << 15 | group << 7;
	to[1] = 0x04000007 | (u32)block_pick(maker, 2) << 5 | width << 12 | masked | group << 20 |
		random_x(maker, BLOCK_ADDRESS) << 15 | random_group(maker) << 7;
	return is_legal(maker, to[0]) && is_legal(maker, to[1]) ? 2 : 0;
}

u32 block_branch(struct block_maker *maker, int by)
{
	static const u8 kinds[] = { 0, 1, 4, 5, 6, 7 };
	u32 kind = kinds[block_pick(maker, ARRAY_SIZE(kinds))], to = (u32)(4 * by);
	u32 a = random_x(maker, BLOCK_NUMBER), b = random_x(maker, BLOCK_NUMBER);

	if (by <= 0) {
		kind = 1;
		a = BLOCK_COUNT;
		b = 0;
	}
	return 0x63 | (to >> 12 & 1) << 31 | (to >> 5 & 63) << 25 | (to >> 1 & 15) << 8 |
	       (to >> 11 & 1) << 7 | kind << 12 | a << 15 | b << 20;
}

/* Returns a random register for an operand; half of the time it is one of a few of its kind. */
static u32 random_register(struct block_maker *maker, struct format_operand operand)
{
	if (operand.kind == OPERAND_X)
		return random_x(maker, BLOCK_NUMBER);
	return (u32)block_pick(maker, block_pick(maker, 2) ? 6 : 32);
}

/* Returns a scalar floating-point instruction; most round to nearest or use frm. */
static u32 random_float(struct block_maker *maker)
{
	static const u8 modes[] = { 0, 0, 0, 7, 7, 1, 2, 3, 4 };
	unsigned op = maker->floats.op[block_pick(maker, maker->floats.count)];
	const struct format *format = isa_format(op);
	u32 raw = random_register(maker, format->rd) << 7 |
		  random_register(maker, format->rs1) << 15 |
		  random_register(maker, format->rs2) << 20 | (u32)block_pick(maker, 6) << 27 |
		  (u32)modes[block_pick(maker, ARRAY_SIZE(modes))] << 12;

	return (raw & ~maker->isa->mask[op]) | maker->isa->match[op];
}

u32 block_scalar(struct block_maker *maker)
{
	u32 x = random_x(maker, BLOCK_NUMBER), at = random_x(maker, BLOCK_ADDRESS);
	u32 imm = (u32)block_pick(maker, 128) - 64, f = (u32)block_pick(maker, 32);
	u32 load = imm << 20 | at << 15,
	    store = (imm >> 5 & 127) << 25 | (imm & 31) << 7 | at << 15;
	u32 size = (u32)block_pick(maker, 7);

	switch (block_pick(maker, 18)) {
	case 0:
	case 1:
	case 2:
		return 0x00000003 | load | size << 12 | x << 7; /* lb to lwu */
	case 3:
	case 4:
	case 5:
		return 0x00000023 | store | (size & 3) << 12 | x << 20; /* sb to sd */
	case 6:
		return 0x00002007 | load | (size & 1) << 12 | f << 7; /* flw, fld */
	case 7:
		return 0x0000302f | at << 15 | x << 20 | x << 7; /* amoadd.d */
	case 8:
		return 0x00000013 | (imm & 63) << 20 | at << 15 | at << 7; /* addi */
	case 9:
		return 0x00000013 | imm << 20 | x << 15 | x << 7;
	case 10:
		return 0x02007053 | f << 20 | f << 15 | f << 7; /* fadd.d */
	case 11:
		return 0xc2002073 | x << 7; /* csrr x, vl */
	case 12:
	case 13:
	case 14:
	case 15:
		return random_float(maker);
	case 16:
		return size & 1 ? 0x00a05073 : 0x00105073; /* csrwi vxrm or fflags, 0 */
	default:
		return 0xfff00013 | BLOCK_COUNT << 15 | BLOCK_COUNT << 7; /* addi */
	}
}

void block_print(const struct block_maker *maker, const u32 *insn, unsigned count)
{
	char line[DISASM_MAX];

	for (unsigned n = 0; n < count; n++) {
		disasm(maker->isa, 4ull * n, insn[n], line, sizeof(line));
		printf("%3x %08x %s\n", 4 * n, insn[n], line);
	}
}
