/* SPDX-License-Identifier: MIT */
/* A C906's actions: performing them, and recording them; see actions.h. */
#include "cpu/timing/c906/actions_encoding.h"
#include "cpu/timing/c906/lsu/perform.h"

#include "cpu/timing/c906/ifu/bht.h"
#include "cpu/timing/c906/ifu/btb.h"
#include "cpu/timing/c906/ifu/ifu.h"
#include "cpu/timing/c906/lsu/lsu.h"
#include "cpu/timing/memo/replay_along.h"

#include <string.h>

static struct c906_pages *pages_of(const struct c906_env *env, bool fetch)
{
	struct c906_learned *learned = &env->tables->learned;

	return fetch ? &learned->iutlb : &learned->dutlb;
}

static u64 c906_actions_fetch(const struct c906_env *env, u64 va, u64 how)
{
	const struct c906_pages *pages = &env->tables->learned.iutlb;
	const struct c906_page *page = &pages->page[pages->last];
	const struct c906_icache_line *line;
	u64 found = C906_FETCH_PAGE;
	u32 word;

	if (unlikely(!c906_page_covers(page, va, (u8)how)))
		page = c906_pages_peek(pages, va, (u8)how);
	if (!page)
		return 0;
	if (c906_page_executes(page, how >> REACH_SHIFT))
		found |= C906_FETCH_EXECUTES;
	line = c906_icache_find(env, va, c906_page_translate(page, va));
	if (!line)
		return found;
	memcpy(&word, line->bytes + align_down(va, 4) % C906_LINE, sizeof(word));
	return found | C906_FETCH_LINE | word;
}

/*
 * A flag in the result of use_fetch_page(): pages overlap, so what is fetched depends on which page
 * was used last. Then results do not last beyond the use of another page, in this trace or the
 * next.
 */
#define PAGES_OVERLAP BIT(1)
static u64 use_fetch_page(const struct c906_env *env, u64 va, u64 mode)
{
	struct c906_pages *pages = pages_of(env, true);
	u8 last = pages->last;
	bool found = c906_pages_find(pages, va, (u8)mode);

	if (likely(!pages->overlap))
		return found;
	if (pages->last != last)
		c906_all_fetches_change(env->tables);
	return found | PAGES_OVERLAP;
}

static u64 fetch_pa(const struct c906_env *env, u64 va, u64 mode)
{
	const struct c906_page *page = c906_pages_peek(pages_of(env, true), va, (u8)mode);

	return page ? c906_page_translate(page, va) : va;
}

static u64 c906_actions_memory(const struct c906_env *env, u64 pa)
{
	u32 word;

	if (!env->host.read(env->host.ctx, align_down(pa, 4), &word, sizeof(word)))
		return C906_NO_CODE;
	return word;
}

static u64 of_instructions(const struct c906_env *env, struct actions *actions,
			   const struct memo_action *action)
{
	switch (action->kind) {
	case C906_ACTION_FETCH:
		return c906_actions_fetch(env, action->a, action->b);
	case C906_ACTION_FETCH_TURN:
		return use_fetch_page(env, action->a, action->b);
	case C906_ACTION_FETCH_PA:
		return fetch_pa(env, action->a, action->b);
	case C906_ACTION_MEMORY:
		if (actions)
			actions_reach(actions, action->which);
		return c906_actions_memory(env, action->a);
	case C906_ACTION_LINE:
		return c906_icache_find(env, action->a, action->b) != NULL;
	case C906_ACTION_LINE_BEGINS:
		c906_icache_begin(env, action->a);
		return 0;
	default:
		if (actions)
			actions_reach(actions, action->which);
		c906_icache_end(env, action->a, action->b);
		return 0;
	}
}

static void fill_pages(const struct c906_env *env, bool of_fetch, const struct c906_page *page)
{
	c906_pages_fill(pages_of(env, of_fetch), page);
	if (of_fetch)
		c906_all_fetches_change(env->tables);
}

static u64 of_pages(const struct c906_env *env, struct actions *actions,
		    const struct memo_action *action)
{
	u64 how = action->b, va = action->a;
	const struct c906_page *page;

	/* Addresses of code have no tokens. */
	if (!(how & OF_FETCH))
		va = actions_resolve(actions, va);
	switch (action->kind) {
	case C906_ACTION_WALKED:
	case C906_ACTION_JTLB:
		if (action->kind == C906_ACTION_WALKED)
			c906_walk_end(env, (u8)how);
		page = c906_jtlb_find(env, va, (u8)how);
		if (page && how & WANTED)
			fill_pages(env, how & OF_FETCH, page);
		return page != NULL;
	default:
		fill_pages(env, how & OF_FETCH,
			   &(struct c906_page){ .va = va, .mode = (u8)how, .valid = true });
		return 0;
	}
}

