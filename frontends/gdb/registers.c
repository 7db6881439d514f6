/* SPDX-License-Identifier: MIT */
/*
 * Handles packets about registers of the chosen hart. The packet with all registers has only the
 * integer registers and pc, because the client requests it at each stop; it requests the others one
 * by one.
 */
#include "frontends/gdb/command.h"

#include <errno.h>
#include <string.h>

#define ALL (BOARD_REG_PC + 1)

void gdb_put_reg(struct gdb *gdb, FILE *out, unsigned hart, unsigned number)
{
	u8 data[BOARD_VECTOR_MAX];
	struct board_reg reg;
	u64 value = 0;

	if (!board_reg(gdb->board, number, &reg))
		return;
	if (board_vector_get(gdb->board, hart, number, data))
		gdb_put_hex(out, data, reg.bits / 8);
	else if (board_reg_get(gdb->board, hart, number, &value))
		gdb_put_hex(out, &value, reg.bits / 8);
}

void gdb_get_all(struct gdb *gdb, struct gdb_call *call)
{
	for (unsigned n = 0; n < ALL; n++)
		gdb_put_reg(gdb, call->out, gdb->general, n);
}

void gdb_set_all(struct gdb *gdb, struct gdb_call *call)
{
	u64 values[ALL];

	if (call->size != 2 * sizeof(values) ||
	    !gdb_get_hex(call->text, (u8 *)values, sizeof(values))) {
		gdb_error(call, EINVAL);
		return;
	}
	for (unsigned n = 0; n < ALL; n++)
		board_reg_set(gdb->board, gdb->general, n, values[n]);
	gdb_answer(call, true, 0);
}

void gdb_get_one(struct gdb *gdb, struct gdb_call *call)
{
	const char *text = call->text;
	struct board_reg reg;
	u64 number;

	if (!gdb_hex(&text, &number) || *text || number >= BOARD_REGS ||
	    !board_reg(gdb->board, (unsigned)number, &reg))
		gdb_error(call, EINVAL);
	else
		gdb_put_reg(gdb, call->out, gdb->general, (unsigned)number);
}

void gdb_set_one(struct gdb *gdb, struct gdb_call *call)
{
	const char *text = call->text;
	u8 data[BOARD_VECTOR_MAX] = { 0 };
	struct board_reg reg;
	u64 number, value;
	bool good = gdb_hex(&text, &number) && gdb_skip(&text, '=') && number < BOARD_REGS &&
		    board_reg(gdb->board, (unsigned)number, &reg) && strlen(text) == reg.bits / 4 &&
		    gdb_get_hex(text, data, reg.bits / 8);

	memcpy(&value, data, sizeof(value));
	if (good && !board_vector_set(gdb->board, gdb->general, (unsigned)number, data))
		good = board_reg_set(gdb->board, gdb->general, (unsigned)number, value);
	gdb_answer(call, good, EINVAL);
}
