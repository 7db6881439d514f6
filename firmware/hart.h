/* SPDX-License-Identifier: MIT */
/*
 * The firmware's data about each hart, and the M-mode setup of a hart before it enters S-mode. A
 * hart writes its own struct; other harts access only the fields marked as shared, atomically.
 */
#ifndef FIRMWARE_HART_H
#define FIRMWARE_HART_H

#include "devices/memmap.h"
#include "firmware/base.h"
#include "firmware/layout.h"
#include "firmware/sbi/dbtr.h"
#include "firmware/sbi/sse.h"

/* The registers of the interrupted code, where entry.S saves them. x[0] is unused. */
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
	u64 hgatp; /* the caller's hgatp, whose VMID HFENCE.VVMA applies to */
};

#define PMU_FIRMWARE_COUNTERS 16
#define PMU_COUNTERS_MAX (32 + PMU_FIRMWARE_COUNTERS)

struct pmu {
	u64 running; /* bit n: counter n is started */
	/* for each counter, the event_idx that it is configured for; 0: none */
	u32 event[PMU_COUNTERS_MAX];
	u64 count[PMU_FIRMWARE_COUNTERS];
	u64 snapshot; /* address of the caller's memory for snapshots; 0: none */
	u64 last_snapshot; /* the last nonzero `snapshot`, kept when snapshots are disabled */
};

/*
 * Facts about the hart, found by testing whether it has a CSR or whether a field keeps what is
 * written to it.
 */
struct hart_features {
	bool hypervisor; /* misa.H */
	bool sstc;
	bool sscofpmf;
	bool inhibit; /* mcountinhibit */
	u32 counters; /* bit n: the counter mcycle + n exists; bit 1 is never set */
	u32 counter_bits; /* width of the mhpmcounters */
	bool own_selectors; /* mhpmevent accepts an event_idx with OWN_SELECTOR set (pmu.c) */
	u8 triggers; /* the number of triggers (dbtr.c) */
	u32 fwft; /* bit n: the hart has FWFT's feature type n */
};

struct hart {
	struct frame frame; /* the first member, as entry.S expects */
	u64 id;
	struct hart_features features;
	struct pmu pmu;
	u32 fwft_locked; /* bit n: FWFT's feature type n is locked */
	struct dbtr dbtr;
	u64 sse_lcofie; /* mie.LCOFIE as it was before the overflow interrupt became an SSE event */

	/* Shared. hsm.c */
	u32 state; /* enum hsm_state */
	u32 start_ready; /* start_addr and start_arg are valid */
	u64 start_addr, start_arg;

	/* Shared. sse.c */
	u32 sse_ready; /* events are not masked on this hart */
	struct sse_event sse[SSE_LOCAL_EVENTS]; /* shared: `pending` */

	/* Shared. ipi.c */
	u64 ipi_pending; /* 1: raise SSIP */
	u64 fence_pending; /* bit n: this hart must execute hart n's `fence` */
	u64 fence_waiting; /* bit n: hart n has not executed this hart's `fence` yet */
	struct fence fence; /* constant while fence_waiting is not 0 */
};

union hart_area {
	struct hart hart;
	u8 bytes[HART_AREA_SIZE]; /* the stack grows down from the end */
};

extern union hart_area hart_areas[MAX_HARTS]; /* each hart clears its own area at entry */

/*
 * Loops over the harts of a list, which has one bit per hart id. The body of the loop follows the
 * macro.
 */
#define FOR_EACH_HART(id, list)                                 \
	for (u64 id = 0; id < MAX_HARTS && (list) >> id; id++) \
		if ((list) >> id & 1)

/* The hart that runs this code. */
register struct hart *self __asm__("tp");

/* Returns the harts that have entered the firmware, one bit each. */
u64 hart_present(void);

/* Returns the struct of hart `id`; NULL unless the hart exists. */
struct hart *hart_find(u64 id);

/*
 * Initialises this hart's struct; called once on each hart, before all else. The hart counts as
 * present from then on.
 */
void hart_init(u64 id);

/* Reads the facts that hart_setup needs from the device tree at `fdt`. Called on the boot hart. */
void hart_read_devicetree(u64 fdt);

/*
 * Expands the (hart_mask, hart_mask_base) pair of the SBI specification, section "Hart list
 * parameter", to one bit per hart id. Returns false if it names a hart that does not exist.
 */
bool hart_list(u64 mask, u64 base, u64 *harts);

/* Sets all M-mode CSRs of this hart to the values that S-mode expects when it is started. */
void hart_setup(void);

/*
 * Enters `addr` in `mode` by mret, with the hart id in a0 and `arg` in a1, and with translation and
 * interrupts off.
 */
void __attribute__((noreturn)) hart_enter(u64 addr, u64 arg, u64 mode);

#endif
