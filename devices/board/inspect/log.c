/* SPDX-License-Identifier: MIT */
/*
 * Each hart of each file is a stream, which is read through its own descriptor. So the order in
 * which the lines of several harts are interleaved does not matter, and only a window of each log
 * is held in memory. See board/inspect/log.h.
 */
#include "devices/board/inspect/log.h"

#include "cpu/csr/csr.h"
#include "cpu/debug/commit.h"
#include "cpu/isa/disasm.h"
#include "cpu/isa/isa.h"
#include "devices/board/board.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONTEXT 5 /* commits printed before a difference */
#define WINDOW 2000 /* the first common commit is searched for in this many commits */
#define COMMON 4 /* this many consecutive commits must agree */

/* The commits of one hart in one file. */
struct stream {
	FILE *file;
	const char *path;
	unsigned hart;
	bool traps; /* traps are returned as commits; else they are skipped */
	u64 line; /* the number of the line of the last commit read */
	char text[COMMIT_TEXT_MAX]; /* a line that was read ahead, if `ahead` */
	bool ahead;
	/* The vector registers after the last commit that was compared; they are 0 at reset. */
	u8 vectors[VECTOR_REGISTERS][VLENB_MAX];
};

/* Facts about a file, which are gathered in one pass over it. */
struct survey {
	u64 harts; /* a bit for each hart */
	bool traps;
};

struct diff {
	const char *const *paths;
	FILE *out;
	struct isa isa;
	struct survey survey[2];
	bool traps, no_csrs;
};

/* Reads a line without its newline; a part that does not fit is dropped. */
static bool read_line(FILE *file, char *text)
{
	size_t size;
	int c;

	if (!fgets(text, COMMIT_TEXT_MAX, file))
		return false;
	size = strlen(text);
	if (size && text[size - 1] == '\n')
		text[size - 1] = '\0';
	else
		while ((c = getc(file)) != EOF && c != '\n')
			;
	return true;
}

/*
 * Gathers the facts about a file. Returns 0, the error of opening or reading it, or -EINVAL if it
 * contains no commit.
 */
static int survey(const char *path, struct survey *survey)
{
	FILE *file = fopen(path, "re");
	char text[COMMIT_TEXT_MAX];
	struct commit commit;
	int error;

	if (!file)
		return -errno;
	*survey = (struct survey){ 0 };
	while (read_line(file, text)) {
		if (!commit_parse(text, &commit) || commit.hart >= BOARD_HARTS_MAX)
			continue;
		survey->harts |= BIT(commit.hart);
		survey->traps |= commit.trap;
	}
	error = ferror(file) ? -errno : survey->harts ? 0 : -EINVAL;
	fclose(file);
	return error;
}

static bool open_stream(struct stream *stream, const char *path, unsigned hart, bool traps)
{
	*stream = (struct stream){ .path = path, .hart = hart, .traps = traps };
	stream->file = fopen(path, "re");
	return stream->file;
}

static bool next_line(struct stream *stream)
{
	if (stream->ahead) {
		stream->ahead = false;
		return true;
	}
	stream->line++;
	return read_line(stream->file, stream->text);
}

static bool next(struct stream *stream, struct commit *commit)
{
	while (next_line(stream)) {
		if (!commit_parse(stream->text, commit) || commit->hart != stream->hart ||
		    (commit->trap && !stream->traps))
			continue;
		if (commit->trap && next_line(stream))
			stream->ahead = !commit_parse_tval(stream->text, &commit->tval);
		return true;
	}
	return false;
}

/* Remembers the vector registers that the commit lists. */
static void note_vectors(struct stream *stream, const struct commit *commit)
{
	for (unsigned n = 0; n < commit->reg_count; n++)
		if (commit->regs[n].file == COMMIT_V)
			memcpy(stream->vectors[commit->regs[n].number],
			       commit->vectors[commit->regs[n].value], commit->vlenb);
}

