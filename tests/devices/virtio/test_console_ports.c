/* SPDX-License-Identifier: MIT */
/*
 * Tests devices/virtio/console_control.c: ports are set up as Linux expects, and invalid messages
 * of a driver or a journal do no harm.
 */
#include "guest.h"
#include "devices/virtio/console.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define MULTIPORT (BIT(32) | VIRTIO_CONSOLE_F_SIZE | VIRTIO_CONSOLE_F_MULTIPORT)
#define NUM 64
#define REPLIES 16
#define REPLY(n) (GUEST_DATA + 0x10000 + 64ull * (n))

/* 5.3.6.2 */
enum {
	DEVICE_READY, PORT_ADD, PORT_REMOVE, PORT_READY, CONSOLE_PORT, RESIZE, PORT_OPEN,
	PORT_NAME,
};

static const struct virtio_serial_port ports[] = {
	{ .number = 0, .console = true },
	{ .number = 3, .name = "org.test.0" },
};
static const struct virtio_serial_properties properties = { 4, ports, ARRAY_SIZE(ports) };

struct fixture {
	struct guest guest;
	struct virtio_console console;
	struct guest_queue control_rx, control_tx, rx3, tx3;
	char output[64];
	size_t output_size;
	int opened; /* how often the guest opened the port, less how often it closed it */
	char said[256]; /* the messages of the device since the last call of said() */
};
GUEST_COMES_FIRST(struct fixture);

static void ports_sent(void *ctx, const u8 *data, size_t size)
{
	struct fixture *f = ctx;

	assert_in_range(f->output_size + size, 0, sizeof(f->output));
	memcpy(f->output + f->output_size, data, size);
	f->output_size += size;
}

static void guest_opened(void *ctx, bool open)
{
	((struct fixture *)ctx)->opened += open ? 1 : -1;
}

static void ports_make(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	guest_init(&f->guest, CLOCK_VIRTUAL);
	virtio_console_init(&f->console, &f->guest.platform, "virtio1", &properties);
	f->console.ports[3].chardev.write = ports_sent;
	f->console.ports[3].chardev.guest_opened = guest_opened;
	f->console.ports[3].chardev.ctx = f;
	guest_attach(&f->guest, &f->console.virtio);
}

static int setup(void **state)
{
	static struct fixture fixture;

	ports_make(*state = &fixture);
	return 0;
}

static void ports_start(struct fixture *f)
{
	assert_true(guest_negotiate(&f->guest, MULTIPORT));
	guest_queue_start(&f->guest, &f->control_rx, 2, NUM);
	guest_queue_start(&f->guest, &f->control_tx, 3, NUM);
	guest_queue_start(&f->guest, &f->rx3, 8, NUM);
	guest_queue_start(&f->guest, &f->tx3, 9, NUM);
	for (u16 n = 0; n < REPLIES; n++) {
		ring_desc(&f->control_rx, n, REPLY(n), 64, FLAGS(F_WRITE, 0));
		guest_offer(&f->control_rx, n);
	}
	guest_driver_ok(&f->guest);
}

/* Sends a message of `size` bytes, which may be too few or too many. */
static void control_sized(struct fixture *f, u32 id, u16 event, u16 value, u32 size)
{
	u8 *message = guest_ram(&f->guest, GUEST_DATA);

	memcpy(message, &id, 4);
	memcpy(message + 4, &event, 2);
	memcpy(message + 6, &value, 2);
	ring_desc(&f->control_tx, 0, GUEST_DATA, size, 0);
	guest_submit(&f->control_tx, 0);
	guest_returned(&f->control_tx);
}

static void control(struct fixture *f, u32 id, u16 event, u16 value)
{
	control_sized(f, id, event, value, 8);
}

