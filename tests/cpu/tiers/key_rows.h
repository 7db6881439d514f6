/* SPDX-License-Identifier: MIT */
/*
 * Makes the code of test_key: each row of isa.def that has an emitter, with operands for which it
 * has an effect.
 */
#ifndef TESTS_CPU_TIERS_KEY_ROWS_H
#define TESTS_CPU_TIERS_KEY_ROWS_H

#include "tests/cpu/tiers/tier_emit.h"

/*
 * The state on which emitters depend: the mode, and others. `vectors` chooses the rows of vectors;
 * otherwise all rows are used.
 */
struct context {
	u8 priv;
	bool virt, vectors;
	u8 frm, vtype;
	u16 status; /* FS and VS */
};

/* The places of the rows. */
struct key_rows {
	u64 end, moded; /* pc after the code, and of the first row that depends on the mode */
	u64 insns;
};

/*
 * Returns the encoding of a row with operands: x10 and x20 are addresses of data, x5 is the address
 * of the next instruction but one.
 */
u32 key_encode(const struct isa *isa, unsigned op, unsigned variant);

/* Writes the rows of a context, followed by a jump to itself. */
void key_write_rows(struct key_rows *rows, struct emit *e, const struct isa *isa,
		    const struct context *context);

#endif
