/* SPDX-License-Identifier: MIT */
/*
 * An exception, as data. The code that detects a fault calls hart_trap, which fills in hart->trap,
 * and returns false. The run loop then takes the trap (trap/trap.h).
 */
#ifndef CPU_HART_EXCEPTION_H
#define CPU_HART_EXCEPTION_H

#include "bus/base.h"
#include "cpu/hart/denied_by.h"

struct hart;

enum { PRIV_U = 0, PRIV_S = 1, PRIV_M = 3 };

/* The codes of exceptions in mcause (privileged manual, table "mcause"). */
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

/* The bits of mip and mie, which are also the cause codes of interrupts. */
enum { IRQ_SSI = 1, IRQ_VSSI = 2, IRQ_MSI = 3, IRQ_STI = 5, IRQ_VSTI = 6, IRQ_MTI = 7, IRQ_SEI = 9,
       IRQ_VSEI = 10, IRQ_MEI = 11, IRQ_SGEI = 12, IRQ_LCOFI = 13 };

/* The reason, for people. It is noted where the exception is raised, and never reconstructed. */
enum trap_reason {
#define REASON(id, text) REASON_##id,
#include "cpu/hart/reason.def"
#undef REASON
	REASON_COUNT
};

struct trap {
	u64 cause;
	u64 tval; /* goes to xtval */
	u64 gpa; /* guest physical address of a guest-page fault, for mtval2 or htval */
	u64 tinst;
	u64 first; /* double trap: the cause of the trap that was not expected */
	bool gva; /* tval is a guest virtual address */
	enum trap_reason reason;
	struct denied_by denied_by;
	u8 as_priv; /* the privilege of the memory access */
	/* The pc of the last trap taken and that of its handler, for explanations. */
	u64 from, to;
	u8 from_priv;
	bool from_virt;
	u8 to_priv;
	bool to_virt;
};

/*
 * Fills in hart->trap. It always returns false, so that callers can write `return hart_trap(...)`.
 */
bool hart_trap(struct hart *hart, enum cause cause, u64 tval, enum trap_reason reason);

/* Raises a virtual-instruction exception with the instruction's bits as tval. */
bool hart_virtual(struct hart *hart, u32 raw, enum trap_reason reason);

/*
 * Raises the exception of an instruction that a register of a higher mode denies: virtual
 * instruction with V=1, else illegal instruction.
 */
bool hart_refuse(struct hart *hart, u32 raw, enum trap_reason reason);

/* Raises illegal instruction with the instruction's bits as tval. */
bool hart_illegal(struct hart *hart, u32 raw, enum trap_reason reason);

/*
 * Notes the field that denied the instruction, after one of the functions above; returns false as
 * they do.
 */
bool hart_denied_by(struct hart *hart, struct denied_by denied_by);

/* Raises the exception of ECALL, whose cause depends on the privilege mode. */
bool hart_ecall(struct hart *hart);

/*
 * Executes EBREAK at pc: returns true after a semihosting call, or false with the breakpoint
 * exception.
 */
bool hart_ebreak(struct hart *hart, u64 pc);

/*
 * Returns mnstatus.NMIE. Without Smrnmi there are no non-maskable interrupts, and nothing masks
 * them.
 */
bool trap_nmi_enabled(const struct hart *hart);

/*
 * Check that SRET, SFENCE.VMA, WFI and so on are allowed now. If not, they fill in the trap and
 * return false.
 */
bool trap_check_sret(struct hart *hart, u32 raw);
bool trap_check_mret(struct hart *hart, u32 raw);
bool trap_check_wfi(struct hart *hart, u32 raw);
bool trap_check_sfence(struct hart *hart, u32 raw);
bool trap_check_supervisor(struct hart *hart, u32 raw);

/* Check HFENCE.VVMA, HFENCE.GVMA, and HLV, HLVX and HSV. */
bool trap_check_hfence(struct hart *hart, u32 raw);
bool trap_check_hfence_gvma(struct hart *hart, u32 raw);
bool trap_check_hlv(struct hart *hart, u32 raw);

/*
 * Checks that a cbo.* instruction is allowed by the field CBIE, CBCFE or CBZE of the envcfg CSRs.
 */
bool trap_check_cbo(struct hart *hart, u32 raw, u64 envcfg_field);

/* Returns a name such as "load page fault" or "supervisor timer interrupt". */
const char *trap_name(u64 cause);
const char *trap_reason_text(enum trap_reason reason);
const char *priv_name(u8 priv, bool virt);

#endif
