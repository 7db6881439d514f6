/* SPDX-License-Identifier: MIT */
/* Fences that one hart requests of others (RFENCE extension). */
#ifndef FIRMWARE_SBI_RFENCE_H
#define FIRMWARE_SBI_RFENCE_H

#include "firmware/sbi/sbi.h"

/* Executes on this hart all fences that other harts have requested of it. */
void rfence_receive(void);

/* Perform SBI calls of the RFENCE extension; legacy calls use them, too. */
struct sbi_ret rfence_fence_i_call(const u64 *arg);
struct sbi_ret rfence_sfence_call(const u64 *arg);
struct sbi_ret rfence_sfence_asid_call(const u64 *arg);

#endif
