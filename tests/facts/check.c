/* SPDX-License-Identifier: MIT */
/* Checks expectations. A trap that is not expected is a failure, and so is one too few. */
#include "tests/facts/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The parts of a trap, in the order of trap_csrs. */
enum part { PART_CAUSE, PART_EPC, PART_TVAL, PART_TVAL2, PART_TINST, PART_GVA, PARTS };

static const char *const part_names[PARTS] = { "cause", "epc", "tval", "tval2", "tinst", "gva" };

/* The registers that have the parts for each mode that takes traps; NULL: none. */
static const struct {
	const char *mode, *parts[PARTS];
} trap_csrs[] = {
	{ "M", { "mcause", "mepc", "mtval", "mtval2", "mtinst", "mstatus.GVA" } },
	{ "S", { "scause", "sepc", "stval", "htval", "htinst", "hstatus.GVA" } },
	{ "VS", { "vscause", "vsepc", "vstval", NULL, NULL, NULL } },
};

/* These words stand for others. */
static const struct {
	const char *word, *meaning;
} words[] = {
	{ "illegal", "cause=2 tval=INSN" },
	{ "virtual", "cause=22 tval=INSN" },
};

struct expected {
	bool trap, waiting, ok;
	u64 part[PARTS];
	bool any[PARTS]; /* its value does not matter */
	u64 traps; /* the number of traps, if there is one at all */
	const char *to; /* the mode that takes the trap */
	const char *mode; /* the mode at the end; NULL: follows from the rest */
	char mode_text[4], to_text[4];
	char rest[FACT_TEXT]; /* registers, CSRs and memory, with their values */
};

static PRINTF_LIKE(2, 3) void complain(struct world *world, const char *format, ...)
{
	size_t used = strlen(world->error);
	va_list args;

	if (used && used < ERROR_MAX)
		used += (size_t)snprintf(world->error + used, ERROR_MAX - used, ", ");
	if (used >= ERROR_MAX)
		return;
	va_start(args, format);
	vsnprintf(world->error + used, ERROR_MAX - used, format, args);
	va_end(args);
}

static void compare(struct world *world, const char *what, u64 expected, u64 got)
{
	if (expected != got)
		complain(world, "%s: expected 0x%llx, got 0x%llx", what, expected, got);
}

static int part_index(const char *name)
{
	for (int n = 0; n < PARTS; n++)
		if (!strcmp(part_names[n], name))
			return n;
	return -1;
}

/*
 * Parses a word NAME=VALUE about the trap or the mode; returns false if it is about something else.
 */
static bool parse_trap(struct world *world, struct expected *expected, const char *name,
		       const char *text)
{
	int part = part_index(name);
	u64 value = 0;

	if (!strcmp(name, "to")) {
		snprintf(expected->to_text, sizeof(expected->to_text), "%s", text);
		expected->to = expected->to_text;
		return true;
	}
	if (!strcmp(name, "mode")) {
		snprintf(expected->mode_text, sizeof(expected->mode_text), "%s", text);
		expected->mode = expected->mode_text;
		return true;
	}
	if (part < 0 && strcmp(name, "irq") != 0 && strcmp(name, "traps") != 0)
		return false;
	if (!value_of(&world->symbols, text, &value) && strcmp(text, "*") != 0)
		complain(world, "not a value: %s", text);
	if (!strcmp(name, "traps")) {
		expected->traps = value;
		return true;
	}
	if (part < 0) {
		expected->part[PART_CAUSE] = value | BIT(63);
		expected->part[PART_EPC] = world->end;
	} else {
		expected->part[part] = value;
		expected->any[part] = !strcmp(text, "*");
	}
	expected->trap |= part <= PART_CAUSE;
	return true;
}

