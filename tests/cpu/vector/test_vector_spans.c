/* SPDX-License-Identifier: MIT */
/*
 * Tests programs of indexed loads and stores over many pages, whose spans (cpu/hart/tlb_view.h)
 * native code caches. The programs change the page table entries of these pages, by scalar and
 * vector stores, with fences and without; their address space; and code in the last of the pages.
 * The trap handler continues after the instruction. Native code, for the host and for one without
 * AVX-512, does what the interpreter does, and marks the pages that it writes as dirty.
 */
#include "cpu/jit/impl.h"
#include "cpu/mmu/tlb.h"
#include "tests/cpu/jit/native.h"
#include "tests/cpu/tables.h"
#include "tests/cpu/vector/blocks.h"
#include "tests/part.h"

#define PROGRAMS 700
#define INSNS_MOST 96
#define SPACES 2
#define STEPS_MOST 3000

/*
 * Virtual addresses of the program, of the pages with data and the one with code, and of their
 * entries.
 */
#define CODE 0x40000000ull
#define WINDOW 0x40100000ull
#define PAGES 12u
#define CALLED (WINDOW + PAGES * PAGE_SIZE)
#define ENTRIES 0x40200000ull

/* The parts of RAM: the tables, and then all the rest, which is compared. */
#define TABLES (128 * KiB) /* for each address space */
#define COMPARED (8 * MiB)
#define CODE_PA (RAM_BASE + COMPARED)
#define HANDLER_PA (RAM_BASE + 9 * MiB)
#define DATA_PA (RAM_BASE + 10 * MiB)
#define OTHER_PA (RAM_BASE + 11 * MiB)
#define COMPARED_BYTES (4 * MiB)

#define LEAF (PTE_V | PTE_R | PTE_W | PTE_A | PTE_D)
#define ADDI 0x000a8a93u /* s5, s5, 0 */
#define ADDI_1 0x100000u
#define RET 0x00008067u

/* x registers, besides those of blocks.h. */
enum { TABLE = 16, ENTRY, ONE = 20, WORD = 22, TWICE, AT_CALLED, BY_4, USER, SATP, BY = 29, BY_8 };

struct side {
	struct native_machine native;
	struct hart *hart;
	bool has_avx512;
	struct stage stage[SPACES];
	struct tables tables[SPACES];
};

struct start {
	u64 vl, x[32];
	u8 v[VECTOR_REGISTERS * VLENB_MAX];
};

static u64 leaf(u64 pa, u64 flags)
{
	return pa >> 2 | flags;
}

static u8 *compared(const struct side *side)
{
	return side->native.machine->ram.host + COMPARED;
}

static void put(struct side *side, u64 pa, const void *bytes, size_t count)
{
	assert_true(bus_dma_write(&side->native.machine->platform.bus, pa, bytes, count));
}

/*
 * Gives the pages with data their initial entries; in one address space each two pages are swapped.
 */
static void map_window(struct side *side)
{
	for (unsigned space = 0; space < SPACES; space++) {
		for (unsigned n = 0; n < PAGES; n++) {
			u64 entry = leaf(DATA_PA + (n ^ space) * PAGE_SIZE, LEAF);

			put(side, tables_entry_pa(&side->tables[space], WINDOW + n * PAGE_SIZE, 0),
			    &entry, sizeof(entry));
		}
	}
}

/* Writes the code in the last page; the write makes it a page of data until it is called again. */
static void put_called(struct side *side)
{
	u32 called[PAGE_SIZE / 8];

	for (unsigned n = 0; n < ARRAY_SIZE(called); n++)
		called[n] = n < ARRAY_SIZE(called) - 1 ? ADDI + ADDI_1 : RET;
	put(side, DATA_PA + PAGES * PAGE_SIZE, called, sizeof(called));
}

