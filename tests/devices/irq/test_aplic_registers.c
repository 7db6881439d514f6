/* SPDX-License-Identifier: MIT */
/*
 * These tests access the APLIC's control regions: the bits that each register keeps, hostile
 * offsets and sizes, hostile state; then come the device-tree nodes and the printed state.
 */
#include "aplic_bench.h"

/* A row holds every bit that a register keeps, in either delivery mode. */
static void test_kept_bits(void **state)
{
	static const struct {
		bool msi;
		u64 offset;
		u32 kept;
	} rows[] = {
		{ false, DOMAINCFG, 0x80000100 }, { true, DOMAINCFG, 0x80000104 },
		{ false, TARGET(1), 0xfffc0007 }, { true, TARGET(1), 0xfffc07ff },
		{ false, S + TARGET(2), 0xfffc0007 }, { true, S + TARGET(2), 0xfffff7ff },
		{ false, GENMSI, 0 }, { true, GENMSI, 0xfffc07ff },
		{ true, S + GENMSI, 0xfffc07ff }, { false, ITHRESHOLD(0), 7 },
		{ true, ITHRESHOLD(0), 0 }, { true, IDELIVERY(0), 0 }, { false, IFORCE(1), 1 },
		{ false, MMSIADDRCFG, 0 }, { false, MMSIADDRCFGH, 0 }, { false, SMSIADDRCFG, 0 },
		{ false, SMSIADDRCFGH, 0 }, { true, MMSIADDRCFG, UINT32_MAX },
		{ true, SMSIADDRCFG, UINT32_MAX }, { true, SMSIADDRCFGH, 0x00700fff },
		{ true, S + MMSIADDRCFG, 0 }, { true, S + SMSIADDRCFG, 0 },
		{ true, S + MMSIADDRCFGH, 0 }, { true, MMSIADDRCFGH, 0x9f77ffff },
		{ false, 0x1000, 0 }, { true, 0x1bbc, 0 }, { true, 0x2008, 0 },
		{ false, 0x4040, 0 }, { false, 0x400c, 0 }, { false, 0x7ffc, 0 },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
		struct irq_bench *bench = aplic_bench(state, 2, 2, rows[i].msi);
		u32 always = rows[i].offset % S == 0 ? rows[i].kept & ~0x100u : 0;

		irq_put(bench, SOURCECFG(1), DETACHED);
		irq_put(bench, SOURCECFG(2), D);
		irq_put(bench, S + SOURCECFG(2), DETACHED);
		for (unsigned bit = 0; bit < 32; bit++) {
			u32 kept = (rows[i].kept & 1u << bit) | always;

			if (rows[i].offset == MMSIADDRCFGH && bit == 31)
				continue;
			irq_put(bench, rows[i].offset, 1u << bit);
			if (rows[i].kept == 0xfffc0007) /* a priority is never 0 */
				kept |= !(kept & 7);
			assert_int_equal(irq_get(bench, rows[i].offset), kept);
		}
		irq_put(bench, rows[i].offset, UINT32_MAX);
		assert_int_equal(irq_get(bench, rows[i].offset), rows[i].kept);
	}
}

static void test_access(void **state)
{

	for (unsigned msi = 0; msi < 2; msi++) {
		struct irq_bench *bench = aplic_bench(state, 96, 8, msi);

		for (unsigned size = 1; size <= 8; size *= 2) {
			assert_int_equal(fixture_reads(&bench->fixture, 0, size), size == 4);
			assert_int_equal(fixture_writes(&bench->fixture, S, size, 0), size == 4);
		}
		fixture_sweep(&bench->fixture, APLIC_SIZE, 61, 8);
	}
}

/* Random writes reach all registers; the state that they leave must come back. */
static void test_state(void **state)
{
	u64 seed = 77;

	for (unsigned msi = 0; msi < 2; msi++) {
		struct irq_bench *bench = aplic_bench(state, 70, 3, msi);

		for (unsigned i = 0; i < 4000; i++) {
			u64 random = fixture_random(&seed);
			u64 base = random & 1 ? S : 0;
			u64 offset = random % 5 == 0 ? SOURCECFG(1 + random / 8 % 70) :
						       random / 8 % (APLIC_SIZE / 4) * 4;
			u32 value = random % 5 == 0 ? (u32)(random >> 40) & 0x407 :
						      (u32)(random >> 40);

			irq_put(bench, base + offset, value);
			aplic_line(bench, 1 + random / 16 % 70, random >> 30 & 1);
			if (i % 500 == 0)
				fixture_state_roundtrip(&bench->fixture);
		}
	}
}

