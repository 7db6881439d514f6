/* SPDX-License-Identifier: MIT */
/* Semihosting: SYS_EXIT, application exit with code 0. */
#include "semihost.inc"

	semihost_once 0x18, 0x20026, 0
