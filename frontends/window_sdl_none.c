/* SPDX-License-Identifier: MIT */
/* Windows where there is no SDL to make them: none. */
#include "frontends/window_parts.h"

const struct window_kind window_sdl = {
	.missing = "this Baya was built without SDL2 (libsdl2-dev)",
};