static void parse(struct world *world, struct expected *expected, const char *text)
{
	char word[96];

	while (fact_word(&text, word, sizeof(word))) {
		char *equals = strchr(word, '=');
		unsigned n = 0;

		while (n < ARRAY_SIZE(words) && strcmp(words[n].word, word) != 0)
			n++;
		if (n < ARRAY_SIZE(words)) {
			parse(world, expected, words[n].meaning);
		} else if (!strcmp(word, "ok")) {
			expected->ok = true;
		} else if (!strcmp(word, "waits")) {
			expected->waiting = true;
		} else if (!equals) {
			complain(world, "not an expectation: %s", word);
		} else {
			size_t used = strlen(expected->rest);

			*equals = '\0';
			if (parse_trap(world, expected, word, equals + 1))
				continue;
			*equals = '=';
			snprintf(expected->rest + used, FACT_TEXT - used, " %s", word);
		}
	}
}

/* Checks registers, CSRs, memory and the pc: NAME=VALUE, or NAME!=VALUE. */
static void check_places(struct world *world, const char *text)
{
	char word[96];

	while (fact_word(&text, word, sizeof(word))) {
		char *equals = strchr(word, '=');
		bool differs = equals > word && equals[-1] == '!';
		u64 got = world->hart->pc, value;

		*equals = '\0';
		if (differs)
			equals[-1] = '\0';
		if (!strcmp(equals + 1, "*"))
			continue;
		if (!value_of(&world->symbols, equals + 1, &value))
			complain(world, "not a value: %s", equals + 1);
		else if (strcmp(word, "pc") != 0 && !world_read(world, word, &got))
			complain(world, "no such place: %s", word);
		else if (!differs)
			compare(world, word, value, got);
		else if (value == got)
			complain(world, "%s: is 0x%llx", word, got);
	}
}

static const char *mode_now(const struct hart *hart)
{
	static const char *const names[2][4] = { { "U", "S", "?", "M" }, { "VU", "VS", "?", "?" } };

	return names[hart->virt][hart->priv & 3];
}

/* With an H extension HS is the name of S. */
static bool same_mode(const char *a, const char *b)
{
	return !strcmp(!strcmp(a, "HS") ? "S" : a, !strcmp(b, "HS") ? "S" : b);
}

static void check_trap(struct world *world, const struct expected *expected)
{
	unsigned n = 0;

	while (n < ARRAY_SIZE(trap_csrs) && !same_mode(trap_csrs[n].mode, expected->to))
		n++;
	if (n == ARRAY_SIZE(trap_csrs) || !same_mode(expected->to, mode_now(world->hart))) {
		complain(world, "to: expected %s, got %s", expected->to, mode_now(world->hart));
		n = world->hart->priv == PRIV_M ? 0 : world->hart->virt ? 2 : 1;
	}
	for (unsigned part = 0; part < PARTS; part++) {
		u64 got = 0;

		if (trap_csrs[n].parts[part])
			world_read(world, trap_csrs[n].parts[part], &got);
		if (!expected->any[part])
			compare(world, part_names[part], expected->part[part], got);
	}
}

bool check(struct world *world, const struct fact *fact, const struct fact_mode *mode)
{
	const struct hart *hart = world->hart;
	u64 traps = hart->traps - world->traps, insn = 0;
	struct expected expected = { .to = "M", .traps = 1, .part[PART_EPC] = world->last,
				     .any[PART_TINST] = true };

	world->error[0] = '\0';
	bus_dma_read(&world->machine->platform.bus, CODE_PA + world->last % (2 * PAGE_SIZE), &insn,
		     4);
	symbol_set(&world->symbols, "INSN", (insn & 3) == 3 ? insn : insn & 0xffff);
	symbol_set(&world->symbols, "END", world->end);
	parse(world, &expected, fact->text[FACT_EXPECT]);
	if (!expected.mode)
		expected.mode = expected.trap ? expected.to : mode->name;
	if (traps != (expected.trap ? expected.traps : 0))
		complain(world, "%llu traps, the last %s (%s)", traps,
			 traps ? trap_name(hart->trap.cause) : "none",
			 trap_reason_text(hart->trap.reason));
	else if (expected.trap)
		check_trap(world, &expected);
	if (!same_mode(expected.mode, mode_now(hart)))
		complain(world, "mode: expected %s, got %s", expected.mode, mode_now(hart));
	compare(world, "waits", expected.waiting, hart->waiting);
	check_places(world, expected.rest);
	return !world->error[0];
}
