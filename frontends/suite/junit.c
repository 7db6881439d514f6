/* SPDX-License-Identifier: MIT */
/*
 * Writes results as JUnit's XML: <testsuites><testsuite><testcase>, from which CI systems read
 * names, times, <failure>, <error> and <skipped>.
 */
#include <string.h>

#include "frontends/suite/report.h"

static const char *escape_xml(char c)
{
	switch (c) {
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '&': return "&amp;";
	case '"': return "&quot;";
	default: return NULL;
	}
}

static void junit_print(FILE *file, const char *text, size_t size)
{
	suite_print_clean(file, text, size, escape_xml);
}

static void print_case(FILE *file, const struct suite *suite, const struct suite_test *test)
{
	const char *slash = strrchr(test->path, '/');
	const struct suite_result *result = test->result;
	const char *name = slash ? slash + 1 : test->path;

	fprintf(file, "    <testcase classname=\"");
	junit_print(file, test->path, slash ? (size_t)(slash - test->path) : 0);
	fprintf(file, "\" name=\"");
	junit_print(file, name, strlen(name));
	if (suite->options->suite.every_engine)
		fprintf(file, " [%s]", suite_engines[test->engine]);
	fprintf(file, "\" time=\"%.6f\">\n", result ? result->seconds : 0);
	if (!result) {
		fprintf(file, "      <skipped message=\"not done\"/>\n");
	} else if (result->status != SUITE_PASS) {
		const char *kind = result->status == SUITE_ERROR ? "error" : "failure";

		fprintf(file, "      <%s type=\"%s\" message=\"", kind,
			suite_outcomes[result->status]);
		junit_print(file, result->text, strlen(result->text));
		fprintf(file, "\"/>\n");
	}
	if (result && result->output_size) {
		fprintf(file, "      <system-out>");
		junit_print(file, result->output, result->output_size);
		fprintf(file, "</system-out>\n");
	}
	fprintf(file, "    </testcase>\n");
}

void suite_junit_write(const struct suite *suite, FILE *file)
{
	unsigned errors = 0, failures = 0, skipped = 0;
	char totals[128];

	for (unsigned n = 0; n < suite->count; n++) {
		const struct suite_result *result = suite->tests[n].result;

		skipped += !result;
		errors += result && result->status == SUITE_ERROR;
		failures += result && result->status != SUITE_PASS && result->status != SUITE_ERROR;
	}
	snprintf(totals, sizeof(totals),
		 "tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"%u\" time=\"%.3f\"",
		 suite->count, failures, errors, skipped, suite->seconds);
	fprintf(file, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites %s>\n", totals);
	fprintf(file, "  <testsuite name=\"baya\" %s>\n", totals);
	for (unsigned n = 0; n < suite->count; n++)
		print_case(file, suite, &suite->tests[n]);
	fprintf(file, "  </testsuite>\n</testsuites>\n");
}
