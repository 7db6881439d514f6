/* SPDX-License-Identifier: MIT */
/*
 * These tests are of the IMSIC: its pages and their addresses, every register of an interrupt file
 * with the bits that it keeps, priority, threshold and claim, the lines to the harts; hostile
 * accesses and state; the device-tree nodes.
 */
#include "irq_bench.h"

#define S 0x4000000 /* the S region, relative to M's */

enum { EIDELIVERY = 0x70, EITHRESHOLD = 0x72, EIP = 0x80, EIE = 0xc0 };

static struct irq_bench *imsic_bench(void **state, unsigned harts, unsigned guests)
{
	const struct imsic_config config = { FIXTURE_BASE, FIXTURE_BASE + S, harts, guests };
	struct irq_bench *bench = irq_bench_start(state);

	assert_int_equal(imsic_attach(&bench->imsic, &bench->fixture.platform, &config), 0);
	for (unsigned hart = 0; hart < harts; hart++)
		for (unsigned file = 0; file < 2 + guests; file++)
			imsic_connect(&bench->imsic, hart, file,
				      irq_bench_pin(bench, hart * IMSIC_FILES + file));
	platform_reset(&bench->fixture.platform);
	return bench;
}

static u64 imsic_get(struct irq_bench *bench, unsigned hart, unsigned file, u16 select)
{
	u64 value = 0;

	assert_true(imsic_read(&bench->imsic.sides[hart], file, select, &value));
	return value;
}

static void imsic_put(struct irq_bench *bench, unsigned hart, unsigned file, u16 select, u64 value)
{
	assert_true(imsic_write(&bench->imsic.sides[hart], file, select, value));
}

static u32 imsic_bench_topei(struct irq_bench *bench, unsigned hart, unsigned file)
{
	return imsic_topei(&bench->imsic.sides[hart], file);
}

static bool imsic_pin(const struct irq_bench *bench, unsigned hart, unsigned file)
{
	return bench->pins[hart * IMSIC_FILES + file];
}

/* Every file of every hart has a page; a write there reaches only that file. */
static void test_pages(void **state)
{
	static const struct {
		unsigned harts, guests, stride; /* pages from one hart's S file to the next's */
	} rows[] = { { 1, 0, 1 }, { 3, 0, 1 }, { 8, 1, 2 }, { 3, 2, 4 }, { 5, 3, 4 }, { 2, 7, 8 },
		     { 2, 8, 16 }, { 8, 63, 64 } };

	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
		struct irq_bench *bench = imsic_bench(state, rows[i].harts, rows[i].guests);
		unsigned files = 0;

		for (unsigned hart = 0; hart < rows[i].harts; hart++) {
			for (unsigned file = 0; file < 2 + rows[i].guests; file++) {
				u64 page = file ? S / PAGE_SIZE + hart * rows[i].stride + file - 1 :
						  hart;
				u32 identity = 1 + (hart * 65 + file) % 255;

				irq_put(bench, page * PAGE_SIZE, identity);
				assert_int_equal(imsic_get(bench, hart, file,
							   EIP + identity / 64 * 2),
						 BIT(identity % 64));
				files++;
			}
		}
		unsigned found = 0;

		for (unsigned word = 0; word < ARRAY_SIZE(bench->imsic.pending); word++)
			found += (unsigned)__builtin_popcountll(bench->imsic.pending[word]);
		assert_int_equal(found, files);
	}
}

