/* SPDX-License-Identifier: MIT */
/*
 * A C906's actions whose result is an address, or which concern several addresses; see actions.h.
 */
#include "cpu/timing/c906/actions_encoding.h"
#include "cpu/timing/c906/lsu/perform.h"

u64 c906_reserve_places(struct actions *actions, unsigned count)
{
	u64 token = actions_token(actions->places);

	actions->places += count;
	if (actions->places > PLACES - PLACES_A_CYCLE)
		actions_refuse(actions);
	return token;
}

u64 c906_action_walk(const struct c906_env *env, u64 va, unsigned level, bool of_fetch)
{
	u64 token;

	if (likely(!env->actions))
		return c906_walk_begin(env, va, level);
	token = c906_reserve_places(env->actions, 1);
	actions_do(env->actions, &ACTION(.kind = C906_ACTION_WALK, .a = va,
					 .which = (u8)actions_token_place(token),
					 .b = level | (of_fetch ? OF_FETCH : 0)));
	return token;
}

unsigned c906_action_pte(const struct c906_env *env, u64 *pointer, unsigned how)
{
	u64 from = *pointer;

	if (likely(!env->actions))
		return c906_walk_entry(env, pointer, how);
	*pointer = c906_reserve_places(env->actions, 1);
	return (unsigned)actions_do(env->actions,
				    &ACTION(.kind = C906_ACTION_PTE, .a = from,
					    .which = (u8)actions_token_place(*pointer),
					    .b = how | (u64)reached(env) << WALK_REACHED));
}

u64 c906_place(const struct c906_env *env, u64 address)
{
	u64 token;

	if (!env->actions)
		return address;
	actions_refuse(env->actions);
	token = c906_reserve_places(env->actions, 1);
	env->actions->place[actions_token_place(token)] = address;
	return token;
}

bool c906_action_victim_dirty(const struct c906_env *env, u64 va, u64 *pa)
{
	if (likely(!env->actions))
		return c906_victim_dirty(env, va, pa);
	*pa = c906_reserve_places(env->actions, 1);
	return actions_do(env->actions,
			  &ACTION(.kind = C906_ACTION_VICTIM_DIRTY, .a = c906_actions_place_of(va),
				  .which = (u8)actions_token_place(*pa)));
}

int c906_action_stream(const struct c906_env *env, u64 *va, u64 *pa)
{
	u64 token;

	if (likely(!env->actions))
		return c906_choose_stream(env, va, pa);
	token = c906_reserve_places(env->actions, 2);
	*va = token;
	*pa = token + actions_token(1) - actions_token(0);
	return (int)actions_do(env->actions, &ACTION(.kind = C906_ACTION_STREAM,
						     .which = (u8)actions_token_place(token)));
}

/*
 * Performs an action about two addresses, while actions are recorded, unless its result is known.
 */
static u64 act_on_address(const struct c906_env *env, unsigned kind, u64 va, u64 pa)
{
	const struct memo_action action = { .kind = (u8)kind, .a = both_places(va, pa) };

	return c906_log_action(env->actions, &action);
}

u64 c906_action_page(const struct c906_env *env, u64 va, unsigned mode, unsigned size, bool stores)
{
	struct memo_action action = {
		.kind = C906_ACTION_PAGE,
		.b = mode | size << C906_PAGE_SIZE_SHIFT | (stores ? 7 << C906_PAGE_LOW_SHIFT : 0),
	};

	if (likely(!env->actions))
		return c906_page_found(env, va, action.b);
	action.a = c906_actions_place_of(va);
	return c906_log_action(env->actions, &action);
}

u64 c906_action_hit(const struct c906_env *env, u64 va, u64 pa)
{
	return likely(!env->actions) ? c906_line_found(env, va, pa) :
				       act_on_address(env, C906_ACTION_HIT, va, pa);
}

u64 c906_action_alias(const struct c906_env *env, u64 va, u64 pa)
{
	return likely(!env->actions) ? c906_alias_found(env, va, pa) :
				       act_on_address(env, C906_ACTION_ALIAS, va, pa);
}