/* Returns the device's messages as text: "port:event=value", and the bytes that follow. */
static const char *said(struct fixture *f)
{
	size_t at = 0;
	u32 buffer, len, id;
	u16 event, value;

	f->said[0] = 0;
	while (guest_used(&f->control_rx, &buffer, &len)) {
		const u8 *message = guest_ram(&f->guest, REPLY(buffer));

		memcpy(&id, message, 4);
		memcpy(&event, message + 4, 2);
		memcpy(&value, message + 6, 2);
		at += (size_t)snprintf(f->said + at, sizeof(f->said) - at, "%u:%u=%u", id, event,
				       value);
		if (event == PORT_NAME)
			at += (size_t)snprintf(f->said + at, sizeof(f->said) - at, "(%.*s)",
					       (int)len - 8, (const char *)message + 8);
		else if (event == RESIZE)
			at += (size_t)snprintf(f->said + at, sizeof(f->said) - at, "(%ux%u)",
					       message[8], message[10]);
		else
			assert_int_equal(len, 8);
		at += (size_t)snprintf(f->said + at, sizeof(f->said) - at, " ");
	}
	return f->said;
}

static void bring_up(struct fixture *f)
{
	ports_start(f);
	control(f, 0, DEVICE_READY, 1);
	control(f, 0, PORT_READY, 1);
	control(f, 3, PORT_READY, 1);
	said(f);
}

static struct chardev *chardev(struct fixture *f, unsigned port)
{
	return &f->console.ports[port].chardev;
}

static void test_ports_are_announced(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(guest_get(&f->guest, MMIO_CONFIG + 4), 4);
	ports_start(f);
	assert_string_equal(said(f), "");
	control(f, 0, DEVICE_READY, 1);
	assert_string_equal(said(f), "0:1=1 3:1=1 ");
	control(f, 0, PORT_READY, 1);
	assert_string_equal(said(f), "0:4=1 ");
	chardev_send_event(chardev(f, 3), CHARDEV_OPENED);
	assert_string_equal(said(f), "");
	control(f, 3, PORT_READY, 1);
	assert_string_equal(said(f), "3:7=1(org.test.0) 3:6=1 ");
}

static void test_the_hosts_end_comes_and_goes(void **state)
{
	struct fixture *f = *state;

	bring_up(f);
	chardev_send_event(chardev(f, 3), CHARDEV_OPENED);
	assert_string_equal(said(f), "3:6=1 ");
	chardev_send_event(chardev(f, 3), CHARDEV_OPENED);
	assert_string_equal(said(f), "");
	chardev_send_event(chardev(f, 3), CHARDEV_CLOSED);
	assert_string_equal(said(f), "3:6=0 ");
}

static void test_the_guests_end_comes_and_goes(void **state)
{
	struct fixture *f = *state;

	bring_up(f);
	control(f, 3, PORT_OPEN, 1);
	control(f, 3, PORT_OPEN, 1);
	assert_int_equal(f->opened, 1);
	control(f, 3, PORT_OPEN, 0);
	assert_int_equal(f->opened, 0);
	control(f, 3, PORT_OPEN, 1);
	guest_set(&f->guest, MMIO_STATUS, 0);
	assert_int_equal(f->opened, 0);
}

static void test_size(void **state)
{
	struct fixture *f = *state;

	chardev_resize(chardev(f, 0), 80, 25);
	bring_up(f);
	assert_int_equal(guest_get(&f->guest, MMIO_CONFIG), 80 | 25 << 16);
	chardev_resize(chardev(f, 0), 132, 43);
	assert_string_equal(said(f), "0:5=1(132x43) ");
	assert_int_equal(guest_get(&f->guest, MMIO_CONFIG), 132 | 43 << 16);
	chardev_resize(chardev(f, 0), 0, 43);
	chardev_resize(chardev(f, 3), 80, 25);
	assert_string_equal(said(f), "");
}

/* Input waits until a program has opened the port: Linux drops what comes before. */
static void test_input_waits_for_a_program(void **state)
{
	struct fixture *f = *state;

	bring_up(f);
	ring_desc(&f->rx3, 0, GUEST_DATA + 256, 16, FLAGS(F_WRITE, 0));
	guest_submit(&f->rx3, 0);
	chardev_put(chardev(f, 3), &f->guest.platform.journal, (const u8 *)"early", 5);
	assert_false(guest_returned(&f->rx3));
	control(f, 3, PORT_OPEN, 1);
	assert_int_equal(guest_take(&f->rx3), 5);
	assert_memory_equal(guest_ram(&f->guest, GUEST_DATA + 256), "early", 5);
}

