/* SPDX-License-Identifier: MIT */
/*
 * Contains the table of the monitor's commands, and the line editor that reads them.
 */
#include "frontends/monitor/monitor.h"

#include <stdlib.h>
#include <string.h>

#include "bus/nearest.h"
#include "bus/output.h"
#include "devices/board/board.h"
#include "devices/board/explain/explain.h"
#include "devices/board/inspect/debug.h"
#include "devices/board/inspect/inspect.h"
#include "devices/board/timing/timing.h"
#include "frontends/monitor/plug.h"
#include "frontends/chardev/terminal.h"
#include "frontends/gdb/debugger.h"
#include "frontends/host/keyval.h"
#include "frontends/monitor/balloon.h"
#include "frontends/monitor/chardev.h"
#include "frontends/monitor/disks.h"
#include "frontends/monitor/info.h"
#include "frontends/monitor/log.h"
#include "frontends/monitor/memory.h"
#include "frontends/monitor/net.h"
#include "frontends/monitor/save.h"
#include "frontends/monitor/screen.h"
#include "frontends/monitor/snapshot.h"

#define WORDS_MAX 256 /* of a line */
#define KEY_ESCAPE 27

struct command {
	const char *name;
	const char *arguments; /* the syntax, which also says how many words they are at most */
	const char *help;
	void (*run)(struct monitor *monitor, char **words, FILE *out);
};

static void run_help(struct monitor *monitor, char **words, FILE *out);
static void run_info(struct monitor *monitor, char **words, FILE *out);

bool monitor_parse_hart(const struct monitor *monitor, const char *text, u64 *hart)
{
	return text && keyval_number(text, hart) && *hart < monitor->harts;
}

static void run_cpu(struct monitor *monitor, char **words, FILE *out)
{
	u64 hart;

	if (!monitor_parse_hart(monitor, words[1], &hart))
		fprintf(out, "cpu: give a hart, 0 to %u\n", monitor->harts - 1);
	else
		monitor->hart = (unsigned)hart;
}

const char *monitor_status(const struct monitor *monitor, bool begun)
{
	static const char *const names[] = {
		[MONITOR_LOAD_FAILED] = "restore-vm",
		[MONITOR_IO_ERROR] = "io-error",
		[MONITOR_PANICKED] = "guest-panicked",
		[MONITOR_SHUT_DOWN] = "shutdown",
	};

	if (!monitor->stopped)
		return "running";
	return monitor->why ? names[monitor->why] : begun ? "paused" : "prelaunch";
}

static void info_status(struct monitor *monitor, char **words, FILE *out)
{
	(void)words;
	const char *status = monitor_status(monitor, true);
	bool why = monitor->stopped && monitor->why;

	fprintf(out, why ? "VM status: paused (%s)\n" : "VM status: %s\n", status);
	if (!monitor->stopped)
		return;
	board_info_harts(monitor->board, out);
}

static void info_mem(struct monitor *monitor, char **words, FILE *out)
{
	const struct board_memory at = monitor_place(monitor, 0);

	(void)words;
	board_info_mem(monitor->board, &at, out);
}

static void run_ps(struct monitor *monitor, char **words, FILE *out)
{
	(void)words;
	if (board_ps(monitor->board, monitor->hart, out))
		return;
	for (unsigned n = 0; n < monitor->harts; n++)
		if (board_ps(monitor->board, n, out))
			return;
	fprintf(out, "ps: no hart is in a Linux kernel, or a process of one, now; look again a "
		     "little later\n");
}

static void run_stop(struct monitor *monitor, char **words, FILE *out)
{
	(void)words;
	(void)out;
	if (!monitor->stopped)
		monitor_stop(monitor, MONITOR_ASKED);
}

void monitor_stop(struct monitor *monitor, enum monitor_why why)
{
	monitor->stopped = true;
	monitor->why = why;
	/* The machine is held now, and not only when the run loop sees that it is stopped, because
	 * a client that is notified of the stop may copy the disks. */
	board_hold(monitor->board, true);
}

static void run_cont(struct monitor *monitor, char **words, FILE *out)
{
	(void)words;
	if (!monitor_resume(monitor))
		fprintf(out, "Resetting the Virtual Machine is required\n");
}

