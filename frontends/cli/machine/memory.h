/* SPDX-License-Identifier: MIT */
/*
 * Implements -object memory-backend-*, and -machine memory-backend=, which makes such a backend the
 * guest's memory.
 */
#ifndef FRONTENDS_CLI_MACHINE_MEMORY_H
#define FRONTENDS_CLI_MACHINE_MEMORY_H

#include "bus/ram.h"

#define MEMORY_BACKENDS_MAX 8

struct parser;

struct memory_backend {
	const char *id;
	u64 size; /* bytes */
	struct ram_backing backing;
};

#define MEMORY_BACKEND "-machine: memory-backend" /* the option's name in messages */

struct memories {
	struct memory_backend list[MEMORY_BACKENDS_MAX];
	unsigned count;
	const char *id; /* the backend that -machine names as the guest's memory; NULL: none */
};

/* Parse the list of an -object, from what follows its type. Return 0 or -EINVAL. */
int apply_memory_ram(struct parser *parser, const char *list);
int apply_memory_file(struct parser *parser, const char *list);
int apply_memory_memfd(struct parser *parser, const char *list);

/* Refuses a size that is not a multiple of the page size. Returns 0 or -EINVAL. */
int check_memory(struct parser *parser, const char *option, u64 size);

/*
 * Finds a backend by its id. `what` is the option that names it, "-numa node: memdev" for example.
 * Returns 0, or -EINVAL with the parser's error.
 */
int find_memory(struct parser *parser, const char *what, const char *id,
		struct memory_backend *found);

/* Makes the backend the guest's memory. `what` begins the error's text. Returns 0 or -EINVAL. */
int set_memory(struct parser *parser, const char *what, const struct memory_backend *memory);

/*
 * Applies the backend that -machine names, if any. Called before anything that depends on the
 * memory's size. Returns 0 or -EINVAL.
 */
int finish_memory(struct parser *parser);

#endif
