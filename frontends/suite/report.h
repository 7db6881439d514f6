/* SPDX-License-Identifier: MIT */
/*
 * Telling how a suite goes and went: lines or TAP on standard output, progress on a terminal,
 * JUnit's XML in a file. What programs wrote and files are called is cleaned of whatever could
 * disturb a terminal or a parser. Only for suite*.c.
 */
#ifndef FRONTENDS_SUITE_REPORT_H
#define FRONTENDS_SUITE_REPORT_H

#include <stdio.h>

#include "frontends/suite/suite.h"

struct suite_report {
	const struct suite *suite;
	unsigned counts[SUITE_STATUSES], told;
	bool colour; /* standard output is a terminal that wants it */
	bool progress; /* stderr is a terminal */
	bool shown; /* there is a line of progress on it */
};

void suite_report_begin(struct suite_report *report, const struct suite *suite);

/* The test has its result; called in the order of the list. */
void suite_report_test(struct suite_report *report, unsigned index);
void suite_report_progress(struct suite_report *report, unsigned ended,
			   const struct suite_test *running);

/* The summary. */
void suite_report_end(struct suite_report *report);

/* Write all results to the open file. */
void suite_junit_write(const struct suite *suite, FILE *file);

/* "passed", "failed" ... as the summary and JUnit have it. */
extern const char *const suite_outcomes[SUITE_STATUSES];

/*
 * Text as it may be shown: UTF-8 without control characters but ends of lines, '?' for the rest.
 * `escape` gives what to write for a character, or NULL for itself.
 */
void suite_print_clean(FILE *out, const char *text, size_t size, const char *(*escape)(char c));

#endif
