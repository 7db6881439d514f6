/* SPDX-License-Identifier: MIT */
/* The loader's input: the limits of memory, and the files of -device loader. */
#ifndef DEVICES_BOOT_LOAD_H
#define DEVICES_BOOT_LOAD_H

#include "bus/base.h"

#define BOARD_RAM_MIN (16 * MiB)
#define BOARD_RAM_MAX (64 * GiB)

/* The value of addr= before it is given. */
#define BOARD_LOAD_NOWHERE UINT64_MAX

/* A file loaded into memory unchanged, or an ELF at its addresses (-device loader). */
struct board_load {
	const char *file;
	u64 addr;
	bool has_addr;
	bool raw; /* unchanged, even if it is an ELF */
};

#endif
