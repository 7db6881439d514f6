/* SPDX-License-Identifier: MIT */
/*
 * Tests the journal: a small machine receives bytes, and asks for some, while it is recorded. The
 * recording alone makes another machine do the same, at the same instructions and times.
 */
#include "bus/clock.h"
#include "bus/journal.h"
#include "tests/cmocka.h"

#include <errno.h>
#include <string.h>

struct machine {
	struct clock clock;
	struct journal journal;
	unsigned console, entropy;
	u64 instructions;
	u64 host; /* seed of the host's entropy */
	u64 digest; /* digest of all input and of the times at which it came */
	unsigned puts, asks_of_host;
};

static void digest(struct machine *machine, const u8 *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		machine->digest = (machine->digest ^ data[i]) * 0x100000001b3ull;
	machine->digest += machine->instructions * 3 + clock_now(&machine->clock) * 7;
}

static void console_put(void *ctx, const u8 *data, size_t size)
{
	struct machine *machine = ctx;

	machine->puts++;
	digest(machine, data, size);
}

static void entropy_ask(void *ctx, u8 *data, size_t size)
{
	struct machine *machine = ctx;

	machine->asks_of_host++;
	for (size_t i = 0; i < size; i++)
		data[i] = (u8)(machine->host = machine->host * 77 + 13);
}

static u64 machine_instructions(void *ctx)
{
	return ((struct machine *)ctx)->instructions;
}

static void journal_make_machine(struct machine *machine, u64 host)
{
	*machine = (struct machine){ .host = host };
	clock_init(&machine->clock, CLOCK_VIRTUAL);
	journal_init(&machine->journal, &machine->clock);
	machine->journal.instructions = machine_instructions;
	machine->journal.instructions_ctx = machine;
	const struct journal_sink console = { .name = "console", .put = console_put,
					      .ctx = machine };
	const struct journal_sink entropy = { .name = "entropy", .ask = entropy_ask,
					      .ctx = machine };
	machine->console = journal_register(&machine->journal, &console);
	machine->entropy = journal_register(&machine->journal, &entropy);
}

static void journal_free_machine(struct machine *machine)
{
	journal_free(&machine->journal);
	clock_free(&machine->clock);
}

/* Runs a slice, but not beyond `limit` instructions. Some instructions ask for entropy. */
static void run_slice(struct machine *machine, u64 limit)
{
	u64 end = MIN(machine->instructions + 1000, limit);

	while (machine->instructions < end) {
		u8 random[16];

		machine->instructions++;
		clock_advance(&machine->clock, clock_now(&machine->clock) + 3);
		if (machine->instructions % 700)
			continue;
		journal_ask(&machine->journal, machine->entropy, random,
			    1 + machine->instructions % 16);
		digest(machine, random, 1 + machine->instructions % 16);
	}
}

static void idle_until(struct machine *machine, u64 time)
{
	clock_advance(&machine->clock, MAX(time, clock_now(&machine->clock)));
}

/*
 * Makes the recorded run: input comes after some slices, sometimes after a wait without an
 * instruction, and then sometimes twice.
 */
static void run_recorded(struct machine *machine)
{
	journal_record_start(&machine->journal);
	for (unsigned slice = 0; slice < 30; slice++) {
		run_slice(machine, UINT64_MAX);
		if (slice % 7 == 3) {
			idle_until(machine, clock_now(&machine->clock) + 100000);
			journal_put(&machine->journal, machine->console, "wake", 4);
		}
		if (slice % 5 == 2)
			journal_put(&machine->journal, machine->console, "key", 1 + slice % 3);
	}
}

/*
 * Makes the replay, which knows only the journal: it stops at the next put, and idles where the
 * first run did.
 */
static void run_replayed(struct machine *machine, u64 instructions)
{
	for (unsigned slices = 0; slices < 1000; slices++) {
		u64 limit = journal_replay_due(&machine->journal);

		if (machine->instructions == limit)
			idle_until(machine, journal_replay_time(&machine->journal));
		else if (machine->instructions < instructions)
			run_slice(machine, MIN(limit, instructions));
	}
}

