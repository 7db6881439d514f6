/* SPDX-License-Identifier: MIT */
/* The extensions of ext.def as numbers, and sets of them. model.h says which set a machine has. */
#ifndef CPU_ISA_EXT_H
#define CPU_ISA_EXT_H

#include "bus/base.h"

enum ext {
#define EXT(id, string, meaning, state) EXT_##id,
#include "cpu/isa/ext.def"
#undef EXT
	EXT_COUNT
};

/* Sets of extensions. */
#define EXT_BIT(ext) ((u128)1 << (ext))
_Static_assert(EXT_COUNT < 128, "a set of extensions is 128 bits");

enum ext_state { EXT_OPT_IN, EXT_MAX, EXT_PROMISE, EXT_MODE, EXT_MODE_OPT_IN, EXT_QUIRK };

/* Returns whether the lists that software reads name the extension. */
static inline bool ext_is_named(enum ext_state state)
{
	return state == EXT_OPT_IN || state == EXT_MAX || state == EXT_PROMISE;
}

/* The set of those whose state is neither `a` nor `b`. */
#define EXT(id, string, meaning, state)                                                            \
	| EXT_BIT(EXT_##id) * (EXT_##state != a && EXT_##state != b)
static inline u128 ext_without(enum ext_state a, enum ext_state b)
{
	return (u128)0
#include "cpu/isa/ext.def"
		;
}
#undef EXT
/* All extensions that can be together: some of those that are opt-in exclude others. */
#define EXT_ALL ext_without(EXT_OPT_IN, EXT_QUIRK)
/* The set of -cpu max, which has nothing that is opt-in. */
#define EXT_DEFAULT (EXT_ALL & ext_without(EXT_MODE_OPT_IN, EXT_QUIRK))
/* All extensions, with those that exclude each other. */
#define EXT_EVERY (EXT_BIT(EXT_COUNT) - 1)

#endif
