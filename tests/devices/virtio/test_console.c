/* SPDX-License-Identifier: MIT */
/* Tests devices/virtio/console.c: bytes in both directions, flow control, emergency write. */
#include "guest.h"
#include "devices/virtio/console.h"
#include <errno.h>
#include <string.h>

#define EMERG_WR (MMIO_CONFIG + 8)

struct fixture {
	struct guest guest;
	struct virtio_console console;
	struct guest_queue rx, tx;
	u8 output[8192];
	u64 output_size; /* the number of all bytes, also of those that did not fit into `output` */
};
GUEST_COMES_FIRST(struct fixture);

static void console_sent(void *ctx, const u8 *data, size_t size)
{
	struct fixture *f = ctx;

	for (size_t i = 0; i < size; i++, f->output_size++)
		if (f->output_size < sizeof(f->output))
			f->output[f->output_size] = data[i];
}

static int setup(void **state)
{
	static struct fixture fixture;
	struct fixture *f = *state = &fixture;

	memset(f, 0, sizeof(*f));
	guest_init(&f->guest, CLOCK_VIRTUAL);
	virtio_console_init(&f->console, &f->guest.platform, "virtio1", NULL);
	f->console.ports[0].chardev.write = console_sent;
	f->console.ports[0].chardev.ctx = f;
	guest_attach(&f->guest, &f->console.virtio);
	return 0;
}

static void console_start(struct fixture *f)
{
	assert_true(guest_negotiate(&f->guest, BIT(32)));
	guest_queue_start(&f->guest, &f->rx, 0, 64);
	guest_queue_start(&f->guest, &f->tx, 1, 64);
	guest_driver_ok(&f->guest);
}

static void type(struct fixture *f, const void *data, size_t size)
{
	chardev_put(&f->console.ports[0].chardev, &f->guest.platform.journal, data, size);
}

static void test_identity(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(guest_get(&f->guest, MMIO_DEVICE_ID), 3);
	assert_int_equal(guest_offered(&f->guest) & 0xffffff, BIT(0) | BIT(2));
	guest_set(&f->guest, MMIO_QUEUE_SEL, 2);
	assert_int_equal(guest_get(&f->guest, MMIO_QUEUE_NUM_MAX), 0);
}

static void test_output(void **state)
{
	struct fixture *f = *state;

	console_start(f);
	memcpy(guest_ram(&f->guest, GUEST_DATA), "hello world", 11);
	ring_desc(&f->tx, 0, GUEST_DATA, 6, FLAGS(F_NEXT, 1));
	ring_desc(&f->tx, 1, GUEST_DATA + 6, 5, 0);
	assert_int_equal(guest_run(&f->tx, 0), 0);
	assert_int_equal(f->output_size, 11);
	assert_memory_equal(f->output, "hello world", 11);
}

static void test_output_to_nobody(void **state)
{
	struct fixture *f = *state;

	f->console.ports[0].chardev.write = NULL;
	console_start(f);
	ring_desc(&f->tx, 0, GUEST_DATA, 6, 0);
	assert_int_equal(guest_run(&f->tx, 0), 0);
}

/*
 * A huge chain is sent in several turns, each byte once, and is returned when all of it has been
 * sent.
 */
static void test_long_output_goes_in_turns(void **state)
{
	struct fixture *f = *state;

	console_start(f);
	ring_desc(&f->tx, 0, GUEST_DATA, 1000001, 0);
	guest_submit(&f->tx, 0);
	assert_in_range(f->output_size, 1, 256 * KiB);
	assert_false(guest_returned(&f->tx));
	guest_sleep(&f->guest, CLOCK_HZ / 1000);
	assert_int_equal(f->output_size, 1000001);
	assert_int_equal(guest_take(&f->tx), 0);
}

/* The driver may replace a chain that is half sent by a shorter one. */
static void test_chain_shrinks_between_turns(void **state)
{
	struct fixture *f = *state;

	console_start(f);
	ring_desc(&f->tx, 0, GUEST_DATA, 1000001, 0);
	guest_submit(&f->tx, 0);
	u64 before = f->output_size;
	ring_desc(&f->tx, 0, GUEST_DATA, 1, 0);
	guest_sleep(&f->guest, 100000);
	assert_int_equal(f->output_size, before);
	assert_true(guest_returned(&f->tx));
	assert_int_equal(f->console.ports[0].sent, 0);
}

