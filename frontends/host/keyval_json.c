/* SPDX-License-Identifier: MIT */
/* See host/keyval_json.h. */
#include "frontends/host/keyval_json.h"

#include <string.h>

#define NESTED_MAX 4
#define KEY_SIZE 128

/* Returns VALUE if the value is {"str": VALUE}, as the elements of QEMU's lists of strings are;
 * otherwise returns the value itself. */
static const json_t *plain(const json_t *value)
{
	const json_t *inner = json_object_size(value) == 1 ? json_object_get(value, "str") : NULL;

	return json_is_string(inner) ? inner : value;
}

/* Writes a value that is neither an object nor an array; returns false if a list cannot contain the
 * value or its key. */
static bool put_plain(struct text *text, const char *key, const json_t *value)
{
	if (!*key || key[strcspn(key, ",=")])
		return false;
	if (!json_is_string(value) && !json_is_boolean(value) && !json_is_integer(value))
		return false;
	fprintf(text->out, ",%s=", key);
	if (json_is_string(value))
		text_value(text, json_string_value(value));
	else if (json_is_boolean(value))
		fputs(json_is_true(value) ? "on" : "off", text->out);
	else
		fprintf(text->out, "%lld", json_integer_value(value));
	return true;
}

static bool put_member(struct text *text, const char *key, const json_t *value, unsigned depth)
{
	bool good = depth < NESTED_MAX;
	char inner[KEY_SIZE];
	const char *name;
	json_t *member;
	size_t index;

	value = plain(value);
	if (good && json_is_array(value)) {
		json_array_foreach((json_t *)(uintptr_t)value, index, member)
		{
			good = good && put_member(text, key, member, depth + 1);
		}
		return good;
	}
	if (!good || !json_is_object(value))
		return good && put_plain(text, key, value);
	json_object_foreach((json_t *)(uintptr_t)value, name, member)
	{
		snprintf(inner, sizeof(inner), "%s.%s", key, name);
		good = good && put_member(text, inner, member, depth + 1);
	}
	return good;
}

const char *keyval_from_json(struct text *text, const json_t *object, const char *first)
{
	const json_t *begin = json_object_get(object, first);
	const char *name;
	json_t *value;

	if (!json_is_string(begin))
		return first;
	text_value(text, json_string_value(begin));
	json_object_foreach((json_t *)(uintptr_t)object, name, value)
	{
		if (strcmp(name, first) != 0 && !put_member(text, name, value, 0))
			return name;
	}
	return NULL;
}

json_t *keyval_json_load(const char *option, const char *json, struct board_error *error)
{
	json_error_t where;
	json_t *object = json_loads(json, JSON_REJECT_DUPLICATES, &where);

	if (json_is_object(object))
		return object;
	keyval_fail(error, "%s%s%sJSON parse error, %s", option ? "-" : "", option ? option : "",
		    option ? ": " : "", object ? "it is no object" : where.text);
	json_decref(object);
	return NULL;
}

const char *keyval_json_list(const char *option, const char *json, const char *first,
			     struct strings *strings, struct board_error *error)
{
	json_t *object = keyval_json_load(option, json, error);
	const char *bad, *list;
	struct text text;

	if (!object)
		return NULL;
	text_begin(&text);
	bad = keyval_from_json(&text, object, first);
	list = text_end(&text, strings);
	if (bad)
		keyval_fail(error, "-%s: JSON: '%.100s' %s", option, bad,
			    strcmp(bad, first) ? "is no key with a text, a number, true or false" :
						 "is missing, or is no text");
	json_decref(object);
	return bad ? NULL : list;
}
