/* SPDX-License-Identifier: MIT */
/*
 * Parses values and comma-separated lists, and formulates errors about them. This file does not
 * know the options themselves, which are in cli/table.c.
 */
#include "frontends/host/keyval.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/nearest.h"
#include "bus/number.h"
#include "bus/output.h"
#include "devices/board/board.h"
#include "frontends/host/complain.h"
#include "frontends/host/exit_code.h"

#define ACCEPTED_MAX 320 /* characters of the list of accepted keys in an error */

char *strings_add(struct strings *strings, const char *text, size_t size)
{
	char **items = realloc(strings->items, (strings->count + 1) * sizeof(*items));
	char *copy;

	if (!items)
		complain_exhausted();
	strings->items = items;
	copy = malloc(size + 1);
	if (!copy)
		complain_exhausted();
	memcpy(copy, text, size);
	copy[size] = 0;
	items[strings->count++] = copy;
	return copy;
}

void *strings_room(struct strings *strings, size_t size)
{
	char *room = strings_add(strings, "", 0);

	room = realloc(room, size);
	if (!room)
		complain_exhausted();
	memset(room, 0, size);
	strings->items[strings->count - 1] = room;
	return room;
}

FILE *text_begin(struct text *text)
{
	text->out = open_memstream(&text->data, &text->size);
	if (!text->out)
		complain_exhausted();
	return text->out;
}

char *text_end(struct text *text, struct strings *strings)
{
	char *kept;

	if (output_end_text(text->out, &text->data))
		complain_exhausted();
	kept = strings_add(strings, text->data, text->size);
	free(text->data);
	return kept;
}

void text_value(struct text *text, const char *value)
{
	for (; *value; value++)
		fputs((char[]){ *value, *value == ',' ? ',' : 0, 0 }, text->out);
}

void strings_free(struct strings *strings)
{
	for (unsigned i = 0; i < strings->count; i++)
		free(strings->items[i]);
	free(strings->items);
	*strings = (struct strings){ 0 };
}

int keyval_fail(struct board_error *error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	error->exit_code = EXIT_USAGE;
	return -EINVAL;
}

bool keyval_asks(const char *value)
{
	return !strcmp(value, "help") || !strcmp(value, "?");
}

bool keyval_number(const char *text, u64 *value)
{
	return number_parse(text, value);
}

/* Returns the factor of a size's suffix; 0 if it is not valid. */
static u64 suffix_unit(const char *suffix, u64 default_unit)
{
	static const char letters[] = "bkmgtpe";
	const char *letter;

	if (!*suffix)
		return default_unit;
	letter = strchr(letters, tolower((unsigned char)*suffix));
	if (!letter || suffix[1])
		return 0;
	return BIT(10 * (letter - letters));
}

bool keyval_size(const char *text, u64 default_unit, u64 *bytes)
{
	u64 whole, fraction = 0, scale = 1, unit;
	char *end;
	u128 sum;

	if (!isdigit((unsigned char)text[0]))
		return false;
	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
		return keyval_number(text, bytes);
	errno = 0;
	whole = strtoull(text, &end, 10);
	if (errno)
		return false;
	if (*end == '.' && isdigit((unsigned char)end[1])) {
		for (end++; isdigit((unsigned char)*end); end++) {
			if (scale > 1000000000)
				return false;
			fraction = fraction * 10 + (u64)(*end - '0');
			scale *= 10;
		}
	}
	unit = suffix_unit(end, default_unit);
	if (!unit)
		return false;
	sum = (u128)whole * unit + (u128)fraction * unit / scale;
	*bytes = (u64)sum;
	return sum <= UINT64_MAX;
}

int keyval_word(const char *list, const char *text)
{
	size_t size = strlen(text);

	for (int i = 0; list; i++) {
		const char *bar = strchr(list, '|');
		size_t word = bar ? (size_t)(bar - list) : strlen(list);

		if (word == size && !memcmp(list, text, size))
			return i;
		list = bar ? bar + 1 : NULL;
	}
	return -1;
}

