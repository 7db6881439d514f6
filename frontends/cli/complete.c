/* SPDX-License-Identifier: MIT */
/*
 * Completes the last word of a command line. This file does not describe lists of key=value: it
 * passes to each option's own parser the list with KEYVAL_ASKED where the word ends, and the keys
 * that the parser would look for there are the answer.
 */
#include "frontends/cli/complete.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "frontends/cli/table.h"

/* These words in the options' tables mean that a value is the name of a file or folder. */
#define PATH_WORDS "FILE|DIR|FOLDER|PATH"

struct completion {
	const char *word; /* the word as typed so far */
	size_t head; /* this many bytes of the word stay as they are */
	bool first; /* the word is the first item of a list */
	bool listed; /* the word is a later item of a list */
	bool commands; /* the word may be the name of a command */
	complete_core *core; /* lists the parameters of cores */
	struct strings found; /* the complete words */
};

/* Adds the head followed by `text` and `end`, if that begins with the word as typed. */
static void complete_add(struct completion *completion, const char *text, const char *end)
{
	const char *typed = completion->word + completion->head;
	size_t size = completion->head + strlen(text) + strlen(end) + 1;
	char *found = strings_room(&completion->found, size);

	snprintf(found, size, "%.*s%s%s", (int)completion->head, completion->word, text, end);
	if (strncmp(found + completion->head, typed, strlen(typed)))
		free(completion->found.items[--completion->found.count]);
}

/* Opens a folder; ~ is the user's home, as in shells. */
static DIR *open_folder(const char *name)
{
	const char *home = getenv("HOME");
	char path[4096];

	if (!home || strncmp(name, "~/", 2))
		return opendir(*name ? name : ".");
	snprintf(path, sizeof(path), "%s%s", home, name + 1);
	return opendir(path);
}

static void add_paths(struct completion *completion)
{
	struct completion inner = *completion;
	const char *typed = completion->word + completion->head;
	const char *slash = strrchr(typed, '/');
	size_t size = slash ? (size_t)(slash + 1 - typed) : 0;
	struct dirent *entry;
	struct stat stat;
	DIR *folder = open_folder(strings_add(&inner.found, typed, size));

	free(inner.found.items[--inner.found.count]);
	inner.head += size;
	while (folder && (entry = readdir(folder))) {
		bool hidden = entry->d_name[0] == '.' && inner.word[inner.head] != '.';

		/* A comma in a name is doubled in a list, and no shell can complete that. */
		if (hidden || (inner.listed && strchr(entry->d_name, ',')))
			continue;
		if (!fstatat(dirfd(folder), entry->d_name, &stat, 0))
			complete_add(&inner, entry->d_name, S_ISDIR(stat.st_mode) ? "/" : "");
	}
	if (folder)
		closedir(folder);
	completion->found = inner.found;
}

static void add_devices(struct completion *completion)
{
	struct device_name name;

	for (unsigned n = 0; device_name_at(n, &name); n++)
		complete_add(completion, name.text, "");
}

static void add_commands(struct completion *completion)
{
	for (unsigned n = 0; n < COMMAND_NONE; n++)
		complete_add(completion, options_commands[n].name, "");
}

/* Adds the words of "a|b". Some of them are placeholders for many words: files, devices,
 * commands. */
static void add_words(struct completion *completion, const char *words)
{
	while (words && *words) {
		size_t size = strcspn(words, "|");
		char word[64];

		snprintf(word, sizeof(word), "%.*s", (int)size, words);
		words += size + (words[size] == '|');
		if (keyval_word(PATH_WORDS, word) >= 0)
			add_paths(completion);
		else if (!strcmp(word, "DEVICES"))
			add_devices(completion);
		else if (strcmp(word, "COMMANDS"))
			complete_add(completion, word, "");
		else if (completion->commands)
			add_commands(completion);
	}
}

static void add_value(struct completion *completion, const struct key *key)
{
	if (key->kind == KEY_SWITCH || key->kind == KEY_WORD ||
	    keyval_word(PATH_WORDS, key->accepted) >= 0)
		add_words(completion, key->accepted);
}

/* Completes a key, or the value in KEY=VALUE. keyval_question calls this with the keys that are
 * possible where the word ends. */
static void complete_answer(void *ctx, const struct keyval *keyval)
{
	struct completion *completion = ctx;
	const char *item = completion->word + completion->head, *equals = strchr(item, '=');
	size_t size = equals ? (size_t)(equals - item) : 0;
	char name[64] = "";

	completion->listed = true;
	completion->head += size + (equals != NULL);
	if (equals)
		snprintf(name, sizeof(name), "%.*s", (int)size, item);
	else if (completion->first && keyval->implied)
		snprintf(name, sizeof(name), "%s", keyval->implied);
	for (unsigned n = 0; n < keyval->count; n++) {
		if (!*name)
			complete_add(completion, keyval->keys[n].name, "=");
		else if (!strcmp(keyval->keys[n].name, name))
			add_value(completion, &keyval->keys[n]);
	}
}

