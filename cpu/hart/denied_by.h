/* SPDX-License-Identifier: MIT */
/*
 * The field of a CSR because of which an instruction was denied. The code that refuses the
 * instruction notes it, so that explanations can name it.
 */
#ifndef CPU_HART_DENIED_BY_H
#define CPU_HART_DENIED_BY_H

#include "bus/base.h"

struct denied_by {
	u16 csr; /* 0: no single field denied it */
	u8 bit; /* the lowest bit of the field */
	bool set; /* the field denies by being set */
};

/*
 * Returns the field of the CSR with this mask, which denied the instruction because it is clear; no
 * field if the mask is 0.
 */
static inline struct denied_by denied_by_clear(u16 csr, u64 mask)
{
	return (struct denied_by){
		.csr = mask ? csr : 0, .bit = mask ? (u8)__builtin_ctzll(mask) : 0,
	};
}

static inline struct denied_by denied_by_set(u16 csr, u64 mask)
{
	struct denied_by denied_by = denied_by_clear(csr, mask);

	denied_by.set = true;
	return denied_by;
}

/* Writes a text such as "mstatus.TVM=1" or "menvcfg.CBIE=0"; "" if there is no field. */
#define DENIED_BY_NAME_MAX 32
void denied_by_name(struct denied_by denied_by, char *text, size_t size);

/* Returns the mask of all bits of the field. */
u64 denied_by_mask(struct denied_by denied_by);

#endif
