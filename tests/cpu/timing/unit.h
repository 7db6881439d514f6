/* SPDX-License-Identifier: MIT */
/* What tests of timing models' parts include. */
#ifndef TESTS_CPU_TIMING_UNIT_H
#define TESTS_CPU_TIMING_UNIT_H

#include "bus/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#endif
