/* SPDX-License-Identifier: MIT */
/* The C library's snprintf and strtol: converts numbers to text and back. */
#include <stdio.h>
#include <stdlib.h>
#include "../program.h"

#define LINES 1000

uint64_t run_print(unsigned rounds)
{
	uint64_t state = 5, sum = 0;

	while (rounds--) {
		for (int n = 0; n < LINES; n++) {
			int number = (int)random_next(&state);
			char line[128], *end;
			int length = snprintf(line, sizeof(line), "%d: %08x %-12s|%5.2f %c", number,
					      (unsigned)n, n % 2 ? "odd" : "even", n / 7.0,
					      'a' + n % 26);

			if (strtol(line, &end, 10) != number)
				fail("print: the number differs");
			sum = mix_bytes(sum + strtoul(end + 1, NULL, 16), line, (size_t)length);
		}
	}
	return sum;
}
