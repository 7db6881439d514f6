/* SPDX-License-Identifier: MIT */
/* The declarations that the programs of the benchmark have in common. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stddef.h>
#include <stdint.h>

/* run_NAME does its work so many times and returns a checksum of what came of it. */
#define PROGRAM(name, class, rounds, prepare) uint64_t run_##name(unsigned);
#include "programs.def"
#undef PROGRAM

void prepare_chase(void);
void prepare_copy(void);
void prepare_scatter(void);
void prepare_stream(void);

/* Runs a command; ends the program when that fails. */
uint64_t run_command(char **argv);

/* Ends the program with a line that names what failed. */
_Noreturn void fail(const char *what);

/* As malloc; ends the program where there is no memory. */
void *allocate(size_t size);

/* Fresh pages that are touched one by one, without huge ones; ends the program like allocate. */
void *map_pages(size_t size);

/* A number of a fixed sequence: xorshift64*. The state is not 0. */
static inline uint64_t random_next(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1d;
}

/* A checksum with one more value in it. */
static inline uint64_t mix(uint64_t sum, uint64_t value)
{
	return ((sum << 7 | sum >> 57) ^ value) * 0x9e3779b97f4a7c15;
}

/* A checksum with bytes in it. */
uint64_t mix_bytes(uint64_t sum, const void *data, size_t size);

#endif
