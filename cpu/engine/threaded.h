/* SPDX-License-Identifier: MIT */
/*
 * Threaded code: an instruction's body jumps to that of the next one (computed goto), and blocks
 * are linked to each other. It works on any host. It uses the same bodies as the interpreter, so
 * the results after each instruction are the same.
 */
#ifndef CPU_ENGINE_THREADED_H
#define CPU_ENGINE_THREADED_H

#include "cpu/hart/hart.h"

enum hart_exit threaded_run(struct hart *hart);

#endif
