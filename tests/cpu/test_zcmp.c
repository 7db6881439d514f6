/* SPDX-License-Identifier: MIT */
/*
 * Tests Zcmp and Zcmt: each list of cm.push and cm.pop against the manual's tables, written here as
 * lists of registers; that a fault leaves sp and can be repeated; the moves; and jumps through a
 * table, whose entries are fetched.
 */
#include "tests/cpu/tables.h"

#define EMBEDDED ext_with(ext_without(EXT_TOGETHER, EXT_c, EXT_zcd), EXT_zcmp, EXT_zcmt)
#define CODE (RAM_BASE + 0x100000)
#define STACK (RAM_BASE + 0x201000)
#define JVT 0x017
#define POISON 0x5a5a5a5a5a5a5a5aull

enum { PUSH = 0xb802, POP = 0xba02, POPRETZ = 0xbc02, POPRET = 0xbe02 };
enum { RA = 1, SP = 2, A0 = 10, A1 = 11 };

/*
 * The lists of cm.push in the unprivileged manual, with rlist from 4 on; registers are from the
 * highest address down.
 */
static const struct {
	u8 regs[14];
	u8 base; /* stack_adj when spimm is 0 */
} lists[] = {
	{ { 1 }, 16 },
	{ { 8, 1 }, 16 },
	{ { 9, 8, 1 }, 32 },
	{ { 18, 9, 8, 1 }, 32 },
	{ { 19, 18, 9, 8, 1 }, 48 },
	{ { 20, 19, 18, 9, 8, 1 }, 48 },
	{ { 21, 20, 19, 18, 9, 8, 1 }, 64 },
	{ { 22, 21, 20, 19, 18, 9, 8, 1 }, 64 },
	{ { 23, 22, 21, 20, 19, 18, 9, 8, 1 }, 80 },
	{ { 24, 23, 22, 21, 20, 19, 18, 9, 8, 1 }, 80 },
	{ { 25, 24, 23, 22, 21, 20, 19, 18, 9, 8, 1 }, 96 },
	{ { 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 9, 8, 1 }, 112 },
};

static u32 zcmp_encode(u32 base, unsigned list, unsigned spimm)
{
	return base | (list + 4) << 4 | spimm << 2;
}

static void fill_registers(struct hart *hart, u64 value)
{
	for (unsigned n = 1; n < 32; n++)
		hart->x[n] = value + n;
	hart->x[SP] = STACK;
}

static void fill_stack(struct machine *machine)
{
	for (u64 at = STACK - 256; at < STACK + 256; at += 8)
		*machine_ram(machine, at) = at;
}

static void check_push(struct machine *machine, unsigned list, unsigned spimm)
{
	u64 *x = machine->hart.x;
	unsigned count = 0;

	fill_registers(&machine->hart, 0x1111000000000000);
	fill_stack(machine);
	assert_true(machine_step(machine, CODE, zcmp_encode(PUSH, list, spimm)));
	assert_int_equal(machine->hart.pc, CODE + 2);
	for (; lists[list].regs[count]; count++)
		assert_int_equal(*machine_ram(machine, STACK - 8 - 8 * count),
				 0x1111000000000000 + lists[list].regs[count]);
	/* Nothing around the list is stored. */
	assert_int_equal(*machine_ram(machine, STACK), STACK);
	assert_int_equal(*machine_ram(machine, STACK - 8 - 8 * count), STACK - 8 - 8 * count);
	assert_int_equal(x[SP], STACK - lists[list].base - 16 * spimm);
	for (unsigned n = 1; n < 32; n++)
		if (n != SP)
			assert_int_equal(x[n], 0x1111000000000000 + n);
}

