/* SPDX-License-Identifier: MIT */
/*
 * The extensions of ext.def as numbers, and sets of them. model.h determines which set a machine
 * has.
 */
#ifndef CPU_ISA_EXT_H
#define CPU_ISA_EXT_H

#include "bus/base.h"

enum ext {
#define EXT(id, string, meaning, state) EXT_##id,
#include "cpu/isa/ext.def"
#undef EXT
	EXT_COUNT
};

enum ext_state {
	EXT_OPT_IN, EXT_MAX, EXT_PROMISE, EXT_LISTED, EXT_MODE, EXT_MODE_OPT_IN, EXT_QUIRK,
};

/* Return the name of an extension ("zba"; NULL after the last), its meaning, and its state. */
const char *ext_name(unsigned ext);
const char *ext_meaning(enum ext ext);
enum ext_state ext_state(enum ext ext);

/*
 * Return whether riscv,isa names an extension with this state in any case, and whether
 * riscv,isa-extensions does.
 */
static inline bool ext_is_in_isa(enum ext_state state)
{
	return state == EXT_OPT_IN || state == EXT_MAX;
}

static inline bool ext_is_named(enum ext_state state)
{
	return ext_is_in_isa(state) || state == EXT_PROMISE || state == EXT_LISTED;
}

/* A set of extensions is a value: extension n is bit n % 64 of word n / 64. */
#define EXT_WORDS 4
struct ext_set {
	u64 word[EXT_WORDS];
};
_Static_assert(EXT_COUNT <= 64 * EXT_WORDS, "a set of extensions is 256 bits");

#define EXT_NONE ((struct ext_set){ { 0 } })
/* A set of extensions, and a set with or without some: EXT_c, EXT_zcd and so on. */
#define EXT_SET(...)                                                                               \
	ext_set_of((const unsigned[]){ __VA_ARGS__ },                                              \
		   sizeof((const unsigned[]){ __VA_ARGS__ }) / sizeof(unsigned))
#define ext_with(set, ...) ext_union(set, EXT_SET(__VA_ARGS__))
#define ext_without(set, ...) ext_minus(set, EXT_SET(__VA_ARGS__))

static inline bool ext_has(struct ext_set set, unsigned ext)
{
	return set.word[ext / 64] >> ext % 64 & 1;
}

static inline struct ext_set ext_set_of(const unsigned *exts, size_t count)
{
	struct ext_set set = EXT_NONE;

	for (size_t n = 0; n < count; n++)
		set.word[exts[n] / 64] |= 1ull << exts[n] % 64;
	return set;
}

static inline struct ext_set ext_union(struct ext_set a, struct ext_set b)
{
	for (unsigned n = 0; n < EXT_WORDS; n++)
		a.word[n] |= b.word[n];
	return a;
}

static inline struct ext_set ext_common(struct ext_set a, struct ext_set b)
{
	for (unsigned n = 0; n < EXT_WORDS; n++)
		a.word[n] &= b.word[n];
	return a;
}

static inline struct ext_set ext_minus(struct ext_set a, struct ext_set b)
{
	for (unsigned n = 0; n < EXT_WORDS; n++)
		a.word[n] &= ~b.word[n];
	return a;
}

static inline bool ext_is_empty(struct ext_set set)
{
	return !(set.word[0] | set.word[1] | set.word[2] | set.word[3]);
}

static inline bool ext_is_within(struct ext_set part, struct ext_set whole)
{
	return ext_is_empty(ext_minus(part, whole));
}

static inline bool ext_equal(struct ext_set a, struct ext_set b)
{
	return ext_is_within(a, b) && ext_is_within(b, a);
}

/*
 * Returns the set of the extensions whose state is not in `states`, a set of bits: 1 << EXT_OPT_IN
 * and so on.
 */
static inline struct ext_set ext_in_no_state(unsigned states)
{
	struct ext_set set = EXT_NONE;

#define EXT(id, string, meaning, state)                                                            \
	set.word[EXT_##id / 64] |= (u64)(~states >> EXT_##state & 1) << EXT_##id % 64;
#include "cpu/isa/ext.def"
#undef EXT
	return set;
}

/* All extensions that can be combined. Some of those that are opt-in exclude others. */
#define EXT_TOGETHER ext_in_no_state(1 << EXT_OPT_IN | 1 << EXT_QUIRK)
/* The set of -cpu max, which has no opt-in extension. */
#define EXT_DEFAULT ext_in_no_state(1 << EXT_OPT_IN | 1 << EXT_QUIRK | 1 << EXT_MODE_OPT_IN)
/* All extensions, including those that exclude each other. */
#define EXT_EVERY ext_in_no_state(0)

#endif
