/* SPDX-License-Identifier: MIT */
/*
 * Explains a trap: its place and cause, the mode that took it, the delegation and the reason. For
 * an access it prints the page table walk as it would go now; for an illegal instruction, why this
 * hart does not implement it.
 */
#include "devices/board/explain/explanation.h"

#include "cpu/csr/csr.h"
#include "cpu/debug/observe.h"
#include "cpu/isa/disasm.h"
#include "cpu/isa/vector.h"
#include "cpu/mmu/regime.h"
#include "cpu/timing/core.h"

#include <stdlib.h>
#include <string.h>

static bool is_interrupt(const struct trap *trap)
{
	return trap->cause & CAUSE_INTERRUPT;
}

static unsigned code_of(const struct trap *trap)
{
	return (unsigned)(trap->cause & 63);
}

/* Finds the type of memory access that has this cause. Returns whether there is one. */
static bool access_type(u64 cause, enum access_type *type)
{
	switch (cause) {
	case CAUSE_FETCH_ACCESS:
	case CAUSE_FETCH_PAGE:
	case CAUSE_FETCH_GUEST_PAGE:
		*type = ACCESS_FETCH;
		return true;
	case CAUSE_LOAD_ACCESS:
	case CAUSE_LOAD_PAGE:
	case CAUSE_LOAD_GUEST_PAGE:
		*type = ACCESS_LOAD;
		return true;
	case CAUSE_STORE_ACCESS:
	case CAUSE_STORE_PAGE:
	case CAUSE_STORE_GUEST_PAGE:
		*type = ACCESS_STORE;
		return true;
	default:
		return false;
	}
}

/*
 * Prints how an exception reached the mode that took it. The delegation bits are concluded from the
 * mode: they must have been set that way.
 */
static void print_delegation(FILE *out, const struct trap *trap)
{
	unsigned n = code_of(trap);

	if (trap->cause == CAUSE_DOUBLE_TRAP)
		fprintf(out, "a double trap is M-mode's: SDT was 1 (Ssdbltrp) when there was a %s",
			trap_name(trap->first));
	else if (trap->to_priv == PRIV_M && trap->from_priv == PRIV_M)
		fprintf(out, "M-mode's exceptions are its own");
	else if (trap->to_priv == PRIV_M)
		fprintf(out, "medeleg[%u]=0", n);
	else if (trap->from_virt)
		fprintf(out, "medeleg[%u]=1, hedeleg[%u]=%u", n, n, trap->to_virt);
	else
		fprintf(out, "medeleg[%u]=1", n);
}

static void print_interrupt_path(const struct explain *e, const struct trap *trap)
{
	if (!code_of(trap))
		fprintf(e->out, "it cannot be masked (Smrnmi)");
	else if (trap->to_priv == PRIV_M)
		explain_path(e, INTERRUPT_M, code_of(trap));
	else
		explain_path(e, trap->to_virt ? INTERRUPT_VS : INTERRUPT_HS, code_of(trap));
}

const char *explain_unset(const struct trap *trap)
{
	if (trap->to || (is_interrupt(trap) && !code_of(trap)))
		return NULL;
	return trap->to_virt ? "vstvec" : trap->to_priv == PRIV_M ? "mtvec" : "stvec";
}

static void print_taken(const struct explain *e, const struct trap_record *record)
{
	const struct trap *trap = &record->trap;

	if (record->lost) {
		fprintf(e->out, "  no mode can take it: it comes in M-mode while mstatus.MDT=1 or "
				"mnstatus.NMIE=0 (Smdbltrp), so the hart stops\n");
		return;
	}
	fprintf(e->out, "  taken by %s-mode at ", priv_name(trap->to_priv, trap->to_virt));
	explain_place(e, trap->to, trap->to_priv, trap->to_virt);
	if (explain_unset(trap))
		fprintf(e->out, " (%s=0)", explain_unset(trap));
	fprintf(e->out, ": ");
	if (is_interrupt(trap))
		print_interrupt_path(e, trap);
	else
		print_delegation(e->out, trap);
	fputc('\n', e->out);
}

