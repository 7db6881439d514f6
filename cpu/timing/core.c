/* SPDX-License-Identifier: MIT */
/*
 * Core files: a line is `name = value unit`, with a comment behind # that says where the value was
 * read; `kind = NAME` comes first. All parameters of the kind must be there, each once.
 */
#include "cpu/timing/core.h"

#include "bus/clock.h"
#include "cpu/timing/kind.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned long long ull;

u64 timing_core_ns(const struct timing_core *core, u64 cycles)
{
	return (u64)((u128)cycles * CLOCK_HZ / core->values[TIMING_CLOCK]);
}

u64 timing_core_cycles(const struct timing_core *core, u64 ns)
{
	return (u64)((u128)ns * core->values[TIMING_CLOCK] / CLOCK_HZ);
}

static int fail(struct timing_error *error, const char *format, ...) PRINTF_LIKE(2, 3);
static int fail(struct timing_error *error, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(error->text, sizeof(error->text), format, list);
	va_end(list);
	error->usage = true;
	return -1;
}

static const struct timing_kind *find_kind(const char *name)
{
	unsigned n = 0;

	while (timing_kinds[n] && strcmp(timing_kinds[n]->name, name))
		n++;
	return timing_kinds[n];
}

/* The index of a parameter, or the count when the kind has none of that name. */
static unsigned find_param(const struct timing_kind *kind, const char *name)
{
	unsigned n = 0;

	while (n < kind->count && strcmp(kind->params[n].name, name))
		n++;
	return n;
}

/* Cuts white space off both ends. */
static char *trim(char *text)
{
	char *end = text + strlen(text);

	while (end > text && isspace((unsigned char)end[-1]))
		*--end = '\0';
	while (isspace((unsigned char)*text))
		text++;
	return text;
}

/* A number with its unit, which may be left out where `bare` says so. */
static int read_value(const struct timing_param *param, const char *text, bool bare, u64 *value,
		      const char *what, struct timing_error *error)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 0);
	if (!isdigit((unsigned char)*text) || errno || *value < param->min || *value > param->max)
		return fail(error, "%s: %s: '%s' is not a number from %llu to %llu", what,
			    param->name, text, (ull)param->min, (ull)param->max);
	end = trim(end);
	if (strcmp(end, param->unit) && !(bare && !*end))
		return fail(error, "%s: %s: its unit is '%s', not '%s'", what, param->name,
			    param->unit, end);
	return 0;
}

static int set(struct timing_core *core, char *name, const char *text, bool bare,
	       const char *what, struct timing_error *error, unsigned *index)
{
	*index = find_param(core->kind, name);
	if (*index == core->kind->count)
		return fail(error, "%s: a core of kind %s has no parameter '%s'", what,
			    core->kind->name, name);
	return read_value(&core->kind->params[*index], text, bare, &core->values[*index], what,
			  error);
}

int timing_core_set(struct timing_core *core, const char *assignment, const char *what,
		    struct timing_error *error)
{
	char text[256], *equals;
	unsigned index;

	snprintf(text, sizeof(text), "%s", assignment);
	equals = strchr(text, '=');
	if (!equals)
		return fail(error, "%s: '%s' is no NAME=VALUE", what, assignment);
	*equals = '\0';
	return set(core, trim(text), trim(equals + 1), true, what, error, &index);
}

int timing_core_check(const struct timing_core *core, const char *what,
		      struct timing_error *error)
{
	const char *wrong = core->kind->contradiction ?
				    core->kind->contradiction(core->values) : NULL;

	return wrong ? fail(error, "%s: %s", what, wrong) : 0;
}

/* What a file has said so far. */
struct reader {
	struct timing_core *core;
	struct timing_error *error;
	char what[300]; /* file and line */
	bool given[TIMING_PARAMS_MAX];
};

static int take_kind(struct reader *reader, const char *name, const char *value)
{
	if (strcmp(name, "kind"))
		return fail(reader->error, "%s: 'kind = NAME' comes first", reader->what);
	reader->core->kind = find_kind(value);
	if (!reader->core->kind)
		return fail(reader->error, "%s: there is no kind '%s' of timing models",
			    reader->what, value);
	return 0;
}

static int take_line(struct reader *reader, char *line)
{
	char *comment = strchr(line, '#'), *equals, *name;
	unsigned index;

	if (comment)
		*comment = '\0';
	name = trim(line);
	if (!*name)
		return 0;
	equals = strchr(name, '=');
	if (!equals)
		return fail(reader->error, "%s: '%s' is no NAME = VALUE UNIT", reader->what, name);
	*equals = '\0';
	name = trim(name);
	if (!reader->core->kind)
		return take_kind(reader, name, trim(equals + 1));
	if (set(reader->core, name, trim(equals + 1), false, reader->what, reader->error,
		&index) < 0)
		return -1;
	if (reader->given[index])
		return fail(reader->error, "%s: %s is given twice", reader->what, name);
	reader->given[index] = true;
	return 0;
}

static int read_lines(struct reader *reader, FILE *file, const char *path)
{
	char line[512];

	for (unsigned number = 1; fgets(line, sizeof(line), file); number++) {
		snprintf(reader->what, sizeof(reader->what), "%s:%u", path, number);
		if (take_line(reader, line) < 0)
			return -1;
	}
	return 0;
}

static int all_given(struct reader *reader, const char *path)
{
	const struct timing_kind *kind = reader->core->kind;

	if (!kind)
		return fail(reader->error, "%s: names no kind of timing model", path);
	for (unsigned n = 0; n < kind->count; n++)
		if (!reader->given[n])
			return fail(reader->error, "%s: %s is missing, in %s, from %llu to %llu",
				    path, kind->params[n].name, kind->params[n].unit,
				    (ull)kind->params[n].min, (ull)kind->params[n].max);
	return timing_core_check(reader->core, path, reader->error);
}

int timing_core_read(struct timing_core *core, const char *path, struct timing_error *error)
{
	struct reader reader = { .core = core, .error = error };
	FILE *file = fopen(path, "r");
	int failed;

	memset(core, 0, sizeof(*core));
	if (!file) {
		fail(error, "%s: %s", path, strerror(errno));
		error->usage = false;
		return -1;
	}
	failed = read_lines(&reader, file, path);
	fclose(file);
	return failed ? failed : all_given(&reader, path);
}

void timing_core_write(const struct timing_core *core, void *file)
{
	const struct timing_kind *kind = core->kind;
	FILE *out = file;

	fprintf(out, "kind = %s\n", kind->name);
	for (unsigned n = 0; n < kind->count; n++) {
		const struct timing_param *param = &kind->params[n];

		fprintf(out, "%-20s = %llu %s\t# %s\n", param->name, (ull)core->values[n],
			param->unit, param->source);
	}
}
