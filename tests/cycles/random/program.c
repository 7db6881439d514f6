/* SPDX-License-Identifier: MIT */
/* Makes a random program: its frame, its functions and its data (see program.h). */
#include "tests/cycles/random/program.h"

#include <string.h>

#include "tests/cycles/random/compact.h"

enum { CSR_SATP = 0x180, CSR_MSTATUS = 0x300, CSR_MTVEC = 0x305, CSR_MEPC = 0x341 };

/* Startup jumps over the handler to START_AT. */
#define HANDLER_AT 0x40
#define START_AT 0x80

static u32 op(const struct program *program, unsigned row)
{
	return program->emit.match[row];
}

/* lui makes negative addresses from 2 GiB on, so the upper half is cleared. */
static void address(struct program *program, unsigned rd, u64 value)
{
	struct emit *out = &program->emit;

	emit_lui(out, rd, (value + 0x800) >> 12 & 0xfffff);
	emit_addi(out, rd, rd, sext(value, 12));
	emit_shift(out, op(program, OP_slli), rd, rd, 32);
	emit_shift(out, op(program, OP_srli), rd, rd, 32);
}

/* The handler continues behind the instruction that trapped, compressed or not. */
static void handler(struct program *program)
{
	struct emit *out = &program->emit;
	u16 *branch;

	emit_csr(out, op(program, OP_csrrs), REG_HANDLER, 0, CSR_MEPC);
	emit_load(out, op(program, OP_lhu), REG_HANDLER2, REG_HANDLER, 0);
	emit_load(out, op(program, OP_andi), REG_HANDLER2, REG_HANDLER2, 3);
	emit_addi(out, REG_HANDLER2, REG_HANDLER2, -3);
	branch = emit_branch(out, op(program, OP_bne), REG_HANDLER2, 0);
	emit_addi(out, REG_HANDLER, REG_HANDLER, 2);
	emit_patch_branch(out, branch);
	emit_addi(out, REG_HANDLER, REG_HANDLER, 2);
	emit_csr(out, op(program, OP_csrrw), 0, REG_HANDLER, CSR_MEPC);
	program_synchronize(program);
	emit(out, op(program, OP_mret));
	for (unsigned n = 0; n < 4; n++)
		emit_addi(out, 0, 0, 0);
}

static void jump_from(struct program *program, u64 from, u64 to)
{
	u64 here = program->emit.pc;

	program->emit.pc = from;
	emit_jump(&program->emit, to);
	program->emit.pc = here;
}

static void registers(struct program *program)
{
	static const struct {
		u8 reg;
		u64 value;
	} addresses[] = {
		{ REG_STACK, PROGRAM_HOT + 0x2000 }, { REG_HOT, PROGRAM_HOT },
		{ REG_BIG, PROGRAM_BIG }, { REG_STRIDE, 0 }, { REG_CHASE, PROGRAM_POINTERS },
		{ REG_VIRTUAL, PROGRAM_VIRTUAL }, { REG_FUNCTIONS, PROGRAM_FUNCTIONS },
		{ REG_RANDOM, 0x12345677 }, { REG_FACTOR, 0x2c9277b5 },
		{ REG_HANDLER, PROGRAM_BASE + HANDLER_AT },
	};
	struct emit *out = &program->emit;

	for (unsigned n = 0; n < ARRAY_SIZE(addresses); n++)
		address(program, addresses[n].reg, addresses[n].value);
	emit_csr(out, op(program, OP_csrrw), 0, REG_HANDLER, CSR_MTVEC);
	program_synchronize(program);
	emit_lui(out, REG_HANDLER, 0x6); /* FS dirty: floats are on */
	emit_csr(out, op(program, OP_csrrs), 0, REG_HANDLER, CSR_MSTATUS);
	program_synchronize(program);
	emit_lui(out, REG_HANDLER, PROGRAM_TABLES >> 12);
	emit_shift(out, op(program, OP_slli), REG_HANDLER, REG_HANDLER, 32);
	emit_shift(out, op(program, OP_srli), REG_HANDLER, REG_HANDLER, 44);
	emit_addi(out, REG_HANDLER2, 0, 8);
	emit_shift(out, op(program, OP_slli), REG_HANDLER2, REG_HANDLER2, 60);
	emit_r(out, op(program, OP_or), REG_HANDLER, REG_HANDLER, REG_HANDLER2);
	emit_csr(out, op(program, OP_csrrw), 0, REG_HANDLER, CSR_SATP);
	program_synchronize(program);
	for (unsigned n = 0; n < 32; n++)
		emit_r(out, op(program, n % 2 ? OP_fcvt_s_l : OP_fcvt_d_l), n, REG_RANDOM + n % 3,
		       0);
	emit_lui(out, REG_MASK, 1u << (4 + program_below(program, 4)));
	emit_addi(out, REG_MASK, REG_MASK, -8);
	emit_addi(out, REG_ATOMIC, REG_HOT, 64);
}

