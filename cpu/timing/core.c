/* SPDX-License-Identifier: MIT */
/*
 * Core files. A line is `name = value unit`, or `name = word` if the kind defines words for the
 * parameter. It ends with a comment, after #, that says where the value was read. `kind = NAME`
 * comes first. Each parameter of the kind must be given exactly once, except those of a group that
 * the kind allows a core to lack.
 */
#include "cpu/timing/core.h"

#include "bus/clock.h"
#include "bus/line.h"
#include "bus/nearest.h"
#include "cpu/timing/kind.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

u64 timing_core_ns(const struct timing_core *core, u64 cycles)
{
	return (u64)((u128)cycles * CLOCK_HZ / core->values[TIMING_CLOCK]);
}

u64 timing_core_cycles(const struct timing_core *core, u64 ns)
{
	return (u64)((u128)ns * core->values[TIMING_CLOCK] / CLOCK_HZ);
}

u64 timing_vlen(const struct timing_core *core)
{
	return core->kind->vlen ? core->kind->vlen(core->values) : 0;
}

/*
 * Replaces control characters, which a terminal could take for commands, because files come from
 * outside.
 */
static void make_printable(char *text)
{
	for (; *text; text++)
		if (iscntrl((unsigned char)*text))
			*text = '?';
}

static int fail(struct timing_error *error, const char *format, ...) PRINTF_LIKE(2, 3);
static int fail(struct timing_error *error, const char *format, ...)
{
	va_list list;
	int size = snprintf(error->text, sizeof(error->text), "%s: ", error->where);

	va_start(list, format);
	vsnprintf(error->text + size, sizeof(error->text) - (size_t)size, format, list);
	va_end(list);
	make_printable(error->text);
	error->usage = true;
	return -1;
}

static int fail_system(struct timing_error *error, int number)
{
	fail(error, "%s", strerror(number));
	error->usage = false;
	return -1;
}

static const struct timing_kind *find_kind(const char *name)
{
	unsigned n = 0;

	while (timing_kinds[n] && strcmp(timing_kinds[n]->name, name))
		n++;
	return timing_kinds[n];
}

/*
 * Returns the index of a parameter, or the number of parameters if the kind has none of that name.
 */
static unsigned find_param(const struct timing_kind *kind, const char *name)
{
	unsigned n = 0;

	while (n < kind->count && strcmp(kind->params[n].name, name))
		n++;
	return n;
}

/* Returns the text without white space at both ends. */
static char *trim(char *text)
{
	char *end = text + strlen(text);

	while (end > text && isspace((unsigned char)end[-1]))
		*--end = '\0';
	while (isspace((unsigned char)*text))
		text++;
	return text;
}

/*
 * Reads one of the words that the unit lists. The value is the index of the word in that list.
 * Returns 0, or -1 after an error.
 */
static int read_choice(const struct timing_param *param, const char *text, u64 *value,
		       struct timing_error *error)
{
	const char *word = param->unit;

	for (*value = 0; *word; ++*value) {
		size_t length = strcspn(word, "|");

		if (strlen(text) == length && !strncmp(word, text, length))
			return 0;
		word += length + (word[length] == '|');
	}
	return fail(error, "%s: '%s' is none of %s", param->name, text, param->unit);
}

/*
 * Reads a number with its unit, which may be omitted if `bare` is set. Returns 0, or -1 after an
 * error.
 */
static int read_value(const struct timing_param *param, const char *text, bool bare, u64 *value,
		      struct timing_error *error)
{
	char *end;

	if (strchr(param->unit, '|'))
		return read_choice(param, text, value, error);
	errno = 0;
	*value = strtoull(text, &end, 0);
	if (!isdigit((unsigned char)*text) || errno || *value < param->min || *value > param->max)
		return fail(error, "%s: '%s' is not a number from %llu to %llu", param->name, text,
			    param->min, param->max);
	end = trim(end);
	if (strcmp(end, param->unit) && !(bare && !*end))
		return fail(error, "%s: its unit is '%s', not '%s'", param->name, param->unit, end);
	return 0;
}

static const char *param_name(const void *ctx, unsigned n)
{
	return ((const struct timing_param *)ctx)[n].name;
}

/* Sets a parameter, and returns its index, or -1 after an error. */
static int core_file_set(struct timing_core *core, const char *name, const char *text, bool bare,
			 struct timing_error *error)
{
	unsigned index = find_param(core->kind, name);

	if (index == core->kind->count)
		return fail(error, "a core of kind %s has no parameter '%s'%s", core->kind->name,
			    name,
			    nearest_hint("; nearest is ",
					 nearest_name(name, param_name, core->kind->params,
						      core->kind->count),
					 "")
				    .text);
	return read_value(&core->kind->params[index], text, bare, &core->values[index], error) < 0 ?
		       -1 :
		       (int)index;
}

int timing_core_set(struct timing_core *core, const char *assignment, struct timing_error *error)
{
	char text[256], *equals;

	snprintf(text, sizeof(text), "%s", assignment);
	equals = strchr(text, '=');
	if (!equals)
		return fail(error, "'%s' is no PARAMETER=VALUE", assignment);
	*equals = '\0';
	return core_file_set(core, trim(text), trim(equals + 1), true, error) < 0 ? -1 : 0;
}

int timing_core_check(const struct timing_core *core, struct timing_error *error)
{
	const char *wrong = core->kind->contradiction ? core->kind->contradiction(core->values) :
							NULL;

	return wrong ? fail(error, "%s", wrong) : 0;
}

