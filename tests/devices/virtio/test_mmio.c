/* SPDX-License-Identifier: MIT */
/* Tests devices/virtio/mmio.c: the register window, access widths, the empty slot, and the node. */
#include "guest.h"
#include "probe.h"
#include "devices/fdt.h"
#include <stdlib.h>
#include <string.h>
#include <libfdt.h>

static void test_identity(void **state)
{
	struct probe_guest *f = *state;

	assert_int_equal(guest_get(&f->guest, MMIO_MAGIC), 0x74726976);
	assert_int_equal(guest_get(&f->guest, MMIO_VERSION), 2);
	assert_int_equal(guest_get(&f->guest, MMIO_DEVICE_ID), PROBE_ID);
	assert_int_equal(guest_get(&f->guest, MMIO_VENDOR_ID), 0x554d4551);
}

static void test_empty_slot(void **state)
{
	struct probe_guest *f = *state;

	assert_int_equal(guest_get(&f->guest, MMIO_MAGIC), 0x74726976);
	assert_int_equal(guest_get(&f->guest, MMIO_VERSION), 2);
	assert_int_equal(guest_get(&f->guest, MMIO_VENDOR_ID), 0x554d4551);
	for (u32 reg = 0; reg < VIRTIO_MMIO_SIZE; reg += 4) {
		guest_set(&f->guest, reg, UINT32_MAX);
		if (reg != MMIO_MAGIC && reg != MMIO_VERSION && reg != MMIO_VENDOR_ID)
			assert_int_equal(guest_get(&f->guest, reg), 0);
	}
	assert_false(f->guest.line);
	f->guest.slot.empty_is_legacy = true;
	assert_int_equal(guest_get(&f->guest, MMIO_VERSION), 1);
}

static void test_no_shared_memory(void **state)
{
	struct probe_guest *f = *state;

	for (u32 i = 0; i < 16; i += 4)
		assert_int_equal(guest_get(&f->guest, MMIO_SHM_LEN + i), UINT32_MAX);
}

/*
 * Rows 32 and 5: any queue selector and any size. Registers of queues that do not exist are 0 and
 * ignore writes.
 */
static void test_every_queue_selector(void **state)
{
	struct probe_guest *f = *state;

	guest_negotiate(&f->guest, BIT(32));
	for (u32 sel = 0; sel < 0x20000; sel++) {
		bool there = sel < PROBE_QUEUES;

		guest_set(&f->guest, MMIO_QUEUE_SEL, there ? sel : sel * 0x8001u);
		assert_int_equal(guest_get(&f->guest, MMIO_QUEUE_NUM_MAX),
				 there ? PROBE_QUEUE_SIZE : 0);
		guest_set(&f->guest, MMIO_QUEUE_NUM, 8);
		guest_set(&f->guest, MMIO_QUEUE_DESC, (u32)GUEST_RAM);
		guest_set(&f->guest, MMIO_QUEUE_DESC + 4, 0);
		guest_set(&f->guest, MMIO_QUEUE_RESET, 1);
		assert_int_equal(guest_get(&f->guest, MMIO_QUEUE_RESET), 0);
		if (there)
			continue;
		guest_set(&f->guest, MMIO_QUEUE_READY, 1);
		assert_int_equal(guest_get(&f->guest, MMIO_QUEUE_READY), 0);
	}
}

static void test_area_addresses_are_64_bits(void **state)
{
	struct probe_guest *f = *state;
	const struct virtq *queue = &f->probe.virtio.queues[2];

	guest_set(&f->guest, MMIO_QUEUE_SEL, 2);
	guest_set(&f->guest, MMIO_QUEUE_DESC, 0x11111110);
	guest_set(&f->guest, MMIO_QUEUE_DESC + 4, 0x22222222);
	guest_set(&f->guest, MMIO_QUEUE_DRIVER + 4, 0x44444444);
	guest_set(&f->guest, MMIO_QUEUE_DRIVER, 0x33333332);
	guest_set(&f->guest, MMIO_QUEUE_DEVICE, 0x55555554);
	guest_set(&f->guest, MMIO_QUEUE_DEVICE + 4, 0x66666666);
	assert_true(queue->desc == 0x2222222211111110);
	assert_true(queue->driver == 0x4444444433333332);
	assert_true(queue->device == 0x6666666655555554);
}