/* Up to the next power of two, pages of no file are zeros. */
static void test_holes(void **state)
{
	struct irq_bench *bench = imsic_bench(state, 3, 4);

	for (u64 page = 0; page < 64; page++) {
		assert_int_equal(fixture_reads(&bench->fixture, page * PAGE_SIZE, 4), page < 4);
		assert_int_equal(fixture_reads(&bench->fixture, S + page * PAGE_SIZE, 4),
				 page < 32);
	}
	irq_put(bench, 3 * PAGE_SIZE, 1);
	irq_put(bench, S + 5 * PAGE_SIZE, 1);
	irq_put(bench, S + 24 * PAGE_SIZE, 1);
	irq_put(bench, 8, 1);
	irq_put(bench, 0xffc, 1);
	imsic_msi(&bench->imsic, FIXTURE_BASE + 4 * PAGE_SIZE, 1);
	imsic_msi(&bench->imsic, FIXTURE_BASE + S + 32 * PAGE_SIZE, 1);
	imsic_msi(&bench->imsic, FIXTURE_BASE - PAGE_SIZE, 1);
	imsic_msi(&bench->imsic, FIXTURE_RAM, 1);
	imsic_msi(&bench->imsic, 0, 1);
	for (unsigned word = 0; word < ARRAY_SIZE(bench->imsic.pending); word++)
		assert_int_equal(bench->imsic.pending[word], 0);
	imsic_msi(&bench->imsic, FIXTURE_BASE + S + 20 * PAGE_SIZE, 200);
	assert_int_equal(imsic_get(bench, 2, 5, EIP + 6), BIT(8));
}

static void test_arrival(void **state)
{
	struct irq_bench *bench = imsic_bench(state, 1, 0);

	for (u32 identity = 0; identity < 0x900; identity++) {
		irq_put(bench, 0, identity);
		irq_put(bench, S + 4, __builtin_bswap32(identity));
	}
	irq_put(bench, 0, 0x10001);
	for (unsigned word = 0; word < 64; word += 2) {
		u64 all = word >= 8 ? 0 : word ? UINT64_MAX : UINT64_MAX - 1;

		assert_int_equal(imsic_get(bench, 0, 0, (u16)(EIP + word)), all);
		assert_int_equal(imsic_get(bench, 0, 1, (u16)(EIP + word)), all);
	}
	assert_int_equal(irq_get(bench, 0) | irq_get(bench, 4) | irq_get(bench, S), 0);
	for (unsigned size = 1; size <= 8; size *= 2) {
		assert_int_equal(fixture_reads(&bench->fixture, 0, size), size == 4);
		assert_int_equal(fixture_writes(&bench->fixture, S, size, 0), size == 4);
	}
}

/*
 * Each of the 144 registers keeps its bits, and the odd ones of the arrays do not exist.
 */
static void test_registers(void **state)
{
	struct irq_bench *bench = imsic_bench(state, 2, 1);

	for (unsigned file = 0; file < 3; file++) {
		for (u16 select = 0x70; select <= 0xff; select++) {
			u64 kept = 0, value = 0;

			if (select == EIDELIVERY)
				kept = 1;
			else if (select == EITHRESHOLD)
				kept = 255;
			else if (select >= EIP && (select & 0x3f) < 8)
				kept = select & 0x3f ? UINT64_MAX : UINT64_MAX - 1;
			if (select >= EIP && select % 2) {
				assert_false(
					imsic_read(&bench->imsic.sides[1], file, select, &value));
				assert_false(imsic_write(&bench->imsic.sides[1], file, select, 1));
				continue;
			}
			assert_int_equal(imsic_get(bench, 1, file, select), 0);
			for (unsigned bit = 0; bit < 64; bit++) {
				imsic_put(bench, 1, file, select, BIT(bit));
				assert_int_equal(imsic_get(bench, 1, file, select),
						 kept & BIT(bit));
			}
			imsic_put(bench, 1, file, select, UINT64_MAX);
			assert_int_equal(imsic_get(bench, 1, file, select), kept);
			imsic_put(bench, 1, file, select, 0);
		}
	}
	/* PLIC or APLIC delivery, 0x40000000, is not supported. */
	imsic_put(bench, 0, 0, EIDELIVERY, 0x40000000);
	assert_int_equal(imsic_get(bench, 0, 0, EIDELIVERY), 0);
}

