/* SPDX-License-Identifier: MIT */
/*
 * Parses the values of options about the machine, its processor, its memory and its run. Disks,
 * devices and consoles are in cli/machine/.
 */
#include "frontends/cli/table.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/log.h"
#include "frontends/host/complain.h"

void options_warn(struct parser *parser, const char *format, ...)
{
	struct options *options = parser->options;
	struct text text;
	va_list args;

	va_start(args, format);
	fprintf(text_begin(&text), "%sbaya: ", options->warnings ? options->warnings : "");
	vfprintf(text.out, format, args);
	fputc('\n', text.out);
	va_end(args);
	options->warnings = text_end(&text, &options->strings);
}

int apply_action(struct parser *parser, const struct option *option, const char *value)
{
	static const enum options_action help[] = {
		[VERB_RUN] = ACTION_HELP,
		[VERB_TEST] = ACTION_TEST_HELP,
		[VERB_EXPLAIN] = ACTION_EXPLAIN_HELP,
		[VERB_CYCLES] = ACTION_CYCLES_HELP,
		[VERB_COMMAND] = ACTION_COMMAND_HELP,
		[VERB_DEBIAN] = ACTION_DEBIAN_HELP,
	};
	struct options *options = parser->options;

	(void)value;
	options->action = strcmp(option->name, "h") ? ACTION_VERSION : help[options->verb];
	return 0;
}

int apply_engine(struct parser *parser, const struct option *option, const char *value)
{
	struct options *options = parser->options;

	options->suite.every_engine = options->verb == VERB_TEST && !strcmp(value, "all");
	if (options->suite.every_engine)
		return 0;
	return keyval_set(&option->key, "--engine", value, options, parser->error);
}

int apply_compare(struct parser *parser, const struct option *option, const char *value)
{
	struct options *options = parser->options;

	options->board.compare = true;
	return value ? keyval_set(&option->key, "--compare", value, options, parser->error) : 0;
}

#define ACPI_WORDS "off|auto"

struct machine_list {
	unsigned type, word, aia, plic;
	u64 aia_guests;
	const char *dumpdtb, *timing, *accel, *acpi;
	const char *pflash[2], *memory;
	const char *bios, *kernel, *initrd, *append, *dtb;
	bool off, aclint;
};

/* A property of QEMU's virt machine that has a single possible value here accepts only that
 * value. */
static const struct key machine_keys[] = {
	{ .name = "type", .kind = KEY_WORD, .offset = offsetof(struct machine_list, type),
	  .accepted = "virt" },
	{ .name = "dumpdtb", .kind = KEY_TEXT, .offset = offsetof(struct machine_list, dumpdtb),
	  .accepted = "FILE" },
	{ .name = "aia", .kind = KEY_WORD, .offset = offsetof(struct machine_list, aia),
	  .accepted = "none|aplic|aplic-imsic" },
	{ .name = "plic", .kind = KEY_WORD, .offset = offsetof(struct machine_list, plic),
	  .accepted = "qemu|level" },
	{ .name = "aia-guests", .kind = KEY_NUMBER,
	  .offset = offsetof(struct machine_list, aia_guests), .accepted = "N",
	  .max = BOARD_AIA_GUESTS_MAX },
	{ .name = "timing", .kind = KEY_TEXT, .offset = offsetof(struct machine_list, timing),
	  .accepted = "CORE" },
	{ .name = "aclint", .kind = KEY_SWITCH, .offset = offsetof(struct machine_list, aclint),
	  .accepted = "on|off" },
	{ .name = "acpi", .kind = KEY_TEXT, .offset = offsetof(struct machine_list, acpi),
	  .accepted = ACPI_WORDS },
	{ .name = "iommu-sys", .kind = KEY_WORD, .offset = offsetof(struct machine_list, word),
	  .accepted = "off" },
	{ .name = "accel", .kind = KEY_TEXT, .offset = offsetof(struct machine_list, accel),
	  .accepted = "tcg" },
	{ .name = "pflash0", .kind = KEY_TEXT, .offset = offsetof(struct machine_list, pflash[0]),
	  .accepted = "NODE" },
	{ .name = "pflash1", .kind = KEY_TEXT, .offset = offsetof(struct machine_list, pflash[1]),
	  .accepted = "NODE" },
	{ .name = "firmware", .kind = KEY_TEXT, .offset = offsetof(struct machine_list, bios),
	  .accepted = "default|none|FILE" },
	{ .name = "kernel", .kind = KEY_TEXT, .offset = offsetof(struct machine_list, kernel),
	  .accepted = "FILE" },
	{ .name = "initrd", .kind = KEY_TEXT, .offset = offsetof(struct machine_list, initrd),
	  .accepted = "FILE" },
	{ .name = "append", .kind = KEY_ANY, .offset = offsetof(struct machine_list, append),
	  .accepted = "TEXT" },
	{ .name = "dtb", .kind = KEY_TEXT, .offset = offsetof(struct machine_list, dtb),
	  .accepted = "FILE" },
	{ .name = "memory-backend", .kind = KEY_TEXT,
	  .offset = offsetof(struct machine_list, memory), .accepted = "ID" },
	{ .name = "usb", .kind = KEY_SWITCH, .offset = offsetof(struct machine_list, off),
	  .accepted = "on|off" },
	{ .name = "graphics", .kind = KEY_SWITCH, .offset = offsetof(struct machine_list, off),
	  .accepted = "on|off" },
	{ .name = "mem-merge", .kind = KEY_SWITCH, .offset = offsetof(struct machine_list, off),
	  .accepted = "on|off" },
	{ .name = "dump-guest-core", .kind = KEY_SWITCH,
	  .offset = offsetof(struct machine_list, off), .accepted = "on|off" },
};

