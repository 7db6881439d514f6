/* SPDX-License-Identifier: MIT */
/*
 * Tries on each device the bugs that other virtio devices have had. A row is one of the project's
 * list of known bugs. A test passes if there is no crash or report of a sanitizer, nothing is
 * written to wrong places, work is bounded, and the device works again after a reset.
 */
#include "machine.h"
#include "probe.h"
#include <stdlib.h>
#include <string.h>

static unsigned allocations;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_malloc(size_t size)
{
	allocations++;
	return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	allocations++;
	return __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	allocations++;
	return __real_realloc(old, size);
}

/* Runs the body of the loop for each kind of device, with `m` as a new machine. */
#define EACH_KIND(m)                                                                               \
	for (int kind = 0; kind < MACHINE_KINDS && (machine_init(m, kind), true);                  \
	     machine_check_works(m), machine_free(m), kind++)

static struct machine machine;

static void hostile_start(struct machine *m, struct guest_queue *queue, u64 features)
{
	assert_true(guest_negotiate(&m->guest, features));
	guest_queue_start(&m->guest, queue, machine_queue(m), 8);
	guest_driver_ok(&m->guest);
}

/* Bytes are written endlessly to registers that might count them. */
static void test_row_1_config_bytes(void **state)
{
	struct machine *m = &machine;

	EACH_KIND (m)
		for (u32 n = 0; n < 100000; n++)
			assert_true(bus_store(&m->guest.platform.bus,
					      GUEST_SLOT + MMIO_CONFIG + n % 256, 1, n * 7));
}

static const u32 bad_sizes[] = { 0, 3, 257, 512, 0xffff, 0x10000, 0x80000000, UINT32_MAX };

/* A size is refused, and the driver continues as if it had been accepted. */
static void test_row_2_bad_length_then_next_phase(void **state)
{
	struct machine *m = &machine;
	struct guest_queue queue;

	EACH_KIND (m) {
		for (unsigned i = 0; i < ARRAY_SIZE(bad_sizes); i++) {
			hostile_start(m, &queue, BIT(32));
			guest_set(&m->guest, MMIO_QUEUE_READY, 0);
			guest_set(&m->guest, MMIO_QUEUE_NUM, bad_sizes[i]);
			guest_set(&m->guest, MMIO_QUEUE_READY, 1);
			machine_request(m, &queue);
			guest_submit(&queue, 0);
			assert_true(guest_needs_reset(&m->guest));
			assert_int_equal(guest_get(&m->guest, MMIO_QUEUE_READY), 0);
			assert_int_equal(guest_get16(&m->guest, queue.used + 2), 0);
		}
	}
}

/*
 * The last descriptor that a device writes has every small length, and is in RAM, in registers, or
 * across the end of RAM.
 */
static void test_row_4_short_writable_descriptors(void **state)
{
	static const u32 types[] = { 0, 1, 4, 8, 10, 11, 13, 14, 99 };
	struct machine *m = &machine;
	struct guest_queue queue;

	machine_init(m, MACHINE_BLK);
	for (unsigned type = 0; type < ARRAY_SIZE(types); type++)
		for (u32 len = 0; len <= 15; len++)
			for (unsigned place = 0; place < 4; place++) {
				const u64 places[] = { GUEST_DATA + 4096, GUEST_OTHER,
						       GUEST_RAM_END - len / 2, GUEST_ROM };
				u8 *around = guest_ram(&m->guest, GUEST_DATA + 4096 - 16);
				bool good = place == 0 && len > 0;

				hostile_start(m, &queue, BIT(32));
				memset(guest_ram(&m->guest, GUEST_DATA), 0, 16);
				memcpy(guest_ram(&m->guest, GUEST_DATA), &types[type], 4);
				memset(around, 0xa5, 48);
				ring_desc(&queue, 0, GUEST_DATA, 16, FLAGS(F_NEXT, 1));
				ring_desc(&queue, 1, places[place], len, FLAGS(F_WRITE, 0));
				guest_submit(&queue, 0);
				assert_int_equal(guest_needs_reset(&m->guest), !good);
				for (unsigned i = 0; i < 48; i++)
					if (i < 16 || i >= 16 + len)
						assert_int_equal(around[i], 0xa5);
			}
	assert_int_equal(m->guest.other_accesses, 0);
	machine_check_works(m);
	machine_free(m);
}

