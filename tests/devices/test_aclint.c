/* SPDX-License-Identifier: MIT */
/*
 * The ACLINT: SSWI's edges, every offset of its window with 1 and 64 harts, and the nodes. Its
 * other registers are the CLINT's (test_clint.c).
 */
#include "devices/irq/aclint.h"
#include "expect_fdt.h"
#include "fixture.h"

#include <errno.h>
#include <string.h>

#define CLINT_AT (FIXTURE_BASE + 0x1000000)

struct bench {
	struct fixture fixture;
	struct timebase timebase;
	struct clint clint;
	struct aclint aclint;
	unsigned edges[MAX_HARTS];
};

static void count_edge(void *ctx, unsigned hart, bool level)
{
	assert_true(level);
	((struct bench *)ctx)->edges[hart]++;
}

static void aclint_make_bench(struct bench *bench, unsigned harts, bool has_sswi)
{
	struct platform *platform = &bench->fixture.platform;

	memset(bench, 0, sizeof(*bench));
	fixture_init(&bench->fixture, CLOCK_VIRTUAL);
	timebase_init(&bench->timebase, &platform->clock, TIMEBASE_HZ);
	timebase_register_state(&bench->timebase, &platform->state);
	assert_int_equal(clint_attach(&bench->clint, platform, CLINT_AT, &bench->timebase, harts),
			 0);
	assert_int_equal(
		aclint_attach(&bench->aclint, platform, &bench->clint, FIXTURE_BASE, has_sswi), 0);
	for (unsigned hart = 0; hart < harts; hart++)
		aclint_connect(&bench->aclint, hart, (struct irq){ count_edge, bench, hart });
	platform_reset(platform);
}

static void test_edges(void **unused)
{
	struct bench bench;

	(void)unused;
	aclint_make_bench(&bench, 3, true);
	for (unsigned n = 1; n <= 3; n++) {
		fixture_write(&bench.fixture, 4, 4, 0xffffffff);
		assert_int_equal(bench.edges[1], n);
		assert_int_equal(fixture_read(&bench.fixture, 4, 4), 0);
		fixture_write(&bench.fixture, 4, 4, 0xfffffffe);
		assert_int_equal(bench.edges[1], n);
	}
	assert_false(bench.edges[0] || bench.edges[2]);
	/* A wider access is two of them. */
	fixture_write(&bench.fixture, 0, 8, 1ull << 32 | 1);
	assert_true(bench.edges[0] == 1 && bench.edges[1] == 4);
	fixture_free(&bench.fixture);
}

static void test_every_offset(void **unused)
{
	(void)unused;
	for (unsigned harts = 1; harts <= MAX_HARTS; harts += MAX_HARTS - 1) {
		struct bench bench;
		unsigned edges = 0;

		aclint_make_bench(&bench, harts, true);
		for (u64 offset = 0; offset < SSWI_SIZE; offset += 4) {
			fixture_write(&bench.fixture, offset, 4, 1);
			assert_int_equal(fixture_read(&bench.fixture, offset, 4), 0);
		}
		for (unsigned hart = 0; hart < MAX_HARTS; hart++)
			edges += bench.edges[hart];
		assert_int_equal(edges, harts);
		assert_false(fixture_reads(&bench.fixture, 0, 1));
		assert_false(fixture_writes(&bench.fixture, 2, 2, 1));
		fixture_sweep(&bench.fixture, SSWI_SIZE, 1, 2);
		fixture_free(&bench.fixture);
	}
}

static void test_attach_reports_overlap(void **unused)
{
	struct aclint second;
	struct bench bench;

	(void)unused;
	aclint_make_bench(&bench, 1, true);
	assert_int_equal(aclint_attach(&second, &bench.fixture.platform, &bench.clint,
				       FIXTURE_BASE + 0x1000, true),
			 -EEXIST);
	fixture_free(&bench.fixture);
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
static void test_nodes(void **unused)
{
	static const u32 phandles[] = { 4, 2 };
	static const u8 timer[] = { 0, 0, 0, 4, 0, 0, 0, 7, 0, 0, 0, 2, 0, 0, 0, 7 };
	static const u8 reg[] = { 0, 0, 0, 0, 0x11, 0, 0xbf, 0xf8, 0, 0, 0, 0, 0, 0, 0, 8,
				  0, 0, 0, 0, 0x11, 0, 0x40, 0,    0, 0, 0, 0, 0, 0, 0x7f, 0xf8 };

	(void)unused;
	for (unsigned has_sswi = 0; has_sswi < 2; has_sswi++) {
		struct bench bench;
		struct fdt fdt;
		int node;

		aclint_make_bench(&bench, 2, has_sswi);
		assert_int_equal(fdt_start(&fdt), 0);
		aclint_fdt(&bench.aclint, &fdt, phandles);
		assert_int_equal(fdt_done(&fdt), 0);
		expect_software(&fdt, "/mswi@11000000", 3, "riscv,aclint-mswi");
		node = fdt_path_offset(fdt.blob, "/mtimer@11004000");
		assert_true(node >= 0);
		expect_property(&fdt, node, "interrupts-extended", timer, sizeof(timer));
		expect_property(&fdt, node, "reg", reg, sizeof(reg));
		expect_property(&fdt, node, "compatible", "riscv,aclint-mtimer", 20);
		if (has_sswi)
			expect_software(&fdt, "/sswi@10000000", 1, "riscv,aclint-sswi");
		else
			assert_true(fdt_path_offset(fdt.blob, "/sswi@10000000") < 0);
		free(fdt.blob);
		fixture_free(&bench.fixture);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_every_offset),
		cmocka_unit_test(test_attach_reports_overlap),
		cmocka_unit_test(test_nodes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
