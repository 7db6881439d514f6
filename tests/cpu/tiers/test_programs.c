/* SPDX-License-Identifier: MIT */
/*
 * Runs random programs of one to four harts, without and with guests, in all tiers: at the same
 * instruction counts all registered state must be the same, wherever the runs were stopped in
 * between. If programs fence their changes of page tables, the detector of stale translations must
 * find nothing; even if they do not, the state must be the same. A program is determined by its
 * kind and number; README.md has the options.
 */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/tier_cover.h"
#include "tests/cpu/tiers/tier_guest.h"
#include "tests/cpu/tiers/tier_part.h"
#include "tests/cpu/tiers/tier_program.h"

#include "cpu/debug/stale_tlb.h"
#include "cpu/jit/jit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DEFAULT_SEED 7000
/* Sanitizers take longer to make machines than to run them. */
#define RESTORED_PERCENT (TEST_PART == 1 ? 50 : 25)

static void plain_config(struct tier_config *config, u64 seed)
{
	*config = (struct tier_config){
		.harts = 1 + (unsigned)below(&seed, PROGRAM_HARTS_MAX),
		.extensions = TIER_EXTENSIONS,
	};
}

struct kind {
	const char *name;
	void (*configure)(struct tier_config *config, u64 seed);
	void (*make)(struct machines *machines, u64 seed);
	u64 programs; /* default for a run */
	u64 points, per_point; /* comparisons; average instructions of all harts between two */
	bool covered; /* it must reach what tier_cover.h claims */
	bool interrupted; /* it has a handler of non-maskable interrupts */
	bool unfenced; /* fences are missing, which the detector would find */
};

static const struct kind kinds[] = {
	{ .name = "plain", .configure = plain_config, .make = program_make, .programs = 24,
	  .points = 8, .per_point = 250000 },
	{ .name = "guests", .configure = guest_config, .make = guest_make, .programs = 120,
	  .points = 4, .per_point = 50000, .covered = true, .interrupted = true },
	{ .name = "unfenced", .configure = plain_config, .make = program_make, .programs = 24,
	  .points = 8, .per_point = 100000, .unfenced = true },
	{ .name = "unfenced-guests", .configure = guest_config, .make = guest_make,
	  .programs = 60, .points = 4, .per_point = 50000, .interrupted = true,
	  .unfenced = true },
};

struct run {
	u64 seed, programs, minutes; /* programs: 0 for the kind's own number */
	const struct kind *only; /* NULL: all */
	struct cover cover;
	struct strict strict;
	struct watch watch; /* observes the interpreters of three of four programs, or of one */
	u64 stale; /* uses of translations without a fence */
	u64 instructions, traps, done;
	time_t shown;
};

/*
 * Runs to exactly `count` retired instructions, in one go or with random stops; returns false when
 * the machine died or does nothing but trap.
 */
static bool programs_run_to(struct tier_machine *machine, u64 count, u64 *stops)
{
	struct harts *harts = &machine->harts;

	while (harts_retired(harts) < count) {
		u64 stop = stops ? harts_retired(harts) + 1 + below(stops, 60000) : count;

		if (tier_run_to(machine, MIN(count, stop)) != HARTS_LIMIT)
			return false;
	}
	return true;
}

static void print_harts(const struct harts *harts)
{
	for (unsigned n = 0; n < harts->count; n++) {
		const struct hart *hart = harts->hart[n];
		const struct trap *trap = &hart->trap;

		print_error("hart%u: %s at %s 0x%llx, last trap at %s 0x%llx"
			    ": %s, tval 0x%llx: %s\n",
			    n,
			    hart->dead    ? "dead" :
			    hart->waiting ? "waits" :
					    "runs",
			    priv_name(hart->priv, hart->virt), hart->pc,
			    priv_name(trap->from_priv, trap->from_virt), trap->from,
			    trap_name(trap->cause), trap->tval, trap_reason_text(trap->reason));
	}
}

/* Sends the same non-maskable interrupt to all machines. Without Smrnmi there is none. */
static void interrupt(struct machines *machines, u64 *seed)
{
	unsigned hart = (unsigned)below(seed, machines->m[0].harts.count);

	for (unsigned n = 0; n < machines->count; n++)
		hart_nmi(machines->m[n].harts.hart[hart]);
}

