/* SPDX-License-Identifier: MIT */
/*
 * Each hart of each file is a stream, which is read through its own descriptor. So the order in
 * which the lines of several harts are interleaved does not matter, and only a window of each log
 * is held in memory. See board/inspect/log.h.
 */
#include "devices/board/inspect/log.h"

#include "bus/line.h"
#include "cpu/csr/csr.h"
#include "cpu/debug/commit.h"
#include "cpu/isa/disasm.h"
#include "cpu/isa/isa.h"
#include "devices/board/board.h"
#include "devices/memmap.h"

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
	int error; /* of opening or reading the file */
	/*
	 * The vector registers after the last commit that was compared, and a bit for each whose
	 * value is known. At reset they are 0.
	 */
	u8 vectors[VECTOR_REGISTERS][VLENB_MAX];
	u32 known;
};

/* Facts about a file, which are gathered in one pass over it. */
struct survey {
	u64 harts; /* a bit for each hart */
	bool traps;
};

struct diff {
	const char *const *paths;
	FILE *out;
	struct board_error *error;
	struct isa isa;
	struct survey survey[2];
	bool traps, no_csrs;
};

/*
 * Reads a line; a part that does not fit is dropped. Returns 1, 0 at the end of the file, or a
 * negative errno: -EILSEQ if the file is no text.
 */
static int read_line(FILE *file, char *text)
{
	int got = line_read(file, text, COMMIT_TEXT_MAX);
	char rest[512];

	while (got == -E2BIG)
		got = line_read(file, rest, sizeof(rest)) ?: 1;
	return got;
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
	int got;

	if (!file)
		return -errno;
	*survey = (struct survey){ 0 };
	while ((got = read_line(file, text)) > 0) {
		if (!commit_parse(text, &commit) || commit.hart >= BOARD_HARTS_MAX)
			continue;
		survey->harts |= BIT(commit.hart);
		survey->traps |= commit.trap;
	}
	fclose(file);
	if (got < 0)
		return got;
	return survey->harts ? 0 : -EINVAL;
}

static void open_stream(struct stream *stream, const char *path, unsigned hart, bool traps)
{
	*stream = (struct stream){ .path = path, .hart = hart, .traps = traps };
	stream->file = fopen(path, "re");
	stream->error = stream->file ? 0 : -errno;
}

static bool next_line(struct stream *stream)
{
	int got;

	if (stream->error)
		return false;
	if (stream->ahead) {
		stream->ahead = false;
		return true;
	}
	stream->line++;
	got = read_line(stream->file, stream->text);
	stream->error = MIN(got, 0);
	return got > 0;
}

/* Returns false at the end of the file, or if stream->error is set. */
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
	if (!stream->known && commit->pc == BOOT_ROM_BASE)
		stream->known = UINT32_MAX;
	for (unsigned n = 0; n < commit->reg_count; n++)
		if (commit->regs[n].file == COMMIT_V) {
			memcpy(stream->vectors[commit->regs[n].number],
			       commit->vectors[commit->regs[n].value], commit->vlenb);
			stream->known |= 1u << commit->regs[n].number;
		}
}

/*
 * Returns whether the commit lists a register with the value that it already has in the other
 * stream, which does not list it. For widening instructions, Spike lists vector registers in which
 * no element is active.
 */
