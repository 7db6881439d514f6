/* SPDX-License-Identifier: MIT */
/* Threaded code of a hart that runs with a timing model. */
#ifndef CPU_TIMED_THREADED_TIMED_H
#define CPU_TIMED_THREADED_TIMED_H

#include "cpu/hart/hart.h"

struct block;

enum hart_exit threaded_timed_run(struct hart *hart); /* hart->timed is set */

/*
 * A part of it: from a block on, its prices and those of the following are added up. With
 * hart->timed->undone set, that is an instruction to be watched, at pc; else as a tier.
 */
enum hart_exit threaded_priced(struct hart *hart, struct block *block);

#endif
