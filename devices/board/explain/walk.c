/* SPDX-License-Identifier: MIT */
/*
 * Explains the way of an access from its address to the device: the steps that walk_traced()
 * records, the PMP region that pmp_match() finds, and the target on the bus.
 */
#include "cpu/mmu/pmp.h"
#include "cpu/mmu/regime.h"
#include "devices/board/explain/explanation.h"

static const char *const type_names[] = {
	[ACCESS_LOAD] = "load", [ACCESS_STORE] = "store", [ACCESS_FETCH] = "fetch",
};

/* Prints the bits of an entry in the manual's order, as in "DAGUXWRV". */
static void print_flags(FILE *out, u64 pte)
{
	static const char letters[] = "DAGUXWRV";

	for (unsigned n = 0; n < 8; n++)
		fputc(pte >> (7 - n) & 1 ? letters[n] : '-', out);
	if (pte >> 63)
		fputs(" N", out);
	if (pte >> 61 & 3)
		fprintf(out, " PBMT=%u", (unsigned)(pte >> 61 & 3));
}

static void print_rights(FILE *out, unsigned rights)
{
	fprintf(out, "%c%c%c", rights & PMP_R ? 'r' : '-', rights & PMP_W ? 'w' : '-',
		rights & PMP_X ? 'x' : '-');
}

/*
 * Prints which PMP region decides on a physical address, and its rights. Returns whether they
 * include all of `needed`.
 */
static bool print_pmp(const struct explain *e, u64 pa, unsigned size, u8 priv, unsigned needed)
{
	static const char *const modes[] = { "OFF", "TOR", "NA4", "NAPOT" };
	const struct pmp *pmp = &e->hart->pmp;
	struct pmp_match match = pmp_match(pmp, pa, size, priv);
	bool good = (match.rights & needed) == needed;
	unsigned n = (unsigned)match.region;

	fprintf(e->out, "PMP: ");
	if (pmp->rules & PMP_ABSENT) {
		fprintf(e->out, "this hart has none: %s-mode has ", priv_name(priv, false));
	} else if (match.region < 0) {
		fprintf(e->out, "no entry matches 0x%llx: %s-mode has ", pa,
			priv_name(priv, false));
	} else {
		fprintf(e->out, "entry %u, %s 0x%llx-0x%llx, pmpcfg ", n,
			modes[field_get(pmp->cfg[n], PMP_A)], pmp->start[n], pmp->last[n]);
		print_rights(e->out, pmp->cfg[n]);
		fprintf(e->out, "%s: %s%s-mode has ", pmp->cfg[n] & PMP_L ? " locked" : "",
			match.in_part ? "only part of the access matches: " : "",
			priv_name(priv, false));
	}
	print_rights(e->out, match.rights);
	fprintf(e->out, "%s%s", pmp->rules & PMP_MML ? " by mseccfg.MML=1" : "",
		pmp->rules & PMP_MMWP && match.region < 0 ? " by mseccfg.MMWP=1" : "");
	fprintf(e->out, good ? "\n" : "   <-- needs ");
	if (!good) {
		print_rights(e->out, needed);
		fprintf(e->out, "%s\n",
			pmp->active ? "" :
				      "; no entry is on (-cpu ...,pmp=off is a hart without them)");
	}
	return good;
}

/* Prints an entry, for example as "level 1: entry at 0x80001000", and its translation. */
static void print_entry(const struct explain *e, const struct walk_step *step, unsigned indent)
{
	u64 ppn = step->pte >> 10 & (BIT(44) - 1);
	bool leaf = step->pte & 14;

	fprintf(e->out, "%*slevel %u: entry at 0x%llx", indent, "", step->level, step->at);
	if (step->reached && step->pa != step->at)
		fprintf(e->out, " (physical 0x%llx)", step->pa);
	if (!step->read) {
		fprintf(e->out, ": %s\n",
			step->reached ? trap_reason_text(step->reason) : "is not reached");
		return;
	}
	fprintf(e->out, " = 0x%016llx ", step->pte);
	print_flags(e->out, step->pte);
	if (step->reason)
		fprintf(e->out, "   <-- %s", trap_reason_text(step->reason));
	else if (!leaf)
		fprintf(e->out, " table at 0x%llx", ppn << PAGE_SHIFT);
	else
		fprintf(e->out, " %s at 0x%llx%s",
			step->level == 0 ? "page" :
			step->level == 1 ? "2 MiB" :
			step->level == 2 ? "1 GiB" :
					   "superpage",
			ppn << PAGE_SHIFT, step->sets ? "; hardware sets A or D" : "");
	if (step->reason == REASON_pte_access)
		fprintf(e->out, ", to set A or D");
	fputc('\n', e->out);
}

/* Prints why a table's entry cannot be accessed: PMP denies it, or it is not in RAM. */
static void print_no_entry(const struct explain *e, const struct walk_step *step, unsigned indent)
{
	unsigned right = step->read ? PMP_W : PMP_R;

	if (step->reason != REASON_pte_access)
		return;
	fprintf(e->out, "%*s  ", indent, "");
	if (print_pmp(e, step->pa, 8, PRIV_S, right))
		fprintf(e->out, "%*s  no RAM is there\n", indent, "");
}

static const char *purpose(const struct walk_step *step)
{
	if (!step->access.implicit)
		return "of the access";
	return step->access.type == ACCESS_STORE ? "of the entry, to set A or D" : "of the entry";
}

