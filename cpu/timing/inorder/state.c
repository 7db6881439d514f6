/* SPDX-License-Identifier: MIT */
/*
 * The state of a core of kind inorder: every field by name with the largest value it may have, so
 * that nothing from a file leads out of an array or keeps a loop going.
 */
#include "cpu/timing/inorder/state.h"

#include "cpu/timing/layout_words.h"

#include <errno.h>
#include <stdio.h>

#define TYPE inorder_lesson
static const struct layout_field lesson_fields[] = {
	CYCLE(cycle), ANY(pc), ANY(target), NUMBER(counter, BHT_MAX - 1), ANY(what),
};
static const struct layout lesson_layout = LAYOUT(lesson_fields);
#undef TYPE

#define TYPE inorder_lessons
static const struct layout_field lessons_fields[] = {
	STRUCTS(ring, lesson_layout), NUMBER(first, INORDER_LESSONS_RING - 1),
	NUMBER(count, INORDER_LESSONS_MAX),
};
static const struct layout lessons_layout = LAYOUT(lessons_fields);
#undef TYPE

#define TYPE inorder_targets
static const struct layout_field targets_fields[] = {
	STRUCT(table, btb_layout), NUMBERS(pc, LAYOUT_ANY), NUMBERS(target, LAYOUT_ANY),
	CYCLES(used), CYCLE(lookups),
};
static const struct layout targets_layout = LAYOUT(targets_fields);
#undef TYPE

#define TYPE inorder_front
static const struct layout_field front_fields[] = {
	ANY(cache.lfsr.bits), STRUCT(bht, bht_layout), STRUCT(btb, targets_layout),
	STRUCT(ras, ras_layout), ANY(history), STRUCT(lessons, lessons_layout),
	ANY(known), ANY(word), CYCLE(at),
	FLAG(jumped), CYCLE(ask), CYCLE(busy), NUMBER(cause, TIMING_CAUSES - 1),
	NUMBER(restarted, TIMING_CAUSES - 1),
	CYCLES(popped), CYCLE(count), CYCLE(jumps), CYCLES(jump_popped), CYCLE(jump_pushed),
};
static const struct layout front_layout = LAYOUT(front_fields);
#undef TYPE

#define TYPE inorder_issue
static const struct layout_field issue_fields[] = {
	CYCLES(ready), CYCLES(popped), CYCLES(issued), CYCLES(retired), CYCLE(count), CYCLE(last),
	ANY(retiring), NUMBERS(together, LAYOUT_ANY), ANY(issuing), FLAG(branching), CYCLE(shared),
	CYCLE(behind_mul), CYCLE(mul), CYCLE(div), CYCLE(fdiv), CYCLE(fp_result),
};
static const struct layout issue_layout = LAYOUT(issue_fields);
#undef TYPE

#define TYPE inorder_word
static const struct layout_field word_fields[] = {
	ANY(number), CYCLE(ready), CYCLE(gone), ANY(bytes),
};
static const struct layout word_layout = LAYOUT(word_fields);
#undef TYPE

#define TYPE inorder_wbuffer
static const struct layout_field wbuffer_fields[] = {
	STRUCTS(words, word_layout), CYCLES(writes), CYCLE(count), CYCLE(sent),
	NUMBER(next, INORDER_WORDS_MAX - 1),
};
static const struct layout wbuffer_layout = LAYOUT(wbuffer_fields);
#undef TYPE

#define TYPE inorder_store
static const struct layout_field store_fields[] = { ANY(va), CYCLE(retired), CYCLE(entered) };
static const struct layout store_layout = LAYOUT(store_fields);
#undef TYPE

#define TYPE inorder_miss
static const struct layout_field miss_fields[] = { ANY(line), CYCLE(done) };
static const struct layout miss_layout = LAYOUT(miss_fields);
#undef TYPE

#define TYPE inorder_data
static const struct layout_field data_fields[] = {
	ANY(cache.lfsr.bits), STRUCT(buffer, wbuffer_layout), STRUCTS(stores, store_layout),
	CYCLE(count), CYCLE(entered), CYCLE(blocked),
	STRUCTS(misses, miss_layout), CYCLE(missing), NUMBER(cause, TIMING_CAUSES - 1),
};
static const struct layout data_layout = LAYOUT(data_fields);
#undef TYPE

#define TYPE inorder_lsu
static const struct layout_field lsu_fields[] = {
	CYCLES(left), CYCLE(accesses), NUMBER(cause, TIMING_CAUSES - 1),
};
static const struct layout lsu_layout = LAYOUT(lsu_fields);
#undef TYPE

