/* SPDX-License-Identifier: MIT */
/*
 * Matches argv against the options' table, and fills in struct options. The values of single
 * options are parsed in cli/values.c and in cli/machine/; the rows are in cli/table.c; cli/finish.c
 * checks the options against each other.
 */
#include "frontends/cli/options.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bus/nearest.h"
#include "frontends/cli/finish.h"
#include "frontends/cli/table.h"
#include "frontends/host/complain.h"
#include "frontends/host/keyval_json.h"

#define ESCAPE_DEFAULT 1 /* Ctrl-a */
#define TEST_TIMEOUT_DEFAULT 30
#define EXPLAIN_TIMEOUT_DEFAULT 10 /* seconds; the program that is explained may hang */

/* Returns a name of an option for the search: each option is listed twice, by name and by alias. */
static const char *option_name(const void *ctx, unsigned i)
{
	const struct option *option = (const struct option *)ctx + i / 2;

	return i % 2 && option->alias ? option->alias : option->name;
}

const char *option_dashes(const struct option *option)
{
	bool own = option->group == GROUP_RUN || option_verb(option) != VERB_RUN;

	return own && option->name[1] ? "--" : "-";
}

bool option_is_optional(const struct option *option)
{
	return option->value && option->value[0] == '[';
}

enum options_verb option_verb(const struct option *option)
{
	static const enum options_verb verbs[GROUP_COUNT] = {
		[GROUP_SUITE] = VERB_TEST, [GROUP_EXPLAIN] = VERB_EXPLAIN,
		[GROUP_CYCLES] = VERB_CYCLES, [GROUP_COMMAND] = VERB_COMMAND,
	};

	return verbs[option->group];
}

bool option_goes(const struct option *option, enum options_verb verb)
{
	/* These options for a run also apply to each test of `baya test`. */
	static const char *const shared[] = {
		"machine", "cpu", "m", "smp", "semihosting", "no-reboot", "engine", "clock",
		"seed", "chaos", "max-insns", "timeout", "signature", "signature-granularity",
		"h", "version",
	};

	if (verb == VERB_DEBIAN)
		verb = VERB_COMMAND;
	if (option_verb(option) != VERB_RUN || verb != VERB_TEST)
		return option_verb(option) == VERB_RUN || option_verb(option) == verb;
	for (unsigned i = 0; i < ARRAY_SIZE(shared); i++)
		if (!strcmp(option->name, shared[i]))
			return true;
	return false;
}

static const struct option *find_option(const char *name)
{
	for (unsigned i = 0; i < options_count * 2; i++)
		if (!strcmp(option_name(options_table, i), name))
			return &options_table[i / 2];
	return NULL;
}

/* Returns the command's name for messages. */
const char *options_verb_name(enum options_verb verb)
{
	static const char *const commands[] = {
		[VERB_RUN] = "baya", [VERB_TEST] = "baya test", [VERB_EXPLAIN] = "baya explain",
		[VERB_CYCLES] = "baya cycles", [VERB_COMMAND] = "baya run",
		[VERB_DEBIAN] = "baya run debian",
	};

	return commands[verb];
}

/* Reports an unknown option; `written` is the option with its dashes, without a value. */
static int unknown_option(struct parser *parser, const char *written, const char *name)
{
	const char *nearest = nearest_name(name, option_name, options_table, options_count * 2);
	const char *instead = missing_option(name), *spike = missing_spike_option(name);
	char meant[64];

	if (instead || spike)
		return keyval_fail(parser->error, "%s: %s has it and Baya has not: %s", written,
				   instead ? "QEMU" : "Spike", instead ? instead : spike);
	if (nearest)
		snprintf(meant, sizeof(meant), "%s%s", option_dashes(find_option(nearest)),
			 nearest);
	return keyval_fail(parser->error, "unknown option %s%s (%s -h lists all)", written,
			   nearest_hint("; nearest is ", nearest ? meant : NULL, "").text,
			   options_verb_name(parser->options->verb));
}

static int misplaced_option(struct parser *parser, const struct option *option, const char *written)
{
	if (parser->options->verb == VERB_TEST && option->group == GROUP_BOOT)
		return keyval_fail(parser->error,
				   "%s: baya test runs programs in M-mode, without firmware; a "
				   "kernel runs with baya -bios default -kernel FILE",
				   written);
	return keyval_fail(parser->error,
			   "%s: can be used only with %s (%s -h lists the options for this)",
			   written, options_verb_name(option_verb(option)),
			   options_verb_name(parser->options->verb));
}

