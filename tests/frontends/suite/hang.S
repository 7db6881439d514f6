/* SPDX-License-Identifier: MIT */
/* Never comes to an end. */
#include "begin.inc"
test_2:
	j	test_2