static int set_word(const struct key *key, const char *what, const char *value, void *field,
		    struct board_error *error)
{
	int word = keyval_word(key->accepted, value);

	if (word < 0)
		return keyval_fail(error, "%s: '%s' is not accepted; accepted: %s", what, value,
				   key->accepted);
	*(unsigned *)field = (unsigned)word;
	return 0;
}

static int set_number(const struct key *key, const char *what, const char *value, void *field,
		      struct board_error *error)
{
	bool is_size = key->kind == KEY_SIZE;
	u64 number;

	if (key->none && !strcmp(value, key->none)) {
		*(u64 *)field = key->initial;
		return 0;
	}
	if (is_size ? !keyval_size(value, 1, &number) : !keyval_number(value, &number))
		return keyval_fail(error, "%s: '%s' is not a %s%s", what, value,
				   is_size ? "size" : "number",
				   is_size ? " (digits and perhaps K, M, G or T)" :
					     " (decimal, or hexadecimal after 0x)");
	if (key->max && (number < key->min || number > key->max))
		return keyval_fail(error, "%s: '%s' is out of range; accepted: %llu to %llu%s%s",
				   what, value, key->min, key->max, key->none ? ", and " : "",
				   key->none ? key->none : "");
	*(u64 *)field = number;
	return 0;
}

static int add_text(const char *what, const char *value, struct key_texts *texts,
		    struct board_error *error)
{
	if (texts->count == KEY_TEXTS_MAX)
		return keyval_fail(error, "%s: is given more than %d times", what, KEY_TEXTS_MAX);
	texts->items[texts->count++] = value;
	return 0;
}

/* Parses a MAC address, such as 52:54:00:12:34:56 or 52-54-00-12-34-56; the address of a multicast
 * group is refused. */
static int set_mac(const char *what, const char *value, u8 *field, struct board_error *error)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *text = value;
	bool good = true;

	for (unsigned n = 0; good && n < KEY_MAC_SIZE; n++, text += 3) {
		good = strspn(text, digits) == 2 &&
		       (n + 1 < KEY_MAC_SIZE ? text[2] == ':' || text[2] == '-' : !text[2]);
		field[n] = (u8)strtoul(text, NULL, 16);
	}
	if (good && !(field[0] & 1))
		return 0;
	return keyval_fail(error,
			   "%s: '%s' is not the address of a card; give one such as "
			   "52:54:00:12:34:56",
			   what, value);
}

static int set_switch(const struct key *key, const char *what, const char *value, bool *field,
		      struct board_error *error)
{
	int word = keyval_word("on|off|yes|no|true|false|y|n", value);
	bool on = word % 2 == 0;

	if (word < 0 || keyval_word(key->accepted, on ? "on" : "off") < 0)
		return keyval_fail(error, "%s: '%s' is not accepted; accepted: %s", what, value,
				   key->accepted);
	*field = on;
	return 0;
}

void keyval_initial(const struct key *keys, unsigned count, void *into)
{
	for (unsigned n = 0; n < count; n++) {
		void *field = (char *)into + keys[n].offset;

		switch (keys[n].kind) {
		case KEY_WORD:
			*(unsigned *)field = (unsigned)keys[n].initial;
			break;
		case KEY_NUMBER:
		case KEY_SIZE:
			*(u64 *)field = keys[n].initial;
			break;
		case KEY_SWITCH:
			*(bool *)field = keys[n].initial;
			break;
		case KEY_TEXT:
		case KEY_ANY:
		case KEY_MAC:
		case KEY_TEXTS:
			break;
		}
	}
}

int keyval_set(const struct key *key, const char *what, const char *value, void *into,
	       struct board_error *error)
{
	void *field = (char *)into + key->offset;

	switch (key->kind) {
	case KEY_TEXT:
		if (!*value)
			return keyval_fail(error, "%s: is empty; give %s", what, key->accepted);
		*(const char **)field = value;
		return 0;
	case KEY_ANY:
		*(const char **)field = value;
		return 0;
	case KEY_WORD:
		return set_word(key, what, value, field, error);
	case KEY_SWITCH:
		return set_switch(key, what, value, field, error);
	case KEY_MAC:
		return set_mac(what, value, field, error);
	case KEY_TEXTS:
		return add_text(what, value, field, error);
	case KEY_NUMBER:
	case KEY_SIZE:
		break;
	}
	return set_number(key, what, value, field, error);
}