static void test_row_5_queue_sizes(void **state)
{
	struct machine *m = &machine;

	EACH_KIND (m) {
		struct guest_queue queue;
		u32 max;

		guest_set(&m->guest, MMIO_QUEUE_SEL, 0);
		max = guest_get(&m->guest, MMIO_QUEUE_NUM_MAX);
		assert_in_range(max, 8, VIRTQ_SIZE_MAX);
		for (unsigned i = 0; i < ARRAY_SIZE(bad_sizes) + 2; i++) {
			const u32 too_much[] = { max + 1, max * 2 };
			u32 size = i < 2 ? too_much[i] : bad_sizes[i - 2];

			guest_negotiate(&m->guest, BIT(32));
			guest_queue_start(&m->guest, &queue, 0, size);
			assert_int_equal(guest_get(&m->guest, MMIO_QUEUE_READY), 0);
			assert_true(guest_needs_reset(&m->guest));
			assert_true(m->virtio->queues[0].num <= max);
		}
		guest_negotiate(&m->guest, BIT(32));
		guest_queue_start(&m->guest, &queue, 0, max);
		assert_int_equal(guest_get(&m->guest, MMIO_QUEUE_READY), 1);
	}
}

/* A chain in the middle of a batch is invalid; the driver continues to notify the device. */
static void test_row_6_broken_in_the_middle_of_a_batch(void **state)
{
	struct machine *m = &machine;
	struct guest_queue queue;

	EACH_KIND (m) {
		hostile_start(m, &queue, BIT(32));
		machine_request(m, &queue);
		ring_desc(&queue, 5, GUEST_DATA, 1, FLAGS(F_NEXT, 5)); /* loops */
		for (unsigned i = 0; i < 8; i++)
			guest_offer(&queue, i == 4 ? 5 : 0);
		for (unsigned i = 0; i < 10000; i++) {
			guest_kick(&queue);
			guest_sleep(&m->guest, 1000);
		}
		assert_int_equal(guest_get16(&m->guest, queue.used + 2), 4);
		assert_true(guest_needs_reset(&m->guest));
		assert_true(clock_next(&m->guest.platform.clock) == CLOCK_NEVER);
	}
}

/* Makes a descriptor of a packed ring, which is available in the ring's first round. */
static void offer_packed(struct guest_queue *queue, u32 position, u32 len, u32 flags)
{
	ring_desc(queue, position, GUEST_DATA + 0x10000, len, FLAGS(position, flags | 0x80));
}

/* A malformed indirect table is among valid ones in a packed ring. */
static void test_row_6_packed_broken_in_the_middle(void **state)
{
	struct machine *m = &machine;
	struct guest_queue queue;

	EACH_KIND (m) {
		struct guest_queue table = { .guest = &m->guest, .desc = GUEST_DATA + 0x10000 };
		u32 pieces = 1;

		m->virtio->device_features |= VIRTIO_F_RING_PACKED;
		hostile_start(m, &queue, BIT(32) | BIT(28) | VIRTIO_F_RING_PACKED);
		machine_request(m, &table);
		while (guest_get16(&m->guest, table.desc + pieces * 16 - 4) & F_NEXT)
			pieces++;
		for (u32 n = 0; n < pieces; n++) /* the flags follow the id there */
			guest_put16(&m->guest, table.desc + n * 16 + 14,
				    guest_get16(&m->guest, table.desc + n * 16 + 12) & F_WRITE);
		for (u32 n = 0; n < 8; n++)
			offer_packed(&queue, n, n == 3 ? 8 : pieces * 16, F_INDIRECT);
		for (unsigned i = 0; i < 10000; i++) {
			guest_kick(&queue);
			guest_sleep(&m->guest, 1000);
		}
		for (u32 n = 0; n < 8; n++) /* bit 15: used */
			assert_int_equal(guest_get16(&m->guest, queue.desc + n * 16 + 14) >> 15,
					 n < 3);
		assert_true(guest_needs_reset(&m->guest));
		assert_true(clock_next(&m->guest.platform.clock) == CLOCK_NEVER);
	}
}

