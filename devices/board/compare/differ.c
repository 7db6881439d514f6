/* SPDX-License-Identifier: MIT */
/*
 * Finds the first instruction after which two machines differ, by bisection: both run repeatedly
 * from the common state to an instruction count, and the interval at whose beginning they are equal
 * and at whose end they differ is halved. A run can be stopped after any instruction without
 * changing its course (harts.h), so the bisection is exact. But when a run stops within a block of
 * threaded code, the interpreter executes the beginning of that block. Therefore the last
 * instructions are stepped in blocks of one instruction. See board/compare/differ.h.
 */
#include "devices/board/compare/differ.h"

#include "cpu/engine/block_cache.h"
#include "cpu/hart/limits.h"
#include "cpu/hart/storage.h"
#include "cpu/isa/disasm.h"
#include "cpu/mmu/peek.h"
#include "devices/block/disk_copy.h"
#include "devices/board/compare/reproducer.h"
#include "devices/board/inspect/space.h"
#include "devices/board/machine.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The number of instructions at the end that are stepped one by one: those of the block that made
 * the difference and of the block before it.
 */
#define STEPS (2 * BLOCK_INSNS)

struct search {
	struct compare *compare;
	struct board *boards[2]; /* tested, reference */
	FILE *out;
	char text[256]; /* a description of the difference */
	u64 low, high; /* instructions: equal after low, different after high */
	struct hart before[HARTS_MAX]; /* the reference's harts before the last step */
};

static PRINTF_LIKE(2, 3) void say(const struct search *search, const char *format, ...)
{
	va_list args;

	if (!search->out)
		return;
	fprintf(search->out, "compare: ");
	va_start(args, format);
	vfprintf(search->out, format, args);
	va_end(args);
	fputc('\n', search->out);
}

static u64 differ_instructions(const struct board *board)
{
	return harts_retired(&board->harts);
}

/*
 * Describes the first difference in the harts, or, if `harts` is false, in the parts that are
 * neither harts nor memory. Returns whether there is one.
 */
static bool describe_parts(struct search *search, bool harts)
{
	for (unsigned n = 0; n < search->boards[0]->platform.state.count; n++) {
		struct state one[2];

		for (unsigned b = 0; b < 2; b++)
			one[b] = (struct state){
				.parts = &search->boards[b]->platform.state.parts[n], .count = 1
			};
		if (one[0].parts->ram || !strncmp(one[0].parts->name, "hart", 4) != harts)
			continue;
		if (state_diff(&one[0], &one[1], search->text, sizeof(search->text)))
			return true;
	}
	return false;
}

/* Describes the difference as text. Registers come first because they are the most informative. */
static void differ_describe(struct search *search)
{
	const struct platform *a = &search->boards[0]->platform, *b = &search->boards[1]->platform;

	if (describe_parts(search, true) || describe_parts(search, false) ||
	    state_diff(&a->state, &b->state, search->text, sizeof(search->text)))
		return;
	snprintf(search->text, sizeof(search->text), "%s",
		 a->end != b->end ? "one machine ended and the other did not" :
				    "the traps that were taken");
}

static int load_both(struct search *search, const struct state_image *image)
{
	int error = 0;

	for (unsigned b = 0; b < 2 && !error; b++) {
		struct platform *platform = &search->boards[b]->platform;

		platform->end = MACHINE_RUNS;
		error = state_load(&platform->state, image->data, image->size);
	}
	compare_mark(search->compare);
	return error;
}

/*
 * Returns both machines, with their disks, to the common state, from which the host's input is then
 * replayed.
 */
static int go_back(struct search *search)
{
	for (unsigned b = 0; b < 2; b++) {
		struct board *board = search->boards[b];

		for (unsigned n = 0; n < board->node_count; n++)
			if (board->nodes[n]->disk.copy)
				disk_copy_undo(board->nodes[n]->disk.copy);
		journal_follow(&board->platform.journal, &search->boards[0]->platform.journal);
	}
	return load_both(search, &search->compare->common);
}

static void run_to(struct board *board, u64 count)
{
	struct journal *journal = &board->platform.journal;
	enum board_exit exit;

	do {
		u64 due = journal_replay_due(journal);

		/* Events are due only between two slices. */
		board->harts.limit = due > differ_instructions(board) ? MIN(due, count) : count;
		exit = board_run_alone(board);
	} while (exit == BOARD_SLICE ||
		 (exit == BOARD_LIMIT && differ_instructions(board) < count) ||
		 (exit == BOARD_IDLE && journal_replay_time(journal) != CLOCK_NEVER));
}

/* Runs both machines from the common state to `count` instructions. */
static int both_to(struct search *search, u64 count)
{
	int error = go_back(search);

	for (unsigned b = 0; b < 2 && !error; b++)
		run_to(search->boards[b], count);
	return error;
}

