/* SPDX-License-Identifier: MIT */
/* The headers that tests of timing models' parts need. */
#ifndef TESTS_CPU_TIMING_UNIT_H
#define TESTS_CPU_TIMING_UNIT_H

#include "bus/base.h"
#include "tests/cmocka.h"

#include <string.h>

#endif