static void make_space(struct side *side, unsigned space)
{
	struct tables *tables = &side->tables[space];

	tables_init_at(tables, side->native.machine, &side->stage[space], 3, space * TABLES);
	tables_map(tables, CODE, 0, leaf(CODE_PA, LEAF | PTE_X));
	tables_map(tables, CALLED, 0, leaf(DATA_PA + PAGES * PAGE_SIZE, LEAF | PTE_X));
	tables_map(tables, ENTRIES, 0, leaf(tables_page(tables, WINDOW, 0), LEAF));
}

static void setup(struct side *side, unsigned vlen)
{
	/* csrr t6, mepc; addi t6, t6, 4; csrw mepc, t6; csrwi vstart, 0; mret */
	static const u32 handler[] = { 0x34102ff3, 0x004f8f93, 0x341f9073, 0x00805073, 0x30200073 };

	memset(side, 0, sizeof(*side));
	native_setup(&side->native);
	side->hart = &side->native.machine->hart;
	side->hart->vector.config.vlen = vlen;
	side->hart->vector.vlenb = vlen / 8;
	side->hart->mtvec = HANDLER_PA;
	side->has_avx512 = side->native.jit->host.has_avx512;
	side->hart->menvcfg |= MENVCFG_ADUE;
	machine_open_pmp(side->native.machine);
	for (unsigned space = 0; space < SPACES; space++)
		make_space(side, space);
	put(side, HANDLER_PA, handler, sizeof(handler));
}

static u32 random_fence(struct block_maker *maker)
{
	u32 reg = BLOCK_ADDRESS + (u32)block_pick(maker, 4);

	return 0x12000073 | (block_pick(maker, 2) ? reg << 15 : 0); /* sfence.vma reg */
}

/* vmv.v.x v24, x; a store with a stride of v24 */
static unsigned store_all(u32 *to, u32 x, u32 width, u32 at, u32 stride)
{
	to[0] = 0x5e004057 | 24 << 7 | x << 15;
	to[1] = 0x0a000027 | 24 << 7 | width << 12 | at << 15 | stride << 20;
	return 2;
}

/*
 * Stores code twice by one instruction, calls it, and changes the word that is stored the next
 * time.
 */
static unsigned call_changed(u32 *to)
{
	store_all(to, WORD, 6, AT_CALLED, BY_4);
	to[2] = 0x00104013 | TWICE << 15 | TWICE << 7; /* xori */
	to[3] = 0xfe001ce3 | TWICE << 15; /* bnez, to the store */
	to[4] = 0x0000100f; /* fence.i */
	to[5] = 0x000000e7 | AT_CALLED << 15; /* jalr */
	to[6] = 0x00000033 | WORD << 7 | WORD << 15 | ONE << 20; /* add */
	return 7;
}

/* Makes instructions that change entries or code, or which pages are accessed. Returns how many. */
static unsigned random_change(struct block_maker *maker, u32 *to)
{
	u32 entry = ENTRY + (u32)block_pick(maker, 3), n = 8 * (u32)block_pick(maker, PAGES);
	unsigned sew = maker->vtype >> 3 & 3;

	switch (block_pick(maker, 12)) {
	case 0:
	case 1:
	case 2: /* sd */
		to[0] = 0x00003023 | TABLE << 15 | entry << 20 | (n >> 5) << 25 | (n & 31) << 7;
		to[1] = block_pick(maker, 2) ? random_fence(maker) : BLOCK_NOP;
		return 2;
	case 3: /* csrs or csrc sstatus */
		to[0] = 0x10002073 | USER << 15 | (u32)block_pick(maker, 2) << 12;
		return 1;
	case 4: /* csrw satp */
		to[0] = 0x18001073 | (SATP + (u32)block_pick(maker, SPACES)) << 15;
		return 1;
	case 5:
	case 6:
		if (sew == 3)
			return store_all(to, entry, 7, TABLE, BY_8);
		return call_changed(to);
	default: /* xor */
		to[0] = 0x00004033 | BY << 20;
		n = BLOCK_ADDRESS + (u32)block_pick(maker, 4);
		to[0] |= n << 7 | n << 15;
		return 1;
	}
}

