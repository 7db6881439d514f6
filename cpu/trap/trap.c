/* SPDX-License-Identifier: MIT */
/*
 * Traps (privileged manual, "Machine-Level ISA" and "Supervisor-Level ISA"): delegation and entry.
 * trap_return.c has the returns.
 */
#include "cpu/trap/trap.h"

#include "bus/platform.h"
#include "cpu/counters/pmu.h"
#include "cpu/csr/fast.h"
#include "cpu/debug/triggers/trigger.h"
#include "cpu/hart/interrupt.h"
#include "cpu/hart/liveness.h"
#include "cpu/hart/trap_fill.h"
#include "cpu/hart/trap_log_note.h"
#include "cpu/trap/direct.h"
#include "cpu/trap/mode.h"
#include "cpu/trap/tinst.h"

u8 trap_target(const struct hart *hart, u64 cause, bool *to_virt)
{
	bool to_s = hart->priv != PRIV_M && (hart->medeleg >> cause & 1);

	*to_virt = to_s && hart->virt && (hart->hedeleg >> cause & 1);
	return to_s ? PRIV_S : PRIV_M;
}

/* Returns the address of the handler: in vectored mode an interrupt's is base + 4 * cause. */
static u64 trap_vector(u64 tvec, u64 cause)
{
	u64 base = tvec & ~3ull;

	return (tvec & 1) && (cause & CAUSE_INTERRUPT) ? base + 4 * (cause & 63) : base;
}

static ALWAYS_INLINE void change_mode(struct hart *hart, u8 priv, bool virt, unsigned ahead)
{
	if (unlikely(hart->pmu.filtered))
		pmu_leave_mode(hart, ahead);
	if (hart->hooks.leave_mode)
		hart->hooks.leave_mode(hart);
	csr_synchronize_fp(hart);
	mode_note(hart, hart->priv, hart->virt);
	mode_switch(hart, priv, virt);
	if (unlikely(hart->pmu.filtered))
		pmu_enter_mode(hart, ahead);
}

void hart_set_mode(struct hart *hart, u8 priv, bool virt)
{
	change_mode(hart, priv, virt, 0);
}

void hart_return_mode(struct hart *hart, u8 priv, bool virt)
{
	change_mode(hart, priv, virt, 1);
}

static u64 enter_m(struct hart *hart)
{
	const struct trap *trap = &hart->trap;
	u64 status = csr_mstatus(hart);
	bool in_nmi = hart->priv == PRIV_M && !trap_nmi_enabled(hart);

	hart->mepc = hart->pc;
	hart->mcause = trap->cause;
	hart->mtval = trap->tval;
	hart->mtval2 = trap->cause == CAUSE_DOUBLE_TRAP ? trap->first : trap->gpa >> 2;
	hart->mtinst = trap->tinst;
	status = field_set(status, MSTATUS_MPP, hart->priv);
	status = field_set(status, MSTATUS_MPV, hart->virt);
	status = field_set(status, MSTATUS_GVA, trap->gva);
	status = field_set(status, MSTATUS_MPIE, !!(status & MSTATUS_MIE));
	status &= ~MSTATUS_MIE;
	status = field_set(status, MSTATUS_MPELP, hart->elp);
	hart->elp = false;
	if (isa_has(hart->isa, EXT_smdbltrp))
		status |= MSTATUS_MDT;
	csr_set_mstatus(hart, status);
	return in_nmi ? hart->rnmi.exception : trap_vector(hart->mtvec, trap->cause);
}

/* Enters the handler of resumable non-maskable interrupts. */
static u64 enter_nmi(struct hart *hart)
{
	hart->mnepc = hart->pc;
	hart->mncause = hart->trap.cause;
	hart->mnstatus = field_set(0, MNSTATUS_MNPP, hart->priv);
	hart->mnstatus = field_set(hart->mnstatus, MNSTATUS_MNPV, hart->virt);
	hart->mnstatus = field_set(hart->mnstatus, MNSTATUS_MNPELP, hart->elp);
	hart->elp = false;
	return hart->rnmi.interrupt;
}

/*
 * Writes the registers that traps into HS-mode and VS-mode have in common. Returns the new value of
 * the mode's status.
 */
static ALWAYS_INLINE u64 enter_bank(struct hart *hart, struct sbank *s, u64 status, u64 envcfg)
{
	s->epc = hart->pc;
	s->cause = hart->trap.cause;
	s->tval = hart->trap.tval;
	status = field_set(status, MSTATUS_SPP | MSTATUS_SPIE | MSTATUS_SPELP, 0) |
		 (u64)hart->priv * MSTATUS_SPP |
		 (status & MSTATUS_SIE) * (MSTATUS_SPIE / MSTATUS_SIE);
	if (unlikely(hart->elp) || unlikely(envcfg & MENVCFG_DTE)) {
		status = field_set(status, MSTATUS_SPELP, hart->elp);
		status |= envcfg & MENVCFG_DTE ? MSTATUS_SDT : 0;
		hart->elp = false;
	}
	return status & ~MSTATUS_SIE;
}

