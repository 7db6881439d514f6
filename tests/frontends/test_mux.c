/* SPDX-License-Identifier: MIT */
/* frontends/chardev/mux.c: several devices at one end of the host. */
#include "tests/cmocka.h"

#include <string.h>

#include "devices/chardev.h"
#include "frontends/chardev/mux.h"

#define ESCAPE "\x01"

/* A device that is not a part of the machine. */
struct user {
	struct chardev chardev;
	size_t room, size;
	u8 got[64];
};

struct fixture {
	struct mux *mux;
	struct chardev *device;
	struct user users[2];
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

static void make(struct fixture *f)
{
	*f = (struct fixture){ .mux = mux_make(NULL, ESCAPE[0]) };
	assert_non_null(f->mux);
	f->device = mux_device(f->mux);
	chardev_send_event(f->device, CHARDEV_OPENED);
	for (unsigned n = 0; n < ARRAY_SIZE(f->users); n++) {
		struct user *user = &f->users[n];

		user->chardev = (struct chardev){ .room = user_room, .take = user_take,
						  .device = user };
		assert_true(mux_add(f->mux, &user->chardev));
	}
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
	assert_false(mux_waits(f.mux, false));
	type(&f, "one");
	assert_false(mux_waits(f.mux, false)); /* the device has no room */
	f.users[0].room = 2;
	assert_true(mux_waits(f.mux, false));
	mux_feed(f.mux, false);
	assert_false(mux_waits(f.mux, false));
	check_got(&f.users[0], "on");
	f.users[0].room = 1;
	f.users[0].chardev.take = NULL; /* as a device of the machine, which gets nothing now */
	assert_false(mux_waits(f.mux, true));
	assert_true(mux_waits(f.mux, false));
	f.users[0].room = 0;
	type(&f, ESCAPE "x");
	assert_true(mux_quit(f.mux));
	assert_true(mux_waits(f.mux, true));
	mux_free(f.mux);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_waits),
	{ 0 },
};
