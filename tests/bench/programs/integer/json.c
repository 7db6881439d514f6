/* SPDX-License-Identifier: MIT */
/* JSON: a document is read into a tree and written from it, and must be the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../program.h"

#define RECORDS 400
#define SIZE (64 << 10)

enum kind { NUMBER, STRING, LITERAL, ARRAY, OBJECT };

struct value {
	enum kind kind;
	long number;
	const char *text; /* in the document: of a string, or true, false, null */
	size_t length;
	struct value *name; /* of a member of an object */
	struct value *first; /* the first member of an array or object */
	struct value *next;
};

static char document[SIZE], written[SIZE];

static void make_document(uint64_t state)
{
	size_t at = 0;

	document[at++] = '[';
	for (int n = 0; n < RECORDS; n++) {
		int number = (int)random_next(&state);

		at += (size_t)snprintf(document + at, SIZE - at,
				       "%s{\"id\":%d,\"name\":\"user\\n%x\",\"on\":%s,"
				       "\"scores\":[%d,%d,%d],\"more\":{\"empty\":[],\"x\":null}}",
				       n ? "," : "", n, (unsigned)number, n % 3 ? "true" : "false",
				       number, number % 1000, n);
	}
	snprintf(document + at, SIZE - at, "]");
}

static struct value *parse(const char **at);

/* Parses the members between brackets. */
static void parse_members(struct value *value, const char **at)
{
	char end = value->kind == ARRAY ? ']' : '}';
	struct value **last = &value->first;

	for (++*at; **at != end; *at += **at == ',') {
		struct value *name = NULL;

		if (value->kind == OBJECT) {
			name = parse(at);
			++*at;
		}
		*last = parse(at);
		(*last)->name = name;
		last = &(*last)->next;
	}
	++*at;
}

static void parse_string(struct value *value, const char **at)
{
	value->text = ++*at;
	while (**at != '"')
		*at += **at == '\\' ? 2 : 1;
	value->length = (size_t)(*at - value->text);
	++*at;
}

static void parse_number(struct value *value, const char **at)
{
	int negative = **at == '-';

	for (*at += negative; **at >= '0' && **at <= '9'; ++*at)
		value->number = 10 * value->number + (**at - '0');
	if (negative)
		value->number = -value->number;
}

static struct value *parse(const char **at)
{
	struct value *value = allocate(sizeof(*value));

	*value = (struct value){ .text = *at };
	switch (**at) {
	case '[':
	case '{':
		value->kind = **at == '[' ? ARRAY : OBJECT;
		parse_members(value, at);
		break;
	case '"':
		value->kind = STRING;
		parse_string(value, at);
		break;
	case 't':
	case 'f':
	case 'n':
		value->kind = LITERAL;
		value->length = **at == 'f' ? 5 : 4;
		*at += value->length;
		break;
	default:
		parse_number(value, at);
	}
	return value;
}

static char *write_text(char *out, const char *text, size_t length)
{
	for (size_t n = 0; n < length; n++)
		*out++ = text[n];
	return out;
}

static char *write_number(char *out, long number)
{
	unsigned long rest = number < 0 ? -(unsigned long)number : (unsigned long)number;
	char digits[24], *digit = digits + sizeof(digits);

	do
		*--digit = (char)('0' + rest % 10);
	while (rest /= 10);
	if (number < 0)
		*--digit = '-';
	return write_text(out, digit, (size_t)(digits + sizeof(digits) - digit));
}

static char *write_string(char *out, const struct value *value)
{
	*out++ = '"';
	out = write_text(out, value->text, value->length);
	*out++ = '"';
	return out;
}

static char *write_value(char *out, const struct value *value)
{
	switch (value->kind) {
	case NUMBER:
		return write_number(out, value->number);
	case STRING:
		return write_string(out, value);
	case LITERAL:
		return write_text(out, value->text, value->length);
	default:
		*out++ = value->kind == ARRAY ? '[' : '{';
		for (const struct value *member = value->first; member; member = member->next) {
			if (member->name) {
				out = write_string(out, member->name);
				*out++ = ':';
			}
			out = write_value(out, member);
			if (member->next)
				*out++ = ',';
		}
		*out++ = value->kind == ARRAY ? ']' : '}';
		return out;
	}
}

static void release(struct value *value)
{
	while (value) {
		struct value *next = value->next;

		release(value->name);
		release(value->first);
		free(value);
		value = next;
	}
}

uint64_t run_json(unsigned rounds)
{
	uint64_t sum = 0;

	make_document(9);
	for (unsigned n = 0; n < rounds; n++) {
		const char *at = document;
		struct value *value = parse(&at);
		char *end = write_value(written, value);

		*end = 0;
		if (strcmp(document, written) != 0)
			fail("json: what was written differs");
		release(value);
		sum = mix(sum, (uint64_t)(end - written));
	}
	return mix_bytes(sum, written, strlen(written));
}