static void test_output_waits_for_the_host(void **state)
{
	struct fixture *f = *state;

	bring_up(f);
	chardev_send_event(chardev(f, 3), CHARDEV_BUSY);
	memcpy(guest_ram(&f->guest, GUEST_DATA + 256), "later", 5);
	ring_desc(&f->tx3, 0, GUEST_DATA + 256, 5, 0);
	guest_submit(&f->tx3, 0);
	assert_false(guest_returned(&f->tx3));
	assert_int_equal(f->output_size, 0);
	chardev_send_event(chardev(f, 3), CHARDEV_READY);
	assert_true(guest_returned(&f->tx3));
	assert_memory_equal(f->output, "later", 5);
}

/* A driver without multiport has port 0, and the control queues do nothing. */
static void test_without_multiport(void **state)
{
	struct fixture *f = *state;
	struct guest_queue rx;

	assert_true(guest_negotiate(&f->guest, BIT(32)));
	guest_queue_start(&f->guest, &rx, 0, NUM);
	guest_queue_start(&f->guest, &f->control_tx, 3, NUM);
	guest_driver_ok(&f->guest);
	control(f, 0, DEVICE_READY, 1);
	assert_false(f->console.ready);
	chardev_put(chardev(f, 0), &f->guest.platform.journal, (const u8 *)"typed", 5);
	ring_desc(&rx, 0, GUEST_DATA + 256, 16, FLAGS(F_WRITE, 0));
	assert_int_equal(guest_run(&rx, 0), 5);
}

static void test_unknown_ports_and_messages_are_ignored(void **state)
{
	static const u32 ids[] = { 1, 2, 4, 30, 31, 32, 0x80000000, UINT32_MAX };
	struct fixture *f = *state;

	bring_up(f);
	for (unsigned i = 0; i < ARRAY_SIZE(ids); i++)
		for (u16 event = 1; event < 12; event++)
			control(f, ids[i], event, 1);
	for (u32 event = 8; event < 0x10000; event += 97)
		control(f, 3, (u16)event, 1);
	control(f, 3, PORT_ADD, 1);
	control(f, 3, PORT_REMOVE, 1);
	control(f, 3, PORT_NAME, 1);
	assert_false(guest_needs_reset(&f->guest));
	assert_string_equal(said(f), "");
	assert_int_equal(f->opened, 0);
}

static void test_messages_before_device_ready_are_ignored(void **state)
{
	struct fixture *f = *state;

	ports_start(f);
	control(f, 3, PORT_READY, 1);
	control(f, 3, PORT_OPEN, 1);
	control(f, 0, DEVICE_READY, 0);
	assert_string_equal(said(f), "");
	assert_int_equal(f->opened, 0);
	assert_false(guest_needs_reset(&f->guest));
	control(f, 0, DEVICE_READY, 1);
	assert_string_equal(said(f), "0:1=1 3:1=1 ");
	control(f, 0, DEVICE_READY, 1);
	assert_string_equal(said(f), "");
	control(f, 3, PORT_READY, 0);
	assert_string_equal(said(f), "");
}

static void test_truncated_messages_need_a_reset(void **state)
{
	struct fixture *f = *state;

	for (u32 size = 1; size < 8; size++) {
		bring_up(f);
		control_sized(f, 0, PORT_OPEN, 1, size);
		assert_true(guest_needs_reset(&f->guest));
	}
	bring_up(f);
	control_sized(f, 3, PORT_OPEN, 1, 4096);
	assert_false(guest_needs_reset(&f->guest));
	assert_int_equal(f->opened, 1);
}

