/* SPDX-License-Identifier: MIT */
/*
 * Writes profiles in Callgrind's format: for each function its own cost by source line, and for
 * each of its calls of other functions the line, the number of calls and the inclusive cost.
 * Privilege modes are written as object files. See profile.h.
 */
#include "frontends/report/profile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bus/output.h"

/* A node of the tree of calls, and its function: nodes in several contexts can be of one
 * function. */
struct place {
	const char *mode, *name;
	unsigned call, function; /* functions are numbered from 1 */
};

/* The calls of one function that a line of another function makes, in all contexts. */
struct edge {
	unsigned caller, callee; /* numbers of functions */
	struct line from;
	u64 calls, cost;
};

/* The cost of a function at a line. */
struct row {
	unsigned function;
	struct line line;
	u64 self;
};

struct graph {
	const struct profile *profile;
	struct place *places; /* sorted by function */
	unsigned *function_of; /* indexed by call */
	u64 *cost; /* indexed by call; includes the calls that it made */
	struct edge *edges;
	struct row *rows; /* sorted by function */
	unsigned edge_count, row_count;
};

static int by_name(const void *a, const void *b)
{
	const struct place *one = a, *other = b;
	int order = strcmp(one->mode, other->mode);

	if (!order)
		order = strcmp(one->name, other->name);
	return order ? order : one->call < other->call ? -1 : one->call > other->call;
}

static int compare_lines(const struct line *one, const struct line *other)
{
	int order = one->file == other->file ? 0 : strcmp(one->file, other->file);

	return order ? order : (one->number > other->number) - (one->number < other->number);
}

static int by_functions(const void *a, const void *b)
{
	const struct edge *one = a, *other = b;

	if (one->caller != other->caller)
		return one->caller < other->caller ? -1 : 1;
	if (one->callee != other->callee)
		return one->callee < other->callee ? -1 : 1;
	return compare_lines(&one->from, &other->from);
}

static int by_lines(const void *a, const void *b)
{
	const struct row *one = a, *other = b;

	if (one->function != other->function)
		return one->function < other->function ? -1 : 1;
	return compare_lines(&one->line, &other->line);
}

/* Returns the source line of an address in a call, which is given by its index. */
static struct line line_of(const struct graph *graph, unsigned call, u64 pc)
{
	struct line line;

	if (graph->profile->lines && !graph->profile->of.calls[call].nameless &&
	    lines_find(graph->profile->lines, pc, &line))
		return line;
	return (struct line){ "???", 0 };
}

static bool is_root(const struct board_call *calls, unsigned n)
{
	return calls[n].parent == n;
}

/* Finds the function and the inclusive cost of each call. In the list of calls, a parent precedes
 * its children. */
