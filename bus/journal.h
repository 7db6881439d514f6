/* SPDX-License-Identifier: MIT */
/*
 * The journal, through which all input from the host gets to the machine: console bytes, entropy,
 * the wall clock, the user's reset. A device that receives input registers a sink. A frontend that
 * has input puts it into the sink, between two slices of the run loop. A device that needs an
 * answer from the host at once (entropy, wall clock) calls journal_ask. While it records, the
 * journal keeps each input with its virtual time and the machine's instruction count, so that a run
 * can be replayed from its journal alone.
 */
#ifndef BUS_JOURNAL_H
#define BUS_JOURNAL_H

#include "bus/base.h"

#include <stdio.h>

struct clock;

struct journal_sink {
	const char *name;
	/*
	 * Receives input. It drops bytes beyond what the device can hold. NULL for sinks that are
	 * only asked.
	 */
	void (*put)(void *ctx, const u8 *data, size_t size);
	/*
	 * Fills `data` completely with the host's answer to the device. NULL for sinks that only
	 * receive.
	 */
	void (*ask)(void *ctx, u8 *data, size_t size);
	void *ctx;
};

struct journal_record {
	u64 time; /* ns of virtual time */
	u64 instructions; /* retired by all harts */
	u32 sink; /* index in order of registration */
	u32 size;
	u64 offset; /* into journal->bytes */
	bool asked; /* the device asked for it (journal_ask); otherwise it was put */
};

#define JOURNAL_BYTES_MAX (1 * GiB) /* limit of records and their bytes together */

struct journal {
	struct clock *clock;
	u64 (*instructions)(void *ctx); /* returns the count for records; may be NULL */
	void *instructions_ctx;
	struct journal_sink *sinks;
	size_t sink_count, sink_room;
	bool recording;
	bool replaying;
	FILE *file; /* recording: gets the records (bus/journal_file.h); NULL: memory does */
	/* replay: the journal whose records are read; NULL: this one */
	const struct journal *leader;
	size_t replay_next; /* index of the next record to deliver */
	size_t replay_put; /* index of the next put, at or after replay_next */
	/*
	 * 0 or an error. Recording stopped: -ENOMEM, -ENOSPC beyond JOURNAL_BYTES_MAX, or the error
	 * of a write to the file. Or the replay differs from the recorded run: -EINVAL. A device
	 * that asked for something that was not recorded got zeros.
	 */
	int error;
	struct journal_record *records;
	size_t count, room;
	u8 *bytes;
	size_t byte_count, byte_room;
};

/* Initialises a journal without sinks, which does not record. The clock must outlive it. */
void journal_init(struct journal *journal, struct clock *clock);
void journal_free(struct journal *journal);

/* Registers a sink and returns its number. The name must be unique and outlive the journal. */
unsigned journal_register(struct journal *journal, const struct journal_sink *sink);

/*
 * Delivers input to the sink now, and records it. Does nothing while replaying, since all input
 * comes from the journal then.
 */
void journal_put(struct journal *journal, unsigned sink, const void *data, size_t size);

/* Fills data completely with the host's answer, or while replaying with the journal's. */
void journal_ask(struct journal *journal, unsigned sink, void *data, size_t size);

/* Begins to record, without the records of before. It ends a replay. */
void journal_record_start(struct journal *journal);

/*
 * Appends a record, with its bytes, to those that the journal holds. Returns 0, -ENOMEM, or -ENOSPC
 * beyond JOURNAL_BYTES_MAX.
 */
int journal_append(struct journal *journal, const struct journal_record *record, const void *data);

/*
 * Returns the name of a sink that only one of the two has, or that has another number in each.
 * Returns NULL if they have the same sinks.
 */
const char *journal_other_sink(const struct journal *a, const struct journal *b);

/*
 * Begins to replay, from its first record, what `leader` has recorded and continues to record. The
 * leader is the journal of a machine that runs ahead of this one and has the same sinks, or it is
 * this journal itself.
 */
void journal_follow(struct journal *journal, const struct journal *leader);

/*
 * Delivers the puts that are due by virtual time and by instructions. The run loop calls this
 * between two slices while replaying. Returns the instruction count of the next put, at which to
 * call it again, or UINT64_MAX if there is none.
 */
u64 journal_replay_due(struct journal *journal);

/*
 * Returns the virtual time of the next put, beyond which an idle machine must not skip, or
 * CLOCK_NEVER.
 */
u64 journal_replay_time(const struct journal *journal);

#endif
