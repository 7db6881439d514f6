/* SPDX-License-Identifier: MIT */
/*
 * Loads modules. The parts of Baya that need large libraries are modules: shared objects that are
 * loaded when they are needed. Without a window Baya starts in a fifth of the time that it takes to
 * load SDL2 and libvncserver with the sixty libraries that they depend on. A module calls functions
 * of the program.
 */
#ifndef FRONTENDS_HOST_MODULE_H
#define FRONTENDS_HOST_MODULE_H

#include "bus/base.h"

enum module {
	MODULE_SDL, /* window_sdl and audio_sdl, with SDL2 */
	MODULE_VNC, /* window_vnc, with libvncserver */
};

/*
 * Returns the object with this name from a module, which stays loaded. Returns NULL, with one line
 * in `why`, if the module was not built (the line then names the package that is needed to build
 * it), is neither in the program's folder nor where it is installed, or needs a library that is
 * missing.
 */
const void *module_find(enum module module, const char *symbol, char *why, size_t size);

#endif