static void find_places(struct graph *graph)
{
	const struct board_call *calls = graph->profile->of.calls;
	unsigned function = 0;

	for (unsigned n = 0; n < graph->profile->of.count; n++) {
		unsigned parent = calls[n].parent;

		graph->places[n].call = n;
		graph->places[n].mode = is_root(calls, n) ? calls[n].name :
							    graph->places[parent].mode;
		graph->places[n].name = is_root(calls, n) ? "" : calls[n].name;
		graph->cost[n] = calls[n].self;
	}
	for (unsigned n = graph->profile->of.count; n--;)
		if (!is_root(calls, n))
			graph->cost[calls[n].parent] += graph->cost[n];
	qsort(graph->places, graph->profile->of.count, sizeof(*graph->places), by_name);
	for (unsigned n = 0; n < graph->profile->of.count; n++) {
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
	const struct board_call *calls = graph->profile->of.calls;
	unsigned count = 0, kept = 0;

	for (unsigned n = 0; n < graph->profile->of.count; n++) {
		unsigned caller = calls[n].parent;
		u64 from = calls[n].site ? calls[n].site : calls[caller].begin;

		if (!is_root(calls, n) && !is_root(calls, caller))
			graph->edges[count++] = (struct edge){
				graph->function_of[caller], graph->function_of[n],
				line_of(graph, caller, from), calls[n].calls, graph->cost[n],
			};
	}
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

/* Finds the cost of each function at each line. Events whose place is not known belong to no
 * line. */
static void find_rows(struct graph *graph)
{
	const struct board_calls *of = &graph->profile->of;
	struct row *rows = graph->rows;
	unsigned kept = 0;

	for (unsigned n = 0; n < of->count; n++)
		rows[n] = (struct row){ graph->function_of[n], { "???", 0 }, of->calls[n].self };
	for (unsigned n = 0; n < of->place_count; n++) {
		const struct board_call_place *place = &of->places[n];

		rows[place->call].self -= place->self;
		rows[of->count + n] = (struct row){
			graph->function_of[place->call],
			line_of(graph, place->call, place->pc), place->self,
		};
	}
	graph->row_count = of->count + of->place_count;
	qsort(rows, graph->row_count, sizeof(*rows), by_lines);
	for (unsigned n = 1; n < graph->row_count; n++)
		if (by_lines(&rows[kept], &rows[n]))
			rows[++kept] = rows[n];
		else
			rows[kept].self += rows[n].self;
	graph->row_count = graph->row_count ? kept + 1 : 0;
}

/* Prints the header. In this format the names of events must be single words. */
static void print_header(const struct graph *graph, FILE *out)
{
	u64 total = 0;

	for (unsigned n = 0; n < graph->profile->of.count; n++)
		total += graph->profile->of.calls[n].self;
	fprintf(out,
		"# callgrind format\nversion: 1\ncreator: Baya\ncmd: %s\n"
		"positions: line\nevents: ",
		graph->profile->program);
	for (const char *c = graph->profile->event; *c; c++)
		fputc(*c == '-' || *c == '/' ? '_' : *c, out);
	fprintf(out, "\nsummary: %llu\n", total);
}

static const struct place *place_of(const struct graph *graph, unsigned function)
{
	unsigned low = 0, high = graph->profile->of.count;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;

		if (graph->places[middle].function < function)
			low = middle + 1;
		else
			high = middle;
	}
	return &graph->places[low];
}

/* A function that is being printed: where it begins, and the file to which the next line
 * belongs. */
struct writer {
	FILE *out;
	struct line begin;
	const char *file;
};

/* Prints a change of the file: `fi` if code of another file was inlined into the function, `fe` for
 * the function's own file. */
static void print_file(struct writer *writer, const char *file)
{
	if (strcmp(writer->file, file))
		fprintf(writer->out, "%s=%s\n", strcmp(file, writer->begin.file) ? "fi" : "fe",
			file);
	writer->file = file;
}

static void print_rows(const struct graph *graph, unsigned function, unsigned *row,
		       struct writer *writer)
{
	bool any = false;

	for (; *row < graph->row_count && graph->rows[*row].function == function; (*row)++) {
		const struct row *r = &graph->rows[*row];

		if (!r->self)
			continue;
		print_file(writer, r->line.file);
		fprintf(writer->out, "%u %llu\n", r->line.number, r->self);
		any = true;
	}
	if (!any)
		fprintf(writer->out, "%u 0\n", writer->begin.number);
}

static struct line begin_of(const struct graph *graph, const struct place *place)
{
	return line_of(graph, place->call, graph->profile->of.calls[place->call].begin);
}

static void print_edges(const struct graph *graph, unsigned function, unsigned *edge,
			struct writer *writer)
{
	for (; *edge < graph->edge_count && graph->edges[*edge].caller == function; (*edge)++) {
		const struct edge *to = &graph->edges[*edge];
		const struct place *callee = place_of(graph, to->callee);
		struct line begin = begin_of(graph, callee);

		print_file(writer, to->from.file);
		fprintf(writer->out, "cfi=%s\ncfn=(%u) %s\ncalls=%llu %u\n%u %llu\n", begin.file,
			to->callee, callee->name, MAX(to->calls, 1ull), begin.number,
			to->from.number, to->cost);
	}
}

static void callgrind_print_functions(const struct graph *graph, FILE *out)
{
	const char *mode = "";
	unsigned edge = 0, row = 0;

	for (unsigned n = 0, next; n < graph->profile->of.count; n = next) {
		const struct place *place = &graph->places[n];
		struct writer writer = { out, begin_of(graph, place), NULL };

		for (next = n; next < graph->profile->of.count &&
			       graph->places[next].function == place->function;
		     next++)
			;
		while (row < graph->row_count && graph->rows[row].function < place->function)
			row++;
		if (!*place->name)
			continue;
		if (strcmp(mode, place->mode))
			fprintf(out, "\nob=%s\n", place->mode);
		mode = place->mode;
		writer.file = writer.begin.file;
		fprintf(out, "fl=%s\nfn=(%u) %s\n", writer.file, place->function, place->name);
		print_rows(graph, place->function, &row, &writer);
		print_edges(graph, place->function, &edge, &writer);
	}
}

int profile_write_callgrind(const struct profile *profile, FILE *out)
{
	size_t count = profile->of.count + 1u;
	struct graph graph = {
		.profile = profile, .places = calloc(count, sizeof(*graph.places)),
		.function_of = calloc(count, sizeof(*graph.function_of)),
		.cost = calloc(count, sizeof(*graph.cost)),
		.edges = calloc(count, sizeof(*graph.edges)),
		.rows = calloc(count + profile->of.place_count, sizeof(*graph.rows)),
	};
	bool good = graph.places && graph.function_of && graph.cost && graph.edges && graph.rows;

	if (good) {
		find_places(&graph);
		find_edges(&graph);
		find_rows(&graph);
		print_header(&graph, out);
		callgrind_print_functions(&graph, out);
	}
	free(graph.places);
	free(graph.function_of);
	free(graph.cost);
	free(graph.edges);
	free(graph.rows);
	return good ? output_failed(out) : -ENOMEM;
}
