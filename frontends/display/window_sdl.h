/* SPDX-License-Identifier: MIT */
/*
 * What the files of the SDL windows share: window_sdl.c (the thread and what is handed over),
 * window_sdl_view.c (one window on the desktop), window_sdl_events.c (what the user does),
 * window_sdl_x11.c (what an X server may do).
 */
#ifndef FRONTENDS_DISPLAY_WINDOW_SDL_H
#define FRONTENDS_DISPLAY_WINDOW_SDL_H

#include "frontends/display/window_fit.h"
#include "frontends/display/window_parts.h"

struct SDL_Cursor;
struct SDL_Renderer;
struct SDL_Texture;
struct SDL_Window;
union SDL_Event;

/* One window; the thread's own. */
struct window_view {
	struct SDL_Window *window; /* NULL: its output was never on */
	struct SDL_Renderer *renderer;
	struct SDL_Texture *texture, *cursor_texture;
	struct SDL_Cursor *cursor;
	u32 width, height; /* of the picture; 0: off */
	struct window_fit fit; /* in pixels of the window's surface */
	bool cursor_visible;
	s32 cursor_x, cursor_y;
	bool stale; /* to be drawn anew */
};

/* What waits for an X server and for the machine's thread (window_sdl_x11.c). */
struct window_x11 {
	void *display; /* Xlib's; NULL: it is another desktop */
	int wakes; /* an eventfd */
	int (*pending)(void *display), (*socket)(void *display); /* Xlib's functions */
};

struct window_desktop {
	struct window window;
	struct window_x11 x11;
	u32 wake_event; /* SDL's number for what wakes the thread */
	struct window_view views[WINDOW_OUTPUTS_MAX];
	bool grabbed, integer;
	char shown_text[128]; /* in titles */
	char *clipboard; /* what is in it, as far as it is known here; or NULL */
};

/* window_sdl.c */
void window_titles(struct window_desktop *desktop);

/* window_sdl_view.c; false: SDL_GetError() says why. */
bool window_view_open(struct window_desktop *desktop, unsigned output);
void window_view_close(struct window_view *view);
void window_view_take(struct window_view *view, struct window_picture *picture); /* locked */
void window_view_draw(struct window_desktop *desktop, unsigned output);
/* The pointer is in it perhaps: it gets the look that it has there. */
void window_view_pointed(const struct window_view *view);
/* Its pixels; false: the size is of our own making. */
bool window_view_resized(const struct window_view *view, s32 *width, s32 *height);
void window_view_point(struct window_desktop *desktop, unsigned output, s32 *x, s32 *y);
/* To the picture's own size. */
void window_view_restore(struct window_desktop *desktop, unsigned output);

/* window_sdl_events.c */
void window_handle(struct window_desktop *desktop, const union SDL_Event *event);

/* window_sdl_clipboard.c: what the machine's thread left; what the user copied; the end of it. */
void window_clipboard_put(struct window_desktop *desktop);
void window_clipboard_changed(struct window_desktop *desktop);
void window_clipboard_end(struct window_desktop *desktop);

/* window_sdl_x11.c: to be said before SDL is started, and when there is a window. */
void window_ignore_x11_errors(void);
void window_outlive_x11(struct window_desktop *desktop);
/* Until there may be an event, or somebody wakes it; false: the desktop is no X server's. */
bool window_x11_wait(struct window_desktop *desktop);
bool window_x11_wake(struct window_desktop *desktop);
void window_x11_end(void *desktop); /* however the thread ends */

#endif
