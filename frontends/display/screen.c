/* SPDX-License-Identifier: MIT */
/*
 * Turns events of the windows into reports of the input devices, and damage of the displays into
 * updates of the windows. Only keys are queued (screen_keys.h); other input that a guest does not
 * read in time is dropped, as by the controller of a mouse.
 */
#include "frontends/display/screen.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bus/clock.h"
#include "bus/platform.h"
#include "devices/board/board.h"
#include "frontends/display/keymap.h"
#include "frontends/display/screen_type.h"
#include "frontends/host/module.h"

#define FRAME_NS (NS_PER_S / 60)
/* A resize is complete when the window has kept its size for this long. */
#define SETTLE_NS (NS_PER_S / 5)
#define DISPLAYS_MAX 4

static const struct screen_kind {
	enum module module;
	const char *symbol;
	const char *name, *what; /* the word of -display, and what it shows, for messages */
} screen_kinds[DISPLAY_KINDS] = {
	[DISPLAY_SDL] = { MODULE_SDL, "window_sdl", "sdl", "window" },
	[DISPLAY_VNC] = { MODULE_VNC, "window_vnc", "vnc", "viewers" },
};

void screen_open(struct screen *screen, struct board *board)
{
	struct display *display;

	*screen = (struct screen){ .platform = board_platform(board), .wish_at = UINT64_MAX };
	screen->loads = screen->platform->loads;
	for (unsigned n = 0; n < DISPLAYS_MAX && (display = board_display(board, n)); n++) {
		screen->searches |= display->refresh != NULL;
		for (unsigned i = 0; i < display->count && screen->count < WINDOW_OUTPUTS_MAX; i++)
			screen->outputs[screen->count++] = (struct screen_output){ display, i };
	}
	for (unsigned kind = 0; kind < INPUT_KINDS; kind++)
		screen->inputs[kind] = board_input(board, kind);
}

void screen_close(struct screen *screen)
{
	for (unsigned n = 0; n < DISPLAY_KINDS; n++) {
		window_close(screen->windows[n].window);
		screen->windows[n].window = NULL;
	}
}

static bool is_shown(const struct screen *screen)
{
	for (unsigned n = 0; n < DISPLAY_KINDS; n++)
		if (screen->windows[n].window)
			return true;
	return false;
}

static void open_window(struct screen *screen, enum display_kind kind,
			const struct window_setup *setup)
{
	const struct screen_kind *row = &screen_kinds[kind];
	const struct window_kind *window = NULL;
	char why[200] = "the machine has no screen (-device virtio-gpu-device)";

	if (screen->count)
		window = module_find(row->module, row->symbol, why, sizeof(why));
	if (!window || window_open(&screen->windows[kind].window, window, setup, why, sizeof(why)))
		fprintf(stderr, "baya: -display %s: no %s: %s; the machine runs without\n",
			row->name, row->what, why);
}

void screen_show(struct screen *screen, const struct display_options *options, const char *name,
		 bool clipboard, int wake)
{
	const struct window_setup setup = {
		.name = name ? name : "Baya",
		.outputs = screen->count,
		.wake = wake,
		.full_screen = options->full_screen,
		.integer = options->integer,
		.clipboard = clipboard,
		.points = screen->inputs[INPUT_TABLET] != NULL,
		.address = &options->vnc,
		.websocket = options->websocket.port ? &options->websocket : NULL,
		.locked = options->locked,
		.password = options->password,
		.keyboard = options->keyboard,
	};

	for (unsigned kind = 0; kind < DISPLAY_KINDS; kind++)
		if (options->shown[kind])
			open_window(screen, kind, &setup);
	if (!is_shown(screen))
		return;
	for (unsigned n = 0; n < screen->count; n++)
		if (!screen->outputs[n].scanout)
			display_renew(screen->outputs[n].display);
}

static u64 screen_instructions(const struct screen *screen)
{
	const struct journal *journal = &screen->platform->journal;

	return journal->instructions ? journal->instructions(journal->instructions_ctx) : 0;
}

static struct display_scanout *scanout_of(const struct screen_output *output)
{
	return &output->display->scanouts[output->scanout];
}

