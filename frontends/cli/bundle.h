/* SPDX-License-Identifier: MIT */
/*
 * Finds the files that come with the program: in the folder of the binary, in its folder roms, or
 * in the data folder of an installation.
 */
#ifndef FRONTENDS_CLI_BUNDLE_H
#define FRONTENDS_CLI_BUNDLE_H

#include "bus/base.h"

struct options;
struct board_error;

/*
 * Fills in kernel, initrd and command line of the bundled guest, except for those that were given,
 * and adds the symbols of its kernel. `binary` is the path of the running program, or NULL if it is
 * not known. Returns 0, or a negative errno with *error.
 */
int bundle_find(struct options *options, const char *binary, struct board_error *error);

/*
 * Fills in the folder of the cores' descriptions (*.core). If it is not found, that is the folder
 * where an installation would have it.
 */
void bundle_find_cores(struct options *options, const char *binary);

/*
 * Finds a script that comes with the program at `binary`, and stores its path. Returns 0, or a
 * negative errno with the path that could not be used in `path`.
 */
int bundle_find_script(const char *binary, const char *name, char *path, size_t size);

#endif
