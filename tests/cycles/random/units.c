/* SPDX-License-Identifier: MIT */
/*
 * The units of random programs: a unit is a few instructions that leave the registers with a
 * purpose as they were. Its data decides its times; nothing that depends on time decides its data.
 *
 * Of an instruction's fields the last is drawn first, each in a statement of its own: C does not
 * say which of two arguments is evaluated first.
 */
#include "tests/cycles/random/units.h"

#include <assert.h>
#include <string.h>

#include "tests/cycles/random/compact.h"

enum { CSR_MIE = 0x304, CSR_MSCRATCH = 0x340, CSR_MEPC = 0x341, CSR_MCYCLE = 0xb00,
       CSR_MINSTRET = 0xb02, CSR_MSTATUS = 0x300 };

#define LOOPS_MAX 4u /* in each other */
#define PADDING 16u /* instructions */

/* Returns one of the registers that compressed instructions reach. */
static unsigned low(struct program *program)
{
	return 10 + (unsigned)program_below(program, 6);
}

static void compact_alu(struct program *program)
{
	static const u16 pairs[] = { C_SUB, C_XOR, C_OR, C_AND, C_SUBW, C_ADDW };
	static const u16 immediates[] = { C_ADDI, C_ADDIW, C_LI, C_SLLI };
	static const u16 shifts[] = { C_SRLI, C_SRAI, C_ANDI };
	struct emit *out = &program->emit;
	u32 imm = 1 + (u32)program_below(program, 63);
	unsigned rd, rs2;

	switch (program_below(program, 4)) {
	case 0:
		rs2 = low(program);
		rd = low(program);
		emit(out, compact_pair(pairs[program_below(program, ARRAY_SIZE(pairs))], rd, rs2));
		break;
	case 1:
		rd = any(program);
		emit(out, compact_immediate(immediates[program_below(program, 4)], rd, imm));
		break;
	case 2:
		rd = low(program) & 7;
		emit(out, compact_immediate(shifts[program_below(program, 3)], rd, imm));
		break;
	default:
		rs2 = any(program);
		rd = any(program);
		emit(out, compact_registers(program_below(program, 2) ? C_MV : C_ADD, rd, rs2));
	}
}

static void one_alu(struct program *program)
{
	struct emit *out = &program->emit;
	unsigned rd = any(program), rs1 = program_below(program, 8) ? any(program) : REG_RANDOM;
	s64 imm = (s64)program_below(program, 4096) - 2048;
	unsigned last; /* shift amount or register */

	switch (program_below(program, 6)) {
	case 0:
		emit_load(out,
			  ONE_OF(program, OP_addi, OP_xori, OP_ori, OP_andi, OP_slti, OP_sltiu,
				 OP_addiw),
			  rd, rs1, imm);
		break;
	case 1:
		last = (unsigned)program_below(program, 64);
		emit_shift(out, ONE_OF(program, OP_slli, OP_srli, OP_srai), rd, rs1, last);
		break;
	case 2:
		emit(out, ONE_OF(program, OP_lui, OP_auipc) | rd << 7 | (u32)imm << 12);
		break;
	case 3:
		last = any(program);
		emit_r(out,
		       ONE_OF(program, OP_add, OP_sub, OP_sll, OP_slt, OP_sltu, OP_xor, OP_srl,
			      OP_sra, OP_or, OP_and, OP_addw, OP_subw, OP_sllw, OP_srlw, OP_sraw),
		       rd, rs1, last);
		break;
	default:
		compact_alu(program);
	}
}

static void alu(struct program *program)
{
	for (u64 n = 1 + program_below(program, 8); n; n--)
		one_alu(program);
}

/* Changes the data from here on. */
static void stir(struct program *program)
{
	struct emit *out = &program->emit;

	emit_r(out, op(program, OP_mul), REG_RANDOM, REG_RANDOM, REG_FACTOR);
	emit_addi(out, REG_RANDOM, REG_RANDOM, 0x3d);
}

static void multiply(struct program *program)
{
	unsigned rs2 = any(program), rs1 = any(program), rd = any(program);

	emit_r(&program->emit, ONE_OF(program, OP_mul, OP_mulh, OP_mulhsu, OP_mulhu, OP_mulw), rd,
	       rs1, rs2);
	if (program_below(program, 2))
		one_alu(program);
}