static u64 of_walks(const struct c906_env *env, struct actions *actions,
		    const struct memo_action *action)
{
	u64 *place = &actions->place[action->which], how = action->b, pointer;
	unsigned result;

	if (action->kind == C906_ACTION_WALK) {
		u64 va = how & OF_FETCH ? action->a : actions_resolve(actions, action->a);

		*place = c906_walk_begin(env, va, (u8)how);
		return 0;
	}
	actions_reach(actions, (unsigned)(how >> WALK_REACHED));
	pointer = actions_resolve(actions, action->a);
	result = c906_walk_entry(env, &pointer, (unsigned)how & (u8)-1);
	*place = pointer;
	return result;
}

static ALWAYS_INLINE bool is_same(const struct actions *actions, u64 address, u64 mask, u64 place)
{
	return !((placed(actions, place) ^ address) & mask);
}

/*
 * Returns a bit for each place whose address is equal. Most often there is one place; NO_PLACE
 * follows the last.
 */
static ALWAYS_INLINE u64 c906_actions_same(const struct actions *actions, u64 address, u64 mask,
					   u64 places)
{
	u64 found = is_same(actions, address, mask, places);

	for (unsigned n = 1; unlikely((u8)(places >>= PLACE_BITS) != NO_PLACE); n++)
		found |= (u64)is_same(actions, address, mask, places) << n;
	return found;
}

static NOINLINE u64 of_data(const struct c906_env *env, struct actions *actions,
			    const struct memo_action *action)
{
	u64 va = placed(actions, action->a), pa = placed_next(actions, action->a);

	switch (action->kind) {
	case C906_ACTION_ALIAS:
		return c906_alias_found(env, va, pa);
	case C906_ACTION_MOVES:
		return c906_alias_moves(env, va, pa);
	default:
		return c906_victim_found(env, va, pa);
	}
}

int c906_choose_stream(const struct c906_env *env, u64 *va, u64 *pa)
{
	const struct c906_prefetcher *prefetcher = &env->tables->learned.prefetcher;
	int n = c906_prefetch_first(prefetcher);

	if (n < 0)
		return -1;
	*va = c906_prefetch_address(&prefetcher->stream[n], prefetcher->stream[n].page_va);
	*pa = c906_prefetch_address(&prefetcher->stream[n], prefetcher->stream[n].page);
	return n;
}

static u64 of_learned(const struct c906_env *env, struct actions *actions,
		      const struct memo_action *action)
{
	struct c906_learned *learned = &env->tables->learned;

	switch (action->kind) {
	case C906_ACTION_STREAM:
		return (u64)c906_choose_stream(env, &actions->place[action->which],
					       &actions->place[action->which + 1]);
	case C906_ACTION_STREAM_STEP:
		return c906_prefetch_step(&learned->prefetcher, &env->params, (int)action->a);
	default:
		c906_prefetch_checked(&learned->prefetcher, (unsigned)action->a, action->b);
		return 0;
	}
}

/* Returns the access of an action, which has the pc of a load, or the size of a store. */
static ALWAYS_INLINE struct c906_access access_of(const struct actions *actions,
						  const struct memo_action *action)
{
	return (struct c906_access){
		.va = placed(actions, action->a), .pa = placed_next(actions, action->a),
		.pc = action->b, .size = action->which,
	};
}

static NOINLINE u64 perform_seldom(const struct c906_env *env, struct actions *actions,
				   const struct memo_action *action)
{
	switch (action->kind) {
	case C906_ACTION_SAME_CODE:
		return c906_actions_same(actions, action->a, C906_SAME_WRITE_LINE, action->b);
	case C906_ACTION_DIVISION:
		return c906_divide(&env->tables->learned.divided, action->which,
				   actions_resolve(actions, action->a),
				   actions_resolve(actions, action->b));
	case C906_ACTION_FETCH ... C906_ACTION_LINE_ENDS:
		return of_instructions(env, actions, action);
	case C906_ACTION_WALK ... C906_ACTION_PTE:
		return of_walks(env, actions, action);
	default:
		return actions_answer(actions, action);
	}
}

