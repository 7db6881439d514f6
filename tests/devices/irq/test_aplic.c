/* SPDX-License-Identifier: MIT */
/*
 * These tests compare the APLIC with the tables of its chapter: source modes and pending bits in
 * both delivery modes, delegation, direct delivery, forwarding and the addresses of MSIs.
 */
#include "aplic_bench.h"

struct pending_row {
	unsigned mode;
	bool msi, rises, falls, high_set, high_clear, low_set;
};

static void aplic_check_source(struct irq_bench *bench, const struct pending_row *row,
			       unsigned source)
{
	bool inverted = row->mode == EDGE0 || row->mode == LEVEL0;
	u64 word = source / 32 * 4;
	u32 bit = 1u << source % 32;

	aplic_line(bench, source, inverted);
	irq_put(bench, SOURCECFG(source), row->mode);
	assert_false(aplic_pending(bench, 0, source));
	aplic_line(bench, source, !inverted);
	assert_int_equal(aplic_pending(bench, 0, source), row->rises);
	assert_int_equal(irq_get(bench, IN_CLRIP + word), row->mode > DETACHED ? bit : 0);
	aplic_line(bench, source, inverted);
	assert_int_equal(aplic_pending(bench, 0, source), row->falls);
	assert_int_equal(irq_get(bench, IN_CLRIP + word), 0);
	irq_put(bench, CLRIPNUM, source);
	assert_false(aplic_pending(bench, 0, source));
	irq_put(bench, SETIP + word, bit);
	assert_int_equal(aplic_pending(bench, 0, source), row->low_set);
	irq_put(bench, IN_CLRIP + word, bit);
	irq_put(bench, SETIPNUM, source);
	assert_int_equal(aplic_pending(bench, 0, source), row->low_set);
	irq_put(bench, CLRIPNUM, source);
	aplic_line(bench, source, !inverted);
	irq_put(bench, CLRIPNUM, source);
	assert_int_equal(aplic_pending(bench, 0, source), row->high_clear);
	irq_put(bench, SETIPNUM_LE, source);
	assert_int_equal(aplic_pending(bench, 0, source), row->high_set);
	irq_put(bench, IN_CLRIP + word, bit);
	assert_int_equal(aplic_pending(bench, 0, source), row->high_clear);
	irq_put(bench, SETIPNUM_BE, __builtin_bswap32(source));
	assert_int_equal(aplic_pending(bench, 0, source), row->high_set);
}

/*
 * "Precise effects on interrupt-pending bits": a row for each mode and delivery has whether the bit
 * is set when the rectified input rises, falls, stays high and the bit is asked to be set or
 * cleared, stays low and the bit is asked to be set.
 */
static void test_pending(void **state)
{
	static const struct pending_row rows[] = {
		{ .mode = INACTIVE },
		{ .mode = DETACHED, .high_set = true, .low_set = true },
		{ .mode = EDGE1, .rises = true, .falls = true, .high_set = true, .low_set = true },
		{ .mode = EDGE0, .rises = true, .falls = true, .high_set = true, .low_set = true },
		{ .mode = LEVEL1, .rises = true, .high_set = true, .high_clear = true },
		{ .mode = LEVEL0, .rises = true, .high_set = true, .high_clear = true },
		{ .mode = INACTIVE, .msi = true },
		{ .mode = DETACHED, .msi = true, .high_set = true, .low_set = true },
		{ .mode = EDGE1, .msi = true, .rises = true, .falls = true, .high_set = true,
		  .low_set = true },
		{ .mode = EDGE0, .msi = true, .rises = true, .falls = true, .high_set = true,
		  .low_set = true },
		{ .mode = LEVEL1, .msi = true, .rises = true, .high_set = true },
		{ .mode = LEVEL0, .msi = true, .rises = true, .high_set = true },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
		struct irq_bench *bench = aplic_bench(state, 96, 1, rows[i].msi);

		aplic_check_source(bench, &rows[i], 1);
		aplic_check_source(bench, &rows[i], 96);
	}
}