static void test_top(void **state)
{
	static const u32 identities[] = { 1, 63, 64, 127, 128, 255 };
	struct irq_bench *bench = imsic_bench(state, 1, 1);

	for (unsigned i = ARRAY_SIZE(identities); i-- > 0;) {
		u32 id = identities[i];

		imsic_put(bench, 0, 2, (u16)(EIP + id / 64 * 2),
			  imsic_get(bench, 0, 2, (u16)(EIP + id / 64 * 2)) | BIT(id % 64));
		if (i + 1 < ARRAY_SIZE(identities))
			assert_int_equal(imsic_bench_topei(bench, 0, 2),
					 identities[i + 1] * 0x10001);
		imsic_put(bench, 0, 2, (u16)(EIE + id / 64 * 2),
			  imsic_get(bench, 0, 2, (u16)(EIE + id / 64 * 2)) | BIT(id % 64));
		assert_int_equal(imsic_bench_topei(bench, 0, 2), id * 0x10001);
		/* Delivery makes no difference to topei, a threshold does. */
		assert_false(imsic_pin(bench, 0, 2));
		imsic_put(bench, 0, 2, EIDELIVERY, 1);
		assert_true(imsic_pin(bench, 0, 2));
		imsic_put(bench, 0, 2, EITHRESHOLD, id);
		assert_int_equal(imsic_bench_topei(bench, 0, 2), 0);
		assert_false(imsic_pin(bench, 0, 2));
		if (id < 255)
			imsic_put(bench, 0, 2, EITHRESHOLD, id + 1);
		else
			imsic_put(bench, 0, 2, EITHRESHOLD, 0);
		assert_int_equal(imsic_bench_topei(bench, 0, 2), id * 0x10001);
		assert_true(imsic_pin(bench, 0, 2));
		imsic_put(bench, 0, 2, EITHRESHOLD, 0);
		imsic_put(bench, 0, 2, EIDELIVERY, 0);
		assert_false(imsic_pin(bench, 0, 2));
	}
	imsic_put(bench, 0, 2, EIDELIVERY, 1);
	for (unsigned i = 0; i < ARRAY_SIZE(identities); i++) {
		assert_int_equal(imsic_bench_topei(bench, 0, 2), identities[i] * 0x10001);
		assert_true(imsic_pin(bench, 0, 2));
		imsic_claim(&bench->imsic.sides[0], 2);
	}
	assert_int_equal(imsic_bench_topei(bench, 0, 2), 0);
	assert_false(imsic_pin(bench, 0, 2));
	imsic_claim(&bench->imsic.sides[0], 2);
	assert_int_equal(imsic_get(bench, 0, 2, EIP), 0);
	assert_false(imsic_pin(bench, 0, 0) || imsic_pin(bench, 0, 1));
}

static void test_line(void **state)
{
	struct irq_bench *bench = imsic_bench(state, 2, 0);

	imsic_put(bench, 1, 1, EIDELIVERY, 1);
	imsic_put(bench, 1, 1, EIE, BIT(9));
	irq_put(bench, S + PAGE_SIZE, 9);
	assert_true(imsic_pin(bench, 1, 1));
	assert_false(imsic_pin(bench, 1, 0) || imsic_pin(bench, 0, 0) || imsic_pin(bench, 0, 1));
	imsic_put(bench, 1, 1, EIE, 0);
	assert_false(imsic_pin(bench, 1, 1));
	imsic_put(bench, 1, 1, EIE, BIT(9));
	imsic_put(bench, 1, 1, EIP, 0);
	assert_false(imsic_pin(bench, 1, 1));
	imsic_put(bench, 1, 1, EIP, BIT(9));
	assert_true(imsic_pin(bench, 1, 1));
	platform_reset(&bench->fixture.platform);
	assert_false(imsic_pin(bench, 1, 1));
	assert_int_equal(imsic_get(bench, 1, 1, EIE) | imsic_get(bench, 1, 1, EIDELIVERY), 0);
}

