/* SPDX-License-Identifier: MIT */
/* Stands in for layout.c when Baya is built without libxkbcommon. See layout.h. */
#include "frontends/display/layout.h"

#include <stdio.h>

bool layout_read(struct layout *layout, const struct keyboard *keyboard, char *why, size_t size)
{
	(void)layout;
	(void)keyboard;
	snprintf(why, size,
		 "this Baya was built without libxkbcommon; install pkg-config and "
		 "libxkbcommon-dev and build it again, from cmake on");
	return false;
}

struct keysym layout_find(const struct layout *layout, u32 number, const u8 *held, bool down)
{
	(void)layout;
	(void)held;
	(void)down;
	return keysym_find(number);
}
