/* SPDX-License-Identifier: MIT */
/*
 * Parts of Baya that bring large libraries with them are modules: shared objects that are loaded
 * when they are asked for. A run without a window starts in a fifth of the time that SDL2 and
 * libvncserver, with the sixty libraries behind them, would take. A module calls the program's own
 * functions.
 */
#ifndef FRONTENDS_MODULE_H
#define FRONTENDS_MODULE_H

#include "bus/base.h"

#define MODULE_SDL "baya-sdl.so" /* window_sdl and audio_sdl; of SDL2 */
#define MODULE_VNC "baya-vnc.so" /* window_vnc; of libvncserver */

/*
 * The object of that name in a module, which stays loaded; NULL, and one line in `why`: it is
 * neither beside the program nor where it was installed, or a library that it needs is missing.
 */
const void *module_find(const char *module, const char *symbol, char *why, size_t size);

#endif
