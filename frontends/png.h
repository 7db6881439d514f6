/* SPDX-License-Identifier: MIT */
/* Pictures as files: PNG (ISO 15948) or PPM. */
#ifndef FRONTENDS_PNG_H
#define FRONTENDS_PNG_H

#include "devices/board_screen.h"

/* By the name's end: .png, else PPM. 0 or -errno. */
int png_write(const char *path, const struct display_surface *surface);

#endif
