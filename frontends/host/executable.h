/* SPDX-License-Identifier: MIT */
/* Finds the file of the running program, near which the files are that come with it. */
#ifndef FRONTENDS_HOST_EXECUTABLE_H
#define FRONTENDS_HOST_EXECUTABLE_H

#include "bus/base.h"

/*
 * Stores the absolute path of the running program. Returns false if it is not known, or longer than
 * `size`.
 */
bool executable_path(char *path, size_t size);

#endif
