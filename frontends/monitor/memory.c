/* SPDX-License-Identifier: MIT */
/*
 * Implements the monitor's commands about addresses: what is stored there, how they are translated,
 * what an access would do. Memory is read through board_peek, which has no side effects. Device
 * registers, which can be read only by physical address, are read by one access per unit, as a hart
 * would read them.
 */
#include "frontends/monitor/memory.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "devices/board/board.h"
#include "devices/board/explain/explain.h"
#include "devices/board/inspect/debug.h"
#include "devices/board/inspect/inspect.h"
#include "frontends/host/keyval.h"
#include "frontends/monitor/expression.h"
#include "frontends/monitor/monitor.h"

#define DUMP_MAX 65536 /* one x command prints at most this many units */

/* Evaluates all of the words from this one on, which are an expression with blanks in it. */
static bool evaluate_rest(struct monitor *monitor, char **words, u64 *value)
{
	char text[MONITOR_LINE_MAX] = "";
	size_t size = 0;

	for (; *words && size < sizeof(text); words++)
		size += (size_t)snprintf(text + size, sizeof(text) - size, "%s ", *words);
	return size < sizeof(text) && monitor_expression(monitor, text, value);
}

struct board_memory monitor_place(const struct monitor *monitor, u64 addr)
{
	return (struct board_memory){ .space = monitor->space, .hart = monitor->hart,
				      .addr = addr };
}

static const char *const space_words[] = {
	[SPACE_CURRENT] = "current", [SPACE_PHYSICAL] = "physical", [SPACE_HS] = "hs",
	[SPACE_VS] = "vs", [SPACE_GPA] = "gpa", [SPACE_VMID] = "vmid",
};

static bool is_missing(const struct monitor *monitor, const struct board_space *space, FILE *out)
{
	if (space->kind != SPACE_VMID || board_has_vmid(monitor->board, space->vmid))
		return false;
	fprintf(out, "No hart has VMID %u in hgatp\n", space->vmid);
	return true;
}

bool monitor_space_missing(const struct monitor *monitor, FILE *out)
{
	return is_missing(monitor, &monitor->space, out);
}

static bool parse_space(char **words, struct board_space *space)
{
	u64 vmid = 0;

	for (unsigned n = 0; n < ARRAY_SIZE(space_words); n++) {
		if (strcmp(words[0], space_words[n]))
			continue;
		if (n != SPACE_VMID && words[1])
			return false;
		if (n == SPACE_VMID &&
		    (!words[1] || !keyval_number(words[1], &vmid) || vmid > UINT16_MAX))
			return false;
		space->kind = n;
		space->vmid = (u16)vmid;
		return true;
	}
	return false;
}

void monitor_context(struct monitor *monitor, char **words, FILE *out)
{
	struct board_space space = monitor->space;

	if (words[1] && !parse_space(words + 1, &space)) {
		fprintf(out, "context: give current, physical, hs, vs, gpa or vmid N\n");
		return;
	}
	if (words[1] && is_missing(monitor, &space, out))
		return;
	monitor->space = space;
	fprintf(out, "memory is read as: %s", space_words[space.kind]);
	if (space.kind == SPACE_VMID)
		fprintf(out, " %u", space.vmid);
	fputc('\n', out);
}

void monitor_gva2gpa(struct monitor *monitor, char **words, FILE *out)
{
	struct board_memory at = monitor_place(monitor, 0);
	u64 gpa;

	if (!evaluate_rest(monitor, words + 1, &at.addr))
		fprintf(out, "gva2gpa: give an address, as in gva2gpa 0x80000000 or $sp\n");
	else if (monitor_space_missing(monitor, out))
		return;
	else if (!board_gva2gpa(monitor->board, &at, &gpa))
		fprintf(out, "Unmapped\n");
	else
		fprintf(out, "gpa: 0x%llx\n", gpa);
}

/* The arguments of x, /FMT and ADDR. FMT is a count, a format and the size of a unit. */
struct dump {
	u64 count, addr;
	unsigned size; /* bytes of a unit */
	int digits; /* the least number of digits of a hexadecimal number */
	char format; /* x d u o c i */
	bool physical;
};

static bool parse_dump_format(const char *text, struct dump *dump)
{
	static const char sizes[] = "bhwg";
	char *end = (char *)text;

	if (isdigit((unsigned char)*text))
		dump->count = strtoull(text, &end, 10);
	for (; *end; end++) {
		const char *size = strchr(sizes, *end);

		if (size)
			dump->size = 1u << (size - sizes);
		else if (strchr("xduoci", *end))
			dump->format = *end;
		else
			return false;
	}
	return dump->count && dump->count <= DUMP_MAX;
}

static void print_unit(const struct dump *dump, u64 value, FILE *out)
{
	switch (dump->format) {
	case 'x':
		fprintf(out, "0x%0*llx", dump->digits, value);
		break;
	case 'd':
		fprintf(out, "%lld", sext(value, dump->size * 8));
		break;
	case 'u':
		fprintf(out, "%llu", value);
		break;
	case 'o':
		fprintf(out, "0%llo", value);
		break;
	default:
		if (value >= ' ' && value < 127)
			fprintf(out, "'%c'", (char)value);
		else
			fprintf(out, "'\\x%02llx'", value);
	}
}

