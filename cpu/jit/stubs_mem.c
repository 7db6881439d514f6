/* SPDX-License-Identifier: MIT */
/*
 * The lookup in the second level of the TLB when an access of native code misses its view. It does
 * what refill() does: in a few instructions for loads, and by a call of C for stores, because these
 * mark pages.
 */
#include "cpu/jit/chunks.h"
#include "cpu/jit/gen.h"
#include "cpu/jit/probe.h"
#include "cpu/jit/stubs.h"
#include "cpu/mmu/mem.h"

/*
 * A site is reviewed after SITE_MISSES misses, by measuring SITE_SAMPLES of its runs. It pays if it
 * misses at most once in SITE_RUNS runs, because a miss costs the host that much more time than a
 * hit. If more than SITE_NEAR instructions are executed between its runs, sites bring little in the
 * whole block.
 */
#define SITE_MISSES UINT8_MAX /* site_left counts them */
#define SITE_SAMPLES 8
#define SITE_RUNS 8
#define SITE_NEAR 1000

#define TLB_OF(field) ((s64)offsetof(struct tlb, field))

/* Saves a pinned register to the place of its x register in the hart, or restores it from there. */
static void borrow(struct x86 *x, unsigned reg, bool back)
{
	unsigned n = 0;

	while (pin_x[n] != reg)
		n++;
	if (back)
		X86(x, MOV, x86_reg(8, reg), gen_x_in_hart(8, n));
	else
		X86(x, MOV, gen_x_in_hart(8, n), x86_reg(8, reg));
}

/*
 * Writes code that leaves in RSI the place where the second level would have the page in RDX, and
 * in RDX the tag. The salt is a multiple of the page size, so the number of the space, which is a
 * part of the tag, does not change the result of the hash.
 */
static void write_place(struct x86 *x)
{
	_Static_assert(sizeof(struct space_page) == 16, "16 bytes are skipped for each page");

	X86(x, MOV, x86_reg(8, RSI), x86_at(8, VIEW, VIEW_OF(probed)));
	X86(x, OR, x86_reg(8, RDX), x86_at(8, RSI, offsetof(struct space, number)));
	X86(x, MOV, x86_reg(8, RSI), x86_at(8, RSI, offsetof(struct space, salt)));
	X86(x, ADD, x86_reg(8, RSI), x86_reg(8, RDX));
	X86(x, SHR, x86_reg(8, RSI), x86_imm(PAGE_SHIFT - 4));
	X86(x, AND, x86_reg(4, RSI), x86_imm((TLB_SPACE_PAGES - 1) * 16));
	X86(x, ADD, x86_reg(8, RSI), x86_at(8, ENV, ENV_OF(tlb)));
}

/*
 * Makes the view's entry whose index is in RCX an entry for reads of the page in RDX, with the
 * addend in RSI.
 */
static void write_entry(struct x86 *x)
{
	_Static_assert(TLB_GROUP == 8, "a shift by 3 divides by it");

	X86(x, MOV, x86_indexed(8, VIEW, RCX, 8, VIEW_OF(read)), x86_reg(8, RDX));
	X86(x, MOV, x86_indexed(8, VIEW, RCX, 8, VIEW_OF(addend)), x86_reg(8, RSI));
	X86(x, MOV, x86_indexed(8, VIEW, RCX, 8, VIEW_OF(write)), x86_imm(TLB_INVALID));
	X86(x, MOV, x86_indexed(8, VIEW, RCX, 8, VIEW_OF(execute)), x86_imm(TLB_INVALID));
	X86(x, SHR, x86_reg(4, RCX), x86_imm(3));
	X86(x, MOV, x86_indexed(1, VIEW, RCX, 1, VIEW_OF(entered)), x86_imm(1));
}

/*
 * Writes a check of the address in RAX. Returns the jump that is taken if the access is misaligned;
 * NULL if it cannot be.
 */
static u8 *write_align_check(struct x86 *x, unsigned size)
{
	if (size == 1)
		return NULL;
	X86(x, TEST, x86_reg(1, RAX), x86_imm(size - 1));
	return x86_jump(x, ZYDIS_MNEMONIC_JNZ);
}

static void write_misaligned(struct x86 *x, u8 *misaligned)
{
	if (!misaligned)
		return;
	x86_patch(misaligned, x->at);
	X86(x, XOR, x86_reg(4, RDX), x86_reg(4, RDX));
	X86(x, RET);
}

/*
 * Writes the call of a function that finds the addend for the address in RAX, and that changes no
 * vector registers. Its result is left in RCX, and ZF is clear unless the result is 0. RDX and RCX
 * are further arguments of the function.
 */
