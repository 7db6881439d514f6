/* SPDX-License-Identifier: MIT */
/*
 * Reads the state of a machine's harts, its symbols, and its code as text, for tools, between two
 * slices. The machine does not change. A program that only runs a machine needs just board.h.
 */
#ifndef DEVICES_BOARD_INSPECT_HART_STATE_H
#define DEVICES_BOARD_INSPECT_HART_STATE_H

#include "bus/base.h"

struct board;

/* A hart, and its last trap; strings are constants. */
struct board_hart {
	u64 pc;
	const char *mode; /* "M", "S", "VU" ... */
	bool dead; /* it is in a trap loop, or `critical` */
	/*
	 * It stopped at pc because of a trap that no mode can take; `from` and `to` have no
	 * meaning.
	 */
	bool critical;
	bool waiting; /* in WFI */
	u64 enabled; /* mie: the interrupts that can wake the hart */
	u64 traps; /* since reset; if 0, the fields below have no meaning */
	u64 cause, tval, from, to; /* cause as in mcause; pc of the trap and of its handler */
	const char *trap, *reason; /* "illegal instruction", and why */
	const char *from_mode, *to_mode;
};

/* Describes a hart. `hart` is less than the configured number of harts. */
void board_inspect_hart(struct board *board, unsigned hart, struct board_hart *state);

/*
 * Describes the hart with the trap that preceded its last one; it caused the trap loop that the
 * hart may be in. Returns false if there was none.
 */
bool board_inspect_hart_before(struct board *board, unsigned hart, struct board_hart *state);

/* Reads an integer register by its ABI name ("a0"); returns false if there is none of this name. */
bool board_register(struct board *board, unsigned hart, const char *name, u64 *value);

/*
 * Disassembles the instruction that the hart would fetch at pc. Returns false, with "", if nothing
 * can be fetched there.
 */
bool board_disasm(struct board *board, unsigned hart, u64 pc, char *text, size_t size);

/* Finds the physical address of a symbol of the loaded ELF files. Returns false if none has it. */
bool board_find_symbol(struct board *board, const char *name, u64 *addr);
bool board_has_symbols(struct board *board);

/*
 * Opens the first of the files in board_elf_files() (elf_files.h) that is an ELF file. Returns a
 * descriptor, which the caller closes, with the file's size and its borrowed name; or -ENOENT.
 */
int board_open_elf(struct board *board, const char **name, u64 *size);

#endif
