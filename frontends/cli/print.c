/* SPDX-License-Identifier: MIT */
/*
 * Prints the options' table for people: `-h`, the lists of machines, processors and devices, and
 * the manual page.
 */
#include <jansson.h>
#include <string.h>

#include "bus/log.h"
#include "frontends/cli/examples.h"
#include "frontends/cli/machine/net.h"
#include "frontends/cli/man_sections.h"
#include "frontends/cli/table.h"

#define PAGE_COLUMNS 80
#define TEXT_COLUMN 30

static const char *const option_groups[GROUP_COUNT] = {
	[GROUP_BOOT] = "What to boot",
	[GROUP_MACHINE] = "Machine",
	[GROUP_DISK] = "Disks and devices",
	[GROUP_NET] = "Network",
	[GROUP_CONSOLE] = "Consoles",
	[GROUP_SCREEN] = "Screen",
	[GROUP_SOUND] = "Sound",
	[GROUP_RUN] = "Running",
	[GROUP_DEBUG] = "Debugging",
	[GROUP_SUITE] = "Running tests: baya test",
	[GROUP_EXPLAIN] = "Explaining: baya explain",
	[GROUP_CYCLES] = "Counting cycles: baya cycles",
	[GROUP_COMMAND] = "Running a command, or Debian: baya run",
	[GROUP_LOG] = "Messages",
	[GROUP_ACCEPTED] = "Accepted from QEMU's command lines, as it is so here anyway",
};

struct keys_help {
	const char *key, *what;
};

static const struct keys_help terminal_keys[] = {
	{ "Ctrl-a x", "end Baya" },
	{ "Ctrl-a c", "the keyboard goes to the monitor, and back to the guest" },
	{ "Ctrl-a b", "send a break to the guest's serial port" },
	{ "Ctrl-a h", "print these keys" },
	{ "Ctrl-a Ctrl-a", "send Ctrl-a to the guest" },
};

static const struct keys_help exit_codes[] = {
	{ "0", "the guest ended well, or you ended Baya" },
	{ "1", "the guest reported a failure" },
	{ "2", "the command line is wrong" },
	{ "3", "the host failed: a file, memory, standard input or output" },
	{ "4", "--max-insns or --timeout was reached" },
	{ "5", "the guest is dead: no hart can ever run again" },
	{ "6", "the guest's kernel panicked" },
	{ "7", "the engines disagree: --compare, --timing-check, or baya test --engine=all; or a "
	       "replay is not the recorded run" },
	{ "128+N", "ended by signal N" },
};

/* Prints the words of a text in lines that begin at column `indent`; the first line begins at
 * column `at`. */