/*
 * Drivers must not write to the registers of a ready queue (4.2.2.2); here such writes have no
 * effect.
 */
static void test_ready_queue_is_fixed(void **state)
{
	struct probe_guest *f = *state;
	struct virtq before;

	guest_start(&f->guest, &f->queue, BIT(32), 16);
	before = f->probe.virtio.queues[0];
	guest_set(&f->guest, MMIO_QUEUE_NUM, 4);
	for (u32 reg = MMIO_QUEUE_DESC; reg < MMIO_QUEUE_DEVICE + 8; reg += 4)
		guest_set(&f->guest, reg, 0x100);
	assert_memory_equal(&f->probe.virtio.queues[0], &before, sizeof(before));
}

static void test_bad_ring_breaks_the_device(void **state)
{
	struct probe_guest *f = *state;

	assert_true(guest_negotiate(&f->guest, BIT(32)));
	guest_set(&f->guest, MMIO_QUEUE_SEL, 0);
	guest_set(&f->guest, MMIO_QUEUE_DESC, (u32)GUEST_OTHER);
	guest_set(&f->guest, MMIO_QUEUE_READY, 1);
	assert_int_equal(guest_get(&f->guest, MMIO_QUEUE_READY), 0);
	assert_true(guest_needs_reset(&f->guest));
	guest_start(&f->guest, &f->queue, BIT(32), 16);
	assert_false(guest_needs_reset(&f->guest));
}

/* Row 36: control registers accept only aligned accesses of 32 bits, at any offset. */
static void test_row_36_control_register_widths(void **state)
{
	struct probe_guest *f = *state;
	struct bus *bus = &f->guest.platform.bus;

	for (u64 offset = 0; offset < MMIO_CONFIG; offset++)
		for (unsigned size = 1; size <= 8; size *= 2) {
			bool allowed = size >= 4 && offset % 4 == 0;
			u64 value;

			if (offset + size > MMIO_CONFIG)
				continue;
			assert_int_equal(bus_load(bus, GUEST_SLOT + offset, size, &value), allowed);
			assert_int_equal(bus_store(bus, GUEST_SLOT + offset, size, 0), allowed);
		}
	assert_int_equal(f->probe.config_writes, 0);
}

/*
 * Row 34: accesses to configuration space at every offset and with every width, inside and beyond.
 */
static void test_row_34_config_space(void **state)
{
	struct probe_guest *f = *state;
	struct bus *bus = &f->guest.platform.bus;
	const u32 room = VIRTIO_MMIO_SIZE - MMIO_CONFIG;

	for (u32 offset = 0; offset < room; offset++)
		for (unsigned size = 1; size <= 8; size *= 2) {
			u64 addr = GUEST_SLOT + MMIO_CONFIG + offset, value, expected = 0;
			unsigned writes = f->probe.config_writes;

			if (offset + size > room) {
				assert_false(bus_load(bus, addr, size, &value));
				assert_false(bus_store(bus, addr, size, 0));
				continue;
			}
			for (unsigned i = 0; i < size && offset + i < PROBE_CONFIG_SIZE; i++)
				expected |= (0x10ull + offset + i) << 8 * i;
			assert_true(bus_load(bus, addr, size, &value));
			assert_true(value == expected);
			assert_true(bus_store(bus, addr, size, 0x8877665544332211));
			/*
			 * An access that is split writes in parts, each of which is completely
			 * inside.
			 */
			if (offset + size <= PROBE_CONFIG_SIZE)
				assert_true(f->probe.config_writes > writes);
			else if (offset >= PROBE_CONFIG_SIZE)
				assert_int_equal(f->probe.config_writes, writes);
			assert_in_range(f->probe.config_offset + f->probe.config_size, 0,
					PROBE_CONFIG_SIZE);
		}
	for (unsigned i = 0; i < PROBE_CONFIG_SIZE; i++)
		assert_int_equal(f->probe.config[i], 0x10 + i);
}