static ALWAYS_INLINE u64 enter_hs(struct hart *hart)
{
	const struct trap *trap = &hart->trap;
	struct sbank *s = &hart->s[BANK_HS];
	u64 hstatus = hart->hstatus & ~(HSTATUS_SPV | HSTATUS_GVA);

	/* SPVP holds the guest's mode at the last trap out of a guest. */
	if (hart->virt)
		hstatus = field_set(hstatus, HSTATUS_SPVP, hart->priv) | HSTATUS_SPV;
	hart->hstatus = field_set(hstatus, HSTATUS_GVA, trap->gva);
	hart->htval = trap->gpa >> 2;
	hart->htinst = trap->tinst;
	csr_synchronize_fp(hart);
	hart->mstatus = enter_bank(hart, s, hart->mstatus, hart->menvcfg);
	return trap_vector(s->tvec, trap->cause);
}

static ALWAYS_INLINE u64 enter_vs(struct hart *hart)
{
	struct sbank *s = &hart->s[BANK_VS];

	csr_synchronize_fp(hart);
	s->status = enter_bank(hart, s, s->status, hart->henvcfg);
	return trap_vector(s->tvec, hart->trap.cause);
}

static void log_trap(struct hart *hart)
{
	const struct trap *trap = &hart->trap;
	bool reason = !(trap->cause & CAUSE_INTERRUPT);

	log_line(&hart->platform->log, LOG_INT,
		 "hart %u: %s at %s 0x%llx, tval 0x%llx -> %s 0x%llx%s%s", hart->id,
		 trap_name(trap->cause), priv_name(trap->from_priv, trap->from_virt), trap->from,
		 trap->tval, priv_name(trap->to_priv, trap->to_virt), trap->to, reason ? ": " : "",
		 reason ? trap_reason_text(trap->reason) : "");
}

/* The mode that takes a trap, or none. */
struct target {
	u8 priv;
	bool virt;
	bool nmi; /* the handler of non-maskable interrupts, in M-mode */
	bool nowhere; /* no mode takes it */
};

/* Returns whether S-mode or VS-mode is the target and expects no trap (Ssdbltrp). */
static ALWAYS_INLINE bool is_double(const struct hart *hart, struct target target)
{
	u64 status = target.virt ? hart->s[BANK_VS].status : hart->mstatus;

	return target.priv == PRIV_S && status & MSTATUS_SDT;
}

/*
 * Turns a trap into S-mode while SDT is set into a double trap. Returns its target, M-mode
 * (Ssdbltrp).
 */
static NOINLINE struct target double_trap(struct hart *hart)
{
	struct trap *trap = &hart->trap;

	if (!trap->tinst && isa_has(hart->isa, EXT_h))
		trap->tinst = tinst_transformed(hart);
	trap->first = trap->cause;
	trap->cause = CAUSE_DOUBLE_TRAP;
	return (struct target){ .priv = PRIV_M };
}

/*
 * Returns the target of a trap into M-mode. While MDT is set, or a non-maskable interrupt is
 * handled, that is the handler of non-maskable interrupts, or nowhere (Smdbltrp).
 */
static NOINLINE struct target machine_target(const struct hart *hart, struct target target)
{
	bool handles_nmi = hart->priv == PRIV_M && !trap_nmi_enabled(hart);

	if (target.nmi || !isa_has(hart->isa, EXT_smdbltrp) ||
	    !((hart->mstatus & MSTATUS_MDT) || handles_nmi))
		return target;
	target.nmi = isa_has(hart->isa, EXT_smrnmi) && trap_nmi_enabled(hart);
	target.nowhere = !target.nmi;
	return target;
}

/* Handles a critical error: the hart stops, and its state is unchanged. */
static void trap_die(struct hart *hart)
{
	trap_log_add(hart, true);
	hart->trap.reason = REASON_critical_error;
	hart->dead = true;
	hart_yield(hart);
}

static ALWAYS_INLINE u64 enter_s(struct hart *hart, bool virt)
{
	return virt ? enter_vs(hart) : enter_hs(hart);
}

static u64 enter_target(struct hart *hart, struct target target)
{
	if (target.nmi)
		return enter_nmi(hart);
	if (target.priv == PRIV_M)
		return enter_m(hart);
	return enter_s(hart, target.virt);
}

static ALWAYS_INLINE void note_from(struct hart *hart)
{
	hart->trap.from = hart->pc;
	hart->trap.from_priv = hart->priv;
	hart->trap.from_virt = hart->virt;
}

