/* SPDX-License-Identifier: MIT */
/*
 * Supervisor software events, which interrupt S-mode even while its interrupts are off (SSE
 * extension).
 */
#ifndef FIRMWARE_SBI_SSE_H
#define FIRMWARE_SBI_SSE_H

#include "firmware/sbi/sbi.h"

struct frame;

/* The local events. Each hart has its own: struct hart holds one of each. */
enum sse_local {
	SSE_DOUBLE_TRAP,
	SSE_PMU_OVERFLOW,
	SSE_SOFTWARE,
	SSE_LOCAL_EVENTS,
};

/*
 * The indices of attributes are the attr_ids of the specification, "SSE Event Attributes". STATUS
 * is computed when it is read.
 */
enum sse_attribute {
	SSE_STATUS,
	SSE_PRIORITY,
	SSE_CONFIG,
	SSE_PREFERRED_HART,
	SSE_ENTRY_PC,
	SSE_ENTRY_ARG,
	SSE_INTERRUPTED_SEPC,
	SSE_INTERRUPTED_FLAGS,
	SSE_INTERRUPTED_A6,
	SSE_INTERRUPTED_A7,
	SSE_ATTRIBUTES,
};

struct sse_event {
	u32 state; /* values of STATUS */
	u32 pending; /* shared: any hart may set it; the hart that runs the handler clears it */
	u64 hart; /* the one that runs the handler, while state is RUNNING */
	u64 attribute[SSE_ATTRIBUTES];
};

/* Resets this hart's local events to their initial state, and masks all events on it. */
void sse_reset(void);

/* Passes the events that this hart was to handle to other harts. Called before this hart stops. */
void sse_leave(void);

/* Makes a local event of this hart pending. Called by the event's source. */
void sse_signal(enum sse_local local);

/* Returns whether an event will be delivered to this hart as soon as it returns to S-mode. */
bool sse_waits(void);

/*
 * Makes `frame`, which describes S- or U-mode, enter the handler of the most urgent event that is
 * pending. Returns false if there is none that can be delivered now.
 */
bool sse_deliver(struct frame *frame);

#endif