static void print_wrapped(FILE *out, const char *text, int at, int indent)
{
	int column = at;

	while (*text) {
		int size = (int)strcspn(text, " ");

		if (column > indent && column + 1 + size > PAGE_COLUMNS) {
			fprintf(out, "\n%*s", indent, "");
			column = indent;
		} else if (column > indent) {
			fputc(' ', out);
			column++;
		}
		fprintf(out, "%.*s", size, text);
		column += size;
		text += size;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

/* Prints an option and its help. An option begins its line, as in QEMU's help: makefiles search for
 * '^-gdb' there. */
static void print_entry(FILE *out, const char *left, const char *text)
{
	int used = fprintf(out, "%s", left);

	if (used + 2 > TEXT_COLUMN) {
		fputc('\n', out);
		used = 0;
	}
	fprintf(out, "%*s", TEXT_COLUMN - used, "");
	print_wrapped(out, text, TEXT_COLUMN, TEXT_COLUMN);
}

/* Spells an option with its value: "-m SIZE", "-machine, -M virt[...]", "--seed=N". */
static void option_spell(const struct option *option, char *text, size_t size)
{
	const char *dashes = option_dashes(option);

	snprintf(text, size, "%s%s%s%s%s%s", dashes, option->name, option->alias ? ", -" : "",
		 option->alias ? option->alias : "",
		 !option->value             ? "" :
		 option_is_optional(option) ? "" :
		 dashes[1]                  ? "=" :
					      " ",
		 option->value ? option->value : "");
}

/* Prints the group's options that can be used with the verb, if there are any. */
static void print_group(FILE *out, unsigned group, enum options_verb verb)
{
	bool any = false;
	char left[96];

	for (unsigned i = 0; i < options_count; i++) {
		if (options_table[i].group != group || !option_goes(&options_table[i], verb))
			continue;
		if (!any)
			fprintf(out, "\n%s:\n", option_groups[group]);
		any = true;
		option_spell(&options_table[i], left, sizeof(left));
		print_entry(out, left, options_table[i].help);
	}
}

static void print_exit_codes(FILE *out)
{
	fprintf(out, "\nExit codes:\n");
	for (unsigned i = 0; i < ARRAY_SIZE(exit_codes); i++)
		print_entry(out, exit_codes[i].key, exit_codes[i].what);
}

/* The texts about a verb in -h and in the manual. */
struct verb_help {
	enum options_action action;
	enum options_verb verb;
	enum option_group group; /* its own options, which come first */
	bool exit_codes; /* the text ends with the exit codes of a run */
	const char *title; /* its title in the manual */
	const char *usage[2], *paragraphs[3];
};

static const struct verb_help verbs[] = {
	{ .action = ACTION_TEST_HELP, .verb = VERB_TEST, .group = GROUP_SUITE,
	  .exit_codes = true, .title = "TESTS",
	  .usage = { "baya test [OPTION...] PATH..." },
	  .paragraphs = {
	    "PATH is a program that checks itself, or a folder of such programs: bare-metal ELFs "
	    "for riscv64 that tell the result by HTIF (tohost), the sifive_test device or "
	    "semihosting, as riscv-tests does. In folders, files that are no riscv64 ELF are "
	    "skipped. Each test has a machine and a process of its own.",
	    "The exit code is 0 when all tests passed; else, of these, the first that occurred in "
	    "any test: 3, 7, 1, 5, 4." } },
	{ .action = ACTION_EXPLAIN_HELP, .verb = VERB_EXPLAIN, .group = GROUP_EXPLAIN,
	  .title = "EXPLANATIONS",
	  .usage = { "baya explain [OPTION...] [PROGRAM]" },
	  .paragraphs = {
	    "Runs a machine, with the options of a run, until it ends, is dead, or has gone as far "
	    "as --timeout and --max-insns let it (Ctrl-a x ends it before), and says why its harts "
	    "are where they are. With --restore=FILE it says so of the state in FILE, and runs "
	    "nothing.",
	    "For each hart it prints: what it does; each interrupt on its way from a device's "
	    "line through PLIC, APLIC or IMSIC to the mode that would take it, and what masks "
	    "it; and the last trap: which mode took it and by which delegation, the page-table "
	    "entries of both stages and the rule that is broken, the region of PMP, or the CSR "
	    "field that hid an instruction. In the monitor, explain, explain trap N and explain "
	    "ADDR say the same of a running machine.",
	    "The exit code is 0 when there is an explanation, however the machine ended." } },
	{ .action = ACTION_CYCLES_HELP, .verb = VERB_CYCLES, .group = GROUP_CYCLES,
	  .title = "CYCLES",
	  .usage = { "baya cycles --core=CORE[,CORE...] [PROGRAM] [OPTION...]",
		     "baya cycles --core=CORE --against=TABLE DIR" },
	  .paragraphs = {
	    "Runs PROGRAM, or what other options boot, on the model of each core and prints "
	    "cycles, instructions, CPI and share of each function side by side, and what the "
	    "cycles were spent on; also as JSON or as a page. When a run ends at --max-insns or "
	    "--timeout, the figures until then are printed.",
	    "With --against=TABLE it runs programs that measure themselves, DIR/NAME.elf, and "
	    "prints each of their records beside what the core took: a program leaves records of "
	    "four 64-bit words, id, cycles, instret, and a checksum or count, between its symbols "
	    "begin_signature and end_signature. tests/cycles has such programs and tables.",
	    "The exit code is 0, or 1 when a record is further off than --max-error says, or all "
	    "of them together than --max-mean; with either, also when a record has another instret "
	    "or extra." } },
	{ .action = ACTION_COMMAND_HELP, .verb = VERB_COMMAND, .group = GROUP_COMMAND,
	  .title = "COMMANDS",
	  .usage = { "baya run [--share=DIR] [-L DIR] [OPTION...] -- COMMAND [WORD...]" },
	  .paragraphs = {
	    "Boots the bundled Linux and runs COMMAND in it: its standard input, output and error "
	    "are Baya's, byte for byte, and nothing else is printed. With --share its working "
	    "directory is DIR, which it reads and writes as the user who runs Baya, by the name "
	    "that DIR has on the host. COMMAND is a program of DIR for riscv64, or one of "
	    "busybox's; one that is linked dynamically needs -L. In a loop that reads its own "
	    "input, give COMMAND </dev/null, as with ssh.",
	    "The exit code is COMMAND's; 125 when a folder could not be mounted; 128+N when signal N "
	    "ended COMMAND; other ends have the exit codes of a run." } },
	{ .action = ACTION_DEBIAN_HELP, .verb = VERB_DEBIAN, .group = GROUP_COMMAND,
	  .title = "DEBIAN",
	  .usage = { "baya get debian [OPTION...]",
		     "baya run debian [--ssh=PORT] [--share=DIR] [OPTION...]" },
	  .paragraphs = {
	    "baya get debian makes a disk with Debian 13, of the packages of the mirror that the apt "
	    "sources of this machine name, in $XDG_DATA_HOME/baya/debian; baya get debian -h tells "
	    "more. It takes some minutes, once.",
	    "baya run debian boots it with Debian's kernel on the host's network. root and debian, "
	    "who may do all by sudo, log in without a password on the console; by ssh, at the port "
	    "that is printed, with the keys that the user who runs Baya has in ~/.ssh/*.pub. With "
	    "--share the folder DIR is /mnt. Options of a run may follow, such as -smp 2, -m 4G or "
	    "-display sdl; words of -append are added to the kernel's command line.",
	    "The exit code is that of a run." } },
};

/* These commands print their own -h. */
static const char *const other_usages[] = {
	"baya logdiff [--no-csrs] A B",
	"baya screenshot WHERE FILE [SCREEN]",
};

/* Prints "usage: " before the first line of a text, and as many blanks before the others. */
static void print_usage(FILE *out, const struct verb_help *help, bool first)
{
	for (unsigned n = 0; n < ARRAY_SIZE(help->usage) && help->usage[n]; n++)
		fprintf(out, "%s%s\n", first && !n ? "usage: " : "       ", help->usage[n]);
}

static void print_verb_help(FILE *out, const struct verb_help *help)
{
	print_usage(out, help, true);
	for (unsigned n = 0; n < ARRAY_SIZE(help->paragraphs) && help->paragraphs[n]; n++) {
		fputc('\n', out);
		print_wrapped(out, help->paragraphs[n], 0, 0);
	}
	print_group(out, help->group, help->verb);
	for (unsigned group = 0; group < GROUP_COUNT; group++)
		if (group != help->group)
			print_group(out, group, help->verb);
	if (help->exit_codes)
		print_exit_codes(out);
}

/* Returns the verb to which the group's options belong: `baya -h` lists the options of all
 * verbs. */
static enum options_verb group_verb(unsigned group)
{
	return option_verb(&(struct option){ .group = group });
}

static void print_help(const char *version, FILE *out)
{
	fprintf(out,
		"Baya %s, a RISC-V machine\n\n"
		"usage: baya [OPTION...] [PROGRAM]\n",
		version);
	for (unsigned n = 0; n < ARRAY_SIZE(verbs); n++)
		print_usage(out, &verbs[n], false);
	for (unsigned n = 0; n < ARRAY_SIZE(other_usages); n++)
		fprintf(out, "       %s\n", other_usages[n]);
	fputc('\n', out);
	print_wrapped(out,
		      "Without a kernel, firmware or program it boots the bundled Linux. "
		      "PROGRAM is a bare-metal ELF. Options are spelled as in QEMU where QEMU has "
		      "them; one or two dashes, and --option=value, are alike.",
		      0, 0);
	fprintf(out, "\nExamples, of which `man baya` has more:\n");
	for (unsigned i = 0; i < examples_count; i++)
		if (examples_table[i].first)
			fprintf(out, "  %s:\n     %s\n", examples_table[i].what,
				examples_table[i].command);
	for (unsigned group = 0; group < GROUP_COUNT; group++)
		print_group(out, group, group_verb(group));
	fprintf(out, "\nKeys on the terminal:\n");
	for (unsigned i = 0; i < ARRAY_SIZE(terminal_keys); i++)
		print_entry(out, terminal_keys[i].key, terminal_keys[i].what);
	print_exit_codes(out);
}

/* Prints a key with its values, for example "addr=N (1 to 8)". */
static void print_accepted(FILE *out, const struct key *key)
{
	fprintf(out, "%s=%s", key->name, key->accepted);
	if (key->max)
		fprintf(out, " (%llu to %llu)", key->min, key->max);
	fputc('\n', out);
}

/* Prints the name, the help and the properties of a device or of a kind of network. */
static void print_properties(FILE *out, const char *name, const char *help, const struct key *keys,
			     unsigned count)
{
	fprintf(out, "%s\n  ", name);
	print_wrapped(out, help, 2, 2);
	for (unsigned i = 0; i < count; i++) {
		fprintf(out, "  ");
		print_accepted(out, &keys[i]);
	}
}

static void print_device(FILE *out, const struct device_name *device)
{
	struct key keys[DEVICE_KEYS_MAX];
	unsigned count = device_keys(device->type, device->transport, keys);

	print_properties(out, device->text, device->type->help, keys, count);
}

/* Prints the device of that name; NULL prints all. */
static void print_devices(FILE *out, const char *name)
{
	struct device_name device;

	for (unsigned n = 0; device_name_at(n, &device); n++)
		if (!name || !strcmp(name, device.text))
			print_device(out, &device);
}

static void print_netdevs(FILE *out)
{
	for (unsigned kind = 0; kind < NETDEV_KINDS; kind++) {
		const struct netdev_type *type = &netdev_types[kind];

		print_properties(out, type->name, type->help, type->keys, type->count);
	}
}

/* Prints each word that an option accepts, and its help; for networks also what each kind
 * accepts. */
static void print_option_words(FILE *out, const struct option *option)
{
	bool netdev = !strcmp(option->name, "netdev");
	const char *word = netdev ? NULL : option->complete;

	if (netdev)
		print_netdevs(out);
	while (word) {
		int size = (int)strcspn(word, "|");

		fprintf(out, "%.*s\n", size, word);
		word = word[size] ? word + size + 1 : NULL;
	}
	fputc('\n', out);
	print_wrapped(out, option->help, 0, 0);
}

void options_print_driver(const char *name, FILE *out)
{
	print_devices(out, name);
	for (unsigned n = 0; n < options_count; n++)
		if (!strcmp(options_table[n].name, name))
			print_option_words(out, &options_table[n]);
}

void options_print(enum options_action action, const char *version, FILE *out)
{
	for (unsigned n = 0; n < ARRAY_SIZE(verbs); n++)
		if (verbs[n].action == action)
			print_verb_help(out, &verbs[n]);
	switch (action) {
	case ACTION_HELP:
		print_help(version, out);
		break;
	case ACTION_VERSION:
		fprintf(out,
			"baya %s\n"
			"SDL2: " BAYA_SDL2 "\nlibslirp: " BAYA_SLIRP "\n"
			"jansson: " JANSSON_VERSION "\n"
			"libvncserver: " BAYA_VNC "\n"
			"libxkbcommon: " BAYA_XKB "\n"
			"libseccomp: " BAYA_SECCOMP "\n",
			version);
		break;
	case ACTION_MACHINE_HELP:
		fprintf(out, "virt  RISC-V machine with virtio, as QEMU's virt (the default)\n");
		break;
	case ACTION_CPU_HELP:
		board_cpu_help(out);
		break;
	case ACTION_DEVICE_HELP:
		print_devices(out, NULL);
		break;
	case ACTION_LOG_HELP:
		log_help(out);
		break;
	default:
		break;
	}
}

/* Prints text for roff: dashes become minus signs, and backslashes are escaped. */
static void print_roff(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '-' || *text == '\\')
			fputs(*text == '-' ? "\\-" : "\\e", out);
		else
			fputc(*text, out);
	}
	fputc('\n', out);
}

