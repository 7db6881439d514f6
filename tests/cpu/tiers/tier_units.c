/* SPDX-License-Identifier: MIT */
/* Units that compute, touch memory and devices, change mode and code (see tier_units.h). */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/tier_units.h"

#include "cpu/csr/csr.h"

#include <string.h>

/* Returns a register for data. */
unsigned program_register(struct program *program)
{
	return (unsigned)below(program->seed, 21);
}

static s64 data_offset(struct program *program)
{
	return 8 * (s64)below(program->seed, 256);
}

/* Loads or stores the doubleword of data at an offset from base. */
void program_load(struct program *program, unsigned base)
{
	unsigned rd = program_register(program);

	emit_load(&program->emit, program->isa->match[OP_ld], rd, base, data_offset(program));
}

void program_store(struct program *program, unsigned base)
{
	unsigned rs2 = program_register(program);

	emit_store(&program->emit, program->isa->match[OP_sd], base, rs2, data_offset(program));
}

void program_change(struct program *program, bool set, unsigned csr, u64 bits)
{
	const u32 *match = program->isa->match;

	emit_constant(&program->emit, 25, bits);
	emit_csr(&program->emit, match[set ? OP_csrrs : OP_csrrc], 0, 25, csr);
}

/*
 * Returns an encoding of a row that only computes or accesses memory, with operands of x0 to x20.
 */
static u32 tame(struct program *program, unsigned op)
{
	const struct isa *isa = program->isa;
	enum insn_class class = isa_ops[op].class;
	u64 *seed = program->seed;
	u32 raw = random_row(isa, op, seed);

	raw = (u32)field_set(raw, 31u << 15, below(seed, class_is_fp(class) ? 32 : 21));
	if (isa_ops[op].format == FORMAT_X2F || isa_ops[op].format == FORMAT_XF)
		raw = (u32)field_set(raw, 31u << 15, below(seed, 21));
	if (class != CLASS_STORE && class != CLASS_FSTORE)
		raw = (u32)field_set(raw, 31u << 7, below(seed, 21));
	return (raw & ~isa->mask[op]) | isa->match[op];
}

static bool is_tame(unsigned op)
{
	enum insn_class class = isa_ops[op].class;

	/*
	 * Zcmp's operands are not in fields of 32-bit instructions, and x18 to x27 belong to the
	 * program. HLV and the like have other units, because they would end most units.
	 */
	return op != OP_auipc && isa_ops[op].ext != EXT_zcmp && isa_ops[op].ext != EXT_h &&
	       class != CLASS_BRANCH && class != CLASS_JUMP && class != CLASS_CSR &&
	       class != CLASS_SYSTEM;
}

/*
 * Returns whether a vector store has indices by which it can reach code, page tables or the data of
 * handlers. Indices of eight bits only reach 255 bytes.
 */
static bool stores_far(unsigned op)
{
	return isa_ops[op].class == CLASS_VSTORE && isa_ops[op].format == FORMAT_VINDEXED &&
	       op != OP_vsuxei8_v && op != OP_vsoxei8_v;
}

/*
 * Emits a memory access near a pointer. If the row has no offset, the address is computed before.
 */
static void emit_access(struct program *program, unsigned op)
{
	u64 *seed = program->seed;
	unsigned base = chance(seed, 70) ? 22 : 23;
	enum insn_class class = isa_ops[op].class;
	u32 raw = tame(program, op);

	/* There are at most 128 elements. The handlers end four pages before the address in x22. */
	if (class == CLASS_VSTORE && isa_ops[op].format == FORMAT_VSTRIDED) {
		emit_addi(&program->emit, 26, 0, (s64)below(seed, 256) - 128);
		raw = (u32)field_set(raw, 31u << 20, 26);
	}
	if (isa_ops[op].format == FORMAT_CBO || class == CLASS_AMO) {
		s64 offset = (s64)below(seed, 4096) - 2048;

		emit_addi(&program->emit, 25, base, chance(seed, 95) ? offset & ~7 : offset);
		base = 25;
	}
	if (chance(seed, 2)) { /* to where nothing is */
		emit_shift(&program->emit, program->isa->match[OP_bseti], 25, base,
			   36 + (unsigned)below(seed, 28));
		base = 25;
	}
	raw = (u32)field_set(raw, 31u << 15, base);
	emit(&program->emit, raw);
}

