/* SPDX-License-Identifier: MIT */
/*
 * The loader's input: the limits of the size of RAM, and the properties of options for files; and
 * what firmware is told about its choice of what to boot.
 */
#ifndef DEVICES_BOOT_LOAD_H
#define DEVICES_BOOT_LOAD_H

#include "bus/base.h"

#define BOARD_RAM_MIN (16 * MiB)
#define BOARD_RAM_MAX (64 * GiB)

/* The values of addr= and cpu-num= if they are not given. */
#define BOARD_LOAD_NOWHERE UINT64_MAX
#define BOARD_LOAD_NO_HART UINT64_MAX

/* The properties of a -device loader. It loads a file, or data_size bytes of data, or neither. */
struct board_load {
	/* an ELF or Intel HEX is loaded at its addresses, any other file unchanged; NULL: none */
	const char *file;
	u64 addr;
	bool has_addr;
	bool raw; /* the file is copied unchanged, even if it is an ELF */
	u64 data, data_size; /* data_size is 1 to 8 bytes; 0: no data */
	bool data_big; /* `data` is written in big-endian order */
	u64 hart; /* this hart starts at the ELF's entry, or else at addr, unless there is data */
	bool has_hart;
};

struct board_boot_wait {
	bool given;
	u16 ms;
};

/* The answers for firmware that asks what to boot, as of -boot in QEMU. */
struct board_boot {
	bool menu; /* let the user choose what to boot */
	bool strict; /* boot only from devices that have a boot index */
	struct board_boot_wait menu_wait; /* how long to wait for the user's choice */
	struct board_boot_wait
		fail_wait; /* after which to reset if nothing can be booted; else never */
};

#define BOARD_SYMBOLS_MAX 33 /* the last place is for those of the bundled kernel */

/* An ELF file that is not loaded, and only gives symbols. */
struct board_symbols {
	const char *file;
	u64 offset; /* is added to the addresses for which the file is linked */
	bool fallback; /* the user has not named it: a name means another file's symbol first */
};

#endif
