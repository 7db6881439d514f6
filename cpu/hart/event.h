/* SPDX-License-Identifier: MIT */
/* One executed instruction, as observers of a hart get it (debug/observe.h). */
#ifndef CPU_HART_EVENT_H
#define CPU_HART_EVENT_H

#include "cpu/isa/isa.h"

/* The effect of the instruction on memory at event->va. */
enum touch { TOUCH_NONE, TOUCH_LOAD, TOUCH_STORE, TOUCH_ATOMIC };

/* An event is one instruction, or one attempt to execute one. */
struct event {
	u64 pc;
	u32 raw; /* its bits: 16 or 32 of them */
	struct insn insn; /* decoded; OP_illegal also if its unit is disabled now */
	u8 priv;
	bool virt;
	/*
	 * It was fetched and decoded. If not, it traps before that, and of the fields above only pc
	 * and the mode are set.
	 */
	bool fetched;
	bool trapped; /* valid when after() is called; hart->trap then contains the reason */
	enum touch touch;
	u64 va; /* the virtual address of the access, as the instruction computes it */
	bool guest; /* it accesses memory as the guest does: HLV, HLVX, HSV */
	u64 store; /* the value that a store writes */
	unsigned size; /* bytes */
};

#endif
