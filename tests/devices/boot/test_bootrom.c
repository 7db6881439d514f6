/* SPDX-License-Identifier: MIT */
/*
 * Compares the boot ROM's bytes with the code that GNU as makes of the same six instructions, and
 * the struct for OpenSBI, field by field, with the offsets at which OpenSBI reads it.
 */
#include "bus/platform.h"
#include "devices/boot/bootrom.h"
#include "tests/cmocka.h"

#define BASE 0x1000
#define SIZE 0xf000

/* riscv64-unknown-elf-as -march=rv64i_zicsr */
static const u32 code[] = {
	0x00000297, /* auipc t0, 0 */
	0x02828613, /* addi a2, t0, 40 */
	0xf1402573, /* csrr a0, mhartid */
	0x0202b583, /* ld a1, 32(t0) */
	0x0182b283, /* ld t0, 24(t0) */
	0x00028067, /* jr t0 */
};

static const struct bootrom_entry entry = {
	.start = 0x80000000, .dtb = 0x87e00000, .next = 0x80200000, .next_mode = BOOTROM_S};

static const u64 data[] = {
	0x80000000, /* 24: start */
	0x87e00000, /* 32: device tree */
	0x4942534f, 2, 0x80200000, 1, 0, UINT64_MAX, /* 40: fw_dynamic_info */
};

static void bootrom_check(struct bus *bus)
{
	u64 value;

	for (unsigned i = 0; i < ARRAY_SIZE(code); i++) {
		assert_true(bus_load(bus, BASE + i * 4, 4, &value));
		assert_int_equal(value, code[i]);
	}
	for (unsigned i = 0; i < ARRAY_SIZE(data); i++) {
		assert_true(bus_load(bus, BASE + 24 + i * 8, 8, &value));
		assert_int_equal(value, data[i]);
	}
}

static void test_contents(void **state)
{
	struct platform platform;
	struct bootrom rom;
	u64 value;

	platform_init(&platform, CLOCK_VIRTUAL, 1);
	assert_int_equal(bootrom_init(&rom, &platform.bus, BASE, SIZE), 0);
	bootrom_register_state(&rom, &platform.state);
	bootrom_set(&rom, &entry);
	bootrom_check(&platform.bus);
	/* The guest cannot write to the ROM, which has its full size. */
	assert_false(bus_store(&platform.bus, BASE, 4, 0));
	bootrom_check(&platform.bus);
	assert_true(bus_load(&platform.bus, BASE + SIZE - 8, 8, &value));
	assert_int_equal(value, 0);
	assert_false(bus_load(&platform.bus, BASE + SIZE, 1, &value));
	bootrom_free(&rom);
	platform_free(&platform);
}

static void test_no_place(void **state)
{
	struct platform platform;
	struct bootrom rom, second;

	platform_init(&platform, CLOCK_VIRTUAL, 1);
	assert_int_equal(bootrom_init(&rom, &platform.bus, BASE, SIZE), 0);
	assert_true(bootrom_init(&second, &platform.bus, BASE, SIZE) < 0);
	bootrom_free(&rom);
	platform_free(&platform);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_contents),
	cmocka_unit_test(test_no_place),
	{ 0 },
};
