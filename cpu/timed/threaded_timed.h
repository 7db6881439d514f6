/* SPDX-License-Identifier: MIT */
/* Threaded code of a hart that runs with a timing model. */
#ifndef CPU_TIMED_THREADED_TIMED_H
#define CPU_TIMED_THREADED_TIMED_H

#include "cpu/hart/hart.h"

struct block;

enum hart_exit threaded_timed_run(struct hart *hart); /* hart->timed must be set */

/*
 * Part of threaded_timed_run: runs from a block on, and adds up its prices and those of the blocks
 * that follow. If it sets native.undone, that is an instruction at pc that has to be observed;
 * otherwise it returns as a tier does.
 */
enum hart_exit threaded_priced(struct hart *hart, struct block *block);

#endif