/* Returns the option's value. For some options QEMU accepts JSON; such a value is returned as a
 * list, or NULL if it is wrong. */
static const char *option_list(struct parser *parser, const struct option *option,
			       const char *value)
{
	static const char *const firsts[][2] = {
		{ "device", "driver" }, { "object", "qom-type" }, { "netdev", "type" },
		{ "audiodev", "driver" },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(firsts) && value[0] == '{'; n++)
		if (!strcmp(option->name, firsts[n][0]))
			return keyval_json_list(option->name, value, firsts[n][1],
						&parser->options->strings, parser->error);
	return value;
}

int apply_option(struct parser *parser, const struct option *option, const char *value)
{
	char what[64];

	if (value && keyval_asks(value) &&
	    keyval_word("accel|netdev|nic|net|chardev|object|display|audiodev|core|timing|boot|name|"
			"sandbox",
			option->name) >= 0) {
		parser->options->action = ACTION_DRIVER_HELP;
		parser->options->driver = option->name;
		return 0;
	}
	if (value) {
		value = option_list(parser, option, value);
		if (!value || check_missing_items(parser, option->name, value))
			return -EINVAL;
	}
	if (option->apply)
		return option->apply(parser, option, value);
	snprintf(what, sizeof(what), "%s%s", option_dashes(option), option->name);
	return keyval_set(&option->key, what, value ? value : "on", parser->options, parser->error);
}

/* Returns the pass in which an option is applied: options on which others depend are applied first,
 * wherever they are on the command line. */
static enum pass option_pass(const struct option *option)
{
	return option->apply == apply_global ? PASS_GLOBAL : PASS_REST;
}

/* Returns whether an option is applied in the current pass. A file is read in several passes,
 * because it has options of any pass. */
static bool is_due(const struct parser *parser, const struct option *option)
{
	return option->apply == apply_readconfig ? parser->pass != PASS_CONFIG :
						   option_pass(option) == parser->pass;
}

int apply_configured(struct parser *parser, const char *name, const char *value)
{
	const struct option *option = find_option(name);
	bool on = !strcmp(value, "on");

	if (!option && find_option(name + strspn(name, "-")))
		return keyval_fail(parser->error,
				   "'%s': in [baya] an option has no dashes: %s = \"%s\"", name,
				   name + strspn(name, "-"), value);
	if (!option)
		return unknown_option(parser, name, name);
	if (!option_goes(option, parser->options->verb))
		return misplaced_option(parser, option, name);
	if (option->apply == apply_readconfig)
		return keyval_fail(parser->error,
				   "%s: a file cannot name another; give both on the command line",
				   name);
	if (!is_due(parser, option))
		return 0;
	if (option->value)
		return apply_option(parser, option, value);
	if (!on && strcmp(value, "off"))
		return keyval_fail(parser->error, "%s: '%s' is not accepted; accepted: on, off",
				   name, value);
	return on ? apply_option(parser, option, NULL) : 0;
}

int apply_named(struct parser *parser, const char *name, const char *value)
{
	return apply_option(parser, find_option(name + strspn(name, "-")), value);
}

/* Handles "-j4", as in make: a number may directly follow an option of one letter. */
static const struct option *find_with_number(const char *word, const char **value)
{
	const char name[2] = { word[1], 0 };
	const struct option *option = word[2] >= '0' && word[2] <= '9' ? find_option(name) : NULL;

	if (!option || !option->value)
		return NULL;
	*value = word + 2;
	return option;
}

/* An option as it is written on the command line. */
struct written {
	const struct option *option;
	const char *value; /* NULL: none */
	int words; /* the number of words that the option has */
};

