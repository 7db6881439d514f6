/* SPDX-License-Identifier: MIT */
/*
 * The journal: all input of the host passes through it to the machine (console bytes, entropy, the
 * wall clock, the user's reset). A device that takes input registers a sink. A frontend that has
 * input puts it there, between two slices of the run loop. A device that needs an answer of the
 * host at once (entropy, wall clock) calls journal_ask. A journal that records keeps each input
 * with its virtual time and the machine's instruction count, so that a run can be replayed from its
 * journal alone.
 */
#ifndef BUS_JOURNAL_H
#define BUS_JOURNAL_H

#include "bus/base.h"

#include <stdio.h>

struct clock;

struct journal_sink {
	const char *name;
	/* Input arrives. The sink drops bytes beyond what the device can hold. */
	void (*put)(void *ctx, const u8 *data, size_t size);
	/*
	 * The device asks: fills `data` completely from the host. NULL for sinks that only receive.
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
	bool asked; /* the device asked; otherwise it was put */
};

#define JOURNAL_BYTES_MAX (1 * GiB) /* limit of records and their bytes together */

struct journal {
	struct clock *clock;
	u64 (*instructions)(void *ctx); /* returns the count to note in records; may be NULL */
	void *instructions_ctx;
	struct journal_sink *sinks;
	size_t sink_count, sink_room;
	bool recording;
	bool replaying;
	FILE *file; /* recording: records go there (bus/journal_file.h); NULL: they stay here */
	/* replay: the journal whose records are read; NULL: its own */
	const struct journal *leader;
	size_t replay_next; /* index of the next record to deliver */
	size_t replay_put; /* index of the next put, at or after replay_next */
	/*
	 * 0, or an error: recording stopped (-ENOMEM, -ENOSPC beyond JOURNAL_BYTES_MAX, or what
	 * the file said), or the replay differs from the recorded run (-EINVAL), because a device
	 * asked for something that was not recorded. The device got zeros.
	 */
	int error;
	struct journal_record *records;
	size_t count, room;
	u8 *bytes;
	size_t byte_count, byte_room;
};

void journal_init(struct journal *journal, struct clock *clock);
void journal_free(struct journal *journal);

/* Registers a sink and returns its number. The name must be unique and outlive the journal. */
unsigned journal_register(struct journal *journal, const struct journal_sink *sink);

/*
 * Delivers input to the sink now. While replaying it does nothing, since all input comes from the
 * journal.
 */
void journal_put(struct journal *journal, unsigned sink, const void *data, size_t size);

/* Fills data from the host, or from the journal while replaying. */
void journal_ask(struct journal *journal, unsigned sink, void *data, size_t size);

void journal_record_start(struct journal *journal);

/*
 * Appends a record, with its bytes, to those that the journal holds. Returns 0, -ENOMEM, or -ENOSPC
 * beyond JOURNAL_BYTES_MAX.
 */
int journal_append(struct journal *journal, const struct journal_record *record, const void *data);

/*
 * Returns the name of a sink that only one of the two has, or that has another place there; NULL:
 * they have the same sinks.
 */
const char *journal_other_sink(const struct journal *a, const struct journal *b);

/*
 * Replays from the start what `leader` has recorded and goes on recording. The leader is the
 * journal of a machine that runs ahead of this one and has the same sinks, or this journal itself.
 */
void journal_follow(struct journal *journal, const struct journal *leader);

/*
 * While replaying, the run loop calls this between two slices. It delivers the puts that are due,
 * by virtual time and by instructions, and returns the instruction count of the next put, at which
 * to call again; UINT64_MAX: there is none.
 */
u64 journal_replay_due(struct journal *journal);

/*
 * Returns the virtual time of the next put, beyond which an idle machine must not skip, or
 * CLOCK_NEVER.
 */
u64 journal_replay_time(const struct journal *journal);

#endif
