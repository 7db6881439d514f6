/* SPDX-License-Identifier: MIT */
/*
 * Huge pages of the host. With them the host's TLB covers the whole of a large table, even if the
 * machine uses lines scattered over it. They affect only the speed.
 */
#ifndef BUS_HUGE_H
#define BUS_HUGE_H

#include "bus/base.h"

#define HUGE_PAGE (2 * MiB) /* of an x86-64 host */

/*
 * Moves memory that has been in use into huge pages now, as far as it contains whole ones. Does
 * nothing on hosts before Linux 6.1. The host's setting for transparent huge pages does not matter.
 * Bytes in these pages that were never touched use the host's memory from then on.
 */
void huge_collapse(const void *begin, u64 size);

/*
 * Asks the host to use huge pages for the parts of this private anonymous memory that are touched
 * from now on. The host does so if its setting for transparent huge pages is madvise or always.
 */
void huge_prefer(void *begin, u64 size);

#endif
