/* SPDX-License-Identifier: MIT */
/*
 * The units of a random program and the state its hart starts in; see tier_program.h. Registers:
 * x1..x20 hold data; x21 counts loops; x22 points to private data, x23 to shared data; x24 is
 * where private data begins; x25 and x26 belong to units; x27 is the next unit; x28 the devices;
 * x29 this hart's page-table entries of its private data; x30 and x31 are the handlers'.
 */
#include "tests/cpu/tiers/tier_program.h"

#include "tests/cpu/tiers/tier_emit.h"

#include "cpu/csr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Pages of RAM; per hart unless they are shared. */
enum {
	CODE = 0, CODE_EACH = 32, HANDLERS = 128, PRIVATE = 144, PRIVATE_EACH = 16, SHARED = 208,
	SAVE = 224, ROUTINE = 240, TWINS = 242, TABLES = 256, DEVICES = 500,
};
enum { TABLES_EACH = 8, UNITS = 300, SPACES = 6, SAVED = 4 };

struct program {
	struct emit emit;
	const struct isa *isa;
	u64 *seed;
	unsigned hart;
	unsigned harts;
};

/* A register for data; a doubleword in the first half of a page. */
static unsigned data_register(struct program *program)
{
	return (unsigned)below(program->seed, 21);
}

static s64 data_offset(struct program *program)
{
	return 8 * (s64)below(program->seed, 256);
}

/* From or to the doubleword of data at an offset from base. */
static void emit_data_load(struct program *program, unsigned base)
{
	unsigned rd = data_register(program);

	emit_load(&program->emit, program->isa->match[OP_ld], rd, base, data_offset(program));
}

static void emit_data_store(struct program *program, unsigned base)
{
	unsigned rs2 = data_register(program);

	emit_store(&program->emit, program->isa->match[OP_sd], base, rs2, data_offset(program));
}

static u64 private_base(unsigned hart)
{
	return PAGE_AT(PRIVATE + hart * PRIVATE_EACH);
}

/* A row that only computes or touches memory, with operands of x0..x20. */
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

	/* Zcmp's operands are no fields of 32 bits, and x18 to x27 are the program's own. */
	return op != OP_auipc && isa_ops[op].ext != EXT_zcmp && class != CLASS_BRANCH &&
	       class != CLASS_JUMP && class != CLASS_CSR && class != CLASS_SYSTEM;
}

