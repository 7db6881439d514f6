/* SPDX-License-Identifier: MIT */
/*
 * Prints page tables and TLBs. Pages of a page table that are adjacent in both address spaces, and
 * have the same attributes, are printed as one.
 */
#include "devices/board/inspect/inspect.h"

#include "cpu/debug/debug.h"
#include "cpu/mmu/peek.h"
#include "cpu/mmu/pte.h"
#include "cpu/mmu/regime.h"
#include "cpu/mmu/tlb.h"
#include "cpu/mmu/walk.h"
#include "devices/board/machine.h"

#define ENTRIES BIT(PTE_LEVEL_BITS)
/*
 * The limit of a list, in pages of tables that are visited and lines that are printed. Tables may
 * contain cycles, with leaves or without any. 64 GiB in pages of 4 KiB have 32768 tables.
 */
#define STEPS_MAX 50000
#define ATTRIBUTES 0xffu

/* A list of mappings being printed. */
struct listing {
	struct board *board;
	struct hart *hart;
	struct regime regime;
	struct regime below; /* only the G-stage, through which the tables are read */
	FILE *out;
	u64 va, pa, size, flags; /* consecutive pages so far, which the next page may extend */
	unsigned steps;
};

static void print_flags(u64 flags, FILE *out)
{
	static const char letters[] = "vrwxugad";

	for (unsigned n = 1; n < 8; n++)
		fputc(flags >> n & 1 ? letters[n] : '-', out);
	fputc('\n', out);
}

static void end_run(struct listing *list)
{
	if (list->size) {
		fprintf(list->out, "%016llx %016llx %016llx ", list->va, list->pa, list->size);
		print_flags(list->flags, list->out);
		list->steps++;
	}
	list->size = 0;
}

static void mappings_add(struct listing *list, u64 va, u64 pa, u64 size, u64 flags)
{
	if (list->size && list->va + list->size == va && list->pa + list->size == pa &&
	    list->flags == flags) {
		list->size += size;
		return;
	}
	end_run(list);
	list->va = va;
	list->pa = pa;
	list->size = size;
	list->flags = flags;
}

/*
 * Adds a leaf entry. In a Svnapot entry the low bits of the page number encode the size, and the
 * address takes them from `va`.
 */
static void add_leaf(struct listing *list, u64 va, u64 pte, unsigned level)
{
	u64 size = PAGE_SIZE << PTE_LEVEL_BITS * level;
	u64 pa = field_get(pte, PTE_PPN) << PAGE_SHIFT;
	u64 napot = 16 * PAGE_SIZE;

	if (pte & PTE_N && !level)
		pa = (pa & ~(napot - 1)) | (va & (napot - 1));
	mappings_add(list, va, pa, size, pte & ATTRIBUTES);
}

/* Lists a table of one page, whose first entry is for `va`. */
static void list_table(struct listing *list, u64 table, u64 va, unsigned level)
{
	const struct stage *stage = &list->regime.s1;
	const unsigned shift = PAGE_SHIFT + PTE_LEVEL_BITS * level;
	const bool is_signed = level + 1u == stage->levels && !stage->widen;
	u64 ptes[ENTRIES];

	list->steps++;
	if (!hart_peek_as(list->hart, &list->below, table, ptes, sizeof(ptes)))
		return;
	for (u64 n = 0; n < ENTRIES && list->steps < STEPS_MAX; n++) {
		u64 pte = ptes[n], at = va + (n << shift);

		if (is_signed)
			at = (u64)sext(at, shift + PTE_LEVEL_BITS);
		if (!(pte & PTE_V))
			continue;
		if (pte & (PTE_R | PTE_W | PTE_X))
			add_leaf(list, at, pte, level);
		else if (level)
			list_table(list, field_get(pte, PTE_PPN) << PAGE_SHIFT, at, level - 1);
	}
}

/*
 * Lists the VS-stage, or the only stage, whose tables are read through the G-stage, if there is
 * one. The root table of a G-stage has four pages.
 */
