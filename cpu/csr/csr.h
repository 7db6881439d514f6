/* SPDX-License-Identifier: MIT */
/*
 * Control and status registers: access by instructions and by others. The registers themselves are
 * rows of csr.def; their bits are named in isa/csr_bits.h.
 */
#ifndef CPU_CSR_CSR_H
#define CPU_CSR_CSR_H

#include "bus/base.h"
#include "cpu/isa/csr_bits.h"

struct denied_by;
struct hart;

/* The six CSR instructions are one operation: read, then write what `how` makes of operand. */
enum csr_how { CSR_WRITE, CSR_SET, CSR_CLEAR };

/*
 * Access by an instruction: `reads` and `writes` say whether it does either (rd or rs1 is x0).
 * False with the trap filled. *old is what rd gets.
 */
struct csr_access {
	u16 number;
	enum csr_how how;
	u64 operand;
	bool reads, writes;
	u32 raw; /* the instruction, for tval */
};
bool csr_access(struct hart *hart, const struct csr_access *access, u64 *old);

/* For debuggers and the tests: the value; false when the hart has no such register. */
bool csr_peek(struct hart *hart, u16 number, u64 *value);

/* A write by such, whatever the hart's mode; false also when the register is read-only. */
bool csr_poke(struct hart *hart, u16 number, u64 value);

/* The manual's name ("pmpaddr3") into name; false when no hart has the register. */
#define CSR_NAME_MAX 16
bool csr_name(u16 number, char *name, size_t size);

/* The extension whose register it is, which the hart does not have; false when there is none. */
bool csr_absent(const struct hart *hart, u16 number, unsigned *ext);

/* Does the register hold a value of its own? Else it is a view of others, or counts by itself. */
bool csr_is_own(u16 number);

/* Returns the register that a number means now: with V=1 the VS copy, if there is one. */
u16 csr_number_now(const struct hart *hart, u16 number);

/* Cut from all registers the bits that no write could have set: they come from outside. */
void csr_legalise(struct hart *hart);

/* These say whether the hart has a privilege mode, and which is the least one that it has. */
bool csr_has_mode(const struct hart *hart, u64 priv);
u64 csr_least_mode(const struct hart *hart);

/* mstatus and vsstatus with FS, SD and the read-only fields as software sees them. */
u64 csr_mstatus(const struct hart *hart);
u64 csr_vsstatus(const struct hart *hart);

/* Replace mstatus or vsstatus by a legal value, FS included. Views do not follow. */
void csr_set_mstatus(struct hart *hart, u64 value);
void csr_set_vsstatus(struct hart *hart, u64 value);

/* Returns the FS field (of mstatus or vsstatus) that keeps the floating-point unit off. */
struct denied_by csr_fp_denied_by(const struct hart *hart);

/*
 * Let floating-point state that instructions made dirty show in mstatus.FS and, with V=1, in
 * vsstatus.FS. Before V changes: the dirtiness belongs to the mode that made it.
 */
void csr_settle_fp(struct hart *hart);

#endif
