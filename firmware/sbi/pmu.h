/* SPDX-License-Identifier: MIT */
/*
 * Performance counters: the hart's hardware counters and the firmware's counters of its own events
 * (PMU extension).
 */
#ifndef FIRMWARE_SBI_PMU_H
#define FIRMWARE_SBI_PMU_H

#include "firmware/sbi/sbi.h"

struct hart_features;

/* Codes of the specification, "PMU Firmware Events". */
enum pmu_firmware_event {
	PMU_FW_MISALIGNED_LOAD,
	PMU_FW_MISALIGNED_STORE,
	PMU_FW_ACCESS_LOAD,
	PMU_FW_ACCESS_STORE,
	PMU_FW_ILLEGAL_INSN,
	PMU_FW_SET_TIMER,
	PMU_FW_IPI_SENT,
	PMU_FW_IPI_RECEIVED,
	PMU_FW_FENCE_I_SENT,
	PMU_FW_FENCE_I_RECEIVED,
	PMU_FW_SFENCE_SENT,
	PMU_FW_SFENCE_RECEIVED,
	PMU_FW_SFENCE_ASID_SENT,
	PMU_FW_SFENCE_ASID_RECEIVED,
	PMU_FW_GVMA_SENT,
	PMU_FW_GVMA_RECEIVED,
	PMU_FW_GVMA_VMID_SENT,
	PMU_FW_GVMA_VMID_RECEIVED,
	PMU_FW_VVMA_SENT,
	PMU_FW_VVMA_RECEIVED,
	PMU_FW_VVMA_ASID_SENT,
	PMU_FW_VVMA_ASID_RECEIVED,
	PMU_FW_EVENTS,
};

/*
 * Finds out which hardware counters this hart has, and their width, and writes that to `features`.
 */
void pmu_find_counters(struct hart_features *features);

/*
 * Resets all counters of this hart to unconfigured. cycle and instret continue to count, the others
 * stop.
 */
void pmu_reset(void);

/*
 * Sets the snapshot memory of this hart again to the last that S-mode set, if S-mode has disabled
 * it since.
 */
void pmu_restore_snapshot(void);

/* Counts a firmware event that happened on this hart. */
void pmu_count(u32 event);

#endif
