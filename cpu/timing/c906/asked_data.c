/* SPDX-License-Identifier: MIT */
/* What a C906 asks of which the answer is an address, or that is about several; see asked.h. */
#include "cpu/timing/c906/asked_parts.h"

#include "cpu/timing/c906/dcache.h"
#include "cpu/timing/c906/mmu.h"

/* New places, for what an answer puts there; the first one's token. */
static u64 take_places(struct asker *asker, unsigned count)
{
	u64 token = asker_token(asker->places);

	asker->places += count;
	if (asker->places > PLACES - PLACES_A_CYCLE)
		asker_refuse(asker);
	return token;
}

u64 c906_ask_walk(const struct c906_env *env, u64 va, unsigned level, bool of_fetch)
{
	u64 token;

	if (likely(!env->asker))
		return c906_walk_begin(env, va, level);
	token = take_places(env->asker, 1);
	asker_ask(env->asker, &QUESTION(.kind = C906_ASK_WALK, .a = va,
			  .which = (u8)asker_token_place(token),
			  .b = level | (of_fetch ? OF_FETCH : 0)));
	return token;
}

unsigned c906_ask_pte(const struct c906_env *env, u64 *pointer, unsigned how)
{
	u64 from = *pointer;

	if (likely(!env->asker))
		return c906_walk_entry(env, pointer, how);
	*pointer = take_places(env->asker, 1);
	return (unsigned)asker_ask(env->asker, &QUESTION(.kind = C906_ASK_PTE, .a = from,
					   .which = (u8)asker_token_place(*pointer),
					   .b = how | (u64)reached(env) << WALK_REACHED));
}

u64 c906_place(const struct c906_env *env, u64 address)
{
	u64 token;

	if (!env->asker)
		return address;
	asker_refuse(env->asker);
	token = take_places(env->asker, 1);
	env->asker->place[asker_token_place(token)] = address;
	return token;
}

bool c906_ask_victim_dirty(const struct c906_env *env, u64 va, u64 *pa)
{
	if (likely(!env->asker))
		return c906_dcache_victim(env, va, pa)->dirty;
	*pa = take_places(env->asker, 1);
	return asker_ask(env->asker, &QUESTION(.kind = C906_ASK_VICTIM_DIRTY, .a = va,
				 .which = (u8)asker_token_place(*pa)));
}

int c906_ask_stream(const struct c906_env *env, u64 *va, u64 *pa)
{
	u64 token;

	if (likely(!env->asker))
		return c906_choose_stream(env, va, pa);
	token = take_places(env->asker, 2);
	*va = token;
	*pa = token + asker_token(1) - asker_token(0);
	return (int)asker_ask(env->asker, &QUESTION(.kind = C906_ASK_STREAM,
				      .which = (u8)asker_token_place(token)));
}

/* The places of two addresses, in one number. */
static u64 both_places(u64 a, u64 b)
{
	return asker_token_place(a) | asker_token_place(b) << PLACE_BITS;
}

u64 c906_ask_load(const struct c906_env *env, const struct c906_access *load)
{
	const struct memo_question question = {
		.kind = C906_ASK_LOAD, .b = load->pc,
		.a = env->asker ? both_places(load->va, load->pa) : 0,
	};
	if (likely(!env->asker))
		return c906_load(env, load);
	return c906_write_down(env->asker, &question);
}

bool c906_ask_stream_load(const struct c906_env *env, const struct c906_access *load, bool missed)
{
	if (likely(!env->asker))
		return c906_load_in_streams(env, load, missed);
	return asker_ask(env->asker, &QUESTION(.kind = C906_ASK_STREAM_LOAD, .b = load->pc,
				 .a = both_places(load->va, load->pa) |
				      (u64)missed << PLACES_END));
}

bool c906_ask_amr(const struct c906_env *env, const struct c906_access *store, bool missed)
{
	if (likely(!env->asker))
		return c906_store_in_amr(env, store, missed);
	return asker_ask(env->asker, &QUESTION(.kind = C906_ASK_AMR, .a = store->pa,
				 .b = store->size | (missed ? MISSED : 0)));
}

/* Those that there are, by eight. An address of code has no place. */
static u32 ask_same(struct asker *asker, u64 mask, u64 address, const u64 *others, unsigned count)
{
	bool data = asker_is_token(address);
	struct memo_question question = {
		.kind = data ? C906_ASK_SAME : C906_ASK_SAME_CODE, .how = MEMO_ALWAYS,
		.which = data ? (u8)asker_token_place(address) : 0, .a = data ? mask : address,
	};

	assert(data || mask == C906_SAME_WRITE_LINE);
	for (unsigned n = 0; n < PLACES_AT_ONCE; n++)
		question.b |= (n < count ? asker_token_place(others[n]) : NO_PLACE)
			      << n * PLACE_BITS;
	return (u32)asker_ask(asker, &question);
}

u32 c906_ask_same(const struct c906_env *env, u64 mask, u64 address, const u64 *others,
		  unsigned count)
{
	struct asker *asker = env->asker;
	u32 found = 0;

	for (unsigned n = 0; n < count; n++)
		if (likely(!asker))
			found |= (u32)!((others[n] ^ address) & mask) << n;
		else if (n % PLACES_AT_ONCE == 0)
			found |= ask_same(asker, mask, address, others + n, count - n) << n;
	return found;
}