/*
 * Returns whether the commit lists a register that it leaves as it was. For widening instructions,
 * Spike lists vector registers in which no element is active.
 */
static bool is_unchanged(const struct stream *stream, const struct commit *commit,
			 const struct commit_reg *reg)
{
	return reg->file == COMMIT_V &&
	       !memcmp(stream->vectors[reg->number], commit->vectors[reg->value], commit->vlenb);
}

static const struct commit_reg *find_reg(const struct commit *commit, u16 file, u16 number)
{
	for (unsigned n = 0; n < commit->reg_count; n++)
		if (commit->regs[n].file == file && commit->regs[n].number == number)
			return &commit->regs[n];
	return NULL;
}

static void reg_name(const struct commit_reg *reg, char *name, size_t size)
{
	if (reg->file != COMMIT_CSR)
		snprintf(name, size, "%c%u", "xfv"[reg->file], reg -> number);
	else if (!csr_name(reg->number, name, size))
		snprintf(name, size, "CSR 0x%x", reg->number);
}

static bool same_value(const struct commit *a, const struct commit_reg *of_a,
		       const struct commit *b, const struct commit_reg *of_b)
{
	if (of_a->file != COMMIT_V)
		return of_a->value == of_b->value;
	return a->vlenb == b->vlenb &&
	       !memcmp(a->vectors[of_a->value], b->vectors[of_b->value], a->vlenb);
}

/*
 * Returns whether a register in `a`, which is from the stream, has another value in `b`, or, unless
 * it is a CSR or unchanged, is missing there.
 */
static bool regs_differ(const struct stream *stream, const struct commit *a, const struct commit *b,
			char *what, size_t size)
{
	for (unsigned n = 0; n < a->reg_count; n++) {
		const struct commit_reg *reg = &a->regs[n];
		const struct commit_reg *other = find_reg(b, reg->file, reg->number);

		if (other ? same_value(a, reg, b, other) :
			    reg->file == COMMIT_CSR || is_unchanged(stream, a, reg))
			continue;
		reg_name(reg, what, size);
		return true;
	}
	return false;
}

static bool mems_differ(const struct commit *a, const struct commit *b)
{
	for (unsigned n = 0; n < MIN(a->mem_count, b->mem_count); n++)
		if (a->mems[n].va != b->mems[n].va || a->mems[n].value != b->mems[n].value ||
		    a->mems[n].size != b->mems[n].size)
			return true;
	return a->mem_count != b->mem_count;
}

static bool traps_differ(const struct commit *a, const struct commit *b, char *what, size_t size)
{
	if (a->cause == b->cause && a->tval == b->tval)
		return false;
	snprintf(what, size, "%s", a->cause == b->cause ? "tval" : "the trap's cause");
	return true;
}

/* Describes the difference between two commits. Returns whether there is one. */
static bool differ(const struct stream streams[2], const struct commit *a, const struct commit *b,
		   char *what, size_t size)
{
	const char *word = NULL;

	if (a->trap != b->trap)
		word = "one traps and the other does not";
	else if (a->pc != b->pc)
		word = "pc";
	else if (!a->trap && a->raw != b->raw)
		word = "the instruction";
	else if (!a->trap && a->priv != b->priv)
		word = "the privilege";
	if (!word && a->trap)
		return traps_differ(a, b, what, size);
	if (!word && (regs_differ(&streams[0], a, b, what, size) ||
		      regs_differ(&streams[1], b, a, what, size)))
		return true;
	if (!word && mems_differ(a, b))
		word = "memory";
	snprintf(what, size, "%s", word ? word : "");
	return word;
}

static void drop_csrs(struct commit *commit)
{
	unsigned kept = 0;

	for (unsigned n = 0; n < commit->reg_count; n++)
		if (commit->regs[n].file != COMMIT_CSR)
			commit->regs[kept++] = commit->regs[n];
	commit->reg_count = kept;
}

