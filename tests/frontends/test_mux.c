/* SPDX-License-Identifier: MIT */
/* frontends/chardev/mux.c: several devices at one end of the host. */
#include "tests/cmocka.h"

#include <string.h>

#include "devices/chardev.h"
#include "frontends/chardev/mux.h"

#define ESCAPE "\x01"

/* The first one is a device of the machine; the other one is not, as a monitor. */
struct user {
	struct chardev chardev;
	size_t room, size;
	unsigned focused; /* how often it was told that it has the input */
	u8 got[64];
};

struct fixture {
	struct mux *mux;
	struct chardev *device;
	struct user users[2];
	struct journal journal;
};

static size_t user_room(void *self)
{
	return ((const struct user *)self)->room;
}

static void user_take(void *self, const u8 *data, size_t size)
{
	struct user *user = self;

	assert_true(size <= user->room);
	user->room -= size;
	for (size_t n = 0; n < size; n++)
		user->got[user->size++ % sizeof(user->got)] = data[n];
}

static void user_focused(void *self)
{
	((struct user *)self)->focused++;
}

/* Notes a break as '!'. */
static void user_event(void *self, enum chardev_event event, u16 columns, u16 rows)
{
	struct user *user = self;

	(void)columns;
	(void)rows;
	if (event == CHARDEV_BREAK)
		user->got[user->size++ % sizeof(user->got)] = '!';
}

static void make(struct fixture *f)
{
	struct user *guest = &f->users[0];
	const struct journal_sink sink = { .name = "guest", .put = user_take, .ctx = guest };

	*f = (struct fixture){ 0 };
	f->mux = mux_make(&f->journal, ESCAPE[0]);
	assert_non_null(f->mux);
	f->device = mux_device(f->mux);
	chardev_send_event(f->device, CHARDEV_OPENED);
	for (unsigned n = 0; n < ARRAY_SIZE(f->users); n++)
		f->users[n].chardev = (struct chardev){ .room = user_room, .take = user_take,
							.focused = user_focused,
							.event = user_event,
							.device = &f->users[n] };
	guest->chardev.take = NULL;
	guest->chardev.sink = journal_register(&f->journal, &sink);
	for (unsigned n = 0; n < ARRAY_SIZE(f->users); n++)
		assert_true(mux_add(f->mux, &f->users[n].chardev));
}

static void end(struct fixture *f)
{
	mux_free(f->mux);
	journal_free(&f->journal);
}

static void type(struct fixture *f, const char *text)
{
	assert_true(chardev_room(f->device) >= strlen(text));
	chardev_put(f->device, NULL, (const u8 *)text, strlen(text));
}

static void check_got(const struct user *user, const char *text)
{
	assert_int_equal(user->size, strlen(text));
	assert_memory_equal(user->got, text, user->size);
}

/* The mux says when it has something to do, so that nobody sleeps then. */
static void test_waits(void **state)
{
	struct fixture f;

	make(&f);
	mux_feed(f.mux, false);
	assert_false(mux_waits(f.mux, false));
	type(&f, "one");
	assert_false(mux_waits(f.mux, false)); /* the device has no room */
	f.users[0].room = 2;
	assert_true(mux_waits(f.mux, false));
	mux_feed(f.mux, false);
	assert_false(mux_waits(f.mux, false));
	check_got(&f.users[0], "on");
	f.users[0].room = 1;
	assert_false(mux_waits(f.mux, true)); /* the machine gets nothing while it is paused */
	assert_true(mux_waits(f.mux, false));
	f.users[0].room = 0;
	type(&f, ESCAPE "x");
	assert_true(mux_quit(f.mux));
	assert_true(mux_waits(f.mux, true));
	end(&f);
}

