/* SPDX-License-Identifier: MIT */
/* Values that contradict each other, though each is within its limits. See params.h. */
#include "cpu/timing/inorder/params.h"

static bool is_power(u64 value)
{
	return value && !(value & (value - 1));
}

#define POWER(group, name)                                                                         \
	{ offsetof(struct inorder_params, group##_##name),                                         \
	  #group "." #name " must be a power of two" }

/* Those of level 2 come last: it may be absent. */
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

const char *inorder_contradiction(const u64 *values)
{
	const struct inorder_params *params = (const struct inorder_params *)values;
	const char *odd = odd_power(params);

	if (!odd)
		odd = odd_cache(params);
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
