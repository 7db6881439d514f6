/* SPDX-License-Identifier: MIT */
/*
 * Chooses which parts of the guest's vector registers are held in host registers, and tracks where
 * in the code they are (see held_vectors.h).
 */
#include "cpu/jit/held_vectors.h"
#include "cpu/jit/emitter.h"
#include "cpu/jit/gen.h"

/* Without AVX-512 fewer vector registers of the host are free for this. */
#define HELD_MOST_AVX2 5

/* Returns the vector register of the host that is reserved for a part. */
static unsigned vector_of(const struct gen *gen, unsigned n)
{
	return gen->f_in_hart ? XMM15 + 1 - HELD_MOST_AVX2 + n : XMM31 + 1 - HELD_MOST + n;
}

static bool is_in(const struct held_part *part, unsigned size, s64 at)
{
	return part->at == at && part->width >= size;
}

static bool overlaps(const struct held_part *part, unsigned size, s64 at)
{
	return part->at < at + size && at < part->at + part->width;
}

static void see(struct gen *gen, unsigned size, s64 at, int what)
{
	struct held *held = &gen->held;

	if (held->first_pass && held->seen_count < HELD_SEEN)
		held->seen[held->seen_count++] = (struct held_seen){
			.part = { (s16)at, (u16)size },
			.index = gen->insn->index,
			.what = what,
		};
}

struct x86_arg gen_held(struct gen *gen, unsigned size, s64 at)
{
	struct held *held = &gen->held;

	if (!gen->ungrouped) {
		see(gen, size, at, HELD_READ);
		for (unsigned n = 0; n < held->count; n++)
			if (held->now >> n & 1 && is_in(&held->part[n], size, at))
				return x86_reg(MAX(size, 16u), vector_of(gen, n));
	}
	return x86_at(size, ENV, ENV_OF(vector.v) + at);
}

static void move_to(const struct gen *gen, struct x86 *x, unsigned size, unsigned n,
		    struct x86_arg from)
{
	const struct x86_arg to = x86_reg(MAX(size, 16u), vector_of(gen, n));

	if (size == 8)
		X86(x, VMOVQ, to, from);
	else if (gen->f_in_hart)
		X86(x, VMOVDQU, to, from);
	else
		X86(x, VMOVDQU64, to, from);
}

unsigned gen_holder(const struct gen *gen, unsigned size, s64 at, unsigned reg)
{
	const struct held *held = &gen->held;

	for (unsigned n = 0; n < held->count && !gen->ungrouped; n++)
		if (held->part[n].at == at && held->part[n].width == size)
			return vector_of(gen, n);
	return reg;
}

void gen_hold(struct gen *gen, unsigned size, s64 at, unsigned reg)
{
	struct held *held = &gen->held;

	if (gen->ungrouped)
		return;
	see(gen, size, at, reg != X86_NONE && !held->may_be_skipped ? HELD_WRITE : HELD_SPOIL);
	for (unsigned n = 0; n < held->count; n++) {
		const struct held_part *part = &held->part[n];

		if (!overlaps(part, size, at))
			continue;
		held->now &= (u8)~BIT(n);
		if (reg == X86_NONE || held->may_be_skipped || part->at != at ||
		    part->width != size)
			continue;
		if (reg != vector_of(gen, n))
			move_to(gen, &gen->x, size, n, x86_reg(MAX(size, 16u), reg));
		held->now |= (u8)BIT(n);
		held->written |= (u8)BIT(n);
	}
}

void gen_clear_halves(struct gen *gen)
{
	struct held *held = &gen->held;

	if (!gen->f_in_hart)
		return;
	X86(&gen->x, VZEROUPPER);
	for (unsigned n = 0; n < held->count; n++)
		if (held->part[n].width > 16)
			held->now &= (u8)~BIT(n);
}

void gen_load_held(struct gen *gen, struct x86 *x, u8 parts)
{
	for (unsigned n = 0; n < gen->held.count; n++) {
		const struct held_part *part = &gen->held.part[n];

		if (parts >> n & 1)
			move_to(gen, x, part->width, n,
				x86_at(part->width, ENV, ENV_OF(vector.v) + part->at));
	}
}

void gen_drop_held(struct gen *gen, const struct insn *insn)
{
	gen->held.now = 0;
	gen->place[insn->index].drops = true;
}

void gen_transfer_held(struct gen *gen, const struct insn *insn)
{
	enum insn_class class = isa_ops[insn->op].class;

	if (class_is_vector(class) ? !gen->held.reports_writes :
				     class == CLASS_AMO || class >= CLASS_CSR)
		gen_drop_held(gen, insn);
}

/*
 * Writes the start of a loop, where the parts that the loop wants are loaded. Execution that
 * arrives from the previous instruction already has some of them in registers, and loads only the
 * others.
 */
static void begin_loop(struct gen *gen, struct insn_place *place)
{
	u8 held = gen->held.now & place->wants;
	u8 *over;

	gen_load_held(gen, &gen->x, place->wants & (u8)~held);
	if (!held)
		return;
	over = x86_jump(&gen->x, ZYDIS_MNEMONIC_JMP);
	place->code = gen->x.at;
	gen_load_held(gen, &gen->x, place->wants);
	x86_patch(over, gen->x.at);
}

void gen_place_held(struct gen *gen, struct insn_place *place)
{
	place->code = gen->x.at;
	if (!place->joined) {
		place->vectors = gen->held.now;
		return;
	}
	begin_loop(gen, place);
	place->inner = gen->x.at;
	gen->held.now = place->wants;
}

