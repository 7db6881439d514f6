/* SPDX-License-Identifier: MIT */
/*
 * The machine's diagnostics: one table of the items, and the writing of a line. The log does not
 * own its file, which the code that opened it closes.
 */
#include "bus/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *word;
	enum log_item item;
	const char *meaning;
} log_words[] = {
	{ "guest_errors", LOG_GUEST_ERRORS, "misuse of a device or a register by the guest" },
	{ "unimp", LOG_UNIMP, "features that the guest uses and this machine lacks" },
	{ "int", LOG_INT, "traps and interrupts" },
	{ "in_asm", LOG_IN_ASM, "instructions: blocks when decoded (threaded), else each before it is run" },
	{ "exec", LOG_EXEC, "each instruction before it is run (interpreter)" },
	{ "cpu", LOG_CPU, "the hart's registers before each instruction (interpreter)" },
	{ "mmu", LOG_MMU, "translations of addresses that are in no TLB, and what they come to" },
	{ "nochain", LOG_NOCHAIN, "no effect: exec and cpu always log every instruction" },
	{ "strict", LOG_STRICT, "uses of stale translations: fences that are missing (interpreter)" },
	{ "cpu_reset", LOG_CPU_RESET, "where a hart is when it is reset" },
};

bool log_more(struct log *log, enum log_item item)
{
	if (!log_on(log, item) || !log->file)
		return false;
	if (++log->lines <= LOG_LINES_MAX || log->file != stderr)
		return true;
	if (log->lines == LOG_LINES_MAX + 1)
		fprintf(stderr,
			"baya: the log has %d lines, and no more follow; -D FILE has no limit\n",
			LOG_LINES_MAX);
	return false;
}

static void write_line(struct log *log, const char *format, va_list args)
{
	vfprintf(log->file, format, args);
	fputc('\n', log->file);
}

void log_line(struct log *log, enum log_item item, const char *format, ...)
{
	va_list args;

	if (!log_more(log, item))
		return;
	va_start(args, format);
	write_line(log, format, args);
	va_end(args);
}

/*
 * Returns whether a warning whose item is not logged may be written. Counts it, and begins its
 * line.
 */
static bool may_warn(struct log *log)
{
	if (!log->file || log->warnings == LOG_WARNINGS_MAX)
		return false;
	if (++log->warnings == LOG_WARNINGS_MAX)
		fprintf(log->file, "baya: this is the last of %d such lines\n", LOG_WARNINGS_MAX);
	fputs("baya: ", log->file);
	return true;
}

void log_warn(struct log *log, enum log_item item, const char *format, ...)
{
	va_list args;

	if (log_on(log, item) ? !log_more(log, item) : !may_warn(log))
		return;
	va_start(args, format);
	write_line(log, format, args);
	va_end(args);
}

static unsigned log_word(const char *word, size_t length)
{
	for (unsigned i = 0; i < ARRAY_SIZE(log_words); i++)
		if (strlen(log_words[i].word) == length &&
		    memcmp(log_words[i].word, word, length) == 0)
			return log_words[i].item;
	return 0;
}

unsigned log_parse(const char *list, const char **bad)
{
	unsigned items = 0;

	for (;;) {
		size_t length = strcspn(list, ",");
		unsigned item = log_word(list, length);

		if (!item) {
			*bad = list;
			return 0;
		}
		items |= item;
		if (!list[length])
			return items;
		list += length + 1;
	}
}

bool log_covers(const struct log *log, u64 pc)
{
	const struct log_ranges *ranges = &log->ranges;

	for (unsigned n = 0; n < ranges->count; n++)
		if (pc >= ranges->range[n].first && pc <= ranges->range[n].last)
			return true;
	return !ranges->count;
}

/* Reads a number and moves *text past it. Returns false if there is none, or it is too large. */
static bool read_address(const char **text, u64 *value)
{
	char *end;

	if (**text < '0' || **text > '9')
		return false;
	errno = 0;
	*value = strtoull(*text, &end, 0);
	*text = end;
	return !errno;
}

/* Reads a range and moves *text past it. Returns false if there is no valid one. */
static bool read_range(const char **text, struct log_range *range)
{
	u64 first, other;
	char sign;

	if (!read_address(text, &first))
		return false;
	sign = **text;
	if (sign == '.' && *++*text != '.')
		return false;
	if (sign != '.' && sign != '+' && sign != '-')
		return false;
	++*text;
	if (!read_address(text, &other))
		return false;
	if (sign == '.') {
		*range = (struct log_range){ first, other };
		return first <= other;
	}
	*range = sign == '+' ? (struct log_range){ first, first + other - 1 } :
			       (struct log_range){ first - other + 1, first };
	return other && range->first <= range->last;
}

const char *log_parse_ranges(const char *list, struct log_ranges *ranges)
{
	const char *at = list;

	ranges->count = 0;
	do {
		const char *begin = at;

		if (ranges->count == LOG_RANGES_MAX ||
		    !read_range(&at, &ranges->range[ranges->count++]) || (*at && *at != ','))
			return begin;
	} while (*at++);
	return NULL;
}

void log_help(FILE *out)
{
	for (unsigned i = 0; i < ARRAY_SIZE(log_words); i++)
		fprintf(out, "%-14s %s\n", log_words[i].word, log_words[i].meaning);
}
