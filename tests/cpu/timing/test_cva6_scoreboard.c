/* SPDX-License-Identifier: MIT */
/* Tests CVA6's scoreboard: when instructions get their operands. */
#include "cpu/timing/cva6/scoreboard.h"
#include "tests/cpu/timing/unit.h"

static const struct cva6_params params = { .issue_entries = 4 };
static const struct cva6_writeback nothing;

static unsigned cva6_scoreboard_add_unit(struct cva6_scoreboard *sb, u8 unit, u8 rd)
{
	unsigned slot = cva6_scoreboard_add(sb, &params);

	sb->entry[slot] = (struct cva6_entry){ .uop = { .unit = unit, .rd = rd } };
	return slot;
}

static bool ready(const struct cva6_scoreboard *sb, u8 reg, const struct cva6_writeback *writeback)
{
	const struct cva6_uop uop = { .unit = CVA6_ALU, .rs1 = reg };

	return cva6_operands_ready(sb, &params, &uop, writeback);
}

static void results_are_forwarded(void **state)
{
	struct cva6_scoreboard sb = { .count = 0 };
	unsigned slot = cva6_scoreboard_add_unit(&sb, CVA6_ALU, 5);
	const struct cva6_writeback arrives = { .done = 1u << slot };
	const struct cva6_writeback fails = { .done = 1u << slot, .exception = 1u << slot };

	assert_false(ready(&sb, 5, &nothing));
	assert_true(ready(&sb, 6, &nothing));
	assert_true(ready(&sb, 0, &nothing));
	assert_true(ready(&sb, 5, &arrives));
	assert_false(ready(&sb, 5, &fails));
	cva6_scoreboard_write(&sb, &params, &arrives);
	assert_true(ready(&sb, 5, &nothing));
}

static void the_youngest_writer_counts(void **state)
{
	struct cva6_scoreboard sb = { .count = 0 };
	const struct cva6_writeback first = { .done = 1u << cva6_scoreboard_add_unit(&sb, CVA6_ALU,
										     5) };
	unsigned second = cva6_scoreboard_add_unit(&sb, CVA6_LOAD, 5);

	assert_false(ready(&sb, 5, &first));
	sb.entry[second].valid = true;
	assert_true(ready(&sb, 5, &nothing));
}

/* The result of a CSR instruction is read from the register file. */
static void csr_results_are_not_forwarded(void **state)
{
	struct cva6_scoreboard sb = { .count = 0 };
	const struct cva6_uop fence = { .unit = CVA6_CSR, .op = CVA6_SFENCE_VMA, .rs1 = 5 };

	sb.entry[cva6_scoreboard_add_unit(&sb, CVA6_CSR, 5)].valid = true;
	assert_false(ready(&sb, 5, &nothing));
	assert_true(cva6_operands_ready(&sb, &params, &fence, &nothing));
	cva6_scoreboard_retire(&sb, &params, 1);
	assert_true(ready(&sb, 5, &nothing));
}

/* Registers of the same number in the two register files are different. */
static void files_are_apart(void **state)
{
	struct cva6_scoreboard sb = { .count = 0 };

	cva6_scoreboard_add_unit(&sb, CVA6_FPU, CVA6_F + 0);
	assert_true(ready(&sb, 0, &nothing));
	assert_false(ready(&sb, CVA6_F + 0, &nothing));
	assert_true(ready(&sb, CVA6_F + 1, &nothing));
}

static void slots_go_round(void **state)
{
	struct cva6_scoreboard sb = { .count = 0 };

	for (unsigned n = 0; n < 20; n++) {
		assert_int_equal(cva6_scoreboard_add_unit(&sb, CVA6_ALU, 1), n % 4);
		if (n % 4 == 3)
			cva6_scoreboard_retire(&sb, &params, 4);
	}
	assert_int_equal(sb.count, 0);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(results_are_forwarded),
	cmocka_unit_test(the_youngest_writer_counts),
	cmocka_unit_test(csr_results_are_not_forwarded),
	cmocka_unit_test(files_are_apart),
	cmocka_unit_test(slots_go_round),
	{ 0 },
};
