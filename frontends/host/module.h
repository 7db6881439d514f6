/* SPDX-License-Identifier: MIT */
/*
 * Parts of Baya that need large libraries are modules: shared objects that are loaded when they are
 * used. A run without a window starts in a fifth of the time that it would take to load SDL2 and
 * libvncserver with the sixty libraries behind them. A module calls functions of the program.
 */
#ifndef FRONTENDS_HOST_MODULE_H
#define FRONTENDS_HOST_MODULE_H

#include "bus/base.h"

enum module {
	MODULE_SDL, /* window_sdl and audio_sdl, with SDL2 */
	MODULE_VNC, /* window_vnc, with libvncserver */
};

/*
 * Returns the object of that name in a module, which stays loaded; NULL, and one line in `why`: the
 * module was not built (then the line names the package that is needed for that), or is neither
 * beside the program nor where it is installed, or a library that it needs is missing.
 */
const void *module_find(enum module module, const char *symbol, char *why, size_t size);

#endif
