/* SPDX-License-Identifier: MIT */
/*
 * Finds the files that come with the program: beside the binary, or in the share folder of an
 * installation.
 */
#ifndef FRONTENDS_CLI_BUNDLE_H
#define FRONTENDS_CLI_BUNDLE_H

#include "bus/base.h"

struct options;
struct board_error;

/*
 * Fills in kernel, initrd and command line of the bundled guest, except those that were given, and
 * adds the symbols of its kernel. `binary` is the path of the running program, or NULL if it is not
 * known. Returns 0, or a negative errno with *error.
 */
int bundle_find(struct options *options, const char *binary, struct board_error *error);

/* Fills in the folder of the cores' descriptions, or where an installation would have it. */
void bundle_find_cores(struct options *options, const char *binary);

/*
 * Finds the path of a script, for the program at `binary`. Returns 0, or a negative errno with the
 * place of the trouble in `path`.
 */
int bundle_find_script(const char *binary, const char *name, char *path, size_t size);

#endif