static void print_commit(const struct diff *diff, const struct commit *commit)
{
	char text[COMMIT_TEXT_MAX], code[DISASM_MAX] = "";

	commit_print(commit, COMMIT_SPIKE, text, sizeof(text));
	text[strcspn(text, "\n")] = '\0';
	if (!commit->trap)
		disasm(&diff->isa, commit->pc, commit->raw, code, sizeof(code));
	fprintf(diff->out, "  %s%s%s\n", text, *code ? "   # " : "", code);
}

/* The values that identify a commit when two logs are aligned. */
struct place {
	u64 pc;
	u32 raw;
	bool trap;
};

/* The first commits of a stream. */
struct window {
	struct place place[WINDOW + COMMON];
	unsigned count;
};

/* Returns how many consecutive commits from here on are of the same instructions, up to COMMON. */
static unsigned common(const struct window windows[2], const unsigned skip[2])
{
	unsigned same = 0;

	while (same < COMMON && skip[0] + same < windows[0].count &&
	       skip[1] + same < windows[1].count) {
		const struct place *a = &windows[0].place[skip[0] + same];
		const struct place *b = &windows[1].place[skip[1] + same];

		if (a->trap || a->pc != b->pc || a->raw != b->raw)
			break;
		same++;
	}
	return same;
}

/*
 * Finds the smallest total number of commits to skip in the two windows such that as many commits
 * as possible, up to COMMON, agree from there.
 */
static bool find_common(const struct window windows[2], unsigned skip[2])
{
	unsigned all = windows[0].count + windows[1].count;

	for (unsigned wanted = COMMON; wanted; wanted--)
		for (unsigned sum = 0; sum < all; sum++)
			for (skip[0] = 0; skip[0] <= sum; skip[0]++) {
				skip[1] = sum - skip[0];
				if (common(windows, skip) >= wanted)
					return true;
			}
	return false;
}

/* Finds how many commits to skip in each stream. Returns false if they never agree. */
static bool align(struct stream streams[2], unsigned skip[2])
{
	struct window *windows = calloc(2, sizeof(*windows));
	struct commit commit;
	bool found;

	for (unsigned s = 0; windows && s < 2; s++)
		while (windows[s].count < WINDOW && next(&streams[s], &commit))
			windows[s].place[windows[s].count++] = (struct place){
				.pc = commit.pc, .raw = commit.raw, .trap = commit.trap
			};
	found = windows && find_common(windows, skip);
	free(windows);
	return found;
}

/* The result of the comparison for one hart. */
struct result {
	unsigned hart;
	enum { AGREE, DIFFER, NOTHING_COMMON } verdict;
	unsigned skip[2];
	u64 agreed; /* the number of commits that agreed */
	u64 line[2];
	char what[64];
	struct commit context[CONTEXT]; /* a ring of the last commits that agreed */
	struct commit commit[2];
};

static void log_compare(const struct diff *diff, struct stream streams[2], struct result *result)
{
	struct commit skipped;

	for (unsigned s = 0; s < 2; s++)
		for (unsigned n = 0; n < result->skip[s] && next(&streams[s], &skipped); n++)
			note_vectors(&streams[s], &skipped);
	while (next(&streams[0], &result->commit[0]) && next(&streams[1], &result->commit[1])) {
		if (diff->no_csrs) {
			drop_csrs(&result->commit[0]);
			drop_csrs(&result->commit[1]);
		}
		if (differ(streams, &result->commit[0], &result->commit[1], result->what,
			   sizeof(result->what))) {
			result->verdict = DIFFER;
			result->line[0] = streams[0].line;
			result->line[1] = streams[1].line;
			return;
		}
		note_vectors(&streams[0], &result->commit[0]);
		note_vectors(&streams[1], &result->commit[1]);
		commit_copy(&result->context[result->agreed++ % CONTEXT], &result->commit[0]);
	}
}

