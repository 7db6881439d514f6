/* SPDX-License-Identifier: MIT */
/*
 * Writes Kanata files. Such a file cannot go back in time, but the model may report steps of an
 * instruction ahead of time: they are kept in a heap, ordered by cycle, until no earlier step can
 * come. See pipeview.h.
 */
#include "frontends/report/pipeview.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/output.h"
#include "devices/board/board.h"
#include "devices/board/timing/timing.h"

#define STEPS_MAX 65536 /* if there are more, the earliest is written */
#define ALIVE_MAX 8192 /* instructions in flight at once */

/* A step that waits until its cycle is written. */
struct step {
	u64 cycle, order; /* the file's cycle; `order` is the order of arrival */
	u64 id, pc, named; /* `named`: the address at which symbols name it, or odd */
	u32 raw;
	u8 stage;
	bool labels; /* the instruction's text is written with this step */
};

/* The file of one hart. */
struct view {
	FILE *file;
	struct step *steps; /* a heap: the earliest is the first */
	unsigned count;
	u64 orders, fetched, retired, limit;
	u64 offset; /* the cycle of the file in which the model last began */
	u64 now; /* the file's current cycle */
	bool begun;
	u64 named[ALIVE_MAX]; /* by the model's id: the file's number, from 1; 0: not shown */
	bool alive[ALIVE_MAX], labelled[ALIVE_MAX]; /* by the file's number */
	u64 pcs[ALIVE_MAX];
};

struct pipeview {
	struct board *board;
	unsigned harts;
	struct view views[BOARD_HARTS_MAX];
};

static const char *const stage_names[] = {
	[BOARD_FETCHED] = "F", [BOARD_DECODED] = "D", [BOARD_WAITS_ISSUE] = "I",
	[BOARD_EXECUTES] = "X", [BOARD_ACCESSES] = "M", [BOARD_COMPLETE] = "C",
};

static bool is_earlier(const struct step *one, const struct step *other)
{
	return one->cycle != other->cycle ? one->cycle < other->cycle : one->order < other->order;
}

static void pipeview_swap(struct step *one, struct step *other)
{
	struct step step = *one;

	*one = *other;
	*other = step;
}

static void pipeview_put(struct view *view, const struct step *step)
{
	unsigned at = view->count++;

	view->steps[at] = *step;
	for (; at && is_earlier(&view->steps[at], &view->steps[(at - 1) / 2]); at = (at - 1) / 2)
		pipeview_swap(&view->steps[at], &view->steps[(at - 1) / 2]);
}

static struct step pipeview_take(struct view *view)
{
	struct step first = view->steps[0];
	unsigned at = 0, least = 0;

	view->steps[0] = view->steps[--view->count];
	for (;; at = least) {
		for (unsigned child = 2 * at + 1; child <= 2 * at + 2; child++)
			if (child < view->count &&
			    is_earlier(&view->steps[child], &view->steps[least]))
				least = child;
		if (least == at)
			return first;
		pipeview_swap(&view->steps[at], &view->steps[least]);
	}
}

static void print_label(struct view *view, struct board *board, const struct step *step)
{
	const struct board_place place = { .pc = step->pc, .raw = step->raw };
	char text[128];

	board_place_text(board, &place, text, sizeof(text));
	fprintf(view->file, "L\t%llu\t0\t%llx: %s\n", step->id, step->pc, text);
	text[0] = '\0';
	if (!(step->named & 1))
		board_symbol(board, step->named, text, sizeof(text));
	if (*text)
		fprintf(view->file, "L\t%llu\t1\t%s\n", step->id, text);
}

static void pipeview_end(struct view *view, u64 id, bool flushed)
{
	fprintf(view->file, "R\t%llu\t%llu\t%d\n", id, view->retired, flushed);
	view->retired += !flushed;
	view->alive[id % ALIVE_MAX] = false;
}

static void go_to(struct view *view, u64 cycle)
{
	if (!view->begun)
		fprintf(view->file, "C=\t%llu\n", cycle);
	else if (cycle > view->now)
		fprintf(view->file, "C\t%llu\n", cycle - view->now);
	view->begun = true;
	view->now = MAX(view->now, cycle);
}

static void print_step(struct view *view, struct board *board, unsigned hart,
		       const struct step *step)
{
	go_to(view, step->cycle);
	if (step->stage == BOARD_FETCHED) {
		fprintf(view->file, "I\t%llu\t%llu\t%u\n", step->id, step->id, hart);
		view->alive[step->id % ALIVE_MAX] = true;
	}
	if (step->labels)
		print_label(view, board, step);
	if (stage_names[step->stage % ARRAY_SIZE(stage_names)] && step->stage < BOARD_LEFT)
		fprintf(view->file, "S\t%llu\t0\t%s\n", step->id, stage_names[step->stage]);
	else
		pipeview_end(view, step->id, step->stage == BOARD_FLUSHED);
}

