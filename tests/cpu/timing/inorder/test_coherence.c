/* SPDX-License-Identifier: MIT */
/*
 * Tests caches of several harts: by brute force against a list of which cache has which line, and
 * by programs that harts run in turn, whose cycles follow from the cost of an upgrade and a
 * transfer.
 */
#include "cpu/debug/observe.h"
#include "cpu/hart/storage.h"
#include "cpu/timed/hooks.h"
#include "cpu/timed/switch.h"
#include "cpu/timing/inorder/cache.h"
#include "cpu/timing/inorder/params.h"
#include "cpu/timing/units/coherence.h"
#include "tests/cpu/fixture.h"
#include "tests/cpu/random.h"

#include <stdio.h>

#define CACHES 4
#define LINES 64 /* in use; caches are too small for them */
#define LINE 64
#define OPERATIONS 200000

static enum coherence_found snoop(void *ctx, u64 pa, bool invalidate)
{
	return inorder_cache_snoop(ctx, pa, invalidate);
}

/* Returns the state of a line in the other caches according to the list. */
static enum coherence_found others(u8 has[CACHES][LINES], unsigned self, unsigned line)
{
	enum coherence_found most = COHERENCE_NOTHING;

	for (unsigned n = 0; n < CACHES; n++)
		if (n != self)
			most = MAX(most, (enum coherence_found)has[n][line]);
	return most;
}

/* Removes a line that a fill has replaced from the list. */
static void forget_victims(const struct inorder_cache *cache, u8 has[LINES])
{
	for (unsigned line = 0; line < LINES; line++)
		if (!inorder_cache_holds(cache, line * LINE))
			has[line] = COHERENCE_NOTHING;
}

static void one_access(struct timing_coherence *coherence, struct inorder_cache *caches,
		       u8 has[CACHES][LINES], u64 random)
{
	unsigned self = random % CACHES, line = random / 16 % LINES;
	bool write = random >> 32 & 1;
	enum coherence_found expected = others(has, self, line), found = COHERENCE_NOTHING;
	struct inorder_cache *cache = &caches[self];
	u64 pa = line * LINE;
	int place = inorder_cache_use(cache, pa, write);
	bool there = place != TAGS_NOWHERE;

	assert_int_equal(there, has[self][line] != COHERENCE_NOTHING);
	if (there)
		assert_true(!inorder_cache_owns(cache, place) || expected == COHERENCE_NOTHING);
	if (!there || (write && !inorder_cache_owns(cache, place))) {
		found = write ? coherence_write(coherence, cache, pa) :
				coherence_read(coherence, cache, pa);
		assert_int_equal(found, expected);
	}
	if (!there)
		inorder_cache_fill(cache, pa, write ? INORDER_LINE_WRITTEN : 0);
	if (write || (!there && found == COHERENCE_NOTHING))
		inorder_cache_own(cache, pa);
	for (unsigned n = 0; n < CACHES; n++)
		if (n != self && has[n][line] && (write || !there))
			has[n][line] = write ? COHERENCE_NOTHING : COHERENCE_CLEAN;
	if (write)
		has[self][line] = COHERENCE_CHANGED;
	else if (!there)
		has[self][line] = COHERENCE_CLEAN;
	forget_victims(cache, has[self]);
}

static void caches_know_what_others_have(void **state)
{
	const struct tags_shape shape = { .sets = 8, .ways = 4, .line = LINE };
	struct timing_coherence *coherence = coherence_create(CACHES);
	struct inorder_cache caches[CACHES] = { 0 };
	u8 has[CACHES][LINES] = { { 0 } };
	u64 seed = 5;

	assert_non_null(coherence);
	for (unsigned n = 0; n < CACHES; n++) {
		const struct coherence_cache member = { &caches[n], snoop };

		assert_int_equal(inorder_cache_init(&caches[n], &shape, INORDER_LRU), 0);
		coherence_join(coherence, &member);
	}
	for (unsigned n = 0; n < OPERATIONS; n++)
		one_access(coherence, caches, has, random_u64(&seed));
	for (unsigned n = 0; n < CACHES; n++)
		inorder_cache_free(&caches[n]);
	coherence_free(coherence);
}