static void check_pop(struct machine *machine, u32 base, unsigned list, unsigned spimm)
{
	u64 *x = machine->hart.x, top = STACK + lists[list].base + 16 * spimm, want[32];

	fill_registers(&machine->hart, 0x2222000000000000);
	fill_stack(machine);
	memcpy(want, x, sizeof(want));
	for (unsigned n = 0; lists[list].regs[n]; n++)
		want[lists[list].regs[n]] = top - 8 - 8 * n;
	want[SP] = top;
	if (base == POPRETZ)
		want[A0] = 0;
	/* ra has bit 0 set, which is cleared by the jump. */
	if (base != POP) {
		unsigned ra = 0;

		while (lists[list].regs[ra + 1])
			ra++;
		*machine_ram(machine, top - 8 - 8 * ra) = want[RA] = CODE + 0x101;
	}
	assert_true(machine_step(machine, CODE, zcmp_encode(base, list, spimm)));
	assert_int_equal(machine->hart.pc, base == POP ? CODE + 2 : CODE + 0x100);
	assert_memory_equal(x + 1, want + 1, sizeof(want) - 8);
}

static void test_lists(void **unused)
{
	struct machine *machine = machine_create(EMBEDDED);

	for (unsigned list = 0; list < ARRAY_SIZE(lists); list++)
		for (unsigned spimm = 0; spimm < 4; spimm++) {
			check_push(machine, list, spimm);
			check_pop(machine, POP, list, spimm);
			check_pop(machine, POPRET, list, spimm);
			check_pop(machine, POPRETZ, list, spimm);
		}
	machine_free(machine);
}

/*
 * Sets up S-mode with Sv39; the page below STACK's page is missing, so that lists break in the
 * middle.
 */
static void setup_faults(struct machine *machine, struct tables *tables)
{
	static struct stage stage;

	machine_open_pmp(machine);
	tables_init(tables, machine, &stage, 3);
	for (u64 page = CODE; page < CODE + 0x2000; page += PAGE_SIZE)
		tables_map(tables, page, 0, page >> 2 | 0xcf);
	tables_map(tables, STACK, 0, STACK >> 2 | 0xc7);
	tables_map(tables, STACK - PAGE_SIZE, 0, 0);
	machine->hart.s[BANK_HS].atp = 8ull << 60 | stage.root >> 12;
	machine->hart.priv = PRIV_S;
	hart_regime_changed(&machine->hart);
}

/*
 * A list that faults in the middle changes no register and reports the address. It works when the
 * page exists.
 */
static void test_faults(void **unused)
{
	static const u32 ops[] = { PUSH, POP, POPRET, POPRETZ };
	struct machine *machine = machine_create(EMBEDDED);
	struct hart *hart = &machine->hart;
	struct tables tables;
	u64 before[32];

	setup_faults(machine, &tables);
	for (unsigned n = 0; n < ARRAY_SIZE(ops); n++) {
		bool push = ops[n] == PUSH;
		/* Three of thirteen registers lie above the page's start. */
		u64 top = STACK + 24;

		fill_stack(machine);
		*machine_ram(machine, top - 13 * 8) = CODE + 0x100; /* ra */
		fill_registers(hart, 0x3333000000000000);
		hart->x[SP] = push ? top : top - 112;
		memcpy(before, hart->x, sizeof(before));
		tables_map(&tables, STACK - PAGE_SIZE, 0, 0);
		hart->priv = PRIV_S;
		hart_regime_changed(hart);
		assert_false(machine_step(machine, CODE, zcmp_encode(ops[n], 11, 0)));
		assert_int_equal(hart->mcause, push ? 15 : 13);
		assert_int_equal(hart->mtval, STACK - 8);
		assert_int_equal(hart->mepc, CODE);
		assert_memory_equal(hart->x + 1, before + 1, sizeof(before) - 8);
		/* The instruction is repeated after the page was mapped. */
		tables_map(&tables, STACK - PAGE_SIZE, 0, (STACK - PAGE_SIZE) >> 2 | 0xc7);
		hart->priv = PRIV_S;
		hart_regime_changed(hart);
		assert_true(machine_step(machine, CODE, zcmp_encode(ops[n], 11, 0)));
		assert_int_equal(hart->x[SP], push ? top - 112 : top);
		assert_int_equal(*machine_ram(machine, top - 13 * 8),
				 push ? before[RA] : CODE + 0x100);
		assert_int_equal(hart->x[RA], push ? before[RA] : CODE + 0x100);
	}
	machine_free(machine);
}

