/* SPDX-License-Identifier: MIT */
/*
 * Limits on the open files and sockets of this process. A guest can make Baya open many, but must
 * not use up the descriptors that Baya needs to open something for the user.
 */
#ifndef BUS_DESCRIPTORS_H
#define BUS_DESCRIPTORS_H

#include "bus/base.h"

/*
 * Raises the process's limit to what the host allows, or to 65536 if that is less. Call it once per
 * process.
 */
void descriptors_raise(void);

/*
 * Returns how many descriptors each of `users` users may have, such that all of them together have
 * at most three quarters of the process's limit.
 */
unsigned descriptors_each(unsigned users);

/*
 * Replaces fd by a descriptor with a high number if many files are open: low numbers are left for
 * libraries that use select(), which accepts no high ones. Takes ownership of fd and returns the
 * new number. Returns fd itself if it is negative, need not be moved or cannot be.
 */
int descriptors_move(int fd);

#endif
