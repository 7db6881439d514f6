/* SPDX-License-Identifier: MIT */
/* The triggers of a hart (see debug/triggers/trigger.h). */
#ifndef CPU_HART_TRIGGER_STATE_H
#define CPU_HART_TRIGGER_STATE_H

#include "bus/base.h"

#define TRIGGERS 4

struct triggers {
	u64 control[TRIGGERS]; /* tdata1 */
	u64 data[TRIGGERS]; /* tdata2 */
	u64 extra[TRIGGERS]; /* tdata3 */
	u64 tselect, tcontrol;
	u32 scontext, mcontext;
	bool fired; /* by the trap just taken: a breakpoint comes before the next instruction */
	bool armed; /* some trigger is not disabled (derived from control) */
	u8 counting; /* icount triggers, a bit each, that count the current instruction */
};

#endif