static void test_hostile_state(void **state)
{
	struct irq_bench *bench = aplic_bench(state, 10, 1, false);
	struct aplic_domain *m = &bench->aplic.domains[APLIC_M],
			    *s = &bench->aplic.domains[APLIC_S];

	assert_int_equal(irq_bench_reload(bench, false), 0);
	m->sourcecfg[0] = LEVEL1;
	assert_int_equal(irq_bench_reload(bench, false), -EINVAL);
	m->sourcecfg[0] = 0;
	m->sourcecfg[11] = LEVEL1;
	assert_int_equal(irq_bench_reload(bench, false), -EINVAL);
	m->sourcecfg[11] = 0;
	m->sourcecfg[1] = 3;
	assert_int_equal(irq_bench_reload(bench, false), -EINVAL);
	m->sourcecfg[1] = D | 1;
	assert_int_equal(irq_bench_reload(bench, false), -EINVAL);
	m->sourcecfg[1] = D;
	assert_int_equal(irq_bench_reload(bench, false), 0);
	s->sourcecfg[1] = D;
	assert_int_equal(irq_bench_reload(bench, false), -EINVAL);
	s->sourcecfg[1] = LEVEL1;
	assert_int_equal(irq_bench_reload(bench, false), -EINVAL); /* its priority is 0 */
	s->target[1] = 1;
	assert_int_equal(irq_bench_reload(bench, false), 0);
	s->pending[0] = 2; /* the line is low */
	assert_int_equal(irq_bench_reload(bench, false), -EINVAL);
	s->pending[0] = 0;
	m->pending[1] = 1;
	assert_int_equal(irq_bench_reload(bench, false), -EINVAL);
}

/* The nodes are as QEMU's virt machine with two harts writes them. */
static void test_nodes(void **state)
{
	static const u32 parents[] = { 4, 2 };
	static const u8 interrupts[] = { 0, 0, 0, 4, 0, 0, 0, 9, 0, 0, 0, 2, 0, 0, 0, 9 };
	static const u8 reg[] = { 0, 0, 0, 0, 0x10, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0 };
	static const u8 delegation[] = { 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 96 };

	for (unsigned msi = 0; msi < 2; msi++) {
		struct irq_bench *bench = aplic_bench(state, 96, 2, msi);

		struct fdt *fdt = irq_bench_tree(bench);

		u32 phandle = aplic_fdt(&bench->aplic, fdt, parents);
		assert_int_equal(fdt_done(fdt), 0);
		int m = irq_bench_node(bench, "/interrupt-controller@10000000");
		int s = irq_bench_node(bench, "/interrupt-controller@10100000");

		assert_int_equal(fdt_node_offset_by_phandle(fdt->blob, phandle), s);
		if (msi) {
			expect_property(fdt, s, "msi-parent", "\0\0\0\2", 4);
			expect_property(fdt, m, "msi-parent", "\0\0\0\4", 4);
		} else {
			expect_property(fdt, s, "interrupts-extended", interrupts,
					sizeof(interrupts));
		}
		expect_property(fdt, s, "reg", reg, sizeof(reg));
		expect_property(fdt, s, "compatible", "qemu,aplic\0riscv,aplic", 23);
		expect_property(fdt, s, "riscv,num-sources", "\0\0\0\x60", 4);
		expect_property(fdt, s, "#interrupt-cells", "\0\0\0\2", 4);
		expect_property(fdt, s, "interrupt-controller", "", 0);
		assert_null(fdt_getprop(fdt->blob, s, "riscv,children", NULL));
		assert_int_equal(fdt_get_phandle(fdt->blob, (int)s), phandle);
		const u8 *cells = fdt_getprop(fdt->blob, m, "riscv,delegation", NULL);
		assert_memory_equal(cells + 4, delegation + 4, 8);
		assert_int_equal(cells[3], phandle);
	}
}

static void test_info(void **state)
{
	struct irq_bench *bench = aplic_bench(state, 20, 1, false);

	irq_put(bench, SOURCECFG(10), D);
	irq_put(bench, S + SOURCECFG(10), LEVEL1);
	irq_put(bench, S + SETIENUM, 10);
	aplic_line(bench, 10, true);
	aplic_info(&bench->aplic, irq_bench_file(bench));
	irq_bench_printed(bench, "aplic M: 20 sources, direct, off\n"
				 "  hart 0: delivery off, threshold 0, top source 0\n"
				 "aplic S: 20 sources, direct, off\n"
				 "  source   10: high, hart 0, priority 1, asserted, pending, "
				 "enabled\n"
				 "  hart 0: delivery off, threshold 0, top source 10\n");
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test_teardown(test_kept_bits, irq_bench_teardown),
	cmocka_unit_test_teardown(test_access, irq_bench_teardown),
	cmocka_unit_test_teardown(test_state, irq_bench_teardown),
	cmocka_unit_test_teardown(test_hostile_state, irq_bench_teardown),
	cmocka_unit_test_teardown(test_nodes, irq_bench_teardown),
	cmocka_unit_test_teardown(test_info, irq_bench_teardown),
	{ 0 },
};
