/* SPDX-License-Identifier: MIT */
/*
 * Tests the legacy layout of virtio-mmio (virtio 1.2, 4.2.4): registers, the place of a queue,
 * features.
 */
#include "net_guest.h"
#include "probe.h"
#include <errno.h>
#include <string.h>

#include "devices/virtio/legacy.h"
#include "tests/state_copy.h"

enum { PAGE_SIZE_REG = 0x028, QUEUE_ALIGN = 0x03c, QUEUE_PFN = 0x040 };

static void start_queue(struct guest *guest, struct guest_queue *queue, unsigned index, u32 align)
{
	const u32 num = 8;
	u64 base = GUEST_QUEUE(index), used = base + num * 16 + 6 + 2 * num;

	*queue = (struct guest_queue){ guest, index, num, base, base + num * 16,
				       align_up(used, align ? align : 4096), 0, 0 };
	guest_set(guest, MMIO_QUEUE_SEL, index);
	guest_set(guest, MMIO_QUEUE_NUM, num);
	if (align)
		guest_set(guest, QUEUE_ALIGN, align);
	guest_set(guest, QUEUE_PFN, (u32)(base / 4096));
	assert_int_equal(guest_get(guest, QUEUE_PFN), base / 4096);
}

static void test_registers(void **state)
{
	struct probe_guest *f = *state;

	assert_int_equal(guest_get(&f->guest, MMIO_VERSION), 1);
	assert_int_equal(guest_offered(&f->guest) >> 32, 0);
	assert_true(guest_offered(&f->guest) & BIT(27)); /* VIRTIO_F_ANY_LAYOUT */
	assert_int_equal(guest_get(&f->guest, MMIO_QUEUE_READY), 0);
	assert_int_equal(guest_get(&f->guest, MMIO_SHM_LEN), 0);
	assert_int_equal(guest_get(&f->guest, QUEUE_PFN), 0);
}

/*
 * Acts as a driver that sets DRIVER_OK before its queue exists, and never checks whether its
 * features are accepted. As Linux does, it writes the page size once, and resets the device after
 * that.
 */
static void legacy_serve(struct probe_guest *f, u32 align)
{
	guest_set(&f->guest, PAGE_SIZE_REG, 4096);
	guest_set(&f->guest, MMIO_STATUS, 0);
	guest_set(&f->guest, MMIO_STATUS, 3);
	guest_set(&f->guest, MMIO_DRIVER_FEATURES, UINT32_MAX & ~(u32)BIT(29));
	guest_set(&f->guest, MMIO_STATUS, 7);
	assert_int_equal(guest_get(&f->guest, MMIO_STATUS), 7);
	assert_int_equal(state_copy(&f->guest.platform.state, &f->guest.platform.state), 0);
	assert_true(virtio_negotiated(&f->probe.virtio, BIT(28)));
	assert_false(virtio_negotiated(&f->probe.virtio, BIT(24)));
	start_queue(&f->guest, &f->queue, 0, align);
	ring_desc(&f->queue, 0, GUEST_DATA, 8, FLAGS(F_WRITE, 0));
	guest_run(&f->queue, 0);
	assert_true(f->guest.line);
	guest_set(&f->guest, QUEUE_PFN, 0);
	assert_int_equal(guest_get(&f->guest, QUEUE_PFN), 0);
	assert_false(guest_needs_reset(&f->guest));
}

/* A driver that knows FEATURES_OK finds it, as in QEMU. */
static void test_features_ok(void **state)
{
	struct probe_guest *f = *state;

	guest_set(&f->guest, MMIO_STATUS, 3);
	guest_set(&f->guest, MMIO_DRIVER_FEATURES, (u32)BIT(28));
	guest_set(&f->guest, MMIO_STATUS, 11);
	assert_int_equal(guest_get(&f->guest, MMIO_STATUS), 11);
	guest_set(&f->guest, MMIO_STATUS, 15);
	assert_int_equal(guest_get(&f->guest, MMIO_STATUS), 15);
}

static void test_queue_by_page(void **state)
{
	legacy_serve(*state, 0);
}

static void test_queue_by_alignment(void **state)
{
	legacy_serve(*state, 4);
	legacy_serve(*state, 64);
}