static ALWAYS_INLINE u64 c906_actions_perform(const struct c906_env *env, struct actions *actions,
					      const struct memo_action *action)
{
	struct c906_access access;

	switch (action->kind) {
	case C906_ACTION_SAME:
		return c906_actions_same(actions, actions->place[action->which], action->a,
					 action->b);
	case C906_ACTION_PAGE:
		return c906_page_found(env, placed(actions, action->a), action->b);
	case C906_ACTION_HIT:
		return c906_line_found(env, placed(actions, action->a),
				       placed_next(actions, action->a));
	case C906_ACTION_LOAD:
		access = access_of(actions, action);
		return c906_load_found(env, &access);
	case C906_ACTION_STORE:
		access = access_of(actions, action);
		return c906_store_found(env, &access);
	case C906_ACTION_DIRTIES:
		return c906_line_dirties(env, placed(actions, action->a),
					 placed_next(actions, action->a));
	case C906_ACTION_DATA_BEGIN:
		return c906_line_begins(env, placed(actions, action->a));
	case C906_ACTION_DATA_END:
		return c906_line_ends(env, placed(actions, action->a),
				      placed_next(actions, action->a), action->which);
	case C906_ACTION_VICTIM_DIRTY:
		return c906_victim_dirty(env, placed(actions, action->a),
					 &actions->place[action->which]);
	case C906_ACTION_STREAM_LOAD:
		access = access_of(actions, action);
		return c906_load_in_streams(env, &access, action->a & MISSED);
	case C906_ACTION_AMR:
		access = access_of(actions, action);
		return c906_store_in_amr(env, &access, action->a & MISSED);
	case C906_ACTION_BTB:
		return c906_btb_ahead(&env->tables->learned.btb, action->a);
	case C906_ACTION_BHT ... C906_ACTION_BHT_SECOND:
		return c906_perform_bht(env, actions, action);
	case C906_ACTION_JTLB ... C906_ACTION_WALKED:
		return of_pages(env, actions, action);
	case C906_ACTION_ALIAS ... C906_ACTION_MOVES:
	case C906_ACTION_VICTIM:
		return of_data(env, actions, action);
	case C906_ACTION_STREAM ... C906_ACTION_STREAM_CHECKED:
		return of_learned(env, actions, action);
	case C906_ACTION_BTB_LEARN ... C906_ACTION_RAS_CHANGE:
		return c906_perform_branch(env, action);
	case ACTION_SAME ... C906_ACTION_LINE_ENDS:
	case C906_ACTION_WALK ... C906_ACTION_PTE:
	case C906_ACTION_SAME_CODE:
	case C906_ACTION_DIVISION:
		return perform_seldom(env, actions, action);
	default: /* All other kinds are here, so the compiler need not check for more. */
		__builtin_unreachable();
	}
}

static ALWAYS_INLINE u64 perform_along(void *ctx, const struct memo_action *action)
{
	struct actions *actions = ctx;

	return c906_actions_perform(actions->core, actions, action);
}

static NOINLINE u64 perform_other(void *actions, const struct memo_action *action)
{
	return perform_along(actions, action);
}

/*
 * Performs an action outside of a replay's loop. All lasting results that are checked again are
 * words of code, and so are most results that are recorded.
 */
u64 c906_perform(void *ctx, const struct memo_action *action)
{
	const struct actions *actions = ctx;

	if (action->kind != C906_ACTION_FETCH)
		return perform_other(ctx, action);
	return c906_actions_fetch(actions->core, action->a, action->b);
}

struct memo_outcome *c906_follow(struct replay *replay, const struct memo_trace *trace)
{
	return actions_follow(&replay->actions, trace, perform_along, replay->version);
}

void c906_replay_runs(struct replay *replay, const struct timing_run *run,
		      const struct timing_run *end)
{
	replay_along(replay, run, end, perform_along);
}

/*
 * For each kind of action, the kinds after which its result may be different; for kinds that are
 * not listed, any kind. Looking a page up has an effect, unless it was the last one found.
 */
#define KIND(name) BIT(C906_ACTION_##name)
#define DATA_CHANGES (KIND(MOVES) | KIND(DATA_BEGIN) | KIND(DATA_END))
#define TARGETS_CHANGE (KIND(BTB_LEARN) | KIND(BTB_FORGET))
#define PAGES_CHANGE (KIND(JTLB) | KIND(PAGE_FILL) | KIND(WALKED))
static const u64 ends_answer[] = {
	[C906_ACTION_FETCH] = KIND(FETCH_TURN) | KIND(LINE_BEGINS) | KIND(LINE_ENDS) | PAGES_CHANGE,
	[C906_ACTION_BTB] = TARGETS_CHANGE,
	[C906_ACTION_PAGE] = KIND(PAGE) | PAGES_CHANGE,
	[C906_ACTION_HIT] = DATA_CHANGES,
	/* only a miss, which has no effect, is looked up again */
	[C906_ACTION_LOAD] = DATA_CHANGES,
	[C906_ACTION_STORE] = DATA_CHANGES, /* likewise */
	[C906_ACTION_ALIAS] = DATA_CHANGES | KIND(DIRTIES),
	[C906_ACTION_DIVISION] = 0, /* this is the last kind; 0: any kind */
};