/* Reads the option at argv[i]. */
static int read_option(struct parser *parser, int argc, char **argv, int i, struct written *result)
{
	unsigned dash_count = argv[i][1] == '-' ? 2 : 1;
	const char *equals = strchr(argv[i], '=');
	size_t size = equals ? (size_t)(equals - argv[i]) : strlen(argv[i]);
	const char *written = strings_add(&parser->options->strings, argv[i], size);
	const struct option *option = find_option(written + dash_count);
	const char *value = NULL;
	int taken = 1;

	if (!option && dash_count == 1)
		option = find_with_number(argv[i], &value);
	if (!option)
		return unknown_option(parser, written, written + dash_count);
	if (!option_goes(option, parser->options->verb))
		return misplaced_option(parser, option, written);
	if (option_is_optional(option)) {
		value = equals ? equals + 1 : NULL;
	} else if (option->value && !value) {
		value = equals ? equals + 1 : i + 1 < argc ? argv[i + 1] : NULL;
		taken = equals ? 1 : 2;
		if (!value)
			return keyval_fail(parser->error, "%s: needs a value: %s", written,
					   option->value);
	} else if (equals) {
		return keyval_fail(parser->error, "%s: takes no value", written);
	}
	*result = (struct written){ option, value, taken };
	return 0;
}

/* Returns whether the user's own file is not read because of this option: the command line
 * describes the machine completely, or only help is printed. */
static bool is_without_config(const struct option *option)
{
	return keyval_word("no-user-config|nodefaults|h|version", option->name) >= 0;
}

/* Returns how many words the option has, or -EINVAL. Errors are reported in the last pass. */
static int parse_option(struct parser *parser, int argc, char **argv, int i)
{
	struct written written = { 0 };
	int failed = read_option(parser, argc, argv, i, &written);

	if (failed)
		return parser->pass == PASS_REST ? failed : argc - i;
	parser->configs.unwanted |= is_without_config(written.option);
	if (is_due(parser, written.option))
		failed = apply_option(parser, written.option, written.value);
	return failed ? failed : written.words;
}

static int parse_path(struct parser *parser, const char *path)
{
	struct suite_options *suite = &parser->options->suite;

	if (!*path)
		return keyval_fail(parser->error, "the name of a file or folder is empty");
	suite->paths[suite->path_count++] = path;
	return 0;
}

static int unknown_command(struct parser *parser, const char *word)
{
	char names[128] = "";
	bool known = false;

	for (unsigned n = 0; n < COMMAND_NONE; n++) {
		known |= !strcmp(word, options_commands[n].name);
		/* This command is for Baya's own use. */
		if (n == COMMAND_RELAY)
			continue;
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s",
			 n ? ", " : "", options_commands[n].name);
	}
	if (known)
		return keyval_fail(parser->error,
				   "'%s': a command comes first, before its options: baya %s", word,
				   word);
	if (parser->options->verb != VERB_RUN)
		return keyval_fail(parser->error, "'%s': there is no such file", word);
	return keyval_fail(parser->error,
			   "'%s': there is no such file, and no such command; "
			   "commands: %s (baya help)",
			   word, names);
}

/* Refuses a word that only Spike's command lines have, unless there is a file of this name. */
static int check_spike_word(struct parser *parser, const char *word)
{
	char name[64];
	const char *instead;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, "="), word);
	instead = *word == '+' || !strcmp(word, "pk") ? missing_spike_option(name) : NULL;
	if (!instead || !access(word, F_OK))
		return 0;
	return keyval_fail(parser->error, "%s: Spike has it and Baya has not: %s", name, instead);
}

static int parse_program(struct parser *parser, const char *path)
{
	struct board_config *board = &parser->options->board;

	if (check_spike_word(parser, path))
		return -EINVAL;
	if (board->program)
		return keyval_fail(parser->error, "'%s': there is already a program, '%s'", path,
				   board->program);
	if (!*path)
		return keyval_fail(parser->error, "the name of the program is empty");
	board->program = path;
	if (strpbrk(path, "/.") || !access(path, F_OK))
		return 0;
	return unknown_command(parser, path);
}

static int parse_word(struct parser *parser, const char *word)
{
	if (parser->options->verb == VERB_COMMAND)
		return keyval_fail(parser->error,
				   "'%s': the command follows --, as in: baya run --share=. -- %s",
				   word, word);
	if (parser->options->verb == VERB_DEBIAN)
		return keyval_fail(parser->error,
				   "'%s': baya run debian boots to a login; what "
				   "is to be run is given to ssh",
				   word);
	return parser->options->verb == VERB_TEST ? parse_path(parser, word) :
						    parse_program(parser, word);
}

