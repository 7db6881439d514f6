/* SPDX-License-Identifier: MIT */
/*
 * Walks argv along the options' table and puts the result together. What a single option's value
 * means is in options_values.c and options_devices.c, the rows are in options_table.c.
 */
#include "frontends/options.h"

#include <errno.h>
#include <string.h>

#include "bus/nearest.h"
#include "frontends/options_table.h"

#define RAM_DEFAULT (128 * MiB) /* as QEMU's virt */
#define RAM_BUNDLED (512 * MiB) /* the bundled guest unpacks its initramfs */
#define ESCAPE_DEFAULT 1 /* Ctrl-a */

/* Options are listed twice for the search: by name, then by alias. */
static const char *option_name(const void *ctx, unsigned i)
{
	const struct option *option = (const struct option *)ctx + i / 2;

	return i % 2 && option->alias ? option->alias : option->name;
}

static const char *dashes(const char *name)
{
	for (unsigned i = 0; i < options_count; i++)
		if (!strcmp(options_table[i].name, name) && options_table[i].group == GROUP_RUN)
			return "--";
	return "-";
}

static const struct option *find_option(const char *name)
{
	for (unsigned i = 0; i < options_count * 2; i++)
		if (!strcmp(option_name(options_table, i), name))
			return &options_table[i / 2];
	return NULL;
}

/* `written` is the option with its dashes, without a value. */
static int unknown_option(struct parser *parser, const char *written, const char *name)
{
	const char *nearest =
		nearest_name(name, option_name, options_table, options_count * 2);

	return keyval_fail(parser->error, "unknown option %s; nearest is %s%s (baya -h lists all)",
			   written, dashes(nearest), nearest);
}

static int apply_option(struct parser *parser, const struct option *option, const char *value)
{
	char what[64];

	if (option->apply)
		return option->apply(parser, option, value);
	snprintf(what, sizeof(what), "%s%s", dashes(option->name), option->name);
	return keyval_set(&option->key, what, value ? value : "on", parser->options,
			  parser->error);
}

/* One option at argv[i]; returns how many words it took, or -EINVAL. */
static int parse_option(struct parser *parser, int argc, char **argv, int i)
{
	unsigned dash_count = argv[i][1] == '-' ? 2 : 1;
	const char *equals = dash_count == 2 ? strchr(argv[i], '=') : NULL;
	size_t size = equals ? (size_t)(equals - argv[i]) : strlen(argv[i]);
	const char *written = strings_add(&parser->options->strings, argv[i], size);
	const struct option *option = find_option(written + dash_count);
	const char *value = NULL;
	int taken = 1, failed;

	if (!option)
		return unknown_option(parser, written, written + dash_count);
	if (option->value) {
		value = equals ? equals + 1 : i + 1 < argc ? argv[i + 1] : NULL;
		taken = equals ? 1 : 2;
		if (!value)
			return keyval_fail(parser->error, "%s: needs a value: %s", written,
					   option->value);
	} else if (equals) {
		return keyval_fail(parser->error, "%s: takes no value", written);
	}
	failed = apply_option(parser, option, value);
	return failed ? failed : taken;
}

static int parse_program(struct parser *parser, const char *path)
{
	struct board_config *board = &parser->options->board;

	if (board->program)
		return keyval_fail(parser->error, "'%s': one program is enough, and it is '%s'",
				   path, board->program);
	if (!*path)
		return keyval_fail(parser->error, "the name of the program is empty");
	board->program = path;
	return 0;
}

static bool named_bios(const struct board_config *board)
{
	return board->bios && strcmp(board->bios, "default");
}

/* What to boot, and that the parts of the answer go together. */
static int finish_boot(struct parser *parser)
{
	struct options *options = parser->options;
	struct board_config *board = &options->board;

	if (board->program && (board->kernel || board->initrd || board->append || board->bios))
		return keyval_fail(parser->error, "%s: a bare-metal program runs without "
				   "-kernel, -initrd, -append and -bios", board->program);
	options->bundled = !board->program && !board->kernel && !named_bios(board) &&
			   !board->pflash[0] && !board->load_count;
	if (!board->kernel && !options->bundled && (board->initrd || board->append))
		return keyval_fail(parser->error, "%s: needs -kernel",
				   board->initrd ? "-initrd" : "-append");
	if (!parser->ram_given)
		board->ram_size = options->bundled ? RAM_BUNDLED : RAM_DEFAULT;
	if (board->program)
		board->semihosting = true;
	return 0;
}

int options_parse(struct options *options, int argc, char **argv, struct board_error *error)
{
	struct parser parser = { .options = options, .error = error };
	int failed, taken;

	*options = (struct options){
		.board = { .harts = 1, .engine = ENGINE_THREADED, .clock = CLOCK_HOST },
		.escape_char = ESCAPE_DEFAULT,
		.max_insns = UINT64_MAX,
	};
	for (int i = 1; i < argc; i += taken) {
		taken = 1;
		if (argv[i][0] == '-' && argv[i][1])
			failed = taken = parse_option(&parser, argc, argv, i);
		else
			failed = parse_program(&parser, argv[i]);
		if (failed < 0)
			return failed;
		if (options->action != ACTION_RUN)
			return 0;
	}
	failed = finish_disks(&parser);
	if (!failed)
		failed = finish_consoles(&parser);
	if (!failed)
		failed = finish_boot(&parser);
	return failed;
}

void options_free(struct options *options)
{
	strings_free(&options->strings);
}
