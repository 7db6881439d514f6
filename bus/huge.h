/* SPDX-License-Identifier: MIT */
/*
 * Huge pages of the host: with these its TLB covers all of a large table, of which a machine uses a
 * line here and a line there. They change no more than how fast that is.
 */
#ifndef BUS_HUGE_H
#define BUS_HUGE_H

#include "bus/base.h"

#define HUGE_PAGE (2 * MiB) /* of an x86-64 host */

/*
 * Puts the whole huge pages inside of this memory, which has been in use, into huge pages now,
 * where the host can (Linux 6.1, whatever its setting for transparent huge pages). Bytes that were
 * never touched take memory from then on.
 */
void huge_collapse(const void *begin, u64 size);

/*
 * Asks the host for huge pages where this memory, private and anonymous, is touched from now on. It
 * gives some if its setting for transparent huge pages is madvise or always.
 */
void huge_prefer(void *begin, u64 size);

#endif
