/* SPDX-License-Identifier: MIT */
/*
 * The base of a device's test: a platform without a hart, some RAM for DMA, an interrupt line whose
 * level is recorded, and a sweep of hostile accesses that every device must survive. Accesses go
 * through the bus, which adapts their sizes and alignment as for a guest.
 */
#ifndef TESTS_DEVICES_FIXTURE_H
#define TESTS_DEVICES_FIXTURE_H

#include <stdlib.h>

#include "bus/platform.h"
#include "tests/cmocka.h"

#define FIXTURE_BASE 0x10000000ull
#define FIXTURE_RAM 0x80000000ull
#define FIXTURE_RAM_SIZE (4 * MiB)

struct fixture {
	struct platform platform;
	struct ram ram;
	bool level; /* the level of the line */
	unsigned rises;
	unsigned wishes; /* how often the line was driven high, even if it was high already */
};

static inline void fixture_set_line(void *ctx, unsigned num, bool level)
{
	struct fixture *fixture = ctx;

	assert_int_equal(num, 7);
	fixture->rises += level && !fixture->level;
	fixture->wishes += level;
	fixture->level = level;
}

static inline struct irq fixture_irq(struct fixture *fixture)
{
	return (struct irq){ .set = fixture_set_line, .ctx = fixture, .num = 7 };
}

static inline void fixture_init(struct fixture *fixture, enum clock_mode mode)
{
	fixture->level = false;
	fixture->rises = fixture->wishes = 0;
	platform_init(&fixture->platform, mode, 1);
	assert_int_equal(ram_init(&fixture->ram, FIXTURE_RAM_SIZE), 0);

	const struct region region = {
		.name = "ram",
		.base = FIXTURE_RAM,
		.size = FIXTURE_RAM_SIZE,
		.ram = &fixture->ram,
	};
	assert_int_equal(bus_attach(&fixture->platform.bus, &region), 0);
	state_register_ram(&fixture->platform.state, "ram", &fixture->ram);
}

static inline void fixture_free(struct fixture *fixture)
{
	platform_free(&fixture->platform);
	ram_free(&fixture->ram);
}

/* A teardown of cmocka, for a test whose state begins with its fixture and has nothing else to
 * free. */
static inline int fixture_teardown(void **state)
{
	fixture_free(*state);
	free(*state);
	return 0;
}

static inline u64 fixture_read(struct fixture *fixture, u64 offset, unsigned size)
{
	u64 value = 0;

	assert_true(bus_load(&fixture->platform.bus, FIXTURE_BASE + offset, size, &value));
	return value;
}

static inline void fixture_write(struct fixture *fixture, u64 offset, unsigned size, u64 value)
{
	assert_true(bus_store(&fixture->platform.bus, FIXTURE_BASE + offset, size, value));
}

static inline bool fixture_reads(struct fixture *fixture, u64 offset, unsigned size)
{
	u64 value;

	return bus_load(&fixture->platform.bus, FIXTURE_BASE + offset, size, &value);
}

static inline bool fixture_writes(struct fixture *fixture, u64 offset, unsigned size, u64 value)
{
	return bus_store(&fixture->platform.bus, FIXTURE_BASE + offset, size, value);
}

/* Lets virtual time pass, and fires all events that are due. */
static inline void fixture_pass(struct fixture *fixture, u64 ns)
{
	struct clock *clock = &fixture->platform.clock;
	u64 end = clock->base + ns;

	while (clock_next(clock) <= end) {
		clock_advance(clock, MAX(clock_next(clock), clock->base));
		clock_fire(clock);
	}
	clock_advance(clock, end);
}

static inline u64 fixture_random(u64 *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* Executes loads and stores of each size at each offset, from 8 bytes before the region to 8 bytes
 * after its end, with random values, `rounds` times. Accesses that cross an edge must be refused.
 * `step` skips offsets of a large region, but never those within 64 bytes of an edge. */
static inline void fixture_sweep(struct fixture *fixture, u64 size, u64 step, unsigned rounds)
{
	static const u64 values[] = { 0, 1, 0xff, 0x80000000, UINT32_MAX, UINT64_MAX };
	struct bus *bus = &fixture->platform.bus;
	u64 seed = 0x9e3779b97f4a7c15;

	for (u64 at = 0; at < size + 16; at += at < 72 || at + 72 > size ? 1 : step) {
		for (unsigned i = 0; i < 4 * rounds; i++) {
			unsigned width = 1u << i % 4;
			u64 addr = FIXTURE_BASE - 8 + at, value = fixture_random(&seed);
			bool inside = range_within(addr, width, FIXTURE_BASE, size);

			if (value & 1)
				value = values[(value >> 8) % ARRAY_SIZE(values)];
			bool stored = bus_store(bus, addr, width, value);
			bool loaded = bus_load(bus, addr, width, &value);

			assert_true(inside || (!stored && !loaded));
			if (fixture->platform.clock.next < UINT64_MAX / 4 && i % 64 == 0)
				fixture_pass(fixture, 1000);
		}
	}
}

#endif