#define TYPE inorder_stall
static const struct layout_field stall_fields[] = {
	NUMBERS(causes, TIMING_CAUSES - 1), NUMBER(reader, INORDER_REGISTERS - 1),
};
static const struct layout stall_layout = LAYOUT(stall_fields);
#undef TYPE

#define TYPE inorder
static const struct layout_field core_fields[] = {
	STRUCT(front, front_layout), STRUCT(issue, issue_layout), STRUCT(lsu, lsu_layout),
	STRUCT(data, data_layout),
	STRUCT(blame, stall_layout), CYCLE(mmu.itlb.lookups), CYCLE(mmu.dtlb.lookups),
	CYCLE(mmu.stlb.lookups), ANY(mmu.satp),
	ANY(mmu.vsatp), ANY(mmu.hgatp), ANY(mmu.after), ANY(memory.l2.lfsr.bits),
	FLAG(memory.missed_l2), CYCLE(memory.beat), CYCLE(records),
};
static const struct layout core_layout = LAYOUT(core_fields);
#undef TYPE

/* A buffer with bytes in words that it has not got would wait for ever. */
static bool buffer_fits(const struct inorder_wbuffer *buffer)
{
	for (u64 n = buffer->params->wbuffer_words; n < INORDER_WORDS_MAX; n++)
		if (buffer->words[n].bytes)
			return false;
	return buffer->next < buffer->params->wbuffer_words;
}

int inorder_state_loaded(struct inorder *core)
{
	tags_loaded(&core->front.cache.tags);
	tags_loaded(&core->data.cache.tags);
	tags_loaded(&core->memory.l2.tags);
	inorder_mmu_fetch_changed(&core->mmu);
	inorder_targets_loaded(&core->front.btb);
	inorder_wbuffer_loaded(&core->data.buffer);
	core->mmu.itlb.last = core->mmu.dtlb.last = core->mmu.stlb.last = NULL;
	return layout_holds(&core_layout, core) && buffer_fits(&core->data.buffer) ? 0 : -EINVAL;
}

bool inorder_state_init(struct inorder_state *state, void (*settle)(void *core),
			int (*loaded)(void *core))
{
	bool good = layout_expand(&core_layout, loaded, &state->core);

	state->core.type.settle = settle;
	return good;
}

void inorder_state_free(struct inorder_state *state)
{
	layout_free(&state->core);
}

/* An array of the machine's own size: `size` bytes an element. */
static void inorder_state_add(struct inorder_state *own, void *self, const char *what, u32 size,
			      size_t count)
{
	struct inorder_array *array = &own->array[own->arrays++];

	array->self = self;
	array->field = (struct state_field){ .name = what, .size = size, .count = (u32)count };
	array->type = (struct state_type){ .version = 1, .fields = &array->field, .count = 1 };
}

static void add_cache(struct inorder_state *own, struct inorder_cache *cache,
		      const char *const what[3])
{
	const struct tags *tags = &cache->tags;

	if (!tags->shape.sets)
		return;
	inorder_state_add(own, tags->lines, what[0], sizeof(*tags->lines), tags_places(tags));
	inorder_state_add(own, tags->valid, what[1], sizeof(*tags->valid), tags->shape.sets);
	inorder_state_add(own, cache->order, what[2], sizeof(*cache->order), tags_places(tags));
}

/* A page is nothing but numbers of 64 bits. */
static void add_tlb(struct inorder_state *own, struct inorder_lookaside *tlb, const char *what)
{
	_Static_assert(sizeof(struct inorder_page) == 6 * sizeof(u64), "no holes");
	if (tlb->entries)
		inorder_state_add(own, tlb->pages, what, sizeof(u64), (size_t)tlb->entries * 6);
}

void inorder_state_register(struct inorder *core, struct state *state, const char *name)
{
	static const char *const icache[] = { "i_lines", "i_valid", "i_order" };
	static const char *const dcache[] = { "d_lines", "d_valid", "d_order" };
	static const char *const l2[] = { "l2_lines", "l2_valid", "l2_order" };
	struct inorder_state *own = &core->state;
	char text[STATE_NAME_MAX];

	own->arrays = 0;
	add_cache(own, &core->front.cache, icache);
	add_cache(own, &core->data.cache, dcache);
	add_cache(own, &core->memory.l2, l2);
	add_tlb(own, &core->mmu.itlb, "itlb");
	add_tlb(own, &core->mmu.dtlb, "dtlb");
	add_tlb(own, &core->mmu.stlb, "stlb");
	state_register(state, name, &own->core.type, core);
	for (unsigned n = 0; n < own->arrays; n++) {
		snprintf(text, sizeof(text), "%s.%s", name, own->array[n].field.name);
		state_register(state, text, &own->array[n].type, own->array[n].self);
	}
}