static void test_wrong_directions_need_a_reset(void **state)
{
	struct fixture *f = *state;
	struct guest_queue *const queues[] = { &f->control_rx, &f->control_tx, &f->rx3, &f->tx3 };

	for (unsigned n = 0; n < ARRAY_SIZE(queues); n++) {
		bring_up(f);
		ring_desc(queues[n], 20, GUEST_DATA, 64, FLAGS(n % 2 ? F_WRITE : 0, 0));
		for (unsigned before = 0; before <= REPLIES; before++)
			guest_offer(queues[n], 20);
		guest_kick(queues[n]);
		chardev_send_event(chardev(f, 3), CHARDEV_OPENED);
		chardev_send_event(chardev(f, 3), CHARDEV_CLOSED);
		for (unsigned port = 0; port < REPLIES; port++)
			chardev_resize(chardev(f, 0), 80, (u16)(port + 1));
		assert_true(guest_needs_reset(&f->guest));
	}
}

/* A buffer that is too short for a message makes a reset necessary. */
static void test_short_buffers_need_a_reset(void **state)
{
	struct fixture *f = *state;

	for (u32 size = 1; size < 18; size += 8) {
		ports_start(f);
		for (u16 n = 0; n < REPLIES; n++)
			ring_desc(&f->control_rx, n, REPLY(n), size, FLAGS(F_WRITE, 0));
		control(f, 0, DEVICE_READY, 1);
		control(f, 3, PORT_READY, 1);
		assert_true(guest_needs_reset(&f->guest));
	}
}

/*
 * The driver offers no buffers for messages: nothing piles up, and later messages have the current
 * values.
 */
static void test_messages_without_buffers(void **state)
{
	struct fixture *f = *state;

	bring_up(f);
	for (unsigned i = 0; i < 1000; i++) {
		chardev_send_event(chardev(f, 3), CHARDEV_OPENED);
		control(f, 3, PORT_READY, 1);
		chardev_send_event(chardev(f, 3), CHARDEV_CLOSED);
	}
	said(f);
	for (u16 n = 0; n < REPLIES; n++)
		guest_offer(&f->control_rx, n);
	guest_kick(&f->control_rx);
	assert_string_equal(said(f), "3:7=1(org.test.0) 3:6=0 ");
}

/* A journal may contain anything. */
static void test_malformed_news(void **state)
{
	struct fixture *f = *state;
	struct journal *journal = &f->guest.platform.journal;
	u16 record[5] = { 3, CHARDEV_OPENED };

	bring_up(f);
	journal_put(journal, f->console.sink, record, 7);
	journal_put(journal, f->console.sink, record, 9);
	for (u32 port = 0; port < 0x10000; port++) {
		record[0] = (u16)port;
		if (port != 0 && port != 3)
			journal_put(journal, f->console.sink, record, 8);
	}
	assert_string_equal(said(f), "");
}

static void test_reload(void **state)
{
	struct fixture *f = *state;
	static struct fixture other;

	ports_make(&other);
	bring_up(f);
	control(f, 3, PORT_OPEN, 1);
	chardev_resize(chardev(f, 0), 80, 25);
	assert_int_equal(guest_clone(&other.guest, &f->guest), 0);
	assert_true(other.console.ready);
	assert_true(other.console.ports[3].guest_open);
	assert_int_equal(other.console.config.rows, 25);
	other.console.ports[0].messages = 1 << 2; /* a name, which the port does not have */
	assert_int_equal(guest_clone(&f->guest, &other.guest), -EINVAL);
	other.console.ports[0].messages = 1 << 5;
	assert_int_equal(guest_clone(&f->guest, &other.guest), -EINVAL);
	guest_free(&other.guest);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, guest_teardown)
const struct CMUnitTest unit_tests[] = {
	TEST(test_ports_are_announced),
	TEST(test_the_hosts_end_comes_and_goes),
	TEST(test_the_guests_end_comes_and_goes),
	TEST(test_size),
	TEST(test_input_waits_for_a_program),
	TEST(test_output_waits_for_the_host),
	TEST(test_without_multiport),
	TEST(test_unknown_ports_and_messages_are_ignored),
	TEST(test_messages_before_device_ready_are_ignored),
	TEST(test_truncated_messages_need_a_reset),
	TEST(test_wrong_directions_need_a_reset),
	TEST(test_short_buffers_need_a_reset),
	TEST(test_messages_without_buffers),
	TEST(test_malformed_news),
	TEST(test_reload),
	{ 0 },
};