static void write_ask(struct x86 *x, u64 function)
{
	X86(x, PUSH, x86_reg(8, RAX));
	stubs_move_x(x, true, false);
	X86(x, LEA, x86_reg(8, RDI), x86_at(8, ENV, -ENV_BIAS));
	X86(x, MOV, x86_reg(8, RSI), x86_reg(8, RAX));
	stubs_call_c(x, function);
	X86(x, MOV, x86_reg(8, RCX), x86_reg(8, RAX));
	stubs_move_x(x, false, false);
	X86(x, POP, x86_reg(8, RAX));
	X86(x, TEST, x86_reg(8, RCX), x86_reg(8, RCX));
	X86(x, RET);
}

static void write_load(struct x86 *x, unsigned size, const u8 *walk)
{
	u8 *misaligned = write_align_check(x, size), *missed, *denied;

	borrow(x, RSI, false);
	write_place(x);
	X86(x, CMP, x86_reg(8, RDX), x86_at(8, RSI, TLB_OF(spaces.page[0].tag)));
	missed = x86_jump(x, ZYDIS_MNEMONIC_JNZ);
	X86(x, MOV, x86_reg(8, RSI), x86_at(8, RSI, TLB_OF(spaces.page[0].addend)));
	X86(x, TEST, x86_at(2, VIEW, VIEW_OF(needs.read)), x86_reg(2, RSI));
	denied = x86_jump(x, ZYDIS_MNEMONIC_JZ);
	X86(x, AND, x86_reg(8, RDX), x86_imm((s64)PAGE_MASK));
	X86(x, AND, x86_reg(8, RSI), x86_imm((s64)PAGE_MASK));
	write_entry(x);
	X86(x, MOV, x86_reg(8, RCX), x86_reg(8, RSI));
	/* INC clears ZF, because the counter does not become 0. */
	X86(x, INC, x86_at(8, ENV, ENV_OF(tlb_stats.misses)));
	x86_patch(denied, x->at);
	borrow(x, RSI, true);
	X86(x, RET);
	write_misaligned(x, misaligned);
	x86_patch(missed, x->at);
	borrow(x, RSI, true);
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JMP), walk);
}

static void write_store(struct x86 *x, unsigned size)
{
	u8 *misaligned = write_align_check(x, size);

	write_ask(x, (u64)(uintptr_t)mem_refill_store);
	write_misaligned(x, misaligned);
}

/* Leaves in RDX the page of the last byte of the access at the address in RAX. */
static void write_page(struct x86 *x, unsigned size)
{
	X86(x, LEA, x86_reg(8, RDX), x86_at(8, RAX, size - 1));
	X86(x, AND, x86_reg(8, RDX), x86_imm((s64)PAGE_MASK));
}

/*
 * Makes the site remember the page in RDX and the addend in RCX, and clears ZF. When site_left
 * reaches 0, it sets ZF instead, so that the body is called and the site is reviewed. A strip calls
 * no bodies: there the last one that is left is kept for the checked code, in which it continues.
 */
static void write_enter_site(struct x86 *x, bool strip)
{
	const struct x86_arg left = x86_indexed(1, ENV, RAX, 1, ENV_OF(native.site_left));
	u8 *due;

	X86(x, PUSH, x86_reg(8, RAX));
	X86(x, MOV, x86_reg(4, RAX), x86_at(4, ENV, ENV_OF(native.site)));
	if (strip) {
		X86(x, CMP, left, x86_imm(1));
		due = x86_jump(x, ZYDIS_MNEMONIC_JZ);
		X86(x, DEC, left);
	} else {
		X86(x, DEC, left);
		due = x86_jump(x, ZYDIS_MNEMONIC_JZ);
	}
	X86(x, MOV, x86_indexed(8, VIEW, RAX, 8, VIEW_OF(site_page)), x86_reg(8, RDX));
	X86(x, MOV, x86_indexed(8, VIEW, RAX, 8, VIEW_OF(site_addend)), x86_reg(8, RCX));
	gen_note_sited(x, RDX);
	X86(x, POP, x86_reg(8, RAX));
	X86(x, OR, x86_reg(4, RDX), x86_imm(-1));
	X86(x, RET);
	x86_patch(due, x->at);
	if (!strip)
		X86(x, MOV, x86_at(1, ENV, ENV_OF(native.site_review_due)), x86_imm(1));
	X86(x, POP, x86_reg(8, RAX));
	X86(x, RET);
}

/*
 * Writes, after a jump that is taken if the view misses, the search of the second level by the stub
 * `refill`. The addend and the page are left in RCX and RDX.
 */
static void write_site_refill(struct x86 *x, const u8 *refill, unsigned size)
{
	u8 *found;

	X86(x, SUB, x86_reg(8, RSP), x86_imm(8));
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_CALL), refill);
	/* LEA preserves the flags. */
	X86(x, LEA, x86_reg(8, RSP), x86_at(8, RSP, 8));
	found = x86_jump(x, ZYDIS_MNEMONIC_JNZ);
	X86(x, RET);
	x86_patch(found, x->at);
	write_page(x, size);
}

/*
 * Writes the stub that a missing site calls: it looks for the page in the view and, unless the site
 * is in a strip, in the second level, whose stubs expect x registers in their usual places.
 */