static bool same(struct machines *machines, const char *when, u64 count)
{
	char difference[256];

	if (!machines_differs(machines, difference, sizeof(difference)))
		return true;
	print_error("the tiers differ %s after at most %llu instructions: %s\n", when, count,
		    difference);
	return false;
}

/*
 * Runs all machines to `count`; those of other tiers with other stops, or without. Programs have
 * timers, so they never sleep for ever, and they never die.
 */
static bool run_all(struct machines *machines, u64 count, u64 *stops, bool stopped)
{
	for (unsigned n = 0; n < machines->count; n++) {
		if (programs_run_to(&machines->m[n], count, n == 0 || stopped ? stops : NULL))
			continue;
		print_error("all harts of machine %u sleep, are dead or only trap after %llu"
			    " instructions at most\n",
			    n, count);
		print_harts(&machines->m[n].harts);
		return false;
	}
	return true;
}

static bool hashes_are_equal(const struct machines *machines)
{
	u64 hash = state_hash(&machines->m[0].platform.state);
	bool equal = true;

	for (unsigned n = 1; n < machines->count; n++)
		equal &= state_hash(&machines->m[n].platform.state) == hash;
	return equal;
}

static bool run_points(const struct kind *kind, struct machines *machines, u64 seed)
{
	u64 count = 0;

	for (u64 point = 1; point <= kind->points; point++) {
		count += 1 + below(&seed, 2 * kind->per_point);
		if (!run_all(machines, count, &seed, point % 2 == 0))
			return false;
		if (!same(machines, "when run", count))
			return false;
		if (chance(&seed, RESTORED_PERCENT)) {
			machines_restore(machines);
			if (!same(machines, "when the others are loaded", count))
				return false;
		}
		if (kind->interrupted)
			interrupt(machines, &seed);
	}
	return hashes_are_equal(machines);
}

static void found_stale(void *ctx, const struct strict_finding *finding)
{
	struct run *run = ctx;

	run->stale++;
	print_error("hart%u: %s 0x%llx uses a translation of 0x%llx"
		    " that the page tables do not have\n",
		    finding->hart, priv_name(finding->priv, finding->virt), finding->pc,
		    finding->va);
}

static void watch(struct run *run, struct machines *machines)
{
	struct harts *harts = &machines->m[0].harts;

	harts->tier = observe_run;
	for (unsigned n = 0; n < harts->count; n++) {
		watch_attach(&run->watch, harts->hart[n]);
		cover_begin(&run->cover, harts->hart[n]);
	}
	run->strict.place_count = 0;
}

/*
 * Makes half of the programs run without some emitters: those of one or two groups, as with
 * --jit-only, or random ones. The program itself does not depend on that.
 */
static void leave_out_emitters(struct tier_config *config, u64 program)
{
	u64 seed = ~program;

	if (chance(&seed, 25))
		config->calls = 1 + (unsigned)below(&seed, JIT_ALL - 1);
	else if (chance(&seed, 33))
		config->some_calls = 1 + (unsigned)below(&seed, JIT_KEPT_MOST - 1);
}

static bool run_program(struct run *run, const struct kind *kind, u64 program)
{
	struct machines *machines = calloc(1, sizeof(*machines));
	u64 seed = program * 0x9e3779b97f4a7c15ull + 1, stale = run->stale;
	struct tier_config config;
	bool good;

	assert_non_null(machines);
	kind->configure(&config, seed);
	config.three = true;
	config.unfenced = kind->unfenced;
	leave_out_emitters(&config, program);
	/* Threaded and native code take turns if blocks run before they are translated. */
	config.threshold = program % 3 ? 0 : 1 + program / 3 % 4;
	machines_init(machines, &config);
	kind->make(machines, seed);
	if (!kind->unfenced && program % 4 < part_of(3))
		watch(run, machines);
	good = run_points(kind, machines, seed) && run->stale == stale;
	if (!good)
		print_error("again: test_programs --kind=%s --seed=%llu --programs=1\n", kind->name,
			    program);
	run->instructions += harts_retired(&machines->m[0].harts);
	run->traps += tier_traps(&machines->m[0]);
	run->done++;
	machines_free(machines);
	free(machines);
	return good;
}

