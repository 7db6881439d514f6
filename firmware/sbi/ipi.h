/* SPDX-License-Identifier: MIT */
/*
 * Interrupts from hart to hart through the CLINT's msip: those that S-mode sends (IPI extension),
 * and those by which the firmware makes another hart look at its requests (rfence.c, hsm.c).
 */
#ifndef FIRMWARE_SBI_IPI_H
#define FIRMWARE_SBI_IPI_H

#include "firmware/sbi/sbi.h"

/* Raises M-mode's software interrupt on that hart. */
void ipi_knock(u64 id);

/*
 * Returns whether the CLINT has an msip for hart `id`, so that the hart exists and will enter the
 * firmware.
 */
bool ipi_hart_wired(u64 id);

/* Clears this hart's msip and serves the requests of other harts. */
void ipi_receive(void);

struct sbi_ret ipi_send_call(const u64 *arg);
struct sbi_ret ipi_clear_call(const u64 *arg);

#endif