#define HARTS_MOST 4
#define TURNS 20u
#define LOOPS 100u /* in a turn */

/* Each hart reads or writes its line in a loop of three instructions and a jump. */
enum what { READS, WRITES };

struct party {
	unsigned harts;
	enum what what[HARTS_MOST];
	u64 data[HARTS_MOST]; /* addresses */
};

static void put_program(struct machine *machine, u64 pc, enum what what)
{
	const u32 code[] = {
		what == WRITES ? 0x00553023 : 0x00053303, /* sd t0, 0(a0); ld t1, 0(a0) */
		0x00053303, /* ld t1, 0(a0) */
		0x00628293, /* addi t0, t0, 6 */
		0xff5ff06f, /* j back */
	};

	memcpy(machine_ram(machine, pc), code, sizeof(code));
}

static void coherence_start_hart(struct machine *machine, struct hart *hart,
				 const struct party *party, unsigned n)
{
	u64 pc = RAM_BASE + n * PAGE_SIZE;

	put_program(machine, pc, party->what[n]);
	hart_reset(hart, pc);
	hart->x[10] = party->data[n];
	timed_reset(hart->timed, 0);
}

/* Gets the cycles of each hart after all turns. */
static void coherence_run(const struct timing_core *core, const struct party *party,
			  u64 cycles[HARTS_MOST])
{
	struct machine *machine = machine_create(PLAIN_EXTENSIONS);
	struct timing_coherence *coherence = coherence_create(party->harts);
	struct hart *harts[HARTS_MOST] = { 0 };
	struct watch watch = { .count = 0 };

	watch_add(&watch, &timed_observer);
	for (unsigned n = 0; n < party->harts; n++) {
		const struct hart_config config = {
			.id = n + 1, .isa = &machine->isa, .timebase = &machine->timebase,
			.tables = machine->tables, .timing = core, .timer = &timed_hooks,
			.coherence = coherence,
		};

		harts[n] = hart_storage(sizeof(*harts[n]));
		assert_non_null(harts[n]);
		assert_int_equal(hart_init(harts[n], &machine->platform, &config), 0);
		watch_attach(&watch, harts[n]);
		coherence_start_hart(machine, harts[n], party, n);
	}
	for (unsigned turn = 0; turn < TURNS; turn++)
		for (unsigned n = 0; n < party->harts; n++) {
			hart_run(harts[n], observe_run, 4 * LOOPS);
			timed_synchronize(harts[n]->timed);
		}
	for (unsigned n = party->harts; n-- > 0;) {
		cycles[n] = timed_cycles(harts[n]->timed);
		hart_free(harts[n]);
		free(harts[n]);
	}
	coherence_free(coherence);
	machine_free(machine);
}

static void coherence_read_core(struct timing_core *core, const char *name,
				const char *const *values)
{
	struct timing_error error;
	char path[256];

	snprintf(path, sizeof(path), CORES "/%s.core", name);
	if (timing_core_read(core, path, &error) < 0)
		fail_msg("%s", error.text);
	for (; *values; values++)
		if (timing_core_set(core, *values, &error) < 0)
			fail_msg("%s", error.text);
}

/* A blocking cache waits for each miss, so that each wait is seen in full. */
#define WAITS "dcache.blocking=yes"

/* Computes how many more cycles each hart takes with `dearer` than with `cheaper`. */
static void difference(const struct party *party, const char *cheaper, const char *dearer,
		       s64 more[HARTS_MOST])
{
	const char *const low[] = { WAITS, cheaper, NULL }, *const high[] = { WAITS, dearer, NULL };
	u64 before[HARTS_MOST], after[HARTS_MOST], again[HARTS_MOST];
	struct timing_core core;

	coherence_read_core(&core, "u74", low);
	coherence_run(&core, party, before);
	coherence_read_core(&core, "u74", high);
	coherence_run(&core, party, after);
	coherence_run(&core, party, again);
	for (unsigned n = 0; n < party->harts; n++) {
		assert_int_equal(after[n], again[n]);
		more[n] = (s64)(after[n] - before[n]);
	}
}