/* Input after a command that gives it to a device without room waits until that has some. */
static void test_switched_to_a_full_device(void **state)
{
	static u8 first[4095];
	struct fixture f;
	u8 *got;

	make(&f);
	memset(first, 'a', sizeof(first));
	chardev_put(f.device, NULL, first, sizeof(first));
	type(&f, ESCAPE);
	type(&f, "c");
	f.users[1].room = sizeof(first);
	type(&f, "cont\r" ESCAPE "cbcd" ESCAPE "ce");
	mux_feed(f.mux, false);
	check_got(&f.users[1], "cont\r");
	assert_int_equal(chardev_room(f.device), 0);
	f.users[0].room = sizeof(first) + 8;
	for (unsigned n = 0; n < 4; n++)
		mux_feed(f.mux, false);
	assert_int_equal(f.users[0].size, sizeof(first) + 3);
	got = f.users[0].got;
	for (size_t n = 0; n < 3; n++)
		assert_int_equal(got[(sizeof(first) + n) % sizeof(f.users[0].got)], "bcd"[n]);
	check_got(&f.users[1], "cont\re");
	assert_false(mux_waits(f.mux, false));
	assert_true(chardev_room(f.device) > 0);
	end(&f);
}

/* A peer that goes after it has typed the escape character leaves no command to the next. */
static void test_next_peer(void **state)
{
	struct fixture f;

	make(&f);
	f.users[0].room = 8;
	type(&f, ESCAPE);
	chardev_send_event(f.device, CHARDEV_CLOSED);
	chardev_send_event(f.device, CHARDEV_OPENED);
	type(&f, "x");
	mux_feed(f.mux, false);
	assert_false(mux_quit(f.mux));
	check_got(&f.users[0], "x");
	end(&f);
}

/* The device that has the input is told so when a peer has come, also if that was before the device
 * did, but not when the event is repeated because a state was loaded. */
static void test_focused(void **state)
{
	struct fixture f;

	make(&f);
	assert_true(mux_waits(f.mux, false));
	mux_feed(f.mux, false);
	assert_int_equal(f.users[0].focused, 1);
	chardev_send_event(f.device, CHARDEV_OPENED);
	mux_feed(f.mux, false);
	assert_int_equal(f.users[0].focused, 1);
	type(&f, ESCAPE "c");
	chardev_send_event(f.device, CHARDEV_CLOSED);
	chardev_send_event(f.device, CHARDEV_OPENED);
	mux_feed(f.mux, false);
	assert_int_equal(f.users[0].focused, 1);
	assert_int_equal(f.users[1].focused, 2);
	end(&f);
}

/* A break is sent after the input before it, as far as the device has room for that. */
static void test_break(void **state)
{
	struct fixture f;

	make(&f);
	f.users[0].room = 6;
	type(&f, "ab" ESCAPE "bc");
	chardev_send_event(f.device, CHARDEV_BREAK);
	type(&f, "defg" ESCAPE "b");
	mux_feed(f.mux, false);
	check_got(&f.users[0], "ab!c!def!");
	f.users[0].room = 1;
	mux_feed(f.mux, false);
	check_got(&f.users[0], "ab!c!def!g");
	end(&f);
}

/* A command waits until the monitor has executed what was typed before it. */
static void test_command_after_a_line(void **state)
{
	struct fixture f;

	make(&f);
	f.users[0].room = 8;
	f.users[1].room = 5;
	type(&f, ESCAPE "cstop\r" ESCAPE "cx");
	for (unsigned n = 0; n < 2; n++) {
		mux_feed(f.mux, false);
		check_got(&f.users[1], "stop\r");
		assert_int_equal(f.users[0].size, 0);
		assert_int_equal(chardev_room(f.device), 0);
	}
	f.users[1].room = 5; /* it has been executed */
	for (unsigned n = 0; n < 2; n++)
		mux_feed(f.mux, true);
	assert_int_equal(f.users[0].size, 0);
	mux_feed(f.mux, false);
	check_got(&f.users[0], "x");
	end(&f);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_waits),
	cmocka_unit_test(test_switched_to_a_full_device),
	cmocka_unit_test(test_next_peer),
	cmocka_unit_test(test_focused),
	cmocka_unit_test(test_break),
	cmocka_unit_test(test_command_after_a_line),
	{ 0 },
};
