/* SPDX-License-Identifier: MIT */
/*
 * The trigger module (debug specification, "Sdtrig"): a hart's breakpoints and watchpoints, which
 * raise breakpoint exceptions. While one may fire in the hart's mode, the run loop takes the
 * watching tier (observe.c), which calls these functions before each instruction; the other tiers
 * know nothing of triggers. csr/trigger.c knows what the tdata registers may hold.
 */
#ifndef CPU_DEBUG_TRIGGERS_TRIGGER_H
#define CPU_DEBUG_TRIGGERS_TRIGGER_H

#include "cpu/hart/trigger_state.h"

struct event;
struct hart;

/*
 * tdata1 has type and dmode, and for each type the fields, which are named as in the specification.
 */
#define TDATA1_TYPE (15ull << 60)
enum trigger_type {
	TRIGGER_MCONTROL = 2,
	TRIGGER_ICOUNT = 3,
	TRIGGER_ITRIGGER = 4,
	TRIGGER_ETRIGGER = 5,
	TRIGGER_MCONTROL6 = 6,
	TRIGGER_DISABLED = 15,
};

/* These fields are the same in mcontrol and mcontrol6. */
#define MCONTROL_LOAD BIT(0)
#define MCONTROL_STORE BIT(1)
#define MCONTROL_EXECUTE BIT(2)
#define MCONTROL_MATCH (15ull << 7)
#define MCONTROL_CHAIN BIT(11)
#define MCONTROL_ACTION (15ull << 12)
/* These fields are different in mcontrol and mcontrol6. */
#define MCONTROL_SIZELO (3ull << 16)
#define MCONTROL_HIT BIT(20)
#define MCONTROL_SIZEHI (3ull << 21)
#define MCONTROL6_SIZE (7ull << 16)
#define MCONTROL6_HIT0 BIT(22)

#define ICOUNT_PENDING BIT(8)
#define ICOUNT_COUNT (0x3fffull << 10)
#define ICOUNT_HIT BIT(24)
/* itrigger and etrigger have this field. */
#define XTRIGGER_HIT BIT(58)
/* icount, itrigger and etrigger have this field. */
#define XTRIGGER_ACTION 63ull

/* The field MCONTROL_MATCH has 4 bits: one of these, and MATCH_NOT for the opposite. */
enum { MATCH_EQUAL, MATCH_NAPOT, MATCH_GE, MATCH_LT, MATCH_MASK_LOW, MATCH_MASK_HIGH };
#define MATCH_NOT 8u

/* The fields of tdata3 are those of textra64. */
#define TEXTRA_SSELECT 3ull
#define TEXTRA_SVALUE (0xffffffffull << 2)
#define TEXTRA_SBYTEMASK (15ull << 36)
#define TEXTRA_MHSELECT (7ull << 48)
#define TEXTRA_MHVALUE (0x1fffull << 51)
enum { SSELECT_IGNORE, SSELECT_SCONTEXT, SSELECT_ASID };
/*
 * The lower two bits of mhselect select this; its highest bit is the lowest of the value compared.
 */
enum { MHSELECT_MCONTEXT, MHSELECT_MCONTEXT_WIDE, MHSELECT_VMID, MHSELECT_RESERVED };

#define TCONTROL_MTE BIT(3)
#define TCONTROL_MPTE BIT(7)

/*
 * Returns the enabling bits in tdata1 of the modes that the hart has; 0 if there is no such type.
 */
u64 trigger_mode_bits(const struct hart *hart, u64 control);

/*
 * Returns the bytes that the size field stands for: 0 for any, TRIGGER_NO_SIZE for none of a
 * hart's.
 */
#define TRIGGER_NO_SIZE 0xff
unsigned trigger_size(u64 control);

bool trigger_is_memory(u64 control);

/*
 * Returns whether one may fire before a trap or a write of a CSR changes that. The run loop asks
 * while triggers are armed.
 */
bool trigger_watches(const struct hart *hart);

/*
 * Called before an instruction is fetched, and when it is decoded. They return false, with the trap
 * filled in, when a trigger fires, or when the instruction has a trap of higher priority.
 */
bool trigger_fetch(struct hart *hart);
bool trigger_execute(struct hart *hart, const struct event *event);

/*
 * Called before an element of a vector instruction is accessed, of which trigger_execute knows
 * nothing, and returns false as that does. `kind` is MCONTROL_LOAD or MCONTROL_STORE, va an address
 * before masking, size in bytes.
 */
bool trigger_element(struct hart *hart, u64 kind, u64 va, unsigned size);

/* The instruction that trigger_fetch let pass has retired. */
void trigger_retired(struct hart *hart);

/*
 * trigger_trap is called when hart->trap is about to be taken in the hart's mode and returns the
 * triggers that match it, a bit each. trigger_entered is called in the mode that has taken it.
 */
unsigned trigger_trap(struct hart *hart);
void trigger_entered(struct hart *hart, unsigned matched);

/* These give tcontrol after a trap into M-mode, and after MRET. */
static inline u64 trigger_control_trap(u64 tcontrol)
{
	return tcontrol & TCONTROL_MTE ? TCONTROL_MPTE : 0;
}

static inline u64 trigger_control_mret(u64 tcontrol)
{
	return tcontrol & TCONTROL_MPTE ? TCONTROL_MPTE | TCONTROL_MTE : 0;
}

#endif