static void emit_compressed(struct program *program)
{
	struct insn insn;
	u16 raw;

	do {
		raw = random_compressed(program->isa, program->seed);
		isa_decode(program->isa, raw, &insn);
	} while (isa_ops[insn.op].class != CLASS_ALU || insn.rd > 20);
	emit(&program->emit, raw);
}

/* Returns a random row. One in ten is a vector instruction, of which a fifth sets vtype. */
static unsigned any_row(u64 *seed)
{
	if (chance(seed, 90))
		return (unsigned)below(seed, OP_vsetivli);
	if (chance(seed, 20))
		return chance(seed, 50) ? OP_vsetivli : OP_vsetvli;
	return OP_vsetivli + (unsigned)below(seed, OP_COUNT - OP_vsetivli);
}

void program_any(struct program *program)
{
	u64 *seed = program->seed;
	enum insn_class class;
	unsigned op;

	if (chance(seed, 15)) {
		emit_compressed(program);
		return;
	}
	do
		op = any_row(seed);
	while (!is_tame(op) || stores_far(op));
	class = isa_ops[op].class;
	if (class_touches_memory(class) || class == CLASS_VLOAD || class == CLASS_VSTORE)
		emit_access(program, op);
	else
		emit(&program->emit, tame(program, op));
}

/* From here on: units. */

void unit_compute(struct program *program)
{
	unsigned count = 4 + (unsigned)below(program->seed, 30);

	while (count--)
		program_any(program);
}

void unit_loop(struct program *program)
{
	struct emit *e = &program->emit;
	u64 top;

	emit_addi(e, 21, 0, 2 + (s64)below(program->seed, 40));
	top = e->pc;
	for (unsigned n = 2 + (unsigned)below(program->seed, 10); n; n--) {
		/* Sometimes the jump is over the next instruction, whatever its length. */
		if (chance(program->seed, 20)) {
			u64 *seed = program->seed;
			unsigned branch = (unsigned)below(seed, 6), rs1 = program_register(program);
			static const u16 branches[] = { OP_beq, OP_bne, OP_blt, OP_bge, OP_bltu,
							OP_bgeu };
			u16 *at = emit_branch(e, program->isa->match[branches[branch]], rs1,
					      program_register(program));

			program_any(program);
			emit_patch_branch(e, at);
			continue;
		}
		program_any(program);
	}
	emit_addi(e, 21, 21, -1);
	emit_branch_to(e, program->isa->match[OP_bne], 21, top);
}

void unit_move(struct program *program)
{
	struct emit *e = &program->emit;

	emit_lui(e, 25, 1 + below(program->seed, PRIVATE_EACH - 1));
	emit_r(e, program->isa->match[OP_add], 22, 24, 25);
}

void unit_lr_sc(struct program *program)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	u64 top;

	emit_addi(e, 26, 23, (s64)below(program->seed, 16) * 8);
	top = e->pc;
	emit_r(e, match[OP_lr_d], 25, 26, 0);
	emit_r(e, match[OP_add], 25, 25, (unsigned)below(program->seed, 21));
	emit_r(e, match[OP_sc_d], 25, 26, 25);
	emit_branch_to(e, match[OP_bne], 25, top);
}

/*
 * Accesses device registers, mtime, and the software interrupt of a hart, in the pages from x28 on.
 */
void unit_device(struct program *program)
{
	struct emit *e = &program->emit;
	u64 *seed = program->seed, page = below(seed, 5);
	unsigned data = program_register(program);

	emit_lui(e, 25, page);
	emit_r(e, program->isa->match[OP_add], 25, 25, 28);
	if (page == 2) { /* msip */
		emit_addi(e, 26, 0, 1);
		emit_store(e, program->isa->match[OP_sw], 25, 26, 4 * below(seed, program->harts));
	} else if (page >= 3) { /* mtimecmp; mtime, at 0xff8 of its page */
		emit_addi(e, 26, 25, page == 3 ? 0 : 0x7fc);
		emit_load(e, program->isa->match[OP_ld], data, 26, page == 3 ? 0 : 0x7fc);
	} else {
		emit_store(e, program->isa->match[OP_sw], 25, data, 4 * below(seed, 32));
		emit_load(e, program->isa->match[OP_lw], data, 25, 4 * below(seed, 32));
	}
}