static void print_head(const struct explain *e, const struct trap_record *record,
		       const struct regime *regime, u32 *raw)
{
	const struct trap *trap = &record->trap;

	if (record->number)
		fprintf(e->out, "trap %llu: ", record->number);
	fprintf(e->out, "%s (%s %u) in %s-mode at ", trap_name(trap->cause),
		is_interrupt(trap) ? "interrupt" : "cause", code_of(trap),
		priv_name(trap->from_priv, trap->from_virt));
	explain_code(e, trap->from, regime, raw);
	fputc('\n', e->out);
	if (record->times > 1 && record->apart)
		fprintf(e->out,
			"  the last of %llu of this place, of which trap %llu was the first\n",
			record->times, record->first);
	else if (record->times > 1)
		fprintf(e->out, "  the last of %llu in a row, with no return in between\n",
			record->times);
}

/*
 * Returns the number of bytes that an instruction accesses, from its encoding; 1 where the width
 * field does not contain it: in an indexed vector access that field has the width of the indices.
 */
static unsigned access_size(const struct isa *isa, const struct insn *insn)
{
	switch (isa_ops[insn->op].format) {
	case FORMAT_VUNIT:
	case FORMAT_VSTRIDED:
	case FORMAT_VWHOLE:
		return 1u << (vector_encoded_eew(insn->raw) - 3);
	default:
		return MAX(observe_width(isa, insn), 1u);
	}
}

/* Describes the instruction's access for walk.c and pmp.c. */
static void fill_access(const struct explain *e, const struct trap *trap, u32 raw,
			struct explained_access *a)
{
	struct insn insn = { .op = OP_illegal };

	a->priv = a->access.type == ACCESS_FETCH ? trap->from_priv : trap->as_priv;
	a->virt = trap->gva;
	a->size = a->access.type == ACCESS_FETCH ? 2 : 1;
	if (!raw || a->access.type == ACCESS_FETCH)
		return;
	isa_decode(e->hart->isa, raw, &insn);
	if (insn.op >= OP_COUNT)
		return;
	a->size = access_size(e->hart->isa, &insn);
	if (isa_format(insn.op)->memory == MEMORY_BLOCK) /* the whole block is checked */
		a->addr = align_down(a->addr, CBO_BLOCK);
	switch (insn.op) {
	case OP_hlvx_hu:
	case OP_hlvx_wu:
		a->access.hlvx = true;
		break;
	case OP_cbo_inval:
	case OP_cbo_clean:
	case OP_cbo_flush:
		/* These need the right to load or to store, but fault as stores. */
		a->access.type = ACCESS_LOAD;
		break;
	case OP_sspush:
	case OP_c_sspush:
	case OP_ssamoswap_w:
	case OP_ssamoswap_d:
		a->access.shadow = true;
		break;
	case OP_sspopchk:
	case OP_c_sspopchk:
		a->access.type = ACCESS_LOAD;
		a->access.shadow = true;
		break;
	}
}

/*
 * Prints what an address just below 2^64 would be with the gp for which the program is linked, if
 * gp is 0. Linkers shorten `la` to an addition to gp, which is the start-up code's to set (psABI,
 * "Global-pointer Relaxation"), so without it a stack pointer, for example, ends up there.
 */
static void print_gp(const struct explain *e, u64 addr)
{
	struct symbols *symbols = &e->board->symbols;
	char name[64];
	u64 gp;

	if (e->hart->x[3] || addr < -(u64)PAGE_SIZE ||
	    !symbols_find(symbols, "__global_pointer$", &gp) ||
	    symbols_place(symbols, addr + gp) == SYMBOLS_NOWHERE)
		return;
	fprintf(e->out,
		"  gp is 0, but the program is linked for gp=0x%llx (__global_pointer$), with which "
		"this would be 0x%llx",
		gp, addr + gp);
	if (symbols_name(symbols, addr + gp, name, sizeof(name)))
		fprintf(e->out, " <%s>", name);
	fprintf(e->out, ": set gp at the start, or link with -Wl,--no-relax\n");
}

