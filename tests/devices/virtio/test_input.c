/* SPDX-License-Identifier: MIT */
/*
 * Tests devices/virtio/input.c: the configuration of the three kinds, events, and hostile drivers.
 */
#include "guest.h"
#include "devices/virtio/input.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SELECT MMIO_CONFIG
#define SUBSEL (MMIO_CONFIG + 1)
#define SIZE (MMIO_CONFIG + 2)
#define DATA (MMIO_CONFIG + 8)

struct fixture {
	struct guest guest;
	struct virtio_input input;
	struct guest_queue events, status;
};

static struct fixture fixture;

static struct fixture *begin(enum input_kind kind)
{
	struct fixture *f = &fixture;

	memset(f, 0, sizeof(*f));
	guest_init(&f->guest, CLOCK_VIRTUAL);
	virtio_input_init(&f->input, &f->guest.platform, "input", kind);
	guest_attach(&f->guest, &f->input.virtio);
	return f;
}

static void input_test_start(struct fixture *f)
{
	assert_true(guest_negotiate(&f->guest, BIT(32)));
	guest_queue_start(&f->guest, &f->events, 0, 64);
	guest_queue_start(&f->guest, &f->status, 1, 64);
	guest_driver_ok(&f->guest);
	for (u16 n = 0; n < 64; n++) {
		ring_desc(&f->events, n, GUEST_DATA + n * 8, 8, FLAGS(F_WRITE, 0));
		guest_offer(&f->events, n);
	}
	guest_kick(&f->events);
}

static void input_store(struct fixture *f, u32 reg, unsigned size, u64 value)
{
	assert_true(bus_store(&f->guest.platform.bus, GUEST_SLOT + reg, size, value));
}

static u8 input_load(struct fixture *f, u32 reg)
{
	u64 value;

	assert_true(bus_load(&f->guest.platform.bus, GUEST_SLOT + reg, 1, &value));
	return (u8)value;
}

/* Selects an item of the configuration. Returns its size, and its contents in `data`. */
static u8 ask(struct fixture *f, u8 select, u8 subsel, u8 data[128])
{
	input_store(f, SELECT, 1, select);
	input_store(f, SUBSEL, 1, subsel);
	for (u32 n = 0; n < 128; n++)
		data[n] = input_load(f, DATA + n);
	return input_load(f, SIZE);
}

static bool has(struct fixture *f, u8 type, u16 code)
{
	u8 bits[128];

	ask(f, 0x11, type, bits);
	return bits[code / 8] >> code % 8 & 1;
}

static void test_what_they_are(void **state)
{
	static const char *const names[INPUT_KINDS] = { "QEMU Virtio Keyboard",
							"QEMU Virtio Tablet",
							"QEMU Virtio Mouse" };
	static const u8 products[INPUT_KINDS] = { 1, 3, 2 };
	u8 data[128];

	for (unsigned kind = 0; kind < INPUT_KINDS; kind++) {
		struct fixture *f = begin(kind);

		assert_int_equal(guest_get(&f->guest, MMIO_DEVICE_ID), 18);
		assert_int_equal(ask(f, 1, 0, data), strlen(names[kind]));
		assert_memory_equal(data, names[kind], strlen(names[kind]));
		assert_int_equal(ask(f, 1, 1, data), 0);
		assert_int_equal(ask(f, 3, 0, data), 8);
		assert_int_equal(data[4], products[kind]);
		assert_int_equal(ask(f, 0, 0, data), 0);
		assert_int_equal(ask(f, 0x10, 0, data), 0);
		guest_free(&f->guest);
	}
}

static void test_keyboard(void **state)
{
	struct fixture *f = begin(INPUT_KEYBOARD);
	u8 data[128];

	assert_int_equal(ask(f, 0x11, EV_KEY, data), 32);
	for (u16 code = 1; code < 256; code++)
		assert_true(has(f, EV_KEY, code));
	assert_false(has(f, EV_KEY, 0));
	assert_int_equal(ask(f, 0x11, EV_REP, data), 1);
	assert_int_equal(ask(f, 0x11, EV_LED, data), 1);
	assert_int_equal(data[0], 7);
	assert_int_equal(ask(f, 0x11, EV_REL, data), 0);
	assert_int_equal(ask(f, 0x11, EV_ABS, data), 0);
	assert_int_equal(ask(f, 0x12, ABS_X, data), 0);
	guest_free(&f->guest);
}

