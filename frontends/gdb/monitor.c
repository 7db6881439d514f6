/* SPDX-License-Identifier: MIT */
/*
 * Implements the debugger's `monitor` command: Baya's own monitor, and a few commands about the
 * debugger itself.
 */
#include "frontends/gdb/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bus/output.h"

struct own {
	const char *name, *arguments, *help;
	/* `word` is NULL if none was given. Returns false if the word is not accepted. */
	bool (*run)(struct gdb *gdb, const char *word, FILE *out);
};

static void run_machine(struct gdb *gdb, const char *line, FILE *out)
{
	struct monitor *monitor = &gdb->monitor;
	const struct board_space space = monitor->space;
	bool stopped = gdb_halted(gdb);

	monitor->stopped = stopped;
	monitor_run(monitor, line, out);
	if (monitor->stopped != stopped)
		fprintf(out, "%s\n",
			gdb->away ? "the debugger is detached: attach 1 there first" :
			stopped   ? "the debugger has stopped it: continue there" :
				    "the debugger lets it run: interrupt it there");
	if (monitor->space.kind != space.kind || monitor->space.vmid != space.vmid)
		fprintf(out, "GDB may show code and stack that it has read before: "
			     "set code-cache off, set stack-cache off\n");
	gdb->reset = gdb->reset || monitor->reset;
	gdb->quit = gdb->quit || monitor->quit;
	monitor->reset = false;
}

static bool is_switch(const char *word, bool *on)
{
	*on = word && !strcmp(word, "on");
	return *on || (word && !strcmp(word, "off"));
}

static bool run_physical(struct gdb *gdb, const char *word, FILE *out)
{
	bool on;

	if (!is_switch(word, &on))
		return false;
	run_machine(gdb, on ? "context physical" : "context current", out);
	return true;
}

static bool run_interrupts(struct gdb *gdb, const char *word, FILE *out)
{
	bool on;

	if (!is_switch(word, &on))
		return false;
	board_step_interrupts(gdb->board, on);
	fprintf(out, "single steps %s interrupts\n", on ? "take" : "do not take");
	return true;
}

static const struct own owns[] = {
	{ "physical", "on|off", "read and write memory by physical addresses", run_physical },
	{ "interrupts", "on|off", "whether single steps take interrupts, and wait in WFI",
	  run_interrupts },
};

static void list_own(const struct own *own,
		     void (*print)(void *ctx, const char *usage, const char *help), void *ctx)
{
	char usage[64];

	snprintf(usage, sizeof(usage), "%s %s", own->name, own->arguments);
	print(ctx, usage, own->help);
}

void gdb_monitor_list(void (*print)(void *ctx, const char *usage, const char *help), void *ctx)
{
	for (unsigned n = 0; n < ARRAY_SIZE(owns); n++)
		list_own(&owns[n], print, ctx);
}

static void print_command(void *ctx, const char *usage, const char *help)
{
	fprintf(ctx, "%-23s %s\n", usage, help);
}

static void print_help(FILE *out)
{
	fprintf(out, "About the debugger:\n");
	gdb_monitor_list(print_command, out);
	fprintf(out, "About the machine:\n");
}

/* Prints the help of a command about the debugger; returns whether there is such a command. */
static bool help_own(const char *word, FILE *out)
{
	for (unsigned n = 0; n < ARRAY_SIZE(owns); n++) {
		if (strcmp(word, owns[n].name))
			continue;
		list_own(&owns[n], print_command, out);
		return true;
	}
	return false;
}

/* Runs a command about the debugger; returns whether the line is one. */
static bool run_own(struct gdb *gdb, const char *line, FILE *out)
{
	char copy[MONITOR_LINE_MAX], *rest = NULL, *name, *word;

	snprintf(copy, sizeof(copy), "%s", line);
	name = strtok_r(copy, " \t", &rest);
	word = name ? strtok_r(NULL, " \t", &rest) : NULL;
	for (unsigned n = 0; name && n < ARRAY_SIZE(owns); n++) {
		if (strcmp(name, owns[n].name))
			continue;
		if (!owns[n].run(gdb, word, out))
			fprintf(out, "%s: give %s\n", name, owns[n].arguments);
		return true;
	}
	if (!name || strcmp(name, "help"))
		return false;
	if (word)
		return help_own(word, out);
	print_help(out);
	return false;
}

/* Sends the output in packets that GDB shows as they arrive, before the OK. */
static void send_output(struct gdb *gdb, const char *text, size_t size)
{
	for (size_t part; size; text += part, size -= part) {
		char *hex = NULL;
		size_t length = 0;
		FILE *out = open_memstream(&hex, &length);

		part = MIN(size, (size_t)(GDB_PACKET_MAX - 1) / 2);
		if (!out)
			return;
		fputc('O', out);
		gdb_put_hex(out, text, part);
		if (!output_end_text(out, &hex))
			gdb_link_send(&gdb->link, '$', hex, length);
		free(hex);
	}
}

void gdb_monitor(struct gdb *gdb, struct gdb_call *call)
{
	char line[MONITOR_LINE_MAX] = "", *text = NULL;
	size_t size = call->size / 2;
	FILE *out;

	if (call->size % 2 || size >= sizeof(line) || !gdb_get_hex(call->text, (u8 *)line, size)) {
		gdb_error(call, EINVAL);
		return;
	}
	out = open_memstream(&text, &size);
	if (!out) {
		gdb_error(call, ENOMEM);
		return;
	}
	if (!run_own(gdb, line, out))
		run_machine(gdb, line, out);
	if (output_end_text(out, &text)) {
		gdb_error(call, ENOMEM);
		return;
	}
	send_output(gdb, text, size);
	free(text);
	gdb_answer(call, true, 0);
}
