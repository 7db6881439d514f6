/* SPDX-License-Identifier: MIT */
/*
 * Tests the address map: attaching, finding, and the accesses that reach a device for accesses of
 * any size at any alignment. The device here records each access, and answers with its offset.
 */
#include "bus/bus.h"
#include "bus/log.h"
#include "tests/cmocka.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BASE 0x10000ull
#define SIZE 0x100ull

struct seen {
	u64 offset, value;
	unsigned size;
};

struct recorder {
	struct seen seen[8];
	unsigned count;
	u64 refuses; /* it refuses accesses to this offset */
};

static bool recorder_add(struct recorder *recorder, u64 offset, unsigned size, u64 value)
{
	if (offset == recorder->refuses)
		return false;
	assert_true(recorder->count < ARRAY_SIZE(recorder->seen));
	recorder->seen[recorder->count++] = (struct seen){ offset, value, size };
	return true;
}

/*
 * Reads from the device, whose byte n is n. Bits above the size are garbage, which the bus must not
 * pass on.
 */
static bool recorder_read(void *ctx, u64 offset, unsigned size, u64 *value)
{
	*value = UINT64_MAX;
	for (unsigned i = 0; i < size; i++) {
		*value &= ~(0xffull << 8 * i);
		*value |= (offset + i) << 8 * i;
	}
	return recorder_add(ctx, offset, size, 0);
}

static bool recorder_write(void *ctx, u64 offset, unsigned size, u64 value)
{
	return recorder_add(ctx, offset, size, value);
}

static const struct bus_ops recorder_ops = { recorder_read, recorder_write };

static void attach_recorder(struct bus *bus, struct recorder *recorder, u8 min, u8 max)
{
	const struct region region = {
		.name = "recorder",
		.base = BASE,
		.size = SIZE,
		.min = min,
		.max = max,
		.ops = &recorder_ops,
		.ctx = recorder,
	};

	bus_init(bus);
	*recorder = (struct recorder){ .refuses = UINT64_MAX };
	assert_int_equal(bus_attach(bus, &region), 0);
}

/* The size of the pieces that must reach the device; 0: the access is refused. */
static const struct {
	u8 min, max;
	u64 offset;
	unsigned size, piece;
} splits[] = {
	{ 1, 8, 0, 8, 8 }, { 1, 8, 8, 8, 8 },  { 1, 8, 4, 8, 4 }, { 1, 8, 2, 8, 2 },
	{ 1, 8, 1, 8, 1 }, { 1, 8, 6, 4, 2 },  { 1, 8, 3, 2, 1 }, { 1, 8, 3, 1, 1 },
	{ 4, 4, 0, 8, 4 }, { 4, 4, 4, 8, 4 },  { 4, 4, 2, 4, 0 }, { 4, 4, 0, 2, 0 },
	{ 4, 4, 0, 1, 0 }, { 4, 4, 12, 4, 4 }, { 4, 8, 4, 8, 4 }, { 4, 8, 8, 8, 8 },
	{ 4, 8, 2, 8, 0 }, { 1, 1, 0, 8, 1 },  { 1, 1, 5, 4, 1 }, { 1, 2, 2, 8, 2 },
	{ 2, 4, 1, 2, 0 }, { 2, 4, 2, 4, 2 },  { 8, 8, 0, 8, 8 }, { 8, 8, 4, 8, 0 },
	{ 0, 0, 1, 8, 1 }, { 0, 0, 16, 8, 8 },
};

static void test_splits(void **unused)
{
	for (unsigned i = 0; i < ARRAY_SIZE(splits); i++) {
		unsigned piece = splits[i].piece, size = splits[i].size;
		u64 offset = splits[i].offset, expected = 0, value = 0;
		const u64 stored = 0x8877665544332211ull;
		struct recorder recorder;
		struct bus bus;

		attach_recorder(&bus, &recorder, splits[i].min, splits[i].max);
		assert_int_equal(bus_accepts(&bus, BASE + offset, size, false), piece != 0);
		assert_int_equal(bus_accepts(&bus, BASE + offset, size, true), piece != 0);
		assert_int_equal(recorder.count, 0);
		assert_int_equal(bus_load(&bus, BASE + offset, size, &value), piece != 0);
		assert_int_equal(recorder.count, piece ? size / piece : 0);
		for (unsigned byte = 0; byte < size && piece; byte++)
			expected |= (offset + byte) << 8 * byte;
		assert_int_equal(value, expected);

		recorder.count = 0;
		assert_int_equal(bus_store(&bus, BASE + offset, size, stored), piece != 0);
		assert_int_equal(recorder.count, piece ? size / piece : 0);
		for (unsigned n = 0; n < recorder.count; n++) {
			assert_int_equal(recorder.seen[n].offset, offset + n * piece);
			assert_int_equal(recorder.seen[n].size, piece);
			assert_int_equal(recorder.seen[n].value,
					 stored >> 8 * n * piece & UINT64_MAX >> (64 - 8 * piece));
		}
	}
}

