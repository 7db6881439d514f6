/* SPDX-License-Identifier: MIT */
/*
 * Turns the accounts of harts into reports: cycles by mode and by place, and the sums over the
 * places of each symbol.
 */
#include "cpu/isa/disasm.h"
#include "cpu/timed/events.h"
#include "devices/board/inspect/space.h"
#include "devices/board/machine.h"
#include "devices/board/timing/timing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(TIMING_MODES <= BOARD_MODES_MAX, "as many modes as there are names");
_Static_assert(TIMING_CAUSES <= BOARD_CAUSES_MAX, "a cost has room for all causes");

const char *board_cause_name(unsigned cause)
{
	return cause < TIMING_CAUSES ? timing_cause_names[cause] : NULL;
}

const char *board_cause_meaning(unsigned cause)
{
	return cause < TIMING_CAUSES ? timing_cause_meanings[cause] : NULL;
}

const char *board_mode_name(unsigned mode)
{
	return mode < TIMING_MODES ? timing_mode_names[mode] : NULL;
}

static u64 name_place(void *ctx, enum timing_mode mode, u64 pc)
{
	static const struct {
		u8 priv;
		bool virt;
	} modes[TIMING_MODES] = {
		[TIMING_M] = { PRIV_M, false }, [TIMING_S] = { PRIV_S, false },
		[TIMING_U] = { PRIV_U, false }, [TIMING_VS] = { PRIV_S, true },
		[TIMING_VU] = { PRIV_U, true },
	};
	const struct board_hart_ctx *self = ctx;
	const struct board_code_addr code = { self->board->harts.hart[self->hart], pc,
					       modes[mode].priv, modes[mode].virt };

	return board_code_addr_named(self->board, &code);
}

/*
 * Finds the range of the function that contains a place. Where there are no symbols, a page is
 * taken for a function, as in all reports. If a symbol covers the page's first address, the page is
 * marked as nameless, so that the symbol does not name it.
 */
static void name_around(void *ctx, u64 place, u64 *begin, u64 *end)
{
	const struct board_hart_ctx *self = ctx;
	u64 named, behind;

	if (!(place & BOARD_NAMELESS) && symbols_around(&self->board->symbols, place, begin, end))
		return;
	*begin = place & PAGE_MASK;
	*end = *begin + PAGE_SIZE;
	if (place & BOARD_NAMELESS ||
	    symbols_around(&self->board->symbols, *begin, &named, &behind))
		*begin |= BOARD_NAMELESS;
}

int board_count_cycles(struct board *board, bool by_place)
{
	struct harts *harts = &board->harts;

	for (unsigned n = 0; n < harts->count; n++) {
		if (!board->accounts[n]) {
			struct board_hart_ctx *self = &board->hart_ctx[n];
			const struct place_names names = { name_place, name_around, self };

			*self = (struct board_hart_ctx){ .board = board, .hart = n };
			board->accounts[n] = timing_account_create(&names);
			if (!board->accounts[n])
				return -ENOMEM;
			if (harts->hart[n]->timed)
				timed_account(harts->hart[n]->timed, board->accounts[n]);
		}
		if (by_place && timing_account_places(board->accounts[n]) < 0)
			return -ENOMEM;
	}
	return 0;
}

static void profile_add(struct board_cost *to, const struct board_cost *cost)
{
	to->cycles += cost->cycles;
	to->instructions += cost->instructions;
	for (unsigned c = 0; c < TIMING_CAUSES; c++)
		to->causes[c] += cost->causes[c];
}

static struct board_cost cost_of(const struct timing_sum *sum)
{
	struct board_cost cost = { .instructions = sum->instructions };

	for (unsigned c = 0; c < TIMING_CAUSES; c++) {
		cost.causes[c] = sum->cycles[c];
		cost.cycles += sum->cycles[c];
	}
	return cost;
}

/* The table of selectors begins with the events, in the order of board_mode_events(). */
_Static_assert(TIMING_CPI <= BOARD_EVENTS_MAX, "there is room for all");

void board_mode_events(struct board *board, unsigned hart, unsigned mode, u64 *events)
{
	struct timing_counts counts = { 0 };

	if (board->harts.hart[hart]->timed)
		timed_events(board->harts.hart[hart]->timed, &counts);
	for (unsigned n = TIMING_INSTRUCTIONS + 1; n < TIMING_CPI; n++)
		events[n] = counts.in[mode][n];
}

void board_mode_cost(struct board *board, unsigned hart, unsigned mode, struct board_cost *cost)
{
	struct timed *timed = board->harts.hart[hart]->timed;
	struct timing_counts counts;
	struct timing_sum sum;

	*cost = (struct board_cost){ 0 };
	if (!timed || !timed->account)
		return;
	timed_modes(timed, &counts);
	sum.instructions = counts.in[mode][TIMING_INSTRUCTIONS];
	memcpy(sum.cycles, &counts.in[mode][TIMING_CPI], sizeof(sum.cycles));
	*cost = cost_of(&sum);
}

u64 board_hart_cycles(struct board *board, unsigned hart)
{
	return hart_cycles(board->harts.hart[hart]);
}

void board_place_text(struct board *board, const struct board_place *place, char *text, size_t size)
{
	if (place->raw)
		disasm(&board->harts.isa, place->pc, place->raw, text, size);
	else
		snprintf(text, size, "(not fetched)");
}

