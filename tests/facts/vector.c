/* SPDX-License-Identifier: MIT */
/* Names of facts that are about vectors (see vector.h). */
#include "tests/facts/vector.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

bool vector_config_set(struct vector_config *config, const char *name, u64 value)
{
	if (!strcmp(name, "vlen"))
		config->vlen = (unsigned)value;
	else if (!strcmp(name, "rvv_ta_all_1s"))
		config->tail_ones = value;
	else if (!strcmp(name, "rvv_ma_all_1s"))
		config->mask_ones = value;
	else if (!strcmp(name, "rvv_vl_half_avl"))
		config->half_avl = value;
	else
		return false;
	return true;
}

bool vector_config_equal(const struct vector_config *a, const struct vector_config *b)
{
	return a->vlen == b->vlen && a->tail_ones == b->tail_ones && a->mask_ones == b->mask_ones &&
	       a->half_avl == b->half_avl;
}

u8 *vector_element(struct vector_state *vector, const char *name)
{
	unsigned long number, part = 0;
	char *end;

	if (*name != 'v' || !isdigit((unsigned char)name[1]))
		return NULL;
	number = strtoul(name + 1, &end, 10);
	if (*end == '.')
		part = strtoul(end + 1, &end, 10);
	if (*end || number >= VECTOR_REGISTERS || part >= vector->vlenb / 8)
		return NULL;
	return vector_register(vector, (unsigned)number) + 8 * part;
}

void vector_symbols(struct symbols *symbols)
{
	static const struct {
		const char *name;
		u64 value;
	} parts[] = {
		{ "E8", 0 << 3 }, { "E16", 1 << 3 }, { "E32", 2 << 3 }, { "E64", 3 << 3 },
		{ "M1", 0 }, { "M2", 1 }, { "M4", 2 }, { "M8", 3 },
		{ "MF8", 5 }, { "MF4", 6 }, { "MF2", 7 },
		{ "TA", VTYPE_VTA }, { "MA", VTYPE_VMA }, { "VILL", VTYPE_VILL },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(parts); n++)
		symbol_set(symbols, parts[n].name, parts[n].value);
}
