/* SPDX-License-Identifier: MIT */
/* The loader's input: the limits of memory, and the properties of -device loader. */
#ifndef DEVICES_BOOT_LOAD_H
#define DEVICES_BOOT_LOAD_H

#include "bus/base.h"

#define BOARD_RAM_MIN (16 * MiB)
#define BOARD_RAM_MAX (64 * GiB)

/* The values of addr= and cpu-num= before they are given. */
#define BOARD_LOAD_NOWHERE UINT64_MAX
#define BOARD_LOAD_NO_HART UINT64_MAX

/* A -device loader: a file, data_size bytes of data, or neither. */
struct board_load {
	const char *file; /* copied to memory unchanged, or an ELF at its addresses; NULL: none */
	u64 addr;
	bool has_addr;
	bool raw; /* copied unchanged, even if it is an ELF */
	u64 data, data_size; /* bytes, 1..8; 0: no data */
	bool data_big; /* in big-endian order */
	u64 hart; /* this hart starts at the ELF's entry, else at addr, unless there is data */
	bool has_hart;
};

#endif