static void test_exact_accesses(void **unused)
{
	struct recorder recorder;
	struct bus bus;
	u64 value;

	attach_recorder(&bus, &recorder, 2, 4);
	bus.regions[0].exact = true;
	for (unsigned size = 1; size <= 8; size *= 2) {
		const bool takes = size == 2 || size == 4;

		assert_int_equal(bus_accepts(&bus, BASE, size, true), takes);
		assert_int_equal(bus_load(&bus, BASE, size, &value), takes);
		assert_int_equal(bus_store(&bus, BASE, size, 1), takes);
	}
	assert_false(bus_store(&bus, BASE + 2, 4, 1)); /* this would be two accesses */
	assert_int_equal(recorder.count, 4);
}

/* An access that reaches no handler is logged, too; a query whether it is possible is not. */
static void test_refused_sizes_are_logged(void **unused)
{
	struct log log = { .items = LOG_GUEST_ERRORS };
	struct recorder recorder;
	struct bus bus;
	char *text = NULL;
	size_t size;
	u64 value;

	attach_recorder(&bus, &recorder, 4, 4);
	bus.regions[0].exact = true;
	log.file = open_memstream(&text, &size);
	bus.log = &log;
	assert_true(bus_load(&bus, BASE, 4, &value));
	assert_false(bus_accepts(&bus, BASE, 8, true));
	assert_false(bus_load(&bus, BASE + 0x10, 8, &value));
	assert_false(bus_store(&bus, BASE + 1, 1, 0));
	fclose(log.file);
	assert_string_equal(text, "recorder: read of 8 bytes at offset 0x10, "
				  "which the device does not take\n"
				  "recorder: write of 1 bytes at offset 0x1, "
				  "which the device does not take\n");
	free(text);
}

static void test_device_refuses_a_piece(void **unused)
{
	struct recorder recorder;
	struct bus bus;
	u64 value;

	attach_recorder(&bus, &recorder, 4, 4);
	recorder.refuses = 4;
	assert_false(bus_store(&bus, BASE, 8, 1));
	assert_int_equal(recorder.count, 1);
	assert_false(bus_load(&bus, BASE, 8, &value));
	assert_true(bus_load(&bus, BASE + 8, 8, &value));
}

/* The last bytes of a region are accessed with every size: nothing may reach beyond the region. */
static void test_region_end(void **unused)
{
	for (u64 offset = SIZE - 8; offset < SIZE + 8; offset++) {
		for (unsigned size = 1; size <= 8; size *= 2) {
			bool inside = offset + size <= SIZE;
			struct recorder recorder;
			struct bus bus;
			u64 value;

			attach_recorder(&bus, &recorder, 1, 8);
			assert_int_equal(bus_accepts(&bus, BASE + offset, size, false), inside);
			assert_int_equal(bus_accepts(&bus, BASE + offset, size, true), inside);
			assert_int_equal(bus_load(&bus, BASE + offset, size, &value), inside);
			recorder.count = 0;
			assert_int_equal(bus_store(&bus, BASE + offset, size, 0), inside);
			if (!inside)
				assert_int_equal(recorder.count, 0);
		}
	}
}

static int attach_at(struct bus *bus, u64 base, u64 size)
{
	const struct region region = { .name = "x", .base = base, .size = size,
				       .ops = &recorder_ops };

	return bus_attach(bus, &region);
}

static void test_attach(void **unused)
{
	struct bus bus;

	bus_init(&bus);
	assert_int_equal(attach_at(&bus, 0x3000, 0x1000), 0);
	assert_int_equal(attach_at(&bus, 0x1000, 0x1000), 0);
	assert_int_equal(attach_at(&bus, 0x2000, 0x1000), 0);
	assert_int_equal(attach_at(&bus, 0x2000, 1), -EEXIST);
	assert_int_equal(attach_at(&bus, 0xfff, 2), -EEXIST);
	assert_int_equal(attach_at(&bus, 0x3fff, 2), -EEXIST);
	assert_int_equal(attach_at(&bus, 0, 0x10000), -EEXIST);
	assert_int_equal(attach_at(&bus, 1ull << 63, UINT64_MAX), -EEXIST);
	assert_int_equal(attach_at(&bus, UINT64_MAX, 1), 0);
	assert_int_equal(bus.count, 4);
	while (bus.count < BUS_REGIONS_MAX)
		assert_int_equal(attach_at(&bus, 0x10000 + bus.count * 0x10ull, 8), 0);
	assert_int_equal(attach_at(&bus, 0x8000, 1), -ENOSPC);

	assert_null(bus_find(&bus, 0xfff));
	assert_int_equal(bus_find(&bus, 0x1000)->base, 0x1000);
	assert_int_equal(bus_find(&bus, 0x2fff)->base, 0x2000);
	assert_int_equal(bus_find(&bus, 0x3fff)->base, 0x3000);
	assert_null(bus_find(&bus, 0x4000));
	assert_int_equal(bus_find(&bus, UINT64_MAX)->base, UINT64_MAX);
	assert_null(bus_find(&bus, UINT64_MAX - 1));
}

