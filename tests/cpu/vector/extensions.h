/* SPDX-License-Identifier: MIT */
/* The extensions of plain machines, with V and all of its extensions. */
#ifndef TESTS_CPU_VECTOR_EXTENSIONS_H
#define TESTS_CPU_VECTOR_EXTENSIONS_H

#include "cpu/isa/isa.h"
#include "tests/cpu/fixture.h"

static inline struct ext_set vector_extensions(void)
{
	return ext_with(PLAIN_EXTENSIONS, VECTOR_EXTENSIONS);
}

static inline void vector_isa(struct isa *isa)
{
	isa_init(isa, vector_extensions());
}

#endif