#define PLACE (RAM_BASE + 0x100000)

/*
 * Harts that write words of one line take it from each other in each turn, except for the first
 * turn of the first hart. Lines of one hart alone are not taken.
 */
static void a_line_goes_to_and_fro(void **state)
{
	struct party party = {
		.harts = 3, .what = { WRITES, WRITES, WRITES },
		.data = { PLACE, PLACE + 8, PLACE + 16 },
	};
	s64 more[HARTS_MOST];

	difference(&party, "coherence.transfer=40", "coherence.transfer=75", more);
	assert_int_equal(more[0], 35 * (TURNS - 1));
	assert_int_equal(more[1], 35 * TURNS);
	assert_int_equal(more[2], 35 * TURNS);
	difference(&party, "coherence.upgrade=20", "coherence.upgrade=75", more);
	for (unsigned n = 0; n < party.harts; n++) {
		assert_int_equal(more[n], 0);
		party.data[n] = PLACE + n * LINE;
	}
	difference(&party, "coherence.transfer=40", "coherence.transfer=75", more);
	for (unsigned n = 0; n < party.harts; n++)
		assert_int_equal(more[n], 0);
}

/* Readers share a line that nobody writes. */
static void reading_costs_nothing(void **state)
{
	const struct party party = {
		.harts = 4, .what = { READS, READS, READS, READS },
		.data = { PLACE, PLACE, PLACE + 8, PLACE + 8 },
	};
	s64 more[HARTS_MOST];

	difference(&party, "coherence.transfer=40", "coherence.transfer=75", more);
	for (unsigned n = 0; n < party.harts; n++)
		assert_int_equal(more[n], 0);
	difference(&party, "coherence.upgrade=20", "coherence.upgrade=75", more);
	for (unsigned n = 0; n < party.harts; n++)
		assert_int_equal(more[n], 0);
}

/*
 * One hart writes, one reads: the reader fetches the line each turn, and the writer takes it back.
 */
static void a_writer_takes_back_what_was_read(void **state)
{
	const struct party party = {
		.harts = 2, .what = { WRITES, READS }, .data = { PLACE, PLACE },
	};
	s64 more[HARTS_MOST];

	difference(&party, "coherence.upgrade=20", "coherence.upgrade=31", more);
	assert_int_equal(more[0], 11 * (TURNS - 1));
	assert_int_equal(more[1], 0);
	difference(&party, "coherence.transfer=40", "coherence.transfer=75", more);
	assert_int_equal(more[0], 0);
	assert_int_equal(more[1], 35 * TURNS);
}

/*
 * A line that one hart has fetched into level 2 is there for the others too: only the first waits
 * for memory.
 */
static void level_2_is_shared(void **state)
{
	const struct party party = {
		.harts = 2, .what = { READS, READS }, .data = { PLACE, PLACE },
	};
	const char *const low[] = { WAITS, "memory.latency=150", NULL };
	const char *const high[] = { WAITS, "memory.latency=250", NULL };
	const char *const apart[] = { WAITS, "memory.latency=250", "l2.shared=no", NULL };
	u64 before[HARTS_MOST], after[HARTS_MOST], alone[HARTS_MOST];
	struct timing_core core;

	coherence_read_core(&core, "u74", low);
	coherence_run(&core, &party, before);
	coherence_read_core(&core, "u74", high);
	coherence_run(&core, &party, after);
	coherence_read_core(&core, "u74", apart);
	coherence_run(&core, &party, alone);
	/* This is a line of code and one of data; the other hart has its own code. */
	assert_int_equal(after[0] - before[0], 2 * 100);
	assert_int_equal(after[1] - before[1], 100);
	assert_int_equal(alone[0], after[0]);
	assert_int_equal(alone[1] - after[1], 250);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(caches_know_what_others_have),
	cmocka_unit_test(a_line_goes_to_and_fro),
	cmocka_unit_test(reading_costs_nothing),
	cmocka_unit_test(a_writer_takes_back_what_was_read),
	cmocka_unit_test(level_2_is_shared),
	{ 0 },
};
