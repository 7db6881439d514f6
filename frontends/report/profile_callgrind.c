/* SPDX-License-Identifier: MIT */
/*
 * Callgrind's format: for each function its own cost, and for each function that it calls how often
 * and at what inclusive cost. Modes are written as object files. See profile.h.
 */
#include "frontends/report/profile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bus/output.h"

/* A call in the list of its function's calls: several contexts are one function. */
struct place {
	const char *mode, *name;
	unsigned call, function; /* functions are numbered from 1 */
};

/* The calls of one function by another, in all contexts. */
struct edge {
	unsigned caller, callee; /* numbers of functions */
	u64 calls, cost;
};

struct graph {
	const struct profile *profile;
	struct place *places; /* sorted by function */
	unsigned *function_of; /* indexed by call */
	u64 *cost; /* indexed by call: with the calls that it made */
	struct edge *edges;
	unsigned edge_count;
};

static int by_name(const void *a, const void *b)
{
	const struct place *one = a, *other = b;
	int order = strcmp(one->mode, other->mode);

	if (!order)
		order = strcmp(one->name, other->name);
	return order ? order : one->call < other->call ? -1 : one->call > other->call;
}

static int by_functions(const void *a, const void *b)
{
	const struct edge *one = a, *other = b;

	if (one->caller != other->caller)
		return one->caller < other->caller ? -1 : 1;
	return one->callee < other->callee ? -1 : one->callee > other->callee;
}

static bool is_root(const struct board_call *calls, unsigned n)
{
	return calls[n].parent == n;
}

/* A parent precedes its children. */
static void find_places(struct graph *graph)
{
	const struct board_call *calls = graph->profile->calls;
	unsigned function = 0;

	for (unsigned n = 0; n < graph->profile->count; n++) {
		unsigned parent = calls[n].parent;

		graph->places[n].call = n;
		graph->places[n].mode = is_root(calls, n) ? calls[n].name :
							    graph->places[parent].mode;
		graph->places[n].name = is_root(calls, n) ? "" : calls[n].name;
		graph->cost[n] = calls[n].self;
	}
	for (unsigned n = graph->profile->count; n--;)
		if (!is_root(calls, n))
			graph->cost[calls[n].parent] += graph->cost[n];
	qsort(graph->places, graph->profile->count, sizeof(*graph->places), by_name);
	for (unsigned n = 0; n < graph->profile->count; n++) {
		struct place *place = &graph->places[n];
		bool same = n && !strcmp(place->mode, place[-1].mode) &&
			    !strcmp(place->name, place[-1].name);

		function += !same;
		place->function = function;
		graph->function_of[place->call] = function;
	}
}

static void find_edges(struct graph *graph)
{
	const struct board_call *calls = graph->profile->calls;
	unsigned count = 0, kept = 0;

	for (unsigned n = 0; n < graph->profile->count; n++)
		if (!is_root(calls, n) && !is_root(calls, calls[n].parent))
			graph->edges[count++] = (struct edge){
				graph->function_of[calls[n].parent], graph->function_of[n],
				calls[n].calls, graph->cost[n],
			};
	qsort(graph->edges, count, sizeof(*graph->edges), by_functions);
	for (unsigned n = 1; n < count; n++) {
		if (by_functions(&graph->edges[kept], &graph->edges[n])) {
			graph->edges[++kept] = graph->edges[n];
			continue;
		}
		graph->edges[kept].calls += graph->edges[n].calls;
		graph->edges[kept].cost += graph->edges[n].cost;
	}
	graph->edge_count = count ? kept + 1 : 0;
}

/* Names of events must be single words there. */
static void print_header(const struct graph *graph, FILE *out)
{
	u64 total = 0;

	for (unsigned n = 0; n < graph->profile->count; n++)
		total += graph->profile->calls[n].self;
	fprintf(out,
		"# callgrind format\nversion: 1\ncreator: Baya\ncmd: %s\n"
		"positions: line\nevents: ",
		graph->profile->program);
	for (const char *c = graph->profile->event; *c; c++)
		fputc(*c == '-' || *c == '/' ? '_' : *c, out);
	fprintf(out, "\nsummary: %llu\n\nfl=(1) ???\n", total);
}

static const struct place *place_of(const struct graph *graph, unsigned function)
{
	unsigned low = 0, high = graph->profile->count;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;

		if (graph->places[middle].function < function)
			low = middle + 1;
		else
			high = middle;
	}
	return &graph->places[low];
}

static void print_edges(const struct graph *graph, unsigned function, unsigned *edge, FILE *out)
{
	for (; *edge < graph->edge_count && graph->edges[*edge].caller == function; (*edge)++) {
		const struct edge *to = &graph->edges[*edge];

		fprintf(out, "cfn=(%u) %s\ncalls=%llu 0\n0 %llu\n", to->callee,
			place_of(graph, to->callee)->name, MAX(to->calls, 1ull), to->cost);
	}
}

static void callgrind_print_functions(const struct graph *graph, FILE *out)
{
	const struct board_call *calls = graph->profile->calls;
	const char *mode = "";
	unsigned edge = 0;

	for (unsigned n = 0, next; n < graph->profile->count; n = next) {
		const struct place *place = &graph->places[n];
		u64 self = 0;

		for (next = n; next < graph->profile->count &&
			       graph->places[next].function == place->function;
		     next++)
			self += calls[graph->places[next].call].self;
		if (!*place->name)
			continue;
		if (strcmp(mode, place->mode))
			fprintf(out, "\nob=%s\n", place->mode);
		mode = place->mode;
		fprintf(out, "fn=(%u) %s\n0 %llu\n", place->function, place->name, self);
		print_edges(graph, place->function, &edge, out);
	}
}

int profile_write_callgrind(const struct profile *profile, FILE *out)
{
	size_t count = profile->count + 1u;
	struct graph graph = {
		.profile = profile, .places = calloc(count, sizeof(*graph.places)),
		.function_of = calloc(count, sizeof(*graph.function_of)),
		.cost = calloc(count, sizeof(*graph.cost)),
		.edges = calloc(count, sizeof(*graph.edges)),
	};
	bool good = graph.places && graph.function_of && graph.cost && graph.edges;

	if (good) {
		find_places(&graph);
		find_edges(&graph);
		print_header(&graph, out);
		callgrind_print_functions(&graph, out);
	}
	free(graph.places);
	free(graph.function_of);
	free(graph.cost);
	free(graph.edges);
	return good ? output_failed(out) : -ENOMEM;
}