/* The machine's reset clears the page size, and the driver's does not. */
static void test_page_size(void **state)
{
	struct probe_guest *f = *state;

	guest_set(&f->guest, PAGE_SIZE_REG, 8192);
	guest_set(&f->guest, MMIO_STATUS, 0);
	assert_int_equal(f->probe.virtio.page_size, 8192);
	platform_reset(&f->guest.platform);
	assert_int_equal(f->probe.virtio.page_size, 0);
}

/*
 * A saved machine has the kind of its devices, modern or legacy, and cannot be loaded into a
 * machine with the other kind.
 */
static void test_state(void **state)
{
	static struct probe_guest modern;
	struct probe_guest *f = *state;

	guest_init(&modern.guest, CLOCK_VIRTUAL);
	probe_init(&modern.probe, &modern.guest.platform, "virtio0");
	guest_attach(&modern.guest, &modern.probe.virtio);
	assert_int_equal(guest_clone(&f->guest, &f->guest), 0);
	assert_int_equal(guest_clone(&modern.guest, &f->guest), -EINVAL);
	assert_int_equal(guest_clone(&f->guest, &modern.guest), -EINVAL);
	guest_free(&modern.guest);
}

static void test_hostile_places(void **state)
{
	static const u32 sizes[] = { 0, 1, 4096, 0x80000000, UINT32_MAX };
	struct probe_guest *f = *state;

	for (unsigned i = 0; i < ARRAY_SIZE(sizes); i++)
		for (unsigned j = 0; j < ARRAY_SIZE(sizes); j++) {
			guest_set(&f->guest, MMIO_STATUS, 0);
			guest_set(&f->guest, PAGE_SIZE_REG, sizes[i]);
			guest_set(&f->guest, QUEUE_ALIGN, sizes[j]);
			guest_set(&f->guest, QUEUE_PFN, UINT32_MAX);
			assert_int_equal(guest_get(&f->guest, QUEUE_PFN), 0);
			assert_true(guest_needs_reset(&f->guest));
		}
	guest_set(&f->guest, MMIO_QUEUE_SEL, 77);
	guest_set(&f->guest, QUEUE_PFN, 1);
	assert_int_equal(guest_get(&f->guest, QUEUE_PFN), 0);
}

/* Without mergeable buffers the header has ten bytes (5.1.6.1). */
static void test_net_header(void **state)
{
	static struct net_guest g;
	const u8 *frame;

	net_guest_init(&g, 1);
	virtio_make_legacy(&g.card.virtio);
	guest_set(&g.guest, PAGE_SIZE_REG, 4096);
	guest_set(&g.guest, MMIO_STATUS, 3);
	guest_set(&g.guest, MMIO_DRIVER_FEATURES, 0);
	guest_set(&g.guest, MMIO_STATUS, 7);
	start_queue(&g.guest, &g.rx, 0, 0);
	start_queue(&g.guest, &g.tx, 1, 0);
	frame = guest_ram(&g.guest, NET_BUFFER(0) + 10);
	memset(guest_ram(&g.guest, NET_BUFFER(0)), 0, 10);
	memset(guest_ram(&g.guest, NET_BUFFER(0) + 10), 0x5a, 60);
	ring_desc(&g.tx, 0, NET_BUFFER(0), 70, 0);
	guest_run(&g.tx, 0);
	assert_int_equal(g.sent, 1);
	assert_int_equal(g.size[0], 60);
	assert_memory_equal(g.frame, frame, 60);
	net_guest_offer(&g, 1, 2000);
	guest_kick(&g.rx);
	net_guest_put(&g, g.frame, 60);
	assert_memory_equal(guest_ram(&g.guest, NET_BUFFER(1) + 10), frame, 60);
	guest_free(&g.guest);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, probe_guest_setup_legacy, guest_teardown)

const struct CMUnitTest unit_tests[] = {
	TEST(test_registers),
	TEST(test_features_ok),
	TEST(test_queue_by_page),
	TEST(test_queue_by_alignment),
	TEST(test_page_size),
	TEST(test_state),
	TEST(test_hostile_places),
	cmocka_unit_test(test_net_header),
	{ 0 },
};