/* A pin is up exactly when an identity is reported as not blocked. */
static void imsic_check_blocks(struct irq_bench *bench, unsigned hart, unsigned file)
{
	bool delivered = false;

	for (u32 identity = 1; identity <= IMSIC_IDENTITIES; identity++)
		delivered |= imsic_blocks(&bench->imsic, hart, file, identity) == IMSIC_DELIVERED;
	assert_int_equal(imsic_pin(bench, hart, file), delivered);
	if (delivered)
		assert_true(imsic_may_signal(&bench->imsic, hart, file));
}

/* A file may signal when delivery is on and some identity is enabled. */
static void test_may_signal(void **state)
{
	struct irq_bench *bench = imsic_bench(state, 2, 1);

	for (unsigned file = 0; file < 3; file++) {
		assert_false(imsic_may_signal(&bench->imsic, 1, file));
		imsic_put(bench, 1, file, EIE + 2, 1);
		assert_false(imsic_may_signal(&bench->imsic, 1, file));
		imsic_put(bench, 1, file, EIDELIVERY, 1);
		assert_true(imsic_may_signal(&bench->imsic, 1, file));
		assert_false(imsic_may_signal(&bench->imsic, 0, file));
		imsic_put(bench, 1, file, EIE + 2, 0);
		assert_false(imsic_may_signal(&bench->imsic, 1, file));
	}
}

static void test_blocks(void **state)
{
	static const u16 selects[] = { EIDELIVERY, EITHRESHOLD, EIP, EIP + 6, EIE, EIE + 6 };
	unsigned delivered = 0;
	struct irq_bench *bench = imsic_bench(state, 2, 2);
	u64 seed = 1;

	for (unsigned n = 0; n < 20000; n++) {
		u64 dice = fixture_random(&seed);
		unsigned hart = dice & 1, file = dice >> 1 & 3;

		imsic_put(bench, hart, file, selects[(dice >> 8) % ARRAY_SIZE(selects)],
			  fixture_random(&seed) & fixture_random(&seed) & fixture_random(&seed));
		imsic_check_blocks(bench, hart, file);
		delivered += imsic_pin(bench, hart, file);
	}
	assert_in_range(delivered, 1000, 19000);
}

static void test_hostile_sweep(void **state)
{
	struct irq_bench *bench = imsic_bench(state, 8, 63);

	fixture_sweep(&bench->fixture, 8 * PAGE_SIZE, 61, 4);
}

static void test_state(void **state)
{
	struct irq_bench *bench = imsic_bench(state, 2, 3);

	imsic_put(bench, 1, 4, EIDELIVERY, 1);
	imsic_put(bench, 1, 4, EIE + 6, BIT(63));
	imsic_put(bench, 1, 4, EIP + 6, BIT(63));
	imsic_put(bench, 1, 0, EITHRESHOLD, 77);
	fixture_state_roundtrip(&bench->fixture);
	assert_true(imsic_pin(bench, 1, 4));
	assert_int_equal(imsic_bench_topei(bench, 1, 4), 255 * 0x10001);
	assert_int_equal(imsic_get(bench, 1, 0, EITHRESHOLD), 77);
	bench->imsic.pending[0] = 1; /* identity 0 */
	assert_int_equal(irq_bench_reload(bench, true), -EINVAL);
	platform_reset(&bench->fixture.platform);
	bench->imsic.enabled[5 * IMSIC_WORDS] = 2; /* an interrupt file that does not exist */
	assert_int_equal(irq_bench_reload(bench, true), -EINVAL);
	platform_reset(&bench->fixture.platform);
	bench->imsic.delivery[2 * IMSIC_FILES] = true; /* a hart that does not exist */
	assert_int_equal(irq_bench_reload(bench, true), -EINVAL);
	platform_reset(&bench->fixture.platform);
	assert_int_equal(irq_bench_reload(bench, true), 0);
}

