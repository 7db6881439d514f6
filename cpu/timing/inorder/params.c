/* SPDX-License-Identifier: MIT */
/* Finds parameters that contradict each other although each is within its limits. See params.h. */
#include "cpu/timing/inorder/params.h"

#include "cpu/timing/kind.h"

static bool is_power(u64 value)
{
	return value && !(value & (value - 1));
}

#define POWER(group, name)                                                                         \
	{ offsetof(struct inorder_params, group##_##name),                                         \
	  #group "." #name " must be a power of two" }

/* The parameters of level 2 come last, as they are not checked if there is no level 2. */
static const struct {
	size_t offset;
	const char *text;
} powers[] = {
	POWER(icache, sets), POWER(icache, line), POWER(dcache, sets), POWER(dcache, line),
	POWER(bht, entries), POWER(l2, sets), POWER(l2, line),
};
#define POWERS_OF_L2 2

static const char *odd_power(const struct inorder_params *params)
{
	unsigned count = ARRAY_SIZE(powers) - (params->l2_sets ? 0 : POWERS_OF_L2);
	const u64 *values = (const u64 *)params;

	for (unsigned n = 0; n < count; n++)
		if (!is_power(values[powers[n].offset / sizeof(u64)]))
			return powers[n].text;
	return NULL;
}

static const char *odd_cache(const struct inorder_params *params)
{
	if (params->icache_replacement == INORDER_RANDOM && !is_power(params->icache_ways))
		return "icache.ways must be a power of two where replacement is random";
	if (params->dcache_replacement == INORDER_RANDOM && !is_power(params->dcache_ways))
		return "dcache.ways must be a power of two where replacement is random";
	if (params->l2_replacement == INORDER_RANDOM && !is_power(params->l2_ways))
		return "l2.ways must be a power of two where replacement is random";
	if (params->l2_sets && params->l2_line < MAX(params->icache_line, params->dcache_line))
		return "l2.line must not be shorter than icache.line and dcache.line";
	return NULL;
}

/*
 * Returns what is wrong with the parameters of the vector unit, or NULL. If the core has no vector
 * unit, they are not read.
 */
static const char *odd_vector(const struct inorder_params *params)
{
	if (!params->vector_vlen)
		return NULL;
	if (!is_power(params->vector_vlen) || params->vector_vlen < 128)
		return "vector.vlen must be 0, 128, 256, 512 or 1024";
	if (!is_power(params->vector_dlen) || params->vector_dlen > params->vector_vlen)
		return "vector.dlen must be a power of two and at most vector.vlen";
	if (!is_power(params->vector_mlen))
		return "vector.mlen must be a power of two";
	if (params->dcache_policy != INORDER_BACK)
		return "vector.vlen must be 0 where dcache.policy is through";
	return NULL;
}

const char *inorder_contradiction(const u64 *values)
{
	const struct inorder_params *params = (const struct inorder_params *)values;
	const char *odd = odd_power(params);

	if (!odd)
		odd = odd_cache(params);
	if (!odd)
		odd = odd_vector(params);
	if (odd)
		return odd;
	if (!is_power(params->fetch_width) || params->fetch_width > params->icache_line)
		return "fetch.width must be a power of two and at most icache.line";
	if (!is_power(params->memory_width) ||
	    params->memory_width > MIN(params->icache_line, params->dcache_line))
		return "memory.width must be a power of two and at most icache.line and "
		       "dcache.line";
	if (!params->btb_tags && !is_power(params->btb_entries))
		return "btb.entries must be a power of two where btb.tags is no";
	if (params->load_address >= params->load_latency)
		return "load.address must be less than load.latency";
	if (params->issue_commit < params->issue_width)
		return "issue.commit must not be less than issue.width";
	return NULL;
}

u64 inorder_vlen(const u64 *values)
{
	return ((const struct inorder_params *)values)->vector_vlen;
}

/* Returns the most cycles by which a vector instruction delays later ones, without cache misses. */
static u64 vector_most(const struct inorder_params *params, u64 elements)
{
	u64 element = MAX(MAX(params->vector_div, params->vector_fdiv),
			  MAX(params->vector_gather, params->vector_freduce));

	element = MAX(element, MAX(params->vector_strided, params->vector_indexed));
	return params->vector_vlen ? elements * element : 0;
}

/*
 * The most cycles of a miss beyond the latencies of level 2 and memory. An instruction takes
 * longest if all its accesses miss and its unit is the slowest one.
 */
#define MISS_MOST 16

u64 inorder_most(const u64 *values, u64 elements)
{
	const struct inorder_params *params = (const struct inorder_params *)values;
	u64 miss = params->memory_latency + (params->l2_sets ? params->l2_latency : 0) + MISS_MOST;
	u64 division = params->div_latency + 64 / params->div_bits + 2 * params->div_sign;

	return TIMING_MISSES_MOST * miss + MAX(division, params->fpu_div64) +
	       params->load_misaligned + vector_most(params, elements);
}