static void test_pointers(void **state)
{
	struct fixture *f = begin(INPUT_TABLET);
	u8 data[128];

	assert_true(has(f, EV_ABS, ABS_X) && has(f, EV_ABS, ABS_Y) && has(f, EV_REL, REL_WHEEL));
	assert_true(has(f, EV_KEY, BTN_LEFT) && has(f, EV_KEY, BTN_EXTRA));
	assert_false(has(f, EV_REL, REL_X) || has(f, EV_KEY, 30));
	for (u8 axis = 0; axis < 2; axis++) {
		assert_int_equal(ask(f, 0x12, axis, data), 20);
		assert_int_equal(data[4] | data[5] << 8, INPUT_ABS_MAX);
	}
	assert_int_equal(ask(f, 0x12, 2, data), 0);
	guest_free(&f->guest);
	f = begin(INPUT_MOUSE);
	assert_true(has(f, EV_REL, REL_X) && has(f, EV_REL, REL_Y) && has(f, EV_REL, REL_HWHEEL));
	assert_int_equal(ask(f, 0x12, 0, data), 0);
	guest_free(&f->guest);
}

/* Every offset is written with every width; only writes to select and subsel have an effect. */
static void test_config_writes(void **state)
{
	struct fixture *f = begin(INPUT_KEYBOARD);
	u8 data[128];

	input_store(f, SELECT, 2, 0x0001);
	assert_int_equal(input_load(f, SIZE), 20);
	input_store(f, SELECT, 4, 0xffff0111);
	assert_int_equal(input_load(f, SIZE), 32);
	assert_int_equal(ask(f, 1, 0, data), 20);
	for (u32 n = 2; n < 136; n++)
		input_store(f, MMIO_CONFIG + n, 1, 0xff);
	assert_int_equal(input_load(f, SIZE), 20);
	assert_int_equal(input_load(f, DATA), 'Q');
	for (unsigned select = 0; select < 256; select++)
		for (unsigned subsel = 0; subsel < 256; subsel++) {
			input_store(f, SELECT, 2, select | subsel << 8);
			assert_true(input_load(f, SIZE) <= 128);
		}
	guest_free(&f->guest);
}

static const struct input_event press[] = { { EV_KEY, 30, 1 }, { EV_SYN, 0, 0 } };

static void type(struct fixture *f, const struct input_event *events, unsigned count)
{
	input_put(&f->input.input, &f->guest.platform.journal, events, count);
}

static void test_events(void **state)
{
	struct fixture *f = begin(INPUT_KEYBOARD);

	/* There is no room for events before there is a driver. */
	assert_int_equal(f->input.input.room(f->input.input.device), 0);
	type(f, press, 2);
	input_test_start(f);
	assert_false(guest_returned(&f->events));
	assert_true(f->input.input.listens(f->input.input.device));
	type(f, press, 2);
	assert_true(f->guest.line);
	for (u16 n = 0; n < 2; n++) {
		assert_int_equal(guest_take(&f->events), 8);
		assert_memory_equal(guest_ram(&f->guest, GUEST_DATA + n * 8), &press[n], 8);
	}
	assert_false(guest_returned(&f->events));
	guest_free(&f->guest);
}

/* Reports wait for buffers, in order; a report that does not fit is dropped as a whole. */
static void test_overflow(void **state)
{
	struct fixture *f = begin(INPUT_KEYBOARD);
	u32 id, seen = 0;

	input_test_start(f);
	for (u32 n = 0; n < 1000; n++) {
		const struct input_event report[] = { { EV_KEY, 30, n }, { EV_KEY, 31, n },
						      { EV_SYN, 0, n } };

		type(f, report, 3);
	}
	while (guest_used(&f->events, &id, NULL)) {
		struct input_event event;

		memcpy(&event, guest_ram(&f->guest, GUEST_DATA + id * 8), 8);
		assert_int_equal(event.value, seen / 3);
		seen++;
		guest_submit(&f->events, (u16)id);
	}
	/*
	 * 64 events were written to buffers immediately; the others are the whole reports that
	 * fitted into the ring.
	 */
	assert_int_equal(seen % 3, 0);
	assert_in_range(seen, VIRTIO_INPUT_PENDING + 60, VIRTIO_INPUT_PENDING + 64);
	guest_free(&f->guest);
}

