/* SPDX-License-Identifier: MIT */
/* Tests configuration space, BARs and pins, as well-behaved and as hostile guests use them. */
#include "bench.h"

#include <stdlib.h>
#include <string.h>

#define SMALL (PCI_BAR0 + 4 * BENCH_BAR_SMALL)
#define IO (PCI_BAR0 + 4 * BENCH_BAR_IO)
#define WIDE (PCI_BAR0 + 4 * BENCH_BAR_WIDE)
#define ALL_SPACES (u32)(PCI_COMMAND_IO | PCI_COMMAND_MEMORY)

static int setup(void **state)
{
	static struct bench bench;

	bench_init(&bench);
	*state = &bench;
	return 0;
}

static int teardown(void **state)
{
	bench_free(*state);
	return 0;
}

static u64 host_next_random(u64 *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static void test_who_is_there(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(bench_load(bench, BENCH_ECAM, 4), 0x00081b36);
	assert_int_equal(bench_load(bench, BENCH_ECAM + 8, 4), 0x06000000);
	assert_int_equal(bench_get(bench, 0, PCI_VENDOR_ID, 4), 0x56781234);
	assert_int_equal(bench_get(bench, 0, PCI_REVISION, 1), 9);
	assert_int_equal(bench_get(bench, 0, PCI_HEADER_TYPE, 1), 0);
	/* After the configuration space of conventional PCI there is no capability. */
	assert_int_equal(bench_get(bench, 0, 0x100, 4), 0);
	/* Every other bus, slot and function, at several offsets. */
	for (u64 at = 0; at < 0x10000000; at += 0x1000) {
		bool there = at == 0 || at == BENCH_SLOT << 15 || at == (BENCH_SLOT + 1) << 15;
		u64 value = bench_load(bench, BENCH_ECAM + at, 4);

		assert_int_equal(value == UINT32_MAX, !there);
		if (!there)
			bench_store(bench, BENCH_ECAM + at + PCI_COMMAND, 4, UINT32_MAX);
	}
}

/* A second function has its own configuration space, and its pin has the line of the slot. */
static void test_functions(void **state)
{
	static const struct pci_ids ids = { .vendor = 0x1111, .device = 0x2222, .pin = 1 };
	static struct pci_device second;
	struct bench *bench = *state;
	const u64 at = BENCH_ECAM + (BENCH_SLOT * PCI_FUNCTIONS + 2) * 0x1000;

	assert_false(pci_host_has_room(&bench->host, BENCH_SLOT * PCI_FUNCTIONS));
	assert_false(pci_host_has_room(&bench->host, (BENCH_SLOT + 2) * PCI_FUNCTIONS + 1));
	pci_device_init(&second, &bench->platform, "second", &ids);
	pci_host_plug(&bench->host, BENCH_SLOT * PCI_FUNCTIONS + 2, &second);
	platform_reset(&bench->platform);
	assert_int_equal(bench_load(bench, at, 4), 0x22221111);
	assert_int_equal(bench_get(bench, 0, PCI_HEADER_TYPE, 1), PCI_HEADER_FUNCTIONS);
	assert_int_equal(bench_get(bench, 1, PCI_HEADER_TYPE, 1), 0);
	pci_set_pin(&second, true);
	assert_true(bench->lines[BENCH_SLOT % PCI_LINES]);
	pci_set_pin(&second, false);
	assert_false(bench->lines[BENCH_SLOT % PCI_LINES]);
}

/*
 * PCI 3.0, 6.2.5.1: after a write of all ones, the address bits that the device decodes read as
 * zeros.
 */
static void test_sizes_of_bars(void **state)
{
	struct bench *bench = *state;

	bench_set(bench, 0, SMALL, 4, UINT32_MAX);
	assert_int_equal(bench_get(bench, 0, SMALL, 4), (u32) ~(BENCH_SMALL_SIZE - 1));
	bench_set(bench, 0, IO, 4, UINT32_MAX);
	assert_int_equal(bench_get(bench, 0, IO, 4), (u32) ~(BENCH_IO_SIZE - 1) | 1);
	bench_set(bench, 0, WIDE, 4, UINT32_MAX);
	bench_set(bench, 0, WIDE + 4, 4, UINT32_MAX);
	assert_int_equal(bench_get(bench, 0, WIDE, 4), (u32) ~(BENCH_WIDE_SIZE - 1) | 0xc);
	assert_int_equal(bench_get(bench, 0, WIDE + 4, 4), UINT32_MAX);
	/* There is no BAR 5, and no ROM. */
	bench_set(bench, 0, PCI_BAR0 + 20, 4, UINT32_MAX);
	assert_int_equal(bench_get(bench, 0, PCI_BAR0 + 20, 4), 0);
	bench_set(bench, 0, 0x30, 4, UINT32_MAX);
	assert_int_equal(bench_get(bench, 0, 0x30, 4), 0);
}

/* Returns whether an access reaches the device, at this offset. */
static bool reaches(struct bench *bench, unsigned n, u64 addr, u64 offset)
{
	unsigned before = bench->devices[n].accesses;
	u64 value = bench_load(bench, addr, 4);

	if (bench->devices[n].accesses == before)
		return false;
	assert_int_equal(bench->devices[n].offset, offset);
	assert_int_equal(value, offset);
	return true;
}

static void test_bars_are_where_they_are_put(void **state)
{
	struct bench *bench = *state;

	bench_set(bench, 0, SMALL, 4, (u32)BENCH_LOW + 0x5000);
	assert_false(reaches(bench, 0, BENCH_LOW + 0x5000, 0)); /* not enabled */
	bench_set(bench, 0, PCI_COMMAND, 2, (u32)PCI_COMMAND_IO);
	assert_false(reaches(bench, 0, BENCH_LOW + 0x5000, 0));
	bench_set(bench, 0, PCI_COMMAND, 2, ALL_SPACES);
	assert_true(reaches(bench, 0, BENCH_LOW + 0x5ffc, 0xffc));
	assert_false(reaches(bench, 0, BENCH_LOW + 0x6000, 0));
	assert_int_equal(bench_load(bench, BENCH_LOW + 0x6000, 4), UINT32_MAX);
	bench_set(bench, 0, SMALL, 4, (u32)BENCH_LOW + 0x3ffff000);
	assert_false(reaches(bench, 0, BENCH_LOW + 0x5000, 0));
	assert_true(reaches(bench, 0, BENCH_LOW + 0x3ffffff0, 0xff0));
	bench_set(bench, 0, IO, 4, 0xff00);
	assert_true(reaches(bench, 0, BENCH_PIO + 0xff04, 4));
	/* A 64-bit BAR can be in either window; an access of 8 bytes arrives as two accesses. */
	bench_set(bench, 0, WIDE, 4, (u32)BENCH_LOW + 0x100000);
	assert_true(reaches(bench, 0, BENCH_LOW + 0x100010, 0x10));
	bench_set(bench, 0, WIDE + 4, 4, 7);
	bench_set(bench, 0, WIDE, 4, 0xfff00000);
	assert_true(reaches(bench, 0, BENCH_HIGH + BENCH_HIGH_SIZE - 4, BENCH_WIDE_SIZE - 4));
	assert_int_equal(bench_load(bench, BENCH_HIGH + BENCH_HIGH_SIZE - 8, 8), 0xffffc000ffff8);
}

static void test_overlapping_bars(void **state)
{
	struct bench *bench = *state;

	for (unsigned n = 0; n < BENCH_DEVICES; n++) {
		bench_set(bench, n, WIDE, 4, (u32)BENCH_LOW);
		bench_set(bench, n, SMALL, 4, (u32)BENCH_LOW);
		bench_set(bench, n, PCI_COMMAND, 2, ALL_SPACES);
	}
	assert_true(reaches(bench, 0, BENCH_LOW + 8, 8));
	assert_false(reaches(bench, 1, BENCH_LOW + 8, 8));
	bench_set(bench, 0, PCI_COMMAND, 2, 0);
	assert_true(reaches(bench, 1, BENCH_LOW + 8, 8));
}

/*
 * BARs are placed over RAM, over the ECAM, over other devices, at 0 and at the end of the address
 * space: RAM stays RAM.
 */
static void test_bars_outside_of_windows(void **state)
{
	static const u64 places[] = { 0, BENCH_RAM, BENCH_ECAM, BENCH_PIO, 0x10000000,
				      BENCH_LOW - BENCH_SMALL_SIZE, 0xfffff000, 0x800000000,
				      0xfffffffffff00000 };
	struct bench *bench = *state;

	bench_set(bench, 0, PCI_COMMAND, 2, (u32)PCI_COMMAND_MEMORY);
	for (unsigned i = 0; i < ARRAY_SIZE(places); i++) {
		u64 value = 0;

		bench_set(bench, 0, SMALL, 4, (u32)places[i]);
		bench_set(bench, 0, WIDE, 4, (u32)places[i]);
		bench_set(bench, 0, WIDE + 4, 4, (u32)(places[i] >> 32));
		bench->devices[0].accesses = 0;
		bus_load(&bench->platform.bus, places[i], 4, &value);
		bus_store(&bench->platform.bus, places[i] + 4, 4, value);
		assert_int_equal(bench->devices[0].accesses, 0);
	}
	bench_set(bench, 0, SMALL, 4, (u32)BENCH_RAM);
	bench_store(bench, BENCH_RAM, 8, 0x1122334455667788);
	assert_int_equal(bench_load(bench, BENCH_RAM, 8), 0x1122334455667788);
	assert_int_equal(bench->devices[0].accesses, 0);
	/* A device's own access never goes to a BAR. */
	bench_set(bench, 0, SMALL, 4, (u32)BENCH_LOW);
	assert_null(bus_dma_map(&bench->platform.bus, BENCH_LOW, 4, true));
}

/*
 * Random values are written to every offset with every size; the bits that must not change do not.
 */
static void test_noise(void **state)
{
	struct bench *bench = *state;
	u64 seed = 5, value;

	for (unsigned round = 0; round < 200000; round++) {
		u64 addr = BENCH_ECAM + (host_next_random(&seed) % 6 << 15) +
			   host_next_random(&seed) % 0x140;
		unsigned size = 1u << host_next_random(&seed) % 4;

		bus_store(&bench->platform.bus, addr, size, host_next_random(&seed));
		bus_load(&bench->platform.bus, addr, size, &value);
		addr = BENCH_LOW + host_next_random(&seed) % 0x40000000;
		assert_true(bus_load(&bench->platform.bus, addr & ~7ull, size, &value));
		bus_store(&bench->platform.bus, addr, size, host_next_random(&seed));
	}
	for (unsigned n = 0; n < BENCH_DEVICES; n++)
		for (u32 i = 0; i < PCI_CONFIG_SIZE; i++) {
			const struct pci_device *pci = &bench->devices[n].pci;

			assert_int_equal((pci->config[i] ^ pci->first[i]) & ~pci->writable[i], 0);
		}
	platform_reset(&bench->platform);
	assert_memory_equal(bench->devices[0].pci.config, bench->devices[0].pci.first,
			    PCI_CONFIG_SIZE);
}

static void test_accesses_across_ends(void **state)
{
	struct bench *bench = *state;
	u64 value;

	for (unsigned size = 1; size <= 8; size *= 2)
		for (u64 offset = 0; offset < 16; offset++) {
			u64 ends[] = { BENCH_ECAM + 0x10000000, BENCH_LOW + 0x40000000,
				       BENCH_HIGH + BENCH_HIGH_SIZE, BENCH_PIO + 0x10000,
				       BENCH_ECAM + (BENCH_SLOT << 15) + 0x100 };

			for (unsigned i = 0; i < ARRAY_SIZE(ends); i++) {
				bus_load(&bench->platform.bus, ends[i] - 8 + offset, size, &value);
				bus_store(&bench->platform.bus, ends[i] - 8 + offset, size, value);
			}
		}
}

static void test_pins(void **state)
{
	struct bench *bench = *state;
	/* Slot 3's INTA is line 3, slot 4's line 0. */
	pci_set_pin(&bench->devices[0].pci, true);
	assert_true(bench->lines[3]);
	assert_false(bench->lines[0]);
	assert_int_equal(bench_get(bench, 0, PCI_STATUS, 2) & 8, 8);
	pci_set_pin(&bench->devices[1].pci, true);
	assert_true(bench->lines[0]);
	bench_set(bench, 0, PCI_COMMAND, 2, (u32)PCI_COMMAND_INTX_DISABLE);
	assert_false(bench->lines[3]);
	assert_int_equal(bench_get(bench, 0, PCI_STATUS, 2) & 8, 8);
	bench_set(bench, 0, PCI_COMMAND, 2, 0);
	assert_true(bench->lines[3]);
	/* The guest cannot clear it by a write. */
	bench_set(bench, 0, PCI_STATUS, 2, 0xffff);
	assert_true(bench->lines[3]);
	pci_set_pin(&bench->devices[0].pci, false);
	assert_false(bench->lines[3]);
	platform_reset(&bench->platform);
	assert_false(bench->lines[0]);
}

/* After a load BARs are where they were; a saved state with other hardware is refused. */
static void test_state(void **state)
{
	struct bench *bench = *state;
	struct state_image image = { 0 };
	struct pci_device *pci = &bench->devices[0].pci;

	bench_set(bench, 0, SMALL, 4, (u32)BENCH_LOW);
	bench_set(bench, 0, PCI_COMMAND, 2, ALL_SPACES);
	assert_int_equal(state_save(&bench->platform.state, &image), 0);
	platform_reset(&bench->platform);
	assert_false(reaches(bench, 0, BENCH_LOW, 0));
	assert_int_equal(state_load(&bench->platform.state, image.data, image.size), 0);
	assert_true(reaches(bench, 0, BENCH_LOW, 0));
	free(image.data);
	for (u32 i = 0; i < PCI_CONFIG_SIZE; i++) {
		u8 fixed = (u8)(~pci->writable[i] & (i == PCI_STATUS ? ~8 : 0xff));

		if (!fixed)
			continue;
		image = (struct state_image){ 0 };
		pci->config[i] ^= fixed;
		assert_int_equal(state_save(&bench->platform.state, &image), 0);
		pci->config[i] ^= fixed;
		assert_int_not_equal(state_load(&bench->platform.state, image.data, image.size), 0);
		free(image.data);
		platform_reset(&bench->platform);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
const struct CMUnitTest unit_tests[] = {
	TEST(test_who_is_there),
	TEST(test_functions),
	TEST(test_sizes_of_bars),
	TEST(test_bars_are_where_they_are_put),
	TEST(test_overlapping_bars),
	TEST(test_bars_outside_of_windows),
	TEST(test_noise),
	TEST(test_accesses_across_ends),
	TEST(test_pins),
	TEST(test_state),
	{ 0 },
};