struct memory {
	struct bus bus;
	struct ram ram;
	unsigned dma_writes, remaps;
};

static void memory_dma_written(void *ctx)
{
	((struct memory *)ctx)->dma_writes++;
}

static void memory_remapped(void *ctx)
{
	((struct memory *)ctx)->remaps++;
}

static void make_memory(struct memory *memory, bool readonly, struct recorder *recorder)
{
	*memory = (struct memory){ 0 };
	assert_int_equal(ram_init(&memory->ram, 4 * PAGE_SIZE), 0);
	*recorder = (struct recorder){ .refuses = UINT64_MAX };
	const struct region region = {
		.name = "memory",
		.base = BASE,
		.size = 3 * PAGE_SIZE,
		.readonly = readonly,
		.ram = &memory->ram,
		.ops = &recorder_ops,
		.ctx = recorder,
	};
	bus_init(&memory->bus);
	memory->bus.dma_written = memory_dma_written;
	memory->bus.remapped = memory_remapped;
	memory->bus.ctx = memory;
	assert_int_equal(bus_attach(&memory->bus, &region), 0);
}

static void test_memory_any_alignment(void **unused)
{
	struct recorder recorder;
	struct memory memory;
	u64 value;

	make_memory(&memory, false, &recorder);
	assert_true(bus_store(&memory.bus, BASE + PAGE_SIZE - 3, 8, 0x8877665544332211ull));
	assert_int_equal(memory.ram.dirty[0] + memory.ram.dirty[1] * 2, 3);
	assert_int_equal(memory.ram.dirty[2], 0);
	assert_true(bus_load(&memory.bus, BASE + PAGE_SIZE - 1, 4, &value));
	assert_int_equal(value, 0x66554433);
	assert_int_equal(memory.dma_writes, 0);
	assert_int_equal(recorder.count, 0);
	/* The region is shorter than its memory. */
	assert_false(bus_load(&memory.bus, BASE + 3 * PAGE_SIZE - 4, 8, &value));
	assert_false(bus_store(&memory.bus, BASE + 3 * PAGE_SIZE, 1, 0));
	ram_free(&memory.ram);
}

static void test_rom_and_remap(void **unused)
{
	struct recorder recorder;
	struct memory memory;
	u64 value;

	make_memory(&memory, true, &recorder);
	memory.ram.host[1] = 0xab;
	assert_true(bus_accepts(&memory.bus, BASE, 4, false));
	assert_true(bus_accepts(&memory.bus, BASE, 4, true));
	assert_int_equal(recorder.count, 0);
	assert_true(bus_store(&memory.bus, BASE, 4, 5));
	assert_int_equal(recorder.count, 1);
	assert_int_equal(memory.ram.host[0], 0);
	assert_true(bus_load(&memory.bus, BASE, 2, &value));
	assert_int_equal(value, 0xab00);

	bus_remap(&memory.bus, BASE, NULL);
	assert_int_equal(memory.remaps, 1);
	assert_true(bus_load(&memory.bus, BASE + 2, 2, &value));
	assert_int_equal(value, 0x0302);
	assert_null(bus_dma_map(&memory.bus, BASE, 4, false));
	bus_remap(&memory.bus, BASE, &memory.ram);
	assert_true(bus_load(&memory.bus, BASE, 2, &value));
	assert_int_equal(value, 0xab00);
	ram_free(&memory.ram);
}

/* A ROM without a device behind it refuses stores. */
static void test_plain_rom(void **unused)
{
	struct ram ram;
	struct bus bus;

	assert_int_equal(ram_init(&ram, PAGE_SIZE), 0);
	const struct region region = { .name = "rom", .base = BASE, .size = PAGE_SIZE,
				       .readonly = true, .ram = &ram };
	bus_init(&bus);
	assert_int_equal(bus_attach(&bus, &region), 0);
	assert_true(bus_accepts(&bus, BASE, 8, false));
	assert_false(bus_accepts(&bus, BASE, 8, true));
	assert_false(bus_store(&bus, BASE, 8, 1));
	assert_int_equal(ram.host[0], 0);
	ram_free(&ram);
}

