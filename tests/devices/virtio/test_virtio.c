/* SPDX-License-Identifier: MIT */
/*
 * Tests devices/virtio/virtio.c, the part that all devices share, as a driver sees it through a
 * virtio-mmio slot.
 */
#include "guest.h"
#include "probe.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ACKNOWLEDGED (VIRTIO_STATUS_ACKNOWLEDGE | VIRTIO_STATUS_DRIVER)

static void test_offers(void **state)
{
	struct probe_guest *f = *state;
	u64 offered = guest_offered(&f->guest);

	assert_true(offered == (PROBE_FEATURES | BIT(28) | BIT(29) | BIT(32) | BIT(40)));
	/* Selectors beyond 64 features read as nothing. */
	guest_set(&f->guest, MMIO_DEVICE_FEATURES_SEL, 2);
	assert_int_equal(guest_get(&f->guest, MMIO_DEVICE_FEATURES), 0);
	guest_set(&f->guest, MMIO_DEVICE_FEATURES_SEL, UINT32_MAX);
	assert_int_equal(guest_get(&f->guest, MMIO_DEVICE_FEATURES), 0);
}

static void test_features_any_subset_of_offered(void **state)
{
	struct probe_guest *f = *state;
	u64 offered = guest_offered(&f->guest);

	for (unsigned bit = 0; bit < 64; bit++) {
		bool good = offered >> bit & 1;

		assert_int_equal(guest_negotiate(&f->guest, BIT(bit)), good);
		assert_int_equal(guest_negotiate(&f->guest, offered & ~BIT(bit)), true);
		assert_int_equal(guest_negotiate(&f->guest, offered | BIT(bit)), good);
	}
	assert_true(guest_negotiate(&f->guest, 0));
}

static void test_features_fixed_by_features_ok(void **state)
{
	struct probe_guest *f = *state;

	assert_true(guest_negotiate(&f->guest, BIT(32)));
	guest_set(&f->guest, MMIO_DRIVER_FEATURES_SEL, 0);
	guest_set(&f->guest, MMIO_DRIVER_FEATURES, 1);
	assert_true(f->probe.virtio.driver_features == BIT(32));
	assert_false(virtio_negotiated(&f->probe.virtio, BIT(0)));
	assert_true(virtio_negotiated(&f->probe.virtio, BIT(32)));
}

static void test_status_only_grows(void **state)
{
	struct probe_guest *f = *state;

	guest_set(&f->guest, MMIO_STATUS, VIRTIO_STATUS_ACKNOWLEDGE);
	guest_set(&f->guest, MMIO_STATUS, VIRTIO_STATUS_DRIVER);
	assert_int_equal(guest_get(&f->guest, MMIO_STATUS), ACKNOWLEDGED);
	/*
	 * DRIVER_OK has no effect before FEATURES_OK. Bit 64 belongs to the device; 16 and 32 are
	 * not defined.
	 */
	guest_set(&f->guest, MMIO_STATUS, VIRTIO_STATUS_DRIVER_OK | 16 | 32 | 64);
	assert_int_equal(guest_get(&f->guest, MMIO_STATUS), ACKNOWLEDGED);
	guest_set(&f->guest, MMIO_STATUS, VIRTIO_STATUS_FAILED);
	assert_int_equal(guest_get(&f->guest, MMIO_STATUS), ACKNOWLEDGED | VIRTIO_STATUS_FAILED);
	guest_set(&f->guest, MMIO_STATUS, 0);
	assert_int_equal(guest_get(&f->guest, MMIO_STATUS), 0);
}

/* Sends "hello" and checks that the device returns it. */
static void echo(struct probe_guest *f, struct guest_queue *queue)
{
	memcpy(guest_ram(&f->guest, GUEST_DATA), "hello", 5);
	memset(guest_ram(&f->guest, GUEST_DATA + 64), 0, 8);
	ring_desc(queue, 0, GUEST_DATA, 5, FLAGS(F_NEXT, 1));
	ring_desc(queue, 1, GUEST_DATA + 64, 8, FLAGS(F_WRITE, 0));
	assert_int_equal(guest_run(queue, 0), 5);
	assert_memory_equal(guest_ram(&f->guest, GUEST_DATA + 64), "hello\0\0\0", 8);
}

