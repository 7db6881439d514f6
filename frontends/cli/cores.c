/* SPDX-License-Identifier: MIT */
/* See cores.h. */
#include "frontends/cli/cores.h"

#include <string.h>

const char *cores_end_first(const char *list)
{
	const char *comma = strchr(list, ',');

	while (comma && strcspn(comma + 1, "=") < strcspn(comma + 1, ","))
		comma = strchr(comma + 1, ',');
	return comma;
}
