/* SPDX-License-Identifier: MIT */
/*
 * Traps: what an exception is. Whoever detects a fault fills hart->trap with hart_trap and returns
 * false; the run loop takes it (trap/trap.h).
 */
#ifndef CPU_HART_TRAP_H
#define CPU_HART_TRAP_H

#include "bus/base.h"
#include "cpu/hart/denied_by.h"

struct hart;

enum { PRIV_U = 0, PRIV_S = 1, PRIV_M = 3 };

/* mcause codes of exceptions (privileged manual, table "mcause"). */
enum cause {
	CAUSE_FETCH_MISALIGNED = 0,
	CAUSE_FETCH_ACCESS = 1,
	CAUSE_ILLEGAL = 2,
	CAUSE_BREAKPOINT = 3,
	CAUSE_LOAD_MISALIGNED = 4,
	CAUSE_LOAD_ACCESS = 5,
	CAUSE_STORE_MISALIGNED = 6,
	CAUSE_STORE_ACCESS = 7,
	CAUSE_ECALL_U = 8,
	CAUSE_ECALL_S = 9,
	CAUSE_ECALL_VS = 10,
	CAUSE_ECALL_M = 11,
	CAUSE_FETCH_PAGE = 12,
	CAUSE_LOAD_PAGE = 13,
	CAUSE_STORE_PAGE = 15,
	CAUSE_DOUBLE_TRAP = 16,
	CAUSE_SOFTWARE_CHECK = 18,
	CAUSE_FETCH_GUEST_PAGE = 20,
	CAUSE_LOAD_GUEST_PAGE = 21,
	CAUSE_VIRTUAL_INSTRUCTION = 22,
	CAUSE_STORE_GUEST_PAGE = 23,
};

#define CAUSE_INTERRUPT BIT(63)

/* Bits of mip and mie, which are also the interrupts' cause codes. */
enum { IRQ_SSI = 1, IRQ_VSSI = 2, IRQ_MSI = 3, IRQ_STI = 5, IRQ_VSTI = 6, IRQ_MTI = 7, IRQ_SEI = 9,
       IRQ_VSEI = 10, IRQ_MEI = 11, IRQ_SGEI = 12, IRQ_LCOFI = 13 };

/* Why it happened, for people: filled in where it is known, never reconstructed. */
enum trap_reason {
#define REASON(id, text) REASON_##id,
#include "cpu/hart/reason.def"
#undef REASON
	REASON_COUNT
};

struct trap {
	u64 cause;
	u64 tval; /* goes to xtval */
	u64 gpa; /* guest physical address of a guest-page fault, goes to mtval2 or htval */
	u64 tinst;
	u64 first; /* double trap: the cause of the one that was not expected */
	bool gva; /* tval is a guest virtual address */
	enum trap_reason reason;
	struct denied_by denied_by;
	u8 as_priv; /* the privilege that memory was accessed with */
	/* The last trap taken, for explanations: where it was and where it went. */
	u64 from, to;
	u8 from_priv, to_priv;
	bool from_virt, to_virt;
};

/* Fill hart->trap; returns false so that `return hart_trap(...)` reads well. */
bool hart_trap(struct hart *hart, enum cause cause, u64 tval, enum trap_reason reason);

/* Virtual instruction, with the same tval. */
bool hart_virtual(struct hart *hart, u32 raw, enum trap_reason reason);

/* A control refused it below M-mode: virtual instruction with V=1, else illegal instruction. */
bool hart_refuse(struct hart *hart, u32 raw, enum trap_reason reason);

/* Illegal instruction with the instruction's bits as tval. */
bool hart_illegal(struct hart *hart, u32 raw, enum trap_reason reason);

/* Note what was in the way, after one of the above; false like them. */
bool hart_denied_by(struct hart *hart, struct denied_by denied_by);

/* ECALL's cause is the privilege it comes from. */
bool hart_ecall(struct hart *hart);

/* EBREAK at pc: true when it was a semihosting call, which is done; else the breakpoint trap. */
bool hart_ebreak(struct hart *hart, u64 pc);

/* mnstatus.NMIE; without Smrnmi nothing masks them, and there are none. */
bool trap_nmi_enabled(const struct hart *hart);

/* May SRET, SFENCE.VMA, WFI ... run here? False with the trap filled. */
bool trap_check_sret(struct hart *hart, u32 raw);
bool trap_check_mret(struct hart *hart, u32 raw);
bool trap_check_wfi(struct hart *hart, u32 raw);
bool trap_check_sfence(struct hart *hart, u32 raw);
bool trap_check_supervisor(struct hart *hart, u32 raw);

/* HFENCE.VVMA; HFENCE.GVMA; HLV, HLVX and HSV. */
bool trap_check_hfence(struct hart *hart, u32 raw);
bool trap_check_hfence_gvma(struct hart *hart, u32 raw);
bool trap_check_hlv(struct hart *hart, u32 raw);

/* cbo.*: the enabling bit CBIE, CBCFE or CBZE of the environment configuration CSRs. */
bool trap_check_cbo(struct hart *hart, u32 raw, u64 envcfg_field);

/* "load page fault", "supervisor timer interrupt". */
const char *trap_name(u64 cause);
const char *trap_reason_text(enum trap_reason reason);
const char *priv_name(u8 priv, bool virt);

#endif