static void test_chain_served_and_interrupt_raised(void **state)
{
	struct probe_guest *f = *state;

	guest_start(&f->guest, &f->queue, BIT(32), 16);
	echo(f, &f->queue);
	assert_true(f->guest.line);
	assert_int_equal(guest_get(&f->guest, MMIO_INTERRUPT_STATUS), VIRTIO_ISR_QUEUE);
	guest_set(&f->guest, MMIO_INTERRUPT_ACK, VIRTIO_ISR_QUEUE);
	assert_false(f->guest.line);
	assert_int_equal(guest_get(&f->guest, MMIO_INTERRUPT_STATUS), 0);
}

/* xv6 reads only the lower half of the features, and so never accepts VIRTIO_F_VERSION_1. */
static void test_driver_without_version_1(void **state)
{
	struct probe_guest *f = *state;

	guest_start(&f->guest, &f->queue, 0, 8);
	echo(f, &f->queue);
}

static void test_nothing_served_before_driver_ok(void **state)
{
	struct probe_guest *f = *state;

	assert_true(guest_negotiate(&f->guest, BIT(32)));
	guest_queue_start(&f->guest, &f->queue, 0, 16);
	ring_desc(&f->queue, 0, GUEST_DATA, 8, FLAGS(F_WRITE, 0));
	guest_submit(&f->queue, 0);
	assert_int_equal(f->probe.served[0], 0);
	assert_int_equal(guest_get16(&f->guest, f->queue.used + 2), 0);
	/* Buffers that were made available earlier are served when DRIVER_OK is set. */
	guest_driver_ok(&f->guest);
	assert_int_equal(f->probe.served[0], 1);
	assert_int_equal(guest_get16(&f->guest, f->queue.used + 2), 1);
}

static void test_nothing_served_when_not_ready_or_failed(void **state)
{
	struct probe_guest *f = *state;

	guest_start(&f->guest, &f->queue, BIT(32), 16);
	ring_desc(&f->queue, 0, GUEST_DATA, 8, FLAGS(F_WRITE, 0));
	guest_offer(&f->queue, 0);
	guest_set(&f->guest, MMIO_QUEUE_READY, 0);
	guest_kick(&f->queue);
	assert_int_equal(f->probe.served[0], 0);
	guest_set(&f->guest, MMIO_QUEUE_READY, 1);
	guest_set(&f->guest, MMIO_STATUS, VIRTIO_STATUS_FAILED);
	guest_kick(&f->queue);
	assert_int_equal(f->probe.served[0], 0);
}

static void test_fault_needs_reset_and_tells_the_driver(void **state)
{
	struct probe_guest *f = *state;

	guest_start(&f->guest, &f->queue, BIT(32), 16);
	guest_submit(&f->queue, 99);
	assert_true(guest_needs_reset(&f->guest));
	assert_int_equal(guest_get(&f->guest, MMIO_INTERRUPT_STATUS), VIRTIO_ISR_CONFIG);
	assert_true(f->guest.line);
	/* Only a reset clears the bit, and nothing is served until then. */
	guest_set(&f->guest, MMIO_STATUS, ACKNOWLEDGED);
	assert_true(guest_needs_reset(&f->guest));
	guest_kick(&f->queue);
	assert_int_equal(f->probe.served[0], 0);
	guest_start(&f->guest, &f->queue, BIT(32), 16);
	assert_false(f->guest.line);
	echo(f, &f->queue);
}

/* A fault is reported once to the user, also without -d. */
static void test_fault_is_told(void **state)
{
	struct probe_guest *f = *state;
	char *text;
	size_t size;

	f->guest.platform.log.file = open_memstream(&text, &size);
	guest_start(&f->guest, &f->queue, BIT(32), 16);
	echo(f, &f->queue);
	guest_submit(&f->queue, 99);
	guest_submit(&f->queue, 99);
	fclose(f->guest.platform.log.file);
	assert_string_equal(text,
			    "baya: virtio0: queue 0: descriptor index out of range, at entry 1 "
			    "of the ring; the device does nothing more until its driver "
			    "resets it\n");
	free(text);
	guest_start(&f->guest, &f->queue, BIT(32), 16);
	assert_string_equal(f->probe.virtio.fault, "");
}

