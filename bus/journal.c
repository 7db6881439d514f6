/* SPDX-License-Identifier: MIT */
/*
 * The journal of the host's input: delivers the input, keeps it while recording, and delivers it
 * again while replaying. Owns the records and their bytes. The callers decide when input is
 * delivered: the run loop between two slices, devices within a slice.
 */
#include "bus/journal.h"
#include "bus/clock.h"
#include "bus/journal_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void journal_init(struct journal *journal, struct clock *clock)
{
	*journal = (struct journal){ .clock = clock };
}

void journal_free(struct journal *journal)
{
	free(journal->records);
	free(journal->bytes);
	free(journal->sinks);
	*journal = (struct journal){ 0 };
}

static u64 journal_instructions(const struct journal *journal)
{
	return journal->instructions ? journal->instructions(journal->instructions_ctx) : 0;
}

/* Makes room for `count` elements of `size` in *array, which has room for *room of them now. */
static bool journal_grow(void **array, size_t *room, size_t count, size_t size)
{
	if (count <= *room)
		return true;
	size_t more = MAX(count, *room * 2);
	void *grown = realloc(*array, more * size);

	if (!grown)
		return false;
	*array = grown;
	*room = more;
	return true;
}

unsigned journal_register(struct journal *journal, const struct journal_sink *sink)
{
	void *sinks = journal->sinks;

	for (size_t i = 0; i < journal->sink_count; i++)
		assert(strcmp(journal->sinks[i].name, sink->name) != 0);
	/*
	 * This allocates a few bytes when a machine is made. A host that has not even these cannot
	 * run a machine.
	 */
	if (!journal_grow(&sinks, &journal->sink_room, journal->sink_count + 1, sizeof(*sink)))
		abort();
	journal->sinks = sinks;
	journal->sinks[journal->sink_count] = *sink;
	return (unsigned)journal->sink_count++;
}

int journal_append(struct journal *journal, const struct journal_record *record, const void *data)
{
	void *records = journal->records, *bytes = journal->bytes;
	u64 held = journal->byte_count + (journal->count + 1) * sizeof(journal->records[0]);
	bool grown;

	if (held + record->size > JOURNAL_BYTES_MAX)
		return -ENOSPC;
	grown = journal_grow(&records, &journal->room, journal->count + 1,
			     sizeof(journal->records[0]));
	journal->records = records;
	grown = grown &&
		journal_grow(&bytes, &journal->byte_room, journal->byte_count + record->size, 1);
	journal->bytes = bytes;
	if (!grown)
		return -ENOMEM;
	memcpy(journal->bytes + journal->byte_count, data, record->size);
	journal->records[journal->count] = *record;
	journal->records[journal->count++].offset = journal->byte_count;
	journal->byte_count += record->size;
	return 0;
}

static void journal_keep(struct journal *journal, unsigned sink, const void *data, size_t size,
			 bool asked)
{
	const struct journal_record record = {
		.time = clock_now(journal->clock),
		.instructions = journal_instructions(journal),
		.sink = sink,
		.size = (u32)size,
		.asked = asked,
	};

	journal->error = journal->file ? journal_file_write(journal->file, &record, data) :
					 journal_append(journal, &record, data);
	journal->recording = !journal->error;
}

static void journal_deliver(struct journal *journal, unsigned sink, const u8 *data, size_t size)
{
	const struct journal_sink *to = &journal->sinks[sink];

	if (to->put)
		to->put(to->ctx, data, size);
}

void journal_put(struct journal *journal, unsigned sink, const void *data, size_t size)
{
	assert(sink < journal->sink_count);
	if (journal->replaying || !size)
		return;
	if (journal->recording)
		journal_keep(journal, sink, data, size, false);
	journal_deliver(journal, sink, data, size);
}

static const struct journal *journal_source(const struct journal *journal)
{
	return journal->leader ? journal->leader : journal;
}

/* Finds the next record that was put: the only kind for which the run loop has to wait. */
static void journal_seek_put(struct journal *journal)
{
	const struct journal *from = journal_source(journal);
	size_t at = MAX(journal->replay_put, journal->replay_next);

	while (at < from->count && from->records[at].asked)
		at++;
	journal->replay_put = at;
}

static void journal_replay_ask(struct journal *journal, unsigned sink, void *data, size_t size)
{
	const struct journal *from = journal_source(journal);
	const struct journal_record *record = &from->records[journal->replay_next];

	if (journal->replay_next >= from->count || !record->asked || record->sink != sink ||
	    record->size != size) {
		journal->error = -EINVAL;
		memset(data, 0, size);
		return;
	}
	memcpy(data, from->bytes + record->offset, size);
	journal->replay_next++;
}

void journal_ask(struct journal *journal, unsigned sink, void *data, size_t size)
{
	assert(sink < journal->sink_count && journal->sinks[sink].ask);
	if (!size)
		return;
	/*
	 * The time of a record is read from the clock, which changes the clock's state. So the
	 * clock is read here even if no record is kept.
	 */
	clock_now(journal->clock);
	if (journal->replaying) {
		journal_replay_ask(journal, sink, data, size);
		return;
	}
	journal->sinks[sink].ask(journal->sinks[sink].ctx, data, size);
	if (journal->recording)
		journal_keep(journal, sink, data, size, true);
}

void journal_record_start(struct journal *journal)
{
	journal->count = 0;
	journal->byte_count = 0;
	journal->error = 0;
	journal->leader = NULL;
	journal->file = NULL;
	journal->replaying = false;
	journal->recording = true;
}

static bool has_sink(const struct journal *journal, const char *name)
{
	for (size_t i = 0; i < journal->sink_count; i++)
		if (!strcmp(journal->sinks[i].name, name))
			return true;
	return false;
}

const char *journal_other_sink(const struct journal *a, const struct journal *b)
{
	for (size_t i = 0; i < b->sink_count; i++)
		if (!has_sink(a, b->sinks[i].name))
			return b->sinks[i].name;
	for (size_t i = 0; i < a->sink_count; i++)
		if (!has_sink(b, a->sinks[i].name) ||
		    strcmp(a->sinks[i].name, b->sinks[i].name) != 0)
			return a->sinks[i].name;
	return NULL;
}

void journal_follow(struct journal *journal, const struct journal *leader)
{
	assert(!journal_other_sink(journal, leader));
	journal->leader = leader;
	journal->replay_next = 0;
	journal->replay_put = 0;
	journal->error = 0;
	journal->recording = false;
	journal->replaying = true;
}

u64 journal_replay_due(struct journal *journal)
{
	if (!journal->replaying)
		return UINT64_MAX;
	const struct journal *from = journal_source(journal);
	u64 instructions = journal_instructions(journal);
	u64 now = clock_now(journal->clock);

	/* A leader may have recorded more since the last call. */
	journal_seek_put(journal);
	while (journal->replay_put < from->count) {
		const struct journal_record *record = &from->records[journal->replay_put];

		if (record->instructions > instructions || record->time > now)
			return record->instructions;
		/* No device asked for an earlier record: this run differs from the recorded one. */
		if (journal->replay_next != journal->replay_put)
			journal->error = -EINVAL;
		journal->replay_next = journal->replay_put + 1;
		journal_seek_put(journal);
		journal_deliver(journal, record->sink, from->bytes + record->offset, record->size);
	}
	return UINT64_MAX;
}

u64 journal_replay_time(const struct journal *journal)
{
	const struct journal *from = journal_source(journal);

	if (!journal->replaying || journal->replay_put >= from->count)
		return CLOCK_NEVER;
	return from->records[journal->replay_put].time;
}
