/* SPDX-License-Identifier: MIT */
/* Makes cores without a file: each parameter has the default value of its kind. */
#ifndef TESTS_CPU_TIMING_DEFAULT_CORE_H
#define TESTS_CPU_TIMING_DEFAULT_CORE_H

#include "cpu/timing/kind.h"

static inline void default_core(struct timing_core *core, const struct timing_kind *kind)
{
	*core = (struct timing_core){ .kind = kind };
	for (unsigned n = 0; n < kind->count; n++)
		core->values[n] = kind->params[n].value;
}

#endif