/* Makes a program that does not end. Returns its length. */
static unsigned make_program(struct block_maker *maker, u32 *insn)
{
	unsigned count = 10 + (unsigned)block_pick(maker, 70), n = 0;
	u32 back;

	while (n < count) {
		u64 kind = block_pick(maker, 100);

		if (kind < 30)
			insn[n++] = block_vector(maker, true);
		else if (kind < 65)
			n += block_indexed(maker, insn + n);
		else if (kind < 78)
			insn[n++] = block_scalar(maker);
		else if (kind < 92)
			n += random_change(maker, insn + n);
		else if (kind < 96)
			insn[n++] = block_branch(maker, 1 + (int)block_pick(maker, 6));
		else
			insn[n] = block_branch(maker, -(int)block_pick(maker, n + 1)), n++;
	}
	for (unsigned last = n + 6; n < last;)
		insn[n++] = BLOCK_NOP;
	back = 0 - 4 * n;
	insn[n++] = 0x0000006f | (back >> 20 & 1) << 31 | (back >> 1 & 1023) << 21 |
		    (back >> 11 & 1) << 20 | (back >> 12 & 255) << 12; /* jal x0 */
	return n;
}

static u64 random_entry(struct block_maker *maker)
{
	static const u8 flags[] = {
		LEAF, LEAF,         LEAF, LEAF & ~PTE_W, LEAF & ~PTE_D, LEAF & ~(PTE_A | PTE_D),
		0,    LEAF | PTE_U,
	};
	u64 pa = (block_pick(maker, 2) ? DATA_PA : OTHER_PA) + block_pick(maker, PAGES) * PAGE_SIZE;

	return leaf(pa, flags[block_pick(maker, ARRAY_SIZE(flags))]);
}

static void make_addresses(struct block_maker *maker, u64 *x)
{
	static const u32 masks[] = { 0x3ff8, 0x7ff8, 0x3ff, 0x3ffc, 0xfff8, 0x1ff8, 0x1ffff };
	static const s64 strides[] = { 4096, 4104, 1024, 264, 2048, -4096, 4100, 8200, 8, 512 };
	static const u32 moves[] = { 0x1000, 0x2000, 0x3000, 0x4000, 0x5008, 0x7ff8, 0x8000 };

	for (unsigned n = 0; n < 4; n++) {
		x[BLOCK_NUMBER + n] = block_pick(maker, 70);
		x[BLOCK_ADDRESS + n] = WINDOW + 8 * block_pick(maker, PAGES * PAGE_SIZE / 8);
	}
	x[BLOCK_MASK] = masks[block_pick(maker, ARRAY_SIZE(masks))];
	x[BLOCK_STRIDE] = (u64)strides[block_pick(maker, ARRAY_SIZE(strides))];
	x[BLOCK_COUNT] = 1 + block_pick(maker, 30);
	x[BY] = moves[block_pick(maker, ARRAY_SIZE(moves))];
}

static void make_state(struct block_maker *maker, const struct side *side, struct start *state)
{
	u64 *x = state->x;

	memset(state, 0, sizeof(*state));
	make_addresses(maker, x);
	x[TABLE] = ENTRIES + (WINDOW >> PAGE_SHIFT) % 512 * 8;
	for (unsigned n = 0; n < 3; n++)
		x[ENTRY + n] = random_entry(maker);
	x[ONE] = ADDI_1;
	x[WORD] = ADDI + ADDI_1 * block_pick(maker, 1000);
	x[AT_CALLED] = CALLED;
	x[BY_4] = 4;
	x[BY_8] = 8;
	x[USER] = MSTATUS_SUM;
	for (unsigned n = 0; n < SPACES; n++)
		x[SATP + n] = 8ull << 60 | (32 * n + block_pick(maker, 32)) << 44 |
			      side->stage[n].root >> PAGE_SHIFT;
	for (size_t n = 0; n < sizeof(state->v); n++)
		state->v[n] = (u8)random_u64(&maker->seed);
}

