/* SPDX-License-Identifier: MIT */
/*
 * -object memory-backend-*, and -machine memory-backend=, which makes a backend the guest's memory.
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

#define MEMORY_BACKEND "-machine: memory-backend" /* as messages name it */

struct memories {
	struct memory_backend list[MEMORY_BACKENDS_MAX];
	unsigned count;
	const char *id; /* the backend that -machine names as the guest's memory; NULL: none */
};

/* Parses the rest of an -object's list, behind its type. Returns 0 or -EINVAL. */
int apply_memory_ram(struct parser *parser, const char *list);
int apply_memory_file(struct parser *parser, const char *list);
int apply_memory_memfd(struct parser *parser, const char *list);

/* Refuses a size that is not in whole pages. Returns 0 or -EINVAL. */
int check_memory(struct parser *parser, const char *option, u64 size);

/* Finds a backend; `what` is the option that names it, as is "-numa node: memdev". Returns 0 or
 * -EINVAL. */
int find_memory(struct parser *parser, const char *what, const char *id,
		struct memory_backend *found);

/* Makes this the guest's memory; `what` begins the error. Returns 0 or -EINVAL. */
int set_memory(struct parser *parser, const char *what, const struct memory_backend *memory);

/* Uses the backend that was named, if any. Called before what depends on the memory's size. */
int finish_memory(struct parser *parser);

#endif
