/* SPDX-License-Identifier: MIT */
/*
 * Limits on the open files and sockets of this process. Guests can ask for very many, and code that
 * has to open something for the user must not run out of descriptors.
 */
#ifndef BUS_DESCRIPTORS_H
#define BUS_DESCRIPTORS_H

#include "bus/base.h"

/* Raises the process's limit to what the host allows, within reason. Call it once per process. */
void descriptors_raise(void);

/*
 * Returns how many descriptors each of `users` users may have; together they may have three
 * quarters of the process's limit.
 */
unsigned descriptors_each(unsigned users);

/*
 * Moves fd to a high number, which select() cannot take, when many files are open: low numbers are
 * left for libraries that need them. Takes over fd and returns the new number; a negative fd is
 * returned as it is.
 */
int descriptors_move(int fd);

#endif
