/* SPDX-License-Identifier: MIT */
/*
 * Sets up a fact and runs it: the hart is reset, its memory laid out, and its CSRs written by
 * instructions in M-mode; then it is put into the fact's mode, and runs on one tier. The result is
 * read by names.
 */
#ifndef TESTS_FACTS_WORLD_H
#define TESTS_FACTS_WORLD_H

#include "tests/cpu/tiers/tier_machine.h"
#include "tests/facts/assembler.h"
#include "tests/facts/fact.h"
#include "tests/facts/layout.h"

#define TIERS 3
#define MACHINES_KEPT 4 /* the facts of a table use them in turn */
#define ERROR_MAX 320

struct fact_mode {
	const char *name;
	u8 priv;
	bool virt;
};

/* The machines of one configuration. */
struct world_machines {
	struct ext_set extensions; /* empty: the machines have not been made */
	struct vector_config vector;
	struct machines machines; /* m[] is indexed by tier */
};

struct world {
	struct assembler assembler;
	struct world_machines kept[MACHINES_KEPT];
	unsigned oldest; /* the index of the configuration to replace next */
	/* The rest is for the current fact. */
	struct tier_machine *machine;
	struct hart *hart;
	struct symbols symbols;
	u64 x[32], pc, end; /* end: the address after the last instruction */
	u64 last; /* the address of the last instruction */
	u64 traps; /* the number of traps during the setup */
	u64 native; /* instructions executed in native code, by all facts */
	char error[ERROR_MAX];
};

void world_init(struct world *world);
void world_free(struct world *world);

extern const char *const tier_names[TIERS];

/* Returns the mode with this name; NULL if there is none. */
const struct fact_mode *mode_find(const char *name);

/*
 * Sets up the fact in a mode and runs it on a tier. Returns false, with world->error set, if the
 * fact is not valid.
 */
bool world_run(struct world *world, const struct fact *fact, const struct fact_mode *mode,
	       unsigned tier);

/*
 * Reads the value with this name: a CSR, a field of one (mstatus.MPP), a register, 8 bytes of a
 * vector register (v8, v8.1), 8 bytes of physical memory ([address]), or how often the device was
 * accessed (reads, writes). Returns false if there is no such value.
 */
bool world_read(struct world *world, const char *name, u64 *value);

#endif
