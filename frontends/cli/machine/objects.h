/* SPDX-License-Identifier: MIT */
/*
 * Implements -object: objects that devices and options name by their ids. Only files of
 * frontends/cli include this.
 */
#ifndef FRONTENDS_CLI_MACHINE_OBJECTS_H
#define FRONTENDS_CLI_MACHINE_OBJECTS_H

#include "bus/base.h"

struct option;
struct parser;

/* The types of -object. */
#define OBJECT_TYPES                                                                               \
	"rng-random|rng-builtin|filter-dump|secret|iothread|memory-backend-ram|"                    \
	"memory-backend-file|memory-backend-memfd|filter-replay"

/* One -object rng-random, rng-builtin or iothread. */
struct object {
	const char *id, *filename;
	bool is_thread;
};

bool object_is_there(const struct parser *parser, const char *id, bool thread);

int apply_object(struct parser *parser, const struct option *option, const char *value);

#endif
