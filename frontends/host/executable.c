/* SPDX-License-Identifier: MIT */
/* See host/executable.h. */
#include "frontends/host/executable.h"

#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

/* Finds the path from the name with which the kernel started the program. This works without
 * /proc. */
static bool path_as_started(char *path, size_t size)
{
	const char *name = (const char *)getauxval(AT_EXECFN);
	char *whole = name ? realpath(name, NULL) : NULL;
	bool found = whole && strlen(whole) < size;

	if (found)
		memcpy(path, whole, strlen(whole) + 1);
	free(whole);
	return found;
}

bool executable_path(char *path, size_t size)
{
	ssize_t length = readlink("/proc/self/exe", path, size);

	if (length <= 0 || (size_t)length >= size)
		return path_as_started(path, size);
	path[length] = 0;
	return true;
}