/* The longest reason fits into the message together with its place, for any queue and any entry. */
static void test_longest_fault(void **state)
{
	struct probe_guest *f = *state;
	struct virtio *virtio = &f->probe.virtio;

	guest_start(&f->guest, &f->queue, BIT(32), 16);
	ring_desc(&f->queue, 0, GUEST_DATA, 8, FLAGS(F_WRITE | F_NEXT, 1));
	ring_desc(&f->queue, 1, GUEST_DATA, 8, 0);
	guest_submit(&f->queue, 0);
	assert_string_equal(virtio->fault,
			    "queue 0: device-readable descriptor after a device-writable one, at "
			    "entry 0 of the ring");
	virtio->queues[VIRTIO_QUEUES_MAX - 1] = (struct virtq){ .num = VIRTQ_SIZE_MAX, .ready = 1 };
	virtio_fail(virtio, VIRTIO_QUEUES_MAX - 1,
		    "device-readable descriptor after a device-writable one", VIRTQ_SIZE_MAX - 1);
	assert_string_equal(virtio->fault,
			    "queue 63: device-readable descriptor after a device-writable one, at "
			    "entry 1023 of the ring");
}

static void test_device_calls_chain_malformed(void **state)
{
	struct probe_guest *f = *state;

	guest_start(&f->guest, &f->queue, BIT(32), 16);
	f->probe.answer = VIRTIO_BAD;
	f->probe.answers = 1;
	ring_desc(&f->queue, 0, GUEST_DATA, 8, FLAGS(F_WRITE, 0));
	guest_offer(&f->queue, 0);
	guest_offer(&f->queue, 0);
	guest_kick(&f->queue);
	assert_true(guest_needs_reset(&f->guest));
	/* The valid chain before it was returned, and there are both interrupts. */
	assert_int_equal(guest_get16(&f->guest, f->queue.used + 2), 1);
	assert_int_equal(guest_get(&f->guest, MMIO_INTERRUPT_STATUS),
			 VIRTIO_ISR_QUEUE | VIRTIO_ISR_CONFIG);
}

static void test_wait_leaves_chain_until_kick(void **state)
{
	struct probe_guest *f = *state;

	guest_start(&f->guest, &f->queue, BIT(32), 16);
	f->probe.answer = VIRTIO_WAIT;
	ring_desc(&f->queue, 0, GUEST_DATA, 8, FLAGS(F_WRITE, 0));
	guest_submit(&f->queue, 0);
	assert_true(clock_next(&f->guest.platform.clock) == CLOCK_NEVER);
	assert_int_equal(guest_get16(&f->guest, f->queue.used + 2), 0);
	f->probe.answer = VIRTIO_USED;
	virtio_kick(&f->probe.virtio, 0);
	assert_int_equal(guest_get16(&f->guest, f->queue.used + 2), 1);
	assert_true(f->guest.line);
}

static void test_again_goes_on_by_itself(void **state)
{
	struct probe_guest *f = *state;

	guest_start(&f->guest, &f->queue, BIT(32), 16);
	f->probe.answer = VIRTIO_AGAIN;
	ring_desc(&f->queue, 0, GUEST_DATA, 8, FLAGS(F_WRITE, 0));
	guest_submit(&f->queue, 0);
	assert_true(clock_next(&f->guest.platform.clock) > clock_now(&f->guest.platform.clock));
	guest_sleep(&f->guest, 100000);
	assert_int_equal(guest_get16(&f->guest, f->queue.used + 2), 0);
	f->probe.answer = VIRTIO_USED;
	guest_sleep(&f->guest, 100000);
	assert_int_equal(guest_get16(&f->guest, f->queue.used + 2), 1);
	assert_true(clock_next(&f->guest.platform.clock) == CLOCK_NEVER);
}

/*
 * Long chains end a turn early. The rest is served later, while the harts run, and a reset stops
 * that.
 */
static void test_turn_is_bounded_in_bytes(void **state)
{
	struct probe_guest *f = *state;
	const u32 size = 48 * MiB;

	for (unsigned stop = 0; stop < 2; stop++) {
		guest_start(&f->guest, &f->queue, BIT(32), 16);
		f->probe.served[0] = 0;
		ring_desc(&f->queue, 0, GUEST_DATA, size, FLAGS(F_WRITE, 0));
		for (unsigned i = 0; i < 16; i++)
			guest_offer(&f->queue, 0);
		guest_kick(&f->queue);
		assert_int_equal(f->probe.served[0], 2);
		if (stop)
			guest_set(&f->guest, MMIO_STATUS, 0);
		guest_sleep(&f->guest, 100000);
		assert_int_equal(f->probe.served[0], stop ? 2 : 16);
		assert_true(clock_next(&f->guest.platform.clock) == CLOCK_NEVER);
	}
}

