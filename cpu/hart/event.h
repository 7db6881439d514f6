/* SPDX-License-Identifier: MIT */
/* An instruction, as the observers of a hart are told of it (debug/observe.h). */
#ifndef CPU_HART_EVENT_H
#define CPU_HART_EVENT_H

#include "cpu/isa/isa.h"

/* The effect of the instruction on memory at event->va. */
enum touch { TOUCH_NONE, TOUCH_LOAD, TOUCH_STORE, TOUCH_ATOMIC };

/* An event is one instruction, or one attempt to execute one. */
struct event {
	u64 pc;
	u32 raw; /* its bits: 16 or 32 of them */
	struct insn insn; /* decoded; OP_illegal also if it is disabled now */
	u8 priv;
	bool virt;
	bool fetched; /* false: it traps before it is decoded, and nothing else is known */
	bool trapped; /* for after(): hart->trap says why */
	enum touch touch;
	u64 va; /* the virtual address of the access, as the instruction computes it */
	bool guest; /* an access as the guest: HLV, HLVX, HSV */
	u64 store; /* the value that a store writes */
	unsigned size; /* bytes */
};

#endif