bool monitor_resume(struct monitor *monitor)
{
	/* If a reset has been requested, the machine can continue after it. */
	if (monitor->stopped && monitor->why == MONITOR_SHUT_DOWN && !monitor->reset)
		return false;
	monitor->stopped = false;
	monitor->why = MONITOR_ASKED;
	return true;
}

void monitor_renewed(struct monitor *monitor)
{
	if (monitor->why != MONITOR_LOAD_FAILED)
		monitor->why = MONITOR_ASKED;
}

static void run_reset(struct monitor *monitor, char **words, FILE *out)
{
	(void)words;
	(void)out;
	monitor->reset = true;
}

static void run_nmi(struct monitor *monitor, char **words, FILE *out)
{
	u64 hart = monitor->hart;

	if (words[1] && !monitor_parse_hart(monitor, words[1], &hart))
		fprintf(out, "nmi: give a hart, 0 to %u\n", monitor->harts - 1);
	else if (!board_request_nmi(monitor->board, (unsigned)hart))
		fprintf(out, "nmi: the harts have no non-maskable interrupts; -cpu ...,smrnmi=on "
			     "gives them some\n");
}

static void run_timing(struct monitor *monitor, char **words, FILE *out)
{
	board_timing_command(monitor->board, words[1], out);
}

static void run_quit(struct monitor *monitor, char **words, FILE *out)
{
	(void)words;
	(void)out;
	monitor->quit = true;
}

static const struct command commands[] = {
	{ "help", "[COMMAND]", "print this list, or one command of it", run_help },
	{ "info", "WHAT", "describe the machine; info alone lists subjects", run_info },
	{ "cpu", "HART", "choose the hart for info registers, x and explain", run_cpu },
	{ "context", "[current|physical|hs|vs|gpa|vmid N]",
	  "whose translation x, memsave, gva2gpa, info mem and explain ADDR use", monitor_context },
	{ "x", "/FMT ADDR", "print memory as the hart sees it: x/4xg $sp, x/10i $pc", monitor_x },
	{ "xp", "/FMT ADDR", "print memory or device registers at a physical address",
	  monitor_x },
	{ "print", "/FMT VALUE", "print a number, a register or a sum: print/x $pc+4", monitor_x },
	{ "p", "/FMT VALUE", "the same", monitor_x },
	{ "memsave", "ADDR SIZE FILE", "write memory as the hart sees it to a file",
	  monitor_memsave },
	{ "pmemsave", "ADDR SIZE FILE", "write memory at a physical address to a file",
	  monitor_pmemsave },
	{ "dump-guest-memory", "FILE [ADDR SIZE]", "write RAM and registers as an ELF core file",
	  monitor_dump },
	{ "coverage", "FILE | clear",
	  "write to a file what was executed so far (--coverage), or forget it", monitor_coverage },
	{ "gva2gpa", "ADDR",
	  "translate by the first stage: to a guest physical address in a guest", monitor_gva2gpa },
	{ "ps", "", "the processes of the Linux that the hart runs", run_ps },
	{ "explain", "[-a]", "explain what the hart (or each) does", monitor_explain },
	{ "explain", "trap [N]", "why a trap was taken; info traps numbers them", monitor_explain },
	{ "explain", "ADDR [r|w|x]", "explain an access, step by step",
	  monitor_explain },
	{ "stop", "", "stop the machine", run_stop },
	{ "cont", "", "continue the machine", run_cont },
	{ "set_link", "ID on|off", "connect a network card, or disconnect it",
	  monitor_set_link },
	{ "hostfwd_add", "[NETDEV] RULE", "forward a port of the host: tcp::2222-:22",
	  monitor_hostfwd_add },
	{ "hostfwd_remove", "[NETDEV] PORT", "no longer: tcp::2222", monitor_hostfwd_remove },
	{ "chardev-send-break", "ID", "send a break to a serial port: a -chardev's id, or serial0",
	  monitor_chardev_send_break },
	{ "device_add", "NAME,bus=ID[,KEY=VALUE...]", "plug a device into a PCIe root port",
	  monitor_device_add },
	{ "device_del", "ID", "ask the guest to release a device", monitor_device_del },
	{ "commit", "DISK | all",
	  "write changes into the image (-snapshot), or into the backing file of a qcow2 image",
	  monitor_commit },
	{ "block_resize", "DISK SIZE", "make a disk larger", monitor_block_resize },
	{ "log", "none | ITEM,...", "choose what is logged, as -d does; log help lists the items",
	  monitor_log },
	{ "logfile", "FILE", "log to this file from now on", monitor_logfile },
	{ "gdbserver", "[PLACE | none]", "let a debugger connect there, as -gdb does, or no longer",
	  monitor_gdbserver },
	{ "balloon", "MIB", "set the guest's memory with its balloon", monitor_balloon },
	{ "timing", "[CORE | none]", "time the harts as --timing does; alone: print it",
	  run_timing },
	{ "savevm", "[NAME]", "save the machine in its qcow2 disks",
	  monitor_savevm },
	{ "loadvm", "NAME", "load what savevm has saved", monitor_loadvm },
	{ "delvm", "NAME", "delete it", monitor_delvm },
	{ "system_reset", "", "reset the machine", run_reset },
	{ "nmi", "[HART]", "a non-maskable interrupt (Smrnmi) of a hart", run_nmi },
	{ "system_powerdown", "", "press the power key of the keyboard", monitor_powerdown },
	{ "screendump", "FILE [SCREEN] [-f png|ppm]",
	  "a picture of a screen, as its name ends: PNG (.png) or PPM",
	  monitor_screendump },
	{ "sendkey", "KEYS [MS]", "press keys for MS (100): sendkey ctrl-alt-delete",
	  monitor_sendkey },
	{ "mouse_move", "X Y [WHEEL]", "move to a place (tablet), or by so much",
	  monitor_mouse_move },
	{ "mouse_button", "SUM", "hold buttons: 1 left, 2 middle, 4 right", monitor_mouse_button },
	{ "set_password", "vnc TEXT", "set the password of -vnc ...,password=on",
	  monitor_set_password },
	{ "change", "vnc password TEXT", "the same", monitor_change },
	{ "quit", "", "end Baya", run_quit },
	{ "q", "", "the same", run_quit },
};