void c906_action_moves(const struct c906_env *env, u64 va, u64 pa)
{
	if (likely(!env->actions))
		c906_alias_moves(env, va, pa);
	else
		act_on_address(env, C906_ACTION_MOVES, va, pa);
}

void c906_action_dirties(const struct c906_env *env, u64 va, u64 pa)
{
	if (likely(!env->actions))
		c906_line_dirties(env, va, pa);
	else
		act_on_address(env, C906_ACTION_DIRTIES, va, pa);
}

void c906_action_data_begin(const struct c906_env *env, u64 va)
{
	if (likely(!env->actions))
		c906_line_begins(env, va);
	else
		act_on_address(env, C906_ACTION_DATA_BEGIN, va, 0);
}

void c906_action_data_end(const struct c906_env *env, u64 va, u64 pa, bool dirty)
{
	if (likely(!env->actions))
		c906_line_ends(env, va, pa, dirty);
	else
		actions_do(env->actions, &ACTION(.kind = C906_ACTION_DATA_END, .which = dirty,
						 .a = both_places(va, pa)));
}

u64 c906_action_victim_tag(const struct c906_env *env, u64 va, u64 ahead)
{
	return likely(!env->actions) ? c906_victim_found(env, va, ahead) :
				       act_on_address(env, C906_ACTION_VICTIM, va, ahead);
}

/*
 * Performs an action of a load or store that has effects, while actions are recorded. A load's pc,
 * or a store's size, is part of it.
 */
static u64 act_on_access(const struct c906_env *env, unsigned kind,
			 const struct c906_access *access, bool missed)
{
	struct memo_action action = {
		.kind = (u8)kind, .a = both_places(access->va, access->pa) | (missed ? MISSED : 0),
	};

	if (c906_access_stores(access))
		action.which = access->size;
	else
		action.b = access->pc;
	return c906_log_action(env->actions, &action);
}

u64 c906_action_load(const struct c906_env *env, const struct c906_access *load)
{
	return likely(!env->actions) ? c906_load_found(env, load) :
				       act_on_access(env, C906_ACTION_LOAD, load, false);
}

u64 c906_action_store(const struct c906_env *env, const struct c906_access *store)
{
	return likely(!env->actions) ? c906_store_found(env, store) :
				       act_on_access(env, C906_ACTION_STORE, store, false);
}

bool c906_action_stream_load(const struct c906_env *env, const struct c906_access *load,
			     bool missed)
{
	return likely(!env->actions) ? c906_load_in_streams(env, load, missed) :
				       act_on_access(env, C906_ACTION_STREAM_LOAD, load, missed);
}

bool c906_action_amr(const struct c906_env *env, const struct c906_access *store, bool missed)
{
	return likely(!env->actions) ? c906_store_in_amr(env, store, missed) :
				       act_on_access(env, C906_ACTION_AMR, store, missed);
}

/* Compares an address with up to seven others. An address of code has no place. */
static u32 act_same(struct actions *actions, u64 mask, u64 address, const u64 *others,
		    unsigned count)
{
	bool data = actions_is_token(address);
	struct memo_action action = {
		.kind = data ? C906_ACTION_SAME : C906_ACTION_SAME_CODE, .how = MEMO_ALWAYS,
		.which = data ? (u8)actions_token_place(address) : 0, .a = data ? mask : address,
	};

	assert(data || mask == C906_SAME_WRITE_LINE);
	count = MIN(count, PLACES_AT_ONCE);
	for (unsigned n = 0; n <= PLACES_AT_ONCE; n++)
		action.b |= (n < count ? actions_token_place(others[n]) : NO_PLACE)
			    << n * PLACE_BITS;
	return (u32)actions_do(actions, &action);
}

u32 c906_action_same(const struct c906_env *env, u64 mask, u64 address, const u64 *others,
		     unsigned count)
{
	struct actions *actions = env->actions;
	u32 found = 0;

	for (unsigned n = 0; n < count; n++)
		if (likely(!actions))
			found |= (u32) !((others[n] ^ address) & mask) << n;
		else if (n % PLACES_AT_ONCE == 0)
			found |= act_same(actions, mask, address, others + n, count - n) << n;
	return found;
}
