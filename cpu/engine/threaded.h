/* SPDX-License-Identifier: MIT */
/*
 * Threaded code: decoded blocks run from label to label (computed goto) and are linked to each
 * other. It works on any host, with the same bodies as the interpreter, and the same results to the
 * instruction.
 */
#ifndef CPU_ENGINE_THREADED_H
#define CPU_ENGINE_THREADED_H

#include "cpu/hart/hart.h"

enum hart_exit threaded_run(struct hart *hart);

#endif
