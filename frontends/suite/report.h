/* SPDX-License-Identifier: MIT */
/*
 * Reports the progress and the results of a suite: lines or TAP on standard output, a progress line
 * on a terminal, and JUnit's XML in a file. Output of programs and names of files are stripped of
 * whatever could disturb a terminal or a parser. Only files of frontends/suite include this.
 */
#ifndef FRONTENDS_SUITE_REPORT_H
#define FRONTENDS_SUITE_REPORT_H

#include <stdio.h>

#include "frontends/suite/suite.h"

struct suite_report {
	const struct suite *suite;
	unsigned counts[SUITE_STATUSES], reported;
	bool colour; /* standard output is a terminal that can show colours */
	bool progress; /* progress is shown: stderr is a terminal */
	bool shown; /* a progress line is on stderr now */
};

void suite_report_begin(struct suite_report *report, const struct suite *suite);

/* Reports the result of a test. Called in the order of the list. */
void suite_report_test(struct suite_report *report, unsigned index);
void suite_report_progress(struct suite_report *report, unsigned ended,
			   const struct suite_test *running);

/* Prints the summary. */
void suite_report_end(struct suite_report *report);

/* Writes all results to the open file, in JUnit's format. */
void suite_junit_write(const struct suite *suite, FILE *file);

/* The words for results, such as "passed" and "failed", in the summary and for JUnit. */
extern const char *const suite_outcomes[SUITE_STATUSES];

/*
 * Prints text without characters that could do harm: it keeps UTF-8 and newlines, makes blanks of
 * tabs, drops carriage returns, and replaces everything else, such as control characters, by '?'.
 * `escape` returns what to write for a character, or NULL if that is the character; it may itself
 * be NULL.
 */
void suite_print_clean(FILE *out, const char *text, size_t size, const char *(*escape)(char c));

#endif