/* A core file that is being read. */
struct reader {
	struct timing_core *core;
	struct timing_error *error;
	/* the line in which each parameter is given; 0: it was not given */
	unsigned lines[TIMING_PARAMS_MAX];
	unsigned number; /* number of the line being read */
	const char *path;
};

static int parse_kind(struct reader *reader, const char *name, const char *value)
{
	char kinds[128];
	size_t used = 0;

	if (strcmp(name, "kind"))
		return fail(reader->error, "'kind = NAME' comes first");
	reader->core->kind = find_kind(value);
	if (reader->core->kind)
		return 0;
	for (unsigned n = 0; timing_kinds[n]; n++)
		used += (size_t)snprintf(kinds + used, sizeof(kinds) - used, "%s%s", n ? ", " : "",
					 timing_kinds[n]->name);
	return fail(reader->error, "there is no kind '%s' of timing models; accepted: %s", value,
		    kinds);
}

static int parse_line(struct reader *reader, char *line)
{
	char *comment = strchr(line, '#'), *equals, *name;
	int index;

	if (comment)
		*comment = '\0';
	name = trim(line);
	if (!*name)
		return 0;
	equals = strchr(name, '=');
	if (!equals)
		return fail(reader->error, "'%s' is no PARAMETER = VALUE UNIT", name);
	*equals = '\0';
	name = trim(name);
	if (!reader->core->kind)
		return parse_kind(reader, name, trim(equals + 1));
	index = core_file_set(reader->core, name, trim(equals + 1), false, reader->error);
	if (index < 0)
		return -1;
	if (reader->lines[index])
		return fail(reader->error, "%s is given twice, first in line %u", name,
			    reader->lines[index]);
	reader->lines[index] = reader->number;
	return 0;
}

static void set_where(struct reader *reader, unsigned line)
{
	snprintf(reader->error->where, sizeof(reader->error->where), "%s:%u", reader->path, line);
}

static int read_lines(struct reader *reader, FILE *file)
{
	char line[511];
	int got;

	while ((got = line_read(file, line, sizeof(line))) == 1) {
		set_where(reader, ++reader->number);
		if (parse_line(reader, line) < 0)
			return -1;
	}
	if (got != -EILSEQ && got != -E2BIG)
		return got ? fail_system(reader->error, -got) : 0;
	set_where(reader, ++reader->number);
	if (got == -EILSEQ)
		return fail(reader->error, "is no text");
	return fail(reader->error, "is longer than %zu characters", sizeof(line) - 1);
}

static int fail_missing(const struct timing_param *param, struct timing_error *error)
{
	if (strchr(param->unit, '|'))
		return fail(error, "%s is missing, one of %s", param->name, param->unit);
	return fail(error, "%s is missing, in %s, from %llu to %llu", param->name, param->unit,
		    param->min, param->max);
}

/*
 * Returns the line of the parameter that the text about a contradiction names first, or 0 if it
 * names none that is given in a line.
 */
static unsigned core_file_line_of(const struct reader *reader, const char *text)
{
	const struct timing_kind *kind = reader->core->kind;
	const char *first = NULL;
	unsigned line = 0;

	for (unsigned n = 0; n < kind->count; n++) {
		const char *at = strstr(text, kind->params[n].name);

		if (at && (!first || at < first)) {
			first = at;
			line = reader->lines[n];
		}
	}
	return line;
}

static int core_file_check(struct reader *reader)
{
	const struct timing_kind *kind = reader->core->kind;
	const char *wrong = kind->contradiction ? kind->contradiction(reader->core->values) : NULL;

	if (!wrong)
		return 0;
	set_where(reader, core_file_line_of(reader, wrong));
	return fail(reader->error, "%s", wrong);
}

static bool is_in_group(const struct timing_param *param, const char *group)
{
	size_t length = strlen(group);

	return !strncmp(param->name, group, length) && param->name[length] == '.';
}

/*
 * Gives the parameters of the unit that the core may lack their values from the table, if no line
 * of the file gives any of them.
 */
static void default_lacking(struct reader *reader)
{
	const struct timing_kind *kind = reader->core->kind;
	unsigned first = 0, end;

	while (first < kind->count && !is_in_group(&kind->params[first], kind->lacks))
		first++;
	for (end = first; end < kind->count && is_in_group(&kind->params[end], kind->lacks); end++)
		if (reader->lines[end])
			return;
	for (; first < end; first++) {
		reader->core->values[first] = kind->params[first].value;
		reader->lines[first] = reader->number;
	}
}

static int all_given(struct reader *reader)
{
	const struct timing_kind *kind = reader->core->kind;

	if (!kind)
		return fail(reader->error, "names no kind of timing model");
	if (kind->lacks)
		default_lacking(reader);
	for (unsigned n = 0; n < kind->count; n++)
		if (!reader->lines[n])
			return fail_missing(&kind->params[n], reader->error);
	return core_file_check(reader);
}

int timing_core_read(struct timing_core *core, const char *path, struct timing_error *error)
{
	struct reader reader = { .core = core, .error = error, .path = path };
	FILE *file = fopen(path, "r");
	int failed;

	memset(core, 0, sizeof(*core));
	snprintf(error->where, sizeof(error->where), "%s", path);
	if (!file)
		return fail_system(error, errno);
	failed = read_lines(&reader, file);
	fclose(file);
	snprintf(error->where, sizeof(error->where), "%s", path);
	return failed ? failed : all_given(&reader);
}
