/* SPDX-License-Identifier: MIT */
/*
 * See cli/config.h. A group of lines is one option, and each of its lines is an item of the
 * option's list; the lines of the group [baya] are whole options. QEMU's docs/config has samples of
 * the format.
 */
#include "frontends/cli/table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bus/nearest.h"
#include "frontends/host/complain.h"
#include "frontends/host/exit_code.h"

#define ITEMS_MAX 64
#define CONFIG_SIZE_MAX (1 * MiB)
#define BLANKS " \t\r"

/* `first` is the item on which the meaning of the others depends. */
struct group {
	const char *name, *option, *first;
};

static const struct group groups[] = {
	{ "accel", "accel", "accel" }, { "action", "action", NULL },
	{ "audiodev", "audiodev", "driver" }, { "baya", NULL, NULL },
	{ "blockdev", "blockdev", "driver" }, { "boot-opts", "boot", NULL },
	{ "chardev", "chardev", "backend" }, { "device", "device", "driver" },
	{ "drive", "drive", "file" }, { "fsdev", "fsdev", "fsdriver" },
	{ "fw_cfg", "fw_cfg", "name" }, { "global", "global", "driver" },
	{ "icount", "icount", "shift" }, { "machine", "machine", "type" },
	{ "memory", "m", "size" }, { "mon", "mon", "chardev" }, { "msg", "msg", NULL },
	{ "name", "name", "guest" }, { "net", "net", "type" }, { "netdev", "netdev", "type" },
	{ "nic", "nic", "type" }, { "numa", "numa", "type" }, { "object", "object", "qom-type" },
	{ "overcommit", "overcommit", NULL }, { "rtc", "rtc", "base" },
	{ "sandbox", "sandbox", "enable" },
	{ "semihosting-config", "semihosting-config", NULL }, { "smp-opts", "smp", "cpus" },
	{ "virtfs", "virtfs", "fsdriver" }, { "vnc", "vnc", "vnc" },
};

struct item {
	const char *key, *value;
};

/* A file that is being read, and its current group. */
struct config {
	struct parser *parser;
	const char *path;
	unsigned line;
	const struct group *group; /* NULL: none yet */
	unsigned begin; /* the line where the group begins */
	const char *id; /* NULL: none */
	struct item items[ITEMS_MAX];
	unsigned count;
};

static const char *group_name(const void *ctx, unsigned i)
{
	return ((const struct group *)ctx)[i].name;
}

/* Prepends the file and the line to the error's message. */
static int at_line(struct config *config, unsigned line, int failed)
{
	struct board_error *error = config->parser->error;
	char text[sizeof(error->text)];

	if (!failed)
		return 0;
	memcpy(text, error->text, sizeof(text));
	snprintf(error->text, sizeof(error->text), "%.150s:%u: %.320s", config->path, line, text);
	return failed;
}

static void put_item(struct text *text, const char *key, const char *value)
{
	fprintf(text->out, "%s%s=", ftell(text->out) ? "," : "", key);
	text_value(text, value);
}

/* Applies the group as the value of its option: first the item that determines its type, then its
 * name, then the rest. */
static int end_group(struct config *config)
{
	const struct group *group = config->group;
	struct text text;
	const char *list;

	if (!group || !group->option || (!config->count && !config->id))
		return 0;
	text_begin(&text);
	for (unsigned n = 0; n < config->count; n++)
		if (group->first && !strcmp(config->items[n].key, group->first))
			put_item(&text, config->items[n].key, config->items[n].value);
	if (config->id)
		put_item(&text, "id", config->id);
	for (unsigned n = 0; n < config->count; n++)
		if (!group->first || strcmp(config->items[n].key, group->first))
			put_item(&text, config->items[n].key, config->items[n].value);
	list = text_end(&text, &config->parser->options->strings);
	return at_line(config, config->begin,
		       apply_configured(config->parser, group->option, list));
}

static int syntax_error(struct config *config, const char *line)
{
	return keyval_fail(config->parser->error,
			   "'%.100s' is none of [GROUP], [GROUP \"ID\"], "
			   "KEY = \"VALUE\" and # COMMENT",
			   line);
}

