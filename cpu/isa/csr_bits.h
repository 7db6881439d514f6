/* SPDX-License-Identifier: MIT */
/* The bits and the numbers of control and status registers, named as in the manual. */
#ifndef CPU_ISA_CSR_BITS_H
#define CPU_ISA_CSR_BITS_H

#include "bus/base.h"

#define MSTATUS_SIE BIT(1)
#define MSTATUS_MIE BIT(3)
#define MSTATUS_SPIE BIT(5)
#define MSTATUS_MPIE BIT(7)
#define MSTATUS_SPP BIT(8)
#define MSTATUS_VS (3ull << 9)
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

/*
 * The bits of mstateen0 and hstateen0. sstateen0 has JVT too; all words of mstateen and hstateen
 * have SE.
 */
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
#define CSR_VSTART 0x008
#define CSR_VXSAT 0x009
#define CSR_VCSR 0x00f
#define CSR_VL 0xc20
#define CSR_VTYPE 0xc21
#define CSR_VLENB 0xc22
#define CSR_SSP 0x011
#define CSR_JVT 0x017
#define CSR_SSTATUS 0x100
#define CSR_SIE 0x104
#define CSR_SCOUNTEREN 0x106
#define CSR_SENVCFG 0x10a
#define CSR_SSTATEEN0 0x10c
#define CSR_SSCRATCH 0x140
#define CSR_SIP 0x144
#define CSR_SATP 0x180
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

#endif