/*
 * A disk read writes to the available ring from which it came, and always makes one more chain
 * available.
 */
static void test_row_6_device_feeds_its_own_ring(void **state)
{
	struct machine *m = &machine;
	struct guest_queue queue;
	u16 used_before, idx;

	machine_init(m, MACHINE_BLK);
	hostile_start(m, &queue, BIT(32));
	machine_request(m, &queue);
	/*
	 * Sector k contains an available ring with idx k + 2 and all heads 0, so each read requests
	 * another one.
	 */
	ring_desc(&queue, 1, queue.avail, 512, FLAGS(F_WRITE | F_NEXT, 2));
	for (u16 k = 0; k < MACHINE_SECTORS; k++) {
		u8 sector[512] = { 0 };
		struct iovec iov = { sector, sizeof(sector) };

		idx = k + 2;
		memcpy(sector + 2, &idx, 2);
		assert_int_equal(disk_write(&m->disk, k * 512ull, &iov, 1), 0);
	}
	for (u16 k = 0; k < 200; k++) {
		guest_put16(&m->guest, GUEST_DATA + 8, k);
		used_before = guest_get16(&m->guest, queue.used + 2);
		if (!k)
			guest_submit(&queue, 0);
		else
			guest_sleep(&m->guest, 1000);
		/* One chain is served in each turn: the harts run in between, and could stop it. */
		assert_int_equal(guest_get16(&m->guest, queue.used + 2), used_before + 1);
	}
	machine_check_works(m);
	machine_free(m);
}

/*
 * Features that are not implemented, such as in-order use and notification data, cannot be
 * negotiated; nor can the packed ring, which is not enabled here.
 */
static void test_row_7_in_order_is_not_offered(void **state)
{
	static const unsigned absent[] = { 24, 27, 30, 33, 34, 35, 36, 37, 38, 39 };
	struct machine *m = &machine;

	EACH_KIND (m)
		for (unsigned i = 0; i < ARRAY_SIZE(absent); i++) {
			assert_false(guest_offered(&m->guest) & BIT(absent[i]));
			assert_false(guest_negotiate(&m->guest, BIT(32) | BIT(absent[i])));
			guest_driver_ok(&m->guest);
			assert_false(guest_get(&m->guest, MMIO_STATUS) & VIRTIO_STATUS_DRIVER_OK);
		}
}

/* Points descriptors, an indirect table and each ring to `target`, which must not be accessed. */
static void aim_at(struct machine *m, u64 target)
{
	struct guest_queue queue;

	for (unsigned what = 0; what < 6; what++) {
		hostile_start(m, &queue, BIT(32) | BIT(28));
		machine_request(m, &queue);
		if (what < 2)
			ring_desc(&queue, 0, target, 4, FLAGS(what ? F_WRITE : 0, 0));
		if (what == 2)
			ring_desc(&queue, 0, target & ~15ull, 16, FLAGS(F_INDIRECT, 0));
		if (what >= 3) {
			static const u32 areas[] = { MMIO_QUEUE_DESC, MMIO_QUEUE_DRIVER,
						     MMIO_QUEUE_DEVICE };

			guest_set(&m->guest, MMIO_QUEUE_READY, 0);
			guest_set(&m->guest, areas[what - 3], (u32)target & ~15u);
			guest_set(&m->guest, areas[what - 3] + 4, (u32)(target >> 32));
			guest_set(&m->guest, MMIO_QUEUE_READY, 1);
		}
		guest_submit(&queue, 0);
		assert_true(guest_needs_reset(&m->guest));
	}
}

static void test_row_9_dma_to_own_registers(void **state)
{
	struct machine *m = &machine;

	EACH_KIND (m) {
		aim_at(m, GUEST_SLOT + MMIO_QUEUE_NOTIFY);
		aim_at(m, GUEST_SLOT + MMIO_STATUS);
		aim_at(m, GUEST_SLOT + MMIO_CONFIG);
	}
}

/* No device's memory access becomes an access to the registers of another device, be it a virtio
 * device or not. */
