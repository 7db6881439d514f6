/* SPDX-License-Identifier: MIT */
/*
 * A hart: its architectural state, and the values derived from it (regimes, TLB views). The fields
 * that threaded code uses come first. run/hart.c lists the fields that are saved; the others are
 * rebuilt from these. mmu/view.h, trap/trap.h and run/run.h declare the functions of a hart.
 */
#ifndef CPU_HART_HART_H
#define CPU_HART_HART_H

#include "bus/base.h"
#include "bus/clock.h"
#include "bus/irq.h"
#include "cpu/hart/aia.h"
#include "cpu/hart/block_key.h"
#include "cpu/hart/hooks.h"
#include "cpu/hart/imsic_port.h"
#include "cpu/hart/limits.h"
#include "cpu/hart/mode_views.h"
#include "cpu/hart/native_state.h"
#include "cpu/hart/pmp_state.h"
#include "cpu/hart/pmu_state.h"
#include "cpu/hart/regime_state.h"
#include "cpu/hart/sbank.h"
#include "cpu/hart/tlb_stats.h"
#include "cpu/hart/trap_log.h"
#include "cpu/hart/trigger_state.h"
#include "cpu/hart/vector_state.h"
#include "cpu/isa/identity.h"
#include "cpu/isa/isa.h"

struct block_cache;
struct debug;
struct harts;
struct platform;
struct roi;
struct table_watch;
struct timebase;
struct timing_coherence;
struct timing_core;
struct tlb;
struct tlb_view;
struct watch;

/* The number of state-enable registers of each kind. */
#define STATEENS 4

#define RESERVATION_NONE UINT64_MAX

struct hart {
	u64 x[33]; /* x[32]: sink of writes to x0 */
	u64 pc;
	u64 npc; /* interpreter: the pc after the current instruction */
	u64 f[32];
	u64 steps; /* instructions begun since reset, trapped ones too: the hart's own time */
	u64 limit; /* value of `steps` at which the slice ends */
	struct tlb_view *data; /* the view for loads and stores now */
	struct tlb_view *fetch; /* the view for fetches now */
	u32 block_key; /* everything on which decoded code depends, except its bytes */
	u16 index; /* instructions done in the block; `steps` is that of the block's start */
	bool stop; /* leave the block after this instruction: interrupts or blocks have changed */
	bool yield; /* end the slice, too */
	bool alert; /* an interrupt or a trigger may be next in some mode (interrupt_alert) */
	bool traps_observed; /* by a hook, the log or a counter (set by the run loop) */
	bool relax; /* PAUSE or WRS has given up the rest of the slice */
	bool lpe, sse; /* landing pads, shadow stacks are in force (cfi.h) */
	bool elp; /* a landing pad is expected */
	u8 frm, fflags;
	bool fp_dirty; /* mstatus.FS is Dirty */

	u8 priv; /* PRIV_U, PRIV_S, PRIV_M */
	bool virt;
	bool waiting, asks; /* in WFI; or EBREAK is executed again when semihost_ready */
	bool dead; /* it can only trap, without end */
	bool held; /* a debugger keeps it from running */
	u64 reservation; /* physical address of LR's reservation, or RESERVATION_NONE (harts.c) */
	u8 reservation_size;
	u64 reservation_steps; /* `steps` at that LR */

	/* M-mode CSRs, named as in the manual. */
	u64 mstatus, medeleg, mideleg, mie, mtvec, mscratch, mepc, mcause, mtval, mtval2, mtinst;
	u64 mnscratch, mnepc, mncause, mnstatus; /* Smrnmi */
	bool nmi; /* a resumable non-maskable interrupt is pending */
	u64 held_until; /* `steps` until which no interrupt is taken; usually in the past */
	u64 mip; /* the bits that software writes, and latched lines */
	u64 lines; /* levels of the interrupt pins, as bits of mip */
	u64 menvcfg, senvcfg, mseccfg, jvt;
	u64 ssp; /* shadow stack pointer */
	u32 mcounteren, scounteren;
	u32 seed; /* the value that the next poll of Zkr's CSR returns */
	u64 unretired; /* steps that did not retire: traps */
	u64 idle; /* ns in WFI; 0 with the host clock: a paused core has no cycles (Zicntr) */
	struct sbank s[BANK_COUNT];
	/* Hypervisor CSRs. */
	u64 hstatus, hedeleg, hideleg, hvip, hgeie, henvcfg, htimedelta, htval, htinst, hgatp;
	u64 hgeip; /* levels of the guest external interrupts */
	u32 hcounteren;
	struct aia aia;
	u64 mstateen[STATEENS], hstateen[STATEENS], sstateen0;
	struct pmp pmp;

	struct trap trap;
	u64 traps; /* the number of traps taken since reset */
	struct trap_streak streak;
	struct trap_log log; /* the last traps taken */

	const struct regime *data_regime, *fetch_regime; /* those of the mode itself */

