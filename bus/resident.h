/* SPDX-License-Identifier: MIT */
/* Finds which pages of the process's own memory the host has given it. */
#ifndef BUS_RESIDENT_H
#define BUS_RESIDENT_H

#include "bus/base.h"

/*
 * Finds the next extent of pages that may hold something other than zeros, from *offset on, in
 * memory that is private and anonymous: sets *offset and *len, in bytes, multiples of a page. False
 * when there is none. Never touches the memory. Where /proc is missing it is all one extent.
 */
bool resident_next(const void *memory, u64 size, u64 *offset, u64 *len);

#endif
