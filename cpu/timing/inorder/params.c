/* SPDX-License-Identifier: MIT */
/* Which values cannot be those of a core, though each is within its limits. See params.h. */
#include "cpu/timing/inorder/params.h"

static bool is_power(u64 value)
{
	return value && !(value & (value - 1));
}

static const char *odd_cache(const struct inorder_params *params)
{
	if (!is_power(params->icache_sets) || !is_power(params->icache_line))
		return "icache.sets and icache.line must be powers of two";
	if (!is_power(params->dcache_sets) || !is_power(params->dcache_line))
		return "dcache.sets and dcache.line must be powers of two";
	if (params->l2_sets && (!is_power(params->l2_sets) || !is_power(params->l2_line)))
		return "l2.sets and l2.line must be powers of two";
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
	const char *odd = odd_cache(params);

	if (odd)
		return odd;
	if (!is_power(params->fetch_width) || params->fetch_width > params->icache_line)
		return "fetch.width must be a power of two and at most icache.line";
	if (!is_power(params->memory_width) ||
	    params->memory_width > MIN(params->icache_line, params->dcache_line))
		return "memory.width must be a power of two and at most icache.line and "
		       "dcache.line";
	if (!is_power(params->bht_entries))
		return "bht.entries must be a power of two";
	if (!params->btb_tags && !is_power(params->btb_entries))
		return "btb.entries must be a power of two where btb.tags is no";
	if (params->load_address >= params->load_latency)
		return "load.address must be less than load.latency";
	if (params->issue_commit < params->issue_width)
		return "issue.commit must not be less than issue.width";
	return NULL;
}