static void print_roff_entry(FILE *out, const char *left, const char *text)
{
	fprintf(out, ".TP\n.B ");
	print_roff(out, left);
	print_roff(out, text);
}

static void print_man_verbs(FILE *out)
{
	for (unsigned n = 0; n < ARRAY_SIZE(verbs); n++) {
		const struct verb_help *help = &verbs[n];

		fprintf(out, ".SH %s\n", help->title);
		for (unsigned u = 0; u < ARRAY_SIZE(help->usage) && help->usage[u]; u++) {
			fprintf(out, u ? ".br\n.B " : ".B ");
			print_roff(out, help->usage[u]);
		}
		for (unsigned p = 0; p < ARRAY_SIZE(help->paragraphs) && help->paragraphs[p]; p++) {
			fprintf(out, ".PP\n");
			print_roff(out, help->paragraphs[p]);
		}
		fprintf(out, ".PP\nIts \\-h lists the options that go with it.\n");
	}
}

/* Prints the manual's section about the guest's performance counters and the numbers of events. */
static void print_man_counters(FILE *out)
{
	static const char *const paragraphs[] = {
		"Software in the guest counts with mhpmevent and mhpmcounter, or through SBI, as perf "
		"does in Linux. With -cpu cva6, c906 or u74, and so with --core, mhpmevent takes "
		"the numbers that the core's manual has, as far as Baya counts the same as that core: "
		"cpu/counters/pmu_code.def in Baya's sources has a row for each. With any other -cpu it takes "
		"SBI's numbers of events, and those of cpu/hart/pmu.def and cpu/counters/event.def, which a "
		"core with numbers of its own takes with bit 31 set.",
		"A raw event of perf, r and a number in hexadecimal, is what mhpmevent gets. So in a "
		"Linux with perf, on a C906, its event 13 (loads that miss the data cache of level 1), "
		"and Baya's own for cycles that loads are waited for:",
	};

	fprintf(out, ".SH COUNTERS\n");
	for (unsigned n = 0; n < ARRAY_SIZE(paragraphs); n++) {
		fprintf(out, n ? ".PP\n" : "");
		print_roff(out, paragraphs[n]);
	}
	fprintf(out, ".PP\n.nf\nbaya \\-\\-core=c906 \\-initrd initrd\\-with\\-perf.cpio.gz\n"
		     "# perf stat \\-e r0d,r80020202 ls /\n.fi\n");
}