static struct board_memory dump_place(struct monitor *monitor, const struct dump *dump, u64 addr)
{
	struct board_memory at = monitor_place(monitor, addr);

	if (dump->physical)
		at.space.kind = SPACE_PHYSICAL;
	return at;
}

static bool read_unit(struct monitor *monitor, const struct dump *dump, u64 addr, u64 *value)
{
	struct board_memory at = dump_place(monitor, dump, addr);

	at.size = dump->size;
	*value = 0;
	if (board_peek(monitor->board, &at, value))
		return true;
	return dump->physical && board_debug_read(monitor->board, &at, value);
}

static const char *address_kind(const struct monitor *monitor, const struct dump *dump)
{
	if (dump->physical || monitor->space.kind == SPACE_PHYSICAL)
		return "physical";
	return monitor->space.kind == SPACE_GPA ? "guest physical" : "virtual";
}

static void print_dump(struct monitor *monitor, struct dump dump, FILE *out)
{
	unsigned per_line = dump.size == 1 ? 8 : 16 / dump.size;

	dump.digits = (int)dump.size * 2;

	for (u64 i = 0; i < dump.count; i++) {
		u64 addr = dump.addr + i * dump.size, value;

		if (!read_unit(monitor, &dump, addr, &value)) {
			fprintf(out, "%scannot read %u bytes at %s address 0x%llx\n", i ? "\n" : "",
				dump.size, address_kind(monitor, &dump), addr);
			return;
		}
		if (i % per_line == 0)
			fprintf(out, "%s%016llx:", i ? "\n" : "", addr);
		fputc(' ', out);
		print_unit(&dump, value, out);
	}
	fprintf(out, "\n");
}

static void print_code(struct monitor *monitor, const struct dump *dump, FILE *out)
{
	const struct board_memory at = dump_place(monitor, dump, dump->addr);

	board_print_code(monitor->board, &at, dump->count, out);
}

/* Prints the value itself, and not what is stored at that address. */
static void print_value(struct dump dump, FILE *out)
{
	dump.size = sizeof(dump.addr);
	dump.digits = 1;
	print_unit(&dump, dump.addr, out);
	fputc('\n', out);
}

void monitor_x(struct monitor *monitor, char **words, FILE *out)
{
	const bool value = *words[0] == 'p';
	const char *name = value ? "print" : "x";
	const char *needed = value ? "a value, as in print/x $pc+4" :
				     "an address, as in x/4xg 0x80000000 or x/10i $pc";
	struct dump dump = { .count = 1, .size = 4, .format = value ? 'd' : 'x' };
	const char *slash = strchr(words[0], '/');
	const char *format = slash ? slash + 1 : "";
	char **addr = words + 1;

	dump.physical = !strncmp(words[0], "xp", 2);
	if (!slash && *addr && **addr == '/')
		format = *addr++ + 1;
	if (!parse_dump_format(format, &dump) || (value && dump.format == 'i'))
		fprintf(out,
			"%s: '/%s' is not a format; give a count up to %d, one of x d u o c i, "
			"one of b h w g, as in x/4xg\n",
			name, format, DUMP_MAX);
	else if (!evaluate_rest(monitor, addr, &dump.addr))
		fprintf(out, "%s: give %s\n", name, needed);
	else if (value)
		print_value(dump, out);
	else if (!dump.physical && monitor_space_missing(monitor, out))
		return;
	else if (dump.format == 'i')
		print_code(monitor, &dump, out);
	else
		print_dump(monitor, dump, out);
}

static void explain_trap(struct monitor *monitor, const char *word, FILE *out)
{
	u64 number = 0;

	if (word && (!keyval_number(word, &number) || !number))
		fprintf(out, "explain trap: give a trap's number, as info traps lists them\n");
	else if (!board_explain_trap(monitor->board, monitor->hart, number, out))
		fprintf(out, "explain trap: there is none%s; info traps lists them\n",
			word ? " of this number" : "");
}

static void explain_access(struct monitor *monitor, char **words, FILE *out)
{
	static const char kinds[] = "rwx"; /* in the order of enum board_access */
	const char *kind = words[2] ? words[2] : "r";
	const char *found = strlen(kind) == 1 ? strchr(kinds, *kind) : NULL;
	struct board_memory at = monitor_place(monitor, 0);

	if (!monitor_expression(monitor, words[1], &at.addr) || !found)
		fprintf(out, "explain: give nothing, -a, trap [N], or an address and one of r w x, "
			     "as in explain 0x80000000 w\n");
	else
		board_explain_access(monitor->board, &at, (enum board_access)(found - kinds), out);
}

void monitor_explain(struct monitor *monitor, char **words, FILE *out)
{
	if (!words[1])
		board_explain_hart(monitor->board, monitor->hart, out);
	else if (!strcmp(words[1], "-a"))
		board_explain(monitor->board, out);
	else if (!strcmp(words[1], "trap"))
		explain_trap(monitor, words[2], out);
	else
		explain_access(monitor, words, out);
}