static void test_dma(void **unused)
{
	struct recorder recorder;
	struct memory memory;
	u8 data[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, back[8];
	u64 end = BASE + 3 * PAGE_SIZE;

	make_memory(&memory, false, &recorder);
	assert_true(bus_dma_write(&memory.bus, BASE + PAGE_SIZE - 4, data, 8));
	assert_int_equal(memory.dma_writes, 1);
	assert_int_equal(memory.ram.dirty[0] + memory.ram.dirty[1] * 2, 3);
	assert_true(bus_dma_read(&memory.bus, BASE + PAGE_SIZE - 4, back, 8));
	assert_memory_equal(data, back, 8);
	assert_ptr_equal(bus_dma_map(&memory.bus, BASE + 5, 1, false), memory.ram.host + 5);
	assert_int_equal(memory.dma_writes, 1);

	assert_false(bus_dma_write(&memory.bus, end - 7, data, 8));
	assert_false(bus_dma_read(&memory.bus, end, back, 1));
	assert_false(bus_dma_read(&memory.bus, BASE, back, UINT64_MAX));
	assert_false(bus_dma_read(&memory.bus, UINT64_MAX, back, 8));
	assert_null(bus_dma_map(&memory.bus, BASE - 1, 2, false));
	assert_int_equal(memory.dma_writes, 1);
	ram_free(&memory.ram);

	make_memory(&memory, true, &recorder);
	assert_false(bus_dma_write(&memory.bus, BASE, data, 8));
	assert_true(bus_dma_read(&memory.bus, BASE, back, 8));
	assert_int_equal(recorder.count, 0);
	ram_free(&memory.ram);
}

static void test_dma_never_reaches_registers(void **unused)
{
	struct recorder recorder;
	struct bus bus;
	u8 data[4];

	attach_recorder(&bus, &recorder, 1, 8);
	assert_false(bus_dma_read(&bus, BASE, data, 4));
	assert_false(bus_dma_write(&bus, BASE, data, 4));
	assert_int_equal(recorder.count, 0);
}

/* Returns how many bytes the host has allocated. */
static u64 held(const struct ram *ram)
{
	u64 bytes = 0, len;

	for (u64 at = 0; ram_next_data(ram, &at, &len); at += len)
		bytes += len;
	return bytes;
}

/*
 * Zeroing is exact to the byte, also for marks and for the listener; whole pages are given back to
 * the host.
 */
static void test_dma_zero(void **unused)
{
	static u8 expected[3 * PAGE_SIZE];
	struct recorder recorder;
	struct memory memory;
	u64 before, after;

	make_memory(&memory, false, &recorder);
	memset(memory.ram.host, 0xaa, sizeof(expected));
	memset(expected, 0xaa, sizeof(expected));
	memset(expected + 100, 0, 2 * PAGE_SIZE);
	ram_clean(&memory.ram);
	before = held(&memory.ram);
	assert_true(bus_dma_zero(&memory.bus, BASE + 100, 2 * PAGE_SIZE));
	after = held(&memory.ram);
	assert_memory_equal(memory.ram.host, expected, sizeof(expected));
	assert_int_equal(before - after, PAGE_SIZE);
	assert_int_equal(memory.dma_writes, 1);
	for (u64 page = 0; page < 3; page++)
		assert_int_equal(memory.ram.dirty[page], 1);
	assert_true(bus_dma_zero(&memory.bus, BASE + 7, 5));
	memset(expected + 7, 0, 5);
	assert_memory_equal(memory.ram.host, expected, sizeof(expected));
	assert_false(bus_dma_zero(&memory.bus, BASE - 1, 2));
	assert_false(bus_dma_zero(&memory.bus, BASE + sizeof(expected) - 1, 2));
	assert_false(bus_dma_zero(&memory.bus, BASE, UINT64_MAX));
	ram_free(&memory.ram);
	make_memory(&memory, true, &recorder);
	assert_false(bus_dma_zero(&memory.bus, BASE, 1));
	ram_free(&memory.ram);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_splits),
	cmocka_unit_test(test_exact_accesses),
	cmocka_unit_test(test_refused_sizes_are_logged),
	cmocka_unit_test(test_device_refuses_a_piece),
	cmocka_unit_test(test_region_end),
	cmocka_unit_test(test_attach),
	cmocka_unit_test(test_memory_any_alignment),
	cmocka_unit_test(test_rom_and_remap),
	cmocka_unit_test(test_plain_rom),
	cmocka_unit_test(test_dma),
	cmocka_unit_test(test_dma_never_reaches_registers),
	cmocka_unit_test(test_dma_zero),
	{ 0 },
};