bool screen_is_seen(const struct screen *screen)
{
	if (!is_shown(screen))
		return false;
	for (unsigned n = 0; n < screen->count; n++)
		if (scanout_of(&screen->outputs[n])->surface.pixels)
			return true;
	return false;
}

int screen_shot(struct screen *screen, const struct screen_picture *picture)
{
	const struct display_surface *surface;

	if (picture->output >= screen->count)
		return -ENODEV;
	display_refresh(screen->outputs[picture->output].display);
	surface = &scanout_of(&screen->outputs[picture->output])->surface;
	if (!surface->pixels)
		return -ENODATA;
	return png_write(picture->path, picture->format, surface);
}

const char *screen_shot_error(int failed)
{
	return failed == -ENODEV  ? "the machine has no such screen" :
	       failed == -ENODATA ? "the guest shows nothing there yet" :
				    strerror(-failed);
}

static bool screen_input_listens(const struct input *input)
{
	return input && input->listens(input->device);
}

static bool screen_send_report(struct screen *screen, enum input_kind kind,
			       const struct input_event *events, unsigned count)
{
	struct input *input = screen->inputs[kind];

	if (!screen_input_listens(input))
		return false;
	input_put(input, &screen->platform->journal, events, count);
	return true;
}

static bool report_one(struct screen *screen, enum input_kind kind, u16 type, u16 code, u32 value)
{
	const struct input_event events[] = { { type, code, value }, { EV_SYN, 0, 0 } };

	return screen_send_report(screen, kind, events, ARRAY_SIZE(events));
}

bool screen_listens(const struct screen *screen, enum input_kind kind)
{
	return screen_input_listens(screen->inputs[kind]);
}

void screen_report(struct screen *screen, enum input_kind kind, const struct input_event *events,
		   unsigned count)
{
	screen_send_report(screen, kind, events, count);
}

enum input_kind screen_pointer(const struct screen *screen)
{
	return screen_input_listens(screen->inputs[INPUT_TABLET]) ? INPUT_TABLET : INPUT_MOUSE;
}

static bool report_place(struct screen *screen, u32 x, u32 y)
{
	const struct input_event events[] = { { EV_ABS, ABS_X, x }, { EV_ABS, ABS_Y, y },
					      { EV_SYN, 0, 0 } };

	return screen_send_report(screen, INPUT_TABLET, events, ARRAY_SIZE(events));
}

static bool report_moves(struct screen *screen, s32 x, s32 y)
{
	const struct input_event events[] = { { EV_REL, REL_X, (u32)x }, { EV_REL, REL_Y, (u32)y },
					      { EV_SYN, 0, 0 } };

	return screen_send_report(screen, INPUT_MOUSE, events, ARRAY_SIZE(events));
}

static u32 to_tablet(u64 at, u64 size)
{
	return size > 1 ? (u32)(at * INPUT_ABS_MAX / (size - 1)) : 0;
}

/* Converts the pixels of one output to a position on the tablet, which covers all outputs side by
 * side. */
static void screen_point(struct screen *screen, const struct window_event *event)
{
	u64 left = 0, width = 0, height = 0;

	for (unsigned n = 0; n < screen->count; n++) {
		const struct display_surface *surface = &scanout_of(&screen->outputs[n])->surface;

		if (n == event->output)
			left = width;
		width += surface->pixels ? surface->width : 0;
		height = MAX(height, surface->pixels ? surface->height : 0);
	}
	report_place(screen, to_tablet(left + (u32)event->x, width),
		     to_tablet((u32)event->y, height));
}

static void screen_wheel(struct screen *screen, s32 x, s32 y)
{
	if (y)
		report_one(screen, screen_pointer(screen), EV_REL, REL_WHEEL, (u32)y);
	if (x)
		report_one(screen, screen_pointer(screen), EV_REL, REL_HWHEEL, (u32)x);
}

bool screen_power_key(struct screen *screen)
{
	bool heard = screen_key(screen, KEYMAP_POWER, true) &&
		     screen_key(screen, KEYMAP_POWER, false);

	screen->power_keys++;
	return heard;
}

