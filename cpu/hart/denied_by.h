/* SPDX-License-Identifier: MIT */
/*
 * Which field of a control register stood in an instruction's way, noted where an instruction is
 * refused, so that explanations can name it.
 */
#ifndef CPU_HART_DENIED_BY_H
#define CPU_HART_DENIED_BY_H

#include "bus/base.h"

struct denied_by {
	u16 csr; /* 0: no one field did it */
	u8 bit; /* the field's lowest */
	bool set; /* it did it by being set */
};

/* A field that is clear, by its mask; none if that is 0. */
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

/* "mstatus.TVM=1", "menvcfg.CBIE=0"; "" when there is none. */
#define DENIED_BY_NAME_MAX 32
void denied_by_name(struct denied_by denied_by, char *text, size_t size);

/* All bits of the field. */
u64 denied_by_mask(struct denied_by denied_by);

#endif