static void list_stage(struct listing *list)
{
	const struct stage *stage = &list->regime.s1;
	const unsigned shift = PAGE_SHIFT + PTE_LEVEL_BITS * stage->levels;

	fprintf(list->out, "%-16s %-16s %-16s attr\n", "vaddr", "paddr", "size");
	list->steps = 0;
	for (u64 n = 0; n < BIT(stage->widen); n++)
		list_table(list, stage->root + n * PAGE_SIZE, n << shift, stage->levels - 1u);
	end_run(list);
	if (list->steps >= STEPS_MAX)
		fprintf(list->out, "... and so on\n");
}

void board_info_mem(struct board *board, const struct board_memory *at, void *file)
{
	struct listing list = { .board = board, .out = file };
	struct stage guest;

	list.hart = board_space_regime(board, at, false, &list.regime);
	if (!list.hart) {
		fprintf(list.out, "No hart has VMID %u in hgatp\n", at->space.vmid);
		return;
	}
	list.below = list.regime;
	list.below.s1 = (struct stage){ 0 };
	guest = list.regime.s2;
	if (!list.regime.s1.levels && !guest.levels)
		fprintf(list.out, "No translation or protection\n");
	if (list.regime.s1.levels) {
		if (guest.levels)
			fprintf(list.out, "VS stage, to guest physical addresses:\n");
		list_stage(&list);
	}
	if (!guest.levels)
		return;
	fprintf(list.out, "G stage, from guest physical addresses:\n");
	list.regime.s1 = guest;
	list.below.s2 = (struct stage){ 0 };
	list_stage(&list);
}

/* --- the TLB --- */

static void print_entry(struct board *board, struct tlb_entry entry, FILE *out)
{
	const u64 tags[] = { entry.read, entry.write, entry.execute };
	u64 va = TLB_INVALID, pa;

	for (unsigned n = 0; n < ARRAY_SIZE(tags); n++)
		if (!(tags[n] & TLB_INVALID))
			va = tags[n];
	if (va & TLB_INVALID ||
	    !bus_physical(&board->platform.bus, (void *)(uintptr_t)(va + entry.addend), &pa))
		return;
	fprintf(out, "  %016llx: %016llx %c%c%c\n", va, pa, tags[0] == va ? 'r' : '-',
		tags[1] == va ? 'w' : '-', tags[2] == va ? 'x' : '-');
}

static void print_view(struct board *board, const struct tlb_view *view, FILE *out)
{
	const struct regime *regime = &view->regime;

	fprintf(out, "%s-mode, ASID %u, VMID %u, root 0x%llx%s:\n",
		priv_name(regime->priv, regime->virt), regime->asid, regime->vmid, regime->s1.root,
		view->stale ? ", all of it forgotten" : "");
	for (unsigned n = 0; n < TLB_ENTRIES && !view->stale; n++)
		print_entry(board, tlb_entry_of(view, n), out);
}

void board_info_tlb(struct board *board, unsigned index, void *file)
{
	const struct tlb *tlb = board->harts.hart[index]->tlb;

	for (unsigned n = 0; n < TLB_VIEWS; n++)
		if (tlb->view[n].selected)
			print_view(board, &tlb->view[n], file);
}

/* --- one address --- */

bool board_gva2gpa(struct board *board, const struct board_memory *at, u64 *gpa)
{
	struct regime regime;
	struct hart *hart = board_space_regime(board, at, false, &regime);
	struct access access = { .type = ACCESS_LOAD, .peek = true };
	struct walk_trace trace = { 0 };
	struct trap saved;
	bool good;

	if (!hart)
		return false;
	saved = hart->trap;
	good = walk_traced(hart, &regime, regime_address(&regime, at->addr), access, &trace);
	hart->trap = saved;
	*gpa = trace.xlat.pa;
	/*
	 * The last G-stage translation that is not an implicit access is that of the page itself.
	 */
	for (unsigned n = 0; n < trace.count; n++)
		if (trace.step[n].second && !trace.step[n].access.implicit)
			*gpa = trace.step[n].addr;
	return good;
}
