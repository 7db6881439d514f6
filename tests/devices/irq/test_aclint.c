/* SPDX-License-Identifier: MIT */
/*
 * These tests are of the ACLINT: SSWI's edges, every offset of its window with 1 and 64 harts, and
 * the nodes. Its other registers are the CLINT's (test_clint.c).
 */
#include "irq_bench.h"

#define CLINT_AT (FIXTURE_BASE + 0x1000000)

static void aclint_edge(void *ctx, unsigned hart, bool level)
{
	assert_true(level);
	irq_set(irq_bench_pin(ctx, hart), level);
}

static struct irq_bench *aclint_bench(void **state, unsigned harts, bool has_sswi)
{
	struct irq_bench *bench = irq_bench_start(state);
	struct platform *platform = &bench->fixture.platform;

	irq_bench_clint(bench, CLINT_AT, harts);
	assert_int_equal(
		aclint_attach(&bench->aclint, platform, &bench->clint, FIXTURE_BASE, has_sswi), 0);
	for (unsigned hart = 0; hart < harts; hart++)
		aclint_connect(&bench->aclint, hart, (struct irq){ aclint_edge, bench, hart });
	platform_reset(platform);
	return bench;
}

static void test_edges(void **state)
{
	struct irq_bench *bench = aclint_bench(state, 3, true);

	for (unsigned n = 1; n <= 3; n++) {
		irq_put(bench, 4, 0xffffffff);
		assert_int_equal(bench->rises[1], n);
		assert_int_equal(irq_get(bench, 4), 0);
		irq_put(bench, 4, 0xfffffffe);
		assert_int_equal(bench->rises[1], n);
	}
	assert_false(bench->rises[0] || bench->rises[2]);
	/* A wider access is refused. */
	assert_false(fixture_writes(&bench->fixture, 0, 8, 1ull << 32 | 1));
	assert_true(bench->rises[0] == 0 && bench->rises[1] == 3);
}

static void test_every_offset(void **state)
{
	for (unsigned harts = 1; harts <= MAX_HARTS; harts += MAX_HARTS - 1) {
		struct irq_bench *bench = aclint_bench(state, harts, true);
		unsigned edges = 0;

		for (u64 offset = 0; offset < SSWI_SIZE; offset += 4) {
			irq_put(bench, offset, 1);
			assert_int_equal(irq_get(bench, offset), 0);
		}
		for (unsigned hart = 0; hart < MAX_HARTS; hart++)
			edges += bench->rises[hart];
		assert_int_equal(edges, harts);
		assert_false(fixture_reads(&bench->fixture, 0, 1));
		assert_false(fixture_writes(&bench->fixture, 2, 2, 1));
		fixture_sweep(&bench->fixture, SSWI_SIZE, 1, 2);
	}
}

static void test_attach_reports_overlap(void **state)
{
	struct aclint second;
	struct irq_bench *bench = aclint_bench(state, 1, true);

	assert_int_equal(aclint_attach(&second, &bench->fixture.platform, &bench->clint,
				       FIXTURE_BASE + 0x1000, true),
			 -EEXIST);
}

static void expect_software(const struct fdt *fdt, const char *path, u8 code,
			    const char *compatible)
{
	const u8 interrupts[] = { 0, 0, 0, 4, 0, 0, 0, code, 0, 0, 0, 2, 0, 0, 0, code };
	int node = fdt_path_offset(fdt->blob, path);

	assert_true(node >= 0);
	expect_property(fdt, node, "interrupts-extended", interrupts, sizeof(interrupts));
	expect_property(fdt, node, "compatible", compatible, strlen(compatible) + 1);
	expect_property(fdt, node, "#interrupt-cells", "\0\0\0", 4);
	expect_property(fdt, node, "interrupt-controller", "", 0);
}

/*
 * The nodes are as QEMU's virt machine with two harts writes them, except the size of MTIME: it is
 * 8 bytes.
 */
static void test_nodes(void **state)
{
	static const u32 phandles[] = { 4, 2 };
	static const u8 timer[] = { 0, 0, 0, 4, 0, 0, 0, 7, 0, 0, 0, 2, 0, 0, 0, 7 };
	static const u8 reg[] = { 0, 0, 0, 0, 0x11, 0, 0xbf, 0xf8, 0, 0, 0, 0, 0, 0, 0, 8,
				  0, 0, 0, 0, 0x11, 0, 0x40, 0,    0, 0, 0, 0, 0, 0, 0x7f, 0xf8 };

	for (unsigned has_sswi = 0; has_sswi < 2; has_sswi++) {
		struct irq_bench *bench = aclint_bench(state, 2, has_sswi);
		int node;

		struct fdt *fdt = irq_bench_tree(bench);

		aclint_fdt(&bench->aclint, fdt, phandles);
		assert_int_equal(fdt_done(fdt), 0);
		expect_software(fdt, "/mswi@11000000", 3, "riscv,aclint-mswi");
		node = irq_bench_node(bench, "/mtimer@11004000");
		expect_property(fdt, node, "interrupts-extended", timer, sizeof(timer));
		expect_property(fdt, node, "reg", reg, sizeof(reg));
		expect_property(fdt, node, "compatible", "riscv,aclint-mtimer", 20);
		if (has_sswi)
			expect_software(fdt, "/sswi@10000000", 1, "riscv,aclint-sswi");
		else
			assert_true(fdt_path_offset(fdt->blob, "/sswi@10000000") < 0);
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test_teardown(test_edges, irq_bench_teardown),
	cmocka_unit_test_teardown(test_every_offset, irq_bench_teardown),
	cmocka_unit_test_teardown(test_attach_reports_overlap, irq_bench_teardown),
	cmocka_unit_test_teardown(test_nodes, irq_bench_teardown),
	{ 0 },
};
