/* SPDX-License-Identifier: MIT */
/*
 * See mux.h. Input is kept here until the device that it is for has room, so that the commands of
 * the escape character work even when the guest does not read.
 */
#include "frontends/chardev/mux.h"

#include <stdlib.h>

#include "devices/board/board.h"
#include "frontends/chardev/escape.h"
#include "frontends/chardev/port_options.h"
#include "frontends/net/link_place.h"

#define MUX_INPUT_MAX 4096
#define MUX_USERS_MAX (1 + VIRTIO_PORTS_MAX + LINK_PLACES_MAX)

struct mux_ring {
	u8 bytes[MUX_INPUT_MAX];
	unsigned start, count;
};

struct mux_user {
	struct chardev *device;
	struct mux_ring input; /* that the device has not accepted yet */
};

struct mux {
	struct chardev device; /* for the host end */
	struct journal *journal;
	struct mux_user *users[MUX_USERS_MAX];
	unsigned user_count, focus;
	/* Input of which it is not known yet for whom it is: it follows a command that gave the
	 * input to a device whose ring is full, or that must wait (mux_must_wait). */
	struct mux_ring unread;
	struct escape_keys keys;
	bool open, busy, ended; /* as last reported by the host end */
	bool untold; /* the device that has the input does not know that yet */
	bool paused; /* the machine is, as last reported by mux_feed */
	bool quit;
};

static void mux_write(void *ctx, const u8 *data, size_t size)
{
	struct mux *mux = ctx;

	chardev_write(&mux->device, data, size);
}

static void mux_say(struct mux *mux, const char *text, size_t size)
{
	mux_write(mux, (const u8 *)text, size);
}

static void mux_help(struct mux *mux)
{
	char text[ESCAPE_HELP_MAX];

	mux_say(mux, text, escape_help(&mux->keys, "\r\n", text));
}

/* Tells the device that has the input so. */
static void tell_focused(struct mux *mux)
{
	const struct chardev *device = mux->users[mux->focus]->device;

	if (device->focused)
		device->focused(device->device);
	mux->untold = false;
}

static void mux_next(struct mux *mux)
{
	mux->focus = (mux->focus + 1) % mux->user_count;
	mux_say(mux, "\r\n", 2);
	tell_focused(mux);
}

static void ring_add(struct mux_ring *ring, u8 byte)
{
	if (ring->count < MUX_INPUT_MAX)
		ring->bytes[(ring->start + ring->count++) % MUX_INPUT_MAX] = byte;
}

static void ring_drop(struct mux_ring *ring, size_t size)
{
	ring->start = (ring->start + (unsigned)size) % MUX_INPUT_MAX;
	ring->count -= (unsigned)size;
}

/* Returns how many bytes at the start of the user's input can be passed on now. */
static size_t mux_fits(const struct mux_user *user, bool paused)
{
	const struct mux_ring *input = &user->input;
	size_t size = MIN(chardev_room(user->device), (size_t)input->count);

	return paused && !user->device->take ? 0 :
					       MIN(size, (size_t)(MUX_INPUT_MAX - input->start));
}

static void feed_user(const struct mux *mux, struct mux_user *user)
{
	size_t size = mux_fits(user, mux->paused);

	if (!size)
		return;
	chardev_put(user->device, mux->journal, user->input.bytes + user->input.start, size);
	ring_drop(&user->input, size);
}

/* Sends a break after the input before it for which the device has room, but at once even if that
 * is not all, because a break is for guests that hang. So does QEMU. */
static void mux_break(struct mux *mux)
{
	struct mux_user *user = mux->users[mux->focus];

	feed_user(mux, user);
	chardev_send_event(user->device, CHARDEV_BREAK);
}

static void mux_read_byte(struct mux *mux, u8 byte)
{
	switch (escape_take(&mux->keys, byte)) {
	case ESCAPE_NOTHING:
		break;
	case ESCAPE_BYTE:
		ring_add(&mux->users[mux->focus]->input, byte);
		break;
	case ESCAPE_QUIT:
		mux->quit = true;
		break;
	case ESCAPE_NEXT:
		mux_next(mux);
		break;
	case ESCAPE_BREAK:
		mux_break(mux);
		break;
	case ESCAPE_HELP:
		mux_help(mux);
		break;
	}
}

/* Returns whether a command must wait until the monitor has executed what was typed before. Else
 * the guest would get what comes after, say, `stop` and the command before it is stopped. */
