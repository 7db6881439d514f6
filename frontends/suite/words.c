/* SPDX-License-Identifier: MIT */
/*
 * Explains failures of riscv-tests. The failure code is the number of the test case, whose label is
 * test_N. A case that finds a difference branches to `fail`, which destroys registers. An
 * unexpected trap sets the bits of 1337 in the code. In the `v` environment the test runs at its
 * linked address minus the start of RAM, and the kernel at the top of memory.
 */
#include "frontends/suite/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "devices/board/inspect/hart_state.h"

#define CODE_UNEXPECTED_TRAP 1337
/* A test ends by an ECALL to its environment, so an ECALL as the last trap is not the reason for a
 * failure. */
#define CAUSE_INTERRUPT BIT(63)
enum { CAUSE_CALL_FIRST = 8, CAUSE_CALL_LAST = 11 };

/* In the `v` environment, linked addresses are higher by one of these than those at which the test
 * runs. */
static const u64 displacements[] = { 0, 0x80000000, 0x80200000 };

/*
 * The branch to `fail` is searched for among this many instructions before the end, one by one.
 * They are many because the `v` environment compares all of the test's pages with their former
 * contents before it ends.
 */
#define WINDOW 1000000

static PRINTF_LIKE(2, 3) void say(const struct suite_words *words, const char *format, ...)
{
	size_t used = strlen(words->text);
	va_list args;

	va_start(args, format);
	vsnprintf(words->text + used, words->size - used, format, args);
	va_end(args);
}

static bool has_symbol(struct board *board, const char *name)
{
	u64 addr;

	return board_find_symbol(board, name, &addr);
}

static unsigned displacement_count(struct board *board)
{
	return has_symbol(board, "vm_boot") ? ARRAY_SIZE(displacements) : 1;
}

/* Prints, for example, "0x80000010 <loop+0x4>". */
static void say_place(const struct suite_words *words, struct board *board, u64 addr)
{
	char name[128] = "";

	for (unsigned n = 0; n < displacement_count(board) && !*name; n++)
		board_symbol(board, addr + displacements[n], name, sizeof(name));
	say(words, "0x%llx", addr);
	if (*name)
		say(words, " <%s>", name);
}

static void say_trap(const struct suite_words *words, const struct board_hart *hart)
{
	say(words, "%s from %s-mode at ", hart->trap, hart->from_mode);
	say_place(words, words->board, hart->from);
	say(words, " to %s-mode at ", hart->to_mode);
	say_place(words, words->board, hart->to);
	if (!(hart->cause & CAUSE_INTERRUPT))
		say(words, ", tval 0x%llx: %s", hart->tval, hart->reason);
}

/* Prints the registers among an instruction's operands, with their values. */
static void say_operands(const struct suite_words *words, struct board *board, const char *text)
{
	const char *separator = " with ";
	char operands[64], *rest = NULL;
	u64 value;

	snprintf(operands, sizeof(operands), "%s", text + strcspn(text, " "));
	for (char *word = strtok_r(operands, " ,()", &rest); word;
	     word = strtok_r(NULL, " ,()", &rest)) {
		if (!board_register(board, 0, word, &value))
			continue;
		say(words, "%s%s = 0x%llx", separator, word, value);
		separator = ", ";
	}
}

static u64 suite_words_retired(struct board *board)
{
	struct board_stats stats;

	board_stats(board, &stats);
	return stats.instructions;
}

static bool run_to(struct board *board, u64 instructions)
{
	enum board_exit exit = BOARD_SLICE;

	board_limit(board, instructions);
	while (exit == BOARD_SLICE && suite_words_retired(board) < instructions)
		exit = board_run(board);
	return suite_words_retired(board) >= instructions;
}

/* Steps until hart 0 reaches `fail`, and returns whether it does; *from is the address that it came
 * from. */
static bool step_to_fail(struct board *board, u64 fail, u64 *from)
{
	unsigned count = displacement_count(board);
	enum board_exit exit = BOARD_SLICE;
	struct board_hart hart;

	board_inspect_hart(board, 0, &hart);
	for (u64 n = 0; n < 2 * WINDOW && exit == BOARD_SLICE; n++) {
		*from = hart.pc;
		board_limit(board, suite_words_retired(board) + 1);
		exit = board_run(board);
		board_inspect_hart(board, 0, &hart);
		for (unsigned d = 0; d < count; d++)
			if (hart.pc != *from && hart.pc + displacements[d] == fail)
				return true;
	}
	return false;
}