void unit_mode(struct program *program)
{
	static const u8 modes[] = { PRIV_U, PRIV_S, PRIV_U, PRIV_S, PRIV_M };

	emit_addi(&program->emit, 26, 0, modes[below(program->seed, ARRAY_SIZE(modes))]);
	emit(&program->emit, program->isa->match[OP_ecall]);
}

/*
 * Accesses CSRs that cannot lead the program astray. An access that the mode may not make ends the
 * unit by a trap.
 */
void unit_csr(struct program *program)
{
	static const u16 any[] = { 0x001, 0x002, 0x003, 0xc00, 0xc01, 0xc02, 0xc03, 0x106, 0x10a,
				   0x142, 0x143, 0x144, 0x342, 0x343, 0x344, 0xb00, 0xb02, 0x306,
				   0x320, 0x100, 0x300, 0x301, 0x14d, 0x180, 0x3a0, 0x3b1,
				   0x321, 0x323, 0x324, 0xb03, 0xb04, 0xc04, 0xda0 };
	static const u16 writable = 9; /* of them, from the start */
	const u32 *match = program->isa->match;
	u64 *seed = program->seed;
	unsigned number = any[below(seed, ARRAY_SIZE(any))];
	unsigned rd = (unsigned)below(seed, 21);

	emit_csr(&program->emit, match[OP_csrrs], rd, 0, number);
	number = any[below(seed, writable)];
	emit_csr(&program->emit, match[OP_csrrw], rd, (unsigned)below(seed, 21), number);
	/* This writes some bits of mie or sie, or FS, SUM or MXR of sstatus. */
	emit_lui(&program->emit, 25, chance(seed, 30) ? 0x6 : chance(seed, 60) ? 0x40 : 0x80);
	emit_csr(&program->emit, match[chance(seed, 75) ? OP_csrrs : OP_csrrc], 0, 25, 0x100);
	emit_addi(&program->emit, 25, 0, chance(seed, 50) ? 0x22 : 0x2);
	emit_csr(&program->emit, match[OP_csrrs], 0, 25, 0x104);
}

/* Sets stimecmp to a little after the present time; this needs STCE, and S-mode or M-mode. */
void unit_timer(struct program *program)
{
	const u32 *match = program->isa->match;

	emit_csr(&program->emit, match[OP_csrrs], 25, 0, 0xc01);
	emit_addi(&program->emit, 25, 25, 1 + (s64)below(program->seed, 100));
	emit_csr(&program->emit, match[OP_csrrw], 0, 25, 0x14d);
}

/* Lets counter 4 overflow soon, if it is enabled. Only M-mode can. */
void unit_counter(struct program *program)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	u64 *seed = program->seed;

	emit_addi(e, 25, 0, -1 - (s64)below(seed, 200));
	emit_csr(e, match[OP_csrrw], 0, 25, 0xb04);
	emit_addi(e, 25, 0, 1 + (s64)below(seed, 2));
	if (chance(seed, 40))
		emit_shift(e, match[OP_bseti], 25, 25, (unsigned)(60 + below(seed, 3)));
	emit_csr(e, match[OP_csrrw], 0, 25, 0x324);
	emit_csr(e, match[OP_csrrs], (unsigned)below(seed, 21), 0, 0xb04);
}
/*
 * Emits code that sets x26 to the encoding of an xori with random registers, whose immediate comes
 * from data, so that it differs each time.
 */
static void emit_new_insn(struct program *program)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	u32 word = match[OP_xori] | program_register(program) << 15;

	word |= program_register(program) << 7;
	emit_lui(e, 26, (word + 0x800) >> 12 & 0xfffff);
	emit_load(e, match[OP_addiw], 26, 26, sext(word, 12));
	emit_shift(e, match[OP_slli], 21, program_register(program), 20);
	emit_r(e, match[OP_xor], 26, 26, 21);
}