static const struct command infos[] = {
	{ "registers", "[-v] [-a | HART]", "registers of a hart, or of all; -v: vectors, too",
	  monitor_info_registers },
	{ "cpus", "", "the harts, with the one that cpu chose", monitor_info_cpus },
	{ "mtree", "[-f]", "the physical address map, which is flat in any case",
	  monitor_info_mtree },
	{ "pci", "", "the devices on the PCIe bus", monitor_info_pci },
	{ "pic", "", "the interrupt controller", monitor_info_pic },
	{ "mem", "", "what the page tables of the hart map", info_mem },
	{ "tlb", "", "the contents of the hart's TLB", monitor_info_tlb },
	{ "jit", "", "the engine: its code, and instructions by tier", monitor_info_jit },
	{ "qtree", "", "the devices", monitor_info_qtree },
	{ "block", "[-v]", "the disks; everything is listed in any case", monitor_info_block },
	{ "blockstats", "", "how much was read and written", monitor_info_blockstats },
	{ "network", "", "network cards, their networks and traffic",
	  monitor_network },
	{ "usernet", "", "the same", monitor_network },
	{ "balloon", "", "the guest's memory and its statistics",
	  monitor_info_balloon },
	{ "chardev", "", "what serial ports are connected to, and where monitors, QMP and GDB are",
	  monitor_info_chardev },
	{ "vnc", "", "where viewers of -vnc connect, and which are there", monitor_info_vnc },
	{ "snapshots", "", "what savevm has saved", monitor_snapshots },
	{ "status", "", "running or paused, and where", info_status },
	{ "version", "", "the version of Baya", monitor_info_version },
	{ "name", "", "what -name says", monitor_info_name },
	{ "uuid", "", "what -uuid says", monitor_info_uuid },
	{ "traps", "", "the last traps of the hart, numbered", monitor_info_traps },
};

static const char *command_name(const void *ctx, unsigned i)
{
	return ((const struct command *)ctx)[i].name;
}

/* Passes on the syntax and the help of each command, such as x/FMT ADDR and info mem. */
static void list_commands(const struct command *table, unsigned count, const char *before,
			  void (*print)(void *ctx, const char *usage, const char *help), void *ctx)
{
	char usage[64];

	for (unsigned i = 0; i < count; i++) {
		const char *arguments = table[i].arguments;

		snprintf(usage, sizeof(usage), "%s%s%s%s", before, table[i].name,
			 !*arguments || *arguments == '/' ? "" : " ", arguments);
		print(ctx, usage, table[i].help);
	}
}