/* Prints one entry for all transports of a device, with the device's own properties. */
static void print_man_device(FILE *out, const struct device_type *type)
{
	char names[96] = "";

	for (unsigned i = 0; i < DEVICE_TRANSPORTS; i++)
		if (type->names[i])
			snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s",
				 *names ? ", " : "", type->names[i]);
	print_roff_entry(out, names, type->help);
	for (unsigned i = 0; i < type->key_count; i++) {
		fprintf(out, ".br\n");
		fprintf(out, "%s=", type->keys[i].name);
		print_roff(out, type->keys[i].accepted);
	}
}

static void print_man_usage(FILE *out, const char *usage)
{
	fprintf(out, ".br\n.B ");
	print_roff(out, usage);
}

static void print_man_usages(FILE *out)
{
	fprintf(out, ".B baya [OPTION...] [PROGRAM]\n");
	for (unsigned n = 0; n < ARRAY_SIZE(verbs); n++)
		for (unsigned u = 0; u < ARRAY_SIZE(verbs[n].usage) && verbs[n].usage[u]; u++)
			print_man_usage(out, verbs[n].usage[u]);
	for (unsigned n = 0; n < ARRAY_SIZE(other_usages); n++)
		print_man_usage(out, other_usages[n]);
}

/* A list that is being printed. Consecutive lines without help form one paragraph. */
struct man_list {
	FILE *out;
	bool in_paragraph;
};