static void test_moves(void **unused)
{
	static const u8 saved[8] = { 8, 9, 18, 19, 20, 21, 22, 23 };
	struct machine *machine = machine_create(EMBEDDED);
	u64 *x = machine->hart.x;

	for (u32 one = 0; one < 8; one++)
		for (u32 two = 0; two < 8; two++) {
			u32 raw = 0xac22 | one << 7 | two << 2;

			fill_registers(&machine->hart, 100);
			assert_int_equal(machine_step(machine, CODE, raw), one != two);
			assert_int_equal(x[saved[one]], one != two ? 110 : 100 + saved[one]);
			assert_int_equal(x[saved[two]], one != two ? 111 : 100 + saved[two]);
			fill_registers(&machine->hart, 100);
			assert_true(machine_step(machine, CODE, raw | 0x40));
			assert_int_equal(x[A0], 100 + saved[one]);
			assert_int_equal(x[A1], 100 + saved[two]);
		}
	machine_free(machine);
}

static void write_jvt(struct machine *machine, u64 value)
{
	machine->hart.x[A0] = value;
	assert_true(machine_step(machine, CODE, (u32)JVT << 20 | 0x51073)); /* csrw jvt, a0 */
}

/* BASE keeps its 58 bits, MODE can only be 0; without Zcmt there is no such CSR. */
static void test_jvt(void **unused)
{
	struct machine *machine = machine_create(EMBEDDED);
	u64 value;

	assert_true(csr_peek(&machine->hart, JVT, &value));
	assert_int_equal(value, 0);
	write_jvt(machine, UINT64_MAX);
	assert_true(csr_peek(&machine->hart, JVT, &value));
	assert_int_equal(value, ~63ull);
	machine_free(machine);
	machine = machine_create(EXT_TOGETHER);
	assert_false(csr_peek(&machine->hart, JVT, &value));
	machine_free(machine);
}

static void test_tables(void **unused)
{
	struct machine *machine = machine_create(EMBEDDED);
	u64 table = RAM_BASE + 0x300040;

	write_jvt(machine, table + 63); /* the low bits are not part of it */
	for (u32 index = 0; index < 256; index++) {
		*machine_ram(machine, table + 8 * index) = CODE + 0x1001 + 4 * index;
		machine->hart.x[RA] = POISON;
		assert_true(machine_step(machine, CODE, 0xa002 | index << 2));
		assert_int_equal(machine->hart.pc, CODE + 0x1000 + 4 * index);
		assert_int_equal(machine->hart.x[RA], index < 32 ? POISON : CODE + 2);
	}
	machine_free(machine);
}

/* An entry needs the right to execute and no other; a fault reports its address. */
static void test_table_rights(void **unused)
{
	struct machine *machine = machine_create(EMBEDDED);
	struct hart *hart = &machine->hart;
	struct tables tables;

	setup_faults(machine, &tables);
	hart->mstateen[0] = 4;
	hart->jvt = STACK;
	*machine_ram(machine, STACK + 40 * 8) = CODE + 0x1000;
	hart->x[RA] = POISON;
	assert_false(machine_step(machine, CODE, 0xa002 | 40 << 2)); /* readable, writable */
	assert_int_equal(hart->mcause, CAUSE_FETCH_PAGE);
	assert_int_equal(hart->mtval, STACK + 40 * 8);
	assert_int_equal(hart->mepc, CODE);
	assert_int_equal(hart->x[RA], POISON);
	tables_map(&tables, STACK, 0, STACK >> 2 | 0xc9); /* executable alone */
	hart->priv = PRIV_S;
	hart_regime_changed(hart);
	assert_true(machine_step(machine, CODE, 0xa002 | 40 << 2));
	assert_int_equal(hart->pc, CODE + 0x1000);
	assert_int_equal(hart->x[RA], CODE + 2);
	machine_free(machine);
}