static void test_sourcecfg(void **state)
{
	struct irq_bench *bench = aplic_bench(state, 5, 1, false);

	for (u32 value = 0; value < 0x1000; value++) {
		u32 mode = value & 7, legal = mode == 2 || mode == 3 ? 0 : mode;

		irq_put(bench, SOURCECFG(3), value);
		assert_int_equal(irq_get(bench, SOURCECFG(3)), value & D ? D : legal);
		irq_put(bench, S + SOURCECFG(3), LEVEL1);
		assert_int_equal(irq_get(bench, S + SOURCECFG(3)), value & D ? LEVEL1 : 0);
		irq_put(bench, SOURCECFG(4), D);
		irq_put(bench, S + SOURCECFG(4), value);
		assert_int_equal(irq_get(bench, S + SOURCECFG(4)), value & D ? 0 : legal);
	}
	irq_put(bench, SOURCECFG(6), LEVEL1);
	irq_put(bench, SOURCECFG(1023), LEVEL1);
	assert_int_equal(irq_get(bench, SOURCECFG(6)), 0);
	assert_int_equal(irq_get(bench, SOURCECFG(1023)), 0);

	/* An input that is high when the mode is chosen makes a request. */
	aplic_line(bench, 1, true);
	irq_put(bench, SOURCECFG(1), EDGE1);
	assert_true(aplic_pending(bench, 0, 1));
	irq_put(bench, SOURCECFG(1), LEVEL1);
	assert_true(aplic_pending(bench, 0, 1));
	irq_put(bench, SOURCECFG(1), LEVEL0);
	assert_false(aplic_pending(bench, 0, 1));
	/* An inactive source has no bits and no target, and does not get them back. */
	irq_put(bench, SOURCECFG(2), DETACHED);
	irq_put(bench, SETIPNUM, 2);
	irq_put(bench, SETIENUM, 2);
	irq_put(bench, TARGET(2), 5);
	assert_int_equal(irq_get(bench, SETIP), 1u << 2);
	assert_int_equal(irq_get(bench, SETIE), 1u << 2);
	irq_put(bench, SOURCECFG(2), INACTIVE);
	assert_int_equal(irq_get(bench, SETIP) | irq_get(bench, SETIE) | irq_get(bench, TARGET(2)),
			 0);
	irq_put(bench, SETIENUM, 2);
	irq_put(bench, TARGET(2), 5);
	assert_int_equal(irq_get(bench, SETIE) | irq_get(bench, TARGET(2)), 0);
	irq_put(bench, SOURCECFG(2), DETACHED);
	assert_int_equal(irq_get(bench, SETIP) | irq_get(bench, SETIE), 0);
	assert_int_equal(irq_get(bench, TARGET(2)), 1);
}

static void test_enable(void **state)
{
	struct irq_bench *bench = aplic_bench(state, 40, 1, false);

	for (unsigned source = 1; source <= 40; source += 3)
		irq_put(bench, SOURCECFG(source), DETACHED);
	irq_put(bench, SETIE, UINT32_MAX);
	irq_put(bench, SETIE + 4, UINT32_MAX);
	assert_int_equal(irq_get(bench, SETIE), 0x92492492);
	assert_int_equal(irq_get(bench, SETIE + 4), 0x124);
	assert_int_equal(irq_get(bench, CLRIE), 0);
	irq_put(bench, CLRIE, 0x12);
	irq_put(bench, CLRIENUM, 40);
	irq_put(bench, CLRIENUM, 41);
	irq_put(bench, CLRIENUM, 0);
	assert_int_equal(irq_get(bench, SETIE), 0x92492480);
	assert_int_equal(irq_get(bench, SETIE + 4), 0x24);
	irq_put(bench, SETIENUM, 4);
	irq_put(bench, SETIENUM, 5);
	irq_put(bench, SETIENUM, UINT32_MAX);
	assert_int_equal(irq_get(bench, SETIE), 0x92492490);
	assert_int_equal(irq_get(bench, SETIENUM) | irq_get(bench, CLRIENUM) |
				 irq_get(bench, SETIPNUM) | irq_get(bench, CLRIPNUM) |
				 irq_get(bench, SETIPNUM_LE),
			 0);
}

