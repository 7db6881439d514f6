/* SPDX-License-Identifier: MIT */
/* Numbers that users write. */
#ifndef BUS_NUMBER_H
#define BUS_NUMBER_H

#include "bus/base.h"

/*
 * Parses a text that consists of one number: decimal, also with leading zeros, or hexadecimal after
 * 0x. Returns false for anything else and on overflow.
 */
bool number_parse(const char *text, u64 *value);

#endif