/* Tests which bits hide jvt, for csrr and for the jump (Smstateen, bit 2 of each register). */
static void test_state_enables(void **unused)
{
	static const struct {
		u8 priv;
		bool virt, m, h, s;
		u8 cause; /* 0: allowed */
	} cases[] = {
		{ .priv = PRIV_M, .cause = 0 },
		{ .priv = PRIV_S, .m = true, .cause = 0 },
		{ .priv = PRIV_S, .h = true, .s = true, .cause = 2 },
		{ .priv = PRIV_U, .m = true, .s = true, .cause = 0 },
		{ .priv = PRIV_U, .m = true, .h = true, .cause = 2 },
		{ .priv = PRIV_U, .h = true, .s = true, .cause = 2 },
		{ .priv = PRIV_S, .virt = true, .m = true, .h = true, .cause = 0 },
		{ .priv = PRIV_S, .virt = true, .m = true, .s = true, .cause = 22 },
		{ .priv = PRIV_S, .virt = true, .h = true, .s = true, .cause = 2 },
		{ .priv = PRIV_U, .virt = true, .m = true, .h = true, .s = true, .cause = 0 },
		{ .priv = PRIV_U, .virt = true, .m = true, .h = true, .cause = 22 },
		{ .priv = PRIV_U, .virt = true, .m = true, .s = true, .cause = 22 },
		{ .priv = PRIV_U, .virt = true, .h = true, .s = true, .cause = 2 },
	};
	static const u32 ops[] = { (u32)JVT << 20 | 0x2573, 0xa002, 0xa082 };
	struct machine *machine = machine_create(EMBEDDED);
	struct hart *hart = &machine->hart;

	machine_open_pmp(machine);
	for (unsigned n = 0; n < ARRAY_SIZE(cases) * ARRAY_SIZE(ops); n++) {
		u32 raw = ops[n % ARRAY_SIZE(ops)];
		unsigned i = n / ARRAY_SIZE(ops);

		hart->jvt = RAM_BASE + 0x300040;
		hart->mstateen[0] = cases[i].m ? 4 : 0;
		hart->hstateen[0] = cases[i].h ? 4 : 0;
		hart->sstateen0 = cases[i].s ? 4 : 0;
		hart->priv = cases[i].priv;
		hart->virt = cases[i].virt;
		hart_regime_changed(hart);
		assert_int_equal(machine_step(machine, CODE, raw), cases[i].cause == 0);
		if (cases[i].cause) {
			assert_int_equal(hart->mcause, cases[i].cause);
			assert_int_equal(hart->mtval, raw);
		}
	}
	machine_free(machine);
}

/* The bit exists with Zcmt, and is read-only zero if it is zero at a higher level. */
static void test_state_enable_bits(void **unused)
{
	struct machine *machine = machine_create(EMBEDDED);
	struct hart *hart = &machine->hart;
	u64 value;

	for (unsigned n = 0; n < 2; n++) {
		hart->mstateen[0] = n ? 4 : 0;
		hart->priv = PRIV_M;
		hart_regime_changed(hart);
		hart->x[A0] = UINT64_MAX;
		assert_true(machine_step(machine, CODE, 0x10c51073)); /* csrw sstateen0, a0 */
		assert_true(csr_peek(hart, 0x10c, &value));
		assert_int_equal(value, n ? 4 : 0);
	}
	machine_free(machine);
	machine = machine_create(EXT_TOGETHER);
	machine->hart.x[A0] = UINT64_MAX;
	assert_true(machine_step(machine, CODE, 0x30c51073)); /* csrw mstateen0, a0 */
	assert_int_equal(machine->hart.mstateen[0] & 4, 0);
	machine_free(machine);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_lists),
	cmocka_unit_test(test_faults),
	cmocka_unit_test(test_moves),
	cmocka_unit_test(test_jvt),
	cmocka_unit_test(test_tables),
	cmocka_unit_test(test_table_rights),
	cmocka_unit_test(test_state_enables),
	cmocka_unit_test(test_state_enable_bits),
	{ 0 },
};
