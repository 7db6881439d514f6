/* SPDX-License-Identifier: MIT */
/*
 * Control and status registers: access by instructions and by other code. The registers are rows of
 * csr.def; isa/csr_bits.h names their bits.
 */
#ifndef CPU_CSR_CSR_H
#define CPU_CSR_CSR_H

#include "bus/base.h"
#include "cpu/isa/csr_bits.h"

struct denied_by;
struct hart;
struct insn;

/* The six CSR instructions are one operation: read, then write what `how` makes of the operand. */
enum csr_how { CSR_WRITE, CSR_SET, CSR_CLEAR };

/*
 * Accesses a register by an instruction: `reads` and `writes` say whether it does either (rd or rs1
 * may be x0). Returns false with the trap filled in. *old is the value for rd.
 */
struct csr_access {
	u16 number;
	enum csr_how how;
	u64 operand;
	bool reads, writes;
	u32 raw; /* the instruction, for tval */
};
bool csr_access(struct hart *hart, const struct csr_access *access, u64 *old);

/* Executes the instruction so, with rd. Returns false with the trap filled in. */
bool csr_insn(struct hart *hart, const struct insn *insn, enum csr_how how, u64 operand,
	      bool writes);

/*
 * Writes sstatus in S-mode, with V=1 vsstatus, if no interrupt can follow. Else it returns false,
 * with nothing done. The FP unit and vectors may be off or on then that were not before.
 */
bool csr_sstatus_direct(struct hart *hart, enum csr_how how, u64 operand);

/* Writes sie so, with V=1 vsie, if no interrupt is pending and enabled then. */
bool csr_sie_direct(struct hart *hart, enum csr_how how, u64 operand);

/* Writes satp so, with V=1 vsatp, if the page of the native code that runs stays the same. */
bool csr_satp_direct(struct hart *hart, enum csr_how how, u64 operand);

/* Gets a value for debuggers and the tests; returns false if the hart has no such register. */
bool csr_peek(struct hart *hart, u16 number, u64 *value);

/* Writes for those, whatever the hart's mode; returns false also if the register is read-only. */
bool csr_poke(struct hart *hart, u16 number, u64 value);

/* Writes the manual's name ("pmpaddr3") into name; returns false if no hart has the register. */
#define CSR_NAME_MAX 16
bool csr_name(u16 number, char *name, size_t size);

/*
 * Gets the extension that the hart would need for the register; returns false when there is none.
 */
bool csr_absent(const struct hart *hart, u16 number, unsigned *ext);

/*
 * Returns whether the register holds a value of its own. Otherwise it is a view of others, or
 * counts by itself.
 */
bool csr_is_own(u16 number);

/* Returns the register that a number means now: with V=1 the VS copy, if there is one. */
u16 csr_number_now(const struct hart *hart, u16 number);

/* Cuts from all registers the bits that no write could have set, because they come from outside. */
void csr_legalise(struct hart *hart);

/* Return whether the hart has a privilege mode, and the least privileged mode that it has. */
bool csr_has_mode(const struct hart *hart, u64 priv);
u64 csr_least_mode(const struct hart *hart);

/* Return mstatus and vsstatus with FS, SD and the read-only fields as software sees them. */
u64 csr_mstatus(const struct hart *hart);
u64 csr_vsstatus(const struct hart *hart);

/* Replaces mstatus by a legal value, FS included. Views are not derived again. */
void csr_set_mstatus(struct hart *hart, u64 value);

/* Returns the FS field (of mstatus or vsstatus) that keeps the floating-point unit off. */
struct denied_by csr_fp_denied_by(const struct hart *hart);
struct denied_by csr_vector_denied_by(const struct hart *hart); /* the same of VS and vectors */

#endif
