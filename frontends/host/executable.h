/* SPDX-License-Identifier: MIT */
/* The running program as a file of the host, beside which it finds what comes with it. */
#ifndef FRONTENDS_HOST_EXECUTABLE_H
#define FRONTENDS_HOST_EXECUTABLE_H

#include "bus/base.h"

/* The absolute path of the running program; false: the host does not tell it. */
bool executable_path(char *path, size_t size);

#endif