/* Sets *answer to whether the machines differ after `count` instructions. */
static int differs_at(struct search *search, u64 count, bool *answer)
{
	int error = both_to(search, count);

	*answer = !error &&
		  (compare_differ(search->compare) || compare_memory_differs(search->compare));
	return error;
}

/*
 * Halves the interval until high is low + 1. Returns -ENOENT if the difference does not occur
 * again.
 */
static int bisect(struct search *search)
{
	bool answer;
	int error = differs_at(search, search->high, &answer);

	if (!error && !answer)
		return -ENOENT;
	while (!error && search->high - search->low > 1) {
		u64 middle = search->low + (search->high - search->low) / 2;

		error = differs_at(search, middle, &answer);
		if (answer)
			search->high = middle;
		else
			search->low = middle;
	}
	return error;
}

/*
 * Writes the state in which both machines are now to a file, and continues from it as if it had
 * been loaded from that file.
 */
static int leave_reproducer(struct search *search)
{
	const char *path = search->boards[0]->config.compare_file;
	struct board *reference = search->boards[1];
	struct state_image image = { 0 };
	int error, unwritten = 0;

	/* The state includes the host's input that is due at this very instruction. */
	for (unsigned b = 0; b < 2; b++)
		if (harts_between_slices(&search->boards[b]->harts))
			journal_replay_due(&search->boards[b]->platform.journal);
	error = state_save(&reference->platform.state, &image);
	if (path && !error)
		unwritten = reproducer_write(reference, &image, path);
	if (path && !error && !unwritten)
		say(search, "the machine after %llu instructions, when both still agree, is in %s",
		    differ_instructions(reference), path);
	else if (unwritten)
		say(search, "cannot write the machine to %s: %s", path, strerror(-unwritten));
	if (!error)
		error = load_both(search, &image);
	free(image.data);
	return error;
}

/* Prints the hart's next instruction; `hart` is a copy from before it. */
static void print_place(const struct search *search, struct hart *hart, struct insn *insn)
{
	const struct board_code_addr pc = { hart, hart->pc, hart->priv, hart->virt };
	char code[DISASM_MAX] = "(cannot be fetched)";
	u32 raw = 0;

	/* The second half of the instruction may be in a page that does not exist. */
	if (hart_peek_code(hart, hart->pc, &raw, 4) || hart_peek_code(hart, hart->pc, &raw, 2))
		disasm(hart->isa, hart->pc, raw, code, sizeof(code));
	isa_decode(hart->isa, raw, insn);
	say(search, "hart %u in %s-mode at 0x%llx%s: %s", hart->id,
	    priv_name(hart->priv, hart->virt), hart->pc,
	    board_code_addr_name(search->boards[1], &pc).text, code);
}

static void print_trap(const struct search *search, const char *who, const struct hart *hart,
		       u64 before)
{
	bool reason = !(hart->trap.cause & CAUSE_INTERRUPT);

	if (hart->traps != before)
		say(search, "%s: %s at 0x%llx, tval 0x%llx%s%s", who, trap_name(hart->trap.cause),
		    hart->trap.from, hart->trap.tval, reason ? ": " : "",
		    reason ? trap_reason_text(hart->trap.reason) : "");
}

static void print_values(const struct search *search, const char *name, const u64 values[3])
{
	say(search, "%-4s 0x%016llx 0x%016llx 0x%016llx%s", name, values[0], values[1], values[2],
	    values[1] != values[2] ? " !" : "");
}

/* Returns whether r is a source register in the pattern of the instruction's row of isa_ops. */
static bool reads(const struct insn *insn, unsigned r)
{
	const char *pattern = insn->op < OP_COUNT ? isa_ops[insn->op].pattern : "";

	return (r == insn->rs1 && strchr(pattern, 'a')) || (r == insn->rs2 && strchr(pattern, 'b'));
}

static const char *reference_name(const struct search *search)
{
	enum board_engine engine = search->boards[1]->config.engine;

	return engine == ENGINE_INTERP ? "interpreter" : board_engine_name(engine);
}

/*
 * Prints the operands, and the registers that changed or differ: each with its value before the
 * instruction, and its values after it in both machines.
 */
