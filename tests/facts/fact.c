/* SPDX-License-Identifier: MIT */
/* Reads facts, and makes them from tables (see fact.h). */
#include "tests/facts/fact.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMES_MAX 20
#define EACH_MAX 96
#define WORD_MAX 160

/* A table: the names of its columns, and the facts that it makes of each row. */
struct table {
	bool on;
	unsigned names, each;
	char name[NAMES_MAX][WORD_MAX];
	char fact[EACH_MAX][FACT_TEXT];
};

struct reader {
	const char *path;
	unsigned line;
	fact_fn call;
	void *ctx;
	struct table table;
};

bool fact_word(const char **text, char *word, size_t size)
{
	size_t length;

	*text += strspn(*text, " \t");
	length = strcspn(*text, " \t");
	if (!length)
		return false;
	snprintf(word, size, "%.*s", (int)MIN(length, size - 1), *text);
	*text += length;
	return true;
}

static bool fail(const struct reader *reader, const char *what)
{
	fprintf(stderr, "%s:%u: %s\n", reader->path, reader->line, what);
	return false;
}

/* Replaces the character that stands for a space, so that a table's cell can have several words. */
static void split_words(char *text, char separator)
{
	for (; *text; text++)
		*text = *text == separator ? ' ' : *text;
}

/* Splits columns, which are separated by a bar with spaces around it; '-' alone is an empty one. */
static bool split(struct reader *reader, const char *line, struct fact *fact)
{
	const char *at = line, *word = line;
	char text[FACT_TEXT];

	memset(fact, 0, sizeof(*fact));
	fact->line = reader->line;
	for (unsigned n = 0; n < FACT_COLUMNS; n++) {
		char *to = fact->text[n];

		for (word = at; fact_word(&at, text, sizeof(text)); word = at) {
			if (!strcmp(text, "|"))
				break;
			if (strcmp(text, "-") != 0)
				snprintf(to + strlen(to), FACT_TEXT - strlen(to), "%s%s",
					 *to ? " " : "", text);
		}
	}
	split_words(fact->text[FACT_MODES], ',');
	split_words(fact->text[FACT_SETUP], ',');
	split_words(fact->text[FACT_INSNS], '_');
	split_words(fact->text[FACT_EXPECT], ',');
	if (*word)
		return fail(reader, "more columns than a fact has");
	if (!*fact->text[FACT_ID] || !*fact->text[FACT_MODES] || !*fact->text[FACT_EXPECT])
		return fail(reader, "not a fact: ID | MODES | SETUP | INSTRUCTIONS | EXPECTATION");
	return true;
}

static bool take(struct reader *reader, const char *line)
{
	struct fact fact;

	if (!split(reader, line, &fact))
		return false;
	reader->call(reader->ctx, &fact);
	return true;
}

/* Returns the row's word for the name at *text (behind '$'), and advances past the name. */
static const char *cell(const struct table *table, char row[][WORD_MAX], const char **text)
{
	size_t length = 0;

	while (isalnum((unsigned char)(*text)[length]) || (*text)[length] == '_')
		length++;
	for (unsigned n = 0; n < table->names; n++) {
		if (strlen(table->name[n]) == length && !strncmp(table->name[n], *text, length)) {
			*text += length;
			return row[n];
		}
	}
	return NULL;
}

/* Makes a fact of a table by putting a row's words in the place of names. */
static bool fill(struct reader *reader, const char *fact, char row[][WORD_MAX])
{
	char line[2 * FACT_TEXT];
	size_t used = 0;

	while (*fact && used < sizeof(line) - WORD_MAX) {
		const char *text;

		if (*fact != '$') {
			line[used++] = *fact++;
			continue;
		}
		fact++;
		text = cell(&reader->table, row, &fact);
		if (!text)
			return fail(reader, "a $name that the table does not have");
		used += (size_t)snprintf(line + used, sizeof(line) - used, "%s",
					 strcmp(text, "-") ? text : "");
	}
	line[used] = '\0';
	return take(reader, line);
}

/* A row whose word for a mode is ! has no fact for that mode. */
static bool is_left_out(const char *fact, const struct table *table, char row[][WORD_MAX])
{
	while ((fact = strchr(fact, '$'))) {
		const char *text;

		fact++;
		text = cell(table, row, &fact);
		if (text && !strcmp(text, "!"))
			return true;
	}
	return false;
}

static bool take_row(struct reader *reader, const char *line)
{
	struct table *table = &reader->table;
	char row[NAMES_MAX + 1][WORD_MAX];
	unsigned words = 0;

	while (words <= NAMES_MAX && fact_word(&line, row[words], WORD_MAX))
		words++;
	if (words != table->names)
		return fail(reader, "a row has one word for each name of its table");
	for (unsigned n = 0; n < table->each; n++)
		if (!is_left_out(table->fact[n], table, row) && !fill(reader, table->fact[n], row))
			return false;
	return true;
}

/* Reads a line: table NAME..., each FACT, end; otherwise a row, or a fact of its own. */
static bool read_line(struct reader *reader, const char *line)
{
	struct table *table = &reader->table;
	const char *rest = line;
	char first[WORD_MAX];

	if (!fact_word(&rest, first, sizeof(first)) || *first == '#')
		return true;
	if (!strcmp(first, "end")) {
		table->on = false;
		return true;
	}
	if (!strcmp(first, "table")) {
		*table = (struct table){ .on = true };
		while (table->names < NAMES_MAX &&
		       fact_word(&rest, table->name[table->names], WORD_MAX))
			table->names++;
		return table->names || fail(reader, "a table without names");
	}
	if (!table->on)
		return take(reader, line);
	if (strcmp(first, "each") != 0)
		return take_row(reader, line);
	if (table->each == EACH_MAX)
		return fail(reader, "too many facts in a table");
	snprintf(table->fact[table->each++], FACT_TEXT, "%s", rest);
	return true;
}

bool facts_read(const char *path, fact_fn call, void *ctx)
{
	struct reader *reader = calloc(1, sizeof(*reader));
	FILE *file = fopen(path, "r");
	char line[FACT_TEXT];
	bool good = file && reader;

	if (!file)
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
	if (reader)
		*reader = (struct reader){ .path = path, .call = call, .ctx = ctx };
	while (good && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		reader->line++;
		good = read_line(reader, line);
	}
	if (file)
		fclose(file);
	free(reader);
	return good;
}
