/* SPDX-License-Identifier: MIT */
/*
 * The trigger module (debug specification, "Sdtrig"): breakpoints and watchpoints of a hart that
 * raise breakpoint exceptions. While one may fire in the hart's mode, the run loop takes the
 * watching tier (observe.c), which asks here before each instruction; other tiers know nothing of
 * triggers. What tdata registers may hold is csr/trigger.c's.
 */
#ifndef CPU_DEBUG_TRIGGERS_TRIGGER_H
#define CPU_DEBUG_TRIGGERS_TRIGGER_H

#include "cpu/hart/trigger_state.h"

struct event;
struct hart;

/* tdata1: type and dmode, and per type the fields named as in the specification. */
#define TDATA1_TYPE (15ull << 60)
enum trigger_type {
	TRIGGER_MCONTROL = 2,
	TRIGGER_ICOUNT = 3,
	TRIGGER_ITRIGGER = 4,
	TRIGGER_ETRIGGER = 5,
	TRIGGER_MCONTROL6 = 6,
	TRIGGER_DISABLED = 15,
};

/* mcontrol and mcontrol6 alike. */
#define MCONTROL_LOAD BIT(0)
#define MCONTROL_STORE BIT(1)
#define MCONTROL_EXECUTE BIT(2)
#define MCONTROL_MATCH (15ull << 7)
#define MCONTROL_CHAIN BIT(11)
#define MCONTROL_ACTION (15ull << 12)
/* Each its own. */
#define MCONTROL_SIZELO (3ull << 16)
#define MCONTROL_HIT BIT(20)
#define MCONTROL_SIZEHI (3ull << 21)
#define MCONTROL6_SIZE (7ull << 16)
#define MCONTROL6_HIT0 BIT(22)

#define ICOUNT_PENDING BIT(8)
#define ICOUNT_COUNT (0x3fffull << 10)
#define ICOUNT_HIT BIT(24)
/* itrigger and etrigger. */
#define XTRIGGER_HIT BIT(58)
/* icount, itrigger and etrigger. */
#define XTRIGGER_ACTION 63ull

/* Bits of MCONTROL_MATCH: 4 of them, the highest for the opposite. */
enum { MATCH_EQUAL, MATCH_NAPOT, MATCH_GE, MATCH_LT, MATCH_MASK_LOW, MATCH_MASK_HIGH };
#define MATCH_NOT 8u

/* tdata3: textra64. */
#define TEXTRA_SSELECT 3ull
#define TEXTRA_SVALUE (0xffffffffull << 2)
#define TEXTRA_SBYTEMASK (15ull << 36)
#define TEXTRA_MHSELECT (7ull << 48)
#define TEXTRA_MHVALUE (0x1fffull << 51)
enum { SSELECT_IGNORE, SSELECT_SCONTEXT, SSELECT_ASID };
/* The lower two bits of mhselect; the highest is also the lowest of the value compared. */
enum { MHSELECT_MCONTEXT, MHSELECT_MCONTEXT_WIDE, MHSELECT_VMID, MHSELECT_RESERVED };

#define TCONTROL_MTE BIT(3)
#define TCONTROL_MPTE BIT(7)

/* tdata1's enabling bits of the modes that the hart has; 0 where there is no such type. */
u64 trigger_mode_bits(const struct hart *hart, u64 control);

/* Bytes that the size field stands for; 0 for any, TRIGGER_NO_SIZE for none of a hart's. */
#define TRIGGER_NO_SIZE 0xff
unsigned trigger_size(u64 control);

bool trigger_is_memory(u64 control);

/* May one fire before a trap, or a write of a CSR? Asked by the run loop while some are armed. */
bool trigger_watches(const struct hart *hart);

/*
 * Before an instruction is fetched, and when it is decoded: false with the trap filled when a
 * trigger fires; also when the instruction has a trap that comes before a trigger's.
 */
bool trigger_fetch(struct hart *hart);
bool trigger_execute(struct hart *hart, const struct event *event);

/* The instruction that trigger_fetch let pass is done. */
void trigger_retired(struct hart *hart);

/*
 * hart->trap is about to be taken in the hart's mode: the triggers, one bit each, that it matches.
 * And it has been taken, to the mode that is the hart's now.
 */
unsigned trigger_trap(struct hart *hart);
void trigger_entered(struct hart *hart, unsigned matched);

/* tcontrol at traps into M-mode, and at MRET. */
static inline u64 trigger_control_trap(u64 tcontrol)
{
	return tcontrol & TCONTROL_MTE ? TCONTROL_MPTE : 0;
}

static inline u64 trigger_control_mret(u64 tcontrol)
{
	return tcontrol & TCONTROL_MPTE ? TCONTROL_MPTE | TCONTROL_MTE : 0;
}

#endif
