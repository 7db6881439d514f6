/* SPDX-License-Identifier: MIT */
/* What a C906 asks, and the answers; see actions.h. */
#include "cpu/timing/c906/actions_parts.h"
#include "cpu/timing/c906/lsu/answers.h"

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

static u64 fetch(const struct c906_env *env, u64 va, u64 how)
{
	const struct c906_pages *pages = &env->tables->learned.iutlb;
	const struct c906_page *page = &pages->page[pages->last];
	const struct c906_icache_line *line;
	u64 found = C906_FETCH_PAGE;
	u32 word;

	if (unlikely(!c906_page_covers(page, va, (u8)how)))
		page = c906_pages_look(pages, va, (u8)how);
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

static u64 fetch_pa(const struct c906_env *env, u64 va, u64 mode)
{
	const struct c906_page *page = c906_pages_look(pages_of(env, true), va, (u8)mode);

	return page ? c906_page_translate(page, va) : va;
}

static u64 memory(const struct c906_env *env, u64 pa)
{
	u32 word;

	if (!env->host.read(env->host.ctx, align_down(pa, 4), &word, sizeof(word)))
		return C906_NO_CODE;
	return word;
}

static u64 of_instructions(const struct c906_env *env, struct asker *asker,
			   const struct memo_question *question)
{
	switch (question->kind) {
	case C906_ASK_FETCH:
		return fetch(env, question->a, question->b);
	case C906_ASK_FETCH_TURN:
		return c906_pages_find(pages_of(env, true), question->a, (u8)question->b);
	case C906_ASK_FETCH_PA:
		return fetch_pa(env, question->a, question->b);
	case C906_ASK_MEMORY:
		if (asker)
			asker_reach(asker, question->which);
		return memory(env, question->a);
	case C906_ASK_LINE:
		return c906_icache_find(env, question->a, question->b) != NULL;
	case C906_ASK_LINE_BEGINS:
		c906_icache_begin(env, question->a);
		return 0;
	default:
		if (asker)
			asker_reach(asker, question->which);
		c906_icache_end(env, question->a, question->b);
		return 0;
	}
}

static void fill_pages(const struct c906_env *env, bool of_fetch, const struct c906_page *page)
{
	c906_pages_fill(pages_of(env, of_fetch), page);
	if (of_fetch)
		c906_all_fetches_change(env->tables);
}

static u64 of_pages(const struct c906_env *env, struct asker *asker,
		    const struct memo_question *question)
{
	u64 how = question->b, va = question->a;
	const struct c906_page *page;

	/* Addresses of code are themselves. */
	if (!(how & OF_FETCH))
		va = asker_resolve(asker, va);
	switch (question->kind) {
	case C906_ASK_WALKED:
	case C906_ASK_JTLB:
		if (question->kind == C906_ASK_WALKED)
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

static u64 of_walks(const struct c906_env *env, struct asker *asker,
		    const struct memo_question *question)
{
	u64 *place = &asker->place[question->which], how = question->b, pointer;
	unsigned result;

	if (question->kind == C906_ASK_WALK) {
		u64 va = how & OF_FETCH ? question->a : asker_resolve(asker, question->a);

		*place = c906_walk_begin(env, va, (u8)how);
		return 0;
	}
	asker_reach(asker, (unsigned)(how >> WALK_REACHED));
	pointer = asker_resolve(asker, question->a);
	result = c906_walk_entry(env, &pointer, (unsigned)how & (u8)-1);
	*place = pointer;
	return result;
}

static ALWAYS_INLINE bool is_same(const struct asker *asker, u64 address, u64 mask, u64 place)
{
	return !((placed(asker, place) ^ address) & mask);
}

/* A bit for each place where it is so, of which most often there is one; behind is NO_PLACE. */
static ALWAYS_INLINE u64 same(const struct asker *asker, u64 address, u64 mask, u64 places)
{
	u64 found = is_same(asker, address, mask, places);

	for (unsigned n = 1; unlikely((u8)(places >>= PLACE_BITS) != NO_PLACE); n++)
		found |= (u64)is_same(asker, address, mask, places) << n;
	return found;
}

static NOINLINE u64 of_data(const struct c906_env *env, struct asker *asker,
			    const struct memo_question *question)
{
	u64 va = placed(asker, question->a), pa = placed_next(asker, question->a);

	switch (question->kind) {
	case C906_ASK_ALIAS:
		return c906_alias_found(env, va, pa);
	case C906_ASK_MOVES:
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

static u64 of_learned(const struct c906_env *env, struct asker *asker,
		      const struct memo_question *question)
{
	struct c906_learned *learned = &env->tables->learned;

	switch (question->kind) {
	case C906_ASK_STREAM:
		return (u64)c906_choose_stream(env, &asker->place[question->which],
					  &asker->place[question->which + 1]);
	case C906_ASK_STREAM_STEP:
		return c906_prefetch_step(&learned->prefetcher, &env->params, (int)question->a);
	default:
		c906_prefetch_checked(&learned->prefetcher, (unsigned)question->a, question->b);
		return 0;
	}
}

/* Of a load, its pc is in the question; of a store, its size. */
static ALWAYS_INLINE struct c906_access access_of(const struct asker *asker,
						  const struct memo_question *question)
{
	return (struct c906_access){
		.va = placed(asker, question->a), .pa = placed_next(asker, question->a),
		.pc = question->b, .size = question->which,
	};
}

static NOINLINE u64 answer_seldom(const struct c906_env *env, struct asker *asker,
				  const struct memo_question *question)
{
	switch (question->kind) {
	case C906_ASK_SAME_CODE:
		return same(asker, question->a, C906_SAME_WRITE_LINE, question->b);
	case C906_ASK_DIVISION:
		return c906_divide(&env->tables->learned.divided, question->which,
				   asker_resolve(asker, question->a),
				   asker_resolve(asker, question->b));
	case C906_ASK_FETCH ... C906_ASK_LINE_ENDS:
		return of_instructions(env, asker, question);
	case C906_ASK_WALK ... C906_ASK_PTE:
		return of_walks(env, asker, question);
	default:
		return asker_answer(asker, question);
	}
}

static ALWAYS_INLINE u64 answer(const struct c906_env *env, struct asker *asker,
				const struct memo_question *question)
{
	struct c906_access access;

	switch (question->kind) {
	case C906_ASK_SAME:
		return same(asker, asker->place[question->which], question->a, question->b);
	case C906_ASK_PAGE:
		return c906_page_found(env, placed(asker, question->a), question->b);
	case C906_ASK_HIT:
		return c906_line_found(env, placed(asker, question->a),
				       placed_next(asker, question->a));
	case C906_ASK_LOAD:
		access = access_of(asker, question);
		return c906_load_found(env, &access);
	case C906_ASK_STORE:
		access = access_of(asker, question);
		return c906_store_found(env, &access);
	case C906_ASK_DIRTIES:
		return c906_line_dirties(env, placed(asker, question->a),
					 placed_next(asker, question->a));
	case C906_ASK_DATA_BEGIN:
		return c906_line_begins(env, placed(asker, question->a));
	case C906_ASK_DATA_END:
		return c906_line_ends(env, placed(asker, question->a),
				      placed_next(asker, question->a), question->which);
	case C906_ASK_VICTIM_DIRTY:
		return c906_victim_dirty(env, placed(asker, question->a),
					 &asker->place[question->which]);
	case C906_ASK_STREAM_LOAD:
		access = access_of(asker, question);
		return c906_load_in_streams(env, &access, question->a & MISSED);
	case C906_ASK_AMR:
		access = access_of(asker, question);
		return c906_store_in_amr(env, &access, question->a & MISSED);
	case C906_ASK_BTB:
		return c906_btb_ahead(&env->tables->learned.btb, question->a);
	case C906_ASK_BHT ... C906_ASK_BHT_SECOND:
		return c906_answer_bht(env, asker, question);
	case C906_ASK_JTLB ... C906_ASK_WALKED:
		return of_pages(env, asker, question);
	case C906_ASK_ALIAS ... C906_ASK_MOVES:
	case C906_ASK_VICTIM:
		return of_data(env, asker, question);
	case C906_ASK_STREAM ... C906_ASK_STREAM_CHECKED:
		return of_learned(env, asker, question);
	case C906_ASK_BTB_LEARN ... C906_ASK_RAS_CHANGE:
		return c906_answer_branch(env, question);
	case ASK_SAME ... C906_ASK_LINE_ENDS:
	case C906_ASK_WALK ... C906_ASK_PTE:
	case C906_ASK_SAME_CODE:
	case C906_ASK_DIVISION:
		return answer_seldom(env, asker, question);
	default: /* That is all, and need not be looked for. */
		__builtin_unreachable();
	}
}

static ALWAYS_INLINE u64 answer_along(void *ctx, const struct memo_question *question)
{
	struct asker *asker = ctx;

	return answer(asker->core, asker, question);
}

u64 c906_answer(void *asker, const struct memo_question *question)
{
	return answer_along(asker, question);
}

struct memo_leaf *c906_follow(struct recall *recall, const struct memo_piece *piece)
{
	return asker_follow(&recall->asker, piece, answer_along, recall->version);
}

void c906_recall_runs(struct recall *recall, const struct timing_run *run,
		       const struct timing_run *end)
{
	recall_along(recall, run, end, answer_along);
}

/*
 * After which questions an answer may be another one than it was; of those that are not here, after
 * any. To find a page has an effect, unless it was the last one that was found.
 */
#define KIND(name) BIT(C906_ASK_##name)
#define DATA_CHANGES (KIND(MOVES) | KIND(DATA_BEGIN) | KIND(DATA_END))
#define TARGETS_CHANGE (KIND(BTB_LEARN) | KIND(BTB_FORGET))
#define PAGES_CHANGE (KIND(JTLB) | KIND(PAGE_FILL) | KIND(WALKED))
static const u64 ends_answer[] = {
	[C906_ASK_FETCH] = KIND(FETCH_TURN) | KIND(LINE_BEGINS) | KIND(LINE_ENDS) | PAGES_CHANGE,
	[C906_ASK_BTB] = TARGETS_CHANGE,
	[C906_ASK_PAGE] = KIND(PAGE) | PAGES_CHANGE,
	[C906_ASK_HIT] = DATA_CHANGES,
	[C906_ASK_LOAD] = DATA_CHANGES, /* and a hit is not asked for again, */
	[C906_ASK_STORE] = DATA_CHANGES, /* nor here */
	[C906_ASK_ALIAS] = DATA_CHANGES | KIND(DIRTIES),
	[C906_ASK_DIVISION] = 0, /* the last kind */
};

const struct memo_op *c906_asked_before(const struct memo_tape *tape,
					const struct memo_question *question)
{
	u64 ends = ends_answer[question->kind];
	unsigned same = ends ? memo_tape_same(tape, question) : 0;

	if (!same)
		return NULL;
	for (u64 left = ends; left; left &= left - 1)
		if (tape->latest[__builtin_ctzll(left)] > same)
			return NULL;
	return &tape->op[same - 1];
}

u64 c906_write_down(struct asker *asker, const struct memo_question *question)
{
	const struct memo_op *before = c906_asked_before(&asker->tape, question);

	return before ? before->answer : asker_ask(asker, question);
}

/* Where nothing is written down, the compiler makes of this what answers it. */
static ALWAYS_INLINE u64 ask(const struct c906_env *env, struct memo_question question)
{
	if (likely(!env->asker))
		return answer(env, NULL, &question);
	return c906_write_down(env->asker, &question);
}

u64 c906_ask_fetch(const struct c906_env *env, u64 va, unsigned mode, unsigned reach)
{
	return ask(env, QUESTION(.kind = C906_ASK_FETCH, .how = MEMO_LASTS,
				 .group = c906_word_group(va), .a = va,
				 .b = mode | reach << REACH_SHIFT));
}

void c906_ask_fetch_turn(const struct c906_env *env, u64 va, unsigned mode)
{
	ask(env, QUESTION(.kind = C906_ASK_FETCH_TURN, .a = va, .b = mode));
}

u64 c906_ask_fetch_pa(const struct c906_env *env, u64 va, unsigned mode)
{
	return ask(env, QUESTION(.kind = C906_ASK_FETCH_PA, .a = va, .b = mode));
}

u32 c906_ask_memory(const struct c906_env *env, u64 pa)
{
	return (u32)ask(env, QUESTION(.kind = C906_ASK_MEMORY, .which = reached(env), .a = pa));
}

bool c906_ask_line(const struct c906_env *env, u64 va, u64 pa)
{
	return ask(env, QUESTION(.kind = C906_ASK_LINE, .a = va, .b = pa));
}

void c906_ask_line_begins(const struct c906_env *env, u64 va)
{
	ask(env, QUESTION(.kind = C906_ASK_LINE_BEGINS, .how = MEMO_CHANGES, .a = va));
}

void c906_ask_line_ends(const struct c906_env *env, u64 va, u64 pa)
{
	ask(env, QUESTION(.kind = C906_ASK_LINE_ENDS, .which = reached(env), .how = MEMO_CHANGES,
			  .a = va, .b = pa));
}

bool c906_ask_jtlb(const struct c906_env *env, u64 va, unsigned level, bool of_fetch, bool wanted)
{
	return ask(env, QUESTION(.kind = C906_ASK_JTLB, .how = MEMO_CHANGES, .a = va,
				 .b = level | (of_fetch ? OF_FETCH : 0) | (wanted ? WANTED : 0)));
}

void c906_ask_page_fill(const struct c906_env *env, u64 va, unsigned mode, bool of_fetch)
{
	ask(env, QUESTION(.kind = C906_ASK_PAGE_FILL, .how = MEMO_CHANGES, .a = va,
			  .b = mode | (of_fetch ? OF_FETCH : 0)));
}

u8 c906_ask_division(const struct c906_env *env, const struct c906_uop *uop, u64 a, u64 b)
{
	return (u8)ask(env, QUESTION(.kind = C906_ASK_DIVISION, .a = a, .b = b,
				     .which = (u8)((uop->is_signed ? C906_DIV_SIGNED : 0) |
						   (uop->is_word ? C906_DIV_WORD : 0))));
}

void c906_ask_walked(const struct c906_env *env, u64 va, unsigned level, bool of_fetch, bool wanted)
{
	ask(env, QUESTION(.kind = C906_ASK_WALKED, .how = MEMO_CHANGES, .a = va,
			  .b = level | (of_fetch ? OF_FETCH : 0) | (wanted ? WANTED : 0)));
}

bool c906_ask_stream_step(const struct c906_env *env, int granted)
{
	return ask(env, QUESTION(.kind = C906_ASK_STREAM_STEP, .a = (u64)granted));
}

void c906_ask_stream_checked(const struct c906_env *env, unsigned stream, bool present)
{
	ask(env, QUESTION(.kind = C906_ASK_STREAM_CHECKED, .a = stream, .b = present));
}