static void set_state(struct side *side, const struct block_maker *maker, const struct start *state)
{
	struct hart *hart = side->hart;

	memcpy(hart->x, state->x, sizeof(state->x));
	memcpy(hart->vector.v, state->v, sizeof(state->v));
	hart->vector.vl = state->vl;
	hart->vector.vtype = maker->vtype;
	hart->vector.key = hart_vector_key(maker->vtype);
	hart->vector.vstart = 0;
	hart->pc = CODE;
	hart->priv = PRIV_S;
	hart->s[BANK_HS].atp = state->x[SATP];
	csr_set_mstatus(hart, MSTATUS_FS | MSTATUS_VS);
	hart_regime_changed(hart);
}

static bool are_same(const struct side *a, const struct side *b)
{
	const struct hart *one = a->hart, *other = b->hart;

	return one->pc == other->pc && one->steps == other->steps &&
	       !memcmp(one->x, other->x, 32 * sizeof(u64)) &&
	       !memcmp(one->f, other->f, sizeof(one->f)) &&
	       !memcmp(one->vector.v, other->vector.v, sizeof(one->vector.v)) &&
	       one->vector.vl == other->vector.vl && one->vector.vstart == other->vector.vstart &&
	       !memcmp(a->native.machine->ram.host, b->native.machine->ram.host, SPACES * TABLES) &&
	       !memcmp(compared(a), compared(b), COMPARED_BYTES);
}

/*
 * Runs native code with no page marked dirty, and checks that all pages that it changes are marked.
 */
static void run_marked(struct side *side, u64 steps)
{
	static u8 before[COMPARED_BYTES];
	struct ram *ram = &side->native.machine->ram;

	ram_clean(ram);
	tlb_forget_writes(side->hart->tlb);
	memcpy(before, compared(side), sizeof(before));
	hart_run(side->hart, jit_run, steps);
	for (size_t at = 0; at < COMPARED_BYTES; at += PAGE_SIZE)
		if (memcmp(before + at, compared(side) + at, PAGE_SIZE) != 0)
			assert_true(ram->dirty[(COMPARED + at) / PAGE_SIZE]);
}

static void check_program(struct side *sides, struct block_maker *maker)
{
	unsigned vlenb = sides->hart->vector.vlenb, count;
	u32 code[INSNS_MOST];
	struct start state;
	u64 vl = block_make_vtype(maker, 8, vlenb), steps;
	bool maps = block_pick(maker, 2);

	sides[1].native.jit->host.has_avx512 = sides[1].has_avx512 && block_pick(maker, 3);
	make_state(maker, sides, &state);
	state.vl = vl;
	count = make_program(maker, code);
	steps = 500 + block_pick(maker, STEPS_MOST);
	for (unsigned n = 0; n < 2; n++) {
		if (maps)
			map_window(&sides[n]);
		put_called(&sides[n]);
		put(&sides[n], CODE_PA, code, count * sizeof(*code));
		set_state(&sides[n], maker, &state);
	}
	hart_run(sides[0].hart, interp_run, 2 * steps);
	hart_run(sides[1].hart, jit_run, steps);
	run_marked(&sides[1], steps);
	if (are_same(&sides[0], &sides[1]))
		return;
	block_print(maker, code, count);
	fail_msg("VLEN %u, vtype %llx, vl %llu, %llu steps: at %llx and %llx", 8 * vlenb,
		 maker->vtype, vl, 2 * steps, sides[0].hart->pc, sides[1].hart->pc);
}

static void test_spans(void **unused)
{
	struct side *sides = calloc(2, sizeof(*sides));

	assert_non_null(sides);
	for (unsigned vlen = 128; vlen <= 1024; vlen *= 2) {
		struct block_maker maker;

		for (unsigned n = 0; n < 2; n++) {
			setup(&sides[n], vlen);
			map_window(&sides[n]);
		}
		block_maker_init(&maker, &sides->native.machine->isa, vlen + 3);
		for (unsigned n = 0; n < part_of(PROGRAMS); n++)
			check_program(sides, &maker);
		for (unsigned n = 0; n < 2; n++)
			native_teardown(&sides[n].native);
	}
	free(sides);
}

const struct CMUnitTest unit_tests[] = { cmocka_unit_test(test_spans), { 0 } };