static void print_man_item(void *ctx, const char *usage, const char *help)
{
	struct man_list *list = ctx;

	if (*help) {
		print_roff_entry(list->out, usage, help);
	} else {
		fprintf(list->out, list->in_paragraph ? ".br\n.B " : ".PP\n.B ");
		print_roff(list->out, usage);
	}
	list->in_paragraph = !*help;
}

static void print_man_list(FILE *out, const struct options_list *list)
{
	struct man_list printed = { .out = out };

	fprintf(out, ".SH %s\n", list->title);
	print_roff(out, list->about);
	list->list_all(print_man_item, &printed);
}

static void print_man_examples(FILE *out)
{
	fprintf(out, ".SH EXAMPLES\n");
	for (unsigned i = 0; i < examples_count; i++) {
		fprintf(out, "%s%s:\n.PP\n.nf\n", i ? ".PP\n" : "", examples_table[i].what);
		print_roff(out, examples_table[i].command);
		fprintf(out, ".fi\n");
	}
}

static void print_man_section(FILE *out, const struct man_section *section)
{
	fprintf(out, ".SH %s\n", section->title);
	for (unsigned i = 0; section->entries[i].text; i++) {
		if (section->entries[i].name) {
			print_roff_entry(out, section->entries[i].name, section->entries[i].text);
			continue;
		}
		if (i)
			fputs(".PP\n", out);
		print_roff(out, section->entries[i].text);
	}
}

