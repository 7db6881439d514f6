/* SPDX-License-Identifier: MIT */
/* The code of test_key: each row with an emitter, with operands for which it does something. */
#ifndef TESTS_CPU_TIERS_KEY_ROWS_H
#define TESTS_CPU_TIERS_KEY_ROWS_H

#include "tests/cpu/tiers/tier_emit.h"

/* A mode, and what makes the emitters of it differ; all rows, or those of vectors. */
struct context {
	u8 priv;
	bool virt, vectors;
	u8 frm, vtype;
	u16 status; /* FS and VS */
};

/* Where they are. */
struct key_rows {
	u64 end, moded; /* pcs: behind the code; of the first row that looks at the mode */
	u64 insns;
};

/* Puts operands into a row: x10 and x20 point to data, x5 to the next instruction but one. */
u32 key_encode(const struct isa *isa, unsigned op, unsigned variant);

/* Writes the context's rows, and a jump to itself behind them. */
void key_write_rows(struct key_rows *rows, struct emit *e, const struct isa *isa,
		    const struct context *context);

#endif