static void add_cpu(struct completion *completion)
{
	for (unsigned n = 0; completion->first && board_cpu_model(n); n++)
		complete_add(completion, board_cpu_model(n), "");
	for (unsigned n = 0; !completion->first && board_cpu_extension(n); n++) {
		complete_add(completion, board_cpu_extension(n), "=on");
		complete_add(completion, board_cpu_extension(n), "=off");
	}
}

/* Completes a core's parameter, or the value in PARAMETER=VALUE. */
static void add_parameter(void *ctx, const char *name, const char *unit)
{
	struct completion *completion = ctx;
	struct completion inner = *completion;
	const char *item = completion->word + completion->head, *equals = strchr(item, '=');
	size_t size = equals ? (size_t)(equals - item) : 0;

	if (!equals) {
		complete_add(completion, name, "=");
		return;
	}
	inner.head += size + 1;
	if (strlen(name) == size && !strncmp(name, item, size) && strchr(unit, '|'))
		add_words(&inner, unit);
	completion->found = inner.found;
}

/* Adds the parameters that can follow a core's name. */
static void add_parameters(struct completion *completion, struct strings *strings,
			   const char *value)
{
	if (completion->first)
		return;
	complete_add(completion, "help", "");
	completion->core(strings_add(strings, value, strcspn(value, ",")), add_parameter,
			 completion);
}

/* Completes the last item of a list, which extends to the end of the word. */
static void complete_value(struct completion *completion, struct parser *parser,
			   const struct option *option, const char *value)
{
	const struct keyval_question question = { complete_answer, completion };
	struct strings *strings = &parser->options->strings;
	const char *item = value, *rest = value;
	size_t before;
	char *list;

	for (keyval_first(strings, &rest); rest; keyval_first(strings, &rest))
		item = rest;
	before = (size_t)(item - value);
	completion->first = item == value;
	completion->head = strlen(completion->word) - strlen(item);
	if (completion->first || option->apply == apply_log)
		add_words(completion, option->complete);
	if (option->apply == apply_cpu)
		add_cpu(completion);
	if (option->apply == apply_timing || option->apply == apply_core)
		add_parameters(completion, strings, value);
	list = strings_room(strings, before + sizeof(KEYVAL_ASKED));
	snprintf(list, before + sizeof(KEYVAL_ASKED), "%.*s" KEYVAL_ASKED, (int)before, value);
	strings->question = &question;
	if (option->apply)
		apply_option(parser, option, list);
}

/* Adds "--core="; adds "--drive=", whose own form has one dash, when two dashes are typed. */
static void add_option(struct completion *completion, const struct option *option)
{
	bool two = !strncmp(completion->word, "--", 2);
	const char *dashes = two ? "--" : option_dashes(option);
	bool equals = dashes[1] && option->value && !option_is_optional(option);
	char text[64];

	snprintf(text, sizeof(text), "%s%s", dashes, option->name);
	complete_add(completion, text, equals ? "=" : "");
	if (option->alias) {
		snprintf(text, sizeof(text), "%s%s", dashes, option->alias);
		complete_add(completion, text, equals ? "=" : "");
	}
}

/* Completes a word that is not an option's value. */
static void complete_word(struct completion *completion, const struct parser *parser,
			  enum command_word command)
{
	bool machine = command == COMMAND_NONE || parser->options->verb != VERB_RUN;

	if (parser->command) {
		add_paths(completion);
		return;
	}
	for (unsigned i = 0; machine && *completion->word == '-' && i < options_count; i++)
		if (option_goes(&options_table[i], parser->options->verb))
			add_option(completion, &options_table[i]);
	add_words(completion, options_commands[command].words);
}

static int compare_words(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void options_complete(FILE *out, int argc, char **argv, complete_core *core)
{
	struct completion completion = { .word = argv[argc - 1], .core = core };
	struct options options;
	struct board_error error;
	struct parser parser = { .options = &options, .error = &error };
	const char *value = NULL;
	const struct option *option = options_last(&parser, argc, argv, &value);
	struct strings *found = &completion.found;
	enum command_word command = options_command(argc - 1, argv);

	/* The word is the first one, or the one after "help". */
	completion.commands = argc == (command == COMMAND_NONE ? 2 : 3);
	if (option)
		complete_value(&completion, &parser, option, value);
	else
		complete_word(&completion, &parser, command);
	if (found->count)
		qsort(found->items, found->count, sizeof(*found->items), compare_words);
	for (unsigned n = 0; n < found->count; n++)
		if (!n || strcmp(found->items[n], found->items[n - 1]))
			fprintf(out, "%s\n", found->items[n]);
	strings_free(found);
	options_free(&options);
}