bool screen_set_password(struct screen *screen, const char *password)
{
	struct window *window = screen->windows[DISPLAY_VNC].window;

	return window && window_set_password(window, password);
}

bool screen_info_vnc(const struct screen *screen, FILE *out)
{
	struct window *window = screen->windows[DISPLAY_VNC].window;

	if (window)
		window_describe(window, out);
	return window;
}

void screen_put_text(struct screen *screen, const char *text)
{
	for (unsigned n = 0; n < DISPLAY_KINDS; n++)
		if (screen->windows[n].window)
			window_put_text(screen->windows[n].window, text);
}

char *screen_take_text(struct screen *screen)
{
	char *text = NULL;

	for (unsigned n = 0; n < DISPLAY_KINDS && !text; n++)
		if (screen->windows[n].window)
			text = window_take_text(screen->windows[n].window);
	return text;
}

/* Tells the windows what their titles should show. */
static void screen_say(struct screen *screen)
{
	const char *text = screen->asked  ? "asked the guest to power off; close again to end it" :
			   screen->paused ? "paused" :
					    "";

	for (unsigned n = 0; n < DISPLAY_KINDS; n++)
		if (screen->windows[n].window)
			window_say(screen->windows[n].window, text);
}

/*
 * Handles that the user has closed a window. The first time, Baya asks the guest to power off. It
 * ends if the guest cannot be asked, because it has no power key or is paused, or if the user
 * closes the window again.
 */
static void screen_closed(struct screen *screen)
{
	screen->quit = screen->asked || screen->paused || !screen_power_key(screen);
	screen->asked = true;
	screen_say(screen);
}

static void screen_resized(struct screen *screen, const struct window_event *event)
{
	screen->wish_output = event->output;
	screen->request = (struct display_size_request){
		.scanout = screen->outputs[event->output].scanout,
		.width = (u32)event->x,
		.height = (u32)event->y,
	};
	screen->wish_at = clock_host_ns() + SETTLE_NS;
}

static void screen_handle(struct screen *screen, const struct window_event *event)
{
	switch (event->kind) {
	case WINDOW_KEY:
		screen_type(screen, event);
		break;
	case WINDOW_POINT:
		screen_point(screen, event);
		break;
	case WINDOW_MOVE:
		report_moves(screen, event->x, event->y);
		break;
	case WINDOW_BUTTON:
		report_one(screen, screen_pointer(screen), EV_KEY, event->code, event->down);
		break;
	case WINDOW_WHEEL:
		screen_wheel(screen, event->x, event->y);
		break;
	case WINDOW_RESIZED:
		screen_resized(screen, event);
		break;
	case WINDOW_CLOSED:
		screen_closed(screen);
		break;
	}
}

static bool screen_changed(const struct display_scanout *scanout)
{
	return scanout->damage.count || scanout->surface_changed || scanout->cursor_moved ||
	       scanout->cursor_changed;
}

static void screen_update(struct screen *screen, u64 now)
{
	for (unsigned n = 0; n < screen->count; n++) {
		struct display_scanout *scanout = scanout_of(&screen->outputs[n]);

		if (!screen->outputs[n].scanout)
			display_refresh(screen->outputs[n].display);
		if (!screen_changed(scanout))
			continue;
		for (unsigned i = 0; i < DISPLAY_KINDS; i++)
			if (screen->windows[i].window)
				window_update(screen->windows[i].window, n, scanout);
		display_clear_damage(scanout);
	}
	screen->next_frame = now + FRAME_NS;
	screen->searched_at = screen_instructions(screen);
}

/* Remembers which keys and buttons are held in a window. */
static void screen_hold(struct screen_window *window, const struct window_event *event)
{
	bool holds = event->kind == WINDOW_KEY || event->kind == WINDOW_BUTTON;
	u8 *held = &window->held[event->code / 8];

	if (holds && event->code < SCREEN_CODES)
		*held = (u8)field_set(*held, BIT(event->code % 8), event->down);
}