/* Divides by operands of any size, 0 among them. */
static void divide(struct program *program)
{
	struct emit *out = &program->emit;
	unsigned divisor = any(program), dividend = any(program), rd;

	if (program_below(program, 2)) {
		unsigned by = (unsigned)program_below(program, 64);

		emit_shift(out, ONE_OF(program, OP_srai, OP_srli), divisor, REG_RANDOM, by);
	}
	if (program_below(program, 2))
		emit_shift(out, op(program, OP_srai), dividend, dividend,
			   (unsigned)program_below(program, 64));
	rd = any(program);
	emit_r(out,
	       ONE_OF(program, OP_div, OP_divu, OP_rem, OP_remu, OP_divw, OP_divuw, OP_remw,
		      OP_remuw),
	       rd, dividend, divisor);
	if (program_below(program, 2))
		one_alu(program);
}

struct access {
	u16 row;
	u8 size;
	bool store, fp;
};

static const struct access accesses[] = {
	{ .row = OP_lb, .size = 1 }, { .row = OP_lbu, .size = 1 }, { .row = OP_lh, .size = 2 },
	{ .row = OP_lhu, .size = 2 }, { .row = OP_lw, .size = 4 }, { .row = OP_lwu, .size = 4 },
	{ .row = OP_ld, .size = 8 }, { .row = OP_ld, .size = 8 },
	{ .row = OP_flw, .size = 4, .fp = true }, { .row = OP_fld, .size = 8, .fp = true },
	{ .row = OP_sb, .size = 1, .store = true }, { .row = OP_sh, .size = 2, .store = true },
	{ .row = OP_sw, .size = 4, .store = true }, { .row = OP_sd, .size = 8, .store = true },
	{ .row = OP_sd, .size = 8, .store = true },
	{ .row = OP_fsw, .size = 4, .store = true, .fp = true },
	{ .row = OP_fsd, .size = 8, .store = true, .fp = true },
};

/* Loads or stores at an offset of at most `range` from a base; aligned except for `off` bytes. */
static void access(struct program *program, unsigned base, unsigned range, unsigned off)
{
	const struct access *access = &accesses[program_below(program, ARRAY_SIZE(accesses))];
	s64 offset = (s64)(program_below(program, range) & ~(access->size - 1ull)) + off;
	unsigned data = !access->fp ? any(program) : access->size == 8 ? d(program) : s(program);

	if (program_below(program, 2) && range > 1024)
		offset -= range / 2;
	if (access->store)
		emit_store(&program->emit, op(program, access->row), base, data, offset);
	else
		emit_load(&program->emit, op(program, access->row), data, base, offset);
}

static void compact_access(struct program *program)
{
	static const u16 words[] = { C_LW, C_SW }, doubles[] = { C_LD, C_FLD, C_SD, C_FSD };
	struct emit *out = &program->emit;
	u32 offset = (u32)program_below(program, 256) & ~7u;
	bool word = program_below(program, 2);
	unsigned data = low(program);

	if (word)
		emit(out,
		     compact_word(words[program_below(program, 2)], data, REG_HOT, offset / 2));
	else
		emit(out, compact_double(doubles[program_below(program, 4)], data & ~1u, REG_HOT,
					 offset));
}

static void hot(struct program *program)
{
	for (u64 n = 1 + program_below(program, 4); n; n--)
		program_below(program, 2) ? access(program, REG_HOT, 2048, 0) :
					    compact_access(program);
}

static void load_use(struct program *program)
{
	unsigned rd = any(program);
	s64 offset = 8 * (s64)program_below(program, 64);

	emit_load(&program->emit, ONE_OF(program, OP_ld, OP_lw, OP_lbu), rd, REG_HOT, offset);
	emit_r(&program->emit, op(program, OP_add), any(program), rd, rd);
}

/* Emits ADDRESS = base + something random within the mask. */
static void anywhere(struct program *program, unsigned base)
{
	struct emit *out = &program->emit;

	emit_shift(out, op(program, OP_srli), REG_ADDRESS, REG_RANDOM,
		   (unsigned)program_below(program, 40));
	emit_r(out, op(program, OP_and), REG_ADDRESS, REG_ADDRESS, REG_MASK);
	emit_r(out, op(program, OP_add), REG_ADDRESS, REG_ADDRESS, base);
}

static void scattered(struct program *program)
{
	if (program_below(program, 2))
		stir(program);
	anywhere(program, REG_BIG);
	for (u64 n = 1 + program_below(program, 3); n; n--)
		access(program, REG_ADDRESS, program_below(program, 2) ? 8 : 128, 0);
}