static void test_delegation(void **state)
{
	struct irq_bench *bench = aplic_bench(state, 96, 2, false);

	irq_put(bench, S + DOMAINCFG, IE);
	irq_put(bench, S + IDELIVERY(1), 1);
	irq_put(bench, S + SOURCECFG(10), LEVEL1);
	assert_int_equal(irq_get(bench, S + SOURCECFG(10)), 0);
	irq_put(bench, SOURCECFG(10), D);
	assert_int_equal(irq_get(bench, S + SOURCECFG(10)), 0);
	irq_put(bench, S + SOURCECFG(10), LEVEL1);
	irq_put(bench, S + TARGET(10), 1u << 18 | 3);
	irq_put(bench, S + SETIENUM, 10);
	aplic_line(bench, 10, true);
	assert_true(bench->pins[S_PIN(1)]);
	assert_false(bench->pins[S_PIN(0)] || bench->pins[1]);
	assert_int_equal(irq_get(bench, S + TOPI(1)), 10u << 16 | 3);
	assert_int_equal(
		irq_get(bench, SETIP) | irq_get(bench, IN_CLRIP) | irq_get(bench, TARGET(10)), 0);
	/*
	 * Delegation of the source ends: the child has nothing of it, even when it is delegated
	 * again.
	 */
	irq_put(bench, SOURCECFG(10), LEVEL1);
	assert_false(bench->pins[S_PIN(1)]);
	assert_int_equal(irq_get(bench, S + SETIP) | irq_get(bench, S + SETIE) |
				 irq_get(bench, S + TARGET(10)) | irq_get(bench, S + SOURCECFG(10)),
			 0);
	assert_int_equal(irq_get(bench, SETIP), 1u << 10);
	irq_put(bench, SOURCECFG(10), D);
	assert_int_equal(irq_get(bench, S + SOURCECFG(10)) | irq_get(bench, S + IN_CLRIP), 0);
}

/* Sources 1 to 5 are detached, enabled and pending with these priorities. */
static struct irq_bench *aplic_prepare(void **state, const u32 *priorities)
{
	struct irq_bench *bench = aplic_bench(state, 96, 2, false);

	irq_put(bench, DOMAINCFG, IE);
	irq_put(bench, IDELIVERY(0), 1);
	for (unsigned source = 1; source <= 5; source++) {
		irq_put(bench, SOURCECFG(source), DETACHED);
		irq_put(bench, TARGET(source), priorities[source - 1]);
		irq_put(bench, SETIENUM, source);
		irq_put(bench, SETIPNUM, source);
	}
	return bench;
}

static void test_priorities(void **state)
{
	static const u32 priorities[5] = { 5, 3, 2, 2, 7 };
	static const u32 order[] = { 3u << 16 | 2, 4u << 16 | 2, 2u << 16 | 3, 1u << 16 | 5,
				     5u << 16 | 7 };
	struct irq_bench *bench = aplic_prepare(state, priorities);

	for (unsigned i = 0; i < 5; i++) {
		assert_true(bench->pins[0]);
		assert_int_equal(irq_get(bench, TOPI(0)), order[i]);
		assert_int_equal(irq_get(bench, TOPI(1)) | irq_get(bench, CLAIMI(1)), 0);
		irq_put(bench, CLAIMI(0), 1);
		irq_put(bench, TOPI(0), 1);
		assert_int_equal(irq_get(bench, CLAIMI(0)), order[i]);
	}
	assert_false(bench->pins[0]);
	assert_int_equal(irq_get(bench, CLAIMI(0)), 0);

	/*
	 * Priority numbers at or above the threshold do not count; a threshold of 0 lets all pass.
	 */
	for (u32 threshold = 0; threshold < 8; threshold++) {
		bench = aplic_prepare(state, priorities);
		irq_put(bench, ITHRESHOLD(0), threshold);
		assert_int_equal(irq_get(bench, ITHRESHOLD(0)), threshold);
		unsigned count = 0;

		while (bench->pins[0])
			assert_int_equal(irq_get(bench, CLAIMI(0)), order[count++]);
		assert_int_equal(count, ((const unsigned[]){ 5, 0, 0, 2, 3, 3, 4, 4 })[threshold]);
	}
}

