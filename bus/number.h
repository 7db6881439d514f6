/* SPDX-License-Identifier: MIT */
/* Numbers that users write. */
#ifndef BUS_NUMBER_H
#define BUS_NUMBER_H

#include "bus/base.h"

/*
 * Parses a number that is all of the text: decimal, also where it begins with 0, or hexadecimal
 * behind 0x. False for anything else and on overflow.
 */
bool number_parse(const char *text, u64 *value);

#endif
