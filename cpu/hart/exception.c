/* SPDX-License-Identifier: MIT */
/* Exceptions (see exception.h). trap/trap.c takes them. */
#include "cpu/hart/exception.h"

#include "cpu/hart/hart.h"
#include "cpu/hart/trap_fill.h"
#include "cpu/isa/csr_bits.h"

static const char *const reason_text[REASON_COUNT] = {
#define REASON(id, text) [REASON_##id] = text,
#include "cpu/hart/reason.def"
#undef REASON
};

static const char *const exception_name[24] = {
	"instruction address misaligned", "instruction access fault", "illegal instruction",
	"breakpoint", "load address misaligned", "load access fault",
	"store/AMO address misaligned", "store/AMO access fault", "environment call from U-mode",
	"environment call from S-mode", "environment call from VS-mode",
	"environment call from M-mode", "instruction page fault", "load page fault", NULL,
	"store/AMO page fault", "double trap", NULL, "software check", "hardware error",
	"instruction guest-page fault",
	"load guest-page fault", "virtual instruction", "store/AMO guest-page fault",
};

static const char *const interrupt_name[14] = {
	"non-maskable interrupt", "supervisor software interrupt", "VS software interrupt",
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
	trap_fill(hart, cause, tval, trap_is_guests(hart, cause), reason);
	hart->trap.as_priv = hart->data->regime.priv;
	return false;
}

bool hart_denied_by(struct hart *hart, struct denied_by denied_by)
{
	hart->trap.denied_by = denied_by;
	return false;
}

bool hart_illegal(struct hart *hart, u32 raw, enum trap_reason reason)
{
	return hart_trap(hart, CAUSE_ILLEGAL, raw, reason);
}

bool hart_virtual(struct hart *hart, u32 raw, enum trap_reason reason)
{
	return hart_trap(hart, CAUSE_VIRTUAL_INSTRUCTION, raw, reason);
}

bool hart_refuse(struct hart *hart, u32 raw, enum trap_reason reason)
{
	return hart->virt ? hart_virtual(hart, raw, reason) : hart_illegal(hart, raw, reason);
}

bool hart_ecall(struct hart *hart)
{
	return hart_trap(hart, (enum cause)trap_ecall_cause(hart), 0, REASON_ecall);
}

bool hart_ebreak(struct hart *hart, u64 pc)
{
	/*
	 * U-mode may not make semihosting calls: a process of an operating system must not be able
	 * to end the machine.
	 */
	if (hart->priv != PRIV_U && hart->semihost && hart->semihost(hart, pc, hart->semihost_ctx))
		return true;
	return hart_trap(hart, CAUSE_BREAKPOINT, pc, REASON_ebreak);
}

bool trap_nmi_enabled(const struct hart *hart)
{
	return !isa_has(hart->isa, EXT_smrnmi) || (hart->mnstatus & MNSTATUS_NMIE);
}
