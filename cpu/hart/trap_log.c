/* SPDX-License-Identifier: MIT */
/* Records traps (see trap_log.h). */
#include "cpu/hart/trap_log.h"

#include "cpu/hart/hart.h"

static struct trap_record *trap_log_slot(struct trap_log *log, u64 n)
{
	return &log->record[n % TRAP_LOG];
}

/* Returns whether the trap is the last one once more, with no return since. */
static bool trap_log_repeats(const struct hart *hart, const struct trap_record *last)
{
	const struct trap *trap = &hart->trap;

	return hart->streak.count > 1 && !(trap->cause & CAUSE_INTERRUPT) &&
	       last->trap.cause == trap->cause && last->trap.from == trap->from &&
	       last->trap.from_priv == trap->from_priv && last->trap.from_virt == trap->from_virt;
}

void trap_log_add(struct hart *hart, bool lost)
{
	struct trap_log *log = &hart->log;
	struct trap_record *record;
	u64 times = 1;

	if (log->made && trap_log_repeats(hart, trap_log_slot(log, log->made - 1)))
		times += trap_log_slot(log, --log->made)->times;
	record = trap_log_slot(log, log->made++);
	record->trap = hart->trap;
	record->number = hart->traps + lost;
	record->times = times;
	record->retired = hart_retired(hart);
	record->lost = lost;
}

void trap_log_clear(struct hart *hart)
{
	hart->log.made = 0;
}

unsigned trap_log_count(const struct trap_log *log)
{
	return (unsigned)MIN(log->made, (u64)TRAP_LOG);
}

const struct trap_record *trap_log_back(const struct trap_log *log, unsigned back)
{
	return &log->record[(log->made - 1 - back) % TRAP_LOG];
}
