/* SPDX-License-Identifier: MIT */
/*
 * Finds where the datum of an access is in the host's memory. The lookup in the TLB view is inline
 * code; a miss that the second level cannot resolve calls the body.
 */
#include "cpu/jit/probe.h"

#include "cpu/jit/loop/prefetch.h"
#include "cpu/jit/near_access.h"
#include "cpu/jit/timed/noted.h"
#include "cpu/mmu/mem.h"

struct x86_arg gen_datum(unsigned size, const struct address *at)
{
	return x86_indexed(size, at->base, at->index, at->index != X86_NONE, at->disp);
}

/*
 * Returns a register that holds rs1 + imm: that of rs1 if imm is 0 and rs1 is pinned, otherwise
 * RAX.
 */
static unsigned read_address(struct gen *gen, const struct insn *insn, s64 imm)
{
	unsigned base = gen_source(gen, RAX, insn->rs1);

	if (!imm)
		return base;
	X86(&gen->x, LEA, x86_reg(8, RAX), x86_at(8, base, imm));
	return RAX;
}

void gen_write_index(struct x86 *x, const struct jit *jit, unsigned at)
{
	if (jit->host.has_bextr) {
		X86(x, BEXTR, x86_reg(4, RCX), x86_reg(4, at), x86_reg(4, VIEW));
		return;
	}
	X86(x, MOV, x86_reg(4, RCX), x86_reg(4, at));
	X86(x, SHR, x86_reg(4, RCX), x86_imm(PAGE_SHIFT));
	X86(x, AND, x86_reg(4, RCX), x86_imm(TLB_ENTRIES - 1));
}

void gen_write_addend(struct x86 *x)
{
	X86(x, MOV, x86_reg(8, RCX), x86_indexed(8, VIEW, RCX, 8, VIEW_OF(addend)));
}

static s64 tag_of(bool write)
{
	return write ? VIEW_OF(write) : VIEW_OF(read);
}

void gen_write_tag_check(struct x86 *x, unsigned page, bool write)
{
	X86(x, CMP, x86_reg(8, page), x86_indexed(8, VIEW, RCX, 8, tag_of(write)));
}

/* Does what gen_write_page_check does, with the entry whose index is in RCX. */
static void check_entry(struct x86 *x, unsigned at, bool write, s32 size)
{
	unsigned scratch = at == RDX ? RAX : RDX;

	/* A MOV is cheaper than LEA: the host eliminates it by register renaming. */
	if (size > 1)
		X86(x, LEA, x86_reg(8, scratch), x86_at(8, at, size - 1));
	else
		X86(x, MOV, x86_reg(8, scratch), x86_reg(8, at));
	X86(x, AND, x86_reg(8, scratch), x86_imm((s64)PAGE_MASK));
	gen_write_tag_check(x, scratch, write);
}

void gen_write_page_check(struct x86 *x, const struct jit *jit, unsigned at, bool write, s32 size)
{
	gen_write_index(x, jit, at);
	check_entry(x, at, write, size);
}

/*
 * Writes the check of an access, or of a group that begins with it, of `size` bytes at the address
 * in `at`. Leaves the entry's index in RCX.
 */
static void check_page(struct gen *gen, const struct insn *insn, unsigned at, bool write, s32 size)
{
	if (gen_is_near(gen, insn))
		gen_write_near_index(gen, insn);
	else
		gen_write_index(&gen->x, gen->jit, at);
	check_entry(&gen->x, at, write, size);
}

/*
 * Does what gen_write_page_check does, for a single access that must be aligned: a misaligned one
 * never hits.
 */
static void write_aligned_check(struct x86 *x, const struct jit *jit, unsigned at, bool write,
				unsigned size)
{
	gen_write_index(x, jit, at);
	X86(x, MOV, x86_reg(8, RDX), x86_imm((s64)(PAGE_MASK | (size - 1))));
	X86(x, AND, x86_reg(8, RDX), x86_reg(8, at));
	X86(x, CMP, x86_reg(8, RDX), x86_indexed(8, VIEW, RCX, 8, tag_of(write)));
}

/* Returns whether consecutive pages have different entries in a view. */
static bool tags_distinguish_pages(void)
{
	return TLB_ENTRIES > 1;
}