static void print_access(const struct explain *e, const struct trap *trap, u32 raw)
{
	struct explained_access a = { .addr = trap->tval };

	if (!access_type(trap->cause, &a.access.type))
		return;
	print_gp(e, trap->tval);
	fill_access(e, trap, raw, &a);
	if (explain_access(e, &a) && trap->reason != REASON_nothing_there &&
	    trap->reason != REASON_not_ram)
		fprintf(e->out, "  now it goes well: tables, PMP or CSRs have changed since\n");
}

/*
 * Decodes an instruction for a hart that has all extensions. Returns false if it is illegal even
 * there.
 */
static bool decode_elsewhere(u32 raw, struct insn *insn, char *text, size_t size)
{
	const struct ext_set sets[] = { EXT_TOGETHER, EXT_EVERY };
	struct isa *isa = malloc(sizeof(*isa));
	bool found = false;

	for (unsigned n = 0; isa && n < ARRAY_SIZE(sets) && !found; n++) {
		isa_init(isa, sets[n]);
		isa_decode(isa, raw, insn);
		found = insn->op != OP_illegal;
		if (found)
			disasm(isa, 0, raw, text, size);
	}
	free(isa);
	return found;
}

/*
 * Returns the extension whose absence makes a compressed instruction illegal on a hart that has the
 * instruction to which it expands.
 */
static const char *missing_compressed(const struct isa *isa, const struct insn *insn)
{
	if (!isa_has(isa, EXT_zca))
		return "c";
	return insn->op == OP_fld || insn->op == OP_fsd ? "zcd" : "zcb";
}

/*
 * Prints which extension the hart lacks, and how to get it. -cpu cannot add vectors to a modelled
 * core without a vector unit. The subsets zve* are given by V, as programs need more of it next.
 */
static void print_absent(const struct explain *e, const char *name)
{
	bool vector = !strcmp(name, "v") || !strncmp(name, "zv", 2);
	const struct board *board = e->board;

	fprintf(e->out, "is of %s, ", name);
	if (vector && board->timing.kind && !timing_vlen(&board->timing))
		fprintf(e->out,
			"for which core '%.*s' has no vector unit; --core=saturn and "
			"--timing=simple have one\n",
			(int)strcspn(board->core, ","), board->core);
	else
		fprintf(e->out, "which this -cpu does not have (-cpu ...,%s=on)\n",
			strncmp(name, "zve", 3) ? name : "v");
}

/* Prints the extension to which an instruction that the hart does not have belongs. */
static void print_unknown(const struct explain *e, u32 raw)
{
	const struct isa *isa = e->hart->isa;
	const struct opinfo *row;
	struct insn insn;
	char text[64];
	const char *name;

	if (!raw || !(raw + 1)) {
		fprintf(e->out, "  all zeros and all ones are no instruction of any extension\n");
		return;
	}
	if (!decode_elsewhere(raw, &insn, text, sizeof(text))) {
		fprintf(e->out, "  no extension that Baya knows has it\n");
		return;
	}
	row = &isa_ops[insn.op];
	name = ext_name(isa_has(isa, row->ext) && row->need == NEED_BOTH ? row->other : row->ext);
	if (insn_length(raw) == 2 && isa_has_row(isa, insn.op))
		name = missing_compressed(isa, &insn);
	fprintf(e->out, "  `%s' ", text);
	print_absent(e, name);
}

static void print_denied_by(const struct explain *e, const struct trap *trap)
{
	char name[DENIED_BY_NAME_MAX];
	u64 value;
	bool set;

	denied_by_name(trap->denied_by, name, sizeof(name));
	if (!*name)
		return;
	fprintf(e->out, "  by %s", name);
	if (csr_peek(e->hart, trap->denied_by.csr, &value)) {
		set = value & denied_by_mask(trap->denied_by);
		if (set != trap->denied_by.set)
			fprintf(e->out, " (it has changed since)");
	}
	fputc('\n', e->out);
}

