/* SPDX-License-Identifier: MIT */
/*
 * Traps (privileged manual, "Machine-Level ISA" and "Supervisor-Level ISA"): delegation, entry,
 * return, and the checks of privileged instructions.
 */
#include "cpu/trap.h"

#include "bus/platform.h"
#include "cpu/csr.h"
#include "cpu/hart.h"

static const char *const reason_text[REASON_COUNT] = {
#define REASON(id, text) [REASON_##id] = text,
#include "cpu/reason.def"
#undef REASON
};

static const char *const exception_name[24] = {
	"instruction address misaligned", "instruction access fault", "illegal instruction",
	"breakpoint", "load address misaligned", "load access fault",
	"store/AMO address misaligned", "store/AMO access fault", "environment call from U-mode",
	"environment call from S-mode", "environment call from VS-mode",
	"environment call from M-mode", "instruction page fault", "load page fault", NULL,
	"store/AMO page fault", NULL, NULL, NULL, NULL, "instruction guest-page fault",
	"load guest-page fault", "virtual instruction", "store/AMO guest-page fault",
};

static const char *const interrupt_name[14] = {
	NULL, "supervisor software interrupt", "VS software interrupt",
	"machine software interrupt", NULL, "supervisor timer interrupt", "VS timer interrupt",
	"machine timer interrupt", NULL, "supervisor external interrupt",
	"VS external interrupt", "machine external interrupt",
	"supervisor guest external interrupt", "counter-overflow interrupt",
};

const char *trap_name(u64 cause)
{
	u64 code = cause & ~CAUSE_INTERRUPT;
	const char *name = NULL;

	if (cause & CAUSE_INTERRUPT)
		name = code < ARRAY_SIZE(interrupt_name) ? interrupt_name[code] : NULL;
	else
		name = code < ARRAY_SIZE(exception_name) ? exception_name[code] : NULL;
	return name ? name : "reserved cause";
}

const char *trap_reason_text(enum trap_reason reason)
{
	return reason_text[reason];
}

const char *priv_name(u8 priv, bool virt)
{
	static const char *const names[2][4] = { { "U", "S", "?", "M" }, { "VU", "VS", "?", "?" } };

	return names[virt][priv & 3];
}

bool hart_trap(struct hart *hart, enum cause cause, u64 tval, enum trap_reason reason)
{
	struct trap *trap = &hart->trap;

	trap->cause = cause;
	trap->tval = tval;
	trap->gpa = trap->tinst = 0;
	trap->gva = false;
	trap->reason = reason;
	return false;
}

bool hart_illegal(struct hart *hart, u32 raw, enum trap_reason reason)
{
	return hart_trap(hart, CAUSE_ILLEGAL, raw, reason);
}

bool hart_ecall(struct hart *hart)
{
	return hart_trap(hart, CAUSE_ECALL_U + hart->priv, 0, REASON_ecall);
}

bool hart_ebreak(struct hart *hart, u64 pc)
{
	/* Not from U-mode: a process of a system must not end the machine. */
	if (hart->priv != PRIV_U && hart->semihost && hart->semihost(hart, pc, hart->semihost_ctx))
		return true;
	return hart_trap(hart, CAUSE_BREAKPOINT, pc, REASON_ebreak);
}

u8 trap_target(const struct hart *hart, u64 cause, bool *to_virt)
{
	u64 delegated = cause & CAUSE_INTERRUPT ? hart->mideleg : hart->medeleg;

	*to_virt = false;
	return hart->priv != PRIV_M && (delegated >> (cause & 63) & 1) ? PRIV_S : PRIV_M;
}

/* A trap vector: interrupts may go to base + 4 * cause. */
static u64 vector(u64 tvec, u64 cause)
{
	u64 base = tvec & ~3ull;

	return (tvec & 1) && (cause & CAUSE_INTERRUPT) ? base + 4 * (cause & 63) : base;
}

static u64 enter_m(struct hart *hart)
{
	u64 status = csr_mstatus(hart);

	hart->mepc = hart->pc;
	hart->mcause = hart->trap.cause;
	hart->mtval = hart->trap.tval;
	status = field_set(status, MSTATUS_MPP, hart->priv);
	status = field_set(status, MSTATUS_MPIE, !!(status & MSTATUS_MIE));
	status &= ~MSTATUS_MIE;
	hart->priv = PRIV_M;
	csr_set_mstatus(hart, status);
	return vector(hart->mtvec, hart->trap.cause);
}

static u64 enter_s(struct hart *hart)
{
	struct sbank *s = &hart->s[BANK_HS];
	u64 status = csr_mstatus(hart);

	s->epc = hart->pc;
	s->cause = hart->trap.cause;
	s->tval = hart->trap.tval;
	status = field_set(status, MSTATUS_SPP, hart->priv);
	status = field_set(status, MSTATUS_SPIE, !!(status & MSTATUS_SIE));
	status &= ~MSTATUS_SIE;
	hart->priv = PRIV_S;
	csr_set_mstatus(hart, status);
	return vector(s->tvec, hart->trap.cause);
}

static void enter(struct hart *hart)
{
	struct trap *trap = &hart->trap;
	bool to_virt;
	u8 target = trap_target(hart, trap->cause, &to_virt);

	trap->from = hart->pc;
	trap->from_priv = hart->priv;
	trap->to_priv = target;
	trap->to = target == PRIV_M ? enter_m(hart) : enter_s(hart);
	hart->pc = trap->to;
	hart->traps++;
	if (log_on(&hart->platform->log, LOG_INT))
		log_line(&hart->platform->log, LOG_INT,
			 "hart %u: %s at %s 0x%llx, tval 0x%llx -> %s 0x%llx: %s", hart->id,
			 trap_name(trap->cause), priv_name(trap->from_priv, false),
			 (unsigned long long)trap->from, (unsigned long long)trap->tval,
			 priv_name(target, to_virt), (unsigned long long)trap->to,
			 trap_reason_text(trap->reason));
}

