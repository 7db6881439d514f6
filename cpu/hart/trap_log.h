/* SPDX-License-Identifier: MIT */
/*
 * A hart's record of its traps. The streak shows whether the hart only traps. The log holds the
 * last traps, for explanations; it is not part of the machine's state. Faults (all traps except
 * interrupts and environment calls) have a ring of their own in it, so that ticks of a timer and
 * calls that print do not push them out. Repetitions of a fault are one record, so that the log
 * still has the traps before a trap loop. So are those of a call without a return in between.
 */
#ifndef CPU_HART_TRAP_LOG_H
#define CPU_HART_TRAP_LOG_H

#include "cpu/hart/exception.h"

struct hart;

/*
 * Counts how often the same trap came at the same pc with no xRET in between, to detect a hart that
 * only traps. It does not compare tval: when a stack overflows, each fault is at another address.
 */
struct trap_streak {
	u64 cause, epc;
	u64 retired; /* retired instructions at the last trap */
	u64 count;
	u64 barren; /* traps in a row with no instruction retired between them */
};

/*
 * After this number of traps a hart counts as dead, if no interrupt may end them (liveness.h). The
 * first number is large because a program may handle its traps without xRET. The second is for
 * traps whose handler traps at its first instruction, from which nothing can come.
 */
#define TRAP_STREAK_DEAD 10000000
#define TRAP_STREAK_BARREN 10000

/* The addresses of the handlers of non-maskable interrupts and of exceptions in those (Smrnmi). */
struct rnmi_vectors {
	u64 interrupt, exception;
};

struct trap_record {
	_Alignas(16) struct trap trap; /* so a record has 128 bytes, and a shift finds it */
	/* the number of the trap, or of its last repetition; traps count from 1 since reset */
	u64 number;
	u64 first; /* the number of its first repetition */
	u64 times; /* the number of repetitions, with the first */
	u64 retired; /* the hart's retired instructions at the trap */
	bool lost; /* no handler took it: trap.from is set, trap.to is not */
	bool apart; /* returns or interrupts were between the repetitions */
	u16 left; /* modes that an xRET left between the repetitions (trap_log_mode) */
};

#define TRAP_LOG 32
#define TRAP_LOG_NOT_ENTERED UINT64_MAX

struct trap_ring {
	struct trap_record record[TRAP_LOG];
	u64 made; /* records since reset */
};

/* The trap vector registers. */
enum { TRAP_MTVEC, TRAP_STVEC, TRAP_VSTVEC, TRAP_VECTORS };

/* The last write of a trap vector register that asked for a MODE which is reserved. */
struct trap_refusal {
	u64 asked; /* 0: there was none */
	u64 kept; /* the register's value before and after it */
};

struct trap_log {
	struct trap_ring calls, faults; /* interrupts are among the calls */
	struct trap_refusal refused[TRAP_VECTORS];
	u8 left; /* modes that an xRET left since the last fault */
	/*
	 * The number of traps before the hart first entered a mode below M; TRAP_LOG_NOT_ENTERED
	 * before that, 0 if it is not known, because the state was loaded.
	 */
	u64 entered;
};

/* Returns the bit of a mode in `left`. */
static inline u8 trap_log_mode(u8 priv, bool virt)
{
	return (u8)BIT(priv + 4 * virt);
}

/* trap_log_add adds hart->trap; `lost`: no handler took it. trap_log_clear removes all records, of
 * a hart that was reset or `loaded`. */
void trap_log_add(struct hart *hart, bool lost);
void trap_log_clear(struct hart *hart, bool loaded);

/* Return the number of records, and the record that is `back` records before the last. */
unsigned trap_log_count(const struct trap_log *log);
const struct trap_record *trap_log_back(const struct trap_log *log, unsigned back);

/*
 * trap_log_fault returns the last fault, trap_log_before the record before the first trap of a
 * record, and trap_log_find the record of a trap by its number; if the repetitions of a record are
 * `apart`, trap_log_find knows only the numbers of the first and the last. NULL: none.
 */
const struct trap_record *trap_log_fault(const struct trap_log *log);
const struct trap_record *trap_log_before(const struct trap_log *log,
					  const struct trap_record *record);
const struct trap_record *trap_log_find(const struct trap_log *log, u64 number);

/*
 * Returns whether the hart has entered a mode below M, and the trap came before. By such faults
 * firmware finds out what the hart has; they tell nothing of what it started later.
 */
bool trap_log_before_entry(const struct trap_log *log, const struct trap_record *record);

/*
 * Returns whether the last fault repeated in the mode that handles it, without a return from a
 * handler in that mode since its first time.
 */
bool trap_log_loops(const struct trap_log *log);

#endif
