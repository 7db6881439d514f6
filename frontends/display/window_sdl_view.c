/* SPDX-License-Identifier: MIT */
/* Shows one window on the desktop: its size, its texture and its pointer. Only damaged parts are
 * uploaded. */
#include "frontends/display/window_sdl.h"

#include <SDL.h>

#define BLANK_WIDTH 640 /* the size before there is a picture */
#define BLANK_HEIGHT 480

static bool window_view_is_full(const struct window_view *view)
{
	return SDL_GetWindowFlags(view->window) &
	       (SDL_WINDOW_FULLSCREEN_DESKTOP | SDL_WINDOW_MAXIMIZED);
}

static void window_view_measure(const struct window_view *view, struct window_side sides[2])
{
	int points[2] = { 0 }, pixels[2] = { 0 };

	SDL_GetWindowSize(view->window, &points[0], &points[1]);
	SDL_GetRendererOutputSize(view->renderer, &pixels[0], &pixels[1]);
	for (unsigned n = 0; n < 2; n++)
		sides[n] = (struct window_side){ (u32)MAX(points[n], 0), (u32)MAX(pixels[n], 0) };
}

/* Computes how many points wide and high the window should be, so that one pixel of the screen
 * shows one pixel of the picture, however many pixels a point has. */
static void window_view_want(const struct window_view *view, const struct window_side sides[2],
			     int points[2])
{
	points[0] = view->width ? (int)window_fit_points(sides[0], view->width) : BLANK_WIDTH;
	points[1] = view->width ? (int)window_fit_points(sides[1], view->height) : BLANK_HEIGHT;
}

static void window_view_follow(const struct window_view *view)
{
	struct window_side sides[2];
	int points[2];

	window_view_measure(view, sides);
	window_view_want(view, sides, points);
	SDL_SetWindowSize(view->window, points[0], points[1]);
}

bool window_view_resized(const struct window_view *view, s32 *width, s32 *height)
{
	struct window_side sides[2];
	int points[2];

	window_view_measure(view, sides);
	window_view_want(view, sides, points);
	*width = (s32)sides[0].pixels;
	*height = (s32)sides[1].pixels;
	return (int)sides[0].points != points[0] || (int)sides[1].points != points[1];
}

bool window_view_open(struct window_desktop *desktop, unsigned output)
{
	struct window_view *view = &desktop->views[output];
	u32 flags = SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI;

	if (desktop->window.setup.full_screen)
		flags |= SDL_WINDOW_FULLSCREEN_DESKTOP;
	view->window = SDL_CreateWindow(desktop->window.setup.name, SDL_WINDOWPOS_UNDEFINED,
					SDL_WINDOWPOS_UNDEFINED, BLANK_WIDTH, BLANK_HEIGHT, flags);
	if (!view->window)
		return false;
	view->renderer = SDL_CreateRenderer(view->window, -1, 0);
	if (!view->renderer) {
		window_view_close(view);
		return false;
	}
	view->stale = true;
	return true;
}

void window_view_close(struct window_view *view)
{
	if (view->cursor)
		SDL_FreeCursor(view->cursor);
	if (view->cursor_texture)
		SDL_DestroyTexture(view->cursor_texture);
	if (view->texture)
		SDL_DestroyTexture(view->texture);
	if (view->renderer)
		SDL_DestroyRenderer(view->renderer);
	if (view->window)
		SDL_DestroyWindow(view->window);
	*view = (struct window_view){ 0 };
}

/* Handles that the picture has another size: replaces the texture, and resizes the window unless it
 * is full-screen. */
static void window_view_resize(struct window_view *view, struct window_picture *picture)
{
	const struct display_surface *surface = &picture->copy.surface;
	const struct display_rect all = { .width = surface->width, .height = surface->height };

	picture->changed = false;
	if (view->texture)
		SDL_DestroyTexture(view->texture);
	view->texture = NULL;
	view->width = picture->pixels ? surface->width : 0;
	view->height = picture->pixels ? surface->height : 0;
	if (!view->width)
		return;
	view->texture = SDL_CreateTexture(view->renderer, SDL_PIXELFORMAT_RGB888,
					  SDL_TEXTUREACCESS_STREAMING, (int)view->width,
					  (int)view->height);
	picture->copy.damage.count = 0;
	display_damaged(&picture->copy, &all);
	if (!window_view_is_full(view))
		window_view_follow(view);
}

