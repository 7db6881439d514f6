/* SPDX-License-Identifier: MIT */
/* Runs in the guest: shows a cursor on the cursor plane, without drawing it, until it is ended. */
#include <drm/drm.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define SIDE 64
#define HOT_X 5
#define HOT_Y 9

/* The picture is opaque on the left of the diagonal and transparent on its right; each pixel's
 * colour is its place. */
static void draw(uint32_t *pixels)
{
	for (uint32_t y = 0; y < SIDE; y++)
		for (uint32_t x = 0; x < SIDE; x++)
			pixels[y * SIDE + x] = x <= y ? 0xff000000 | x << 18 | y << 10 | 0x5a : 0;
}

static int failed(const char *what)
{
	perror(what);
	return 1;
}

int main(void)
{
	struct drm_mode_create_dumb dumb = { .width = SIDE, .height = SIDE, .bpp = 32 };
	struct drm_mode_map_dumb map = { 0 };
	struct drm_mode_cursor2 cursor = { .flags = DRM_MODE_CURSOR_BO, .width = SIDE,
					   .height = SIDE, .hot_x = HOT_X, .hot_y = HOT_Y };
	uint32_t crtc;
	struct drm_mode_card_res resources = { .crtc_id_ptr = (uintptr_t)&crtc, .count_crtcs = 1 };
	int card = open("/dev/dri/card0", O_RDWR);
	void *pixels;

	if (card < 0 || ioctl(card, DRM_IOCTL_MODE_GETRESOURCES, &resources))
		return failed("card0");
	if (ioctl(card, DRM_IOCTL_MODE_CREATE_DUMB, &dumb))
		return failed("buffer");
	map.handle = cursor.handle = dumb.handle;
	if (ioctl(card, DRM_IOCTL_MODE_MAP_DUMB, &map))
		return failed("map");
	pixels = mmap(NULL, dumb.size, PROT_READ | PROT_WRITE, MAP_SHARED, card, (off_t)map.offset);
	if (pixels == MAP_FAILED)
		return failed("mmap");
	draw(pixels);
	cursor.crtc_id = crtc;
	if (ioctl(card, DRM_IOCTL_MODE_CURSOR2, &cursor))
		return failed("cursor");
	puts("the cursor is shown");
	fflush(stdout);
	return pause();
}
