/* SPDX-License-Identifier: MIT */
/*
 * Threaded code: an instruction's body jumps to that of the next one (computed goto), and blocks
 * are linked to each other. It works on any host. It has the bodies of the interpreter, and so the
 * same results after each instruction.
 */
#ifndef CPU_ENGINE_THREADED_H
#define CPU_ENGINE_THREADED_H

#include "cpu/hart/hart.h"

enum hart_exit threaded_run(struct hart *hart);

#endif