static int check_acpi(struct parser *parser, const char *word)
{
	if (!word || keyval_word(ACPI_WORDS, word) >= 0)
		return 0;
	return keyval_fail(parser->error,
			   "-machine: acpi=%s: there is no ACPI; the device tree describes the "
			   "machine; accepted: " ACPI_WORDS,
			   word);
}

int apply_machine(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "-machine", machine_keys, ARRAY_SIZE(machine_keys),
				       "type" };
	struct board_config *board = &parser->options->board;
	struct machine_list list = { .aia = board->aia, .aia_guests = board->aia_guests,
				     .plic = board->plic, .aclint = board->aclint,
				     .bios = board->bios, .kernel = board->kernel,
				     .initrd = board->initrd, .append = board->append,
				     .dtb = board->dtb };
	int failed;

	if (keyval_asks(value) || !strcmp(value, "virt,help")) {
		parser->options->action = ACTION_MACHINE_HELP;
		return 0;
	}
	failed = keyval_parse(&keyval, value, &list, &parser->options->strings, parser->error);
	if (!failed && list.accel)
		failed = check_accel(parser, "-machine: accel", list.accel);
	if (!failed)
		failed = check_acpi(parser, list.acpi);
	for (unsigned n = 0; n < ARRAY_SIZE(list.pflash); n++)
		parser->flash_nodes[n] = list.pflash[n] ? list.pflash[n] : parser->flash_nodes[n];
	if (list.memory)
		parser->memories.id = list.memory;
	board->aia = list.aia;
	board->plic = list.plic;
	board->aclint = list.aclint;
	board->aia_guests = (unsigned)list.aia_guests;
	board->bios = list.bios;
	board->kernel = list.kernel;
	board->initrd = list.initrd;
	board->append = list.append;
	board->dtb = list.dtb;
	if (!failed && list.dumpdtb)
		parser->options->dumpdtb = list.dumpdtb;
	return failed || !list.timing ? failed : apply_timing(parser, option, list.timing);
}

int apply_cpu(struct parser *parser, const struct option *option, const char *value)
{
	(void)option;
	if (keyval_asks(value)) {
		parser->options->action = ACTION_CPU_HELP;
		return 0;
	}
	parser->options->board.cpu = value;
	if (strcasestr(value, ",pmu-num="))
		options_warn(parser, "-cpu: pmu-num= has no effect: the model says how many "
				     "counters a hart has");
	return board_cpu_check(value, parser->error);
}

struct ram_list {
	const char *size, *most;
	u64 slots;
};

static const struct key ram_keys[] = {
	{ .name = "size", .kind = KEY_TEXT, .offset = offsetof(struct ram_list, size),
	  .accepted = "SIZE" },
	{ .name = "slots", .kind = KEY_NUMBER, .offset = offsetof(struct ram_list, slots),
	  .accepted = "N", .max = 256 },
	{ .name = "maxmem", .kind = KEY_TEXT, .offset = offsetof(struct ram_list, most),
	  .accepted = "SIZE" },
};

