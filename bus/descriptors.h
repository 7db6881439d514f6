/* SPDX-License-Identifier: MIT */
/*
 * How many files and sockets of the host there may be at a time. Guests can ask for very many, and
 * whoever has to open something for the user must not find that there are none left.
 */
#ifndef BUS_DESCRIPTORS_H
#define BUS_DESCRIPTORS_H

#include "bus/base.h"

/* Once per process: as many as the host allows, within reason. */
void descriptors_raise(void);

/* What each of so many users may have: together three quarters of what the process may. */
unsigned descriptors_each(unsigned users);

/*
 * The same file, when many are open by a number that select() cannot take: low ones are left for
 * libraries that need them. Takes over fd; a negative one is returned.
 */
int descriptors_move(int fd);

#endif