static void window_view_upload(struct window_view *view, struct window_picture *picture)
{
	struct display_damage *damage = &picture->copy.damage;
	u32 stride = (u32)picture->copy.surface.stride;

	for (unsigned n = 0; view->texture && n < damage->count; n++) {
		const struct display_rect *rect = &damage->rects[n];
		const SDL_Rect to = { (int)rect->x, (int)rect->y, (int)rect->width,
				      (int)rect->height };

		SDL_UpdateTexture(view->texture, &to,
				  picture->pixels + (u64)rect->y * view->width + rect->x,
				  (int)stride);
	}
	damage->count = 0;
}

/* Sets the desktop's cursor to the window's own shape, if the pointer is in the window. The desktop
 * has only one cursor for all windows. */
void window_view_pointed(const struct window_view *view)
{
	if (SDL_GetMouseFocus() == view->window)
		SDL_SetCursor(view->cursor ? view->cursor : SDL_GetDefaultCursor());
}

static void make_cursor(struct window_view *view, struct window_cursor *cursor)
{
	const int side = (int)DISPLAY_CURSOR_SIDE;
	SDL_Surface *surface;

	cursor->changed = false;
	SDL_FreeCursor(view->cursor);
	view->cursor = NULL;
	if (view->cursor_texture)
		SDL_DestroyTexture(view->cursor_texture);
	view->cursor_texture = NULL;
	window_view_pointed(view);
	if (!cursor->visible)
		return;
	surface = SDL_CreateRGBSurfaceWithFormatFrom(cursor->pixels, side, side, 32, side * 4,
						     SDL_PIXELFORMAT_ARGB8888);
	if (!surface)
		return;
	view->cursor = SDL_CreateColorCursor(surface, (int)cursor->hot_x, (int)cursor->hot_y);
	view->cursor_texture = SDL_CreateTextureFromSurface(view->renderer, surface);
	SDL_FreeSurface(surface);
	window_view_pointed(view);
}

void window_view_take(struct window_view *view, struct window_picture *picture)
{
	if (picture->changed)
		window_view_resize(view, picture);
	window_view_upload(view, picture);
	if (picture->cursor.changed)
		make_cursor(view, &picture->cursor);
	view->cursor_visible = picture->cursor.visible;
	view->cursor_x = picture->cursor.x;
	view->cursor_y = picture->cursor.y;
	view->stale = true;
}

/* Draws the guest's cursor where the guest has it. This is done while the pointer is grabbed. */
static void draw_cursor(const struct window_view *view)
{
	const struct window_fit *fit = &view->fit;
	const s64 side = DISPLAY_CURSOR_SIDE;
	SDL_Rect to;

	if (!view->cursor_visible || !view->cursor_texture || !view->width)
		return;
	to.x = fit->x + (int)((s64)view->cursor_x * fit->width / view->width);
	to.y = fit->y + (int)((s64)view->cursor_y * fit->height / view->height);
	to.w = (int)(side * fit->width / view->width);
	to.h = (int)(side * fit->height / view->height);
	SDL_RenderCopy(view->renderer, view->cursor_texture, NULL, &to);
}

static void draw_picture(const struct window_view *view)
{
	const SDL_Rect to = { view->fit.x, view->fit.y, (int)view->fit.width,
			      (int)view->fit.height };
	bool whole = view->fit.width % view->width == 0;

	SDL_SetTextureScaleMode(view->texture, whole ? SDL_ScaleModeNearest : SDL_ScaleModeLinear);
	SDL_RenderCopy(view->renderer, view->texture, NULL, &to);
}

void window_view_draw(struct window_desktop *desktop, unsigned output)
{
	struct window_view *view = &desktop->views[output];
	struct window_side sides[2];

	view->stale = false;
	window_view_measure(view, sides);
	view->fit = window_fit(sides[0].pixels, sides[1].pixels, view->width, view->height,
			       desktop->integer);
	SDL_SetRenderDrawColor(view->renderer, 0, 0, 0, 255);
	SDL_RenderClear(view->renderer);
	if (view->texture)
		draw_picture(view);
	if (SDL_GetRelativeMouseMode())
		draw_cursor(view);
	SDL_RenderPresent(view->renderer);
}

/* Converts the position of an event, in points of the desktop, to pixels of the picture. */
void window_view_point(struct window_desktop *desktop, unsigned output, s32 *x, s32 *y)
{
	const struct window_view *view = &desktop->views[output];
	struct window_side sides[2];

	window_view_measure(view, sides);
	*x = window_fit_pixel(sides[0], *x);
	*y = window_fit_pixel(sides[1], *y);
	window_fit_point(&view->fit, x, y);
}

void window_view_restore(struct window_desktop *desktop, unsigned output)
{
	const struct window_view *view = &desktop->views[output];

	if (!view->width)
		return;
	SDL_SetWindowFullscreen(view->window, 0);
	SDL_RestoreWindow(view->window);
	window_view_follow(view);
}