int apply_ram(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "-m", ram_keys, ARRAY_SIZE(ram_keys), "size" };
	struct board_config *board = &parser->options->board;
	struct ram_list list = { 0 };
	u64 bytes;
	int failed = keyval_parse(&keyval, value, &list, &parser->options->strings, parser->error);

	(void)option;
	if (failed)
		return failed;
	if (!list.size)
		return keyval_fail(parser->error, "-m: '%s' needs a size, as in -m 512M", value);
	if (!keyval_size(list.size, MiB, &bytes))
		return keyval_fail(parser->error,
				   "-m: '%s' is not a size; write MiB as 512 or "
				   "512M, GiB as 2G",
				   list.size);
	if (bytes < BOARD_RAM_MIN || bytes > BOARD_RAM_MAX)
		return keyval_fail(parser->error, "-m: %s is too %s; accepted: %lluM to %lluG",
				   list.size, bytes < BOARD_RAM_MIN ? "small" : "large",
				   BOARD_RAM_MIN / MiB, BOARD_RAM_MAX / GiB);
	if (list.slots || list.most)
		options_warn(parser, "-m: memory cannot be added to a running machine: slots= and "
				     "maxmem= have no effect");
	board->ram_size = align_up(bytes, PAGE_SIZE);
	parser->ram_given = true;
	return 0;
}

struct smp_list {
	u64 cpus, maxcpus, sockets, dies, clusters, cores, threads;
};

#define SMP_MAX 512 /* the limit of QEMU's virt machine */
#define SMP_KEY(member)                                                                            \
	{ .name = #member, .kind = KEY_NUMBER, .offset = offsetof(struct smp_list, member),        \
	  .accepted = "N", .min = 1, .max = SMP_MAX }

static const struct key smp_keys[] = {
	{ .name = "cpus", .kind = KEY_NUMBER, .offset = offsetof(struct smp_list, cpus),
	  .accepted = "N", .min = 1, .max = BOARD_HARTS_MAX },
	SMP_KEY(maxcpus), SMP_KEY(sockets), SMP_KEY(dies), SMP_KEY(clusters), SMP_KEY(cores),
	SMP_KEY(threads),
};

/* Computes the numbers that are not given by QEMU's rule: as many cores as possible, or else
 * sockets. */
static void smp_complete(struct smp_list *list)
{
	u64 all = list->maxcpus ? list->maxcpus : list->cpus;

	if (!list->threads && (!all || !list->cores || !list->sockets))
		list->threads = 1;
	if (!list->sockets && (!all || !list->cores))
		list->sockets = 1;
	if (!list->cores)
		list->cores = all ? all / (list->sockets * list->threads) : 1;
	if (!list->sockets)
		list->sockets = all / (list->cores * list->threads);
	if (!list->threads)
		list->threads = all / (list->sockets * list->cores);
	if (!list->maxcpus)
		list->maxcpus = all ? all : list->sockets * list->cores * list->threads;
	if (!list->cpus)
		list->cpus = list->maxcpus;
}

static int smp_check(const struct smp_list *list, struct board_error *error)
{
	if (list->dies > 1 || list->clusters > 1)
		return keyval_fail(error, "-smp: the virt machine has no dies or clusters, as in "
					  "QEMU; use sockets=, cores= and threads=");
	if (list->sockets * list->cores * list->threads != list->maxcpus)
		return keyval_fail(error,
				   "-smp: sockets (%llu) * cores (%llu) * threads (%llu) must "
				   "be %llu, the %s",
				   list->sockets, list->cores, list->threads, list->maxcpus,
				   list->maxcpus == list->cpus ? "number of harts" : "maxcpus");
	if (list->cpus > list->maxcpus)
		return keyval_fail(error, "-smp: %llu harts are more than maxcpus=%llu", list->cpus,
				   list->maxcpus);
	if (list->cpus > BOARD_HARTS_MAX)
		return keyval_fail(error, "-smp: %llu harts are too many; accepted: 1 to %d",
				   list->cpus, BOARD_HARTS_MAX);
	return 0;
}

/*
 * Parses -smp. As on QEMU's virt machine, the guest sees the harts as the cores of one cluster,
 * whatever the topology is; nevertheless the topology must be consistent. There are never more
 * harts than `cpus`, because none can be plugged in later.
 */
