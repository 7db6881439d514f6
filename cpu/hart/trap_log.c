/* SPDX-License-Identifier: MIT */
/* Records traps (see trap_log.h). */
#include "cpu/hart/trap_log.h"

#include "cpu/hart/trap_log_note.h"

#include <string.h>

void trap_log_add(struct hart *hart, bool lost)
{
	trap_log_note(hart, lost, hart_retired(hart), trap_is_fault(hart->trap.cause));
}

void trap_log_clear(struct hart *hart, bool loaded)
{
	hart->log.calls.made = hart->log.faults.made = 0;
	memset(hart->log.refused, 0, sizeof(hart->log.refused));
	hart->log.left = 0;
	hart->log.entered = loaded ? 0 : TRAP_LOG_NOT_ENTERED;
}

static unsigned ring_count(const struct trap_ring *ring)
{
	return (unsigned)MIN(ring->made, (u64)TRAP_LOG);
}

static const struct trap_record *ring_back(const struct trap_ring *ring, unsigned back)
{
	return back < ring_count(ring) ? &ring->record[(ring->made - 1 - back) % TRAP_LOG] : NULL;
}

unsigned trap_log_count(const struct trap_log *log)
{
	return ring_count(&log->calls) + ring_count(&log->faults);
}

const struct trap_record *trap_log_back(const struct trap_log *log, unsigned back)
{
	unsigned calls = 0, faults = 0;

	for (;;) {
		const struct trap_record *call = ring_back(&log->calls, calls);
		const struct trap_record *fault = ring_back(&log->faults, faults);
		bool is_call = call && (!fault || call->number > fault->number);

		if (calls + faults == back)
			return is_call ? call : fault;
		calls += is_call;
		faults += !is_call;
	}
}

const struct trap_record *trap_log_fault(const struct trap_log *log)
{
	return ring_back(&log->faults, 0);
}

const struct trap_record *trap_log_before(const struct trap_log *log,
					  const struct trap_record *record)
{
	for (unsigned back = 0; back < trap_log_count(log); back++)
		if (trap_log_back(log, back)->number < record->first)
			return trap_log_back(log, back);
	return NULL;
}

/* If repetitions are `apart`, there were other traps between them, whose records may be lost. */
const struct trap_record *trap_log_find(const struct trap_log *log, u64 number)
{
	for (unsigned back = 0; back < trap_log_count(log); back++) {
		const struct trap_record *record = trap_log_back(log, back);
		const bool within = record->first < number && number < record->number;

		if (record->number == number || record->first == number ||
		    (within && !record->apart))
			return record;
	}
	return NULL;
}

bool trap_log_before_entry(const struct trap_log *log, const struct trap_record *record)
{
	return log->entered != TRAP_LOG_NOT_ENTERED && record->number <= log->entered;
}

bool trap_log_loops(const struct trap_log *log)
{
	const struct trap_record *fault = trap_log_fault(log);
	u8 from, to;

	if (!fault || fault->times == 1)
		return false;
	from = trap_log_mode(fault->trap.from_priv, fault->trap.from_virt);
	to = trap_log_mode(fault->trap.to_priv, fault->trap.to_virt);
	return from == to && !((fault->left | log->left) & to);
}