static void test_bad_reports(void **state)
{
	struct fixture *f = begin(INPUT_MOUSE);
	static const u8 bytes[200];

	input_test_start(f);
	for (size_t size = 1; size < sizeof(bytes); size++)
		if (size % 8 || size > 8 * INPUT_REPORT_MAX)
			journal_put(&f->guest.platform.journal, f->input.input.sink, bytes, size);
	assert_int_equal(f->input.pending_count, 0);
	assert_false(f->guest.line);
	guest_free(&f->guest);
}

static void set_led(struct fixture *f, u16 code, u32 value)
{
	const struct input_event event = { EV_LED, code, value };

	memcpy(guest_ram(&f->guest, GUEST_DATA + 4096), &event, sizeof(event));
	ring_desc(&f->status, 0, GUEST_DATA + 4096, 8, 0);
	assert_int_equal(guest_run(&f->status, 0), 0);
}

static void test_leds(void **state)
{
	struct fixture *f = begin(INPUT_KEYBOARD);

	input_test_start(f);
	set_led(f, 1, 1);
	assert_int_equal(f->input.input.leds, 2);
	set_led(f, 0, 1);
	set_led(f, 1, 0);
	set_led(f, 3, 1);
	set_led(f, 0xffff, 1);
	assert_int_equal(f->input.input.leds, 1);
	guest_free(&f->guest);
}

/* Both queues get buffers of every size from 1 to 9 bytes, and chains of the wrong direction. */
static void test_hostile_buffers(void **state)
{
	for (u32 size = 1; size <= 9; size++)
		for (unsigned queue = 0; queue < 2; queue++)
			for (unsigned write = 0; write < 2; write++) {
				struct fixture *f = begin(INPUT_TABLET);
				bool good = size >= 8 && write == !queue;
				struct guest_queue *q = queue ? &f->status : &f->events;

				assert_true(guest_negotiate(&f->guest, BIT(32)));
				guest_queue_start(&f->guest, q, queue, 8);
				guest_driver_ok(&f->guest);
				ring_desc(q, 0, GUEST_DATA, size, FLAGS(write ? F_WRITE : 0, 0));
				guest_submit(q, 0);
				assert_int_equal(guest_needs_reset(&f->guest), !good);
				guest_free(&f->guest);
			}
}

static int input_reload(struct fixture *f)
{
	struct state *state = &f->guest.platform.state;
	struct state_image image = { 0 };
	int error;

	assert_int_equal(state_save(state, &image), 0);
	f->input.pending_count = f->input.pending_start = 0;
	input_store(f, SELECT, 2, 0);
	error = state_load(state, image.data, image.size);
	free(image.data);
	return error;
}

static void test_state(void **state)
{
	struct fixture *f = begin(INPUT_KEYBOARD);

	input_test_start(f);
	for (unsigned n = 0; n < 40; n++)
		type(f, press, 2);
	input_store(f, SELECT, 2, 1);
	assert_int_equal(input_reload(f), 0);
	assert_int_equal(f->input.pending_count, 16);
	assert_int_equal(input_load(f, DATA), 'Q');
	f->input.pending_count = VIRTIO_INPUT_PENDING + 1;
	assert_int_equal(input_reload(f), -EINVAL);
	f->input.pending_count = 0;
	f->input.pending_start = VIRTIO_INPUT_PENDING;
	assert_int_equal(input_reload(f), -EINVAL);
	guest_free(&f->guest);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_what_they_are), cmocka_unit_test(test_keyboard),
	cmocka_unit_test(test_pointers),      cmocka_unit_test(test_config_writes),
	cmocka_unit_test(test_events),	      cmocka_unit_test(test_overflow),
	cmocka_unit_test(test_bad_reports),   cmocka_unit_test(test_leds),
	cmocka_unit_test(test_hostile_buffers), cmocka_unit_test(test_state),
	{ 0 },
};