void monitor_list(void (*print)(void *ctx, const char *usage, const char *help), void *ctx)
{
	list_commands(commands, ARRAY_SIZE(commands), "", print, ctx);
	list_commands(infos, ARRAY_SIZE(infos), "info ", print, ctx);
}

static void print_command(void *ctx, const char *usage, const char *help)
{
	fprintf(ctx, "%-23s %s\n", usage, help);
}

static void tell_unknown(const char *name, FILE *out)
{
	const char *nearest = nearest_name(name, command_name, commands, ARRAY_SIZE(commands));

	fprintf(out, "unknown command: '%s'%s (help lists all)\n", name,
		nearest_hint("; nearest is '", nearest, "'").text);
}

static void run_help(struct monitor *monitor, char **words, FILE *out)
{
	bool known = !words[1];

	(void)monitor;
	for (unsigned i = 0; i < ARRAY_SIZE(commands); i++)
		if (!words[1] || !strcmp(words[1], commands[i].name)) {
			list_commands(&commands[i], 1, "", print_command, out);
			known = true;
		}
	if (!known)
		tell_unknown(words[1], out);
}

/* Returns how many words a syntax such as "[-v] [-a | HART]" has at most. A bar between words is of
 * two alternatives, of which one is given. */
static unsigned words_of(const char *arguments)
{
	unsigned count = 0;

	while (*(arguments += strspn(arguments, " "))) {
		size_t size = strcspn(arguments, " ");

		count += size == 1 && *arguments == '|' ? -1u : 1u;
		arguments += size;
	}
	return count;
}

static bool takes(const struct command *command, unsigned count)
{
	/* An expression at the end of a line may have blanks in it, and each subject of info counts
	 * its own words. */
	static void (*const any[])(struct monitor *monitor, char **words, FILE *out) = {
		run_info, monitor_x, monitor_gva2gpa,
	};

	for (unsigned n = 0; n < ARRAY_SIZE(any); n++)
		if (command->run == any[n])
			return true;
	return count <= words_of(command->arguments);
}

static unsigned count_words(char **words)
{
	unsigned count = 0;

	while (words[count])
		count++;
	return count;
}

/* Runs a command with these arguments; more of them than it takes are refused. */
static void run_command(const struct command *command, struct monitor *monitor, char **words,
			char **arguments, FILE *out)
{
	unsigned most = words_of(command->arguments);

	if (takes(command, count_words(arguments)))
		command->run(monitor, words, out);
	else if (!most)
		fprintf(out, "%s takes no arguments, such as '%s'\n", command->name, *arguments);
	else
		fprintf(out,
			"%s takes at most %u argument%s, which must not have blanks in them: '%s' "
			"is one too many\n",
			command->name, most, most == 1 ? "" : "s", arguments[most]);
}

static void run_info(struct monitor *monitor, char **words, FILE *out)
{
	const char *nearest;

	if (!words[1]) {
		list_commands(infos, ARRAY_SIZE(infos), "", print_command, out);
		return;
	}
	for (unsigned i = 0; i < ARRAY_SIZE(infos); i++) {
		if (!strcmp(infos[i].name, words[1])) {
			run_command(&infos[i], monitor, words, words + 2, out);
			return;
		}
	}
	nearest = nearest_name(words[1], command_name, infos, ARRAY_SIZE(infos));
	fprintf(out, "info: no '%s'%s (info lists all)\n", words[1],
		nearest_hint("; nearest is '", nearest, "'").text);
}

/* Splits a line into words, with NULL behind the last. Returns false if there are too many. */
static bool split_line(char *line, char *words[WORDS_MAX + 1])
{
	char *rest = NULL, *word = strtok_r(line, " \t", &rest);

	for (unsigned n = 0; word && n < WORDS_MAX; n++) {
		words[n] = word;
		word = strtok_r(NULL, " \t", &rest);
	}
	return !word;
}

static bool is_named(const struct command *command, const char *word)
{
	size_t size = strcspn(word, "/");

	return strlen(command->name) == size && !memcmp(command->name, word, size) &&
	       (!word[size] || command->run == monitor_x);
}

/* Runs the command that the first word names. If it has several entries, it is the first of them
 * that takes so many words. */
