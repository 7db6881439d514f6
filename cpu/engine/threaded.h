/* SPDX-License-Identifier: MIT */
/*
 * Threaded code: decoded blocks run from label to label (computed goto), linked to each other.
 * The tier for any host. Same bodies as the interpreter, same results to the instruction.
 */
#ifndef CPU_ENGINE_THREADED_H
#define CPU_ENGINE_THREADED_H

#include "cpu/hart/hart.h"

enum hart_exit threaded_run(struct hart *hart);
enum hart_exit threaded_timed_run(struct hart *hart); /* hart->timed is set */

/*
 * A part of the latter: from a block on, its prices and those of the following are added up. With
 * hart->timed->undone set, that is an instruction to be watched, at pc; else as a tier.
 */
struct block;
enum hart_exit threaded_priced(struct hart *hart, struct block *block);

#endif
