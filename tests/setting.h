/* SPDX-License-Identifier: MIT */
/* Reads numbers from the environment, by which the user of a test can change it. */
#ifndef TESTS_SETTING_H
#define TESTS_SETTING_H

#include "bus/base.h"

#include <stdlib.h>

/* Returns the number in a variable of the environment, or `otherwise` if it is not set. */
static inline u64 setting(const char *name, u64 otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

#endif
