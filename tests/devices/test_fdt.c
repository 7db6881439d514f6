/* SPDX-License-Identifier: MIT */
/*
 * Tests the device tree writer, and the nodes of the devices that do not depend on an interrupt
 * controller: they are read with libfdt and compared with the properties of QEMU's virt machine.
 */
#include "devices/block/flash.h"
#include "devices/fdt.h"
#include "devices/boot/fwcfg.h"
#include "devices/memmap.h"
#include "devices/rtc.h"
#include "devices/syscon.h"
#include "devices/test.h"
#include "devices/uart.h"
#include "expect_fdt.h"
#include "tests/cmocka.h"

#include <errno.h>
#include <libfdt.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

static void expect_bytes(const struct fdt *fdt, const char *path, const char *name,
			 const void *want, size_t size)
{
	expect_property(fdt, fdt_path_offset(fdt->blob, path), name, want, (int)size);
}

static void expect_text(const struct fdt *fdt, const char *path, const char *name, const char *want)
{
	expect_bytes(fdt, path, name, want, strlen(want) + 1);
}

/* Expects a property that consists of `count` big-endian words. */
static void expect_cells(const struct fdt *fdt, const char *path, const char *name, const u32 *want,
			 unsigned count)
{
	u32 cells[8];

	for (unsigned i = 0; i < count; i++)
		cells[i] = cpu_to_fdt32(want[i]);
	expect_bytes(fdt, path, name, cells, count * sizeof(u32));
}

#define EXPECT_CELLS(fdt, path, name, ...)                                                         \
	expect_cells(fdt, path, name, (const u32[]){ __VA_ARGS__ },                                \
		     ARRAY_SIZE(((const u32[]){ __VA_ARGS__ })))

static void test_properties(void **state)
{
	static const char *const names[] = { "one", "", "three" };
	struct fdt fdt;

	assert_int_equal(fdt_start(&fdt), 0);
	fdt_flag(&fdt, "flag");
	fdt_u32(&fdt, "u32", 0x12345678);
	fdt_str(&fdt, "text", "weaver");
	fdt_strings(&fdt, "texts", names, 3);
	fdt_node(&fdt, "bus@%llx", 0xc000000ull);
	fdt_reg(&fdt, 0x4000000010, 0x20);
	fdt_bytes(&fdt, "bytes", "\1\2\3", 3);
	fdt_end(&fdt);
	assert_int_equal(fdt_done(&fdt), 0);

	assert_int_equal(fdt_check_full(fdt.blob, fdt.size), 0);
	assert_int_equal(fdt_totalsize(fdt.blob), fdt.size);
	expect_bytes(&fdt, "/", "flag", NULL, 0);
	EXPECT_CELLS(&fdt, "/", "u32", 0x12345678);
	expect_text(&fdt, "/", "text", "weaver");
	expect_bytes(&fdt, "/", "texts", "one\0\0three", 11);
	EXPECT_CELLS(&fdt, "/bus@c000000", "reg", 0x40, 0x10, 0, 0x20);
	expect_bytes(&fdt, "/bus@c000000", "bytes", "\1\2\3", 3);
	free(fdt.blob);
}

static void test_grows(void **state)
{
	u8 large[100000];
	struct fdt fdt;

	memset(large, 0x5a, sizeof(large));
	assert_int_equal(fdt_start(&fdt), 0);
	fdt_bytes(&fdt, "large", large, sizeof(large));
	for (unsigned i = 0; i < 3000; i++) {
		fdt_node(&fdt, "node@%u", i);
		fdt_u32(&fdt, "reg", i);
		fdt_end(&fdt);
	}
	assert_int_equal(fdt_done(&fdt), 0);
	assert_int_equal(fdt_check_full(fdt.blob, fdt.size), 0);
	EXPECT_CELLS(&fdt, "/node@0", "reg", 0);
	EXPECT_CELLS(&fdt, "/node@2999", "reg", 2999);
	expect_bytes(&fdt, "/", "large", large, sizeof(large));
	free(fdt.blob);
}

/*
 * Makes a tree whose names and values end within words, so that they are padded. `garbage` fills
 * newly allocated memory.
 */
static void make_ragged(struct fdt *fdt, int garbage)
{
	mallopt(M_PERTURB, garbage);
	assert_int_equal(fdt_start(fdt), 0);
	for (unsigned n = 0; n < 2000; n++) {
		fdt_node(fdt, "node@%x", n);
		fdt_bytes(fdt, "a", "byte", 1);
		fdt_end(fdt);
	}
	assert_int_equal(fdt_done(fdt), 0);
	mallopt(M_PERTURB, 0);
}

