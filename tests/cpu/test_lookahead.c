/* SPDX-License-Identifier: MIT */
/*
 * Tests the lookahead: it is right as far as it goes, and has no effects. It may happen in the
 * middle of an instruction's body, so not even cached values may change.
 */
#include "cpu/timed/lookahead.h"
#include "cpu/hart/storage.h"
#include "tests/cpu/fixture.h"

#define CODE RAM_BASE
#define DATA (RAM_BASE + 0x1000)
#define MEMO_BYTES (4096 * sizeof(struct insn))
#define MOST 32

static const u32 code[] = {
	0x00150513, /* addi a0, a0, 1 */
	0x0005b603, /* ld a2, 0(a1) */
	0x00c58693, /* addi a3, a1, 12 */
	0x00c5b423, /* sd a2, 8(a1) */
	0x0085b703, /* ld a4, 8(a1), which was stored: not known */
	0x00b50463, /* beq a0, a1, 8: not taken */
	0x0080006f, /* j 8 */
	0x00000013, /* nop, left out */
	0x00170713, /* addi a4, a4, 1: not known either */
	0x00071463, /* bnez a4: where it goes is not known */
	0x00000013, /* nop */
};
/*
 * The instructions for which there are records: all that are executed, except the branch at the
 * end.
 */
static const u8 order[] = { 0, 1, 2, 3, 4, 5, 6, 8 };

static struct machine *lookahead_prepare(void)
{
	struct machine *machine = machine_create(PLAIN_EXTENSIONS);
	struct hart *hart = &machine->hart;

	memcpy(machine_ram(machine, CODE), code, sizeof(code));
	*machine_ram(machine, DATA) = 42;
	hart_reset(hart, CODE);
	hart->x[10] = 5;
	hart->x[11] = DATA;
	return machine;
}

static void the_next_instructions(void **state)
{
	struct machine *machine = lookahead_prepare();
	struct timing_record records[MOST];
	unsigned count = lookahead(&machine->hart, NULL, records, MOST);

	assert_int_equal(count, ARRAY_SIZE(order));
	for (unsigned n = 0; n < count; n++)
		assert_int_equal(records[n].pc, CODE + 4u * order[n]);
	assert_int_equal(records[1].va, DATA);
	assert_int_equal(records[1].pa, DATA);
	assert_int_equal(records[3].flags & (TIMING_LOAD | TIMING_STORE), TIMING_STORE);
	assert_false(records[5].flags & TIMING_TAKEN);
	assert_int_equal(records[6].next, CODE + 32);
	machine_free(machine);
}

/* A locked region denies machine mode a page: the load and the store would trap. */
static void what_memory_protection_denies(void **state)
{
	struct machine *machine = lookahead_prepare();
	struct pmp *pmp = &machine->hart.pmp;
	struct timing_record records[MOST];

	pmp->addr[0] = (DATA | 0x7ff) >> 2;
	pmp->cfg[0] = PMP_L | PMP_NAPOT << 3;
	pmp_update(pmp);
	hart_pmp_changed(&machine->hart);
	assert_true(lookahead(&machine->hart, NULL, records, MOST) >= 4);
	assert_true(records[1].flags & TIMING_TRAP);
	assert_int_equal(records[1].cause, CAUSE_LOAD_ACCESS);
	assert_int_equal(records[1].pa, 0);
	assert_true(records[3].flags & TIMING_TRAP);
	assert_int_equal(records[3].cause, CAUSE_STORE_ACCESS);
	machine_free(machine);
}

/* The result of the skipped instruction is not known, and neither is what depends on it. */
static void behind_an_instruction(void **state)
{
	struct machine *machine = lookahead_prepare();
	const struct timing_record skipped = { .pc = CODE - 4, .raw = 0xb0002573 }; /* csrr a0 */
	struct timing_record records[MOST];

	/* The records end before the branch that compares a0. */
	assert_int_equal(lookahead(&machine->hart, &skipped, records, MOST), 5);
	assert_int_equal(records[0].pc, CODE);
	machine_free(machine);
}

static void nothing_is_done(void **state)
{
	struct machine *machine = lookahead_prepare();
	struct timing_record records[MOST];
	struct hart *before = hart_storage(sizeof(*before));
	u8 *memo = malloc(MEMO_BYTES);

	*before = machine->hart;
	memcpy(memo, machine->hart.memo, MEMO_BYTES);
	lookahead(&machine->hart, NULL, records, MOST);
	assert_memory_equal(before, &machine->hart, sizeof(*before));
	assert_memory_equal(memo, machine->hart.memo, MEMO_BYTES);
	assert_int_equal(*machine_ram(machine, DATA + 8), 0);
	free(memo);
	free(before);
	machine_free(machine);
}

/* The lookahead does not go past an instruction that loads a list of registers. */
static void up_to_a_list(void **state)
{
	const u32 words[] = { 0x00150513, 0x0001ba62 }; /* addi a0, a0, 1; cm.pop {ra, s0-s1} */
	struct machine *machine = machine_create(ext_with(PLAIN_EXTENSIONS, EXT_zcmp));
	struct timing_record records[MOST];

	memcpy(machine_ram(machine, CODE), words, sizeof(words));
	hart_reset(&machine->hart, CODE);
	machine->hart.x[2] = DATA;
	assert_int_equal(lookahead(&machine->hart, NULL, records, MOST), 1);
	assert_int_equal(records[1].op, OP_cm_pop);
	machine_free(machine);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(the_next_instructions),
	cmocka_unit_test(what_memory_protection_denies),
	cmocka_unit_test(behind_an_instruction),
	cmocka_unit_test(nothing_is_done),
	cmocka_unit_test(up_to_a_list),
	{ 0 },
};
