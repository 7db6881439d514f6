/* SPDX-License-Identifier: MIT */
/* The table of extensions. See ext.h. */
#include "cpu/isa/ext.h"

static const struct {
	const char *name, *meaning;
	enum ext_state state;
} table[EXT_COUNT] = {
#define EXT(id, string, meaning, state) { string, meaning, EXT_##state },
#include "cpu/isa/ext.def"
#undef EXT
};

const char *ext_name(unsigned ext)
{
	return ext < EXT_COUNT ? table[ext].name : NULL;
}

const char *ext_meaning(enum ext ext)
{
	return table[ext].meaning;
}

enum ext_state ext_state(enum ext ext)
{
	return table[ext].state;
}