static void test_delivery(void **state)
{
	static const u32 priorities[5] = { 1, 1, 1, 1, 1 };
	struct irq_bench *bench = aplic_prepare(state, priorities);

	irq_put(bench, IDELIVERY(0), 0);
	assert_false(bench->pins[0]);
	assert_int_equal(irq_get(bench, TOPI(0)), 1u << 16 | 1);
	irq_put(bench, IDELIVERY(0), 0xffffffff);
	assert_int_equal(irq_get(bench, IDELIVERY(0)), 1);
	assert_true(bench->pins[0]);
	irq_put(bench, DOMAINCFG, ~(u32)IE);
	assert_int_equal(irq_get(bench, DOMAINCFG), 0x80000000);
	assert_false(bench->pins[0]);
	assert_int_equal(irq_get(bench, CLAIMI(0)), 1u << 16 | 1);
	irq_put(bench, DOMAINCFG, UINT32_MAX);
	assert_int_equal(irq_get(bench, DOMAINCFG), 0x80000100);
	/* A spurious interrupt is forced, and is over when it is claimed. */
	irq_put(bench, CLRIE, UINT32_MAX);
	assert_false(bench->pins[0]);
	irq_put(bench, IFORCE(0), 2);
	assert_int_equal(irq_get(bench, IFORCE(0)), 0);
	irq_put(bench, IFORCE(0), 1);
	assert_true(bench->pins[0]);
	assert_int_equal(irq_get(bench, TOPI(0)), 0);
	assert_true(bench->pins[0]);
	assert_int_equal(irq_get(bench, CLAIMI(0)) | irq_get(bench, IFORCE(0)), 0);
	assert_false(bench->pins[0]);
	/* A claim does not clear the pending bit of a level-sensitive source. */
	aplic_line(bench, 9, true);
	irq_put(bench, SOURCECFG(9), LEVEL1);
	irq_put(bench, SETIENUM, 9);
	assert_int_equal(irq_get(bench, CLAIMI(0)), 9u << 16 | 1);
	assert_true(bench->pins[0]);
	aplic_line(bench, 9, false);
	assert_false(bench->pins[0]);
	/* There are no structures for harts that do not exist. */
	irq_put(bench, IDELIVERY(2), 1);
	irq_put(bench, ITHRESHOLD(2), 1);
	assert_int_equal(irq_get(bench, IDELIVERY(2)) | irq_get(bench, ITHRESHOLD(2)), 0);
}

/* The rows follow "Addresses and data for outgoing MSIs", with the manual's own letters. */
static void test_msi_addresses(void **state)
{
	/* A is 0x24000000, C 12, B 0x28000000, D 14, and E 24, for two groups of four harts. */
	static const struct {
		u64 base;
		u32 target;
		u64 addr;
		u32 data;
	} rows[] = {
		{ 0, 0u << 18 | 7, 0x24000000, 7 },
		{ 0, 3u << 18 | 255, 0x24003000, 255 },
		{ 0, 4u << 18 | 1, 0x25000000, 1 },
		{ 0, 7u << 18 | 2047, 0x25003000, 2047 },
		{ 0, 15u << 18 | 1, 0x25003000, 1 },
		{ S, 0u << 18 | 9, 0x28000000, 9 },
		{ S, 1u << 18 | 0u << 12 | 9, 0x28004000, 9 },
		{ S, 2u << 18 | 3u << 12 | 9, 0x2800b000, 9 },
		{ S, 6u << 18 | 1u << 12 | 0, 0x29009000, 0 },
	};
	struct irq_bench *bench = aplic_bench(state, 4, 8, true);

	irq_put(bench, MMSIADDRCFG, 0x24000);
	irq_put(bench, MMSIADDRCFGH, 0u << 24 | 0u << 20 | 1u << 16 | 2u << 12);
	irq_put(bench, SMSIADDRCFG, 0x28000);
	irq_put(bench, SMSIADDRCFGH, 2u << 20);
	irq_put(bench, SOURCECFG(1), EDGE1);
	irq_put(bench, SOURCECFG(2), D);
	irq_put(bench, S + SOURCECFG(2), EDGE1);
	irq_put(bench, DOMAINCFG, IE);
	irq_put(bench, S + DOMAINCFG, IE);
	irq_put(bench, SETIENUM, 1);
	irq_put(bench, S + SETIENUM, 2);
	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
		unsigned source = rows[i].base ? 2 : 1;

		irq_put(bench, rows[i].base + TARGET(source), rows[i].target);
		aplic_line(bench, source, true);
		aplic_line(bench, source, false);
		assert_int_equal(bench->msis, i + 1);
		assert_int_equal(bench->msi_addr, rows[i].addr);
		assert_int_equal(bench->msi_data, rows[i].data);
		assert_false(aplic_pending(bench, rows[i].base, source));
	}
	/* Bits of the base go up to 56; HHXS shifts by 12 more. */
	irq_put(bench, SMSIADDRCFGH, 0x123);
	irq_put(bench, MMSIADDRCFGH, 3u << 24 | 1u << 16 | 2u << 12 | 0xabc);
	irq_put(bench, GENMSI, 5u << 18 | 0x3f800 | 6);
	assert_int_equal(bench->msi_addr, 0xabc00024001000 | 1ull << (12 + 12 + 3));
	irq_put(bench, S + GENMSI, 2u << 18 | 6);
	assert_int_equal(bench->msi_addr, 0x12300028002000);
}