static ALWAYS_INLINE void note_to(struct hart *hart, struct target target)
{
	hart->trap.to_priv = target.priv;
	hart->trap.to_virt = target.virt;
}

/* Makes the hart continue at the handler, and notes the trap. */
static ALWAYS_INLINE void go_to(struct hart *hart, u64 handler, u64 retired, bool fault)
{
	hart->pc = hart->trap.to = handler;
	hart->traps++;
	trap_log_note(hart, false, retired, fault);
}

static void trap_enter(struct hart *hart, struct target target)
{
	struct trap *trap = &hart->trap;
	unsigned matched = 0;
	u64 handler;

	if (unlikely(is_double(hart, target)))
		target = double_trap(hart);
	if (target.priv == PRIV_M)
		target = machine_target(hart, target);
	note_from(hart);
	if (unlikely(target.nowhere)) {
		trap_die(hart);
		return;
	}
	note_to(hart, target);
	if (unlikely(hart->pmu.listening))
		pmu_count_trap(hart, trap->cause, target.virt);
	if (unlikely(hart->triggers.armed))
		matched = trigger_trap(hart);
	if (target.priv == PRIV_M)
		hart->triggers.tcontrol = trigger_control_trap(hart->triggers.tcontrol);
	handler = enter_target(hart, target);
	change_mode(hart, target.priv, target.virt, 0);
	if (unlikely(matched))
		trigger_entered(hart, matched);
	go_to(hart, handler, hart_retired(hart), trap_is_fault(trap->cause));
	if (log_on(&hart->platform->log, LOG_INT))
		log_trap(hart);
}

/*
 * Returns whether a count is a multiple of a number. The usual count is below the number, and needs
 * no division.
 */
static bool is_multiple(u64 count, u64 of)
{
	return unlikely(count >= of) && count % of == 0;
}

/*
 * Notes the exception in the streak, or begins a new one if its cause or pc differs. `retired` is
 * hart_retired().
 */
static ALWAYS_INLINE void note_streak(struct hart *hart, u64 retired)
{
	struct trap_streak *streak = &hart->streak;
	u64 cause = hart->trap.cause;

	if (streak->cause != cause || streak->epc != hart->pc) {
		streak->count = streak->retired = streak->barren = 0;
		streak->cause = cause;
		streak->epc = hart->pc;
	}
	streak->barren = streak->retired == retired ? streak->barren + 1 : 0;
	streak->retired = retired;
	streak->count++;
}

/*
 * Detects a hart that takes the same trap again and again without a return from it, and that
 * nothing will ever change. If an interrupt may change that, it is checked again after as many more
 * traps.
 */
static void watch_streak(struct hart *hart)
{
	const struct trap_streak *streak = &hart->streak;

	if ((is_multiple(streak->count, TRAP_STREAK_DEAD) && !liveness_may_open(hart)) ||
	    (is_multiple(streak->barren, TRAP_STREAK_BARREN) && !liveness_may_leave(hart))) {
		hart->dead = true;
		hart_yield(hart);
	}
}

/* Returns whether there was a return after the last exception, as is usual. */
static ALWAYS_INLINE bool begins_streak(const struct hart *hart)
{
	return hart->streak.count == 0;
}

static ALWAYS_INLINE void begin_streak(struct hart *hart, u64 retired)
{
	hart->streak = (struct trap_streak){
		.cause = hart->trap.cause, .epc = hart->pc, .retired = retired, .count = 1,
	};
}

/*
 * Counts an exception, which is a step in which no instruction retires. `begins` means that it
 * begins a streak. Returns hart_retired().
 */
static ALWAYS_INLINE u64 count_exception(struct hart *hart, bool begins)
{
	u64 retired = hart_retired(hart);

	if (begins)
		begin_streak(hart, retired);
	else
		note_streak(hart, retired);
	hart->steps++;
	hart->unretired++;
	return retired;
}

static ALWAYS_INLINE struct target exception_target(const struct hart *hart)
{
	bool to_virt;
	u8 to = trap_target(hart, hart->trap.cause, &to_virt);

	return (struct target){ .priv = to, .virt = to_virt };
}

/* Returns whether the exception needs its transformed instruction, which has not been found yet. */
static ALWAYS_INLINE bool wants_tinst(const struct hart *hart, struct target target)
{
	return tinst_is_for(hart->trap.cause) && !target.virt && !hart->trap.tinst &&
	       isa_has(hart->isa, EXT_h);
}

void trap_take(struct hart *hart)
{
	struct target target = exception_target(hart);

	count_exception(hart, begins_streak(hart));
	watch_streak(hart);
	if (wants_tinst(hart, target))
		hart->trap.tinst = tinst_transformed(hart);
	trap_enter(hart, target);
}