/* A memory access: near a pointer, or for those without offset at an address made for it. */
static void emit_access(struct program *program, unsigned op)
{
	u64 *seed = program->seed;
	unsigned base = chance(seed, 70) ? 22 : 23;
	enum insn_class class = isa_ops[op].class;
	u32 raw = tame(program, op);

	if (isa_ops[op].format == FORMAT_CBO || class == CLASS_AMO) {
		s64 offset = (s64)below(seed, 4096) - 2048;

		emit_addi(&program->emit, 25, base, chance(seed, 95) ? offset & ~7 : offset);
		base = 25;
	}
	if (chance(seed, 98))
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

static void emit_any(struct program *program)
{
	u64 *seed = program->seed;
	unsigned op;

	if (chance(seed, 15)) {
		emit_compressed(program);
		return;
	}
	do
		op = (unsigned)below(seed, OP_COUNT);
	while (!is_tame(op));
	if (class_touches_memory(isa_ops[op].class))
		emit_access(program, op);
	else
		emit(&program->emit, tame(program, op));
}

/* Units */

static void unit_compute(struct program *program)
{
	unsigned count = 4 + (unsigned)below(program->seed, 30);

	while (count--)
		emit_any(program);
}

static void unit_loop(struct program *program)
{
	struct emit *e = &program->emit;
	u64 top;

	emit_addi(e, 21, 0, 2 + (s64)below(program->seed, 40));
	top = e->pc;
	for (unsigned n = 2 + (unsigned)below(program->seed, 10); n; n--) {
		/* Sometimes over the next instruction, whatever its length. */
		if (chance(program->seed, 20)) {
			u64 *seed = program->seed;
			unsigned branch = (unsigned)below(seed, 6), rs1 = data_register(program);
			static const u16 branches[] = { OP_beq, OP_bne, OP_blt, OP_bge, OP_bltu,
							OP_bgeu };
			u16 *at = emit_branch(e, program->isa->match[branches[branch]],
					      rs1, data_register(program));

			emit_any(program);
			emit_patch_branch(e, at);
			continue;
		}
		emit_any(program);
	}
	emit_addi(e, 21, 21, -1);
	emit_branch_to(e, program->isa->match[OP_bne], 21, top);
}

static void unit_move(struct program *program)
{
	struct emit *e = &program->emit;

	emit_lui(e, 25, 1 + below(program->seed, PRIVATE_EACH - 1));
	emit_r(e, program->isa->match[OP_add], 22, 24, 25);
}

static void unit_lr_sc(struct program *program)
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

/* Device registers, mtime, and the software interrupt of some hart: pages from x28 on. */
static void unit_device(struct program *program)
{
	struct emit *e = &program->emit;
	u64 *seed = program->seed, page = below(seed, 5);
	unsigned data = data_register(program);

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

static void unit_mode(struct program *program)
{
	static const u8 modes[] = { PRIV_U, PRIV_S, PRIV_U, PRIV_S, PRIV_M };

	emit_addi(&program->emit, 26, 0, modes[below(program->seed, ARRAY_SIZE(modes))]);
	emit(&program->emit, program->isa->match[OP_ecall]);
}

/* CSRs that cannot lead the program astray. What the mode may not do ends the unit by a trap. */
static void unit_csr(struct program *program)
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
	/* mie or sie: some bits on; sstatus: FS, SUM or MXR. */
	emit_lui(&program->emit, 25, chance(seed, 30) ? 0x6 : chance(seed, 60) ? 0x40 : 0x80);
	emit_csr(&program->emit, match[chance(seed, 75) ? OP_csrrs : OP_csrrc], 0, 25, 0x100);
	emit_addi(&program->emit, 25, 0, chance(seed, 50) ? 0x22 : 0x2);
	emit_csr(&program->emit, match[OP_csrrs], 0, 25, 0x104);
}

/* stimecmp a little ahead; needs STCE, and S-mode or M-mode. */
static void unit_timer(struct program *program)
{
	const u32 *match = program->isa->match;

	emit_csr(&program->emit, match[OP_csrrs], 25, 0, 0xc01);
	emit_addi(&program->emit, 25, 25, 1 + (s64)below(program->seed, 100));
	emit_csr(&program->emit, match[OP_csrrw], 0, 25, 0x14d);
}

/* Counter 4 is to overflow soon, as far as it is enabled. Only in M-mode. */
static void unit_counter(struct program *program)
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

static void emit_fence_for(struct program *program, unsigned page)
{
	const u32 *match = program->isa->match;
	u32 fence = match[chance(program->seed, 80) ? OP_sfence_vma : OP_sinval_vma];

	if (chance(program->seed, 30)) {
		emit_r(&program->emit, fence, 0, 0, 0);
		return;
	}
	emit_lui(&program->emit, 26, page);
	emit_r(&program->emit, match[OP_add], 26, 26, 24);
	emit_r(&program->emit, fence, 0, 26, 0);
}

/* Edit the entry of a private page, or exchange two; every change is fenced at once. */
static void unit_page(struct program *program)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	u64 *seed = program->seed;
	unsigned page = (unsigned)below(seed, PRIVATE_EACH), other = (page + 1) % PRIVATE_EACH;

	emit_load(e, match[OP_ld], 25, 29, page * 8);
	if (chance(seed, 25)) { /* M-mode's handlers run bare, S-mode's use neither page */
		emit_load(e, match[OP_ld], 26, 29, other * 8);
		emit_store(e, match[OP_sd], 29, 25, other * 8);
		emit_store(e, match[OP_sd], 29, 26, page * 8);
		emit_r(e, match[OP_sfence_vma], 0, 0, 0);
	} else if (chance(seed, 50)) { /* V, R, W, X, U, G, A or D */
		emit(e, match[OP_binvi] | (u32)below(seed, 8) << 20 | 25u << 15 | 25u << 7);
		emit_store(e, match[OP_sd], 29, 25, page * 8);
		emit_fence_for(program, page);
	} else { /* usable again */
		emit(e, match[OP_ori] | 0xd7u << 20 | 25u << 15 | 25u << 7);
		emit_store(e, match[OP_sd], 29, 25, page * 8);
		emit_fence_for(program, page);
	}
	emit_lui(e, 25, page);
	emit_r(e, match[OP_add], 25, 25, 24);
	emit_data_load(program, 25);
	emit_data_store(program, 25);
}