/* Old bytes of the host's memory do not get into the tree, however often its buffer grows. */
static void test_same_bytes(void **state)
{
	struct fdt one, other;

	make_ragged(&one, 0x55);
	make_ragged(&other, 0x7e);
	assert_true(one.size > 64 * KiB);
	assert_int_equal(one.size, other.size);
	assert_memory_equal(one.blob, other.blob, one.size);
	free(one.blob);
	free(other.blob);
}

static void test_errors_are_kept(void **state)
{
	struct fdt fdt;

	assert_int_equal(fdt_start(&fdt), 0);
	fdt_end(&fdt);
	fdt_end(&fdt); /* one too many */
	fdt_u32(&fdt, "late", 1);
	assert_int_equal(fdt_done(&fdt), -EINVAL);
	free(fdt.blob);

	assert_int_equal(fdt_start(&fdt), 0);
	fdt_node(&fdt, "%080d", 1); /* longer than any node's name */
	assert_int_equal(fdt_done(&fdt), -EINVAL);
	free(fdt.blob);
}

static void test_nodes(void **state)
{
	static const u64 banks[] = { FLASH_BASE, FLASH_BASE + FLASH_BANK_SIZE };
	struct fdt fdt;

	assert_int_equal(fdt_start(&fdt), 0);
	u32 plic = fdt_new_phandle(&fdt), test = fdt_new_phandle(&fdt);
	const struct fdt_intc intc = { .phandle = plic, .cells = 1 };
	const struct fdt_intc aplic = { .phandle = plic, .cells = 2 };

	assert_int_not_equal(plic, test);
	uart_node(&fdt, UART_BASE, UART_IRQ, &intc);
	rtc_node(&fdt, RTC_BASE, RTC_IRQ, &aplic);
	test_node(&fdt, TEST_BASE, test);
	syscon_nodes(&fdt, test);
	flash_node(&fdt, banks, 2);
	fwcfg_node(&fdt, FW_CFG_BASE);
	assert_int_equal(fdt_done(&fdt), 0);
	assert_int_equal(fdt_check_full(fdt.blob, fdt.size), 0);

	expect_text(&fdt, "/serial@10000000", "compatible", "ns16550a");
	EXPECT_CELLS(&fdt, "/serial@10000000", "reg", 0, 0x10000000, 0, 0x100);
	EXPECT_CELLS(&fdt, "/serial@10000000", "clock-frequency", 3686400);
	EXPECT_CELLS(&fdt, "/serial@10000000", "interrupts", 10);
	EXPECT_CELLS(&fdt, "/serial@10000000", "interrupt-parent", plic);
	expect_text(&fdt, "/rtc@101000", "compatible", "google,goldfish-rtc");
	EXPECT_CELLS(&fdt, "/rtc@101000", "reg", 0, 0x101000, 0, 0x1000);
	EXPECT_CELLS(&fdt, "/rtc@101000", "interrupts", 11, 4);
	EXPECT_CELLS(&fdt, "/rtc@101000", "interrupt-parent", plic);
	expect_bytes(&fdt, "/test@100000", "compatible", "sifive,test1\0sifive,test0\0syscon", 33);
	EXPECT_CELLS(&fdt, "/test@100000", "reg", 0, 0x100000, 0, 0x1000);
	assert_int_equal(fdt_path_offset(fdt.blob, "/test@100000"),
			 fdt_node_offset_by_phandle(fdt.blob, test));
	expect_text(&fdt, "/reboot", "compatible", "syscon-reboot");
	EXPECT_CELLS(&fdt, "/reboot", "value", 0x7777);
	EXPECT_CELLS(&fdt, "/reboot", "offset", 0);
	EXPECT_CELLS(&fdt, "/reboot", "regmap", test);
	expect_text(&fdt, "/poweroff", "compatible", "syscon-poweroff");
	EXPECT_CELLS(&fdt, "/poweroff", "value", 0x5555);
	EXPECT_CELLS(&fdt, "/poweroff", "offset", 0);
	EXPECT_CELLS(&fdt, "/poweroff", "regmap", test);
	expect_text(&fdt, "/flash@20000000", "compatible", "cfi-flash");
	EXPECT_CELLS(&fdt, "/flash@20000000", "reg", 0, 0x20000000, 0, 0x2000000, 0, 0x22000000, 0,
		     0x2000000);
	EXPECT_CELLS(&fdt, "/flash@20000000", "bank-width", 4);
	expect_text(&fdt, "/fw-cfg@10100000", "compatible", "qemu,fw-cfg-mmio");
	EXPECT_CELLS(&fdt, "/fw-cfg@10100000", "reg", 0, 0x10100000, 0, 0x18);
	expect_bytes(&fdt, "/fw-cfg@10100000", "dma-coherent", NULL, 0);
	free(fdt.blob);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_properties),
	cmocka_unit_test(test_grows),
	cmocka_unit_test(test_same_bytes),
	cmocka_unit_test(test_errors_are_kept),
	cmocka_unit_test(test_nodes),
	{ 0 },
};
