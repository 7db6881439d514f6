/* SPDX-License-Identifier: MIT */
/*
 * What tools ask of a machine between two slices: the state of its harts, its symbols, its code as
 * text. Nothing here changes the machine. Beside board.h, which is enough to run one.
 */
#ifndef DEVICES_BOARD_INSPECT_LOOK_H
#define DEVICES_BOARD_INSPECT_LOOK_H

#include "bus/base.h"

struct board;

/* A hart, and the last trap it took; strings are constants. */
struct board_hart {
	u64 pc;
	const char *mode; /* "M", "S", "VU" ... */
	bool dead; /* in a trap loop, or: */
	bool critical; /* stopped by a trap that nobody takes, at pc; from and to mean nothing */
	bool waiting; /* in WFI */
	u64 enabled; /* mie: what can wake it */
	u64 traps; /* since reset; when 0, the rest has no meaning */
	u64 cause, tval, from, to; /* cause as in mcause; pc of the trap and of its handler */
	const char *trap, *reason; /* "illegal instruction", and why */
	const char *from_mode, *to_mode;
};

/* `hart` is less than the configured number of harts. */
void board_look(struct board *board, unsigned hart, struct board_hart *look);

/* The same with the trap before the last: what a trap loop began with. False when there is none. */
bool board_look_before(struct board *board, unsigned hart, struct board_hart *look);

/* An integer register by its ABI name ("a0"); false when there is none of this name. */
bool board_register(struct board *board, unsigned hart, const char *name, u64 *value);

/*
 * The instruction that the hart would fetch at pc, as the assembler reads it; false and "" when
 * nothing can be fetched there.
 */
bool board_disasm(struct board *board, unsigned hart, u64 pc, char *text, size_t size);

/* The physical address of a symbol of the loaded ELF files; false when none has it. */
bool board_find_symbol(struct board *board, const char *name, u64 *addr);
bool board_has_symbols(struct board *board);

/*
 * The ELF whose symbols tell most of what runs: --symbols (the bundled kernel's among them), the
 * program, the kernel, what -device loader loads, the firmware; the first of these that is one. A
 * descriptor of its `size` bytes, to be closed by the caller, and its borrowed name; or -ENOENT.
 */
int board_open_elf(struct board *board, const char **name, u64 *size);

#endif
