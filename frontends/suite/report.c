/* SPDX-License-Identifier: MIT */
/* Prints results: lines for people, TAP 14 for harnesses, the line of progress, and the summary. */
#include "frontends/suite/report.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define OUTPUT_LINES 10 /* of output, shown for a test that did not pass */
#define WIDTH_DEFAULT 80

const char *const suite_outcomes[SUITE_STATUSES] = {
	[SUITE_PASS] = "passed",
	[SUITE_FAIL] = "failed",
	[SUITE_LIMIT] = "reached a limit",
	[SUITE_DEAD] = "dead",
	[SUITE_DISAGREE] = "not alike in all engines",
	[SUITE_ERROR] = "could not run",
};

static const struct {
	const char *word, *colour;
} words[SUITE_STATUSES] = {
	[SUITE_PASS] = { "pass", "\033[32m" },
	[SUITE_FAIL] = { "FAIL", "\033[31m" },
	[SUITE_LIMIT] = { "LIMIT", "\033[31m" },
	[SUITE_DEAD] = { "DEAD", "\033[31m" },
	[SUITE_DISAGREE] = { "DIFFER", "\033[35m" },
	[SUITE_ERROR] = { "ERROR", "\033[33m" },
};

/* Returns the length of the UTF-8 character at `text`; 0 if it is not one that may be printed. */
static size_t utf8_length(const char *text, size_t size)
{
	u8 first = (u8)text[0], second = size > 1 ? (u8)text[1] : 0;
	size_t length = first < 0xc2 ? 0 :
			first < 0xe0 ? 2 :
			first < 0xf0 ? 3 :
			first < 0xf5 ? 4 :
				       0;

	if (!length || length > size)
		return 0;
	for (size_t i = 1; i < length; i++)
		if (((u8)text[i] & 0xc0) != 0x80)
			return 0;
	/* These are C1 controls, overlong forms, surrogates, U+FFFE and U+FFFF, and codes beyond
	 * the last plane. */
	if ((first == 0xc2 && second < 0xa0) || (first == 0xe0 && second < 0xa0) ||
	    (first == 0xed && second >= 0xa0) || (first == 0xf0 && second < 0x90) ||
	    (first == 0xf4 && second >= 0x90) ||
	    (length > 2 && !memcmp(text, "\xef\xbf", 2) && (u8)text[2] >= 0xbe))
		return 0;
	return length;
}

void suite_print_clean(FILE *out, const char *text, size_t size, const char *(*escape)(char c))
{
	while (size) {
		size_t length = (u8)*text >= 0x80 ? utf8_length(text, size) : 1;
		const char *special = escape && length == 1 ? escape(*text) : NULL;

		if (special)
			fputs(special, out);
		else if (length > 1 || *text == '\n' || (*text >= ' ' && *text < 0x7f))
			fwrite(text, 1, length, out);
		else if (*text == '\t')
			fputc(' ', out);
		else if (*text != '\r')
			fputc('?', out);
		length = MAX(length, 1);
		text += length;
		size -= length;
	}
}

static const char *escape_name(char c)
{
	return c == '\n' ? "?" : NULL;
}

/* Returns the escape of a character in TAP 14's descriptions, in which '#' begins a directive; NULL
 * if it needs none. */
static const char *escape_tap(char c)
{
	return c == '#' ? "\\#" : c == '\\' ? "\\\\" : c == '\n' ? "?" : NULL;
}

static const char *escape_yaml(char c)
{
	return c == '"' ? "\\\"" : c == '\\' ? "\\\\" : c == '\n' ? "?" : NULL;
}

static void print_name(const struct suite_report *report, FILE *out, const struct suite_test *test,
		       const char *(*escape)(char c))
{
	char name[4200];

	suite_name(report->suite, test, name, sizeof(name));
	suite_print_clean(out, name, strlen(name), escape);
}

/* Prints the last lines of a program's output, each after `margin`. */
static void print_output(FILE *out, const struct suite_result *result, const char *margin)
{
	size_t end = result->output_size, start;
	unsigned lines = 0;

	while (end && strchr("\r\n", result->output[end - 1]))
		end--;
	for (start = end; start && lines < OUTPUT_LINES; start--)
		lines += result->output[start - 1] == '\n';
	if (lines == OUTPUT_LINES)
		start++;
	while (start < end) {
		const char *line = result->output + start;
		const char *newline = memchr(line, '\n', end - start);
		size_t size = newline ? (size_t)(newline - line) : end - start;

		fputs(margin, out);
		suite_print_clean(out, line, size, NULL);
		fputc('\n', out);
		start += size + 1;
	}
}

