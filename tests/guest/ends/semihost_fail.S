/* SPDX-License-Identifier: MIT */
/* Semihosting: SYS_EXIT_EXTENDED with code 3 is a failure. */
#include "semihost.inc"

	semihost_once 0x20, 0x20026, 3