static bool open_both(struct stream streams[2], const struct diff *diff, unsigned hart)
{
	bool good = open_stream(&streams[0], diff->paths[0], hart, diff->traps);

	return open_stream(&streams[1], diff->paths[1], hart, diff->traps) && good;
}

static void close_both(struct stream streams[2])
{
	for (unsigned s = 0; s < 2; s++)
		if (streams[s].file)
			fclose(streams[s].file);
}

static void compare_hart(const struct diff *diff, unsigned hart, struct result *result)
{
	struct stream streams[2];

	memset(result, 0, sizeof(*result));
	result->hart = hart;
	result->verdict = NOTHING_COMMON;
	if (open_both(streams, diff, hart) && align(streams, result->skip))
		result->verdict = AGREE;
	close_both(streams);
	if (result->verdict == NOTHING_COMMON)
		return;
	if (open_both(streams, diff, hart))
		log_compare(diff, streams, result);
	close_both(streams);
}

static void print_result(const struct diff *diff, const struct result *result)
{
	u64 known = MIN(result->agreed, (u64)CONTEXT);

	if (result->verdict == NOTHING_COMMON) {
		fprintf(diff->out, "hart %u: the logs have nothing in common\n", result->hart);
		return;
	}
	if (result->skip[0] || result->skip[1])
		fprintf(diff->out,
			"hart %u: skipped before what they have in common: %u and %u lines\n",
			result->hart, result->skip[0], result->skip[1]);
	fprintf(diff->out, "hart %u: %llu in agreement%s", result->hart, result->agreed,
		result->verdict == AGREE ? "\n" : ", then ");
	if (result->verdict == AGREE)
		return;
	fprintf(diff->out, "different: %s\n", result->what);
	for (u64 n = result->agreed - known; n < result->agreed; n++)
		print_commit(diff, &result->context[n % CONTEXT]);
	for (unsigned s = 0; s < 2; s++) {
		fprintf(diff->out, "%s:%llu:\n", diff->paths[s], result->line[s]);
		print_commit(diff, &result->commit[s]);
	}
}

/*
 * Prints the result of each hart that agrees or has nothing in common, and, of the differences of
 * the other harts, the one that comes first in the first log. Returns whether the logs differ.
 */
static bool harts_differ(const struct diff *diff)
{
	u64 harts = diff->survey[0].harts & diff->survey[1].harts;
	struct result *first = NULL, *result;
	bool differ = !harts;

	if (!harts)
		fprintf(diff->out, "the logs are of different harts\n");
	for (unsigned hart = 0; hart < BOARD_HARTS_MAX; hart++) {
		result = harts >> hart & 1 ? malloc(sizeof(*result)) : NULL;
		if (!result)
			continue;
		compare_hart(diff, hart, result);
		if (result->verdict != AGREE)
			differ = true;
		if (result->verdict != DIFFER) {
			print_result(diff, result);
			free(result);
		} else if (!first || result->line[0] < first->line[0]) {
			free(first);
			first = result;
		} else {
			free(result);
		}
	}
	if (first)
		print_result(diff, first);
	free(first);
	return differ;
}

int board_logdiff(const struct board_logdiff *logs, void *out, struct board_error *error)
{
	const char *const *paths = logs->paths;
	struct diff diff = { .paths = paths, .out = out, .no_csrs = logs->no_csrs };

	for (unsigned n = 0; n < 2; n++) {
		int failed = survey(paths[n], &diff.survey[n]);

		if (!failed)
			continue;
		snprintf(error->text, sizeof(error->text), "%s: %s", paths[n],
			 failed == -EINVAL ? "holds no line of a commit log" : strerror(-failed));
		error->exit_code = 3;
		return failed;
	}
	diff.traps = diff.survey[0].traps && diff.survey[1].traps;
	isa_init(&diff.isa, EXT_TOGETHER);
	return harts_differ(&diff);
}