/* Another paging mode or ASID of the same tables: the values are in S-mode's save area. */
static void unit_space(struct program *program)
{
	const u32 *match = program->isa->match;

	emit_csr(&program->emit, match[OP_csrrs], 25, 0, 0x140);
	emit_load(&program->emit, match[OP_ld], 25, 25,
		  8 * (s64)(SAVED + below(program->seed, SPACES)));
	emit_csr(&program->emit, match[OP_csrrw], 0, 25, 0x180);
}

/* x26 = an xori of random registers whose immediate comes from data: new code each time. */
static void emit_new_insn(struct program *program)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	u32 word = match[OP_xori] | data_register(program) << 15;

	word |= data_register(program) << 7;
	emit_lui(e, 26, (word + 0x800) >> 12 & 0xfffff);
	emit_load(e, match[OP_addiw], 26, 26, sext(word, 12));
	emit_shift(e, match[OP_slli], 21, data_register(program), 20);
	emit_r(e, match[OP_xor], 26, 26, 21);
}

/* Write an instruction a few words ahead, or into the routine that all harts call. */
static void unit_code(struct program *program)
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

/* Exchange two pages of code, fence exactly their addresses, and call the first. */
static void unit_twins(struct program *program)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	unsigned page = TWINS + 2 * program->hart - PRIVATE - PRIVATE_EACH * program->hart;

	emit_load(e, match[OP_ld], 25, 29, page * 8);
	emit_load(e, match[OP_ld], 26, 29, page * 8 + 8);
	emit_store(e, match[OP_sd], 29, 26, page * 8);
	emit_store(e, match[OP_sd], 29, 25, page * 8 + 8);
	for (unsigned n = 2; n-- > 0;) {
		emit_lui(e, 26, page + n);
		emit_r(e, match[OP_add], 26, 26, 24);
		emit_r(e, match[OP_sfence_vma], 0, 26, 0);
	}
	emit_addi(e, 25, 26, 0);
	emit(e, match[OP_jalr] | 25u << 15 | 26u << 7);
}

/* Change the rights of a superpage of data, fence some address in it, and use another. */
static void unit_superpage(struct program *program)
{
	static const u8 flags[] = { 0, 1, 2, 4, 7 }; /* V, R, W, U, D */
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	u64 *seed = program->seed;
	s64 entry = 8 - 8 * (s64)(PRIVATE + PRIVATE_EACH * program->hart);

	emit_shift(e, match[OP_bseti], 26, 24, 21);
	emit_data_load(program, 26);
	emit_lui(e, 25, 1);
	emit_r(e, match[OP_add], 25, 25, 29);
	emit_load(e, match[OP_ld], 26, 25, entry);
	if (chance(seed, 40))
		emit_shift(e, match[OP_binvi], 26, 26, flags[below(seed, ARRAY_SIZE(flags))]);
	else
		emit_load(e, match[OP_ori], 26, 26, 0xd7);
	emit_store(e, match[OP_sd], 25, 26, entry);
	emit_addi(e, 26, 0, 0x401);
	emit_shift(e, match[OP_slli], 26, 26, 21);
	emit_lui(e, 25, below(seed, 512));
	emit_r(e, match[OP_add], 26, 26, 25);
	emit_r(e, match[OP_sfence_vma], 0, 26, 0);
	emit_shift(e, match[OP_bseti], 26, 24, 21);
	emit_data_store(program, 26);
	emit_data_load(program, 26);
}

static void unit_rest(struct program *program)
{
	static const u16 ops[] = { OP_wfi, OP_pause, OP_wrs_nto, OP_wrs_sto, OP_fence_i, OP_ebreak,
				   OP_sfence_w_inval, OP_sfence_inval_ir };

	emit(&program->emit, program->isa->match[ops[below(program->seed, ARRAY_SIZE(ops))]]);
}

static void (*const units[])(struct program *program) = {
	unit_compute, unit_compute, unit_compute, unit_loop, unit_loop, unit_loop, unit_loop,
	unit_move, unit_lr_sc, unit_device, unit_mode, unit_mode, unit_csr, unit_timer,
	unit_counter, unit_page, unit_page, unit_space, unit_code, unit_code, unit_twins,
	unit_superpage, unit_rest,
};

