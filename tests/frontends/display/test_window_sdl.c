/* SPDX-License-Identifier: MIT */
/*
 * frontends/display/window_sdl*.c on SDL's dummy desktop: what is uploaded to textures, and how
 * often they are shown. The linker redirects the calls of SDL to this file (CMakeLists.txt).
 */
#include <SDL.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "frontends/display/window.h"
#include "tests/cmocka.h"

#define WIDTH 320u
#define HEIGHT 200u
#define PATIENCE_S 1500

struct counts {
	pthread_mutex_t lock;
	pthread_cond_t shown;
	/* These count since the last expect_uploads(). */
	u64 pixels; /* uploaded */
	u8 times[HEIGHT][WIDTH]; /* how often each pixel was uploaded */
	unsigned presents;
};

static struct counts counts = { .lock = PTHREAD_MUTEX_INITIALIZER,
				.shown = PTHREAD_COND_INITIALIZER };

int __wrap_SDL_UpdateTexture(SDL_Texture *texture, const SDL_Rect *rect, const void *pixels,
			     int pitch);
void __wrap_SDL_RenderPresent(SDL_Renderer *renderer);
int __real_SDL_UpdateTexture(SDL_Texture *texture, const SDL_Rect *rect, const void *pixels,
			     int pitch);
void __real_SDL_RenderPresent(SDL_Renderer *renderer);

int __wrap_SDL_UpdateTexture(SDL_Texture *texture, const SDL_Rect *rect, const void *pixels,
			     int pitch)
{
	pthread_mutex_lock(&counts.lock);
	for (int y = rect->y; y < rect->y + rect->h; y++)
		for (int x = rect->x; x < rect->x + rect->w; x++)
			counts.times[y][x]++;
	counts.pixels += (u64)rect->w * (u64)rect->h;
	pthread_mutex_unlock(&counts.lock);
	return __real_SDL_UpdateTexture(texture, rect, pixels, pitch);
}

void __wrap_SDL_RenderPresent(SDL_Renderer *renderer)
{
	__real_SDL_RenderPresent(renderer);
	pthread_mutex_lock(&counts.lock);
	counts.presents++;
	pthread_cond_signal(&counts.shown);
	pthread_mutex_unlock(&counts.lock);
}

struct fixture {
	struct window *window;
	struct window_setup setup;
	struct display_scanout scanout;
	u32 pixels[HEIGHT][WIDTH];
	u8 damaged[HEIGHT][WIDTH];
};

static int window_sdl_setup(void **state)
{
	struct fixture *f = *state = calloc(1, sizeof(*f));
	char error[200] = "";

	setenv("SDL_VIDEODRIVER", "dummy", 1);
	setenv("SDL_RENDER_DRIVER", "software", 1);
	counts.pixels = counts.presents = 0;
	memset(counts.times, 0, sizeof(counts.times));
	f->setup = (struct window_setup){ .name = "Test", .outputs = 1, .points = true,
					  .wake = eventfd(0, EFD_NONBLOCK) };
	assert_int_equal(window_open(&f->window, &window_sdl, &f->setup, error, sizeof(error)), 0);
	display_show(&f->scanout, &(struct display_surface){ (u8 *)f->pixels, WIDTH, HEIGHT,
							     4 * WIDTH, DISPLAY_BGRX });
	memset(f->damaged, 1, sizeof(f->damaged));
	return 0;
}

static int window_sdl_teardown(void **state)
{
	struct fixture *f = *state;

	window_close(f->window);
	close(f->setup.wake);
	free(f);
	return 0;
}

static void window_sdl_draw(struct fixture *f, struct display_rect rect)
{
	for (u32 y = rect.y; y < rect.y + rect.height; y++)
		memset(&f->damaged[y][rect.x], 1, rect.width);
	display_damaged(&f->scanout, &rect);
}

static void hand_over(struct fixture *f)
{
	window_update(f->window, 0, &f->scanout);
	display_clear_damage(&f->scanout);
}

/* Waits until the picture is shown. Each pixel that was drawn since the last call must have been
 * uploaded once, and no other pixel. */
static void expect_uploads(struct fixture *f)
{
	struct timespec until;
	u64 pixels = 0;

	for (u32 n = 0; n < WIDTH * HEIGHT; n++)
		pixels += f->damaged[n / WIDTH][n % WIDTH];
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE_S;
	pthread_mutex_lock(&counts.lock);
	counts.presents = 0;
	pthread_mutex_unlock(&counts.lock);
	hand_over(f);
	pthread_mutex_lock(&counts.lock);
	while (!counts.presents || counts.pixels < pixels)
		assert_int_equal(pthread_cond_timedwait(&counts.shown, &counts.lock, &until), 0);
	assert_memory_equal(counts.times, f->damaged, sizeof(f->damaged));
	memset(counts.times, 0, sizeof(counts.times));
	counts.pixels = 0;
	pthread_mutex_unlock(&counts.lock);
	memset(f->damaged, 0, sizeof(f->damaged));
}

static void test_uploads(void **state)
{
	struct fixture *f = *state;

	expect_uploads(f);
	window_sdl_draw(f, (struct display_rect){ 0, 90, WIDTH, 20 });
	window_sdl_draw(f, (struct display_rect){ 150, 0, 20, HEIGHT });
	window_sdl_draw(f, (struct display_rect){ 155, 10, 10, 10 });
	expect_uploads(f);
	for (u32 x = 0; x < WIDTH; x += 8)
		window_sdl_draw(f, (struct display_rect){ x, 0, 8, HEIGHT });
	expect_uploads(f);
}

/* The machine draws faster than the window shows: each upload must contain something new. */
static void test_many(void **state)
{
	struct fixture *f = *state;

	expect_uploads(f);
	for (u32 x = 0; x < WIDTH; x++) {
		window_sdl_draw(f, (struct display_rect){ x, 0, 1, HEIGHT });
		hand_over(f);
	}
	expect_uploads(f);
}

/*
 * After some time, nothing is uploaded or shown for a third of a second while nothing changes. The
 * result depends on time in no other way: a window that is never idle lets the test run into its
 * limit.
 */
static void test_idle(void **state)
{
	const struct timespec while_idle = { 0, 300000000 };
	struct fixture *f = *state;
	bool idle = false;

	expect_uploads(f);
	while (!idle) {
		pthread_mutex_lock(&counts.lock);
		counts.presents = 0;
		pthread_mutex_unlock(&counts.lock);
		nanosleep(&while_idle, NULL);
		pthread_mutex_lock(&counts.lock);
		idle = !counts.presents; /* the desktop reports its first events */
		assert_int_equal(counts.pixels, 0);
		pthread_mutex_unlock(&counts.lock);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, window_sdl_setup, window_sdl_teardown)

const struct CMUnitTest unit_tests[] = {
	TEST(test_uploads),
	TEST(test_many),
	TEST(test_idle),
	{ 0 },
};
