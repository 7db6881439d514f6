/* SPDX-License-Identifier: MIT */
/*
 * SiFive's test finisher: in the word at offset 0, bits 15:0 say how the machine ends, and bits
 * 31:16 are the exit code of a failure. The platform and the frontend then end the machine.
 */
#include "devices/test.h"

#include "devices/fdt.h"
#include "devices/memmap.h"

/* Returns zero for any read, also for the read-modify-write of Linux's syscon-poweroff. */
static bool test_read(void *ctx, u64 offset, unsigned size, u64 *value)
{
	(void)ctx;
	(void)offset;
	(void)size;
	*value = 0;
	return true;
}

static bool test_write(void *ctx, u64 offset, unsigned size, u64 value)
{
	static const struct {
		u16 order;
		enum machine_end end;
	} orders[] = {
		{ TEST_PASS, MACHINE_PASS },
		{ TEST_FAIL, MACHINE_FAIL },
		{ TEST_RESET, MACHINE_RESET },
	};
	struct test *test = ctx;

	(void)size;
	for (unsigned i = 0; i < ARRAY_SIZE(orders); i++) {
		if (offset == 0 && (value & 0xffff) == orders[i].order) {
			u64 code = orders[i].end == MACHINE_FAIL ? bits(value, 16, 16) : 0;

			platform_end(test->platform, orders[i].end, code);
			return true;
		}
	}
	log_line(&test->platform->log, LOG_GUEST_ERRORS, "test: write of %#llx at offset %#llx",
		 value, offset);
	return true;
}

int test_attach(struct test *test, struct platform *platform, u64 base)
{
	static const struct bus_ops ops = { .read = test_read, .write = test_write };
	const struct region region = {
		.name = "test", .base = base, .size = TEST_SIZE, .min = 2, .max = 4,
		.exact = true, .ops = &ops, .ctx = test,
	};

	test->platform = platform;
	return bus_attach(&platform->bus, &region);
}

void test_node(struct fdt *fdt, u64 base, u32 phandle)
{
	static const char *const compatible[] = { "sifive,test1", "sifive,test0", "syscon" };

	fdt_node(fdt, "test@%llx", base);
	fdt_strings(fdt, "compatible", compatible, ARRAY_SIZE(compatible));
	fdt_reg(fdt, base, TEST_SIZE);
	fdt_u32(fdt, "phandle", phandle);
	fdt_end(fdt);
}