static void write_site(struct x86 *x, const struct jit *jit, unsigned n, bool write, bool strip)
{
	const unsigned size = 1u << n;
	u8 *missed, *found;

	X86(x, MOV, x86_at(4, ENV, ENV_OF(native.site)), x86_reg(4, RCX));
	gen_write_page_check(x, jit, RAX, write, (s32)size);
	missed = x86_jump(x, ZYDIS_MNEMONIC_JNZ);
	gen_write_addend(x);
	found = x86_jump(x, ZYDIS_MNEMONIC_JMP);
	x86_patch(missed, x->at);
	if (strip) {
		X86(x, XOR, x86_reg(4, RDX), x86_reg(4, RDX));
		X86(x, RET);
	} else {
		write_site_refill(x, jit->stubs.refill[write][n], size);
	}
	x86_patch(found, x->at);
	write_enter_site(x, strip);
}

static void write_sites(struct x86 *x, struct jit *jit, bool strip)
{
	struct jit_stubs *stubs = &jit->stubs;

	for (unsigned n = 0; n < ARRAY_SIZE(stubs->site[0][0]); n++) {
		for (unsigned write = 0; write < ARRAY_SIZE(stubs->site[0]); write++) {
			stubs->site[strip][write][n] = x->at;
			write_site(x, jit, n, write, strip);
		}
	}
}

/*
 * Writes the stub that makes the span at RDX begin with the page of the address in RAX. It does
 * nothing if the span was replaced too often without being used. ECX tells whether the span is to
 * have many pages.
 */
static void write_span(struct x86 *x, bool write)
{
	u8 *exhausted;

	X86(x, CMP, x86_at(8, RDX, offsetof(struct tlb_span, left)), x86_imm(0));
	exhausted = x86_jump(x, ZYDIS_MNEMONIC_JZ);
	write_ask(x, (u64)(uintptr_t)(write ? mem_span_store : mem_span_load));
	x86_patch(exhausted, x->at);
	X86(x, RET);
}

/*
 * Makes the next access of the site miss, so that it is sampled: native code counts misses, but not
 * runs.
 */
static void sample_site(struct hart *hart, unsigned site)
{
	hart->data->site_page[site] = TLB_INVALID;
	hart->native.site_left[site] = 1;
	hart->native.judged[site].samples++;
}

/*
 * Notes how long a site's misses, or its last run, took. Returns whether there are enough samples
 * to judge it.
 */
static bool watch_site(struct hart *hart, struct native_site *site)
{
	const u64 steps = hart->steps - site->since;

	site->since = hart->steps;
	if (site->samples == 0) {
		site->missed = steps;
		site->ran = 0;
	} else {
		site->ran += steps;
	}
	return site->samples == SITE_SAMPLES;
}

/*
 * Returns a mask of the instructions of a block that are in none of its loops. An access of a loop
 * may run more often than the access whose site is reviewed.
 */
static u64 outside_loops(const struct block *block)
{
	u8 index[2 * BLOCK_INSNS_MAX] = { 0 }; /* by the offset of an instruction in halfwords */
	const struct insn *insn = block->insn;
	u64 inside = 0;

	for (unsigned n = 0; n < block->count; n++, insn = block_next(insn)) {
		index[insn->at] = insn->index;
		if (block_insn_jumps_back(insn))
			inside |= UINT64_MAX << index[insn->at + insn->imm / 2] &
				  ~(UINT64_MAX << n << 1);
	}
	return ~inside;
}

bool stubs_review_site(struct hart *hart, const struct insn *insn, struct block *block)
{
	struct native *native = &hart->native;
	struct native_site *site = &native->judged[native->site];
	u64 between;

	native->site_review_due = false;
	if (!watch_site(hart, site)) {
		sample_site(hart, native->site);
		return false;
	}
	site->samples = 0;
	native->site_left[native->site] = SITE_MISSES;
	between = site->ran / SITE_SAMPLES;
	if (site->missed / SITE_MISSES >= between * SITE_RUNS || !block->direct)
		return false;
	block->unsited |= BIT(insn->index) | (between > SITE_NEAR ? outside_loops(block) : 0);
	jit_drop_code(native->jit, block->code);
	/* The block is hot already: it is translated again at its next run. */
	block->countdown = 0;
	return true;
}

void stubs_write_refill(struct x86 *x, struct jit *jit)
{
	struct jit_stubs *stubs = &jit->stubs;

	stubs->walk = x->at;
	write_ask(x, (u64)(uintptr_t)mem_refill_load);
	for (unsigned n = 0; n < ARRAY_SIZE(stubs->refill[0]); n++) {
		stubs->refill[0][n] = x->at;
		write_load(x, 1u << n, stubs->walk);
		stubs->refill[1][n] = x->at;
		write_store(x, 1u << n);
	}
	write_sites(x, jit, false);
	write_sites(x, jit, true);
	for (unsigned write = 0; write < ARRAY_SIZE(stubs->span); write++) {
		stubs->span[write] = x->at;
		write_span(x, write);
	}
}