/* The same trap again and again with no return between: nothing will ever change. */
static void watch_streak(struct hart *hart)
{
	struct trap_streak *streak = &hart->streak;
	u64 cause = hart->trap.cause, retired = hart_retired(hart);

	if (streak->cause != cause || streak->epc != hart->pc)
		*streak = (struct trap_streak){ .cause = cause, .epc = hart->pc };
	streak->barren = streak->retired == retired ? streak->barren + 1 : 0;
	streak->retired = retired;
	if (++streak->count >= TRAP_STREAK_DEAD || streak->barren >= TRAP_STREAK_BARREN) {
		hart->dead = true;
		hart_yield(hart);
	}
}

void trap_take(struct hart *hart)
{
	watch_streak(hart);
	hart->steps++;
	hart->untired++;
	enter(hart);
}

/* Interrupts in the order in which the manual takes them, of those in `pending`. */
static unsigned first_of(u64 pending)
{
	static const u8 order[] = { IRQ_MEI, IRQ_MSI, IRQ_MTI, IRQ_SEI, IRQ_SSI, IRQ_STI };

	for (unsigned i = 0; i < ARRAY_SIZE(order); i++)
		if (pending >> order[i] & 1)
			return order[i];
	return 0;
}

bool trap_interrupt(struct hart *hart)
{
	u64 pending = hart_mip(hart) & hart->mie;
	u64 for_m = pending & ~hart->mideleg, for_s = pending & hart->mideleg;
	bool m_on = hart->priv < PRIV_M || (hart->mstatus & MSTATUS_MIE);
	bool s_on = hart->priv < PRIV_S ||
		    (hart->priv == PRIV_S && (hart->mstatus & MSTATUS_SIE));
	u64 take = m_on && for_m ? for_m : s_on ? for_s : 0;

	if (!take)
		return false;
	hart_trap(hart, 0, 0, REASON_none);
	hart->trap.cause = CAUSE_INTERRUPT | first_of(take);
	enter(hart);
	return true;
}

u64 trap_mret(struct hart *hart)
{
	u64 status = csr_mstatus(hart);
	u8 to = (u8)field_get(status, MSTATUS_MPP);

	status = field_set(status, MSTATUS_MIE, !!(status & MSTATUS_MPIE));
	status |= MSTATUS_MPIE;
	status = field_set(status, MSTATUS_MPP, PRIV_U);
	if (to != PRIV_M)
		status &= ~MSTATUS_MPRV;
	hart->priv = to;
	hart->streak.count = 0;
	csr_set_mstatus(hart, status);
	return hart->mepc;
}

u64 trap_sret(struct hart *hart)
{
	u64 status = csr_mstatus(hart);
	u8 to = (u8)field_get(status, MSTATUS_SPP);

	status = field_set(status, MSTATUS_SIE, !!(status & MSTATUS_SPIE));
	status |= MSTATUS_SPIE;
	/* The new mode is never M, so MPRV is cleared whatever it was. */
	status &= ~(MSTATUS_SPP | MSTATUS_MPRV);
	hart->priv = to;
	hart->streak.count = 0;
	csr_set_mstatus(hart, status);
	return hart->s[BANK_HS].epc;
}

bool trap_check_mret(struct hart *hart, u32 raw)
{
	return hart->priv == PRIV_M || hart_illegal(hart, raw, REASON_privilege);
}

/* In S-mode a bit of mstatus may reserve the instruction for M-mode. */
static bool check_s(struct hart *hart, u32 raw, u64 reserved_by, enum trap_reason reason)
{
	if (hart->priv == PRIV_U)
		return hart_illegal(hart, raw, REASON_privilege);
	if (hart->priv == PRIV_S && (hart->mstatus & reserved_by))
		return hart_illegal(hart, raw, reason);
	return true;
}

bool trap_check_sret(struct hart *hart, u32 raw)
{
	return check_s(hart, raw, MSTATUS_TSR, REASON_tsr);
}

bool trap_check_sfence(struct hart *hart, u32 raw)
{
	return check_s(hart, raw, MSTATUS_TVM, REASON_tvm);
}

bool trap_check_supervisor(struct hart *hart, u32 raw)
{
	return check_s(hart, raw, 0, REASON_none);
}

/*
 * With S-mode present, WFI in U-mode traps unless it completes at once; so does WFI in S-mode
 * with TW. This hart never completes it at once.
 */
bool trap_check_wfi(struct hart *hart, u32 raw)
{
	if (!isa_has(hart->isa, EXT_s))
		return hart->priv == PRIV_M || !(hart->mstatus & MSTATUS_TW) ||
		       hart_illegal(hart, raw, REASON_tw);
	return check_s(hart, raw, MSTATUS_TW, REASON_tw);
}

bool trap_check_cbo(struct hart *hart, u32 raw, u64 envcfg_field)
{
	bool m_allows = hart->priv == PRIV_M || (hart->menvcfg & envcfg_field);
	bool s_allows = hart->priv != PRIV_U || (hart->senvcfg & envcfg_field);

	return (m_allows && s_allows) || hart_illegal(hart, raw, REASON_envcfg);
}