int apply_smp(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "-smp", smp_keys, ARRAY_SIZE(smp_keys), "cpus" };
	struct smp_list list = { 0 };
	int failed = keyval_parse(&keyval, value, &list, &parser->options->strings, parser->error);

	(void)option;
	if (failed)
		return failed;
	smp_complete(&list);
	failed = smp_check(&list, parser->error);
	if (!failed)
		parser->options->board.harts = (unsigned)list.cpus;
	return failed;
}

struct semihosting_list {
	bool enable;
	unsigned target;
	const char *path;
	struct key_texts arguments;
};

static const struct key semihosting_keys[] = {
	{ .name = "enable", .kind = KEY_SWITCH, .offset = offsetof(struct semihosting_list, enable),
	  .accepted = "on|off" },
	{ .name = "target", .kind = KEY_WORD, .offset = offsetof(struct semihosting_list, target),
	  .accepted = "auto|native" },
	{ .name = "path", .kind = KEY_TEXT, .offset = offsetof(struct semihosting_list, path),
	  .accepted = "FOLDER" },
	{ .name = "arg", .kind = KEY_TEXTS, .offset = offsetof(struct semihosting_list, arguments),
	  .accepted = "TEXT" },
};

/* Parses -semihosting-config. As in QEMU, arguments are appended to those of earlier uses of the
 * option, and an earlier folder is kept. */
int apply_semihosting(struct parser *parser, const struct option *option, const char *value)
{
	struct board_config *board = &parser->options->board;
	const struct keyval keyval = { "-semihosting-config", semihosting_keys,
				       ARRAY_SIZE(semihosting_keys), "enable" };
	struct semihosting_list list = {
		.enable = true,
		.path = board->semihosting_folder,
		.arguments = board->semihosting_arguments,
	};
	int failed = keyval_parse(&keyval, value, &list, &parser->options->strings, parser->error);

	(void)option;
	board->semihosting = list.enable;
	board->semihosting_folder = list.path;
	board->semihosting_arguments = list.arguments;
	return failed;
}

static const struct key symbols_keys[] = {
	{ .name = "file", .kind = KEY_TEXT, .offset = offsetof(struct board_symbols, file),
	  .accepted = "FILE" },
	{ .name = "offset", .kind = KEY_NUMBER, .offset = offsetof(struct board_symbols, offset),
	  .accepted = "N" },
};

int apply_symbols(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "--symbols", symbols_keys, ARRAY_SIZE(symbols_keys),
				       "file" };
	struct board_config *board = &parser->options->board;
	struct board_symbols symbols = { 0 };

	(void)option;
	if (keyval_parse(&keyval, value, &symbols, &parser->options->strings, parser->error))
		return -EINVAL;
	if (!symbols.file)
		return keyval_fail(parser->error, "--symbols: needs a FILE");
	if (board->symbols_count == BOARD_SYMBOLS_MAX - 1)
		return keyval_fail(parser->error, "--symbols: is given more than %d times",
				   BOARD_SYMBOLS_MAX - 1);
	board->symbols[board->symbols_count++] = symbols;
	return 0;
}

int apply_log(struct parser *parser, const struct option *option, const char *value)
{
	const char *bad = NULL;
	unsigned items;

	(void)option;
	if (keyval_asks(value)) {
		parser->options->action = ACTION_LOG_HELP;
		return 0;
	}
	items = log_parse(value, &bad);
	parser->options->board.log_items |= items;
	if (bad)
		return keyval_fail(parser->error, "-d: no item '%.*s' (-d help lists all)",
				   (int)strcspn(bad, ","), bad);
	return 0;
}

int apply_log_ranges(struct parser *parser, const struct option *option, const char *value)
{
	/* As in QEMU only the last -dfilter is used. */
	const char *bad = log_parse_ranges(value, &parser->options->board.log_ranges);

	(void)option;
	if (bad)
		return keyval_fail(parser->error,
				   "-dfilter: '%.*s' is no range: FIRST+SIZE, LAST-SIZE or "
				   "FIRST..LAST (%u at most)",
				   (int)strcspn(bad, ","), bad, LOG_RANGES_MAX);
	return 0;
}

