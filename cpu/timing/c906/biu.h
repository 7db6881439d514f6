/* SPDX-License-Identifier: MIT */
/*
 * C906's bus interface (aq_biu_top.v) and the memory after it: the cycles in which the beats of a
 * read arrive, and the writes that are not acknowledged yet. Reads and writes of the same place
 * wait for these writes.
 */
#ifndef CPU_TIMING_C906_BIU_H
#define CPU_TIMING_C906_BIU_H

#include "bus/base.h"

#define C906_WRITES 16 /* entries of the table of outstanding writes (aq_biu_write_channel.v) */

#define UNITS "cpu/timing/c906/state/biu.def"
#include "cpu/timing/fields/structs.inc"

struct c906_env;

/*
 * Returns the first cycle in which no write is outstanding (biu_lsu_no_op), if no other is granted
 * until then.
 */
u64 c906_biu_writes_done(const struct c906_biu *biu);

/* Return whether a read, or a write, that is requested in this cycle has to wait for writes. */
bool c906_biu_read_waits(const struct c906_env *env, u64 pa);
bool c906_biu_write_waits(const struct c906_env *env, u64 pa, bool burst);

/* Writes a whole line, requested in a later cycle. Returns the cycle in which it is granted. */
u64 c906_biu_write_line(const struct c906_env *env, struct c906_biu *biu, u64 pa, u64 from);

/* Returns whether a read granted now would have to wait for the beats of another one. */
bool c906_biu_reads_wait(const struct c906_env *env);

/*
 * Grants the read of a line. Returns the cycle of its first beat; the others follow, one in each
 * cycle.
 */
u64 c906_biu_read(struct c906_env *env);

/* Grants a write, which c906_biu_write_ends ends. Returns its entry. */
unsigned c906_biu_write(struct c906_env *env, u64 pa, bool burst);
void c906_biu_write_ends(struct c906_env *env, unsigned entry);

#endif