static void test_replay_is_the_recorded_run(void **unused)
{
	struct machine recorded, replayed;

	journal_make_machine(&recorded, 1);
	journal_make_machine(&replayed, 999);
	run_recorded(&recorded);
	assert_int_equal(recorded.puts, 10);
	assert_int_equal(recorded.journal.count, recorded.puts + recorded.asks_of_host);
	journal_follow(&replayed.journal, &recorded.journal);
	run_replayed(&replayed, recorded.instructions);
	assert_int_equal(replayed.journal.error, 0);
	assert_int_equal(replayed.asks_of_host, 0);
	assert_int_equal(replayed.puts, recorded.puts);
	assert_true(replayed.digest == recorded.digest);
	assert_true(clock_now(&replayed.clock) == clock_now(&recorded.clock));
	assert_true(journal_replay_due(&replayed.journal) == UINT64_MAX);
	assert_true(journal_replay_time(&replayed.journal) == CLOCK_NEVER);
	journal_free_machine(&recorded);
	journal_free_machine(&replayed);
}

/*
 * A machine that is always one slice behind another one gets the same input. So does the first one
 * when it replays its own records.
 */
static void test_follow(void **unused)
{
	struct machine leader, follower;
	u64 digest;

	journal_make_machine(&leader, 1);
	journal_make_machine(&follower, 999);
	journal_record_start(&leader.journal);
	journal_follow(&follower.journal, &leader.journal);
	for (unsigned slice = 0; slice < 30; slice++) {
		if (slice % 5 == 2)
			journal_put(&leader.journal, leader.console, "key", 1 + slice % 3);
		run_slice(&leader, UINT64_MAX);
		assert_true(journal_replay_due(&follower.journal) == UINT64_MAX);
		run_slice(&follower, UINT64_MAX);
		assert_int_equal(follower.instructions, leader.instructions);
		assert_true(follower.digest == leader.digest);
	}
	assert_int_equal(follower.puts, leader.puts);
	assert_int_equal(follower.asks_of_host, 0);
	assert_int_equal(follower.journal.error, 0);
	/* The leader starts again, and replays its own records. */
	digest = leader.digest;
	journal_follow(&leader.journal, &leader.journal);
	assert_true(leader.journal.replaying && !leader.journal.recording);
	assert_int_equal(leader.journal.replay_next, 0);
	assert_true(leader.digest == digest);
	journal_free_machine(&leader);
	journal_free_machine(&follower);
}

static void test_records_are_stamped(void **unused)
{
	struct machine machine;

	journal_make_machine(&machine, 1);
	journal_put(&machine.journal, machine.console, "lost", 4);
	assert_int_equal(machine.journal.count, 0);
	journal_record_start(&machine.journal);
	machine.instructions = 55;
	clock_advance(&machine.clock, 77);
	journal_put(&machine.journal, machine.console, "ab", 2);
	journal_put(&machine.journal, machine.console, "", 0);
	assert_int_equal(machine.journal.count, 1);
	assert_int_equal(machine.journal.records[0].instructions, 55);
	assert_int_equal(machine.journal.records[0].time, 77);
	assert_int_equal(machine.journal.records[0].size, 2);
	assert_memory_equal(machine.journal.bytes, "ab", 2);
	assert_int_equal(machine.puts, 2);
	journal_free_machine(&machine);
}

static void test_live_input_is_ignored_while_replaying(void **unused)
{
	struct machine machine, empty;

	journal_make_machine(&machine, 1);
	journal_make_machine(&empty, 1);
	journal_follow(&machine.journal, &empty.journal);
	journal_put(&machine.journal, machine.console, "x", 1);
	assert_int_equal(machine.puts, 0);
	journal_free_machine(&machine);
	journal_free_machine(&empty);
}

static void test_a_put_is_due_in_time_and_instructions(void **unused)
{
	struct machine from, to;

	journal_make_machine(&from, 1);
	journal_make_machine(&to, 1);
	journal_record_start(&from.journal);
	from.instructions = 10;
	clock_advance(&from.clock, 500);
	journal_put(&from.journal, from.console, "x", 1);
	journal_follow(&to.journal, &from.journal);
	assert_int_equal(journal_replay_due(&to.journal), 10);
	assert_int_equal(journal_replay_time(&to.journal), 500);
	to.instructions = 10;
	assert_int_equal(journal_replay_due(&to.journal), 10);
	assert_int_equal(to.puts, 0);
	clock_advance(&to.clock, 500);
	assert_true(journal_replay_due(&to.journal) == UINT64_MAX);
	assert_int_equal(to.puts, 1);
	journal_free_machine(&from);
	journal_free_machine(&to);
}

