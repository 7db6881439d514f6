/* SPDX-License-Identifier: MIT */
/*
 * Interrupts from hart to hart by way of the CLINT's msip: those that S-mode sends (IPI extension),
 * and the knock that makes a hart look at what others want of it (rfence.c, hsm.c).
 */
#ifndef FIRMWARE_SBI_IPI_H
#define FIRMWARE_SBI_IPI_H

#include "firmware/sbi/sbi.h"

/* Raises M-mode's software interrupt on that hart. */
void ipi_knock(u64 id);

/* True when the CLINT has an msip for hart `id`, so that it will come in sooner or later. */
bool ipi_hart_wired(u64 id);

/* Does on this hart what others have asked for, and clears its msip. */
void ipi_receive(void);

struct sbi_ret ipi_send_call(const u64 *arg);
struct sbi_ret ipi_clear_call(const u64 *arg);

#endif
