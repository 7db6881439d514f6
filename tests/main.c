/* SPDX-License-Identifier: MIT */
/* This main() runs the tests that a source file lists; most unit tests have it. */
#include "tests/cmocka.h"

#include <stdio.h>

int main(void)
{
	size_t count = 0;

	while (unit_tests[count].name)
		count++;
	if (!count) {
		fputs("unit_tests has no test before the row { 0 }\n", stderr);
		return 1;
	}
	/* cmocka_run_group_tests() does the same, but only with an array of a size that it sees. */
	return _cmocka_run_group_tests("tests", unit_tests, count, NULL, NULL);
}
