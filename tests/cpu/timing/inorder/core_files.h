/* SPDX-License-Identifier: MIT */
/* Finds the core files that come with Baya. */
#ifndef TESTS_CPU_TIMING_INORDER_CORE_FILES_H
#define TESTS_CPU_TIMING_INORDER_CORE_FILES_H

#include "tests/cmocka.h"

#include <glob.h>
#include <stdio.h>

/* Returns the paths of the core files in a folder, sorted. The caller frees them by globfree(). */
static inline glob_t core_files(const char *folder)
{
	char pattern[256];
	glob_t files;

	snprintf(pattern, sizeof(pattern), "%s/*.core", folder);
	assert_int_equal(glob(pattern, 0, NULL, &files), 0);
	return files;
}

#endif
