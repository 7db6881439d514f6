/* SPDX-License-Identifier: MIT */
/*
 * Reports how a suite goes and went: lines or TAP on standard output, progress on a terminal,
 * JUnit's XML in a file. Output of programs and names of files are cleaned of whatever could
 * disturb a terminal or a parser. Only files of frontends/suite include this.
 */
#ifndef FRONTENDS_SUITE_REPORT_H
#define FRONTENDS_SUITE_REPORT_H

#include <stdio.h>

#include "frontends/suite/suite.h"

struct suite_report {
	const struct suite *suite;
	unsigned counts[SUITE_STATUSES], told;
	bool colour; /* standard output is a terminal that can show colours */
	bool progress; /* progress is shown: stderr is a terminal */
	bool shown; /* stderr has a line of progress at present */
};

void suite_report_begin(struct suite_report *report, const struct suite *suite);

/* The test has its result; this is called in the order of the list. */
void suite_report_test(struct suite_report *report, unsigned index);
void suite_report_progress(struct suite_report *report, unsigned ended,
			   const struct suite_test *running);

/* Prints the summary. */
void suite_report_end(struct suite_report *report);

/* Writes all results to the open file. */
void suite_junit_write(const struct suite *suite, FILE *file);

/* "passed", "failed" ... for the summary and JUnit. */
extern const char *const suite_outcomes[SUITE_STATUSES];

/*
 * Prints text without what could do harm: UTF-8 without control characters but ends of lines, '?'
 * for the rest. `escape` returns what to write for a character, or NULL for itself.
 */
void suite_print_clean(FILE *out, const char *text, size_t size, const char *(*escape)(char c));

#endif