static void run_kind(struct run *run, const struct kind *kind)
{
	u64 count = run->programs ? run->programs : tier_part_of((unsigned)kind->programs);

	if (run->minutes || (run->only && run->only != kind))
		skip();
	run->instructions = run->traps = 0;
	cover_reset(&run->cover);
	print_message("%s: %llu programs from seed %llu\n", kind->name, count, run->seed);
	for (u64 n = 0; n < count; n++)
		assert_true(run_program(run, kind, run->seed + n));
	print_message("%s: %llu instructions in each tier, %llu traps\n", kind->name,
		      run->instructions, run->traps);
	/* Programs that only trap, or never trap, test nothing. */
	assert_in_range(run->traps, run->instructions / 10000, run->instructions / 5);
	if (!kind->covered)
		return;
	cover_print(&run->cover);
	if (count >= kind->programs)
		assert_true(cover_complete(&run->cover));
}

static void test_plain(void **state)
{
	run_kind(*state, &kinds[0]);
}

static void test_guests(void **state)
{
	run_kind(*state, &kinds[1]);
}

static void test_unfenced(void **state)
{
	run_kind(*state, &kinds[2]);
}

static void test_unfenced_guests(void **state)
{
	run_kind(*state, &kinds[3]);
}

/* Shows progress: on a terminal one line that changes every second, else a line each minute. */
static void programs_show(struct run *run, time_t start, u64 seed)
{
	time_t now = time(NULL);
	bool terminal = isatty(STDERR_FILENO);

	if (now - run->shown < (terminal ? 1 : 60))
		return;
	run->shown = now;
	fprintf(stderr,
		"%s%llu programs, up to seed %llu: %llu"
		" million instructions in each tier, %llu traps, %llu minutes%s",
		terminal ? "\r" : "", run->done, seed, run->instructions / 1000000, run->traps,
		(u64)(now - start) / 60, terminal ? " " : "\n");
}

/* Runs programs of all kinds in turn until the time is over. */
static void test_long(void **state)
{
	struct run *run = *state;
	time_t start = time(NULL), end = start + (time_t)(run->minutes * 60);
	u64 seed = run->seed, failed = 0;

	if (!run->minutes)
		skip();
	run->shown = start;
	print_message("programs from seed %llu, for %llu minutes\n", run->seed, run->minutes);
	for (; time(NULL) < end; seed++) {
		for (unsigned n = 0; n < ARRAY_SIZE(kinds); n++)
			if (!run->only || run->only == &kinds[n])
				failed += !run_program(run, &kinds[n], seed);
		programs_show(run, start, seed);
	}
	print_message("\nseeds %llu to %llu: %llu programs, %llu"
		      " instructions in each tier, %llu traps, %llu programs failed\n",
		      run->seed, seed - 1, run->done, run->instructions, run->traps, failed);
	cover_print(&run->cover);
	assert_int_equal(failed, 0);
}

static bool programs_number(const char *option, const char *name, u64 *value)
{
	size_t length = strlen(name);
	char *end;

	if (strncmp(option, name, length) != 0 || !option[length])
		return false;
	*value = strtoull(option + length, &end, 0);
	return *end == '\0';
}

static bool kind_named(const char *option, struct run *run)
{
	for (unsigned n = 0; n < ARRAY_SIZE(kinds); n++)
		if (!strncmp(option, "--kind=", 7) && !strcmp(option + 7, kinds[n].name))
			run->only = &kinds[n];
	return run->only;
}

int main(int argc, char **argv)
{
	struct run *run = calloc(1, sizeof(*run));
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(test_plain, run),
		cmocka_unit_test_prestate(test_guests, run),
		cmocka_unit_test_prestate(test_unfenced, run),
		cmocka_unit_test_prestate(test_unfenced_guests, run),
		cmocka_unit_test_prestate(test_long, run),
	};
	int failed;

	if (!run)
		return 1;
	run->seed = DEFAULT_SEED;
	for (int n = 1; n < argc; n++)
		if (!programs_number(argv[n], "--seed=", &run->seed) &&
		    !programs_number(argv[n], "--programs=", &run->programs) &&
		    !programs_number(argv[n], "--minutes=", &run->minutes) &&
		    !kind_named(argv[n], run)) {
			fprintf(stderr, "test_programs [--seed=N] [--programs=N] [--minutes=N] "
					"[--kind=plain|guests|unfenced|unfenced-guests]\n");
			free(run);
			return 2;
		}
	run->strict = (struct strict){ .found = found_stale, .ctx = run };
	cover_attach(&run->cover, &run->watch);
	strict_attach(&run->strict, &run->watch);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	free(run);
	return failed;
}
