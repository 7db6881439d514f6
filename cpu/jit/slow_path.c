/* SPDX-License-Identifier: MIT */
/* Writes the slow paths of a block, which call the bodies of instructions (struct slow_path). */
#include "cpu/jit/emitter.h"
#include "cpu/jit/gen.h"
#include "cpu/jit/nan.h"
#include "cpu/jit/probe.h"

/*
 * Writes the search of the view for the address in RAX, with the index of its own page. If the view
 * has the page, execution continues at the access. Otherwise the index is in RCX, and the page of
 * the last byte in RDX, as retry.ask expects.
 */
static void write_far(struct x86 *x, const struct jit *jit, const struct slow_path *path)
{
	const struct emitter *emitter = &emitters[path->insn->op];
	u8 *missed;

	gen_write_page_check(x, jit, RAX, emitter_is_store(emitter), emitter->size);
	missed = x86_jump(x, ZYDIS_MNEMONIC_JNZ);
	gen_write_addend(x);
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JMP), path->retry.access);
	x86_patch(missed, x->at);
}

static void write_retry(struct x86 *x, const struct jit *jit, const struct slow_path *path)
{
	const struct retry *retry = &path->retry;
	unsigned base = x86_base(retry->at);
	s64 disp = retry->at.value;

	if (base != RAX || disp)
		X86(x, LEA, x86_reg(8, RAX), retry->at);
	if (retry->near)
		write_far(x, jit, path);
	if (retry->site >= 0)
		X86(x, MOV, x86_reg(4, RCX), x86_imm(retry->site));
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_CALL), retry->ask);
	/* LEA preserves the flags. */
	if (base == RAX && disp)
		X86(x, LEA, x86_reg(8, RAX), x86_at(8, RAX, -disp));
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JNZ), retry->access);
}

static void write_slow_path(struct gen *gen, const struct slow_path *path)
{
	const struct insn_place *place = &gen->place[path->insn->index],
				*next = place + 1 + path->more;
	const struct insn *insn = path->insn;
	struct x86 *x = &gen->cold;

	for (unsigned jump = 0; jump < path->jumps; jump++)
		x86_patch(path->jump[jump], path->place ? path->place->ungrouped : x->at);
	if (path->place)
		return;
	if (path->loop) {
		if (path->retry.access && path->retry.site >= 0)
			write_retry(x, gen->jit, path);
		if (!place->inside)
			gen_load_held(gen, x, place->vectors);
		gen_leave_strip(x, path->loop, gen_place_entry(place), path->repeats);
		return;
	}
	if (path->retry.access)
		write_retry(x, gen->jit, path);
	gen_replace_nans(gen, x, place);
	for (unsigned n = 0; n <= path->more; n++, insn = block_next(insn))
		gen_call_at(gen, x, insn);
	if (path->ungrouped || !next->inside)
		gen_load_held(gen, x, path->vectors);
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JMP),
		  path->ungrouped || !next->inside ? path->back : next->ungrouped);
}

void gen_write_slow_paths(struct gen *gen)
{
	for (unsigned n = 0; n < gen->slow_paths; n++)
		write_slow_path(gen, &gen->slow_path[n]);
}
