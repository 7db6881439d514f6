/* SPDX-License-Identifier: MIT */
/*
 * Declares what the files of the SDL windows share: window_sdl.c (the thread, and its exchange with
 * the machine's thread), window_sdl_view.c (one window on the desktop), window_sdl_events.c (the
 * user's input), window_sdl_clipboard.c, and window_sdl_x11.c (which lets Baya survive the end of
 * the X server).
 */
#ifndef FRONTENDS_DISPLAY_WINDOW_SDL_H
#define FRONTENDS_DISPLAY_WINDOW_SDL_H

#include "frontends/display/window_fit.h"
#include "frontends/display/window_kind.h"

struct SDL_Cursor;
struct SDL_Renderer;
struct SDL_Texture;
struct SDL_Window;
union SDL_Event;

/* One window. Only the thread uses it. */
struct window_view {
	struct SDL_Window *window; /* NULL: its output was never on */
	struct SDL_Renderer *renderer;
	struct SDL_Texture *texture, *cursor_texture;
	struct SDL_Cursor *cursor;
	u32 width, height; /* the picture's size; 0: the output is off */
	struct window_fit fit; /* in pixels of the window */
	bool cursor_visible;
	s32 cursor_x, cursor_y;
	bool stale; /* it has to be redrawn */
};

/*
 * Data with which the thread waits for both the X server and the machine's thread
 * (window_sdl_x11.c).
 */
struct window_x11 {
	void *display; /* Xlib's Display; NULL: the desktop is not an X server */
	int wakes; /* an eventfd */
	int (*pending)(void *display), (*socket)(void *display); /* Xlib's functions */
};

struct window_desktop {
	struct window window;
	struct window_x11 x11;
	u32 wake_event; /* the SDL event type that wakes the thread */
	struct window_view views[WINDOW_OUTPUTS_MAX];
	bool grabbed, integer;
	char shown_text[128]; /* the text that the titles show now */
	char *clipboard; /* its contents, as far as they are known; or NULL */
};

/* window_sdl.c: updates the titles of all windows. */
void window_titles(struct window_desktop *desktop);

/* window_sdl_view.c. If a function returns false, SDL_GetError() returns the reason. */
bool window_view_open(struct window_desktop *desktop, unsigned output);
void window_view_close(struct window_view *view);
/* Called with the lock held. */
void window_view_take(struct window_view *view, struct window_picture *picture);
void window_view_draw(struct window_desktop *desktop, unsigned output);
/* Sets the cursor of the desktop's pointer, which may be in this window. */
void window_view_pointed(const struct window_view *view);
/*
 * Stores the window's size in pixels. Returns false if Baya itself has set this size, not the user.
 */
bool window_view_resized(const struct window_view *view, s32 *width, s32 *height);
void window_view_point(struct window_desktop *desktop, unsigned output, s32 *x, s32 *y);
/* Sets the window's size to that of its picture. */
void window_view_restore(struct window_desktop *desktop, unsigned output);

/* window_sdl_events.c */
void window_handle(struct window_desktop *desktop, const union SDL_Event *event);

/*
 * window_sdl_clipboard.c. The first puts the text that the machine's thread has left into the
 * clipboard, the second reads what the user has copied, the third frees the memory.
 */
void window_clipboard_put(struct window_desktop *desktop);
void window_clipboard_changed(struct window_desktop *desktop);
void window_clipboard_end(struct window_desktop *desktop);

/*
 * window_sdl_x11.c. The first is called before SDL is initialised, the second when there is a
 * window.
 */
void window_ignore_x11_errors(void);
void window_outlive_x11(struct window_desktop *desktop);
/*
 * Waits until there may be an event or window_x11_wake is called. Both return false if the desktop
 * is not an X server.
 */
bool window_x11_wait(struct window_desktop *desktop);
bool window_x11_wake(struct window_desktop *desktop);
void window_x11_end(void *desktop); /* also called when the thread is ended from outside */

#endif
