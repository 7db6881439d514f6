/* SPDX-License-Identifier: MIT */
/* Names from files and guests, which are not trusted, in what people read. */
#ifndef DEVICES_PRINTABLE_H
#define DEVICES_PRINTABLE_H

#include <stddef.h>

/*
 * Copies a text to `to`, which has `size` bytes, as far as it fits, and ends it with 0 unless size
 * is 0. Control characters, which a terminal would obey, and bytes that are not UTF-8 are written
 * as \x1b. Returns the length of the whole copy: it is that of the text if nothing was escaped.
 */
size_t printable_copy(char *to, size_t size, const char *from);

#endif