static void strided(struct program *program)
{
	static const u16 steps[] = { 8, 8, 16, 64, 72, 256, 1024 };
	struct emit *out = &program->emit;

	emit_addi(out, REG_STRIDE, REG_STRIDE, steps[program_below(program, ARRAY_SIZE(steps))]);
	emit_r(out, op(program, OP_and), REG_STRIDE, REG_STRIDE, REG_MASK);
	emit_r(out, op(program, OP_add), REG_ADDRESS, REG_STRIDE, REG_BIG);
	access(program, REG_ADDRESS, 64, 0);
}

static void chase(struct program *program)
{
	for (u64 n = 1 + program_below(program, 3); n; n--)
		emit_load(&program->emit, op(program, OP_ld), REG_CHASE, REG_CHASE, 0);
}

/*
 * The instructions that a pipeline has begun behind one that traps, or in the translation that has
 * just ended, are no loads and no divisions: the models with which these programs are compared know
 * neither their operands nor their page tables.
 */
static void pad(struct program *program)
{
	for (unsigned n = 0; n < PADDING; n++)
		one_alu(program);
}

static void misaligned(struct program *program)
{
	if (program->quiet)
		return;
	access(program, REG_HOT, 1024, 1 + (unsigned)program_below(program, 7));
	pad(program);
}

/* Makes a branch over instructions, or over none, by a bit of data. */
static void branch(struct program *program)
{
	struct emit *out = &program->emit;
	unsigned rd = any(program), rs2;
	u16 *at;

	if (program_below(program, 3) == 0)
		stir(program);
	emit_shift(out, op(program, OP_srli), rd, REG_RANDOM, (unsigned)program_below(program, 60));
	emit_load(out, op(program, OP_andi), rd, rd,
		  program_below(program, 2) ? 1 : (s64)program_below(program, 16));
	if (program_below(program, 3)) {
		rs2 = program_below(program, 2) ? 0 : any(program);
		at = emit_branch(out, ONE_OF(program, OP_beq, OP_bne, OP_blt, OP_bgeu), rd, rs2);
		for (u64 n = program_below(program, 6); n; n--)
			one_alu(program);
		emit_patch_branch(out, at);
		return;
	}
	rd = low(program);
	at = emit_here(out);
	emit(out, C_BEQZ | (rd & 7) << 7);
	for (u64 n = program_below(program, 5); n; n--)
		one_alu(program);
	*at = compact_branch((u16)((program_below(program, 2) ? C_BEQZ : C_BNEZ) | (rd & 7) << 7),
			     (u8 *)emit_here(out) - (u8 *)at);
}

/* Makes units in a loop; no loop in another that it could be called from has its counter. */
static void loop(struct program *program)
{
	static const u8 counters[LOOPS_MAX] = { REG_COUNT, 28, 29, 7 };
	struct emit *out = &program->emit;
	unsigned counter = counters[program->depth % LOOPS_MAX];
	u64 start;

	if (program->depth >= LOOPS_MAX)
		return;
	emit_addi(out, counter, 0, 1 + (s64)program_below(program, 12));
	start = out->pc;
	program->depth++;
	program_units(program, 1 + (unsigned)program_below(program, 3));
	program->depth--;
	emit_addi(out, counter, counter, -1);
	assert(out->pc - start < 4000);
	emit_branch_to(out, op(program, OP_bne), counter, start);
}

static void call(struct program *program)
{
	struct emit *out = &program->emit;
	u64 target;

	if (program->depth >= 2 || program->quiet || !program->built)
		return;
	target = program->functions[program_below(program, program->built)];
	emit(out, encode_jump(op(program, OP_jal) | REG_RETURN << 7, (s64)(target - out->pc)));
}

/* Calls through the table: data or the program decides which function. */
static void call_indirect(struct program *program)
{
	struct emit *out = &program->emit;
	bool decided = program_below(program, 2);

	if (program->depth || program->quiet || program->built < PROGRAM_FUNCTION_COUNT)
		return;
	if (!decided) {
		emit_shift(out, op(program, OP_srli), REG_TARGET, REG_RANDOM,
			   (unsigned)program_below(program, 50));
		emit_load(out, op(program, OP_andi), REG_TARGET, REG_TARGET,
			  8 * (s64)program_below(program, PROGRAM_FUNCTION_COUNT));
		emit_r(out, op(program, OP_add), REG_TARGET, REG_TARGET, REG_FUNCTIONS);
	}
	emit_load(out, op(program, OP_ld), REG_TARGET, decided ? REG_FUNCTIONS : REG_TARGET,
		  decided ? 8 * (s64)program_below(program, PROGRAM_FUNCTION_COUNT) : 0);
	emit(out, program_below(program, 2) ?
			  compact_registers(C_ADD, REG_TARGET, 0) :
			  op(program, OP_jalr) | REG_RETURN << 7 | REG_TARGET << 15);
}

