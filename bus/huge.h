/* SPDX-License-Identifier: MIT */
/*
 * Huge pages of the host. With them the host's TLB covers a whole large table, even if the machine
 * uses lines of it here and there. They change only the speed.
 */
#ifndef BUS_HUGE_H
#define BUS_HUGE_H

#include "bus/base.h"

#define HUGE_PAGE (2 * MiB) /* of an x86-64 host */

/*
 * Moves this memory, which has been in use, into huge pages now, as far as it contains whole ones.
 * Hosts before Linux 6.1 do nothing; the host's setting for transparent huge pages does not matter.
 * Bytes that were never touched take memory from then on.
 */
void huge_collapse(const void *begin, u64 size);

/*
 * Asks the host to use huge pages for what is touched from now on of this private anonymous memory.
 * The host does so if its setting for transparent huge pages is madvise or always.
 */
void huge_prefer(void *begin, u64 size);

#endif
