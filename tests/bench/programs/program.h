/* SPDX-License-Identifier: MIT */
/* Declarations that the programs of the benchmark share. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stddef.h>
#include <stdint.h>

/*
 * run_NAME does its work the number of times in its argument, and returns a checksum of the
 * results.
 */
#define PROGRAM(name, class, rounds, prepare) uint64_t run_##name(unsigned);
#include "programs.def"
#undef PROGRAM

void prepare_chase(void);
void prepare_copy(void);
void prepare_scatter(void);
void prepare_stream(void);

/* Runs a command and returns a checksum of its output. Ends the program if the command fails. */
uint64_t run_command(char **argv);

/* Ends the program, after printing a line that names what failed. */
_Noreturn void fail(const char *what);

/* Returns memory as malloc does. Ends the program if there is none. */
void *allocate(size_t size);

/*
 * Returns new pages, which the caller touches one by one; they are never huge pages. Ends the
 * program when out of memory.
 */
void *map_pages(size_t size);

/* Returns the next number of a fixed sequence (xorshift64*), whose state is not 0. */
static inline uint64_t random_next(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1d;
}

/* Returns a checksum into which a value is mixed. */
static inline uint64_t mix(uint64_t sum, uint64_t value)
{
	return ((sum << 7 | sum >> 57) ^ value) * 0x9e3779b97f4a7c15;
}

/* Returns a checksum into which bytes are mixed. */
uint64_t mix_bytes(uint64_t sum, const void *data, size_t size);

#endif
