/* SPDX-License-Identifier: MIT */
/*
 * Describes the state of a core of kind inorder, for saving and loading. The descriptions of the
 * units (state/) list the fields and bound each, so that no number from a file leads beyond an
 * array or keeps a loop running. Arrays whose lengths are parameters are added here.
 */
#include "cpu/timing/inorder/state.h"

#include <errno.h>
#include <stdio.h>

#define UNITS "cpu/timing/inorder/state/units.def"
#include "cpu/timing/fields/layouts.inc"

/*
 * Returns whether a loaded write buffer uses only words that the core has. Bytes in another one
 * would never be sent.
 */
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
	inorder_btb_loaded(&core->front.btb);
	inorder_wbuffer_loaded(&core->data.buffer);
	core->mmu.itlb.last = core->mmu.dtlb.last = core->mmu.stlb.last = NULL;
	return layout_holds(inorder_layout(), core) && buffer_fits(&core->data.buffer) ? 0 :
											 -EINVAL;
}

bool inorder_state_init(struct inorder_state *state, void (*pre_save)(void *core),
			int (*post_load)(void *core))
{
	bool good = layout_expand(inorder_layout(), post_load, &state->core);

	state->core.type.pre_save = pre_save;
	return good;
}

void inorder_state_free(struct inorder_state *state)
{
	layout_free(&state->core);
}

/* Adds an array whose length depends on the parameters. Each element has `size` bytes. */
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

/* Adds the pages of a TLB as numbers of 64 bits, because a page consists of nothing else. */
static void add_tlb(struct inorder_state *own, struct inorder_tlb *tlb, const char *what)
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
