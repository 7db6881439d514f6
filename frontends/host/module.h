/* SPDX-License-Identifier: MIT */
/*
 * Parts of Baya that bring large libraries with them are modules: shared objects that are loaded
 * when they are asked for. A run without a window starts in a fifth of the time that SDL2 and
 * libvncserver, with the sixty libraries behind them, would take. A module calls the program's own
 * functions.
 */
#ifndef FRONTENDS_HOST_MODULE_H
#define FRONTENDS_HOST_MODULE_H

#include "bus/base.h"

enum module {
	MODULE_SDL, /* window_sdl and audio_sdl; of SDL2 */
	MODULE_VNC, /* window_vnc; of libvncserver */
};

/*
 * The object of that name in a module, which stays loaded; NULL, and one line in `why`: it is
 * neither beside the program nor where it was installed (then the line names the package to build
 * it with), or a library that it needs is missing.
 */
const void *module_find(enum module module, const char *symbol, char *why, size_t size);

#endif
