/* SPDX-License-Identifier: MIT */
/* The main of unit tests that need no more than to be run. */
#include "tests/cmocka.h"

int main(void)
{
	size_t count = 0;

	while (unit_tests[count].name)
		count++;
	// What cmocka_run_group_tests() does with an array whose size it can see.
	return _cmocka_run_group_tests("tests", unit_tests, count, NULL, NULL);
}