/* Writes the steps before this cycle, and more if there is no room for another one. */
static void write_until(struct pipeview *pipeview, unsigned hart, u64 cycle)
{
	struct view *view = &pipeview->views[hart];

	while (view->count && (view->steps[0].cycle < cycle || view->count == STEPS_MAX)) {
		struct step step = pipeview_take(view);

		print_step(view, pipeview->board, hart, &step);
	}
}

/* Ends every instruction in flight, as if it had been flushed. */
static void pipeview_finish(struct pipeview *pipeview, unsigned hart)
{
	struct view *view = &pipeview->views[hart];
	u64 first = view->fetched - MIN(view->fetched, (u64)ALIVE_MAX);

	write_until(pipeview, hart, UINT64_MAX);
	go_to(view, view->now + 1);
	for (u64 id = first; id < view->fetched; id++) {
		unsigned n = id % ALIVE_MAX;

		if (!view->alive[n])
			continue;
		if (!view->labelled[n])
			fprintf(view->file, "L\t%llu\t0\t%llx: (under way)\n", id, view->pcs[n]);
		pipeview_end(view, id, true);
	}
}

static void pipeview_begin(struct pipeview *pipeview, unsigned hart)
{
	struct view *view = &pipeview->views[hart];

	if (!view->fetched)
		return;
	pipeview_finish(pipeview, hart);
	memset(view->named, 0, sizeof(view->named));
	view->offset = view->now + 1;
}

/* Returns the number of a new instruction in the file, from 1; 0 if the file is full. */
static u64 pipeview_name(struct view *view, u64 pc)
{
	u64 id = view->fetched;

	if (id == view->limit)
		return 0;
	view->labelled[id % ALIVE_MAX] = false;
	view->pcs[id % ALIVE_MAX] = pc;
	return ++view->fetched;
}

static void on_step(void *ctx, const struct board_step *report)
{
	struct pipeview *pipeview = ctx;
	struct view *view = &pipeview->views[report->hart];
	u64 *named = &view->named[report->id % ALIVE_MAX];
	struct step step = {
		.cycle = view->offset + report->cycle, .pc = report->pc, .named = report->named,
		.raw = report->raw, .stage = (u8)report->stage,
	};
	bool *labelled;

	if (report->stage == BOARD_BEGINS) {
		pipeview_begin(pipeview, report->hart);
		return;
	}
	if (report->stage == BOARD_FETCHED)
		*named = pipeview_name(view, step.pc);
	if (!*named)
		return;
	step.id = *named - 1;
	if (report->stage >= BOARD_LEFT)
		*named = 0;
	labelled = &view->labelled[step.id % ALIVE_MAX];
	step.labels = !*labelled && (report->known || report->stage == BOARD_FLUSHED);
	*labelled = *labelled || step.labels;
	step.order = view->orders++;
	write_until(pipeview, report->hart, report->stage == BOARD_FETCHED ? step.cycle : 0);
	pipeview_put(view, &step);
}

static int open_view(struct view *view, const char *path, unsigned hart, u64 limit)
{
	char name[PATH_MAX];
	int length = hart ? snprintf(name, sizeof(name), "%s.%u", path, hart) :
			    snprintf(name, sizeof(name), "%s", path);

	if (length >= (int)sizeof(name)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	view->limit = limit;
	view->steps = calloc(STEPS_MAX, sizeof(*view->steps));
	view->file = view->steps ? fopen(name, "we") : NULL;
	if (!view->file)
		return -1;
	fprintf(view->file, "Kanata\t0004\n");
	return 0;
}

struct pipeview *pipeview_open(const char *path, unsigned harts, u64 limit)
{
	struct pipeview *pipeview = calloc(1, sizeof(*pipeview));
	int error;

	for (unsigned n = 0; pipeview && n < harts; n++) {
		pipeview->harts++;
		if (!open_view(&pipeview->views[n], path, n, limit))
			continue;
		error = errno;
		pipeview_close(pipeview);
		errno = error;
		return NULL;
	}
	return pipeview;
}

int pipeview_attach(struct pipeview *pipeview, struct board *board)
{
	pipeview->board = board;
	return board_watch_pipeline(board, on_step, pipeview);
}

int pipeview_close(struct pipeview *pipeview)
{
	int error = 0;

	for (unsigned n = 0; pipeview && n < pipeview->harts; n++) {
		struct view *view = &pipeview->views[n];
		int failed = 0;

		if (view->file) {
			if (pipeview->board)
				pipeview_finish(pipeview, n);
			failed = output_end(view->file);
		}
		error = error ? error : failed;
		free(view->steps);
	}
	free(pipeview);
	return error;
}
