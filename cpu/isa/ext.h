/* SPDX-License-Identifier: MIT */
/* The extensions of ext.def as numbers, and sets of them. Which set a machine has: model.h. */
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

/* Do lists that software reads name it? */
static inline bool ext_is_named(enum ext_state state)
{
	return state == EXT_OPT_IN || state == EXT_MAX || state == EXT_PROMISE;
}


/* Those whose state is not `a`, nor `b`. */
#define EXT(id, string, meaning, state)                                                            \
	| EXT_BIT(EXT_##id) * (EXT_##state != a && EXT_##state != b)
static inline u128 ext_without(enum ext_state a, enum ext_state b)
{
	return (u128)0
#include "cpu/isa/ext.def"
		;
}
#undef EXT
/* All that can be together: some of those that are opt-in exclude others. */
#define EXT_ALL ext_without(EXT_OPT_IN, EXT_QUIRK)
/* Without all that is opt-in: -cpu max. */
#define EXT_DEFAULT (EXT_ALL & ext_without(EXT_MODE_OPT_IN, EXT_QUIRK))
/* And those that are opt-in. */
#define EXT_EVERY (EXT_BIT(EXT_COUNT) - 1)

#endif
