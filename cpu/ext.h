/* SPDX-License-Identifier: MIT */
/* The extensions of ext.def as numbers, and sets of them. Which set a machine has: model.h. */
#ifndef CPU_EXT_H
#define CPU_EXT_H

#include "bus/base.h"

enum ext {
#define EXT(id, string, meaning, state) EXT_##id,
#include "cpu/ext.def"
#undef EXT
	EXT_COUNT
};

/* Sets of extensions. */
#define EXT_BIT(ext) ((u128)1 << (ext))
_Static_assert(EXT_COUNT < 128, "a set of extensions is 128 bits");

enum ext_state { EXT_OPT_IN, EXT_MAX, EXT_PROMISE, EXT_MODE, EXT_QUIRK };

/* Do lists that software reads name it? */
static inline bool ext_is_named(enum ext_state state)
{
	return state != EXT_MODE && state != EXT_QUIRK;
}


/* All but those that are opt-in, some of which exclude others. */
#define EXT(id, string, meaning, state)                                                            \
	| EXT_BIT(EXT_##id) * (EXT_##state != EXT_OPT_IN && EXT_##state != EXT_QUIRK)
static inline u128 ext_all(void)
{
	return (u128)0
#include "cpu/ext.def"
		;
}
#undef EXT
#define EXT_ALL ext_all()
/* And those that are opt-in. */
#define EXT_EVERY (EXT_BIT(EXT_COUNT) - 1)

#endif
