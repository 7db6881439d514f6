/* SPDX-License-Identifier: MIT */
/*
 * C906's bus interface (aq_biu_top.v) and the memory behind it: when the beats of a read arrive,
 * and which writes are not acknowledged yet, for reads and writes to the same place wait for those.
 */
#ifndef CPU_TIMING_C906_BIU_H
#define CPU_TIMING_C906_BIU_H

#include "bus/base.h"

#define C906_WRITES 16 /* aq_biu_write_channel.v, the table of writes under way */

struct c906_write {
	u64 granted, until; /* the cycles in which it is under way lie between these */
	u64 pa;
	bool burst;
};

struct c906_biu {
	u64 last_beat; /* cycle of the last beat of the last read */
	struct c906_write write[C906_WRITES];
	u8 next; /* entry of the table */
};

struct c906_env;

/* The first cycle in which no write is under way (biu_lsu_no_op), if no other is granted. */
u64 c906_biu_writes_done(const struct c906_biu *biu);

/* Does a read, a write that is asked for in this cycle have to wait for writes? */
bool c906_biu_read_waits(const struct c906_env *env, u64 pa);
bool c906_biu_write_waits(const struct c906_env *env, u64 pa, bool burst);

/* The whole write of a line that is asked for in a cycle to come: when it is granted. */
u64 c906_biu_write_line(const struct c906_env *env, struct c906_biu *biu, u64 pa, u64 from);

/* Would a read that is granted now have to wait for the beats of another one? */
bool c906_biu_reads_wait(const struct c906_env *env);

/* A line's read is granted: the cycle in which its first beat is here; then one a cycle. */
u64 c906_biu_read(struct c906_env *env);

/* A write is granted; it ends when it is said to. Returns its entry. */
unsigned c906_biu_write(struct c906_env *env, u64 pa, bool burst);
void c906_biu_write_ends(struct c906_env *env, unsigned entry);

#endif
