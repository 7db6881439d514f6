/* SPDX-License-Identifier: MIT */
/*
 * Control and status registers: their bits, named as in the manual, and access by instructions.
 * The registers themselves are rows of csr.def.
 */
#ifndef CPU_CSR_CSR_H
#define CPU_CSR_CSR_H

#include "bus/base.h"

struct culprit;
struct hart;

#define MSTATUS_SIE BIT(1)
#define MSTATUS_MIE BIT(3)
#define MSTATUS_SPIE BIT(5)
#define MSTATUS_MPIE BIT(7)
#define MSTATUS_SPP BIT(8)
#define MSTATUS_MPP (3ull << 11)
#define MSTATUS_FS (3ull << 13)
#define MSTATUS_MPRV BIT(17)
#define MSTATUS_SUM BIT(18)
#define MSTATUS_MXR BIT(19)
#define MSTATUS_TVM BIT(20)
#define MSTATUS_TW BIT(21)
#define MSTATUS_TSR BIT(22)
#define MSTATUS_SPELP BIT(23)
#define MSTATUS_SDT BIT(24)
#define MSTATUS_UXL (3ull << 32)
#define MSTATUS_SXL (3ull << 34)
#define MSTATUS_GVA BIT(38)
#define MSTATUS_MPV BIT(39)
#define MSTATUS_MPELP BIT(41)
#define MSTATUS_MDT BIT(42)
#define MSTATUS_SD BIT(63)

#define MNSTATUS_NMIE BIT(3)
#define MNSTATUS_MNPV BIT(7)
#define MNSTATUS_MNPELP BIT(9)
#define MNSTATUS_MNPP (3ull << 11)

#define HSTATUS_GVA BIT(6)
#define HSTATUS_SPV BIT(7)
#define HSTATUS_SPVP BIT(8)
#define HSTATUS_HU BIT(9)
#define HSTATUS_VGEIN (63ull << 12)
#define HSTATUS_VTVM BIT(20)
#define HSTATUS_VTW BIT(21)
#define HSTATUS_VTSR BIT(22)
#define HSTATUS_VSXL (3ull << 32)
#define HSTATUS_HUPMM (3ull << 48)

enum { FS_OFF, FS_INITIAL, FS_CLEAN, FS_DIRTY };

#define MENVCFG_FIOM BIT(0)
#define MENVCFG_LPE BIT(2)
#define MENVCFG_SSE BIT(3)
#define MENVCFG_CBIE (3ull << 4)
#define MENVCFG_CBCFE BIT(6)
#define MENVCFG_CBZE BIT(7)
#define MENVCFG_PMM (3ull << 32)
#define MENVCFG_DTE BIT(59)
#define MENVCFG_CDE BIT(60)
#define MENVCFG_ADUE BIT(61)
#define MENVCFG_PBMTE BIT(62)
#define MENVCFG_STCE BIT(63)

#define MSECCFG_MML BIT(0)
#define MSECCFG_MMWP BIT(1)
#define MSECCFG_RLB BIT(2)
#define MSECCFG_USEED BIT(8)
#define MSECCFG_SSEED BIT(9)
#define MSECCFG_MLPE BIT(10)
#define MSECCFG_PMM (3ull << 32)

/* mstateen0 and hstateen0, JVT also sstateen0; SE is in all words of the former two. */
#define STATEEN_JVT BIT(2)
#define STATEEN_CONTEXT BIT(57)
#define STATEEN_IMSIC BIT(58)
#define STATEEN_AIA BIT(59)
#define STATEEN_CSRIND BIT(60)
#define STATEEN_ENVCFG BIT(62)
#define STATEEN_SE BIT(63)

#define COUNTEREN_CY BIT(0)
#define COUNTEREN_TM BIT(1)
#define COUNTEREN_IR BIT(2)
#define COUNTEREN_HPM 0xfffffff8ull

#define CSR_FFLAGS 0x001
#define CSR_FRM 0x002
#define CSR_FCSR 0x003
#define CSR_SSP 0x011
#define CSR_JVT 0x017
#define CSR_SSTATUS 0x100
#define CSR_SIE 0x104
#define CSR_SCOUNTEREN 0x106
#define CSR_SENVCFG 0x10a
#define CSR_SSTATEEN0 0x10c
#define CSR_SSCRATCH 0x140
#define CSR_SIP 0x144
#define CSR_VSSTATUS 0x200
#define CSR_VSIE 0x204
#define CSR_VSIP 0x244
#define CSR_MSTATUS 0x300
#define CSR_MIE 0x304
#define CSR_MCOUNTEREN 0x306
#define CSR_MVIEN 0x308
#define CSR_MENVCFG 0x30a
#define CSR_MSTATEEN0 0x30c
#define CSR_MSCRATCH 0x340
#define CSR_MIP 0x344
#define CSR_HSTATUS 0x600
#define CSR_HIE 0x604
#define CSR_HCOUNTEREN 0x606
#define CSR_HVICTL 0x609
#define CSR_HENVCFG 0x60a
#define CSR_HSTATEEN0 0x60c
#define CSR_HIP 0x644
#define CSR_MSECCFG 0x747

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

/* What a number means to the hart now: with V=1 that of the VS copy, where there is one. */
u16 csr_number_now(const struct hart *hart, u16 number);

/* Cut from all registers the bits that no write could have set: they come from outside. */
void csr_legalise(struct hart *hart);

/* Whether the hart has a privilege mode, and the least one that it has. */
bool csr_has_mode(const struct hart *hart, u64 priv);
u64 csr_least_mode(const struct hart *hart);

/* mstatus and vsstatus with FS, SD and the read-only fields as software sees them. */
u64 csr_mstatus(const struct hart *hart);
u64 csr_vsstatus(const struct hart *hart);

/* Replace mstatus or vsstatus by a legal value, FS included. Views do not follow. */
void csr_set_mstatus(struct hart *hart, u64 value);
void csr_set_vsstatus(struct hart *hart, u64 value);

/* Which FS keeps the floating-point unit off. */
struct culprit csr_fp_culprit(const struct hart *hart);

/*
 * Let floating-point state that instructions made dirty show in mstatus.FS and, with V=1, in
 * vsstatus.FS. Before V changes: the dirtiness belongs to the mode that made it.
 */
void csr_settle_fp(struct hart *hart);

#endif