static void emit_program(struct program *program)
{
	struct emit *e = &program->emit;
	u64 start = e->pc;

	for (unsigned n = 0; n < UNITS; n++) {
		u16 *next = emit_here(e);

		emit(e, program->isa->match[OP_auipc] | 27u << 7);
		emit_addi(e, 27, 27, 0);
		units[below(program->seed, ARRAY_SIZE(units))](program);
		emit_patch_addi(e, next);
	}
	emit_jump(e, start);
	assert_true(e->pc < PAGE_AT(CODE + (program->hart + 1) * CODE_EACH));
}

/* Memory and the harts' state */

#define LEAF_S 0xcfull /* V R W X A D */
#define LEAF_U 0xd7ull /* V R W U A D */

static void make_tables(struct pair *pair, unsigned hart)
{
	u64 *root = (u64 *)(pair->tables + hart * TABLES_EACH * PAGE_SIZE);
	u64 base = TABLES_BASE + hart * TABLES_EACH * PAGE_SIZE;
	u64 *sv48 = root + 512, *sv39 = root + 1024, *middle = root + 1536, *last = root + 2048;
	static const u64 devices[] = { BYTES_BASE, WORDS_BASE, CLINT_BASE, CLINT_BASE + 0x4000,
				       CLINT_BASE + 0xb000 };

	root[0] = (base + PAGE_SIZE) >> 2 | 1;
	sv48[0] = (base + 2 * PAGE_SIZE) >> 2 | 1;
	sv39[2] = (base + 3 * PAGE_SIZE) >> 2 | 1;
	middle[0] = (base + 4 * PAGE_SIZE) >> 2 | 1;
	middle[1] = RAM_BASE >> 2 | LEAF_U;
	middle[2] = RAM_BASE >> 2 | LEAF_S | 0x10;
	for (unsigned n = 0; n < 512; n++)
		last[n] = PAGE_AT(n) >> 2 | LEAF_S;
	for (unsigned n = PRIVATE; n < SAVE; n++)
		last[n] = PAGE_AT(n) >> 2 | LEAF_U;
	last[TABLES] = (base + 4 * PAGE_SIZE) >> 2 | LEAF_S;
	last[TABLES + 1] = (base + 3 * PAGE_SIZE) >> 2 | LEAF_S;
	for (unsigned n = 0; n < ARRAY_SIZE(devices); n++)
		last[DEVICES + n] = devices[n] >> 2 | LEAF_U;
}

/* Data of all harts, a routine of nops and small ones per hart, which return by x26. */
static void make_shared(struct pair *pair, const struct isa *isa, u64 *seed)
{
	u64 *words = (u64 *)pair->ram;
	u32 *routine = (u32 *)(pair->ram + ROUTINE * PAGE_SIZE);

	for (u64 at = PRIVATE * PAGE_SIZE; at < SAVE * PAGE_SIZE; at += 8)
		words[at / 8] = chance(seed, 50) ? random_float(seed) : random_value(seed);
	for (unsigned n = 0; n < 16; n++)
		routine[n] = isa->match[OP_addi];
	routine[16] = isa->match[OP_jalr] | 26u << 15;
	for (unsigned n = 0; n < 2 * PROGRAM_HARTS_MAX; n++) {
		routine = (u32 *)(pair->ram + (TWINS + n) * PAGE_SIZE);
		routine[0] = isa->match[OP_addi] | (n * 16 + 7) << 20 | 5u << 15 | 5u << 7;
		routine[1] = isa->match[OP_jalr] | 26u << 15;
	}
}

static u64 satp_of(unsigned hart, unsigned choice)
{
	static const u8 modes[] = { SATP_SV39, SATP_SV48, SATP_SV57 };
	u64 base = TABLES_BASE + hart * TABLES_EACH * PAGE_SIZE;

	return (u64)modes[choice % 3] << 60 | (u64)(choice / 3) << 44 |
	       ((base >> PAGE_SHIFT) + 2 - choice % 3);
}