/* Functions call those before them. */
static void function(struct program *program)
{
	struct emit *out = &program->emit;
	bool leaf = !program->built || program_below(program, 3) == 0;

	program->functions[program->built] = out->pc;
	if (!leaf) {
		emit_addi(out, REG_STACK, REG_STACK, -16);
		emit_store(out, op(program, OP_sd), REG_STACK, REG_RETURN, 8);
	}
	program->depth = leaf ? 2 : 1;
	program_units(program, 1 + (unsigned)program_below(program, 4));
	if (!leaf) {
		emit_load(out, op(program, OP_ld), REG_RETURN, REG_STACK, 8);
		emit_addi(out, REG_STACK, REG_STACK, 16);
	}
	emit(out, program_below(program, 2) ? compact_registers(C_MV, REG_RETURN, 0) :
					      op(program, OP_jalr) | REG_RETURN << 15);
	program->built++;
}

/* Makes a function that calls itself DEPTH - 1 times. */
static void recursion(struct program *program)
{
	struct emit *out = &program->emit;
	u16 *end;

	program->recursion = out->pc;
	emit_addi(out, REG_STACK, REG_STACK, -16);
	emit_store(out, op(program, OP_sd), REG_STACK, REG_RETURN, 8);
	emit_addi(out, REG_DEPTH, REG_DEPTH, -1);
	end = emit_branch(out, op(program, OP_beq), REG_DEPTH, 0);
	emit(out, encode_jump(op(program, OP_jal) | REG_RETURN << 7,
			      (s64)(program->recursion - out->pc)));
	program->depth = 3;
	program_unit(program);
	emit_patch_branch(out, end);
	emit_load(out, op(program, OP_ld), REG_RETURN, REG_STACK, 8);
	emit_addi(out, REG_STACK, REG_STACK, 16);
	emit(out, compact_registers(C_MV, REG_RETURN, 0));
}

static void millicode(struct program *program)
{
	program->millicode = program->emit.pc;
	program->depth = 3;
	program_unit(program);
	emit(&program->emit, compact_registers(C_MV, REG_MILLICODE, 0));
}

static void put(struct program *program, u64 at, u64 value)
{
	memcpy(program->image + (at - PROGRAM_BASE), &value, sizeof(value));
}

/* Returns a leaf or, with no permission, a pointer to a table. */
static u64 entry(u64 pa, u64 permissions)
{
	return pa >> 12 << 10 | permissions;
}

/*
 * Maps BIG's pages at random places behind VIRTUAL; the same in one page of 2 MiB behind those; and
 * all to itself by a page of 1 GiB.
 */
static void tables(struct program *program)
{
	const u64 leaf = 0xcf, table = 1; /* valid, and: read, write, execute, accessed, dirty */
	u64 middle = PROGRAM_TABLES + 0x1000, last = PROGRAM_TABLES + 0x2000;

	put(program, PROGRAM_TABLES + 8 * (PROGRAM_VIRTUAL >> 30), entry(middle, table));
	put(program, PROGRAM_TABLES + 8 * (PROGRAM_BASE >> 30), entry(PROGRAM_BASE, leaf));
	put(program, middle, entry(last, table));
	put(program, middle + 8, entry(PROGRAM_BASE, leaf));
	for (u64 n = 0; n < PROGRAM_PAGES; n++)
		put(program, last + 8 * n,
		    entry(PROGRAM_BIG + program_below(program, 128) * 0x1000, leaf));
}

/* Sattolo's algorithm makes one cycle through all pointers. */
static void pointers(struct program *program)
{
	u32 order[PROGRAM_POINTER_COUNT];

	for (u32 n = 0; n < PROGRAM_POINTER_COUNT; n++)
		order[n] = n;
	for (u32 n = PROGRAM_POINTER_COUNT - 1; n; n--) {
		u32 k = (u32)program_below(program, n), other = order[k];

		order[k] = order[n];
		order[n] = other;
	}
	for (u32 n = 0; n < PROGRAM_POINTER_COUNT; n++)
		put(program, PROGRAM_POINTERS + 8 * n, PROGRAM_POINTERS + 8 * order[n]);
	for (u32 n = 0; n < PROGRAM_FUNCTION_COUNT; n++)
		put(program, PROGRAM_FUNCTIONS + 8 * n, program->functions[n]);
	for (u32 n = 0; n < 4096; n += 8) {
		u64 value = random_u64(&program->seed);

		put(program, PROGRAM_HOT - 2048 + n, value >> program_below(program, 64));
	}
}

void program_build(struct program *program, const struct isa *isa, u8 *image, u64 seed)
{
	static const u32 sizes[] = { 0x400, 0x1000, 0x3000, 0x8000, 0xc000 };
	u64 over, size;

	memset(program, 0, sizeof(*program));
	program->seed = seed * 0x9e3779b97f4a7c15ull + 1;
	program->image = image;
	program_weigh(program, seed >= PROGRAM_CALM);
	emit_start(&program->emit, isa, image, PROGRAM_BASE);
	emit_jump(&program->emit, PROGRAM_BASE + START_AT);
	program->emit.pc = PROGRAM_BASE + HANDLER_AT;
	handler(program);
	program->emit.pc = PROGRAM_BASE + START_AT;
	registers(program);
	over = program->emit.pc;
	program->emit.pc += 4;
	while (program->built < PROGRAM_FUNCTION_COUNT)
		function(program);
	recursion(program);
	millicode(program);
	jump_from(program, over, program->emit.pc);
	over = program->emit.pc;
	size = sizes[program_below(program, ARRAY_SIZE(sizes))];
	program->depth = 0;
	do
		program_unit(program);
	while (program->emit.pc < PROGRAM_BASE + size);
	emit_jump(&program->emit, over);
	tables(program);
	pointers(program);
}