/*
 * Returns whether the exception is one of the usual ones: no counter and no hook has to be
 * notified, and S-mode or VS-mode takes it.
 */
static ALWAYS_INLINE bool is_usual(const struct hart *hart, struct target target)
{
	return hart_is_direct(hart) && target.priv != PRIV_M && !is_double(hart, target);
}

/* Returns whether it is time to check whether the hart does nothing but trap. */
static ALWAYS_INLINE bool is_watched(const struct hart *hart)
{
	return hart->streak.count >= TRAP_STREAK_BARREN / 2;
}

/*
 * Takes a usual exception in S-mode or VS-mode. Returns the handler's address. The change of mode
 * comes last and makes only tail calls, so that no registers have to be saved. `fault` is
 * trap_is_fault().
 */
static ALWAYS_INLINE u64 take_in_s(struct hart *hart, bool virt, bool begins, bool fault)
{
	u64 retired = count_exception(hart, begins);

	note_from(hart);
	note_to(hart, (struct target){ .priv = PRIV_S, .virt = virt });
	go_to(hart, enter_s(hart, virt), retired, fault);
	return mode_switch_at(hart, PRIV_S, virt, hart->pc);
}

/*
 * Does what take_in_s does; the case that the exception begins a streak, which is the usual one,
 * has its own copy of the code.
 */
static ALWAYS_INLINE u64 take_usual(struct hart *hart, bool virt, bool fault)
{
	return begins_streak(hart) ? take_in_s(hart, virt, true, fault) :
				     take_in_s(hart, virt, false, fault);
}

static NOINLINE u64 take_in_vs(struct hart *hart)
{
	return trap_is_fault(hart->trap.cause) ? take_usual(hart, true, true) :
						 take_usual(hart, true, false);
}

static NOINLINE u64 take_in_hs(struct hart *hart)
{
	return trap_is_fault(hart->trap.cause) ? take_usual(hart, false, true) :
						 take_usual(hart, false, false);
}

/*
 * Returns the transformed instruction of `insn`. If it is in two pages, the block does not have its
 * decoded form.
 */
static u64 tinst_known(struct hart *hart, const struct insn *insn)
{
	return insn->op == OP_page_crossing ? tinst_transformed(hart) : tinst_of(hart, insn);
}

bool trap_take_direct(struct hart *hart, const struct insn *insn)
{
	const struct target target = exception_target(hart);

	if (unlikely(!is_usual(hart, target) || is_watched(hart)))
		return false;
	if (wants_tinst(hart, target) && insn)
		hart->trap.tinst = tinst_known(hart, insn);
	if (target.virt)
		take_in_vs(hart);
	else
		take_in_hs(hart);
	return true;
}

static ALWAYS_INLINE u64 take_ecall(struct hart *hart)
{
	struct target target;

	/* as_priv is left as it is, because an ECALL accesses no memory. */
	trap_fill(hart, trap_ecall_cause(hart), 0, false, REASON_ecall);
	target = exception_target(hart);
	if (unlikely(!is_usual(hart, target)))
		return TRAP_UNDONE;
	if (likely(begins_streak(hart)))
		return take_in_s(hart, target.virt, true, false);
	if (unlikely(is_watched(hart)))
		return TRAP_UNDONE;
	return target.virt ? take_in_vs(hart) : take_in_hs(hart);
}

static NOINLINE u64 take_guest_ecall(struct hart *hart)
{
	return take_ecall(hart);
}

/* The copy for V=0 is inlined here, without the parts that depend on V. */
u64 trap_ecall_direct(struct hart *hart)
{
	return hart->virt ? take_guest_ecall(hart) : take_ecall(hart);
}

/* An interrupt ends a loop of traps, if the hart was in one. */
static void trap_take_interrupt(struct hart *hart, struct target target)
{
	hart->streak = (struct trap_streak){ .cause = hart->trap.cause };
	trap_enter(hart, target);
}

bool trap_interrupt(struct hart *hart)
{
	struct interrupt next;

	/*
	 * A trigger has fired at the trap that was just taken: its breakpoint is raised before the
	 * handler's first instruction, and before an interrupt.
	 */
	if (unlikely(hart->triggers.fired))
		return false;
	if (hart->nmi && trap_nmi_enabled(hart)) {
		hart->nmi = false;
		hart->trap = (struct trap){ .cause = CAUSE_INTERRUPT };
		trap_take_interrupt(hart, (struct target){ .priv = PRIV_M, .nmi = true });
		return true;
	}
	if (!interrupt_next(hart, &next))
		return false;
	hart->trap = (struct trap){ .cause = next.cause };
	trap_take_interrupt(hart, (struct target){ .priv = next.priv, .virt = next.virt });
	return true;
}