static void test_input(void **state)
{
	struct fixture *f = *state;

	console_start(f);
	for (u16 i = 0; i < 4; i++) {
		ring_desc(&f->rx, i, GUEST_DATA + i * 16, 16, FLAGS(F_WRITE, 0));
		guest_offer(&f->rx, i);
	}
	guest_kick(&f->rx);
	assert_false(guest_returned(&f->rx));
	assert_false(f->guest.line);
	type(f, "abc", 3);
	assert_true(f->guest.line);
	assert_int_equal(guest_take(&f->rx), 3);
	assert_memory_equal(guest_ram(&f->guest, GUEST_DATA), "abc", 3);
	type(f, "0123456789abcdefXY", 18);
	assert_int_equal(guest_take(&f->rx), 16);
	assert_int_equal(guest_take(&f->rx), 2);
	assert_memory_equal(guest_ram(&f->guest, GUEST_DATA + 32), "XY", 2);
}

/* Input waits for buffers, in order, and room() tells the frontend when to stop. */
static void test_input_flow(void **state)
{
	struct fixture *f = *state;
	u32 typed = 0, taken = 0, len;
	bool offered = false;
	u64 seed = 5;

	console_start(f);
	ring_desc(&f->rx, 0, GUEST_DATA, 700, FLAGS(F_WRITE, 0));
	while (taken < 50000) {
		u8 data[VIRTIO_CONSOLE_INPUT];
		size_t room = chardev_room(&f->console.ports[0].chardev);
		size_t size = guest_random(&seed) % 1400;
		const u8 *got = guest_ram(&f->guest, GUEST_DATA);

		assert_int_equal(room, VIRTIO_CONSOLE_INPUT - (typed - taken));
		size = MIN(size, room);
		for (size_t i = 0; i < size; i++)
			data[i] = (u8)(typed++ * 37);
		type(f, data, size);
		if (!offered)
			guest_offer(&f->rx, 0);
		offered = true;
		guest_kick(&f->rx);
		if (!guest_used(&f->rx, NULL, &len))
			continue;
		offered = false;
		for (u32 i = 0; i < len; i++)
			assert_int_equal(got[i], (u8)(taken++ * 37));
	}
}

/* Row 1: more input than fits is dropped, and not written beyond the end. */
static void test_row_1_input_without_end(void **state)
{
	struct fixture *f = *state;
	u8 data[1000];

	memset(data, 'x', sizeof(data));
	for (unsigned i = 0; i < 1000; i++)
		type(f, data, sizeof(data));
	assert_int_equal(chardev_room(&f->console.ports[0].chardev), 0);
	assert_int_equal(f->console.ports[0].input_count, VIRTIO_CONSOLE_INPUT);
	assert_int_equal(f->console.ports[0].sent, 0);
	for (unsigned i = 0; i < 1000000; i++)
		guest_set(&f->guest, EMERG_WR, 'y');
	assert_int_equal(f->output_size, 1000000);
}

static void test_typed_ahead_survives_the_drivers_reset_only(void **state)
{
	struct fixture *f = *state;

	type(f, "early", 5);
	console_start(f);
	ring_desc(&f->rx, 0, GUEST_DATA, 16, FLAGS(F_WRITE, 0));
	guest_submit(&f->rx, 0);
	assert_int_equal(guest_take(&f->rx), 5);
	type(f, "late", 4);
	platform_reset(&f->guest.platform);
	assert_int_equal(chardev_room(&f->console.ports[0].chardev), VIRTIO_CONSOLE_INPUT);
}

static void test_emergency_write(void **state)
{
	struct fixture *f = *state;

	guest_set(&f->guest, EMERG_WR, 0x12345600 | '!');
	assert_int_equal(f->output_size, 1);
	assert_int_equal(f->output[0], '!');
	for (u32 offset = 0; offset < 12; offset += 4)
		if (MMIO_CONFIG + offset != EMERG_WR)
			guest_set(&f->guest, MMIO_CONFIG + offset, 'n');
	assert_int_equal(f->output_size, 1);
}

