/* SPDX-License-Identifier: MIT */
/*
 * The one door for input from the host: console bytes, entropy, the wall clock, the user's reset.
 * Whoever takes input registers a sink; whoever has some puts it, between two slices of the run
 * loop; a device that must ask the host at once (entropy, wall clock) asks through journal_ask.
 * Each record is stamped with virtual time and the machine's instruction count, and kept when
 * recording, so that a run can be replayed from its journal alone.
 */
#ifndef BUS_JOURNAL_H
#define BUS_JOURNAL_H

#include "bus/base.h"

struct clock;

struct journal_sink {
	const char *name;
	/* Input arrives. Bytes beyond what the device can hold are the sink's to drop. */
	void (*put)(void *ctx, const u8 *data, size_t size);
	/* The device asks: fill all of data from the host. NULL for sinks that are only put to. */
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

#define JOURNAL_BYTES_MAX (1 * GiB) /* of records and their bytes together */

struct journal {
	struct clock *clock;
	u64 (*instructions)(void *ctx); /* stamps; may be NULL */
	void *instructions_ctx;
	struct journal_sink *sinks;
	size_t sink_count, sink_room;
	bool recording;
	bool replaying;
	const struct journal *leader; /* replay: whose records; NULL: its own */
	size_t replay_next; /* index of the next record to give back */
	size_t replay_put; /* index of the next put, at or after replay_next */
	/*
	 * 0, or why recording stopped (-ENOMEM, -ENOSPC beyond JOURNAL_BYTES_MAX) or the replay is
	 * no longer the recorded run (-EINVAL: something else was asked for, and got zeros).
	 */
	int error;
	struct journal_record *records;
	size_t count, room;
	u8 *bytes;
	size_t byte_count, byte_room;
};

void journal_init(struct journal *journal, struct clock *clock);
void journal_free(struct journal *journal);

/* Returns the sink's number. The name must be unique and outlive the journal. */
unsigned journal_register(struct journal *journal, const struct journal_sink *sink);

/* Deliver input now. Ignored while replaying: then all input comes from the journal. */
void journal_put(struct journal *journal, unsigned sink, const void *data, size_t size);

/* Fill data from the host, or from the journal while replaying. */
void journal_ask(struct journal *journal, unsigned sink, void *data, size_t size);

void journal_record_start(struct journal *journal);

/*
 * Replay a copy of the records of another machine's journal, which must have the same sinks (else
 * -EINVAL). 0 or -ENOMEM otherwise.
 */
int journal_replay_start(struct journal *journal, const struct journal *from);

/*
 * Replay, from its start, what `leader` has recorded and goes on recording: the journal of a
 * machine that runs ahead of this one, with the same sinks; or the journal's own records.
 */
void journal_follow(struct journal *journal, const struct journal *leader);

/*
 * Replay, between two slices: deliver what is due, in virtual time and in instructions. Returns
 * the instruction count of the next put, where the run loop must call again, or UINT64_MAX.
 */
u64 journal_replay_due(struct journal *journal);

/* The virtual time of the next put: an idle machine must not skip past it. Or CLOCK_NEVER. */
u64 journal_replay_time(const struct journal *journal);

#endif
