/* SPDX-License-Identifier: MIT */
/* Finds the pages of the process's memory that the host has allocated. */
#ifndef BUS_RESIDENT_H
#define BUS_RESIDENT_H

#include "bus/base.h"

/*
 * Finds the first extent of pages at or after *offset, in private anonymous memory, that may hold
 * something other than zeros. Sets *offset and *len, in bytes, to multiples of a page, or returns
 * false. It does not touch the memory. Without /proc all of the memory is one extent.
 */
bool resident_next(const void *memory, u64 size, u64 *offset, u64 *len);

#endif