/* However many turns a driver makes the device begin, all of their work counts together. */
static void test_work_of_all_turns_counts(void **state)
{
	struct probe_guest *f = *state;
	struct platform *platform = &f->guest.platform;
	unsigned stops = 0;

	guest_start(&f->guest, &f->queue, BIT(32), 16);
	ring_desc(&f->queue, 0, GUEST_DATA, 20 * MiB, FLAGS(F_WRITE, 0));
	for (unsigned kick = 1; kick <= 16; kick++) {
		guest_submit(&f->queue, 0);
		stops += platform_worked(platform);
		assert_int_equal(stops, kick / 4);
	}
}

static void test_kick_of_absent_queues(void **state)
{
	struct probe_guest *f = *state;

	guest_start(&f->guest, &f->queue, BIT(32), 16);
	for (u32 i = 1; i < 70000; i++)
		guest_set(&f->guest, MMIO_QUEUE_NOTIFY, i);
	guest_set(&f->guest, MMIO_QUEUE_NOTIFY, UINT32_MAX);
	assert_false(guest_needs_reset(&f->guest));
	echo(f, &f->queue);
}

static void test_queue_reset(void **state)
{
	struct probe_guest *f = *state;

	guest_start(&f->guest, &f->queue, BIT(32), 16);
	memset(f->probe.resets, 0, sizeof(f->probe.resets));
	guest_set(&f->guest, MMIO_QUEUE_SEL, 0);
	guest_set(&f->guest, MMIO_QUEUE_RESET, 1); /* not negotiated */
	assert_int_equal(guest_get(&f->guest, MMIO_QUEUE_READY), 1);
	guest_start(&f->guest, &f->queue, BIT(32) | BIT(40), 16);
	echo(f, &f->queue);
	memset(f->probe.resets, 0, sizeof(f->probe.resets));
	guest_set(&f->guest, MMIO_QUEUE_RESET, 1);
	assert_int_equal(guest_get(&f->guest, MMIO_QUEUE_RESET), 0);
	assert_int_equal(guest_get(&f->guest, MMIO_QUEUE_READY), 0);
	assert_int_equal(f->probe.resets[0], 1);
	assert_int_equal(f->probe.resets[1], 0);
	guest_queue_start(&f->guest, &f->queue, 0, 4);
	echo(f, &f->queue);
}

static void test_machine_reset(void **state)
{
	struct probe_guest *f = *state;

	guest_start(&f->guest, &f->queue, BIT(32), 16);
	echo(f, &f->queue);
	assert_true(f->guest.line);
	platform_reset(&f->guest.platform);
	assert_false(f->guest.line);
	assert_int_equal(guest_get(&f->guest, MMIO_STATUS), 0);
	assert_int_equal(guest_get(&f->guest, MMIO_QUEUE_READY), 0);
	assert_int_equal(f->probe.virtio.driver_features, 0);
	guest_kick(&f->queue);
	assert_int_equal(f->probe.served[0], 1);
}

static void test_config_change_is_told(void **state)
{
	struct probe_guest *f = *state;
	u32 generation = guest_get(&f->guest, MMIO_CONFIG_GENERATION);

	assert_int_equal(guest_get(&f->guest, MMIO_CONFIG_GENERATION), generation);
	virtio_config_changed(&f->probe.virtio);
	assert_int_not_equal(guest_get(&f->guest, MMIO_CONFIG_GENERATION), generation);
	assert_false(f->guest.line); /* no driver yet */
	guest_start(&f->guest, &f->queue, BIT(32), 16);
	virtio_config_changed(&f->probe.virtio);
	assert_true(f->guest.line);
	assert_int_equal(guest_get(&f->guest, MMIO_INTERRUPT_STATUS), VIRTIO_ISR_CONFIG);
}

static void count_write(void *ctx)
{
	++*(unsigned *)ctx;
}

/*
 * Loading writes nothing to memory, so that a reservation (LR/SC) is not lost; serving a queue
 * does.
 */