static void run_words(struct monitor *monitor, char **words, FILE *out)
{
	const struct command *found = NULL;
	unsigned count = count_words(words + 1);

	for (unsigned i = 0; i < ARRAY_SIZE(commands); i++)
		if (is_named(&commands[i], words[0]) && (!found || !takes(found, count)))
			found = &commands[i];
	if (found)
		run_command(found, monitor, words, words + 1, out);
	else
		tell_unknown(words[0], out);
}

void monitor_run(struct monitor *monitor, const char *line, FILE *out)
{
	char *copy = strdup(line), *words[WORDS_MAX + 1] = { NULL };

	if (!copy)
		fputs(MONITOR_NO_MEMORY, out);
	else if (!split_line(copy, words))
		fprintf(out, "the line has more than %d words\n", WORDS_MAX);
	else if (words[0])
		run_words(monitor, words, out);
	free(copy);
}

void monitor_init(struct monitor *monitor, struct board *board, unsigned harts,
		  struct terminal *terminal)
{
	*monitor = (struct monitor){ .board = board, .harts = harts, .terminal = terminal };
}

static void monitor_put(struct monitor *monitor, const char *text)
{
	terminal_write(monitor->terminal, text, strlen(text));
}

void monitor_enter(struct monitor *monitor)
{
	monitor_put(monitor, "\n" MONITOR_GREETING MONITOR_PROMPT);
	monitor_put(monitor, monitor->line);
}

/* Replaces the line that is being typed, on the screen and in the buffer. */
static void show_line(struct monitor *monitor, const char *line)
{
	snprintf(monitor->line, sizeof(monitor->line), "%s", line);
	monitor->size = (unsigned)strlen(monitor->line);
	monitor_put(monitor, "\r\033[K" MONITOR_PROMPT);
	monitor_put(monitor, monitor->line);
}

static void monitor_remember(struct monitor *monitor)
{
	if (!monitor->size)
		return;
	if (monitor->history_count == MONITOR_HISTORY_MAX) {
		memmove(monitor->history[0], monitor->history[1],
			sizeof(monitor->history) - sizeof(monitor->history[0]));
		monitor->history_count--;
	}
	memcpy(monitor->history[monitor->history_count++], monitor->line, sizeof(monitor->line));
}

static void look_back(struct monitor *monitor, int step)
{
	int back = (int)monitor->history_back + step;

	if (back < 0 || back > (int)monitor->history_count)
		return;
	monitor->history_back = (unsigned)back;
	show_line(monitor, back ? monitor->history[monitor->history_count - (unsigned)back] : "");
}

static void end_line(struct monitor *monitor)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	monitor_put(monitor, "\n");
	monitor_remember(monitor);
	monitor->history_back = 0;
	if (out)
		monitor_run(monitor, monitor->line, out);
	if (out && !output_end_text(out, &text))
		terminal_write(monitor->terminal, text, size);
	else
		monitor_put(monitor, MONITOR_NO_MEMORY);
	free(text);
	monitor->size = 0;
	monitor->line[0] = 0;
	if (!monitor->quit)
		monitor_put(monitor, MONITOR_PROMPT);
}

/* Handles the rest of a cursor key's escape sequence: ESC [ A is up, ESC [ B is down, others are
 * ignored. */
static void type_sequence(struct monitor *monitor, u8 c)
{
	if (monitor->sequence == 1) {
		monitor->sequence = c == '[' || c == 'O' ? 2 : 0;
		return;
	}
	if (c < '@')
		return;
	monitor->sequence = 0;
	if (c == 'A' || c == 'B')
		look_back(monitor, c == 'A' ? 1 : -1);
}

void monitor_type(struct monitor *monitor, u8 c)
{
	char text[2] = { (char)c, 0 };

	if (monitor->sequence) {
		type_sequence(monitor, c);
	} else if (c == KEY_ESCAPE) {
		monitor->sequence = 1;
	} else if (c == '\r' || c == '\n') {
		end_line(monitor);
	} else if (c == 8 || c == 127) {
		if (!monitor->size)
			return;
		monitor->line[--monitor->size] = 0;
		monitor_put(monitor, "\b \b");
	} else if (c == 3 || c == 21) { /* Ctrl-c, Ctrl-u */
		show_line(monitor, "");
	} else if (c >= ' ' && monitor->size + 1 < MONITOR_LINE_MAX) {
		monitor->line[monitor->size++] = (char)c;
		monitor->line[monitor->size] = 0;
		monitor_put(monitor, text);
	}
}