/* Row 35: accesses around the end of the window. */
static void test_row_35_window_end(void **state)
{
	struct probe_guest *f = *state;
	struct bus *bus = &f->guest.platform.bus;
	const u64 end = GUEST_SLOT + VIRTIO_MMIO_SIZE;

	for (u64 addr = end - 8; addr < end + 8; addr++)
		for (unsigned size = 1; size <= 8; size *= 2) {
			u64 value;
			/* The other device follows the window, and accepts all accesses. */
			bool crosses = addr < end && addr + size > end;

			assert_int_equal(bus_load(bus, addr, size, &value), !crosses);
			assert_int_equal(bus_store(bus, addr, size, 0), !crosses);
		}
}

static void test_line_follows_interrupt_status(void **state)
{
	struct probe_guest *f = *state;

	guest_start(&f->guest, &f->queue, BIT(32), 16);
	ring_desc(&f->queue, 0, GUEST_DATA, 8, FLAGS(F_WRITE, 0));
	guest_run(&f->queue, 0);
	virtio_config_changed(&f->probe.virtio);
	assert_true(f->guest.line);
	guest_set(&f->guest, MMIO_INTERRUPT_ACK, VIRTIO_ISR_CONFIG | 0xfffffff8);
	assert_true(f->guest.line);
	assert_int_equal(guest_get(&f->guest, MMIO_INTERRUPT_STATUS), VIRTIO_ISR_QUEUE);
	guest_set(&f->guest, MMIO_INTERRUPT_ACK, VIRTIO_ISR_QUEUE);
	assert_false(f->guest.line);
	guest_run(&f->queue, 0);
	assert_true(f->guest.line);
	guest_set(&f->guest, MMIO_STATUS, 0);
	assert_false(f->guest.line);
	assert_int_equal(f->guest.raised, 2);
}

static void test_node(void **state)
{
	static const struct fdt_intc intc = { .phandle = 3, .cells = 1 };
	struct fdt fdt;
	int node, size;
	const fdt32_t *cells;

	assert_int_equal(fdt_start(&fdt), 0);
	virtio_mmio_node(&fdt, 0x10008000, 8, &intc);
	assert_int_equal(fdt_done(&fdt), 0);
	node = fdt_path_offset(fdt.blob, "/virtio_mmio@10008000");
	assert_true(node > 0);
	assert_string_equal(fdt_getprop(fdt.blob, node, "compatible", NULL), "virtio,mmio");
	cells = fdt_getprop(fdt.blob, node, "reg", &size);
	assert_int_equal(size, 16);
	assert_int_equal(fdt32_to_cpu(cells[1]), 0x10008000);
	assert_int_equal(fdt32_to_cpu(cells[3]), 0x1000);
	cells = fdt_getprop(fdt.blob, node, "interrupts", NULL);
	assert_int_equal(fdt32_to_cpu(cells[0]), 8);
	cells = fdt_getprop(fdt.blob, node, "interrupt-parent", NULL);
	assert_int_equal(fdt32_to_cpu(cells[0]), 3);
	free(fdt.blob);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, probe_guest_setup, guest_teardown)
const struct CMUnitTest unit_tests[] = {
	TEST(test_identity),
	cmocka_unit_test_setup_teardown(test_empty_slot, probe_guest_setup_empty, guest_teardown),
	TEST(test_no_shared_memory),
	TEST(test_every_queue_selector),
	TEST(test_area_addresses_are_64_bits),
	TEST(test_ready_queue_is_fixed),
	TEST(test_bad_ring_breaks_the_device),
	TEST(test_row_36_control_register_widths),
	TEST(test_row_34_config_space),
	TEST(test_row_35_window_end),
	TEST(test_line_follows_interrupt_status),
	cmocka_unit_test(test_node),
	{ 0 },
};