bool gen_is_misaligned_fast(const struct gen *gen)
{
	return tags_distinguish_pages() && mem_misaligned_hits(gen->hart);
}

/*
 * Returns the number of an access's site. Each access remembers the page that it accessed last, and
 * looks in the TLB only when it accesses another one, as inline caches do for the targets of calls
 * (Deutsch and Schiffman, "Efficient Implementation of the Smalltalk-80 System"). The view stores
 * what is remembered, indexed by this number. Accesses near each other have different numbers; some
 * that are far from each other share one.
 */
static unsigned site_of(u64 pa, bool write, unsigned sites)
{
	return (unsigned)((pa >> 1 ^ pa >> 10) % (sites / 2)) + (write ? sites / 2 : 0);
}

unsigned gen_site(u64 pa, bool write)
{
	return site_of(pa, write, TLB_SITES);
}

void gen_note_sited(struct x86 *x, unsigned page)
{
	X86(x, MOV, x86_at(1, VIEW, VIEW_OF(has_sites)), x86_imm(1));
	X86(x, SHR, x86_reg(4, page), x86_imm(PAGE_SHIFT));
	X86(x, AND, x86_reg(4, page), x86_imm(TLB_SITED - 1));
	X86(x, MOV, x86_indexed(1, VIEW, page, 1, VIEW_OF(sited)), x86_imm(1));
}

s64 gen_span_at(const struct gen *gen, const struct insn *insn, bool write)
{
	unsigned span = site_of(gen->block->pa + insn->at * 2u, write, TLB_SPANS);

	return VIEW_OF(span) + (s64)(span * sizeof(struct tlb_span));
}

void gen_span_begin(struct gen *gen, const struct insn *insn, bool write, u8 **jumps)
{
	const s64 span = gen_span_at(gen, insn, write);
	struct x86 *x = &gen->x;

	gen_read_x(gen, RAX, insn->rs1);
	X86(x, MOV, x86_reg(8, RDX), x86_at(8, VIEW, span + (s64)offsetof(struct tlb_span, last)));
	X86(x, SUB, x86_reg(8, RDX), x86_reg(8, RAX));
	jumps[0] = x86_jump(x, ZYDIS_MNEMONIC_JB);
	X86(x, CMP, x86_reg(8, RAX), x86_at(8, VIEW, span + (s64)offsetof(struct tlb_span, begin)));
	jumps[1] = x86_jump(x, ZYDIS_MNEMONIC_JB);
}

void gen_span_find(struct gen *gen, const struct insn *insn, bool write, bool many)
{
	X86(&gen->x, LEA, x86_reg(8, RDX), x86_at(8, VIEW, gen_span_at(gen, insn, write)));
	X86(&gen->x, MOV, x86_reg(4, RCX), x86_imm(many));
	x86_patch(x86_jump(&gen->x, ZYDIS_MNEMONIC_CALL), gen->jit->stubs.span[write]);
}

/*
 * Compares the page with the one that the site remembers. A misaligned access never hits, because
 * it might cross a page boundary.
 */
static struct address probe_site(struct gen *gen, const struct insn *insn, bool write,
				 unsigned size)
{
	unsigned site = site_of(gen->block->pa + insn->at * 2u, write, TLB_SITES);
	unsigned base = gen_source(gen, RAX, insn->rs1);
	struct x86 *x = &gen->x;

	if (insn->imm)
		X86(x, LEA, x86_reg(8, RDX), x86_at(8, base, insn->imm));
	else
		X86(x, MOV, x86_reg(8, RDX), x86_reg(8, base));
	X86(x, AND, x86_reg(8, RDX), x86_imm((s64)(PAGE_MASK | (size - 1))));
	X86(x, CMP, x86_reg(8, RDX), x86_at(8, VIEW, VIEW_OF(site_page) + 8 * (s64)site));
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
	X86(x, MOV, x86_reg(8, RCX), x86_at(8, VIEW, VIEW_OF(site_addend) + 8 * (s64)site));
	gen->slow_path[gen->slow_paths].retry = (struct retry){
		.access = x->at,
		.ask = gen->jit->stubs.site[gen->loops.strip != NULL][write][__builtin_ctz(size)],
		.at = x86_at(8, base, insn->imm),
		.site = (s32)site,
	};
	return (struct address){ RCX, (u8)base, insn->imm };
}

