/* SPDX-License-Identifier: MIT */
/* V and all extensions of it, which are there on request only. */
#ifndef TESTS_CPU_VECTOR_EXTENSIONS_H
#define TESTS_CPU_VECTOR_EXTENSIONS_H

#include "cpu/isa/isa.h"
#include "tests/cpu/fixture.h"

static inline struct ext_set vector_extensions(void)
{
	struct ext_set set = ext_with(PLAIN_EXTENSIONS, EXT_v);

	for (unsigned ext = 0; ext < EXT_COUNT; ext++)
		if (!strncmp(isa_ext_name(ext), "zv", 2))
			set = ext_with(set, ext);
	return set;
}

static inline void vector_isa(struct isa *isa)
{
	isa_init(isa, vector_extensions());
}

#endif
