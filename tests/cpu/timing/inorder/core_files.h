/* SPDX-License-Identifier: MIT */
/* Finds the core files that come with Baya: CORES is their folder. */
#ifndef TESTS_CPU_TIMING_INORDER_CORE_FILES_H
#define TESTS_CPU_TIMING_INORDER_CORE_FILES_H

#include "tests/cmocka.h"

#include <glob.h>

/* Returns their paths, in order; globfree() releases them. */
static inline glob_t core_files(void)
{
	glob_t files;

	assert_int_equal(glob(CORES "/*.core", 0, NULL, &files), 0);
	return files;
}

#endif
