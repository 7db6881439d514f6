/* SPDX-License-Identifier: MIT */
/*
 * The trigger module (debug specification, "Sdtrig"): a hart's breakpoints and watchpoints, which
 * raise breakpoint exceptions. While one may fire in the hart's mode, the run loop uses the
 * observing tier (observe.c), which calls these functions before each instruction; the other tiers
 * know nothing of triggers. csr/trigger.c decides which values the tdata registers may have.
 */
#ifndef CPU_DEBUG_TRIGGERS_TRIGGER_H
#define CPU_DEBUG_TRIGGERS_TRIGGER_H

#include "cpu/hart/trigger_state.h"

struct event;
struct hart;

/*
 * tdata1 consists of type, dmode, and the fields of the type, which are named as in the
 * specification.
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

/* Fields that are the same in mcontrol and mcontrol6. */
#define MCONTROL_LOAD BIT(0)
#define MCONTROL_STORE BIT(1)
#define MCONTROL_EXECUTE BIT(2)
#define MCONTROL_MATCH (15ull << 7)
#define MCONTROL_CHAIN BIT(11)
#define MCONTROL_ACTION (15ull << 12)
/* Fields that differ between mcontrol and mcontrol6. */
#define MCONTROL_SIZELO (3ull << 16)
#define MCONTROL_HIT BIT(20)
#define MCONTROL_SIZEHI (3ull << 21)
#define MCONTROL6_SIZE (7ull << 16)
#define MCONTROL6_HIT0 BIT(22)

#define ICOUNT_PENDING BIT(8)
#define ICOUNT_COUNT (0x3fffull << 10)
#define ICOUNT_HIT BIT(24)
/* A field of itrigger and etrigger. */
#define XTRIGGER_HIT BIT(58)
/* A field of icount, itrigger and etrigger. */
#define XTRIGGER_ACTION 63ull

/* The values of MCONTROL_MATCH: one of these; plus MATCH_NOT for the opposite. */
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
 * The lower two bits of mhselect select one of these. Its highest bit is the lowest bit of the
 * value that is compared.
 */
enum { MHSELECT_MCONTEXT, MHSELECT_MCONTEXT_WIDE, MHSELECT_VMID, MHSELECT_RESERVED };

#define TCONTROL_MTE BIT(3)
#define TCONTROL_MPTE BIT(7)

/*
 * Returns the bits of tdata1 that enable the trigger in the modes that the hart has; 0 if there is
 * no such type.
 */
u64 trigger_mode_bits(const struct hart *hart, u64 control);

/*
 * Returns the number of bytes that the size field denotes: 0 for any, TRIGGER_NO_SIZE for a size
 * that no hart accesses.
 */
#define TRIGGER_NO_SIZE 0xff
unsigned trigger_size(u64 control);

bool trigger_is_memory(u64 control);

/*
 * Returns whether a trigger may fire before a trap or a write of a CSR changes that. The run loop
 * calls it while triggers are armed.
 */
bool trigger_watches(const struct hart *hart);

/*
 * trigger_fetch is called before an instruction is fetched, trigger_fetched when its length is
 * known, trigger_execute before it is executed, if its mode may execute it. They return false with
 * the trap filled in if a trigger fires.
 */
bool trigger_fetch(struct hart *hart);
bool trigger_fetched(struct hart *hart, u32 raw);
bool trigger_execute(struct hart *hart, const struct event *event);

/*
 * Called before an access of an element of a vector instruction, about which trigger_execute knows
 * nothing; returns false as that does. `kind` is MCONTROL_LOAD or MCONTROL_STORE, va the address
 * before pointer masking, and size is in bytes.
 */
bool trigger_element(struct hart *hart, u64 kind, u64 va, unsigned size);

/* Called when the instruction that trigger_fetch allowed has retired. */
void trigger_retired(struct hart *hart);

/*
 * trigger_trap is called before hart->trap is taken, in the mode of the hart; it returns the
 * triggers that match the trap, one bit each. trigger_entered is called in the mode that has taken
 * it.
 */
unsigned trigger_trap(struct hart *hart);
void trigger_entered(struct hart *hart, unsigned matched);

/* Return tcontrol after a trap into M-mode, and after MRET. */
static inline u64 trigger_control_trap(u64 tcontrol)
{
	return tcontrol & TCONTROL_MTE ? TCONTROL_MPTE : 0;
}

static inline u64 trigger_control_mret(u64 tcontrol)
{
	return tcontrol & TCONTROL_MPTE ? TCONTROL_MPTE | TCONTROL_MTE : 0;
}

#endif
