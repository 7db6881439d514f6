/* SPDX-License-Identifier: MIT */
/* Loads modules with dlopen. See module.h. */
#include "frontends/host/module.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "frontends/host/executable.h"

#ifndef BAYA_MODULES
#error "the build must define BAYA_MODULES, the installed modules' folder"
#endif
#if !defined BAYA_SDL2 || !defined BAYA_VNC
#error "the build must define BAYA_SDL2 and BAYA_VNC, the versions of their libraries, or none"
#endif

#define PATH_ROOM 4096

static const struct {
	const char *file;
	const char *package; /* the Debian package that is needed to build the module */
	const char *library; /* the library's version at build time, or "none" */
} modules[] = {
	[MODULE_SDL] = { "baya-sdl.so", "libsdl2-dev", BAYA_SDL2 },
	[MODULE_VNC] = { "baya-vnc.so", "libvncserver-dev", BAYA_VNC },
};

/* Relative folders are relative to the program's folder. */
static const char *const folders[] = { ".", BAYA_MODULES };

/* Writes to `why` the reason that the module is missing, for a program in this folder. */
static void tell_missing(enum module module, const char *program, char *why, size_t size)
{
	if (strcmp(modules[module].library, "none") != 0)
		snprintf(why, size, "%s is not installed; it is looked for in %s/" BAYA_MODULES,
			 modules[module].file, program);
	else
		snprintf(why, size,
			 "this Baya was built without %s; install pkg-config and %s and build it "
			 "again, from cmake on",
			 modules[module].file, modules[module].package);
}

static void *open_module(enum module module, char *why, size_t size)
{
	char program[PATH_ROOM], path[2 * PATH_ROOM];
	bool known = executable_path(program, sizeof(program));
	void *opened;

	if (known)
		*strrchr(program, '/') = 0;
	for (unsigned n = 0; known && n < ARRAY_SIZE(folders); n++) {
		snprintf(path, sizeof(path), "%s/%s/%s", program, folders[n], modules[module].file);
		if (access(path, R_OK))
			continue;
		opened = dlopen(path, RTLD_NOW | RTLD_LOCAL);
		if (!opened)
			snprintf(why, size, "%s", dlerror());
		return opened;
	}
	tell_missing(module, known ? program : "its folder", why, size);
	return NULL;
}

const void *module_find(enum module module, const char *symbol, char *why, size_t size)
{
	void *opened = open_module(module, why, size);
	const void *found = opened ? dlsym(opened, symbol) : NULL;

	if (opened && !found)
		snprintf(why, size, "%s", dlerror());
	return found;
}
