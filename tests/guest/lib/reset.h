/* SPDX-License-Identifier: MIT */
/* The CSRs and registers whose values at reset start.S stores. */
#ifndef GUEST_RESET_H
#define GUEST_RESET_H

#define RESET_CSRS \
	RESET(mstatus) RESET(misa) RESET(mcause) RESET(mie) RESET(mip) RESET(satp) \
	RESET(medeleg) RESET(mideleg) RESET(pmpcfg0) RESET(pmpcfg2) RESET(mcountinhibit) \
	RESET(mcounteren) RESET(scounteren) RESET(menvcfg) RESET(senvcfg) RESET(mepc) \
	RESET(mtval) RESET(mscratch)

#define RESET_mstatus 0
#define RESET_misa 1
#define RESET_mcause 2
#define RESET_mie 3
#define RESET_mip 4
#define RESET_satp 5
#define RESET_medeleg 6
#define RESET_mideleg 7
#define RESET_pmpcfg0 8
#define RESET_pmpcfg2 9
#define RESET_mcountinhibit 10
#define RESET_mcounteren 11
#define RESET_scounteren 12
#define RESET_menvcfg 13
#define RESET_senvcfg 14
#define RESET_mepc 15
#define RESET_mtval 16
#define RESET_mscratch 17
#define RESET_a0 18
#define RESET_a1 19
#define RESET_COUNT 20

#endif