/* Writes an instruction a few words ahead, or into the routine that all harts call. */
void unit_code(struct program *program)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	u64 *seed = program->seed;
	s64 routine;

	emit_new_insn(program);
	if (chance(seed, 50)) {
		emit(e, match[OP_auipc] | 25u << 7);
		emit_store(e, match[OP_sw], 25, 26, 16);
		emit(e, match[OP_addi]);
		emit(e, chance(seed, 70) ? match[OP_fence_i] : match[OP_addi]);
		emit(e, match[OP_addi]); /* becomes the new one */
		return;
	}
	routine = (s64)(PAGE_AT(ROUTINE) - e->pc);
	emit(e, match[OP_auipc] | (u32)((routine + 0x800) & ~0xfff) | 25u << 7);
	emit_addi(e, 25, 25, sext((u64)routine, 12));
	emit_store(e, match[OP_sw], 25, 26, 8 * (s64)below(seed, 8));
	emit(e, chance(seed, 70) ? match[OP_fence_i] : match[OP_addi]);
	if (chance(seed, 50))
		emit(e, match[OP_jalr] | 25u << 15 | 26u << 7);
	else
		emit(e, encode_jump(match[OP_jal] | 26u << 7, (s64)(PAGE_AT(ROUTINE) - e->pc)));
}

/*
 * Chases pointers: each value that is loaded is the offset of the next one, and is stored back with
 * a change.
 */
void unit_chase(struct program *program)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	unsigned value = 1 + (unsigned)below(program->seed, 20);
	unsigned base = chance(program->seed, 80) ? 22 : 23;
	u64 top;

	emit_addi(e, 21, 0, 2 + (s64)below(program->seed, 30));
	top = e->pc;
	emit_load(e, match[OP_andi], 25, value, 0x7f8);
	emit_r(e, match[OP_add], 25, 25, base);
	emit_load(e, match[OP_ld], value, 25, 0);
	for (unsigned n = (unsigned)below(program->seed, 4); n; n--)
		program_any(program);
	emit_r(e, match[OP_add], 26, value, program_register(program));
	if (chance(program->seed, 60))
		emit_store(e, match[OP_sd], 25, 26, 0);
	emit_addi(e, 21, 21, -1);
	emit_branch_to(e, match[OP_bne], 21, top);
}

/* Calls one of four routines, which is chosen by data. */
void unit_switch(struct program *program)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	u16 *over;
	u64 top;

	emit_addi(e, 21, 0, 1 + (s64)below(program->seed, 20));
	top = e->pc;
	emit_load(e, match[OP_andi], 25, program_register(program), 24);
	emit(e, match[OP_auipc] | 26u << 7);
	emit_r(e, match[OP_add], 25, 25, 26);
	emit(e, match[OP_jalr] | 16u << 20 | 25u << 15 | 26u << 7);
	over = emit_branch(e, match[OP_beq], 0, 0);
	for (unsigned n = 0; n < 4; n++) {
		u32 raw = match[chance(program->seed, 50) ? OP_add : OP_xor];
		unsigned rd = program_register(program), rs1 = program_register(program);

		emit_r(e, raw, rd, rs1, program_register(program));
		emit(e, match[OP_jalr] | 26u << 15);
	}
	emit_patch_branch(e, over);
	emit_addi(e, 21, 21, -1);
	emit_branch_to(e, match[OP_bne], 21, top);
}

void unit_rest(struct program *program)
{
	static const u16 ops[] = { OP_wfi, OP_pause, OP_wrs_nto, OP_wrs_sto, OP_fence_i, OP_ebreak,
				   OP_sfence_w_inval, OP_sfence_inval_ir };

	emit(&program->emit, program->isa->match[ops[below(program->seed, ARRAY_SIZE(ops))]]);
}

void program_emit(struct program *program, const program_unit *units, unsigned count)
{
	struct emit *e = &program->emit;
	u64 start = e->pc;

	for (unsigned n = 0; n < UNITS; n++) {
		u16 *next = emit_here(e);

		emit(e, program->isa->match[OP_auipc] | 27u << 7);
		emit_addi(e, 27, 27, 0);
		units[below(program->seed, count)](program);
		emit_patch_addi(e, next);
	}
	emit_jump(e, start);
	assert_true(e->pc < PAGE_AT(CODE + (program->hart + 1) * CODE_EACH));
}