void board_function_name(struct board *board, u64 place, char *name, size_t size)
{
	unsigned long long page = place & PAGE_MASK;
	char text[128] = "";

	if (!(place & BOARD_NAMELESS))
		board_symbol(board, place, text, sizeof(text));
	text[strcspn(text, "+")] = '\0';
	if (*text)
		snprintf(name, size, "%.79s", text);
	else
		snprintf(name, size, "0x%llx-0x%llx", page, page + PAGE_SIZE - 1);
}

static int by_pc(const void *a, const void *b)
{
	const struct board_place *one = a, *other = b;

	return one->pc < other->pc ? -1 : one->pc > other->pc;
}

static int by_name(const void *a, const void *b)
{
	const struct board_function *one = a, *other = b;
	int order = strcmp(one->name, other->name);

	return order ? order : one->first < other->first ? -1 : one->first > other->first;
}

static int by_cycles(const void *a, const void *b)
{
	const struct board_function *one = a, *other = b;

	if (one->cost.cycles != other->cost.cycles)
		return one->cost.cycles < other->cost.cycles ? 1 : -1;
	return by_name(a, b);
}

/* Collects the places of all harts, sorted by pc. A place that several harts have becomes one. */
static unsigned gather(struct board *board, struct board_place *places)
{
	unsigned count = 0, kept = 0;

	for (unsigned h = 0; h < board->harts.count; h++) {
		const struct timing_account *account = board->accounts[h];

		for (size_t n = 0; account && n < account->profile.room; n++) {
			const struct timing_cost *cost = &account->profile.costs[n];

			if (cost->used)
				places[count++] = (struct board_place){
					cost->pc, cost->raw, cost_of(&cost->sum),
				};
		}
	}
	qsort(places, count, sizeof(*places), by_pc);
	for (unsigned n = 1; n < count; n++)
		if (places[n].pc == places[kept].pc)
			profile_add(&places[kept].cost, &places[n].cost);
		else
			places[++kept] = places[n];
	return count ? kept + 1 : 0;
}

/*
 * Joins neighbouring places of the same name into a function; merge() then merges functions of the
 * same name.
 */
static unsigned name_all(struct board *board, const struct board_profile *profile)
{
	struct board_function *function = NULL;
	unsigned count = 0;

	for (unsigned n = 0; n < profile->place_count; n++) {
		char name[sizeof(function->name)];

		board_function_name(board, profile->places[n].pc, name, sizeof(name));
		if (!function || strcmp(function->name, name)) {
			function = &profile->functions[count++];
			memcpy(function->name, name, sizeof(name));
			function->first = n;
			function->nameless = profile->places[n].pc & BOARD_NAMELESS;
		}
		function->count++;
		profile_add(&function->cost, &profile->places[n].cost);
		profile->places[n].pc &= ~BOARD_NAMELESS;
	}
	return count;
}

/* Merges functions of the same name, and makes their places neighbours. */
static void merge(struct board_profile *profile, struct board_place *ordered)
{
	struct board_function *functions = profile->functions, *last = NULL;
	unsigned kept = 0, placed = 0;

	qsort(functions, profile->function_count, sizeof(*functions), by_name);
	for (unsigned n = 0; n < profile->function_count; n++) {
		struct board_function function = functions[n];

		memcpy(&ordered[placed], &profile->places[function.first],
		       function.count * sizeof(*ordered));
		function.first = placed;
		placed += function.count;
		if (last && !strcmp(last->name, function.name)) {
			profile_add(&last->cost, &function.cost);
			last->count += function.count;
		} else {
			last = &functions[kept++];
			*last = function;
		}
	}
	profile->function_count = kept;
	free(profile->places);
	profile->places = ordered;
}

/* Adds the cycles of places for which the table had no room. */
static void add_elsewhere(struct board *board, struct board_profile *profile)
{
	struct board_function elsewhere = { .name = "elsewhere" };

	for (unsigned h = 0; h < board->harts.count; h++)
		if (board->accounts[h]) {
			const struct timing_cost *none = &board->accounts[h]->profile.elsewhere;
			struct board_cost cost = cost_of(&none->sum);

			profile_add(&elsewhere.cost, &cost);
		}
	if (elsewhere.cost.cycles || elsewhere.cost.instructions)
		profile->functions[profile->function_count++] = elsewhere;
}

int board_profile(struct board *board, struct board_profile *profile)
{
	struct board_place *ordered;
	size_t room = 1;

	*profile = (struct board_profile){ 0 };
	for (unsigned h = 0; h < board->harts.count; h++)
		room += board->accounts[h] ? board->accounts[h]->profile.count : 0;
	profile->places = calloc(room, sizeof(*profile->places));
	profile->functions = calloc(room, sizeof(*profile->functions));
	ordered = calloc(room, sizeof(*ordered));
	if (!profile->places || !profile->functions || !ordered) {
		free(ordered);
		board_profile_free(profile);
		return -ENOMEM;
	}
	profile->place_count = gather(board, profile->places);
	profile->function_count = name_all(board, profile);
	merge(profile, ordered);
	add_elsewhere(board, profile);
	qsort(profile->functions, profile->function_count, sizeof(*profile->functions), by_cycles);
	return 0;
}

void board_profile_free(struct board_profile *profile)
{
	free(profile->functions);
	free(profile->places);
	*profile = (struct board_profile){ 0 };
}