/* The nodes are as QEMU's virt machine with two harts and three guests writes them. */
static void test_nodes(void **state)
{
	static const u32 phandles[] = { 4, 2 };
	static const u8 m_interrupts[] = { 0, 0, 0, 4, 0, 0, 0, 11, 0, 0, 0, 2, 0, 0, 0, 11 };
	static const u8 s_interrupts[] = { 0, 0, 0, 4, 0, 0, 0, 9, 0, 0, 0, 2, 0, 0, 0, 9 };
	static const u8 m_reg[] = { 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x20, 0 };
	static const u8 s_reg[] = { 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0 };
	struct irq_bench *bench = imsic_bench(state, 2, 3);
	u32 msi[2];

	struct fdt *fdt = irq_bench_tree(bench);

	imsic_fdt(&bench->imsic, fdt, phandles, msi);
	assert_int_equal(fdt_done(fdt), 0);
	int m = irq_bench_node(bench, "/interrupt-controller@10000000");
	int s = irq_bench_node(bench, "/interrupt-controller@14000000");

	assert_int_equal(fdt_node_offset_by_phandle(fdt->blob, msi[0]), m);
	assert_int_equal(fdt_node_offset_by_phandle(fdt->blob, msi[1]), s);
	expect_property(fdt, m, "interrupts-extended", m_interrupts, sizeof(m_interrupts));
	expect_property(fdt, s, "interrupts-extended", s_interrupts, sizeof(s_interrupts));
	expect_property(fdt, m, "reg", m_reg, sizeof(m_reg));
	expect_property(fdt, s, "reg", s_reg, sizeof(s_reg));
	expect_property(fdt, s, "riscv,guest-index-bits", "\0\0\0\2", 4);
	assert_null(fdt_getprop(fdt->blob, m, "riscv,guest-index-bits", NULL));
	expect_property(fdt, s, "riscv,num-ids", "\0\0\0\xff", 4);
	expect_property(fdt, s, "compatible", "qemu,imsics\0riscv,imsics", 25);
	expect_property(fdt, s, "#interrupt-cells", "\0\0\0\0", 4);
	expect_property(fdt, s, "#msi-cells", "\0\0\0\0", 4);
	expect_property(fdt, s, "interrupt-controller", "", 0);
	expect_property(fdt, s, "msi-controller", "", 0);
}

static void test_info(void **state)
{
	struct irq_bench *bench = imsic_bench(state, 1, 1);

	imsic_put(bench, 0, 1, EIDELIVERY, 1);
	imsic_put(bench, 0, 1, EIE, BIT(1) | BIT(5));
	imsic_put(bench, 0, 1, EIP, BIT(5) | BIT(6));
	imsic_info(&bench->imsic, irq_bench_file(bench));
	irq_bench_printed(bench, "imsic: 255 identities, 1 guest files per hart (+ enabled, "
				 "! pending)\n"
				 "  hart 0 M: delivery off, threshold 0, top 0;\n"
				 "  hart 0 S: delivery on, threshold 0, top 5; 1+ 5+! 6!\n"
				 "  hart 0 guest 1: delivery off, threshold 0, top 0;\n");
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test_teardown(test_pages, irq_bench_teardown),
	cmocka_unit_test_teardown(test_holes, irq_bench_teardown),
	cmocka_unit_test_teardown(test_arrival, irq_bench_teardown),
	cmocka_unit_test_teardown(test_registers, irq_bench_teardown),
	cmocka_unit_test_teardown(test_top, irq_bench_teardown),
	cmocka_unit_test_teardown(test_line, irq_bench_teardown),
	cmocka_unit_test_teardown(test_may_signal, irq_bench_teardown),
	cmocka_unit_test_teardown(test_blocks, irq_bench_teardown),
	cmocka_unit_test_teardown(test_hostile_sweep, irq_bench_teardown),
	cmocka_unit_test_teardown(test_state, irq_bench_teardown),
	cmocka_unit_test_teardown(test_nodes, irq_bench_teardown),
	cmocka_unit_test_teardown(test_info, irq_bench_teardown),
	{ 0 },
};