static void test_wrong_direction_needs_reset(void **state)
{
	struct fixture *f = *state;

	console_start(f);
	ring_desc(&f->tx, 0, GUEST_DATA, 16, FLAGS(F_WRITE, 0));
	guest_submit(&f->tx, 0);
	assert_true(guest_needs_reset(&f->guest));
	console_start(f);
	ring_desc(&f->rx, 0, GUEST_DATA, 16, 0);
	guest_submit(&f->rx, 0);
	assert_true(guest_needs_reset(&f->guest));
}

/*
 * Row 3 of the known bugs: a receive buffer of several pieces, one of them device registers, was
 * written after it had been given back. Here the whole chain is refused: no piece gets a byte.
 */
static void test_row_3_receive_pieces_on_registers(void **state)
{
	static const u64 targets[] = { GUEST_OTHER, GUEST_SLOT + MMIO_QUEUE_NOTIFY,
				       UINT64_MAX - 7 };
	struct fixture *f = *state;
	u8 untouched[64];

	memset(untouched, 0xee, sizeof(untouched));
	for (unsigned i = 0; i < ARRAY_SIZE(targets); i++)
		for (unsigned bad = 0; bad < 3; bad++) {
			console_start(f);
			memcpy(guest_ram(&f->guest, GUEST_DATA), untouched, sizeof(untouched));
			for (u16 d = 0; d < 3; d++) {
				u64 addr = d == bad ? targets[i] : GUEST_DATA + d * 16u;

				ring_desc(&f->rx, d, addr, 4,
					  FLAGS(F_WRITE | (d < 2 ? F_NEXT : 0), d + 1));
			}
			guest_offer(&f->rx, 0);
			type(f, "0123456789", 10);
			guest_kick(&f->rx);
			assert_true(guest_needs_reset(&f->guest));
			assert_false(guest_returned(&f->rx));
			assert_int_equal(f->guest.other_accesses, 0);
			assert_memory_equal(guest_ram(&f->guest, GUEST_DATA), untouched,
					    sizeof(untouched));
		}
}

static void test_reload_keeps_input_and_half_sent_output(void **state)
{
	struct fixture *f = *state;
	static struct fixture other;

	memset(&other, 0, sizeof(other));
	guest_init(&other.guest, CLOCK_VIRTUAL);
	virtio_console_init(&other.console, &other.guest.platform, "virtio1", NULL);
	other.console.ports[0].chardev.write = console_sent;
	other.console.ports[0].chardev.ctx = &other;
	guest_attach(&other.guest, &other.console.virtio);
	console_start(f);
	type(f, "typed", 5);
	ring_desc(&f->tx, 0, GUEST_DATA, 100000, 0);
	guest_submit(&f->tx, 0);
	assert_int_equal(guest_clone(&other.guest, &f->guest), 0);
	guest_sleep(&other.guest, 100000);
	assert_int_equal(f->output_size + other.output_size, 100000);
	f->rx.guest = &other.guest;
	ring_desc(&f->rx, 0, GUEST_DATA, 16, FLAGS(F_WRITE, 0));
	assert_int_equal(guest_run(&f->rx, 0), 5);
	f->tx.guest = &other.guest;
	assert_true(guest_returned(&f->tx));
	other.console.ports[0].input_start = VIRTIO_CONSOLE_INPUT;
	assert_int_equal(guest_clone(&f->guest, &other.guest), -EINVAL);
	other.console.ports[0].input_start = 0;
	other.console.ports[0].input_count = VIRTIO_CONSOLE_INPUT + 1;
	assert_int_equal(guest_clone(&f->guest, &other.guest), -EINVAL);
	guest_free(&other.guest);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, guest_teardown)
const struct CMUnitTest unit_tests[] = {
	TEST(test_identity),
	TEST(test_output),
	TEST(test_output_to_nobody),
	TEST(test_long_output_goes_in_turns),
	TEST(test_chain_shrinks_between_turns),
	TEST(test_input),
	TEST(test_input_flow),
	TEST(test_row_1_input_without_end),
	TEST(test_typed_ahead_survives_the_drivers_reset_only),
	TEST(test_emergency_write),
	TEST(test_wrong_direction_needs_reset),
	TEST(test_row_3_receive_pieces_on_registers),
	TEST(test_reload_keeps_input_and_half_sent_output),
	{ 0 },
};
