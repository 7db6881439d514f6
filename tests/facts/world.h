/* SPDX-License-Identifier: MIT */
/*
 * The hart of a fact: it is reset, its memory laid out, its CSRs written by instructions in M-mode;
 * then it is put into the fact's mode, and runs on one tier. The result is read by name.
 */
#ifndef TESTS_FACTS_WORLD_H
#define TESTS_FACTS_WORLD_H

#include "tests/cpu/tiers/tier_machine.h"
#include "tests/facts/assembler.h"
#include "tests/facts/fact.h"
#include "tests/facts/layout.h"

#define TIERS 3
#define MACHINES_KEPT 4 /* facts of one table take them in turn */
#define ERROR_MAX 320

struct fact_mode {
	const char *name;
	u8 priv;
	bool virt;
};

/* The machines of one configuration. */
struct world_machines {
	struct ext_set extensions; /* empty: there are none yet */
	struct vector_config vector;
	struct machines machines; /* m[] by tier */
};

struct world {
	struct assembler assembler;
	struct world_machines kept[MACHINES_KEPT];
	unsigned oldest; /* of these */
	/* From here on: the current fact. */
	struct tier_machine *machine;
	struct hart *hart;
	struct symbols symbols;
	u64 x[32], pc, end; /* end: the address behind the last instruction */
	u64 last; /* the address of the last instruction */
	u64 traps; /* number taken during the setup */
	u64 native; /* instructions of native code, of all facts */
	char error[ERROR_MAX];
};

void world_init(struct world *world);
void world_free(struct world *world);

extern const char *const tier_names[TIERS];

/* Returns NULL if there is no such mode. */
const struct fact_mode *mode_find(const char *name);

/*
 * Sets the fact up in a mode and runs it on a tier; returns false with the error set if it is no
 * fact.
 */
bool world_run(struct world *world, const struct fact *fact, const struct fact_mode *mode,
	       unsigned tier);

/*
 * Reads a value by its name: a CSR, a field of one (mstatus.MPP), a register, 8 bytes of a vector
 * register (v8, v8.1), [address] of physical memory, or how often the device was accessed (reads,
 * writes). Returns false if there is none.
 */
bool world_read(struct world *world, const char *name, u64 *value);

#endif
