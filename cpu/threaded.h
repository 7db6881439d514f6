/* SPDX-License-Identifier: MIT */
/*
 * Threaded code: decoded blocks run from label to label (computed goto), linked to each other.
 * The tier for any host. Same bodies as the interpreter, same results to the instruction.
 */
#ifndef CPU_THREADED_H
#define CPU_THREADED_H

#include "cpu/hart.h"

enum hart_exit threaded_run(struct hart *hart);
enum hart_exit threaded_timed_run(struct hart *hart); /* hart->timed is set */

#endif