/* Prints why the instruction in tval is not available. */
static void print_hidden(const struct explain *e, const struct trap *trap)
{
	u32 raw = (u32)trap->tval;
	u16 number = raw >> 20 & 0xfff;
	char name[CSR_NAME_MAX];
	unsigned ext;

	print_denied_by(e, trap);
	if (trap->reason == REASON_no_row)
		print_unknown(e, raw);
	if (trap->reason != REASON_csr_missing)
		return;
	if (!csr_name(number, name, sizeof(name))) {
		fprintf(e->out, "  no extension that Baya knows has a CSR 0x%03x\n", number);
	} else if (csr_absent(e->hart, number, &ext)) {
		fprintf(e->out, "  %s ", name);
		print_absent(e, ext_name(ext));
	}
}

static void print_why(const struct explain *e, const struct trap *trap, u32 raw)
{
	if (is_interrupt(trap))
		return;
	if (trap->reason)
		fprintf(e->out, "  because %s\n", trap_reason_text(trap->reason));
	if (trap->cause == CAUSE_ILLEGAL || trap->cause == CAUSE_VIRTUAL_INSTRUCTION)
		print_hidden(e, trap);
	else
		print_access(e, trap, raw);
}

void explain_trap(const struct explain *e, const struct trap_record *record)
{
	const struct trap *trap = &record->trap;
	struct regime regime;
	u32 raw;

	regime_of(e->hart, trap->from_priv, trap->from_virt, &regime);
	print_head(e, record, &regime, &raw);
	if (!is_interrupt(trap)) {
		fprintf(e->out, "  tval 0x%llx", trap->tval);
		if (trap->gpa)
			fprintf(e->out, ", guest physical 0x%llx", trap->gpa);
		if (trap->tinst)
			fprintf(e->out, ", tinst 0x%llx", trap->tinst);
		fputc('\n', e->out);
	}
	print_taken(e, record);
	print_why(e, trap, raw);
}

/* Prints the latest trap of one mode from the values of that mode's CSRs, which `what` names. */
static void print_csrs(const struct explain *e, const char *what, const struct trap_record *record)
{
	if (!record->trap.cause)
		return;
	fprintf(e->out, "%s, which its handler may have changed:\n", what);
	explain_trap(e, record);
}

void explain_csrs(const struct explain *e)
{
	const struct hart *hart = e->hart;
	const struct sbank *hs = &hart->s[BANK_HS], *vs = &hart->s[BANK_VS];
	const struct trap_record m = { .trap = {
		.cause = hart->mcause, .tval = hart->mtval, .from = hart->mepc,
		.gpa = hart->mtval2 << 2, .tinst = hart->mtinst, .to = hart->mtvec & ~3ull,
		.gva = field_get(hart->mstatus, MSTATUS_GVA),
		.from_priv = (u8)field_get(hart->mstatus, MSTATUS_MPP),
		.from_virt = field_get(hart->mstatus, MSTATUS_MPV),
		.as_priv = (u8)field_get(hart->mstatus, MSTATUS_MPP), .to_priv = PRIV_M,
	} };
	const struct trap_record s = { .trap = {
		.cause = hs->cause, .tval = hs->tval, .from = hs->epc, .gpa = hart->htval << 2,
		.tinst = hart->htinst, .to = hs->tvec & ~3ull,
		.gva = field_get(hart->hstatus, HSTATUS_GVA),
		.from_priv = (u8)field_get(hart->mstatus, MSTATUS_SPP),
		.from_virt = field_get(hart->hstatus, HSTATUS_SPV),
		.as_priv = (u8)field_get(hart->mstatus, MSTATUS_SPP), .to_priv = PRIV_S,
	} };
	const struct trap_record v = { .trap = {
		.cause = vs->cause, .tval = vs->tval, .from = vs->epc, .gva = true,
		.to = vs->tvec & ~3ull,
		.from_priv = (u8)field_get(vs->status, MSTATUS_SPP), .from_virt = true,
		.as_priv = (u8)field_get(vs->status, MSTATUS_SPP), .to_priv = PRIV_S,
		.to_virt = true,
	} };

	print_csrs(e, "by mcause, mepc, mtval and mstatus", &m);
	print_csrs(e, "by scause, sepc, stval and sstatus", &s);
	print_csrs(e, "by vscause, vsepc, vstval and vsstatus", &v);
}