static void test_row_10_dma_to_other_registers(void **state)
{
	struct machine *m = &machine;
	struct irq irq = { 0 };

	EACH_KIND (m) {
		static struct probe probe;
		static struct virtio_mmio slot;
		const u64 base = GUEST_OTHER + PAGE_SIZE;

		probe_init(&probe, &m->guest.platform, "virtio1");
		assert_int_equal(
			virtio_mmio_init(&slot, &m->guest.platform, base, irq, &probe.virtio), 0);
		aim_at(m, GUEST_OTHER);
		aim_at(m, base + MMIO_QUEUE_NOTIFY);
		aim_at(m, base + MMIO_STATUS);
		aim_at(m, base + MMIO_CONFIG);
		assert_int_equal(m->guest.other_accesses, 0);
		assert_int_equal(probe.config_writes, 0);
		assert_int_equal(probe.virtio.status, 0);
	}
}

/* Chains have the largest lengths that fit: nothing is ever allocated for them. */
static void test_row_11_largest_lengths_allocate_nothing(void **state)
{
	struct machine *m = &machine;
	struct guest_queue queue;
	const u64 table = GUEST_DATA + 0x10000;

	EACH_KIND (m) {
		unsigned before = allocations;
		bool to_guest = !machine_outputs(m);
		u32 data = m->kind <= MACHINE_BLK_READONLY || machine_shares(m);

		hostile_start(m, &queue, BIT(32) | BIT(28));
		machine_request(m, &queue);
		ring_desc(&queue, data, GUEST_RAM + 8 * MiB, 56 * MiB,
			  FLAGS(to_guest ? F_WRITE | F_NEXT : 0, 2));
		ring_desc(&queue, 2, GUEST_DATA + 64, 1, FLAGS(F_WRITE, 0));
		guest_offer(&queue, 0);
		ring_desc(&queue, 4, table, 256 * 16, FLAGS(F_INDIRECT, 0));
		for (u32 i = 0; i < 256; i++)
			guest_desc(&m->guest, table, i, GUEST_RAM + 8 * MiB, 16 * MiB,
				   FLAGS((to_guest && i ? F_WRITE : 0) | (i < 255 ? F_NEXT : 0),
					 i + 1));
		guest_submit(&queue, 4);
		guest_sleep(&m->guest, 1000000);
		assert_int_equal(allocations, before);
	}
}

/* Rows 34 to 36: accesses with every offset and width, and two values, in and around the window. */
static void test_row_34_to_36_every_access(void **state)
{
	struct machine *m = &machine;

	EACH_KIND (m)
		for (u64 addr = GUEST_SLOT; addr < GUEST_SLOT + VIRTIO_MMIO_SIZE; addr++)
			for (unsigned size = 1; size <= 8; size *= 2) {
				struct bus *bus = &m->guest.platform.bus;
				bool inside = addr + size <= GUEST_SLOT + VIRTIO_MMIO_SIZE;
				bool config = addr >= GUEST_SLOT + MMIO_CONFIG;
				bool allowed = inside && (config || (size >= 4 && addr % 4 == 0));
				u64 value;

				assert_int_equal(bus_load(bus, addr, size, &value), allowed);
				assert_int_equal(bus_store(bus, addr, size, 0), allowed);
				assert_int_equal(bus_store(bus, addr, size, UINT64_MAX), allowed);
			}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_row_1_config_bytes),
	cmocka_unit_test(test_row_2_bad_length_then_next_phase),
	cmocka_unit_test(test_row_4_short_writable_descriptors),
	cmocka_unit_test(test_row_5_queue_sizes),
	cmocka_unit_test(test_row_6_broken_in_the_middle_of_a_batch),
	cmocka_unit_test(test_row_6_packed_broken_in_the_middle),
	cmocka_unit_test(test_row_6_device_feeds_its_own_ring),
	cmocka_unit_test(test_row_7_in_order_is_not_offered),
	cmocka_unit_test(test_row_9_dma_to_own_registers),
	cmocka_unit_test(test_row_10_dma_to_other_registers),
	cmocka_unit_test(test_row_11_largest_lengths_allocate_nothing),
	cmocka_unit_test(test_row_34_to_36_every_access),
	{ 0 },
};
