/* SPDX-License-Identifier: MIT */
/* Numbers of the privileged manual that the tests use. Assembly includes this, too. */
#ifndef GUEST_CSR_H
#define GUEST_CSR_H

#ifdef __ASSEMBLER__
#define UL(n) n
#else
#define UL(n) n##ul
#endif

#define MSTATUS_SIE (UL(1) << 1)
#define MSTATUS_MIE (UL(1) << 3)
#define MSTATUS_SPIE (UL(1) << 5)
#define MSTATUS_MPIE (UL(1) << 7)
#define MSTATUS_SPP (UL(1) << 8)
#define MSTATUS_VS (UL(3) << 9)
#define MSTATUS_MPP (UL(3) << 11)
#define MSTATUS_MPP_S (UL(1) << 11)
#define MSTATUS_VS (UL(3) << 9)
#define MSTATUS_FS (UL(3) << 13)
#define MSTATUS_FS_INITIAL (UL(1) << 13)
#define MSTATUS_FS_CLEAN (UL(2) << 13)
#define MSTATUS_MPRV (UL(1) << 17)
#define MSTATUS_SUM (UL(1) << 18)
#define MSTATUS_MXR (UL(1) << 19)
#define MSTATUS_TVM (UL(1) << 20)
#define MSTATUS_TW (UL(1) << 21)
#define MSTATUS_TSR (UL(1) << 22)
#define MSTATUS_UXL (UL(3) << 32)
#define MSTATUS_SXL (UL(3) << 34)
#define MSTATUS_SD (UL(1) << 63)

#define INTERRUPT (UL(1) << 63)
#define SSI 1
#define MSI 3
#define STI 5
#define MTI 7
#define SEI 9
#define MEI 11

#define FETCH_MISALIGNED 0
#define FETCH_ACCESS 1
#define ILLEGAL 2
#define BREAKPOINT 3
#define LOAD_MISALIGNED 4
#define LOAD_ACCESS 5
#define STORE_MISALIGNED 6
#define STORE_ACCESS 7
#define ECALL_U 8
#define ECALL_S 9
#define ECALL_M 11
#define FETCH_PAGE 12
#define LOAD_PAGE 13
#define STORE_PAGE 15

#define PMP_R 1
#define PMP_W 2
#define PMP_X 4
#define PMP_TOR 8
#define PMP_NA4 16
#define PMP_NAPOT 24
#define PMP_L 128

#define ENVCFG_FIOM (UL(1) << 0)
#define ENVCFG_CBIE (UL(3) << 4)
#define ENVCFG_CBIE_FLUSH (UL(1) << 4)
#define ENVCFG_CBCFE (UL(1) << 6)
#define ENVCFG_CBZE (UL(1) << 7)
#define ENVCFG_ADUE (UL(1) << 61)
#define ENVCFG_PBMTE (UL(1) << 62)
#define ENVCFG_STCE (UL(1) << 63)

#define COUNTER_CY 1
#define COUNTER_TM 2
#define COUNTER_IR 4

#define SATP_ASID_SHIFT 44
#define SATP_MODE_SHIFT 60

/* Probes return by ECALLs with these values of a7. */
#define PROBE_DONE 0x600d
#define PROBE_S_TRAP 0x57a9

#endif