static bool mux_must_wait(const struct mux *mux)
{
	const struct mux_user *user = mux->users[mux->focus];

	return mux->keys.begun && user->device->take &&
	       (user->input.count || !chardev_room(user->device));
}

/* Reads input until a command must wait, or the ring of the device that it is for is full. */
static void mux_read(struct mux *mux)
{
	struct mux_ring *unread = &mux->unread;

	if (mux->untold && mux->user_count)
		tell_focused(mux);
	while (unread->count && !mux->quit && !mux_must_wait(mux) &&
	       mux->users[mux->focus]->input.count < MUX_INPUT_MAX) {
		u8 byte = unread->bytes[unread->start];

		ring_drop(unread, 1);
		mux_read_byte(mux, byte);
	}
}

static size_t mux_room(void *self)
{
	const struct mux *mux = self;

	if (!mux->user_count || mux->unread.count)
		return 0;
	return MUX_INPUT_MAX - mux->users[mux->focus]->input.count;
}

/* There is room for `size` bytes, even if a part of those for which mux_room had room is unread. */
static void mux_take(void *self, const u8 *data, size_t size)
{
	struct mux *mux = self;

	for (size_t n = 0; n < size; n++)
		ring_add(&mux->unread, data[n]);
	mux_read(mux);
}

/* Passes an event of the host end on; a break is for the device that has the input. */
static void mux_event(void *self, enum chardev_event event, u16 columns, u16 rows)
{
	struct mux *mux = self;

	(void)columns;
	(void)rows;
	/* After a state was loaded, the event comes again for the machine's devices. The first
	 * device may be connected later than the end, so it is told later. */
	mux->untold |= event == CHARDEV_OPENED && !mux->open;
	mux->open = event == CHARDEV_OPENED || (mux->open && event != CHARDEV_CLOSED);
	mux->busy = event == CHARDEV_BUSY || (mux->busy && event != CHARDEV_READY);
	mux->ended |= event == CHARDEV_ENDED;
	mux->keys.begun &= event != CHARDEV_CLOSED; /* the next peer has typed nothing yet */
	if (event == CHARDEV_BREAK && mux->user_count)
		mux_break(mux);
	for (unsigned n = 0; event != CHARDEV_BREAK && n < mux->user_count; n++)
		chardev_send_event(mux->users[n]->device, event);
}

struct mux *mux_make(struct journal *journal, u8 escape_character)
{
	struct mux *mux = calloc(1, sizeof(*mux));

	if (!mux)
		return NULL;
	mux->journal = journal;
	mux->keys = (struct escape_keys){ .on = true, .character = escape_character };
	mux->device = (struct chardev){
		.room = mux_room, .take = mux_take, .event = mux_event, .device = mux,
		.heeds_busy = true,
	};
	return mux;
}

void mux_free(struct mux *mux)
{
	for (unsigned n = 0; mux && n < mux->user_count; n++) {
		mux->users[n]->device->write = NULL;
		free(mux->users[n]);
	}
	free(mux);
}

struct chardev *mux_device(struct mux *mux)
{
	return &mux->device;
}

bool mux_add(struct mux *mux, struct chardev *user)
{
	struct mux_user *made = calloc(1, sizeof(*made));

	if (!made)
		return false;
	made->device = user;
	mux->users[mux->user_count++] = made;
	user->ctx = mux;
	user->write = mux_write;
	user->tty_in = mux->device.tty_in;
	user->tty_out = mux->device.tty_out;
	mux->device.heeds_busy &= user->heeds_busy;
	chardev_send_event(user, mux->open ? CHARDEV_OPENED : CHARDEV_CLOSED);
	chardev_send_event(user, mux->busy ? CHARDEV_BUSY : CHARDEV_READY);
	if (mux->ended)
		chardev_send_event(user, CHARDEV_ENDED);
	return true;
}

void mux_feed(struct mux *mux, bool paused)
{
	mux->paused = paused;
	for (unsigned n = 0; n < mux->user_count; n++)
		feed_user(mux, mux->users[n]);
	mux_read(mux);
}

bool mux_waits(const struct mux *mux, bool paused)
{
	bool waits = mux->quit || mux->untold;

	for (unsigned n = 0; n < mux->user_count; n++)
		waits |= mux_fits(mux->users[n], paused) > 0;
	return waits;
}

bool mux_quit(const struct mux *mux)
{
	return mux->quit;
}