static void print_line(const struct suite_report *report, const struct suite_test *test)
{
	const struct suite_result *result = test->result;
	const char *colour = report->colour ? words[result->status].colour : "";

	printf("%s%-6s%s ", colour, words[result->status].word, *colour ? "\033[m" : "");
	print_name(report, stdout, test, escape_name);
	if (*result->text) {
		fputs(": ", stdout);
		suite_print_clean(stdout, result->text, strlen(result->text), escape_name);
	}
	fputc('\n', stdout);
	if (result->status != SUITE_PASS)
		print_output(stdout, result, "       | ");
}

static void print_tap(const struct suite_report *report, unsigned index)
{
	const struct suite_test *test = &report->suite->tests[index];
	const struct suite_result *result = test->result;
	bool passed = result->status == SUITE_PASS;

	printf("%sok %u - ", passed ? "" : "not ", index + 1);
	print_name(report, stdout, test, escape_tap);
	fputc('\n', stdout);
	if (passed)
		return;
	printf("  ---\n  severity: %s\n  message: \"",
	       result->status == SUITE_ERROR ? "error" : "fail");
	suite_print_clean(stdout, result->text, strlen(result->text), escape_yaml);
	printf("\"\n  seconds: %.3f\n  instructions: %llu\n", result->seconds,
	       result->instructions);
	if (result->output_size) {
		printf("  output: |2\n");
		print_output(stdout, result, "    ");
	}
	printf("  ...\n");
}

static void clear_progress(struct suite_report *report)
{
	if (report->shown)
		fputs("\r\033[K", stderr);
	report->shown = false;
}

void suite_report_begin(struct suite_report *report, const struct suite *suite)
{
	const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");
	bool able = terminal && strcmp(terminal, "dumb") != 0;

	*report = (struct suite_report){ .suite = suite };
	report->colour = able && isatty(STDOUT_FILENO) && !(no_colour && *no_colour);
	report->progress = able && isatty(STDERR_FILENO);
	if (suite->options->suite.tap)
		printf("TAP version 14\n1..%u\n", suite->count);
}

void suite_report_test(struct suite_report *report, unsigned index)
{
	const struct suite_test *test = &report->suite->tests[index];

	report->counts[test->result->status]++;
	report->reported++;
	clear_progress(report);
	if (report->suite->options->suite.tap)
		print_tap(report, index);
	else
		print_line(report, test);
	fflush(stdout);
}

static size_t terminal_width(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col :
									     WIDTH_DEFAULT;
}

void suite_report_progress(struct suite_report *report, unsigned ended,
			   const struct suite_test *running)
{
	unsigned bad = report->reported - report->counts[SUITE_PASS];
	char line[512] = "", name[256];
	size_t used;

	if (!report->progress || !running)
		return;
	clear_progress(report);
	suite_name(report->suite, running, name, sizeof(name));
	used = (size_t)snprintf(line, sizeof(line), "[%u/%u] ", ended, report->suite->count);
	if (bad)
		used += (size_t)snprintf(line + used, sizeof(line) - used, "%u did not pass, ",
					 bad);
	snprintf(line + used, sizeof(line) - used, "running %s", name);
	suite_print_clean(stderr, line, MIN(strlen(line), terminal_width() - 1), escape_name);
	fflush(stderr);
	report->shown = true;
}

static void print_skipped(const struct suite *suite, const char *start)
{
	if (suite->skipped_rv32)
		printf("%s%u ELFs for 32-bit RISC-V were passed over\n", start,
		       suite->skipped_rv32);
	if (suite->skipped_foreign)
		printf("%s%u ELFs for other machines were passed over\n", start,
		       suite->skipped_foreign);
}

void suite_report_end(struct suite_report *report)
{
	const struct suite *suite = report->suite;
	bool tap = suite->options->suite.tap;
	const char *start = tap ? "# " : "";

	clear_progress(report);
	if (suite->signal)
		printf("%sended by signal %d (%s) with %u tests not done\n",
		       tap ? "Bail out! " : "", suite->signal, strsignal(suite->signal),
		       suite->count - report->reported);
	print_skipped(suite, start);
	printf("%s%u tests in %.1f s", start, report->reported, suite->seconds);
	for (unsigned n = 0; n < SUITE_STATUSES; n++)
		if (report->counts[n] || n == SUITE_PASS)
			printf("%s %u %s", n == SUITE_PASS ? ":" : ",", report->counts[n],
			       suite_outcomes[n]);
	printf("\n");
}
