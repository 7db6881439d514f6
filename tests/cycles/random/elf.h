/* SPDX-License-Identifier: MIT */
/* Writes a random program as an ELF file, for other simulators. */
#ifndef TESTS_CYCLES_RANDOM_ELF_H
#define TESTS_CYCLES_RANDOM_ELF_H

#include "bus/base.h"

/* Writes the program of a seed. Returns 0, or a negative errno. */
int elf_write(const char *path, u64 seed);

#endif