static void print_stage(const struct explain *e, const struct walk_step *step,
			const struct regime *regime)
{
	const struct stage *stage = step->second ? &regime->s2 : &regime->s1;
	unsigned bits = 12 + 9u * stage->levels;

	if (step->second)
		fprintf(e->out,
			"        G-stage Sv%ux4 (hgatp, ADUE=%u), root 0x%llx, guest physical "
			"0x%llx %s",
			bits, stage->adue, stage->root, step->addr, purpose(step));
	else
		fprintf(e->out, "    %s Sv%u (%s, ADUE=%u), root 0x%llx, address 0x%llx",
			regime->virt ? "VS-stage" : "S-stage", bits,
			regime->virt ? "vsatp" : "satp", stage->adue, stage->root, step->addr);
	if (step->reason)
		fprintf(e->out, "   <-- %s", trap_reason_text(step->reason));
	fputc('\n', e->out);
}

static void print_walk(const struct explain *e, const struct regime *regime,
		       const struct walk_trace *trace)
{
	for (unsigned n = 0; n < trace->count; n++) {
		const struct walk_step *step = &trace->step[n];
		unsigned levels = step->second ? regime->s2.levels : regime->s1.levels;
		unsigned indent = step->second ? 10 : 6;

		if (step->level == levels) {
			print_stage(e, step, regime);
			continue;
		}
		print_entry(e, step, indent);
		print_no_entry(e, step, indent);
	}
}

/* Prints the target at a physical address. */
static bool print_target(const struct explain *e, u64 pa, enum access_type type)
{
	const struct region *region = bus_find(&e->board->platform.bus, pa);
	bool good = region && (region->ram ? type != ACCESS_STORE || !region->readonly :
					     type != ACCESS_FETCH);

	if (!region)
		fprintf(e->out, "    nothing is at physical 0x%llx   <-- access fault\n", pa);
	else
		fprintf(e->out, "    at physical 0x%llx: %s, offset 0x%llx%s\n", pa, region->name,
			pa - region->base, good ? "" : "   <-- it cannot be used so");
	return good;
}

static unsigned rights_for(struct access access)
{
	static const u8 right[] = {
		[ACCESS_LOAD] = PMP_R, [ACCESS_STORE] = PMP_W, [ACCESS_FETCH] = PMP_X,
	};

	if (access.shadow)
		return PMP_R | PMP_W;
	return right[access.type] | (access.hlvx ? PMP_X : 0);
}

static void print_head(const struct explain *e, const struct explained_access *a,
		       const struct regime *regime)
{
	bool data = a->access.type != ACCESS_FETCH;

	fprintf(e->out, "  a %s at 0x%llx as %s-mode", type_names[a->access.type], a->addr,
		priv_name(a->priv, a->virt));
	if (data && regime->s1.levels)
		fprintf(e->out, ", SUM=%u, MXR=%u", regime->sum, regime->mxr || regime->vs_mxr);
	fprintf(e->out, ", as it goes now:\n");
	if (!regime->s1.levels)
		fprintf(e->out, "    no %s translation%s\n", regime->virt ? "VS-stage" : "address",
			regime->priv == PRIV_M ? " in M-mode" :
			a->guest_physical      ? " of a guest physical address" :
			regime->virt           ? " (vsatp.MODE=Bare)" :
						 " (satp.MODE=Bare)");
}

bool explain_access(const struct explain *e, const struct explained_access *a)
{
	struct trap saved = e->hart->trap;
	struct walk_trace trace;
	struct regime regime;
	bool good;

	regime_of(e->hart, a->priv, a->virt, &regime);
	if (a->guest_physical)
		regime.s1 = (struct stage){ 0 };
	print_head(e, a, &regime);
	good = walk_traced(e->hart, &regime, a->addr, a->access, &trace);
	print_walk(e, &regime, &trace);
	if (!good && !trace.count)
		fprintf(e->out, "    <-- %s\n", trap_reason_text(e->hart->trap.reason));
	e->hart->trap = saved;
	if (!good)
		return false;
	fprintf(e->out, "    ");
	return print_pmp(e, trace.xlat.pa, a->size, a->priv, rights_for(a->access)) &&
	       print_target(e, trace.xlat.pa, a->access.type);
}

void board_explain_access(struct board *board, const struct board_memory *at,
			  enum board_access access, void *file)
{
	static const enum access_type types[] = {
		[BOARD_READ] = ACCESS_LOAD, [BOARD_WRITE] = ACCESS_STORE,
		[BOARD_EXECUTE] = ACCESS_FETCH,
	};
	bool fetch = access == BOARD_EXECUTE;
	struct regime regime = { 0 };
	struct hart *hart = board_space_regime(board, at, fetch, &regime);
	const struct explain e = { board, hart, file };
	const struct explained_access a = {
		.addr = fetch ? at->addr : regime_address(&regime, at->addr),
		.priv = regime.priv, .virt = regime.virt, .size = 1,
		.guest_physical = at->space.kind == SPACE_GPA,
		.access = { .type = types[access] },
	};

	if (!hart)
		fprintf(e.out, "No hart has VMID %u in hgatp\n", at->space.vmid);
	else if (explain_access(&e, &a))
		fprintf(e.out, "  it goes well\n");
}