/* Returns whether the value is CORE,help, which requests the list of the core's parameters. */
static bool asks_core(struct parser *parser, const char *value)
{
	size_t size = strlen(value), word = strlen(",help");

	if (size <= word || strcmp(value + size - word, ",help") != 0)
		return false;
	parser->options->action = ACTION_DRIVER_HELP;
	parser->options->driver = NULL;
	parser->options->board.timing = strings_add(&parser->options->strings, value, size - word);
	return true;
}

int apply_timing(struct parser *parser, const struct option *option, const char *value)
{
	(void)option;
	if (asks_core(parser, value))
		return 0;
	parser->options->board.timing = value;
	if (!parser->clock_host)
		parser->options->board.clock = CLOCK_VIRTUAL;
	return 0;
}

/* Returns the list of the cores that were named before, if any, and this one. */
static const char *add_core(struct parser *parser, const char *value)
{
	const char *before = parser->options->board.timing, *both;
	size_t size;
	char *text;

	if (!before)
		return value;
	size = strlen(before) + strlen(value) + sizeof(",");
	text = malloc(size);
	if (!text)
		complain_exhausted();
	snprintf(text, size, "%s,%s", before, value);
	both = strings_add(&parser->options->strings, text, size - 1);
	free(text);
	return both;
}

/* Parses --core. If -cpu has a model of the core's name, that model is chosen, unless -cpu names
 * another. `baya cycles` accepts several cores, in one option or in several. */
int apply_core(struct parser *parser, const struct option *option, const char *value)
{
	const char *name = strings_add(&parser->options->strings, value, strcspn(value, ","));
	struct board_config *board = &parser->options->board;
	struct board_error error;

	if (asks_core(parser, value))
		return 0;
	if (parser->options->verb != VERB_CYCLES && !board->cpu &&
	    board_cpu_check(name, &error) == 0)
		board->cpu = name;
	if (parser->options->verb == VERB_CYCLES)
		value = add_core(parser, value);
	return apply_timing(parser, option, value);
}

/* Parses --json; without a file the output goes to standard output. */
int apply_json(struct parser *parser, const struct option *option, const char *value)
{
	(void)option;
	if (value && !*value)
		return keyval_fail(parser->error, "--json: the name of the file is empty");
	parser->options->cycles.json = value ? value : "-";
	return 0;
}

/* Parses --max-error and --max-mean. */
int apply_percent(struct parser *parser, const struct option *option, const char *value)
{
	struct cycles_options *cycles = &parser->options->cycles;
	char *end;
	double percent = strtod(value, &end);

	if (!*value || *end || !isfinite(percent) || percent < 0)
		return keyval_fail(parser->error,
				   "--%s: '%s' is no percentage; accepted: 0 and "
				   "above, such as 0.5",
				   option->name, value);
	*(strcmp(option->name, "max-mean") ? &cycles->max_error : &cycles->max_mean) = percent;
	return 0;
}

int apply_hart(struct parser *parser, const struct option *option, const char *value)
{
	static const struct key key = {
		.kind = KEY_NUMBER,
		.offset = offsetof(struct options, explain.hart),
		.accepted = "N",
		.max = BOARD_HARTS_MAX - 1,
	};

	(void)option;
	parser->options->explain.has_hart = true;
	return keyval_set(&key, "--hart", value, parser->options, parser->error);
}

int apply_strict(struct parser *parser, const struct option *option, const char *value)
{
	(void)option;
	(void)value;
	parser->options->board.log_items |= LOG_STRICT;
	return 0;
}

int apply_timeout(struct parser *parser, const struct option *option, const char *value)
{
	char *end;
	double seconds = strtod(value, &end);

	(void)option;
	if (!*value || *end || !isfinite(seconds) || seconds <= 0 || seconds > 1e9)
		return keyval_fail(parser->error,
				   "--timeout: '%s' is not a time; accepted: "
				   "seconds above 0, such as 30 or 2.5",
				   value);
	parser->options->timeout = seconds;
	return 0;
}

/* Accepts an option of QEMU's that requests what Baya does in any case. */
int apply_accepted(struct parser *parser, const struct option *option, const char *value)
{
	if (!option->complete || !strcmp(option->complete, "FILE") ||
	    keyval_word(option->complete, value) >= 0)
		return 0;
	return keyval_fail(parser->error, "-%s: '%s' is not supported; accepted: %s", option->name,
			   value, option->complete);
}