/* A request for input that was not recorded returns zeros and sets the error. */
static void test_divergence_is_noticed(void **unused)
{
	static const size_t sizes[] = { 4, 5, 3 };
	struct machine from;

	journal_make_machine(&from, 1);
	journal_record_start(&from.journal);
	u8 data[8];
	journal_ask(&from.journal, from.entropy, data, 4);
	for (unsigned i = 0; i < ARRAY_SIZE(sizes); i++) {
		static const u8 zeros[8];
		struct machine to;

		journal_make_machine(&to, 1);
		journal_follow(&to.journal, &from.journal);
		memset(data, 0xff, sizeof(data));
		journal_ask(&to.journal, to.entropy, data, sizes[i]);
		assert_int_equal(to.journal.error, sizes[i] == 4 ? 0 : -EINVAL);
		if (sizes[i] != 4)
			assert_memory_equal(data, zeros, sizes[i]);
		/* The journal is now at its end, or still at the same record. */
		journal_ask(&to.journal, to.entropy, data, 8);
		assert_memory_equal(data, zeros, 8);
		assert_int_equal(to.journal.error, -EINVAL);
		journal_free_machine(&to);
	}
	journal_free_machine(&from);
}

static void test_an_ask_that_never_came_is_noticed(void **unused)
{
	struct machine from, to;
	u8 data[4];

	journal_make_machine(&from, 1);
	journal_make_machine(&to, 1);
	journal_record_start(&from.journal);
	journal_ask(&from.journal, from.entropy, data, 4);
	journal_put(&from.journal, from.console, "x", 1);
	journal_follow(&to.journal, &from.journal);
	assert_true(journal_replay_due(&to.journal) == UINT64_MAX);
	assert_int_equal(to.puts, 1);
	assert_int_equal(to.journal.error, -EINVAL);
	journal_free_machine(&from);
	journal_free_machine(&to);
}

static void test_recording_is_bounded(void **unused)
{
	struct machine machine;

	journal_make_machine(&machine, 1);
	journal_record_start(&machine.journal);
	journal_put(&machine.journal, machine.console, "a", 1);
	machine.journal.byte_count = JOURNAL_BYTES_MAX - 2 * sizeof(struct journal_record);
	journal_put(&machine.journal, machine.console, "b", 1);
	assert_int_equal(machine.puts, 2);
	assert_int_equal(machine.journal.error, -ENOSPC);
	assert_false(machine.journal.recording);
	journal_free_machine(&machine);
}

static u64 ahead(void *ctx)
{
	return 77;
}

/*
 * Asking must have the same effect whether it is recorded or not: storing the time in a record
 * reads the clock, and a read changes state.
 */
static void test_asking_is_the_same_recorded_or_not(void **state)
{
	struct machine plain, recorded, replayed;
	struct machine *const machines[] = { &plain, &recorded, &replayed };
	u8 data[8];

	for (unsigned n = 0; n < ARRAY_SIZE(machines); n++) {
		journal_make_machine(machines[n], 1);
		machines[n]->clock.ahead = ahead;
	}
	journal_record_start(&recorded.journal);
	journal_follow(&replayed.journal, &recorded.journal);
	for (unsigned n = 0; n < ARRAY_SIZE(machines); n++) {
		journal_ask(&machines[n]->journal, machines[n]->entropy, data, sizeof(data));
		assert_int_equal(machines[n]->clock.latest, 77);
	}
	for (unsigned n = 0; n < ARRAY_SIZE(machines); n++)
		journal_free_machine(machines[n]);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_asking_is_the_same_recorded_or_not),
	cmocka_unit_test(test_follow),
	cmocka_unit_test(test_replay_is_the_recorded_run),
	cmocka_unit_test(test_records_are_stamped),
	cmocka_unit_test(test_live_input_is_ignored_while_replaying),
	cmocka_unit_test(test_a_put_is_due_in_time_and_instructions),
	cmocka_unit_test(test_divergence_is_noticed),
	cmocka_unit_test(test_an_ask_that_never_came_is_noticed),
	cmocka_unit_test(test_recording_is_bounded),
	{ 0 },
};
