/* SPDX-License-Identifier: MIT */
/* Floating-point operands, unpacked as far as the time of C906's units depends on them. */
#ifndef CPU_TIMING_C906_VPU_FLOAT_H
#define CPU_TIMING_C906_VPU_FLOAT_H

#include "bus/base.h"

struct c906_format {
	u8 fraction, exponent; /* bits */
	s32 bias;
};

static inline struct c906_format c906_format(bool is_double)
{
	return is_double ? (struct c906_format){ 52, 11, 1023 } :
			   (struct c906_format){ 23, 8, 127 };
}

enum c906_class { C906_ZERO, C906_SUBNORMAL, C906_NORMAL, C906_INFINITE, C906_NAN };

struct c906_float {
	enum c906_class class;
	bool negative;
	s32 exponent; /* that of the leading bit, also in a subnormal number */
	u64 significand; /* with the leading bit at format.fraction; 0: zero */
};

static inline struct c906_float c906_unpack(u64 value, bool is_double)
{
	struct c906_format format = c906_format(is_double);
	u64 biased = bits(value, format.fraction, format.exponent);
	u64 fraction = bits(value, 0, format.fraction);
	struct c906_float number = {
		.class = C906_NORMAL,
		.negative = bits(value, format.fraction + format.exponent, 1),
		.exponent = (s32)biased - format.bias,
		.significand = fraction | BIT(format.fraction),
	};

	if (biased == BIT(format.exponent) - 1) {
		number.class = fraction ? C906_NAN : C906_INFINITE;
	} else if (!biased && !fraction) {
		number.class = C906_ZERO;
		number.significand = 0;
	} else if (!biased) {
		unsigned shift = (unsigned)__builtin_clzll(fraction) - (63u - format.fraction);

		number.class = C906_SUBNORMAL;
		number.exponent = 1 - format.bias - (s32)shift;
		number.significand = fraction << shift;
	}
	return number;
}

#endif