static void start_hart(struct pair *pair, unsigned n, u64 *seed)
{
	struct hart *hart = pair->m[0].harts.hart[n];
	struct sbank *s = &hart->s[BANK_HS];
	u64 hole = private_base(n) + below(seed, PRIVATE_EACH * 512) * 8;

	hart->pc = PAGE_AT(CODE + n * CODE_EACH);
	hart->mtvec = PAGE_AT(HANDLERS + 2 * n);
	s->tvec = PAGE_AT(HANDLERS + 2 * n + 1);
	hart->mscratch = PAGE_AT(SAVE + 2 * n);
	s->scratch = PAGE_AT(SAVE + 2 * n + 1);
	hart->medeleg = random_u64(seed) & 0xb0fd;
	hart->mideleg = random_u64(seed) & 0x2022;
	hart->mie = 0x88 | (random_u64(seed) & 0x2822);
	hart->pmu.event[3] = pmu_selector((enum pmu_event)below(seed, PMU_EVENTS)) |
			     (random_u64(seed) & random_u64(seed) & MHPMEVENT_FILTER);
	hart->pmu.count[3] = -below(seed, 1000) - 1;
	hart->mnstatus = MNSTATUS_NMIE;
	hart->mstatus = MSTATUS_MIE | MSTATUS_SUM | MSTATUS_FS;
	hart->menvcfg = MENVCFG_STCE | MENVCFG_CBIE | MENVCFG_CBCFE | MENVCFG_CBZE |
			(chance(seed, 50) ? MENVCFG_ADUE : 0);
	hart->senvcfg = MENVCFG_CBCFE | MENVCFG_CBZE;
	hart->mcounteren = hart->scounteren = chance(seed, 70) ? UINT32_MAX : 2;
	s->atp = satp_of(n, (unsigned)below(seed, SPACES));
	hart->pmp.addr[15] = PMP_ADDR_MASK;
	hart->pmp.cfg[15] = PMP_NAPOT << 3 | PMP_R | PMP_W | PMP_X;
	hart->pmp.addr[3] = hole >> 2;
	hart->pmp.cfg[3] = PMP_NA4 << 3 | PMP_R;
	for (unsigned r = 1; r < 21; r++)
		hart->x[r] = random_value(seed);
	for (unsigned r = 0; r < 32; r++)
		hart->f[r] = random_float(seed);
	hart->x[22] = private_base(n) + PAGE_SIZE;
	hart->x[23] = PAGE_AT(SHARED + 1);
	hart->x[24] = private_base(n);
	hart->x[28] = PAGE_AT(DEVICES);
	hart->x[29] = PAGE_AT(TABLES) + (PRIVATE + n * PRIVATE_EACH) * 8;
	pair->m[0].clint.mtimecmp[n] = below(seed, 100);
}

static void make_hart(struct pair *pair, unsigned n, u64 *seed)
{
	struct program program = {
		.isa = &pair->m[0].harts.isa, .seed = seed, .hart = n,
		.harts = pair->m[0].harts.count,
	};
	unsigned period = 5 + (unsigned)below(seed, 300);
	u64 *save_m = (u64 *)(pair->ram + (SAVE + 2 * n) * PAGE_SIZE);
	u64 *save_s = save_m + PAGE_SIZE / 8;

	emit_start(&program.emit, program.isa, pair->ram, PAGE_AT(CODE + n * CODE_EACH));
	emit_program(&program);
	emit_start(&program.emit, program.isa, pair->ram, PAGE_AT(HANDLERS + 2 * n));
	emit_handler_m(&program.emit, period);
	emit_start(&program.emit, program.isa, pair->ram, PAGE_AT(HANDLERS + 2 * n + 1));
	emit_handler_s(&program.emit, period);
	save_m[2] = CLINT_BASE + 0x4000 + 8 * n;
	save_m[3] = CLINT_BASE + 4 * n;
	make_tables(pair, n);
	for (unsigned choice = 0; choice < SPACES; choice++)
		save_s[SAVED + choice] = satp_of(n, choice);
}

void program_make(struct pair *pair, u64 seed)
{
	unsigned harts = pair->m[0].harts.count;

	assert_true(harts <= PROGRAM_HARTS_MAX);
	memset(pair->ram, 0, RAM_SIZE);
	memset(pair->tables, 0, TABLES_SIZE);
	make_shared(pair, &pair->m[0].harts.isa, &seed);
	for (unsigned n = 0; n < harts; n++)
		make_hart(pair, n, &seed);
	pair_commit(pair);
	pair_begin(pair);
	for (unsigned n = 0; n < harts; n++)
		start_hart(pair, n, &seed);
	pair_mirror(pair);
}
