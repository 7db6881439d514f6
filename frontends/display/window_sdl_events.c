/* SPDX-License-Identifier: MIT */
/*
 * Handles what the user does to the windows: keys and pointer for the guest, and the few keys with
 * Ctrl-Alt that Baya handles itself, which are the same as in QEMU.
 */
#include <SDL.h>

#include "frontends/display/keymap.h"
#include "frontends/display/window_sdl.h"

static bool find_view(const struct window_desktop *desktop, u32 id, unsigned *output)
{
	SDL_Window *found = SDL_GetWindowFromID(id);

	for (unsigned n = 0; found && n < desktop->window.setup.outputs; n++) {
		if (desktop->views[n].window != found)
			continue;
		*output = n;
		return true;
	}
	return false;
}

/* Gives the window the keyboard and pointer exclusively, or returns them. A guest without a tablet
 * gets relative motion. */
static void window_grab(struct window_desktop *desktop, unsigned output, bool on)
{
	SDL_Window *view = desktop->views[output].window;

	desktop->grabbed = on;
	SDL_SetWindowKeyboardGrab(view, on);
	SDL_SetWindowMouseGrab(view, on);
	SDL_SetRelativeMouseMode(on && !desktop->window.setup.points);
	desktop->views[output].stale = true;
	window_titles(desktop);
}

static void toggle_full_screen(struct window_desktop *desktop, unsigned output)
{
	SDL_Window *view = desktop->views[output].window;
	bool full = SDL_GetWindowFlags(view) & SDL_WINDOW_FULLSCREEN_DESKTOP;

	SDL_SetWindowFullscreen(view, full ? 0 : SDL_WINDOW_FULLSCREEN_DESKTOP);
}

/* Handles a key that is for Baya itself; returns whether it is one. */
static bool own_key(struct window_desktop *desktop, unsigned output, const SDL_Keysym *key)
{
	if (!(key->mod & KMOD_CTRL) || !(key->mod & KMOD_ALT))
		return false;
	switch (key->scancode) {
	case SDL_SCANCODE_F:
		toggle_full_screen(desktop, output);
		return true;
	case SDL_SCANCODE_G:
		window_grab(desktop, output, !desktop->grabbed);
		return true;
	case SDL_SCANCODE_U:
		window_view_restore(desktop, output);
		return true;
	case SDL_SCANCODE_S:
		desktop->integer = !desktop->integer;
		desktop->views[output].stale = true;
		return true;
	default:
		return false;
	}
}

static void handle_key(struct window_desktop *desktop, const SDL_KeyboardEvent *key)
{
	struct window_event event = { .kind = WINDOW_KEY, .down = key->type == SDL_KEYDOWN };

	/* Repeated presses are dropped, because the guest repeats keys itself. */
	if (!find_view(desktop, key->windowID, &event.output) || key->repeat)
		return;
	if (event.down && own_key(desktop, event.output, &key->keysym))
		return;
	event.code = keymap_code((u32)key->keysym.scancode);
	if (event.code)
		window_queue_event(&desktop->window, &event);
}

static void handle_motion(struct window_desktop *desktop, const SDL_MouseMotionEvent *motion)
{
	struct window_event event = { .kind = WINDOW_MOVE, .x = motion->xrel, .y = motion->yrel };

	if (!find_view(desktop, motion->windowID, &event.output) ||
	    !desktop->views[event.output].width)
		return;
	if (desktop->window.setup.points) {
		event.kind = WINDOW_POINT;
		event.x = motion->x;
		event.y = motion->y;
		window_view_point(desktop, event.output, &event.x, &event.y);
	} else if (!desktop->grabbed) {
		return;
	}
	window_queue_event(&desktop->window, &event);
}

static void handle_button(struct window_desktop *desktop, const SDL_MouseButtonEvent *button)
{
	static const u16 codes[] = {
		[SDL_BUTTON_LEFT] = BTN_LEFT, [SDL_BUTTON_MIDDLE] = BTN_MIDDLE,
		[SDL_BUTTON_RIGHT] = BTN_RIGHT, [SDL_BUTTON_X1] = BTN_SIDE,
		[SDL_BUTTON_X2] = BTN_EXTRA,
	};
	struct window_event event = { .kind = WINDOW_BUTTON,
				      .down = button->type == SDL_MOUSEBUTTONDOWN };

	if (!find_view(desktop, button->windowID, &event.output) ||
	    button->button >= ARRAY_SIZE(codes) || !codes[button->button])
		return;
	/* The click that grabs the mouse is not passed to the guest. */
	if (!desktop->window.setup.points && !desktop->grabbed) {
		if (!event.down)
			window_grab(desktop, event.output, true);
		return;
	}
	event.code = codes[button->button];
	window_queue_event(&desktop->window, &event);
}

static void handle_wheel(struct window_desktop *desktop, const SDL_MouseWheelEvent *wheel)
{
	s32 sign = wheel->direction == SDL_MOUSEWHEEL_FLIPPED ? -1 : 1;
	struct window_event event = { .kind = WINDOW_WHEEL, .x = sign * wheel->x,
				      .y = sign * wheel->y };

	if (find_view(desktop, wheel->windowID, &event.output))
		window_queue_event(&desktop->window, &event);
}

static void handle_window(struct window_desktop *desktop, const SDL_WindowEvent *change)
{
	struct window_event event = { 0 };

	if (!find_view(desktop, change->windowID, &event.output))
		return;
	switch (change->event) {
	case SDL_WINDOWEVENT_CLOSE:
		event.kind = WINDOW_CLOSED;
		window_queue_event(&desktop->window, &event);
		break;
	case SDL_WINDOWEVENT_RESIZED:
		event.kind = WINDOW_RESIZED;
		if (window_view_resized(&desktop->views[event.output], &event.x, &event.y))
			window_queue_event(&desktop->window, &event);
		break;
	case SDL_WINDOWEVENT_ENTER:
		window_view_pointed(&desktop->views[event.output]);
		break;
	case SDL_WINDOWEVENT_FOCUS_LOST:
		if (desktop->grabbed)
			window_grab(desktop, event.output, false);
		break;
	}
	desktop->views[event.output].stale = true;
}

/* Has all pictures uploaded again, because the desktop has lost the textures. */
static void upload_again(struct window_desktop *desktop)
{
	pthread_mutex_lock(&desktop->window.lock);
	for (unsigned n = 0; n < desktop->window.setup.outputs; n++)
		desktop->window.pictures[n].changed = desktop->window.pictures[n].stale = true;
	pthread_mutex_unlock(&desktop->window.lock);
}

void window_handle(struct window_desktop *desktop, const SDL_Event *event)
{
	switch (event->type) {
	case SDL_KEYDOWN:
	case SDL_KEYUP:
		handle_key(desktop, &event->key);
		break;
	case SDL_MOUSEMOTION:
		handle_motion(desktop, &event->motion);
		break;
	case SDL_MOUSEBUTTONDOWN:
	case SDL_MOUSEBUTTONUP:
		handle_button(desktop, &event->button);
		break;
	case SDL_MOUSEWHEEL:
		handle_wheel(desktop, &event->wheel);
		break;
	case SDL_WINDOWEVENT:
		handle_window(desktop, &event->window);
		break;
	case SDL_CLIPBOARDUPDATE:
		window_clipboard_changed(desktop);
		break;
	case SDL_RENDER_TARGETS_RESET:
	case SDL_RENDER_DEVICE_RESET:
		upload_again(desktop);
		break;
	}
}