/* Returns the text between the quotes, which must end the line; returns NULL if it is not
 * quoted. */
static char *unquote(char *text)
{
	char *end = *text == '"' ? strchr(text + 1, '"') : NULL;

	if (!end || end[1])
		return NULL;
	*end = 0;
	return text + 1;
}

static int find_group(struct config *config, const char *name)
{
	const char *instead = missing_option(name);

	for (unsigned n = 0; n < ARRAY_SIZE(groups); n++)
		if (!strcmp(groups[n].name, name)) {
			config->group = &groups[n];
			return 0;
		}
	if (instead)
		return keyval_fail(config->parser->error,
				   "[%.60s]: QEMU has it and Baya has not: %s", name, instead);
	return keyval_fail(
		config->parser->error,
		"no group [%.60s]%s; [baya] has what has no group: OPTION = \"VALUE\"", name,
		nearest_hint(", nearest is [",
			     nearest_name(name, group_name, groups, ARRAY_SIZE(groups)), "]")
			.text);
}

/* Reads a line [GROUP] or [GROUP "ID"]. */
static int begin_group(struct config *config, char *line)
{
	struct strings *strings = &config->parser->options->strings;
	char *name = strings_add(strings, line + 1, strlen(line) - 1);
	char *end = strrchr(name, ']'), *id = name + strcspn(name, BLANKS "]");
	bool has_id = *id && *id != ']';

	if (!end || end[1])
		return syntax_error(config, line);
	*end = *id = 0;
	if (has_id) {
		id++;
		id = unquote(id + strspn(id, BLANKS));
		if (!id)
			return syntax_error(config, line);
	}
	config->id = has_id ? id : NULL;
	config->begin = config->line;
	config->count = 0;
	return find_group(config, name);
}

/* Reads a line KEY = "VALUE". */
static int read_item(struct config *config, char *line)
{
	char *end = line + strcspn(line, BLANKS "="), *equals = end + strspn(end, BLANKS);
	char *key = strings_add(&config->parser->options->strings, line, (size_t)(end - line));
	char *value = *equals == '=' ? unquote(equals + 1 + strspn(equals + 1, BLANKS)) : NULL;

	if (!*key || !value)
		return syntax_error(config, line);
	if (!config->group)
		return keyval_fail(config->parser->error,
				   "'%.60s' is in no group; put [GROUP] "
				   "before it, such as [machine]",
				   key);
	if (!config->group->option)
		return apply_configured(config->parser, key, value);
	if (config->count == ITEMS_MAX)
		return keyval_fail(config->parser->error, "more than %d lines in one group",
				   ITEMS_MAX);
	config->items[config->count++] = (struct item){ key, value };
	return 0;
}

/* Handles one line, which has no blanks at its ends. */
static int read_line(struct config *config, char *line)
{
	int failed;

	if (!*line || *line == '#')
		return 0;
	if (*line != '[')
		return at_line(config, config->line, read_item(config, line));
	failed = end_group(config);
	return failed ? failed : at_line(config, config->line, begin_group(config, line));
}

static int apply_text(struct parser *parser, const char *path, const char *text)
{
	struct config config = { .parser = parser, .path = path };
	int failed = 0;

	while (*text && !failed) {
		size_t size = strcspn(text, "\n"), blanks = strspn(text, BLANKS);
		const char *line = text + MIN(blanks, size);

		text += size + (text[size] == '\n');
		size -= MIN(blanks, size);
		while (size && strchr(BLANKS, line[size - 1]))
			size--;
		config.line++;
		failed = read_line(&config, strings_add(&parser->options->strings, line, size));
	}
	return failed ? failed : end_group(&config);
}

static int file_fail(struct parser *parser, const char *path, const char *why)
{
	keyval_fail(parser->error, "%s: %s", path, why);
	parser->error->exit_code = EXIT_HOST;
	return -EINVAL;
}

/*
 * Returns whether the run continues although the file cannot be opened. This is so only for the
 * user's own file, if it is missing, or if it may not be read, which causes a warning. A file in a
 * folder that may not be searched, such as that of a HOME left over from another user, counts as
 * missing, as in git.
 */