static void release_held(struct screen *screen, struct screen_window *window)
{
	for (u16 code = 0; code < SCREEN_CODES; code++) {
		const struct window_event release = {
			.kind = code < BTN_LEFT ? WINDOW_KEY : WINDOW_BUTTON, .code = code,
		};

		if (window->held[code / 8] & BIT(code % 8))
			screen_handle(screen, &release);
	}
	memset(window->held, 0, sizeof(window->held));
}

/* Closes the windows of a display that is gone; the machine continues without them. Keys and
 * buttons that are held there are released, because the user can no longer do that. */
static void screen_lose(struct screen *screen, enum display_kind kind)
{
	release_held(screen, &screen->windows[kind]);
	window_close(screen->windows[kind].window);
	screen->windows[kind].window = NULL;
	fprintf(stderr, "baya: -display %s: the desktop is gone; the machine runs without\n",
		screen_kinds[kind].name);
}

/* Handles what the user did in the windows of one kind. */
static void screen_hear(struct screen *screen, enum display_kind kind)
{
	struct window *window = screen->windows[kind].window;
	struct window_event event;

	if (window && window_lost(window))
		screen_lose(screen, kind);
	else
		while (window && window_next(window, &event)) {
			screen_hold(&screen->windows[kind], &event);
			screen_handle(screen, &event);
		}
}

static void look_at_windows(struct screen *screen)
{
	u64 now = clock_host_ns();

	for (unsigned kind = 0; kind < DISPLAY_KINDS; kind++)
		screen_hear(screen, kind);
	if (now >= screen->wish_at) {
		screen->wish_at = UINT64_MAX;
		display_request_size(screen->outputs[screen->wish_output].display,
				     &screen->platform->journal, &screen->request);
	}
	if (now >= screen->next_frame)
		screen_update(screen, now);
}

void screen_poll(struct screen *screen, bool paused)
{
	if (paused != screen->paused) {
		screen->paused = paused;
		screen_say(screen);
	}
	screen_keys_poll(screen);
	if (is_shown(screen))
		look_at_windows(screen);
}

/* Returns for how long the queued keys can wait, in ns. While the machine is paused, so is its
 * time, and they wait without a limit. */
static u64 keys_wait(const struct screen *screen)
{
	u64 now = clock_now(&screen->platform->clock), due = screen_keys_due(screen);

	if (due == CLOCK_NEVER || screen->paused)
		return UINT64_MAX;
	return due > now ? due - now : 0;
}

u64 screen_wait(const struct screen *screen)
{
	u64 due = screen->wish_at, keys = keys_wait(screen), now;

	if (!is_shown(screen))
		return keys;
	if (screen->searches && screen->searched_at != screen_instructions(screen))
		due = MIN(due, screen->next_frame);
	for (unsigned n = 0; n < screen->count; n++)
		if (screen_changed(scanout_of(&screen->outputs[n])))
			due = MIN(due, screen->next_frame);
	if (due == UINT64_MAX)
		return keys;
	now = clock_host_ns();
	return MIN(keys, due > now ? due - now : 0);
}

bool screen_move(struct screen *screen, s32 x, s32 y, s32 clicks)
{
	bool heard = screen_pointer(screen) == INPUT_TABLET ?
			     report_place(screen, (u32)MIN(MAX(x, 0), INPUT_ABS_MAX),
					  (u32)MIN(MAX(y, 0), INPUT_ABS_MAX)) :
			     report_moves(screen, x, y);

	screen_wheel(screen, 0, clicks);
	return heard;
}

bool screen_press(struct screen *screen, u32 buttons)
{
	static const u16 codes[] = { BTN_LEFT, BTN_MIDDLE, BTN_RIGHT };
	bool heard = screen_input_listens(screen->inputs[screen_pointer(screen)]);

	screen_keys_follow(screen);
	for (unsigned n = 0; n < ARRAY_SIZE(codes); n++)
		if ((screen->buttons ^ buttons) & BIT(n))
			report_one(screen, screen_pointer(screen), EV_KEY, codes[n],
				   (buttons & BIT(n)) != 0);
	screen->buttons = buttons;
	return heard;
}
