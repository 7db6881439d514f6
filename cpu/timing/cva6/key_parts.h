/* SPDX-License-Identifier: MIT */
/* The functions that key.c and normalize.c share. See key.h. */
#ifndef CPU_TIMING_CVA6_KEY_PARTS_H
#define CPU_TIMING_CVA6_KEY_PARTS_H

#include "cpu/timing/cva6/key.h"

/* Returns whether the entry only has to be executed, and to retire in order. */
bool cva6_is_plain(const struct cva6_entry *entry);

/* Returns whether the load/store unit still reads the address of the slot's access. */
bool cva6_address_is_needed(const struct cva6_pipeline *pipe, unsigned slot);

/* In normalize.c: copies the core's registers to the key. `exists`: the core has a key. */
void cva6_normalize(struct cva6_key *key, const struct cva6_core *core, bool exists);

#endif
