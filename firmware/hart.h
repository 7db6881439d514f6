/* SPDX-License-Identifier: MIT */
/*
 * The firmware's data about each hart, and the M-mode setup of a hart before it enters S-mode. A
 * hart writes its own struct; others touch only the fields marked shared, atomically.
 */
#ifndef FIRMWARE_HART_H
#define FIRMWARE_HART_H

#include "devices/memmap.h"
#include "firmware/base.h"
#include "firmware/layout.h"
#include "firmware/sbi/dbtr.h"
#include "firmware/sbi/sse.h"

/* The registers of the interrupted code. x[0] is unused. */
struct frame {
	u64 x[32];
	u64 mepc;
	u64 mstatus;
};

/* A remote fence as its caller requested it; `kind` is the function id of the RFENCE extension. */
struct fence {
	u64 kind;
	u64 start;
	u64 size;
	u64 id; /* ASID or VMID, where the kind has one */
	u64 hgatp; /* of the caller: HFENCE.VVMA works on its VMID */
};

#define PMU_FIRMWARE_COUNTERS 16
#define PMU_COUNTERS_MAX (32 + PMU_FIRMWARE_COUNTERS)

struct pmu {
	u64 running; /* bit n: counter n is started */
	u32 event[PMU_COUNTERS_MAX]; /* event_idx each is configured for; 0: none */
	u64 count[PMU_FIRMWARE_COUNTERS];
	u64 snapshot; /* address of the caller's memory for snapshots; 0: none */
	u64 last_snapshot; /* the one that was set last, kept when snapshots are disabled */
};

/* Facts about the hart, found by trying whether it has a CSR or keeps a field. */
struct hart_features {
	bool hypervisor; /* misa.H */
	bool sstc;
	bool sscofpmf;
	bool inhibit; /* mcountinhibit */
	u32 counters; /* bit n: mcycle + n counts; bit 1 never */
	u32 counter_bits; /* width of the mhpmcounters */
	bool own_selectors; /* pmu.c */
	u8 triggers; /* dbtr.c */
	u32 fwft; /* bit n: FWFT's feature type n */
};

struct hart {
	struct frame frame; /* first: entry.S */
	u64 id;
	struct hart_features features;
	struct pmu pmu;
	u32 fwft_locked; /* bit n: feature type n */
	struct dbtr dbtr;
	u64 sse_lcofie; /* mie's bit of the overflow interrupt while that is an event */

	/* Shared. hsm.c */
	u32 state; /* enum hsm_state */
	u32 start_ready; /* the two below are filled in */
	u64 start_addr, start_arg;

	/* Shared. sse.c */
	u32 sse_ready; /* not masked */
	struct sse_event sse[SSE_LOCAL_EVENTS]; /* shared: `pending` */

	/* Shared. ipi.c */
	u64 ipi_pending; /* 1: raise SSIP */
	u64 fence_pending; /* bit n: hart n's `fence` is to be done here */
	u64 fence_waiting; /* bit n: hart n has not yet done this hart's `fence` */
	struct fence fence; /* constant while fence_waiting is not 0 */
};

union hart_area {
	struct hart hart;
	u8 bytes[HART_AREA_SIZE]; /* the stack grows down from the end */
};

extern union hart_area hart_areas[MAX_HARTS]; /* each hart clears its own at entry */

/* Loops over the harts of a list, which has a bit per hart id; the loop's body follows. */
#define FOR_EACH_HART(id, list)                                 \
	for (u64 id = 0; id < MAX_HARTS && (list) >> id; id++) \
		if ((list) >> id & 1)

/* The hart that runs this code. */
register struct hart *self __asm__("tp");

/* Returns the harts that have entered the firmware, one bit each. */
u64 hart_present(void);

/* Returns the struct of hart `id`; NULL unless the hart exists. */
struct hart *hart_find(u64 id);

/* Called on each hart once, first of all. The hart counts as present from then on. */
void hart_init(u64 id);

/* Called on the boot hart: reads from the device tree at `fdt` the facts that hart_setup needs. */
void hart_read_devicetree(u64 fdt);

/*
 * Expands the (hart_mask, hart_mask_base) pair of the SBI specification, section "Hart list
 * parameter", to one bit per hart id. False when it names a hart that does not exist.
 */
bool hart_list(u64 mask, u64 base, u64 *harts);

/* Sets all M-mode CSRs of this hart to the values that a freshly started S-mode expects. */
void hart_setup(void);

/* Enters `addr` in `mode` by mret: a0 = hart id, a1 = arg, translation and interrupts off. */
void __attribute__((noreturn)) hart_enter(u64 addr, u64 arg, u64 mode);

#endif