static void print_registers(const struct search *search, unsigned n, const struct insn *insn)
{
	const struct hart *h[3] = { &search->before[n], search->boards[0]->harts.hart[n],
				    search->boards[1]->harts.hart[n] };
	char name[8];

	say(search, "%-4s %-18s %-18s %s", "", "before", "tested", reference_name(search));
	print_values(search, "pc", (const u64[]){ h[0]->pc, h[1]->pc, h[2]->pc });
	for (unsigned r = 1; r < 32; r++) {
		const u64 values[] = { h[0]->x[r], h[1]->x[r], h[2]->x[r] };

		snprintf(name, sizeof(name), "x%u", r);
		if (values[0] != values[1] || values[0] != values[2] || reads(insn, r))
			print_values(search, name, values);
	}
	for (unsigned r = 0; r < 32; r++) {
		const u64 values[] = { h[0]->f[r], h[1]->f[r], h[2]->f[r] };

		snprintf(name, sizeof(name), "f%u", r);
		if (values[0] != values[1] || values[0] != values[2])
			print_values(search, name, values);
	}
	print_trap(search, "tested", h[1], h[0]->traps);
	print_trap(search, reference_name(search), h[2], h[0]->traps);
}

/* Prints the instruction after the first `count`, which made the difference. */
static void print_step(struct search *search, u64 count)
{
	const struct harts *harts = &search->boards[1]->harts;
	unsigned n = 0;
	struct insn insn;

	while (n < harts->count - 1 && harts->hart[n]->steps == search->before[n].steps)
		n++;
	differ_describe(search);
	say(search, "the first to differ is the instruction after %llu: %s", count, search->text);
	print_place(search, &search->before[n], &insn);
	print_registers(search, n, &insn);
}

/*
 * Prints a difference that depends on how instructions are joined in a block, not on a single one
 * of them.
 */
static void print_block(struct search *search)
{
	differ_describe(search);
	say(search,
	    "one at a time the instructions agree; in blocks they differ after %llu, at most: %s",
	    search->high, search->text);
	for (unsigned n = 0; n < search->boards[1]->harts.count; n++)
		say(search, "hart %u: tested at 0x%llx, %s at 0x%llx", n,
		    search->boards[0]->harts.hart[n]->pc, reference_name(search),
		    search->boards[1]->harts.hart[n]->pc);
}

/* Runs one instruction in each machine. Returns whether they differ afterwards. */
static bool step(struct search *search, u64 count)
{
	for (unsigned n = 0; n < search->boards[1]->harts.count; n++)
		search->before[n] = *search->boards[1]->harts.hart[n];
	for (unsigned b = 0; b < 2; b++)
		run_to(search->boards[b], count + 1);
	return compare_differ(search->compare);
}

/* Returns the instruction count at the host's last input, among the inputs up to count `high`. */
static u64 last_input(const struct search *search, u64 high)
{
	const struct journal *journal = &search->boards[0]->platform.journal;
	u64 last = 0;

	for (size_t n = 0; n < journal->count; n++)
		if (!journal->records[n].asked && journal->records[n].instructions <= high)
			last = MAX(last, journal->records[n].instructions);
	return last;
}

/* Steps to the first difference in blocks of one instruction, from shortly before it. */
static int walk_on(struct search *search)
{
	u64 from = search->high - MIN(search->high - search->compare->at, STEPS);
	int error;

	/*
	 * The reproducer contains no input, only the effects of input before it: begin after the
	 * last input.
	 */
	from = MIN(MAX(from, last_input(search, search->high - 1) + 1), search->high - 1);
	error = both_to(search, from);

	if (!error)
		error = leave_reproducer(search);
	if (error)
		return error;
	for (unsigned n = 0; n < 2; n++)
		block_cache_limit(search->boards[n]->harts.blocks, 1);
	for (u64 count = from; count < search->high; count++)
		if (step(search, count)) {
			print_step(search, count);
			return 0;
		}
	for (unsigned n = 0; n < 2; n++)
		block_cache_limit(search->boards[n]->harts.blocks, 0);
	error = both_to(search, search->high);
	if (!error)
		print_block(search);
	return error;
}

static void search_from_common(struct search *search)
{
	int error = bisect(search);

	if (!error)
		error = walk_on(search);
	if (error == -ENOENT)
		say(search,
		    "it did not occur again from the last common state, after %llu instructions",
		    search->compare->at);
	else if (error)
		say(search, "cannot go back to the last common state: %s", strerror(-error));
}

void differ_explain(struct compare *compare)
{
	struct search *search = hart_storage(sizeof(*search));
	u64 tested = differ_instructions(compare->tested),
	    reference = differ_instructions(compare->reference);

	if (!search)
		return;
	search->compare = compare;
	search->boards[0] = compare->tested;
	search->boards[1] = compare->reference;
	search->out = compare->tested->config.log_file;
	search->low = compare->agreed;
	/* Search one count further: there a machine that has ended is still as it is now. */
	search->high = MAX(tested, reference) + 1;
	differ_describe(search);
	say(search, "the tiers differ after %llu instructions or before (tested, %s): %s",
	    MIN(tested, reference), reference_name(search), search->text);
	if (compare->common.size)
		search_from_common(search);
	free(search);
}