/* Determines the verb from the first word, and the defaults that depend on the verb. */
static void begin_verb(struct options *options, int argc, char **argv)
{
	switch (options_command(argc, argv)) {
	case COMMAND_EXPLAIN:
		options->verb = VERB_EXPLAIN;
		options->timeout = EXPLAIN_TIMEOUT_DEFAULT;
		break;
	case COMMAND_CYCLES:
		options->verb = VERB_CYCLES;
		options->cycles.max_error = options->cycles.max_mean = INFINITY;
		break;
	case COMMAND_RUN:
		options->verb = argc >= 3 && !strcmp(argv[2], "debian") ? VERB_DEBIAN :
									  VERB_COMMAND;
		break;
	case COMMAND_TEST:
		options->verb = VERB_TEST;
		/* A hart in a trap loop ends the test, although other harts may run for ever. */
		options->board.loops_are_fixed = true;
		options->board.clock = CLOCK_VIRTUAL;
		options->timeout = TEST_TIMEOUT_DEFAULT;
		options->suite.paths = calloc((size_t)argc, sizeof(*options->suite.paths));
		if (!options->suite.paths)
			complain_exhausted();
		break;
	default:
		break;
	}
}

/* Applies the verb's own options, which precede those of the command line. */
static int begin_options(struct parser *parser)
{
	switch (parser->options->verb) {
	case VERB_COMMAND:
		return begin_command(parser);
	case VERB_DEBIAN:
		return begin_debian(parser);
	default:
		return 0;
	}
}

/* The index of the first word after those that name the verb. */
static const int first_word[] = {
	[VERB_RUN] = 1, [VERB_TEST] = 2, [VERB_EXPLAIN] = 2, [VERB_CYCLES] = 2,
	[VERB_COMMAND] = 2, [VERB_DEBIAN] = 3,
};

/* Applies the options of one pass. */
static int parse_words(struct parser *parser, int argc, char **argv)
{
	struct options *options = parser->options;
	int failed = 0, taken;

	for (int i = first_word[options->verb]; i < argc; i += taken) {
		taken = 1;
		if (options->verb == VERB_COMMAND && !strcmp(argv[i], "--")) {
			parser->command = argv + i + 1;
			break;
		}
		if (argv[i][0] == '-' && argv[i][1])
			failed = taken = parse_option(parser, argc, argv, i);
		else if (parser->pass == PASS_REST)
			failed = parse_word(parser, argv[i]);
		if (failed < 0)
			return failed;
		if (options->action != ACTION_RUN)
			break;
	}
	return 0;
}

static void options_begin(struct options *options, int argc, char **argv)
{
	*options = (struct options){
		.board = {
			.harts = 1, .clock = CLOCK_HOST,
			.engine = board_engine_lacks() ? ENGINE_THREADED : ENGINE_JIT,
		},
		.escape_char = ESCAPE_DEFAULT,
		.max_insns = UINT64_MAX,
		.signature_shift = SIGNATURE_DEFAULT,
		.pipeview_max = PIPEVIEW_DEFAULT,
		.profile = { .period = 1 },
	};
	begin_verb(options, argc, argv);
}

int options_parse(struct options *options, int argc, char **argv, struct board_error *error)
{
	struct parser parser = { .options = options, .error = error };
	int failed = 0;

	options_begin(options, argc, argv);
	for (parser.pass = PASS_CONFIG; parser.pass <= PASS_REST && !failed; parser.pass++) {
		if (parser.pass == PASS_REST)
			failed = begin_options(&parser);
		if (!failed && parser.pass != PASS_CONFIG)
			failed = apply_own_config(&parser);
		if (!failed)
			failed = parse_words(&parser, argc, argv);
	}
	if (failed || options->action != ACTION_RUN)
		return failed;
	failed = options_finish(&parser);
	return failed ? blame_own_config(&parser, argc, argv) : 0;
}

const struct option *options_last(struct parser *parser, int argc, char **argv, const char **value)
{
	struct written written;

	options_begin(parser->options, argc, argv);
	for (int i = first_word[parser->options->verb]; i < argc; i += written.words) {
		written = (struct written){ .words = 1 };
		if (i < argc - 1 && !strcmp(argv[i], "--")) {
			parser->command = argv + i + 1;
			return NULL;
		}
		if (argv[i][0] == '-' && argv[i][1])
			read_option(parser, argc, argv, i, &written);
		*value = written.value;
		if (i + written.words >= argc && written.value)
			return written.option;
	}
	return NULL;
}

void options_free(struct options *options)
{
	free(options->suite.paths);
	strings_free(&options->strings);
}
