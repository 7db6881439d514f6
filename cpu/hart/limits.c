/* SPDX-License-Identifier: MIT */
/*
 * Tells whether caches are to be as small as possible (BAYA_PARANOID), in programs with sanitizers
 * (see limits.h).
 */
#include "cpu/hart/limits.h"

#include <stdlib.h>
#include <string.h>

static bool paranoid;

__attribute__((constructor)) static void read_environment(void)
{
	const char *value = getenv("BAYA_PARANOID");

	paranoid = value && strcmp(value, "1") == 0;
}

bool limits_paranoid(void)
{
	return paranoid;
}
