/* SPDX-License-Identifier: MIT */
/* Includes the headers that tests of parts of timing models need. */
#ifndef TESTS_CPU_TIMING_UNIT_H
#define TESTS_CPU_TIMING_UNIT_H

#include "bus/base.h"
#include "tests/cmocka.h"

#include <string.h>

#endif