/* --- the choice --- */

/* A read in a loop counts as this many reads. */
#define LOOP_WORTH 8
#define CANDIDATES 64

struct candidate {
	struct held_part part;
	unsigned worth; /* how many loads are left out if it is held */
};

/*
 * Returns the index of the last instruction of the innermost loop that begins at `first`, or -1 if
 * none begins there.
 */
static int loop_end(struct gen *gen, unsigned first)
{
	const struct insn *insn = gen_insn(gen, first);

	for (unsigned n = first; n < gen->block->count; n++, insn = block_next(insn)) {
		const struct insn_place *to = NULL;

		if ((n > first && gen->place[n].joined) || gen->place[n].drops)
			return -1;
		if (isa_ops[insn->op].class == CLASS_BRANCH)
			to = gen_place_to(gen, insn);
		if (to == &gen->place[first])
			return (int)n;
	}
	return -1;
}

/*
 * Returns whether something that is held at the instruction `from` may be lost on the way to the
 * later instruction `to`.
 */
static bool is_lost(const struct gen *gen, unsigned from, unsigned to)
{
	for (; to > from; to--)
		if (gen->place[to].joined || gen->place[to - 1].drops)
			return true;
	return false;
}

/*
 * Returns the earlier write that covers all bytes of a read, if they are still held there; NULL if
 * there is none.
 */
static const struct held_seen *write_of(const struct gen *gen, const struct held_seen *read)
{
	for (const struct held_seen *seen = read; seen-- > gen->held.seen;) {
		if (seen->what == HELD_READ ||
		    !overlaps(&seen->part, read->part.width, read->part.at))
			continue;
		if (seen->what != HELD_WRITE || is_lost(gen, seen->index, read->index) ||
		    !is_in(&seen->part, read->part.width, read->part.at))
			return NULL;
		return seen;
	}
	return NULL;
}

static void add_candidate(struct candidate *candidates, const struct held_part *part,
			  unsigned worth)
{
	struct candidate *candidate = candidates;

	for (; candidate->worth; candidate++)
		if (candidate->part.at == part->at && candidate->part.width == part->width)
			break;
	if (candidate == candidates + CANDIDATES - 1)
		return;
	candidate->part = *part;
	candidate->worth += worth;
}

static void add_candidates(struct gen *gen, struct candidate *candidates)
{
	const struct held *held = &gen->held;
	int loop = -1; /* the last instruction of the latest loop; -1: there is none */

	for (unsigned n = 0, index = 0; n < held->seen_count; n++) {
		const struct held_seen *seen = &held->seen[n], *write;

		for (; index <= seen->index; index++)
			if (gen->place[index].joined)
				loop = loop_end(gen, index);
		if (seen->what != HELD_READ)
			continue;
		write = write_of(gen, seen);
		if (write)
			add_candidate(candidates, &write->part,
				      seen->index <= loop ? LOOP_WORTH : 1);
		else if (seen->index <= loop && (seen->part.width >= 16 || seen->part.at < 0))
			add_candidate(candidates, &seen->part, LOOP_WORTH);
	}
}

/*
 * Returns whether the loop that begins at `first` writes the bytes of the read before it reads
 * them.
 */
static bool is_written_in(const struct gen *gen, const struct held_seen *read, unsigned first)
{
	const struct held_seen *write = write_of(gen, read);

	return write && write->index >= first;
}

/*
 * Marks the parts that the loop which begins at `first` reads, so that they are held at its start.
 */
static void want(struct gen *gen, unsigned first)
{
	const struct held *held = &gen->held;
	int last = loop_end(gen, first);

	for (unsigned n = 0; n < held->seen_count; n++) {
		const struct held_seen *seen = &held->seen[n];

		if (seen->what != HELD_READ || seen->index < first || seen->index > last ||
		    is_written_in(gen, seen, first))
			continue;
		for (unsigned part = 0; part < held->count; part++)
			if (is_in(&held->part[part], seen->part.width, seen->part.at))
				gen->place[first].wants |= (u8)BIT(part);
	}
}

static void choose(struct gen *gen)
{
	struct candidate candidates[CANDIDATES] = { 0 };
	struct held *held = &gen->held;

	add_candidates(gen, candidates);
	while (held->count < (gen->f_in_hart ? HELD_MOST_AVX2 : HELD_MOST)) {
		struct candidate *best = candidates;

		for (unsigned n = 1; n < CANDIDATES; n++)
			if (candidates[n].worth > best->worth)
				best = &candidates[n];
		if (!best->worth)
			break;
		held->part[held->count++] = best->part;
		best->worth = 0;
		best->part.at = INT16_MAX;
	}
	for (unsigned n = 0; n < gen->block->count; n++)
		if (gen->place[n].joined)
			want(gen, n);
}

void gen_choose_held(struct gen *gen)
{
	struct x86 x = gen->x, cold = gen->cold;
	u32 exits = gen->jit->exit_count;

	gen->held.first_pass = gen->held.may_be_skipped = gen->held.reports_writes = false;
	gen->held.count = gen->held.seen_count = 0;
	gen->held.now = gen->held.written = 0;
	if (!(gen->block->key_mask & BLOCK_KEY_V_TYPE) ||
	    !(gen->jit->host.has_avx512 || gen->f_in_hart))
		return;
	gen->held.first_pass = true;
	gen_translate(gen, 0, gen->block->count - 1u);
	gen->held.first_pass = false;
	choose(gen);
	gen->x = x;
	gen->cold = cold;
	gen->jit->exit_count = exits;
	gen_begin(gen);
}
