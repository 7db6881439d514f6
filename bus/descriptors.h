/* SPDX-License-Identifier: MIT */
/*
 * Limits on the open files and sockets of this process. A guest can ask for very many, and must not
 * use up the descriptors that Baya needs to open something for the user.
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
 * Moves fd to a high number when many files are open: low numbers are left for libraries that use
 * select(), which takes no high ones. Takes over fd and returns the new number; returns a negative
 * fd unchanged.
 */
int descriptors_move(int fd);

#endif