static void test_forwarding(void **state)
{
	struct irq_bench *bench = aplic_bench(state, 4, 1, true);

	irq_put(bench, SOURCECFG(1), LEVEL1);
	irq_put(bench, TARGET(1), 42);
	aplic_line(bench, 1, true);
	irq_put(bench, SETIENUM, 1);
	assert_int_equal(bench->msis, 0);
	irq_put(bench, GENMSI, 17);
	assert_int_equal(bench->msis, 1);
	assert_int_equal(bench->msi_data, 17);
	assert_int_equal(irq_get(bench, GENMSI), 17);
	irq_put(bench, DOMAINCFG, IE);
	assert_int_equal(bench->msis, 2);
	assert_int_equal(bench->msi_data, 42);
	assert_false(aplic_pending(bench, 0, 1));
	assert_int_equal(irq_get(bench, IN_CLRIP), 2);
	/*
	 * The input is still asserted: setting its pending bit again, as a handler does before it
	 * returns, sends another MSI.
	 */
	irq_put(bench, SETIPNUM, 1);
	assert_int_equal(bench->msis, 3);
	aplic_line(bench, 1, false);
	irq_put(bench, SETIPNUM, 1);
	assert_int_equal(bench->msis, 3);
	aplic_line(bench, 1, true);
	assert_int_equal(bench->msis, 4);
	/* Requests made while the domain is disabled wait. */
	irq_put(bench, SOURCECFG(2), DETACHED);
	irq_put(bench, SETIPNUM, 2);
	assert_int_equal(bench->msis, 4);
	irq_put(bench, SETIENUM, 2);
	assert_int_equal(bench->msis, 5);
	/* The addresses are locked until a reset. */
	irq_put(bench, SMSIADDRCFG, 0x55);
	irq_put(bench, MMSIADDRCFGH, 0x80000001);
	irq_put(bench, MMSIADDRCFGH, 0);
	irq_put(bench, MMSIADDRCFG, 1);
	irq_put(bench, SMSIADDRCFG, 1);
	irq_put(bench, SMSIADDRCFGH, 1);
	assert_int_equal(irq_get(bench, MMSIADDRCFGH), 0x80000001);
	assert_int_equal(irq_get(bench, SMSIADDRCFG), 0x55);
	assert_int_equal(irq_get(bench, MMSIADDRCFG) | irq_get(bench, SMSIADDRCFGH), 0);
	platform_reset(&bench->fixture.platform);
	irq_put(bench, MMSIADDRCFG, 1);
	assert_int_equal(irq_get(bench, MMSIADDRCFG), 1);
}

