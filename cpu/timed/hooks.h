/* SPDX-License-Identifier: MIT */
/* The table of hooks that timed_attach registers with a hart. */
#ifndef CPU_TIMED_HOOKS_H
#define CPU_TIMED_HOOKS_H

#include "cpu/hart/hooks.h"

extern const struct hart_hooks timed_hooks;

#endif
