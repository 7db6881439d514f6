/* SPDX-License-Identifier: MIT */
/* Tests MSI-X: when a message is sent, and tables that hostile guests write. */
#include "bench.h"
#include "tests/state_copy.h"

#include <stdlib.h>

#define TABLE BENCH_LOW
#define PBA (BENCH_LOW + 0x800)
#define ENABLE 0x8000u
#define MASK_ALL 0x4000u
#define NOBODY BENCH_VECTORS

static int setup(void **state)
{
	static struct bench bench;

	bench_init(&bench);
	*state = &bench;
	bench_set(&bench, 0, PCI_BAR0 + 4 * BENCH_BAR_MSIX, 4, (u32)TABLE);
	bench_set(&bench, 0, PCI_COMMAND, 2, (u32)(PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER));
	return 0;
}

static int teardown(void **state)
{
	bench_free(*state);
	return 0;
}

static void control(struct bench *bench, u32 value)
{
	bench_set(bench, 0, bench->devices[0].msix.capability + 2u, 2, value);
}

static void entry(struct bench *bench, unsigned vector, u64 addr, u32 data, u32 mask)
{
	u64 at = TABLE + vector * 16;

	bench_store(bench, at, 4, (u32)addr);
	bench_store(bench, at + 4, 4, addr >> 32);
	bench_store(bench, at + 8, 4, data);
	bench_store(bench, at + 12, 4, mask);
}

static void notify(struct bench *bench, unsigned vector)
{
	pci_msix_notify(&bench->devices[0].msix, vector);
}

static void test_capability(void **state)
{
	struct bench *bench = *state;
	u32 at = bench_get(bench, 0, PCI_CAPABILITIES, 1);

	assert_true(bench_get(bench, 0, PCI_STATUS, 2) & 0x10);
	assert_int_equal(bench_get(bench, 0, at, 1), 0x11);
	assert_int_equal(bench_get(bench, 0, at + 1, 1), 0);
	assert_int_equal(bench_get(bench, 0, at + 2, 2), BENCH_VECTORS - 1);
	assert_int_equal(bench_get(bench, 0, at + 4, 4), BENCH_BAR_MSIX);
	assert_int_equal(bench_get(bench, 0, at + 8, 4), 0x800 | BENCH_BAR_MSIX);
	/* All vectors are masked at first. */
	for (unsigned n = 0; n < BENCH_VECTORS; n++)
		assert_int_equal(bench_load(bench, TABLE + n * 16 + 12, 4), 1);
}

static void test_messages(void **state)
{
	struct bench *bench = *state;

	entry(bench, 2, BENCH_MESSAGE + 0x1000, 77, 0);
	notify(bench, 2);
	assert_int_equal(bench->messages, 0); /* MSI-X is not enabled: the message is lost */
	control(bench, ENABLE);
	assert_int_equal(bench->messages, 0);
	notify(bench, 2);
	assert_int_equal(bench->messages, 1);
	assert_int_equal(bench->message_addr, BENCH_MESSAGE + 0x1000);
	assert_int_equal(bench->message_data, 77);
	notify(bench, NOBODY);
	notify(bench, 63);
	notify(bench, 64);
	notify(bench, 0xffff);
	assert_int_equal(bench->messages, 1);
	assert_int_equal(bench->devices[0].msix.pending, 0);
}

/* A message that is masked, by whatever means, waits in the PBA and is then sent once. */
static void test_masks(void **state)
{
	struct bench *bench = *state;

	entry(bench, 0, BENCH_MESSAGE, 1, 1);
	control(bench, ENABLE);
	notify(bench, 0);
	notify(bench, 0);
	assert_int_equal(bench->messages, 0);
	assert_int_equal(bench_load(bench, PBA, 4), 1);
	bench_store(bench, PBA, 4, 0); /* read-only */
	assert_int_equal(bench_load(bench, PBA, 4), 1);
	bench_store(bench, TABLE + 12, 4, 0);
	assert_int_equal(bench->messages, 1);
	assert_int_equal(bench_load(bench, PBA, 4), 0);
	control(bench, ENABLE | MASK_ALL);
	notify(bench, 0);
	assert_int_equal(bench->messages, 1);
	control(bench, ENABLE);
	assert_int_equal(bench->messages, 2);
	bench_set(bench, 0, PCI_COMMAND, 2, (u32)PCI_COMMAND_MEMORY);
	notify(bench, 0);
	assert_int_equal(bench->messages, 2);
	bench_set(bench, 0, PCI_COMMAND, 2, (u32)PCI_COMMAND_MASTER);
	assert_int_equal(bench->messages, 3);
}

/* A message reaches only the sink, whatever its address is. */
static void test_hostile_addresses(void **state)
{
	static const u64 places[] = { 0, BENCH_RAM, BENCH_ECAM, TABLE, TABLE + 12, UINT64_MAX };
	struct bench *bench = *state;

	control(bench, ENABLE);
	for (unsigned i = 0; i < ARRAY_SIZE(places); i++) {
		entry(bench, 1, places[i], UINT32_MAX, 0);
		notify(bench, 1);
		assert_int_equal(bench->messages, i + 1);
		assert_int_equal(bench->message_addr, places[i] & ~3ull);
		assert_int_equal(bench_load(bench, BENCH_RAM, 8), 0);
		assert_int_equal(bench_load(bench, TABLE + 12, 4), 1);
	}
}

/*
 * Every offset of the BAR and beyond is accessed with every size: only whole words of the table are
 * accepted.
 */
static void test_every_offset(void **state)
{
	struct bench *bench = *state;

	for (unsigned size = 1; size <= 8; size *= 2)
		for (u64 offset = 0; offset < 0x1010; offset++) {
			u64 value = 0;

			bus_store(&bench->platform.bus, TABLE + offset, size, UINT64_MAX);
			bus_load(&bench->platform.bus, TABLE + offset, size, &value);
		}
	for (unsigned n = 0; n < BENCH_VECTORS; n++) {
		assert_int_equal(bench_load(bench, TABLE + n * 16, 4), 0xfffffffc);
		assert_int_equal(bench_load(bench, TABLE + n * 16 + 12, 4), 1);
	}
	assert_int_equal(bench_load(bench, TABLE + BENCH_VECTORS * 16, 4), 0);
	assert_int_equal(bench_load(bench, PBA, 8), 0);
	assert_int_equal(bench->messages, 0);
}

static void test_state(void **state)
{
	struct bench *bench = *state;
	struct state_image image;

	entry(bench, 3, BENCH_MESSAGE, 5, 1);
	control(bench, ENABLE);
	notify(bench, 3);
	image = state_saved(&bench->platform.state);
	platform_reset(&bench->platform);
	assert_int_equal(state_load(&bench->platform.state, image.data, image.size), 0);
	bench_store(bench, TABLE + 3 * 16 + 12, 4, 0);
	assert_int_equal(bench->messages, 1);
	free(image.data);
	bench->devices[0].msix.pending = BIT(NOBODY);
	assert_int_not_equal(state_copy(&bench->platform.state, &bench->platform.state), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
const struct CMUnitTest unit_tests[] = {
	TEST(test_capability), TEST(test_messages), TEST(test_masks),
	TEST(test_hostile_addresses), TEST(test_every_offset), TEST(test_state),
	{ 0 },
};
