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

/*
 * The six CSR instructions are one operation: read, then write the value that `how` derives from
 * the operand.
 */
enum csr_how { CSR_WRITE, CSR_SET, CSR_CLEAR };

/*
 * Accesses a register for an instruction. `reads` and `writes`: the instruction reads, writes the
 * register (rd or rs1 may be x0). Returns false with the trap filled in; otherwise *old is the
 * value for rd.
 */
struct csr_access {
	u16 number;
	enum csr_how how;
	u64 operand;
	bool reads, writes;
	u32 raw; /* the instruction, for tval */
};
bool csr_access(struct hart *hart, const struct csr_access *access, u64 *old);

/* Executes a CSR instruction in this way, and writes rd. Returns false with the trap filled in. */
bool csr_insn(struct hart *hart, const struct insn *insn, enum csr_how how, u64 operand,
	      bool writes);

/*
 * Writes sstatus in S-mode, or vsstatus if V=1, if no interrupt can follow; otherwise does nothing
 * and returns false. Afterwards the FP unit and vectors may be on or off as they were not before.
 */
bool csr_sstatus_direct(struct hart *hart, enum csr_how how, u64 operand);

/* Does the same for sie, or vsie if V=1, if no interrupt is pending and enabled after that. */
bool csr_sie_direct(struct hart *hart, enum csr_how how, u64 operand);

/*
 * Does the same for satp, or vsatp if V=1, if the page of the running native code stays the same.
 */
bool csr_satp_direct(struct hart *hart, enum csr_how how, u64 operand);

/*
 * Stores a register's value, for debuggers and tests. Returns false if the hart has no such
 * register.
 */
bool csr_peek(struct hart *hart, u16 number, u64 *value);

/*
 * Writes a register for debuggers and tests, whatever the hart's mode. Returns false if the hart
 * has no such register, or it is read-only.
 */
bool csr_poke(struct hart *hart, u16 number, u64 value);

/*
 * Stores the manual's name of a register ("pmpaddr3"). Returns false if no hart has the register.
 */
#define CSR_NAME_MAX 16
bool csr_name(u16 number, char *name, size_t size);

/* Stores the extension that the hart lacks for this register. Returns false if there is none. */
bool csr_absent(const struct hart *hart, u16 number, unsigned *ext);

/*
 * Returns whether the register has its own value. Otherwise it is a view of other registers, or a
 * counter.
 */
bool csr_is_own(u16 number);

/* Returns the register that a number denotes now: if V=1 the VS register, if there is one. */
u16 csr_number_now(const struct hart *hart, u16 number);

/*
 * Clears all bits of registers that no write could have set. Needed after a load, because the state
 * comes from outside.
 */
void csr_legalise(struct hart *hart);

/* Return whether the hart has a privilege mode, and the least privileged mode that it has. */
bool csr_has_mode(const struct hart *hart, u64 priv);
u64 csr_least_mode(const struct hart *hart);

/* Return mstatus and vsstatus with FS, SD and the read-only fields as software sees them. */
u64 csr_mstatus(const struct hart *hart);
u64 csr_vsstatus(const struct hart *hart);

/* Replaces mstatus by a legal value, FS included. Views are not derived again. */
void csr_set_mstatus(struct hart *hart, u64 value);

/*
 * Return the FS field (of mstatus or vsstatus) that keeps the floating-point unit off, and the VS
 * field that keeps vectors off.
 */
struct denied_by csr_fp_denied_by(const struct hart *hart);
struct denied_by csr_vector_denied_by(const struct hart *hart);

#endif
