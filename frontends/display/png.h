/* SPDX-License-Identifier: MIT */
/* Writes pictures to files, in PNG (ISO 15948) or PPM format. */
#ifndef FRONTENDS_DISPLAY_PNG_H
#define FRONTENDS_DISPLAY_PNG_H

#include "devices/board/screen.h"

/* PNG_BY_NAME writes PNG if the file's name ends in .png, and PPM otherwise. PNG_NOT writes PPM. */
enum png_format { PNG_BY_NAME, PNG_NOT, PNG_ALWAYS };

/* Writes the picture to the file. Returns 0 or -errno. */
int png_write(const char *path, enum png_format format, const struct display_surface *surface);

#endif
