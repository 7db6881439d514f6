/* SPDX-License-Identifier: MIT */
/* The primes below four million, by a sieve of bits. */
#include <string.h>
#include "../program.h"

#define LIMIT (4 << 20)

uint64_t run_sieve(unsigned rounds)
{
	static uint64_t composite[LIMIT / 64];
	uint64_t sum = 0;

	while (rounds--) {
		memset(composite, 0, sizeof(composite));
		for (uint64_t n = 2; n < LIMIT; n++) {
			if (composite[n / 64] >> n % 64 & 1)
				continue;
			sum = mix(sum, n);
			for (uint64_t multiple = n * n; multiple < LIMIT; multiple += n)
				composite[multiple / 64] |= 1ULL << multiple % 64;
		}
	}
	return sum;
}
