/* SPDX-License-Identifier: MIT */
/*
 * What the user does to the windows: keys and pointer for the guest, and the few keys with
 * Ctrl-Alt that are Baya's own, which are QEMU's.
 */
#include <SDL.h>

#include "frontends/keymap.h"
#include "frontends/window_sdl.h"

static bool find_view(const struct window *window, u32 id, unsigned *output)
{
	SDL_Window *found = SDL_GetWindowFromID(id);

	for (unsigned n = 0; found && n < window->setup.outputs; n++) {
		if (window->views[n].window != found)
			continue;
		*output = n;
		return true;
	}
	return false;
}

/* Keyboard and pointer are the window's alone; a guest without a tablet gets moves. */
static void grab(struct window *window, unsigned output, bool on)
{
	SDL_Window *view = window->views[output].window;

	window->grabbed = on;
	SDL_SetWindowKeyboardGrab(view, on);
	SDL_SetWindowMouseGrab(view, on);
	SDL_SetRelativeMouseMode(on && !window->setup.points);
	window->views[output].stale = true;
	window_titles(window);
}

static void toggle_full_screen(struct window *window, unsigned output)
{
	SDL_Window *view = window->views[output].window;
	bool full = SDL_GetWindowFlags(view) & SDL_WINDOW_FULLSCREEN_DESKTOP;

	SDL_SetWindowFullscreen(view, full ? 0 : SDL_WINDOW_FULLSCREEN_DESKTOP);
}

/* Baya's own keys; true: it was one. */
static bool own_key(struct window *window, unsigned output, const SDL_Keysym *key)
{
	if (!(key->mod & KMOD_CTRL) || !(key->mod & KMOD_ALT))
		return false;
	switch (key->scancode) {
	case SDL_SCANCODE_F:
		toggle_full_screen(window, output);
		return true;
	case SDL_SCANCODE_G:
		grab(window, output, !window->grabbed);
		return true;
	case SDL_SCANCODE_U:
		window_view_restore(window, output);
		return true;
	case SDL_SCANCODE_S:
		window->integer = !window->integer;
		window->views[output].stale = true;
		return true;
	default:
		return false;
	}
}

static void handle_key(struct window *window, const SDL_KeyboardEvent *key)
{
	struct window_event event = { .kind = WINDOW_KEY, .down = key->type == SDL_KEYDOWN };

	/* The guest repeats keys itself. */
	if (!find_view(window, key->windowID, &event.output) || key->repeat)
		return;
	if (event.down && own_key(window, event.output, &key->keysym))
		return;
	event.code = keymap_code((u32)key->keysym.scancode);
	if (event.code)
		window_tell(window, &event);
}

static void handle_motion(struct window *window, const SDL_MouseMotionEvent *motion)
{
	struct window_event event = { .kind = WINDOW_MOVE, .x = motion->xrel, .y = motion->yrel };

	if (!find_view(window, motion->windowID, &event.output) ||
	    !window->views[event.output].width)
		return;
	if (window->setup.points) {
		event.kind = WINDOW_POINT;
		event.x = motion->x;
		event.y = motion->y;
		window_view_point(window, event.output, &event.x, &event.y);
	} else if (!window->grabbed) {
		return;
	}
	window_tell(window, &event);
}

static void handle_button(struct window *window, const SDL_MouseButtonEvent *button)
{
	static const u16 codes[] = {
		[SDL_BUTTON_LEFT] = BTN_LEFT, [SDL_BUTTON_MIDDLE] = BTN_MIDDLE,
		[SDL_BUTTON_RIGHT] = BTN_RIGHT, [SDL_BUTTON_X1] = BTN_SIDE,
		[SDL_BUTTON_X2] = BTN_EXTRA,
	};
	struct window_event event = { .kind = WINDOW_BUTTON,
				      .down = button->type == SDL_MOUSEBUTTONDOWN };

	if (!find_view(window, button->windowID, &event.output) ||
	    button->button >= ARRAY_SIZE(codes) || !codes[button->button])
		return;
	/* The click that takes a mouse is not the guest's. */
	if (!window->setup.points && !window->grabbed) {
		if (!event.down)
			grab(window, event.output, true);
		return;
	}
	event.code = codes[button->button];
	window_tell(window, &event);
}

static void handle_wheel(struct window *window, const SDL_MouseWheelEvent *wheel)
{
	s32 sign = wheel->direction == SDL_MOUSEWHEEL_FLIPPED ? -1 : 1;
	struct window_event event = { .kind = WINDOW_WHEEL, .x = sign * wheel->x,
				      .y = sign * wheel->y };

	if (find_view(window, wheel->windowID, &event.output))
		window_tell(window, &event);
}

static void handle_window(struct window *window, const SDL_WindowEvent *change)
{
	struct window_event event = { .x = change->data1, .y = change->data2 };
	struct window_view *view;

	if (!find_view(window, change->windowID, &event.output))
		return;
	view = &window->views[event.output];
	switch (change->event) {
	case SDL_WINDOWEVENT_CLOSE:
		event.kind = WINDOW_CLOSED;
		window_tell(window, &event);
		break;
	case SDL_WINDOWEVENT_RESIZED:
		event.kind = WINDOW_RESIZED;
		/* Not when it followed the picture. */
		if (view->width && ((u32)event.x != view->width || (u32)event.y != view->height))
			window_tell(window, &event);
		break;
	case SDL_WINDOWEVENT_FOCUS_LOST:
		if (window->grabbed)
			grab(window, event.output, false);
		break;
	}
	window->views[event.output].stale = true;
}

/* The desktop lost the textures. */
static void upload_again(struct window *window)
{
	pthread_mutex_lock(&window->lock);
	for (unsigned n = 0; n < window->setup.outputs; n++)
		window->pictures[n].changed = window->pictures[n].stale = true;
	pthread_mutex_unlock(&window->lock);
}

void window_handle(struct window *window, const SDL_Event *event)
{
	switch (event->type) {
	case SDL_KEYDOWN:
	case SDL_KEYUP:
		handle_key(window, &event->key);
		break;
	case SDL_MOUSEMOTION:
		handle_motion(window, &event->motion);
		break;
	case SDL_MOUSEBUTTONDOWN:
	case SDL_MOUSEBUTTONUP:
		handle_button(window, &event->button);
		break;
	case SDL_MOUSEWHEEL:
		handle_wheel(window, &event->wheel);
		break;
	case SDL_WINDOWEVENT:
		handle_window(window, &event->window);
		break;
	case SDL_RENDER_TARGETS_RESET:
	case SDL_RENDER_DEVICE_RESET:
		upload_again(window);
		break;
	}
}