static void call_recursion(struct program *program)
{
	struct emit *out = &program->emit;

	if (program->depth >= 2 || program->quiet || !program->recursion)
		return;
	emit_addi(out, REG_DEPTH, 0, 1 + (s64)program_below(program, 10));
	emit(out, encode_jump(op(program, OP_jal) | REG_RETURN << 7,
			      (s64)(program->recursion - out->pc)));
}

static void call_millicode(struct program *program)
{
	struct emit *out = &program->emit;

	if (program->depth >= 3 || program->quiet || !program->millicode)
		return;
	emit(out, encode_jump(op(program, OP_jal) | REG_MILLICODE << 7,
			      (s64)(program->millicode - out->pc)));
}

/* Jumps into a row of cases of eight bytes each, the last of which goes on. */
static void jump_table(struct program *program)
{
	struct emit *out = &program->emit;
	unsigned cases = 1u << (1 + program_below(program, 3));
	u64 end;

	emit_shift(out, op(program, OP_srli), REG_TARGET, REG_RANDOM,
		   (unsigned)program_below(program, 50));
	emit_load(out, op(program, OP_andi), REG_TARGET, REG_TARGET, 8 * (cases - 1));
	emit(out, op(program, OP_auipc) | REG_ADDRESS << 7);
	emit_r(out, op(program, OP_add), REG_TARGET, REG_TARGET, REG_ADDRESS);
	emit(out, op(program, OP_jalr) | REG_TARGET << 15 | 12u << 20);
	end = out->pc + 8 * cases;
	while (out->pc < end) {
		unsigned rs1 = any(program), rd = any(program);

		emit_addi(out, rd, rs1, 1);
		emit_jump(out, end);
	}
}

static void jump(struct program *program)
{
	u64 target = program->emit.pc + 4 + 2 * program_below(program, 20);

	emit_jump(&program->emit, target);
	while (program->emit.pc + 2 < target)
		one_alu(program);
	if (program->emit.pc < target)
		emit(&program->emit, C_ADDI);
}

static void atomic(struct program *program)
{
	struct emit *out = &program->emit;
	bool word = program_below(program, 2), pair = program_below(program, 4) == 0;
	unsigned rd, rs2;

	if (pair) {
		emit_r(out, op(program, word ? OP_lr_w : OP_lr_d), any(program), REG_ATOMIC, 0);
		one_alu(program);
	}
	rs2 = any(program);
	rd = any(program);
	if (pair)
		emit_r(out, op(program, word ? OP_sc_w : OP_sc_d), rd, REG_ATOMIC, rs2);
	else
		emit_r(out,
		       word ? ONE_OF(program, OP_amoadd_w, OP_amoswap_w, OP_amomax_w) :
			      ONE_OF(program, OP_amoadd_d, OP_amoxor_d, OP_amominu_d),
		       rd, REG_ATOMIC, rs2);
}

void program_synchronize(struct program *program)
{
	emit_csr(&program->emit, op(program, OP_csrrs), 0, 0, CSR_MSCRATCH);
}

static void csr(struct program *program)
{
	struct emit *out = &program->emit;
	unsigned rs1;

	switch (program_below(program, 6)) {
	case 0:
		rs1 = any(program);
		emit_csr(out, op(program, OP_csrrw), any(program), rs1, CSR_MSCRATCH);
		break;
	case 1:
		emit_csr(out, op(program, OP_csrrs), any(program), 0, CSR_MSCRATCH);
		break;
	case 2: /* what was read is time, and must not decide anything */
		emit_csr(out, op(program, OP_csrrs), REG_TARGET, 0,
			 program_below(program, 2) ? CSR_MCYCLE : CSR_MINSTRET);
		emit_addi(out, REG_TARGET, 0, 0);
		break;
	case 3:
		emit_csr(out, op(program, OP_csrrw), any(program), 0, CSR_MIE);
		break;
	case 4:
		emit_csr(out, op(program, OP_csrrci), 0, 2, CSR_MSTATUS);
		break;
	default:
		emit_csr(out, op(program, OP_csrrs), any(program), 0, CSR_MEPC);
	}
	program_synchronize(program);
}

static void fence(struct program *program)
{
	emit(&program->emit, op(program, OP_fence) | 0x0ff00000);
}

