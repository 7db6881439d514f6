/* SPDX-License-Identifier: MIT */
/*
 * Semihosting (RISC-V semihosting specification): EBREAK between two marker instructions asks the
 * host. Ends the machine with the program's code, and writes its console; there are no files.
 */
#ifndef CPU_SEMIHOST_H
#define CPU_SEMIHOST_H

#include "bus/base.h"

struct hart;

/* From now on the hart's semihosting calls are answered; write gets what it prints. */
void semihost_connect(struct hart *hart, void (*write)(void *ctx, const u8 *data, size_t size),
		      void *ctx);

#endif
