/* SPDX-License-Identifier: MIT */
/* From places to functions: the cycles of each pc, put together by the symbol it lies in. */
#include "cpu/timing/profile.h"
#include "devices/board_parts.h"
#include "devices/board_timing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(TIMING_CAUSES <= BOARD_CAUSES_MAX, "a function has room for all causes");

const char *board_cause_name(unsigned cause)
{
	return cause < TIMING_CAUSES ? timing_cause_names[cause] : NULL;
}

int board_count_cycles(struct board *board)
{
	struct harts *harts = &board->harts;

	for (unsigned n = 0; n < harts->count; n++) {
		if (timing_profile_init(&board->profiles[n]) < 0)
			return -ENOMEM;
		if (harts->hart[n]->timed)
			timed_profile(harts->hart[n]->timed, &board->profiles[n]);
	}
	return 0;
}

/* "main" for "main+0x12"; the page where there is no symbol. */
static void name_of(struct board *board, u64 pc, char *name, size_t size)
{
	unsigned long long page = pc & PAGE_MASK;
	char text[128];

	board_symbol(board, pc, text, sizeof(text));
	text[strcspn(text, "+")] = '\0';
	if (*text)
		snprintf(name, size, "%.79s", text);
	else
		snprintf(name, size, "0x%llx-0x%llx", page, page + PAGE_SIZE - 1);
}

static int by_name(const void *a, const void *b)
{
	const struct board_function *one = a, *other = b;

	return strcmp(one->name, other->name);
}

static int by_cycles(const void *a, const void *b)
{
	const struct board_function *one = a, *other = b;

	if (one->cycles != other->cycles)
		return one->cycles < other->cycles ? 1 : -1;
	return by_name(a, b);
}

/* Those of one name become one, which is why they are sorted by it. */
static unsigned merge(struct board_function *functions, unsigned count)
{
	unsigned kept = 0;

	for (unsigned n = 1; n < count; n++) {
		if (by_name(&functions[kept], &functions[n])) {
			functions[++kept] = functions[n];
			continue;
		}
		functions[kept].cycles += functions[n].cycles;
		for (unsigned c = 0; c < TIMING_CAUSES; c++)
			functions[kept].causes[c] += functions[n].causes[c];
		functions[kept].instructions += functions[n].instructions;
	}
	return count ? kept + 1 : 0;
}

static void take(struct board *board, const struct timing_cost *cost, const char *name,
		 struct board_function *function)
{
	for (unsigned c = 0; c < TIMING_CAUSES; c++) {
		function->causes[c] = cost->cycles[c];
		function->cycles += cost->cycles[c];
	}
	function->instructions = cost->instructions;
	if (name)
		snprintf(function->name, sizeof(function->name), "%s", name);
	else
		name_of(board, cost->pc, function->name, sizeof(function->name));
}

struct board_function *board_functions(struct board *board, unsigned *count)
{
	struct board_function *functions;
	size_t places = 0;

	*count = 0;
	for (unsigned h = 0; h < board->harts.count; h++)
		places += board->profiles[h].count + 1;
	functions = calloc(places, sizeof(*functions));
	if (!functions)
		return NULL;
	for (unsigned h = 0; h < board->harts.count; h++) {
		const struct timing_profile *profile = &board->profiles[h];

		for (size_t n = 0; n < profile->room; n++)
			if (profile->costs[n].used)
				take(board, &profile->costs[n], NULL, &functions[(*count)++]);
		if (profile->elsewhere.instructions)
			take(board, &profile->elsewhere, "elsewhere", &functions[(*count)++]);
	}
	qsort(functions, *count, sizeof(*functions), by_name);
	*count = merge(functions, *count);
	qsort(functions, *count, sizeof(*functions), by_cycles);
	return functions;
}
