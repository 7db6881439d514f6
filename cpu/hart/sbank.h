/* SPDX-License-Identifier: MIT */
/* The CSRs of a hart that exist once for HS (or S) and once for VS. */
#ifndef CPU_HART_SBANK_H
#define CPU_HART_SBANK_H

#include "bus/base.h"

/* The indexes of the banks: HS (or S without H), and VS. */
enum { BANK_HS, BANK_VS, BANK_COUNT };

struct sbank {
	u64 status; /* VS only; HS's is a view of mstatus */
	u64 tvec;
	union {
		struct {
			u64 scratch, epc, cause, tval;
		};
		/* these CSRs, indexed by number: sscratch is 0x140, stval 0x143 */
		u64 held[4];
	};
	u64 atp, timecmp;
};

#endif
