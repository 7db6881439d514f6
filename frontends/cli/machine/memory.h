/* SPDX-License-Identifier: MIT */
/*
 * -object memory-backend-*, and -machine memory-backend= or -numa node,memdev=, which make a
 * backend the guest's memory.
 */
#ifndef FRONTENDS_CLI_MACHINE_MEMORY_H
#define FRONTENDS_CLI_MACHINE_MEMORY_H

#include "bus/ram.h"

#define MEMORY_BACKENDS_MAX 8

struct option;
struct parser;

struct memory_backend {
	const char *id;
	u64 size; /* bytes */
	struct ram_backing backing;
};

struct memories {
	struct memory_backend list[MEMORY_BACKENDS_MAX];
	unsigned count;
	const char *id; /* the backend that is the guest's memory; NULL: none */
	const char *option; /* the option that named it, for errors */
	bool numa; /* -numa was given */
};

/* Parses the rest of an -object's list, behind its type. Returns 0 or -EINVAL. */
int apply_memory_ram(struct parser *parser, const char *list);
int apply_memory_file(struct parser *parser, const char *list);
int apply_memory_memfd(struct parser *parser, const char *list);

int apply_numa(struct parser *parser, const struct option *option, const char *value);

/* Makes the backend the guest's memory; `what` is the option, such as "-machine: memory-backend".
 * Returns 0 or -EINVAL. */
int name_memory(struct parser *parser, const char *what, const char *id);

/* Uses the backend that was named, if any. Called before what depends on the memory's size. */
int finish_memory(struct parser *parser);

#endif