void options_print_man(FILE *out, const struct options_man *man)
{
	char left[96];

	fprintf(out,
		".TH BAYA 1 \"%s\" \"Baya %s\"\n"
		".SH NAME\nbaya \\- a RISC\\-V machine\n"
		".SH SYNOPSIS\n",
		man->date, man->version);
	print_man_usages(out);
	fprintf(out, ".SH DESCRIPTION\n");
	print_roff(out,
		   "Baya is a RISC-V computer in software: the machine that QEMU calls virt. "
		   "Without a kernel, firmware or program it boots the bundled Linux. PROGRAM is a "
		   "bare-metal ELF, entered in M-mode at its entry point without firmware.");
	fprintf(out, ".PP\n");
	print_roff(out, "Options are spelled as in QEMU where QEMU has them. One or two dashes are "
			"alike, and so are --option=value and --option value.");
	print_man_verbs(out);
	fprintf(out, ".SH OPTIONS\n");
	for (unsigned group = 0; group < GROUP_COUNT; group++) {
		fprintf(out, ".SS ");
		print_roff(out, option_groups[group]);
		for (unsigned i = 0; i < options_count; i++) {
			if (options_table[i].group != group)
				continue;
			option_spell(&options_table[i], left, sizeof(left));
			print_roff_entry(out, left, options_table[i].help);
		}
	}
	fprintf(out, ".SH DEVICES\nFor \\-device:\n");
	for (unsigned i = 0; device_type_listed(i); i++)
		print_man_device(out, device_type_listed(i));
	print_man_counters(out);
	fprintf(out, ".SH KEYS\n");
	for (unsigned i = 0; i < ARRAY_SIZE(terminal_keys); i++)
		print_roff_entry(out, terminal_keys[i].key, terminal_keys[i].what);
	for (unsigned i = 0; i < man->count; i++)
		print_man_list(out, &man->lists[i]);
	fprintf(out, ".SH EXIT STATUS\n");
	for (unsigned i = 0; i < ARRAY_SIZE(exit_codes); i++)
		print_roff_entry(out, exit_codes[i].key, exit_codes[i].what);
	print_man_examples(out);
	for (unsigned i = 0; i < man_section_count; i++)
		print_man_section(out, &man_sections[i]);
}
