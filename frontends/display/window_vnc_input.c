/* SPDX-License-Identifier: MIT */
/*
 * Handles a viewer's input: keys (by what they write), the pointer's position, and the size of the
 * window.
 */
#include <rfb/rfb.h>

#include "frontends/display/window_vnc.h"

/* RFB numbers the buttons in this order: left, middle, right, then those of a wheel. */
#define WHEEL_UP 3
#define WHEEL_DOWN 4
#define WHEEL_LEFT 5
#define WHEEL_RIGHT 6
#define BUTTONS 7

static struct window *window_of(struct vnc_viewer *viewer)
{
	return &viewer->server->window;
}

void vnc_input_key(struct vnc_viewer *viewer, struct keysym key, bool down)
{
	const struct window_event event = { .kind = WINDOW_KEY, .code = key.code, .down = down,
					    .states = key.states, .dead = down && key.dead };
	u8 bit = (u8)(1 << key.code % 8), *held = &viewer->held[key.code / 8];

	/* Repeated presses are dropped, because the guest repeats keys itself. */
	if (!event.dead && down == ((*held & bit) != 0))
		return;
	/* A dead key and its space have both been released when the event has been handled. */
	if (!event.dead)
		*held = down ? *held | bit : *held & (u8)~bit;
	window_queue_event(window_of(viewer), &event);
}

void vnc_input_keysym(struct vnc_viewer *viewer, u32 number, bool down)
{
	struct keysym key = layout_find(&viewer->server->layout, number, viewer->held, down);

	if (key.code)
		vnc_input_key(viewer, key, down);
}

static void hear_key(rfbBool down, rfbKeySym number, rfbClientPtr client)
{
	vnc_input_keysym(client->screen->screenData, number, down);
}

static void tell_buttons(struct vnc_viewer *viewer, u32 buttons)
{
	static const struct window_event events[BUTTONS] = {
		{ .kind = WINDOW_BUTTON, .code = BTN_LEFT },
		{ .kind = WINDOW_BUTTON, .code = BTN_MIDDLE },
		{ .kind = WINDOW_BUTTON, .code = BTN_RIGHT },
		[WHEEL_UP] = { .kind = WINDOW_WHEEL, .y = 1 },
		[WHEEL_DOWN] = { .kind = WINDOW_WHEEL, .y = -1 },
		[WHEEL_LEFT] = { .kind = WINDOW_WHEEL, .x = -1 },
		[WHEEL_RIGHT] = { .kind = WINDOW_WHEEL, .x = 1 },
	};

	for (unsigned n = 0; n < BUTTONS; n++) {
		struct window_event event = events[n];

		event.down = (buttons & BIT(n)) != 0;
		if (!((buttons ^ viewer->buttons) & BIT(n)) ||
		    (event.kind == WINDOW_WHEEL && !event.down))
			continue;
		window_queue_event(window_of(viewer), &event);
	}
	viewer->buttons = buttons;
}

/* Sends the pointer's position to the output that is there. */
static void tell_place(struct vnc_viewer *viewer, s32 x, s32 y)
{
	struct window *window = window_of(viewer);
	struct window_event event = { .kind = WINDOW_POINT, .y = y };
	bool found = false;

	pthread_mutex_lock(&window->lock);
	for (unsigned n = 0; !found && n < window->setup.outputs; n++) {
		struct display_rect place;

		found = vnc_place(window, n, &place) && (u32)x - place.x < place.width;
		if (!found)
			continue;
		event.output = n;
		event.x = x - (s32)place.x;
		event.y = MIN(y, (s32)place.height - 1);
	}
	pthread_mutex_unlock(&window->lock);
	if (found)
		window_queue_event(window, &event);
}

static void hear_pointer(int buttons, int x, int y, rfbClientPtr client)
{
	struct vnc_viewer *viewer = client->screen->screenData;
	const struct window_event move = { .kind = WINDOW_MOVE, .x = x - viewer->x,
					   .y = y - viewer->y };

	if (viewer->x == x && viewer->y == y)
		; /* only a button has changed */
	else if (window_of(viewer)->setup.points)
		tell_place(viewer, x, y);
	else
		window_queue_event(window_of(viewer), &move);
	viewer->x = x;
	viewer->y = y;
	tell_buttons(viewer, (u32)buttons);
	rfbDefaultPtrAddEvent(buttons, x, y, client);
}

/* Handles that the viewer has resized its window: if there is only one output, the guest is asked
 * for that size. */
static int hear_size(int width, int height, int screens, rfbExtDesktopScreen *list,
		     rfbClientPtr client)
{
	struct vnc_viewer *viewer = client->screen->screenData;
	const struct window_event event = { .kind = WINDOW_RESIZED, .x = width, .y = height };

	(void)screens;
	(void)list;
	if (window_of(viewer)->setup.outputs != 1)
		return rfbExtDesktopSize_ResizeProhibited;
	if (width <= 0 || height <= 0 || width > (int)VNC_WIDTH_MAX || height > (int)VNC_HEIGHT_MAX)
		return rfbExtDesktopSize_InvalidScreenLayout;
	window_queue_event(window_of(viewer), &event);
	return rfbExtDesktopSize_Success;
}

void vnc_input_listen(struct vnc_viewer *viewer)
{
	viewer->screen->kbdAddEvent = hear_key;
	viewer->screen->ptrAddEvent = hear_pointer;
	viewer->screen->setDesktopSizeHook = hear_size;
}

void vnc_input_release(struct vnc_viewer *viewer)
{
	for (u16 code = 0; code < sizeof(viewer->held) * 8; code++)
		vnc_input_key(viewer, (struct keysym){ .code = code }, false);
	tell_buttons(viewer, 0);
}