static void test_load_is_no_write(void **state)
{
	struct probe_guest *f = *state;
	struct bus *bus = &f->guest.platform.bus;
	unsigned writes = 0;

	guest_start(&f->guest, &f->queue, BIT(32), 16);
	bus->dma_written = count_write;
	bus->ctx = &writes;
	assert_int_equal(guest_clone(&f->guest, &f->guest), 0);
	assert_int_equal(writes, 0);
	echo(f, &f->queue);
	guest_run(&f->queue, 0);
	assert_int_not_equal(writes, 0);
}

/* A session can be continued in another machine at any of its points. */
static void test_session_survives_save_and_load(void **state)
{
	struct probe_guest *f = *state;
	struct guest other;
	struct probe probe;
	char text[200];

	guest_init(&other, CLOCK_VIRTUAL);
	probe_init(&probe, &other.platform, "virtio0");
	guest_attach(&other, &probe.virtio);
	guest_start(&f->guest, &f->queue, BIT(32) | BIT(29), 16);
	echo(f, &f->queue);
	f->probe.answer = VIRTIO_AGAIN;
	guest_submit(&f->queue, 0);
	assert_int_equal(guest_clone(&other, &f->guest), 0);
	assert_false(
		state_diff(&f->guest.platform.state, &other.platform.state, text, sizeof(text)));
	/* The pending turn is executed in the copy, with the copy's RAM. */
	f->queue.guest = &other;
	guest_sleep(&other, 10000);
	assert_int_equal(guest_take(&f->queue), 5);
	assert_int_equal(guest_run(&f->queue, 0), 5);
	assert_int_equal(probe.served[0], 2);
	guest_free(&other);
}

/* Values that no machine can have had are refused. */
static void test_hostile_state_is_refused(void **state)
{
	struct probe_guest *f = *state;
	struct virtio *virtio = &f->probe.virtio;
	struct virtq *queue = &virtio->queues[1];

	guest_start(&f->guest, &f->queue, BIT(32), 16);
	guest_queue_start(&f->guest, &f->queue, 1, 16);
	assert_int_equal(guest_clone(&f->guest, &f->guest), 0);
#define REFUSES(lvalue, value)                                                                     \
	do {                                                                                       \
		__typeof__(lvalue) good = lvalue;                                                  \
		lvalue = value;                                                                    \
		assert_int_equal(guest_clone(&f->guest, &f->guest), -EINVAL);                      \
		lvalue = good;                                                                     \
		assert_int_equal(guest_clone(&f->guest, &f->guest), 0);                            \
	} while (0)
	REFUSES(virtio->status, VIRTIO_STATUS_DRIVER_OK);
	REFUSES(virtio->status, virtio->status | 16);
	REFUSES(virtio->driver_features, BIT(63));
	REFUSES(virtio->interrupt_status, 4);
	REFUSES(virtio->pending, 1 << PROBE_QUEUES);
	REFUSES(queue->num, 32);
	REFUSES(queue->num, 3);
	REFUSES(queue->num, 0);
	REFUSES(queue->ready, 2);
	REFUSES(queue->desc, 8);
	REFUSES(queue->driver, GUEST_OTHER);
	REFUSES(queue->device, GUEST_RAM_END - 4);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, probe_guest_setup, guest_teardown)
const struct CMUnitTest unit_tests[] = {
	TEST(test_offers),
	TEST(test_features_any_subset_of_offered),
	TEST(test_features_fixed_by_features_ok),
	TEST(test_status_only_grows),
	TEST(test_chain_served_and_interrupt_raised),
	TEST(test_driver_without_version_1),
	TEST(test_nothing_served_before_driver_ok),
	TEST(test_nothing_served_when_not_ready_or_failed),
	TEST(test_fault_needs_reset_and_tells_the_driver),
	TEST(test_fault_is_told),
	TEST(test_longest_fault),
	TEST(test_device_calls_chain_malformed),
	TEST(test_wait_leaves_chain_until_kick),
	TEST(test_again_goes_on_by_itself),
	TEST(test_turn_is_bounded_in_bytes),
	TEST(test_work_of_all_turns_counts),
	TEST(test_kick_of_absent_queues),
	TEST(test_queue_reset),
	TEST(test_machine_reset),
	TEST(test_config_change_is_told),
	TEST(test_load_is_no_write),
	TEST(test_session_survives_save_and_load),
	TEST(test_hostile_state_is_refused),
	{ 0 },
};