static void say_branch(const struct suite_words *words, struct board *board, u64 fail)
{
	char text[64];
	u64 from;

	if (words->instructions > WINDOW && !run_to(board, words->instructions - WINDOW))
		return;
	if (!step_to_fail(board, fail, &from) || !board_disasm(board, 0, from, text, sizeof(text)))
		return;
	say(words, " at ");
	say_place(words, board, from);
	say(words, ": %s", text);
	say_operands(words, board, text);
}

/* Returns a new machine at the start of the same run; NULL if it would not run in the same way. */
static struct board *run_again(const struct suite_words *words)
{
	struct board_error error;

	if (words->resets || words->config->clock != CLOCK_VIRTUAL)
		return NULL;
	return board_create(words->config, &error);
}

/* Prints the branch to `fail` with the values that it compared. The program is run again, because
 * `fail` has destroyed the registers. */
static void say_compared(const struct suite_words *words)
{
	struct board *again;
	u64 fail;

	if (!board_find_symbol(words->board, "fail", &fail))
		return;
	again = run_again(words);
	if (!again)
		return;
	say_branch(words, again, fail);
	board_free(again);
}

/* Returns whether the program is one of riscv-tests, by the symbols of its environments `p` and
 * `v`. */
static bool is_of_riscv_tests(struct board *board)
{
	return has_symbol(board, "trap_vector") || has_symbol(board, "vm_boot");
}

static bool unexpected_trap(u64 code, const struct board_hart *hart)
{
	bool call = hart->cause >= CAUSE_CALL_FIRST && hart->cause <= CAUSE_CALL_LAST;

	return ((code << 1 | 1) & CODE_UNEXPECTED_TRAP) == CODE_UNEXPECTED_TRAP && hart->traps &&
	       !call;
}

void suite_words_failure(const struct suite_words *words, u64 code)
{
	struct board_hart hart;
	char label[32];

	snprintf(label, sizeof(label), "test_%llu", code);
	board_inspect_hart(words->board, 0, &hart);
	if (!is_of_riscv_tests(words->board)) {
		say(words, "reported failure %llu", code);
	} else if (unexpected_trap(code, &hart)) {
		say(words, "unexpected trap: ");
		say_trap(words, &hart);
	} else {
		say(words, "case %llu", code);
		if (has_symbol(words->board, label))
			say(words, " (%s)", label);
		say(words, " failed");
		say_compared(words);
	}
}

void suite_words_limit(const struct suite_words *words, const char *what)
{
	struct board_hart hart;

	board_inspect_hart(words->board, 0, &hart);
	say(words, "%s%s at ", what, hart.waiting ? ", in WFI" : "");
	say_place(words, words->board, hart.pc);
	say(words, " in %s-mode, %llu instructions", hart.mode, words->instructions);
	if (hart.traps) {
		say(words, "; the last of %llu traps: ", hart.traps);
		say_trap(words, &hart);
	}
	if (words->resets)
		say(words, "; it has reset itself %llu times", words->resets);
	else if (!has_symbol(words->board, "tohost"))
		say(words, "; it has no symbol tohost");
}

void suite_words_dead(const struct suite_words *words, unsigned index)
{
	struct board_hart hart;
	u64 caller;

	board_inspect_hart(words->board, index, &hart);
	if (hart.critical) {
		say(words, "critical error: %s in %s-mode at ", hart.trap, hart.mode);
		say_place(words, words->board, hart.pc);
		say(words, ", tval 0x%llx: %s", hart.tval, hart.reason);
	} else if (hart.dead) {
		say(words, "trap loop: ");
		say_trap(words, &hart);
		if (board_inspect_hart_before(words->board, index, &hart)) {
			say(words, "; before it, ");
			say_trap(words, &hart);
		} else if (board_register(words->board, index, "ra", &caller)) {
			say(words, "; ra is ");
			say_place(words, words->board, caller);
		}
	} else {
		say(words, "waits for ever in WFI at ");
		say_place(words, words->board, hart.pc);
		say(words, " in %s-mode, interrupts enabled: 0x%llx", hart.mode, hart.enabled);
	}
}
