/* SPDX-License-Identifier: MIT */
/*
 * Lists native code for perf, which reads the text "START SIZE NAME" in lines, START and SIZE in
 * hexadecimal. Lines are never removed: where code was dropped and its place is used again, perf
 * has several names for the place.
 */
#include "cpu/jit/listing/listing.h"

#include "cpu/jit/gen.h"

#include <stdio.h>

#define NAME_MAX_SIZE 256

bool jit_stub(const struct jit *jit, unsigned n, struct jit_stub *stub)
{
	const struct jit_stubs *stubs = &jit->stubs;
	/* In the order of write_stubs. */
	const struct {
		const char *name;
		const u8 *at;
	} all[] = {
		{ "entry", jit->arena.write },
		{ "enter", jit_arena_write(&jit->arena, (const void *)stubs->enter) },
		{ "load_fp", stubs->load_fp }, { "save_fp", stubs->save_fp },
		{ "walk", stubs->walk },
		{ "refill", stubs->refill[0][0] },
		{ "end_strip", stubs->end_strip },
		{ "link", stubs->link }, { "leave_at", stubs->leave_at },
		{ "leave_pc", stubs->leave_pc }, { "find_pc", stubs->find_pc },
		{ "go_to_pc", stubs->go_to_pc },
		{ "ecall", stubs->ecall }, { "sret", stubs->sret },
		{ "sstatus", stubs->sstatus }, { "sum", stubs->sum },
		{ "sie", stubs->sie }, { "satp", stubs->satp },
		{ "call", stubs->call[0][0] }, { "call_fp", stubs->call[0][1] },
		{ "call_vector", stubs->call[1][0] }, { "call_vector_fp", stubs->call[1][1] },
		{ NULL, jit->arena.write + jit->stubs_end },
	};

	if (n + 1 >= ARRAY_SIZE(all))
		return false;
	*stub = (struct jit_stub){ all[n].name, all[n].at, all[n + 1].at };
	return true;
}

static void map_code(const struct jit *jit, const u8 *begin, const u8 *end, const char *name)
{
	char text[NAME_MAX_SIZE + 40];

	snprintf(text, sizeof(text), "%llx %llx %s\n",
		 (u64)(uintptr_t)jit_arena_run(&jit->arena, begin), (u64)(end - begin), name);
	jit->listing.perf_map(jit->listing.ctx, text);
}

void jit_list_stubs(const struct jit *jit)
{
	const struct jit_listing *listing = &jit->listing;
	struct jit_stub stub;
	char name[32];

	for (unsigned n = 0; listing->perf_map && jit_stub(jit, n, &stub); n++) {
		snprintf(name, sizeof(name), "baya:%s", stub.name);
		map_code(jit, stub.begin, stub.end, name);
	}
	if (listing->dump)
		jit_dump_stubs(jit);
	if (listing->dump || listing->perf_map)
		listing->done(listing->ctx);
}

static void map_block(const struct gen *gen, const char *name)
{
	map_code(gen->jit, gen->begin, gen->x.at, name);
	map_code(gen->jit, gen->cold_begin, gen->cold.at, name);
}

void jit_list_block(const struct gen *gen)
{
	const struct jit_listing *listing = &gen->jit->listing;
	char name[NAME_MAX_SIZE];

	if (!listing->perf_map && !listing->dump)
		return;
	listing->name(listing->ctx, gen->hart, name, sizeof(name));
	if (listing->dump)
		jit_dump_block(gen, name);
	if (!*name)
		snprintf(name, sizeof(name), "0x%llx", gen->block->pa);
	if (listing->perf_map)
		map_block(gen, name);
	listing->done(listing->ctx);
}