static bool is_unchanged(const struct stream *stream, const struct commit *commit,
			 const struct commit_reg *reg)
{
	return reg->file == COMMIT_V && stream->known >> reg->number & 1 &&
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
 * Returns whether a register in `a` has another value in `b`, which is from the stream, or, unless
 * it is a CSR or unchanged there, is missing.
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
	if (!word && (regs_differ(&streams[1], a, b, what, size) ||
		      regs_differ(&streams[0], b, a, what, size)))
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
static bool align(struct window windows[2], struct stream streams[2], unsigned skip[2])
{
	struct commit commit;

	for (unsigned s = 0; s < 2; s++) {
		windows[s].count = 0;
		while (windows[s].count < WINDOW && next(&streams[s], &commit))
			windows[s].place[windows[s].count++] = (struct place){
				.pc = commit.pc, .raw = commit.raw, .trap = commit.trap
			};
	}
	return find_common(windows, skip);
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

/* Memory that is allocated once for all harts. */
struct scratch {
	struct window windows[2];
	struct result results[2]; /* of the hart that is compared, and the first difference */
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

static void open_both(struct stream streams[2], const struct diff *diff, unsigned hart)
{
	for (unsigned s = 0; s < 2; s++)
		open_stream(&streams[s], diff->paths[s], hart, diff->traps);
}

/* Fills in the error. Returns `failed`, a negative errno. */
static int log_fail(const struct diff *diff, const char *path, int failed)
{
	const char *why = strerror(-failed);

	if (failed == -EINVAL)
		why = "holds no line of a commit log";
	if (failed == -EILSEQ)
		why = "is no text";
	snprintf(diff->error->text, sizeof(diff->error->text), "%s: %s", path, why);
	diff->error->exit_code = 3;
	return failed;
}

/* Returns 0, or the negative errno of a file that could not be read as far as was needed. */
static int close_both(const struct diff *diff, struct stream streams[2])
{
	int failed = 0;

	for (unsigned s = 0; s < 2; s++) {
		if (streams[s].file)
			fclose(streams[s].file);
		if (streams[s].error && !failed)
			failed = log_fail(diff, streams[s].path, streams[s].error);
	}
	return failed;
}

/* Returns 0, or the negative errno of reading a file. */
static int compare_hart(const struct diff *diff, unsigned hart, struct window windows[2],
			struct result *result)
{
	struct stream streams[2];
	int failed;

	memset(result, 0, sizeof(*result));
	result->hart = hart;
	result->verdict = NOTHING_COMMON;
	open_both(streams, diff, hart);
	if (align(windows, streams, result->skip))
		result->verdict = AGREE;
	failed = close_both(diff, streams);
	if (failed || result->verdict == NOTHING_COMMON)
		return failed;
	open_both(streams, diff, hart);
	log_compare(diff, streams, result);
	return close_both(diff, streams);
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
 * the other harts, the one that comes first in the first log. Returns 1 if the logs differ, 0 if
 * they do not, or the negative errno of reading a file.
 */
static int harts_differ(const struct diff *diff, struct scratch *scratch)
{
	u64 harts = diff->survey[0].harts & diff->survey[1].harts;
	struct result *first = NULL, *result = scratch->results;
	bool differ = !harts;

	if (!harts)
		fprintf(diff->out, "the logs are of different harts\n");
	for (; harts; harts &= harts - 1) {
		int failed = compare_hart(diff, (unsigned)__builtin_ctzll(harts), scratch->windows,
					  result);

		if (failed)
			return failed;
		if (result->verdict != AGREE)
			differ = true;
		if (result->verdict != DIFFER) {
			print_result(diff, result);
		} else if (!first || result->line[0] < first->line[0]) {
			first = result;
			result = &scratch->results[first == scratch->results];
		}
	}
	if (first)
		print_result(diff, first);
	return differ;
}

int board_logdiff(const struct board_logdiff *logs, void *out, struct board_error *error)
{
	const char *const *paths = logs->paths;
	struct diff diff = { .paths = paths, .out = out, .error = error, .no_csrs = logs->no_csrs };
	struct scratch *scratch;
	int result;

	for (unsigned n = 0; n < 2; n++) {
		int failed = survey(paths[n], &diff.survey[n]);

		if (failed)
			return log_fail(&diff, paths[n], failed);
	}
	diff.traps = diff.survey[0].traps && diff.survey[1].traps;
	isa_init(&diff.isa, EXT_TOGETHER);
	scratch = malloc(sizeof(*scratch));
	if (!scratch)
		return log_fail(&diff, paths[1], -ENOMEM);
	result = harts_differ(&diff, scratch);
	free(scratch);
	return result;
}
