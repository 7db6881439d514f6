/* SPDX-License-Identifier: MIT */
/*
 * -object memory-backend-*, and -machine memory-backend= or -numa node,memdev=, which makes one the
 * guest's memory.
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
	const char *id; /* which of them is the guest's memory; NULL: none */
	const char *option; /* that said so, for errors */
	bool numa; /* -numa was given */
};

/* The rest of an -object's list, behind its type. 0 or -EINVAL. */
int apply_memory_ram(struct parser *parser, const char *list);
int apply_memory_file(struct parser *parser, const char *list);
int apply_memory_memfd(struct parser *parser, const char *list);

int apply_numa(struct parser *parser, const struct option *option, const char *value);

/* `what`, "-machine: memory-backend", says that it is the guest's memory. 0 or -EINVAL. */
int name_memory(struct parser *parser, const char *what, const char *id);

/* The guest's memory is what they named, if they did. Before what depends on its size. */
int finish_memory(struct parser *parser);

#endif
