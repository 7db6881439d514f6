/* SPDX-License-Identifier: MIT */
/*
 * Control and status registers as the privileged manual names them: fields, causes, numbers that
 * the assembler may not know, and macros that access a CSR by one inline instruction. Those are for
 * CSRs that every hart has; the functions of guarded.h access CSRs that a hart may lack.
 */
#ifndef FIRMWARE_CSR_H
#define FIRMWARE_CSR_H

#define MSTATUS_SIE		(1UL << 1)
#define MSTATUS_SPIE		(1UL << 5)
#define MSTATUS_SPP		(1UL << 8)
#define MSTATUS_VS		(3UL << 9)
#define MSTATUS_MPP		(3UL << 11)
#define MSTATUS_MPP_SHIFT	11
#define MSTATUS_FS		(3UL << 13)
#define MSTATUS_MPRV		(1UL << 17)
#define MSTATUS_MXR		(1UL << 19)
#define MSTATUS_SPELP		(1UL << 23)	/* Zicfilp; vsstatus too */
#define MSTATUS_SDT		(1UL << 24)	/* Ssdbltrp; vsstatus too */
#define MSTATUS_XL		(0xfUL << 32)	/* UXL and SXL */
#define MSTATUS_GVA		(1UL << 38)
#define MSTATUS_MPV		(1UL << 39)
#define MSTATUS_MPELP		(1UL << 41)	/* Zicfilp */
#define MSTATUS_MDT		(1UL << 42)	/* Smdbltrp */

#define HSTATUS_GVA		(1UL << 6)
#define HSTATUS_SPV		(1UL << 7)
#define HSTATUS_SPVP		(1UL << 8)
#define HSTATUS_VSXL		(3UL << 32)

#define MISA_BIT(letter)	(1UL << ((letter) - 'A'))

#define MODE_U			0
#define MODE_S			1
#define MODE_M			3

#define CAUSE_INTERRUPT		(1UL << 63)
#define CAUSE_FETCH_MISALIGNED	0
#define CAUSE_FETCH_ACCESS	1
#define CAUSE_ILLEGAL		2
#define CAUSE_BREAKPOINT	3
#define CAUSE_LOAD_MISALIGNED	4
#define CAUSE_LOAD_ACCESS	5
#define CAUSE_STORE_MISALIGNED	6
#define CAUSE_STORE_ACCESS	7
#define CAUSE_ECALL_U		8
#define CAUSE_ECALL_S		9
#define CAUSE_ECALL_VS		10
#define CAUSE_ECALL_M		11
#define CAUSE_FETCH_PAGE	12
#define CAUSE_LOAD_PAGE		13
#define CAUSE_STORE_PAGE	15
#define CAUSE_DOUBLE_TRAP	16
#define CAUSE_SOFTWARE_CHECK	18
#define CAUSE_FETCH_GUEST_PAGE	20
#define CAUSE_LOAD_GUEST_PAGE	21
#define CAUSE_VIRTUAL_INSN	22
#define CAUSE_STORE_GUEST_PAGE	23

/* Interrupt numbers: bits of mip, mie, mideleg. */
#define IRQ_SSI			1
#define IRQ_MSI			3
#define IRQ_STI			5
#define IRQ_MTI			7
#define IRQ_SEI			9
#define IRQ_LCOFI		13

#define MENVCFG_LPE		(1UL << 2)
#define MENVCFG_SSE		(1UL << 3)
#define MENVCFG_CBIE		(3UL << 4)	/* 3: CBO.INVAL invalidates */
#define MENVCFG_CBCFE		(1UL << 6)
#define MENVCFG_CBZE		(1UL << 7)
#define MENVCFG_PMM		(3UL << 32)
#define MENVCFG_PMM_7		(2UL << 32)	/* PMLEN 7 */
#define MENVCFG_PMM_16		(3UL << 32)
#define MENVCFG_DTE		(1UL << 59)
#define MENVCFG_CDE		(1UL << 60)
#define MENVCFG_ADUE		(1UL << 61)
#define MENVCFG_PBMTE		(1UL << 62)
#define MENVCFG_STCE		(1UL << 63)

#define MSECCFG_USEED		(1UL << 8)
#define MSECCFG_SSEED		(1UL << 9)

#define MSTATEEN0_CONTEXT	(1UL << 57)
#define MSTATEEN0_IMSIC		(1UL << 58)
#define MSTATEEN0_AIA		(1UL << 59)
#define MSTATEEN0_CSRIND	(1UL << 60)
#define MSTATEEN0_ENVCFG	(1UL << 62)
#define MSTATEEN_STATEEN	(1UL << 63)

#define MHPMEVENT_MINH		(1UL << 62)
#define MHPMEVENT_OF		(1UL << 63)
#define MHPMEVENT_FILTER_SHIFT	58		/* VUINH, VSINH, UINH, SINH */
#define MHPMEVENT_SELECTOR	((1UL << 56) - 1)

#define PMP_NAPOT		0x18
#define PMP_RWX			0x07

#define CSR_MNSTATUS		0x744
#define MNSTATUS_NMIE		(1 << 3)

#define CSR_HSTATUS		0x600
#define CSR_HEDELEG		0x602
#define CSR_HENVCFG		0x60a
#define CSR_HTVAL		0x643
#define CSR_HTINST		0x64a
#define CSR_HGATP		0x680
#define CSR_MTINST		0x34a
#define CSR_MTVAL2		0x34b
#define CSR_VSSTATUS		0x200
#define CSR_VSTVEC		0x205
#define CSR_VSEPC		0x241
#define CSR_VSCAUSE		0x242
#define CSR_VSTVAL		0x243
#define CSR_STIMECMP		0x14d

#ifndef __ASSEMBLER__

#include "firmware/base.h"

#define CSR_NAME_(csr) #csr
#define CSR_NAME(csr) CSR_NAME_(csr)
#define csr_read(csr) ({ \
	u64 csr_value_; \
	__asm__ volatile("csrr %0, " CSR_NAME(csr) : "=r"(csr_value_) : : "memory"); \
	csr_value_; })
#define csr_write(csr, value) \
	__asm__ volatile("csrw " CSR_NAME(csr) ", %0" : : "rK"((u64)(value)) : "memory")
#define csr_set(csr, bits) \
	__asm__ volatile("csrs " CSR_NAME(csr) ", %0" : : "rK"((u64)(bits)) : "memory")
#define csr_clear(csr, bits) \
	__asm__ volatile("csrc " CSR_NAME(csr) ", %0" : : "rK"((u64)(bits)) : "memory")

#endif
#endif