static const char *key_name(const void *keys, unsigned i)
{
	return ((const struct key *)keys)[i].name;
}

/* Reports an unknown key. One without a value may be the rest of a name that has a comma. */
static int unknown_key(const struct keyval *keyval, const char *name, bool has_value,
		       struct board_error *error)
{
	const char *nearest = nearest_name(name, key_name, keyval->keys, keyval->count);
	char accepted[ACCEPTED_MAX] = "";
	size_t used = 0;

	for (unsigned i = 0; i < keyval->count && used < sizeof(accepted); i++)
		used += (size_t)snprintf(accepted + used, sizeof(accepted) - used, "%s%s",
					 i ? ", " : "", keyval->keys[i].name);
	if (!keyval->count)
		return keyval_fail(error, "%s: '%s' is not accepted; it has no parameters",
				   keyval->option, name);
	return keyval_fail(error, "%s: no parameter '%s'%s%s; accepted: %s", keyval->option, name,
			   nearest_hint(", nearest is '", nearest, "'").text,
			   has_value || nearest ? "" : " (a comma in a name is written ,,)",
			   accepted);
}

int keyval_item(const struct keyval *keyval, const char *name, const char *value, void *into,
		struct board_error *error)
{
	char what[96];

	for (unsigned i = 0; i < keyval->count; i++) {
		const struct key *key = &keyval->keys[i];

		if (strcmp(key->name, name))
			continue;
		snprintf(what, sizeof(what), "%s: %s", keyval->option, name);
		if (value)
			return keyval_set(key, what, value, into, error);
		if (key->kind == KEY_SWITCH || !strncmp(key->accepted, "on|", 3))
			return keyval_set(key, what, "on", into, error);
		return keyval_fail(error, "%s: needs a value: %s=%s", what, name, key->accepted);
	}
	return unknown_key(keyval, name, value, error);
}

/* Returns the length of a list's first item, which ends before a comma that is not doubled. */
static size_t item_length(const char *text)
{
	size_t i = 0;

	while (text[i] && (text[i] != ',' || text[i + 1] == ','))
		i += text[i] == ',' ? 2 : 1;
	return i;
}

/* Replaces `,,` by `,` in place. */
static void unescape(char *text)
{
	char *to = text;

	for (; *text; text++) {
		*to++ = *text;
		if (*text == ',')
			text++;
	}
	*to = 0;
}

char *keyval_first(struct strings *strings, const char **text)
{
	size_t size = item_length(*text);
	char *item = strings_add(strings, *text, size);

	unescape(item);
	*text = (*text)[size] ? *text + size + 1 : NULL;
	return item;
}

int keyval_parse(const struct keyval *keyval, const char *text, void *into, struct strings *strings,
		 struct board_error *error)
{
	const char *implied = keyval->implied;

	if (!*text)
		return keyval_fail(error, "%s: is empty", keyval->option);
	for (;;) {
		size_t size = item_length(text);
		char *item = strings_add(strings, text, size);
		const char *name = item, *value = NULL;
		char *equals;
		int failed;

		unescape(item);
		if (strings->question && !strcmp(item, KEYVAL_ASKED)) {
			strings->question->answer(strings->question->ctx, keyval);
			return keyval_fail(error, "%s: is asked about", keyval->option);
		}
		equals = strchr(item, '=');
		if (!size)
			return keyval_fail(error,
					   "%s: an item of its list is empty (a comma in "
					   "a name is written ,,)",
					   keyval->option);
		if (equals) {
			*equals = 0;
			value = equals + 1;
		} else if (implied) {
			name = implied;
			value = item;
		}
		failed = keyval_item(keyval, name, value, into, error);
		if (failed)
			return failed;
		if (!text[size])
			return 0;
		implied = NULL;
		text += size + 1;
	}
}