	unsigned id;
	unsigned shift; /* without a timing model a step takes 2^shift nanoseconds */
	struct rnmi_vectors rnmi;
	struct identity identity;
	bool adue_at_reset; /* menvcfg.ADUE after reset, also with Svade */
	struct harts *harts; /* the machine's harts; NULL: it is alone */
	struct isa *isa; /* shared by the machine's harts */
	u64 status_bits; /* the bits of mstatus that the extensions have, with those of sstatus */
	u64 status_fixed; /* the bits of mstatus that are always one: UXL, SXL */
	struct native native;
	struct block_cache *blocks; /* decoded blocks, shared */
	struct table_watch *tables; /* the page tables of which TLBs remember something, shared */
	struct platform *platform;
	struct timebase *timebase;
	struct tlb *tlb;
	struct tlb_stats tlb_stats;
	struct imsic_port imsic; /* all zeros: the hart has a PLIC */
	struct clock_event timer_event[BANK_COUNT]; /* stimecmp, vstimecmp */
	struct clock_event overflow_event; /* the overflow of a counter, while the hart waits */
	struct insn *memo; /* interpreter: decoded instructions by their bits */
	struct roi *roi; /* the regions that are timed (roi.h); NULL: always or never */
	struct timed *timed; /* the connection to its timing model (timed.h), or NULL */
	struct hart_hooks hooks; /* the functions by which other parts take part in its work */
	struct watch *watch; /* the observers of its instructions (observe.h), or NULL */
	struct coverage *coverage; /* the blocks that were entered (coverage.h), or NULL */
	struct debug *debug; /* the debugger's breakpoints and stops (debug.h), or NULL */
	/* At EBREAK: executes a semihosting call; false: it is none. NULL: no semihosting. */
	bool (*semihost)(struct hart *hart, u64 pc, void *ctx), (*semihost_ready)(void *ctx);
	void *semihost_ctx;
	struct pmu pmu;
	struct triggers triggers;
	struct vector_state vector;
	u64 mode_left; /* for samples: the mode last left, and its pc (mode_note); no state */
	u8 modes_told; /* for the log: registers whose written MODE was refused (csr.c); no state */
	u64 epoch; /* counts changes that affect the views, except of values that mode_views has */
	struct mode_views mode_views[MODE_VIEWS_MAX];
};

/* Returns the interrupt line of a bit of mip: 3 MSIP, 7 MTIP, 9 SEIP, 11 MEIP; line 1 sets SSIP. */
struct irq hart_irq(struct hart *hart, unsigned mip_bit);

/* Returns the line of a guest external interrupt, a bit of hgeip: 1 to GEILEN, imsic.guests. */
struct irq hart_guest_irq(struct hart *hart, unsigned guest);

/*
 * Called when an interrupt becomes visible, at the time `ns`: the instructions that the pipeline of
 * a timing model contains then retire before it is taken, at most HART_HELD_MAX.
 */
#define HART_HELD_MAX 64
static inline void hart_interrupted(struct hart *hart, u64 ns)
{
	if (hart->hooks.steps_before_interrupt)
		hart->held_until = hart->steps + hart->hooks.steps_before_interrupt(hart, ns);
}

/* Returns whether the hart has a timing model, which counts cycles and events. */
static inline bool hart_is_timed(const struct hart *hart)
{
	return hart->hooks.events;
}

bool hart_takes_interrupts(const struct hart *hart); /* whether it would take one now */

/* Returns how many instructions must be executed before an interrupt is taken. */
static inline u64 hart_holds(const struct hart *hart)
{
	return hart->held_until > hart->steps ? hart->held_until - hart->steps : 0;
}

/* Leaves the slice after the current instruction. */
static inline void hart_yield(struct hart *hart)
{
	hart->stop = hart->yield = true;
}

/* Returns the instructions begun, exact also in the middle of a block. */
static inline u64 hart_steps(const struct hart *hart)
{
	return hart->steps + hart->index;
}

/* Return instructions retired and cycles since reset, whatever was written to the counters. */
static inline u64 hart_retired(const struct hart *hart)
{
	return hart_steps(hart) - hart->unretired;
}

static inline u64 hart_cycles(const struct hart *hart)
{
	return hart->hooks.cycles(hart);
}

/* Returns the machine's time in ns, as the hart sees it. */
static inline u64 hart_time(const struct hart *hart)
{
	return hart->hooks.now(hart);
}

/*
 * Return after how many steps to compare the time with `until` again, exactly or approximately
 * (timed/ahead.h), the most steps that `ns` can take, and whether the hart has reached `ns`.
 */
static inline u64 hart_steps_until(struct hart *hart, u64 until)
{
	return hart->hooks.steps_until(hart, until);
}

static inline u64 hart_steps_about(struct hart *hart, u64 until)
{
	return hart->hooks.steps_about(hart, until);
}

static inline u64 hart_steps_most(const struct hart *hart, u64 ns)
{
	return hart->hooks.steps_most(hart, ns);
}

static inline bool hart_reaches(const struct hart *hart, u64 ns)
{
	return hart->hooks.reaches(hart, ns);
}

/* Reports all that the hart did to its timing model. Call it before others write memory. */
static inline void hart_synchronize(struct hart *hart)
{
	if (hart->hooks.synchronize)
		hart->hooks.synchronize(hart);
}

/*
 * Returns whether a hart in WFI runs again: when an enabled interrupt is pending, whatever
 * mstatus.MIE says, or a non-maskable one, whatever mnstatus.NMIE says.
 */
bool hart_wakes(const struct hart *hart);

/* Lets the other harts run, for PAUSE and WRS. */
static inline void hart_relax(struct hart *hart)
{
	hart->relax = true;
	hart_yield(hart);
}

/* Raises a resumable non-maskable interrupt: it is taken once, when mnstatus.NMIE allows it. */
void hart_nmi(struct hart *hart);

/* Computes again when STIP and VSTIP rise, after mtime jumped or a comparator was written. */
void hart_timers_update(struct hart *hart);

#endif
