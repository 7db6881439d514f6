/* SPDX-License-Identifier: MIT */
/*
 * Interprocessor interrupts by the CLINT's msip: those that S-mode sends (IPI extension), and those
 * with which the firmware makes another hart look for requests (rfence.c, hsm.c, sse.c).
 */
#ifndef FIRMWARE_SBI_IPI_H
#define FIRMWARE_SBI_IPI_H

#include "firmware/sbi/sbi.h"

/* Raises M-mode's software interrupt on hart `id`. */
void ipi_knock(u64 id);

/*
 * Returns whether the CLINT has an msip for hart `id`, that is, whether the hart exists. It sets
 * the msip, so that the hart enters the firmware.
 */
bool ipi_hart_wired(u64 id);

/* Clears this hart's msip and handles the requests of other harts. */
void ipi_receive(void);

/* Perform SBI calls: sbi_send_ipi, and the legacy call that clears a hart's own interrupt. */
struct sbi_ret ipi_send_call(const u64 *arg);
struct sbi_ret ipi_clear_call(const u64 *arg);

#endif
