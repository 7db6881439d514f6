/* SPDX-License-Identifier: MIT */
/* A table of samples by mode and pc, which is turned into samples by function (see samples.h). */
#include "devices/board/samples.h"

#include "cpu/jit/jit.h"
#include "cpu/trap/mode.h"
#include "devices/board/calls.h"
#include "devices/board/inspect/space.h"
#include "devices/board/machine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The size of the hash table, a power of two. Three quarters of it are used. */
#define SAMPLES_ROOM 65536

/*
 * A place where samples were taken, and their count. No memory is allocated when one is taken,
 * because that happens in a signal handler.
 */
struct sample {
	u64 pc, count;
	u8 hart, priv;
	bool virt;
	bool host; /* no hart was running; the other fields except `count` are unset */
};

struct board_samples {
	struct board *board;
	unsigned used;
	u64 elsewhere; /* samples for which the table had no room */
	struct sample sample[SAMPLES_ROOM];
};

struct board_samples *board_samples_create(struct board *board)
{
	struct board_samples *samples = calloc(1, sizeof(*samples));

	if (samples)
		samples->board = board;
	return samples;
}

void board_samples_free(struct board_samples *samples)
{
	free(samples);
}

static bool is_at(const struct sample *one, const struct sample *other)
{
	return one->pc == other->pc && one->hart == other->hart && one->priv == other->priv &&
	       one->virt == other->virt && one->host == other->host;
}

static void samples_add(struct board_samples *samples, const struct sample *at)
{
	u64 mode = at->priv | (u64)at->virt << 2 | (u64)at->host << 3;
	u64 hash = (at->pc ^ mode << 60) * 0x9e3779b97f4a7c15ull >> 40;
	struct sample *entry = &samples->sample[hash % SAMPLES_ROOM];

	while (entry->count && !is_at(entry, at))
		entry = &samples->sample[(++hash) % SAMPLES_ROOM];
	if (!entry->count && samples->used == SAMPLES_ROOM / 4 * 3) {
		samples->elsewhere += at->count;
		return;
	}
	samples->used += !entry->count;
	if (!entry->count)
		*entry = *at;
	else
		entry->count += at->count;
}

/*
 * Corrects the mode of a sample taken at hart->pc. The hart's mode changes before hart->pc at a
 * return from a trap, and after it at a trap, so a sample between the two would have the wrong one.
 * The right mode is that of the handler, or of the code that returned.
 */
static void correct_mode(const struct hart *hart, struct sample *sample)
{
	const struct trap *trap = &hart->trap;

	if (hart->pc == trap->to && hart->traps) {
		sample->priv = trap->to_priv;
		sample->virt = trap->to_virt;
	} else {
		mode_of(hart->mode_left, hart->pc, &sample->priv, &sample->virt);
	}
}

void board_samples_take(struct board_samples *samples, const void *code, const u64 *stack,
			u64 weight)
{
	const struct board *board = samples->board;
	const struct hart *hart = board->harts.running;
	struct sample sample = { .count = weight, .host = !hart };

	if (hart) {
		sample.pc = hart->pc;
		sample.hart = (u8)hart->id;
		sample.priv = hart->priv;
		sample.virt = hart->virt;
		if (!board->jit || !jit_pc(board->jit, hart, code, stack, &sample.pc))
			correct_mode(hart, &sample);
	}
	samples_add(samples, &sample);
}

/* The samples of one pc, with its function and mode. */
struct place {
	const char *mode;
	u64 pc;
	struct board_call call;
};

static int by_name(const void *a, const void *b)
{
	const struct place *one = a, *other = b;
	int order = strcmp(one->mode, other->mode);

	return order ? order : strcmp(one->call.name, other->call.name);
}

static struct place place_of(struct board *board, const struct sample *sample)
{
	const struct board_code_addr code = { board->harts.hart[sample->hart], sample->pc,
					    sample->priv, sample->virt };
	struct place place = { .call.self = sample->count };
	u64 named;

	if (sample->host) {
		place.mode = "host";
		snprintf(place.call.name, sizeof(place.call.name), "baya");
		return place;
	}
	named = board_code_addr_named(board, &code);
	place.mode = priv_name(sample->priv, sample->virt);
	place.pc = place.call.begin = named & ~BOARD_NAMELESS;
	place.call.nameless = named & BOARD_NAMELESS;
	board_function_name(board, named, place.call.name, sizeof(place.call.name));
	return place;
}

/* Returns all places, sorted by mode and function. A function may have several. */
static struct place *find_places(const struct board_samples *samples, unsigned *count)
{
	struct place *places = calloc(samples->used + 1u, sizeof(*places));

	*count = 0;
	if (!places)
		return NULL;
	for (unsigned n = 0; n < SAMPLES_ROOM; n++)
		if (samples->sample[n].count)
			places[(*count)++] = place_of(samples->board, &samples->sample[n]);
	if (samples->elsewhere)
		places[(*count)++] = (struct place){
			"host", 0, { .name = "elsewhere", .self = samples->elsewhere },
		};
	qsort(places, *count, sizeof(*places), by_name);
	return places;
}

/*
 * Joins neighbouring places of the same function into one call, below a call that stands for their
 * mode. A call's `begin` is the lowest of its places.
 */
static void join(const struct place *places, unsigned count, struct board_calls *to)
{
	struct board_call *calls = to->calls;
	unsigned root = 0;

	for (unsigned n = 0; n < count; n++) {
		if (!n || strcmp(places[n - 1].mode, places[n].mode)) {
			root = to->count++;
			calls[root].parent = root;
			snprintf(calls[root].name, sizeof(calls[root].name), "%s", places[n].mode);
		}
		if (n && !by_name(&places[n - 1], &places[n])) {
			calls[to->count - 1].self += places[n].call.self;
			calls[to->count - 1].begin =
				MIN(calls[to->count - 1].begin, places[n].call.begin);
		} else {
			calls[to->count] = places[n].call;
			calls[to->count++].parent = root;
		}
		to->places[to->place_count++] = (struct board_call_place){
			to->count - 1, places[n].pc, places[n].call.self,
		};
	}
}

int board_samples_calls(const struct board_samples *samples, struct board_calls *calls)
{
	unsigned found;
	struct place *places = find_places(samples, &found);

	*calls = (struct board_calls){
		.calls = calloc(2u * found + 1u, sizeof(*calls->calls)),
		.places = calloc(found + 1u, sizeof(*calls->places)),
	};
	if (places && calls->calls && calls->places) {
		join(places, found, calls);
		free(places);
		return 0;
	}
	free(places);
	board_calls_free(calls);
	return -ENOMEM;
}
