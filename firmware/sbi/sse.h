/* SPDX-License-Identifier: MIT */
/* Events that preempt whatever S-mode does, interrupts being off or not (SSE extension). */
#ifndef FIRMWARE_SBI_SSE_H
#define FIRMWARE_SBI_SSE_H

#include "firmware/sbi/sbi.h"

struct frame;

/* The local events, each hart's own; struct hart has one of each. */
enum sse_local {
	SSE_DOUBLE_TRAP,
	SSE_PMU_OVERFLOW,
	SSE_SOFTWARE,
	SSE_LOCAL_EVENTS,
};

/* By attr_id of the specification, "SSE Event Attributes"; STATUS is made when it is read. */
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
	u32 pending; /* shared: any hart sets it, the one that runs the handler clears it */
	u64 hart; /* that runs the handler, while state is RUNNING */
	u64 attribute[SSE_ATTRIBUTES];
};

/* This hart's local events as before their first use, and all events masked. */
void sse_reset(void);

/* This hart is about to stop: what it was to handle goes to others. */
void sse_leave(void);

/* The source of a local event of this hart: it is pending from now on. */
void sse_signal(enum sse_local local);

/* There is an event that this hart will be told of as soon as it is back in S-mode. */
bool sse_waits(void);

/*
 * Makes `frame`, which describes S- or U-mode, enter the handler of the most urgent event that
 * waits. False when there is none.
 */
bool sse_deliver(struct frame *frame);

#endif
