/* SPDX-License-Identifier: MIT */
/* Records traps (see trap_log.h). */
#include "cpu/hart/trap_log.h"

#include "cpu/hart/trap_log_note.h"

void trap_log_add(struct hart *hart, bool lost)
{
	trap_log_note(hart, lost, hart_retired(hart));
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