/*
 * Returns whether the access has a site. In a strip it has none unless it also has one in checked
 * code, where sites are reviewed.
 */
static bool is_sited(const struct gen *gen, const struct insn *insn)
{
	return gen_is_misaligned_fast(gen) && !gen->ungrouped && !noted_is(gen->block) &&
	       !gen_is_grouped(gen, insn) && !(gen->block->unsited >> insn->index & 1);
}

struct address gen_probe(struct gen *gen, const struct insn *insn, bool write, unsigned size,
			 bool atomic)
{
	struct x86 *x = &gen->x;
	unsigned at;

	if (!atomic && is_sited(gen, insn))
		return probe_site(gen, insn, write, size);
	at = read_address(gen, insn, atomic ? 0 : insn->imm);
	if (!atomic && gen_is_misaligned_fast(gen))
		check_page(gen, insn, at, write, (s32)size);
	else
		write_aligned_check(x, gen->jit, at, write, size);
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
	gen_write_addend(x);
	/* The page table must not be walked here: the model has to observe the walk. */
	if (noted_is(gen->block))
		return gen_run_access(gen, insn, at, write, size);
	gen->slow_path[gen->slow_paths].retry = (struct retry){
		.access = x->at,
		.ask = gen->jit->stubs.refill[write][__builtin_ctz(size)],
		.at = x86_at(8, at, 0),
		.site = -1,
		.near = gen_is_near(gen, insn),
	};
	return (struct address){ RCX, (u8)at, 0 };
}

/* Writes the check, at the first access of a group, that all bytes of the group are in one page. */
static void probe_group(struct gen *gen, const struct insn *insn, bool write,
			const struct group *group)
{
	unsigned at = read_address(gen, insn, group->low);
	struct x86 *x = &gen->x;

	check_page(gen, insn, at, write, group->high - group->low);
	gen->slow_path[gen->slow_paths].place = &gen->place[insn->index];
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
	gen_write_addend(x);
	X86(x, ADD, x86_reg(8, RCX), x86_reg(8, at));
	if (group->kept)
		X86(x, MOV, x86_at(8, ENV, gen_group_slot(gen, group)), x86_reg(8, RCX));
}

/*
 * Leaves the host's address of the group's first byte in RCX, and returns the address of the
 * access.
 */
static struct address find_grouped(struct gen *gen, const struct insn *insn, bool write,
				   const struct group *group)
{
	if (group->first == insn->index)
		probe_group(gen, insn, write, group);
	else if (!gen->place[insn->index].rcx_group)
		X86(&gen->x, MOV, x86_reg(8, RCX), x86_at(8, ENV, gen_group_slot(gen, group)));
	return (struct address){ RCX, X86_NONE, insn->imm - group->low };
}

/* Returns the address of an access of a strip, whose page was checked before the strip. */
static struct address find_streamed(struct gen *gen, const struct insn *insn, unsigned stream)
{
	unsigned pin = gen->pin[PIN_STREAM + stream];
	struct address address = { RCX, (u8)gen_source(gen, RAX, insn->rs1), insn->imm };

	if (pin != X86_NONE) {
		address.base = (u8)pin;
	} else {
		if (gen->loops.rcx_stream != stream + 1)
			X86(&gen->x, MOV, x86_reg(8, RCX), x86_at(8, ENV, gen_stream_slot(stream)));
		gen->loops.rcx_stream = stream + 1;
	}
	gen_prefetch_ahead(gen, stream, &address);
	return address;
}

struct address gen_find_datum(struct gen *gen, const struct insn *insn, bool write, unsigned size)
{
	unsigned stream = gen_stream(gen, insn);
	const struct group *group = gen_group_of(gen, insn);

	if (stream)
		return find_streamed(gen, insn, stream - 1);
	gen->loops.rcx_stream = 0;
	if (group)
		return find_grouped(gen, insn, write, group);
	return gen_probe(gen, insn, write, size, false);
}