const struct memo_step *c906_action_before(const struct memo_log *log,
					   const struct memo_action *action)
{
	u64 ends = ends_answer[action->kind];

	return ends ? memo_log_before(log, action, ends) : NULL;
}

u64 c906_log_action(struct actions *actions, const struct memo_action *action)
{
	const struct memo_step *before = c906_action_before(&actions->log, action);

	return before ? before->result : actions_do(actions, action);
}

/*
 * Performs an action, or records it. If nothing is recorded, the compiler replaces this by the code
 * that performs the action.
 */
static ALWAYS_INLINE u64 c906_do(const struct c906_env *env, struct memo_action action)
{
	if (likely(!env->actions))
		return c906_actions_perform(env, NULL, &action);
	return c906_log_action(env->actions, &action);
}

u64 c906_action_fetch(const struct c906_env *env, u64 va, unsigned mode, unsigned reach)
{
	return c906_do(env, ACTION(.kind = C906_ACTION_FETCH, .how = MEMO_LASTS,
				   .group = c906_word_group(va), .a = va,
				   .b = mode | reach << REACH_SHIFT));
}

void c906_action_fetch_turn(const struct c906_env *env, u64 va, unsigned mode)
{
	u8 how = pages_of(env, true)->overlap ? MEMO_CHANGES : 0;

	c906_do(env, ACTION(.kind = C906_ACTION_FETCH_TURN, .how = how, .a = va, .b = mode));
}

u64 c906_action_fetch_pa(const struct c906_env *env, u64 va, unsigned mode)
{
	return c906_do(env, ACTION(.kind = C906_ACTION_FETCH_PA, .a = va, .b = mode));
}

u32 c906_action_memory(const struct c906_env *env, u64 pa)
{
	return (u32)c906_do(env,
			    ACTION(.kind = C906_ACTION_MEMORY, .which = reached(env), .a = pa));
}

bool c906_action_line(const struct c906_env *env, u64 va, u64 pa)
{
	return c906_do(env, ACTION(.kind = C906_ACTION_LINE, .a = va, .b = pa));
}

void c906_action_line_begins(const struct c906_env *env, u64 va)
{
	c906_do(env, ACTION(.kind = C906_ACTION_LINE_BEGINS, .how = MEMO_CHANGES, .a = va));
}

void c906_action_line_ends(const struct c906_env *env, u64 va, u64 pa)
{
	c906_do(env, ACTION(.kind = C906_ACTION_LINE_ENDS, .which = reached(env),
			    .how = MEMO_CHANGES, .a = va, .b = pa));
}

bool c906_action_jtlb(const struct c906_env *env, u64 va, unsigned level, bool of_fetch,
		      bool wanted)
{
	return c906_do(env, ACTION(.kind = C906_ACTION_JTLB, .how = MEMO_CHANGES, .a = va,
				   .b = level | (of_fetch ? OF_FETCH : 0) | (wanted ? WANTED : 0)));
}

void c906_action_page_fill(const struct c906_env *env, u64 va, unsigned mode, bool of_fetch)
{
	c906_do(env, ACTION(.kind = C906_ACTION_PAGE_FILL, .how = MEMO_CHANGES, .a = va,
			    .b = mode | (of_fetch ? OF_FETCH : 0)));
}

u8 c906_action_division(const struct c906_env *env, const struct c906_uop *uop, u64 a, u64 b)
{
	return (u8)c906_do(env, ACTION(.kind = C906_ACTION_DIVISION, .a = a, .b = b,
				       .which = (u8)((uop->is_signed ? C906_DIV_SIGNED : 0) |
						     (uop->is_word ? C906_DIV_WORD : 0))));
}

void c906_action_walked(const struct c906_env *env, u64 va, unsigned level, bool of_fetch,
			bool wanted)
{
	c906_do(env, ACTION(.kind = C906_ACTION_WALKED, .how = MEMO_CHANGES, .a = va,
			    .b = level | (of_fetch ? OF_FETCH : 0) | (wanted ? WANTED : 0)));
}

bool c906_action_stream_step(const struct c906_env *env, int granted)
{
	return c906_do(env, ACTION(.kind = C906_ACTION_STREAM_STEP, .a = (u64)granted));
}

void c906_action_stream_checked(const struct c906_env *env, unsigned stream, bool present)
{
	c906_do(env, ACTION(.kind = C906_ACTION_STREAM_CHECKED, .a = stream, .b = present));
}
