/* SPDX-License-Identifier: MIT */
/* A power modulo a number of 1024 bits, as RSA computes it, by Montgomery's multiplication. */
#include <string.h>
#include "../program.h"

#define LIMBS 16

struct big {
	uint64_t limb[LIMBS];
};

/* Returns -1 / odd modulo 2^64, by Newton's method. */
static uint64_t negative_inverse(uint64_t odd)
{
	uint64_t inverse = odd;

	for (int n = 0; n < 6; n++)
		inverse *= 2 - odd * inverse;
	return -inverse;
}

/* Adds factor * number to `sum`; returns what is carried out of LIMBS. */
static uint64_t add_product(uint64_t *sum, const struct big *number, uint64_t factor)
{
	uint64_t carry = 0;

	for (int n = 0; n < LIMBS; n++) {
		unsigned __int128 value =
			(unsigned __int128)factor * number->limb[n] + sum[n] + carry;

		sum[n] = (uint64_t)value;
		carry = (uint64_t)(value >> 64);
	}
	return carry;
}

static void subtract(uint64_t *from, const struct big *number)
{
	uint64_t borrow = 0;

	for (int n = 0; n < LIMBS; n++) {
		unsigned __int128 value = (unsigned __int128)from[n] - number->limb[n] - borrow;

		from[n] = (uint64_t)value;
		borrow = (uint64_t)(value >> 64) & 1;
	}
}

/* Returns a * b / 2^1024 modulo m, below 2^1024. */
static struct big multiply(const struct big *a, const struct big *b, const struct big *m,
			   uint64_t inverse)
{
	uint64_t sum[LIMBS + 2] = { 0 };
	struct big result;

	for (int n = 0; n < LIMBS; n++) {
		unsigned __int128 high =
			(unsigned __int128)sum[LIMBS] + add_product(sum, a, b->limb[n]);

		high += add_product(sum, m, sum[0] * inverse);
		memmove(sum, sum + 1, (LIMBS - 1) * sizeof(*sum));
		sum[LIMBS - 1] = (uint64_t)high;
		sum[LIMBS] = (uint64_t)(high >> 64);
	}
	if (sum[LIMBS])
		subtract(sum, m);
	memcpy(&result, sum, sizeof(result));
	return result;
}

uint64_t run_bignum(unsigned rounds)
{
	uint64_t state = 6, sum = 0, inverse;
	struct big modulus, base, exponent, power;

	for (int n = 0; n < LIMBS; n++) {
		modulus.limb[n] = random_next(&state) | 1;
		base.limb[n] = random_next(&state);
		exponent.limb[n] = random_next(&state);
	}
	inverse = negative_inverse(modulus.limb[0]);
	while (rounds--) {
		power = base;
		for (int bit = 64 * LIMBS; bit-- > 0;) {
			power = multiply(&power, &power, &modulus, inverse);
			if (exponent.limb[bit / 64] >> bit % 64 & 1)
				power = multiply(&power, &base, &modulus, inverse);
		}
		base = power;
		sum = mix_bytes(sum, power.limb, sizeof(power.limb));
	}
	return sum;
}