static void fence_code(struct program *program)
{
	emit(&program->emit, op(program, OP_fence_i));
}

static void fence_tables(struct program *program)
{
	emit_r(&program->emit, op(program, OP_sfence_vma), 0,
	       program_below(program, 2) ? REG_VIRTUAL : 0, 0);
}

static void trap(struct program *program)
{
	if (program->quiet)
		return;
	switch (program_below(program, 3)) {
	case 0:
		emit(&program->emit, op(program, OP_ecall));
		break;
	case 1:
		emit(&program->emit, program_below(program, 2) ? op(program, OP_ebreak) : C_EBREAK);
		break;
	default:
		emit(&program->emit, 0x0000006b); /* an opcode that is reserved */
	}
	pad(program);
}

/* Sets ADDRESS to a place that a page of 4 KiB, of 2 MiB or of 1 GiB translates. */
static void somewhere_translated(struct program *program)
{
	struct emit *out = &program->emit;
	u64 size = program_below(program, 4);

	anywhere(program, size ? REG_VIRTUAL : REG_BIG);
	if (size == 1) {
		emit_lui(out, REG_TARGET, (2 * MiB + PROGRAM_BIG - PROGRAM_BASE) >> 12);
		emit_r(out, op(program, OP_add), REG_ADDRESS, REG_ADDRESS, REG_TARGET);
	}
}

/* Loads and stores as supervisor mode would. */
static void translated(struct program *program)
{
	struct emit *out = &program->emit;

	if (program->quiet || program->depth > 2)
		return;
	emit_lui(out, REG_TARGET, 0x2);
	emit_addi(out, REG_TARGET, REG_TARGET, -0x800);
	emit_csr(out, op(program, OP_csrrc), 0, REG_TARGET, CSR_MSTATUS); /* MPP: U */
	program_synchronize(program);
	emit_lui(out, REG_TARGET, 0x21);
	emit_addi(out, REG_TARGET, REG_TARGET, -0x800);
	emit_csr(out, op(program, OP_csrrs), 0, REG_TARGET, CSR_MSTATUS); /* S, and MPRV */
	program_synchronize(program);
	pad(program);
	program->quiet = true;
	for (u64 n = 1 + program_below(program, 4); n; n--) {
		somewhere_translated(program);
		for (u64 k = program_below(program, 3); k; k--)
			access(program, REG_ADDRESS, 64, 0);
		program_unit(program);
	}
	program->quiet = false;
	emit_lui(out, REG_TARGET, 0x20);
	emit_csr(out, op(program, OP_csrrc), 0, REG_TARGET, CSR_MSTATUS);
	program_synchronize(program);
	pad(program);
}

/* The program's weights decide how often each is taken. */
static void (*const kinds[])(struct program *program) = {
	alu, stir, multiply, divide, hot, load_use, scattered, strided, chase, misaligned, branch,
	loop, call, call_indirect, call_recursion, call_millicode, jump_table, jump, unit_floats,
	unit_float_converts, unit_float_divides, unit_float_roots, atomic, csr, fence, fence_code,
	fence_tables, trap, translated, unit_float_resizes,
};

/* Returns false for kinds whose effect is known of few models only (see program.h). */
static bool is_calm(void (*kind)(struct program *program))
{
	static void (*const others[])(struct program *program) = {
		fence_code, fence_tables, translated, unit_float_divides, unit_float_roots,
	};

	for (unsigned n = 0; n < ARRAY_SIZE(others); n++)
		if (kind == others[n])
			return false;
	return true;
}

void program_weigh(struct program *program, bool calm)
{
	assert(ARRAY_SIZE(kinds) <= PROGRAM_UNITS_MAX);
	for (unsigned n = 0; n < ARRAY_SIZE(kinds); n++) {
		unsigned often = (unsigned)program_below(program, 4);

		program->weights[n] = often * (unsigned)program_below(program, 8);
		if (calm && !is_calm(kinds[n]))
			program->weights[n] = 0;
	}
	program->weights[0]++;
}

void program_unit(struct program *program)
{
	unsigned sum = 0, chosen;

	for (unsigned n = 0; n < ARRAY_SIZE(kinds); n++)
		sum += program->weights[n];
	chosen = (unsigned)program_below(program, sum);
	sum = 0;
	for (unsigned n = 0; n < ARRAY_SIZE(kinds); n++) {
		sum += program->weights[n];
		if (chosen < sum) {
			kinds[n](program);
			return;
		}
	}
}

void program_units(struct program *program, unsigned count)
{
	while (count--)
		program_unit(program);
}