/* A pin is up exactly when a source is reported as not blocked, or when it is forced. */
static bool aplic_check_blocks(struct irq_bench *bench, enum aplic_level level, unsigned hart)
{
	const struct aplic_domain *domain = &bench->aplic.domains[level];
	bool delivered = domain->iforce[hart] && domain->ie && domain->idelivery[hart];

	for (unsigned source = 1; source <= bench->aplic.sources; source++)
		delivered |= aplic_block_reason(&bench->aplic, level, source, hart) ==
			     APLIC_DELIVERED;
	assert_int_equal(bench->pins[level * MAX_HARTS + hart], delivered);
	if (delivered && !domain->iforce[hart])
		assert_true(aplic_may_signal(&bench->aplic, level, hart));
	return delivered;
}

/* Without these settings a source cannot interrupt a hart, whatever its line does. */
static void test_may_signal(void **state)
{
	static const u32 steps[][2] = {
		{ SOURCECFG(2), 6 }, { TARGET(2), 1 << 18 | 3 }, { SETIENUM, 2 },
		{ IDELIVERY(1), 1 }, { DOMAINCFG, IE },
	};
	struct irq_bench *bench = aplic_bench(state, 3, 2, false);

	for (unsigned n = 0; n < ARRAY_SIZE(steps); n++) {
		assert_false(aplic_may_signal(&bench->aplic, APLIC_M, 1));
		irq_put(bench, steps[n][0], steps[n][1]);
	}
	assert_true(aplic_may_signal(&bench->aplic, APLIC_M, 1));
	irq_put(bench, IDELIVERY(0), 1);
	assert_false(aplic_may_signal(&bench->aplic, APLIC_M, 0));
	assert_false(aplic_may_signal(&bench->aplic, APLIC_S, 1));
	irq_put(bench, ITHRESHOLD(1), 3);
	assert_false(aplic_may_signal(&bench->aplic, APLIC_M, 1));
}

static void test_blocks(void **state)
{
	static const u64 registers[] = {
		DOMAINCFG, SOURCECFG(1), SOURCECFG(2), SOURCECFG(3), SETIENUM, SETIENUM, CLRIENUM,
		SETIPNUM, CLRIPNUM, TARGET(1), TARGET(2), TARGET(3), IDELIVERY(0), IDELIVERY(1),
		ITHRESHOLD(0), ITHRESHOLD(1), IFORCE(0), CLAIMI(1),
	};
	static const u32 masks[] = {
		IE, 0x407, 0x407, 0x407, 3, 3, 3, 3, 3, 0x40007, 0x40007, 0x40007, 1, 1, 7, 7, 1, 0,
	};
	unsigned delivered = 0;
	struct irq_bench *bench = aplic_bench(state, 3, 2, false);
	u64 seed = 1;

	for (unsigned n = 0; n < 20000; n++) {
		u64 dice = fixture_random(&seed);
		unsigned i = (dice >> 8) % ARRAY_SIZE(registers);

		if (dice & 1)
			irq_put(bench, (dice & 2 ? S : 0) + registers[i],
				(u32)fixture_random(&seed) & masks[i]);
		else
			aplic_line(bench, 1 + (dice >> 2) % 3, dice >> 4 & 1);
		for (unsigned level = 0; level < APLIC_DOMAINS; level++)
			for (unsigned hart = 0; hart < 2; hart++)
				delivered +=
					aplic_check_blocks(bench, (enum aplic_level)level, hart);
	}
	assert_in_range(delivered, 2000, 78000);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test_teardown(test_pending, irq_bench_teardown),
	cmocka_unit_test_teardown(test_sourcecfg, irq_bench_teardown),
	cmocka_unit_test_teardown(test_enable, irq_bench_teardown),
	cmocka_unit_test_teardown(test_delegation, irq_bench_teardown),
	cmocka_unit_test_teardown(test_priorities, irq_bench_teardown),
	cmocka_unit_test_teardown(test_delivery, irq_bench_teardown),
	cmocka_unit_test_teardown(test_msi_addresses, irq_bench_teardown),
	cmocka_unit_test_teardown(test_forwarding, irq_bench_teardown),
	cmocka_unit_test_teardown(test_may_signal, irq_bench_teardown),
	cmocka_unit_test_teardown(test_blocks, irq_bench_teardown),
	{ 0 },
};
