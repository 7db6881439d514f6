/* SPDX-License-Identifier: MIT */
/* This is the table that timed_attach gives a hart in place of hart_untimed. */
#ifndef CPU_TIMED_HOOKS_H
#define CPU_TIMED_HOOKS_H

#include "cpu/hart/hooks.h"

extern const struct hart_hooks timed_hooks;

#endif
