/* SPDX-License-Identifier: MIT */
/*
 * Threaded code: decoded blocks run from label to label (computed goto), linked to each other.
 * The tier for any host. Same bodies as the interpreter, same results to the instruction.
 */
#ifndef CPU_ENGINE_THREADED_H
#define CPU_ENGINE_THREADED_H

#include "cpu/hart/hart.h"

enum hart_exit threaded_run(struct hart *hart);

#endif