static bool does_without(struct parser *parser, const char *path, int error)
{
	struct stat found;

	if (path != parser->configs.own)
		return false;
	if (error == EACCES && !stat(path, &found))
		options_warn(parser, "%s: %s; the run goes on without it", path, strerror(error));
	return error == EACCES || error == ENOENT || error == ENOTDIR;
}

/* Reads a whole file. */
static int read_file(struct parser *parser, const char *path, const char **text)
{
	FILE *in = fopen(path, "re");
	struct text whole;
	char part[4096];
	size_t got, size = 0;
	bool failed;

	*text = "";
	if (!in && does_without(parser, path, errno))
		return 0;
	if (!in)
		return file_fail(parser, path, strerror(errno));
	text_begin(&whole);
	while (size <= CONFIG_SIZE_MAX && (got = fread(part, 1, sizeof(part), in)) > 0)
		size += fwrite(part, 1, got, whole.out);
	failed = ferror(in);
	fclose(in);
	*text = text_end(&whole, &parser->options->strings);
	if (failed)
		return file_fail(parser, path, "cannot be read; give a file");
	if (size > CONFIG_SIZE_MAX || strlen(*text) < size)
		return file_fail(parser, path,
				 "is no text, or larger than 1 MiB; give a file as "
				 "baya -h tells of -readconfig");
	return 0;
}

static int apply_file(struct parser *parser, const char *path)
{
	struct configs *configs = &parser->configs;
	const char *text;
	int failed;

	for (unsigned n = 0; n < configs->count; n++)
		if (configs->files[n].path == path)
			return apply_text(parser, path, configs->files[n].text);
	if (configs->count == CONFIGS_MAX)
		return keyval_fail(parser->error, "-readconfig: more than %d files", CONFIGS_MAX);
	failed = read_file(parser, path, &text);
	if (failed)
		return failed;
	configs->files[configs->count].path = path;
	configs->files[configs->count++].text = text;
	return apply_text(parser, path, text);
}

int apply_readconfig(struct parser *parser, const struct option *option, const char *value)
{
	(void)option;
	return apply_file(parser, value);
}

/* Returns the path of the user's own file; NULL if there can be none. A folder that is not absolute
 * counts as not given, as the XDG Base Directory Specification requires. */
static const char *find_own(struct parser *parser)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	bool given = config && *config == '/';
	struct text text;

	if (!given && (!home || *home != '/'))
		return NULL;
	fprintf(text_begin(&text), "%s%s/baya/baya.conf", given ? config : home,
		given ? "" : "/.config");
	return text_end(&text, &parser->options->strings);
}

int apply_own_config(struct parser *parser)
{
	struct configs *configs = &parser->configs;

	if (configs->unwanted || parser->options->verb != VERB_RUN)
		return 0;
	if (!configs->own)
		configs->own = find_own(parser);
	return configs->own ? apply_file(parser, configs->own) : 0;
}

/* Returns whether the command line is accepted without the user's file. */
static bool is_good_without(int argc, char **argv)
{
	char without[] = "-no-user-config", **words = calloc((size_t)argc + 2, sizeof(*words));
	struct board_error error;
	struct options options;
	bool good;

	if (!words)
		complain_exhausted();
	words[0] = argv[0];
	words[1] = without;
	memcpy(words + 2, argv + 1, ((size_t)argc - 1) * sizeof(*words));
	good = !options_parse(&options, argc + 1, words, &error);
	options_free(&options);
	free(words);
	return good;
}

int blame_own_config(struct parser *parser, int argc, char **argv)
{
	const struct configs *configs = &parser->configs;
	struct board_error *error = parser->error;
	size_t size = strlen(error->text);

	/* The list has every file that was read. */
	for (unsigned n = 0; n < configs->count; n++)
		if (configs->files[n].path == configs->own && *configs->files[n].text &&
		    is_good_without(argc, argv))
			snprintf(error->text + size, sizeof(error->text) - size,
				 " (options of %s are in this; -no-user-config leaves them out)",
				 configs->own);
	return -EINVAL;
}
