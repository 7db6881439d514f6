/* SPDX-License-Identifier: MIT */
/* Finds the instructions that a hart would execute next (see lookahead.h). */
#include "cpu/timed/lookahead.h"

#include "bus/platform.h"
#include "cpu/csr/csr.h"
#include "cpu/debug/observe.h"
#include "cpu/engine/interp.h"
#include "cpu/mmu/peek.h"
#include "cpu/mmu/pmp.h"
#include "cpu/mmu/regime.h"
#include "cpu/mmu/walk.h"
#include "cpu/timed/timed.h"

#include <string.h>

#define STORES 32

/*
 * The known part of the hart's state during a lookahead. An instruction may be in the middle of its
 * body when a lookahead is made, so nothing that the hart owns is changed, not even the
 * interpreter's table of decoded instructions.
 */
struct lookahead {
	struct hart hart; /* a copy of the hart, of which registers and pc are used */
	u64 unknown; /* a bit for each integer register whose value is unknown */
	u64 stored[STORES]; /* addresses of eight bytes that were stored to */
	unsigned stores;
	u64 code; /* the page of the last fetch, if `bytes` points to it in the host */
	const u8 *bytes;
};

static bool in_page(u64 va, size_t size)
{
	return (va & ~PAGE_MASK) + size <= PAGE_SIZE;
}

/*
 * Finds the bytes of a page of code. Memory does not change during the lookahead, so a page is
 * searched for only once.
 */
static void find_code(struct lookahead *ahead, u64 pc)
{
	const struct access access = { .type = ACCESS_LOAD, .peek = true };
	struct hart *hart = &ahead->hart;
	const struct trap trap = hart->trap;
	u64 page = regime_address(hart->fetch_regime, pc & PAGE_MASK);
	struct xlat xlat;

	ahead->code = pc & PAGE_MASK;
	ahead->bytes = NULL;
	if (walk(hart, hart->fetch_regime, page, access, &xlat))
		ahead->bytes = bus_dma_map(&hart->platform->bus, xlat.pa, PAGE_SIZE, false);
	hart->trap = trap;
}

static bool lookahead_fetch(struct lookahead *ahead, u64 pc, u32 *raw)
{
	if (!ahead->bytes || ahead->code != (pc & PAGE_MASK))
		find_code(ahead, pc);
	if (!ahead->bytes || !in_page(pc, sizeof(*raw)))
		return hart_peek_code(&ahead->hart, pc, raw, sizeof(*raw));
	memcpy(raw, ahead->bytes + (pc & ~PAGE_MASK), sizeof(*raw));
	return true;
}

static bool was_stored(const struct lookahead *ahead, u64 va)
{
	for (unsigned n = 0; n < MIN(ahead->stores, STORES); n++)
		if (ahead->stored[n] == align_down(va, 8))
			return true;
	return false;
}

static bool is_known(const struct lookahead *ahead, u8 reg)
{
	return !(ahead->unknown >> reg & 1);
}

static void lookahead_write(struct lookahead *ahead, u8 rd, bool known, u64 value)
{
	ahead->hart.x[rd] = value;
	ahead->unknown &= ~BIT(rd);
	if (!known && rd != X_SINK)
		ahead->unknown |= BIT(rd);
}

/* Fills in the physical address of the access, or that it would trap. */
static void access_memory(struct hart *hart, struct timing_record *record)
{
	bool stores = record->flags & TIMING_STORE;
	const struct access access = { .type = stores ? ACCESS_STORE : ACCESS_LOAD };
	struct walk_trace trace = { .count = 0 };
	unsigned rights;

	record->flags |= TIMING_TRAP;
	if (!walk_traced(hart, hart->data_regime, record->va, access, &trace)) {
		record->cause = (u8)hart->trap.cause;
		return;
	}
	rights = pmp_allows(&hart->pmp, trace.xlat.pa, record->size, hart->data_regime->priv);
	if (!(rights & (stores ? PMP_W : PMP_R))) {
		record->cause = stores ? CAUSE_STORE_ACCESS : CAUSE_LOAD_ACCESS;
		return;
	}
	record->flags &= (u16)~TIMING_TRAP;
	record->pa = trace.xlat.pa;
}

/*
 * Reads the value at a record's address. If it crosses into a second page, that page is translated
 * here. Returns false if it cannot be read.
 */
static bool read_at(struct lookahead *ahead, const struct timing_record *record, u64 *value)
{
	if (in_page(record->va, record->size))
		return bus_dma_read(&ahead->hart.platform->bus, record->pa, value, record->size);
	return hart_peek(&ahead->hart, record->va, value, record->size);
}

static void lookahead_load(struct lookahead *ahead, const struct insn *insn,
			   struct timing_record *record)
{
	bool is_signed = insn->op == OP_lb || insn->op == OP_lh || insn->op == OP_lw;
	u64 value = 0;
	bool known;

	access_memory(&ahead->hart, record);
	known = !(record->flags & TIMING_TRAP) && !was_stored(ahead, record->va) &&
		read_at(ahead, record, &value);
	lookahead_write(ahead, insn->rd, known,
			is_signed ? (u64)sext(value, 8 * record->size) : value);
}

static void lookahead_store(struct lookahead *ahead, struct timing_record *record)
{
	access_memory(&ahead->hart, record);
	ahead->stored[ahead->stores++ % STORES] = align_down(record->va, 8);
}

/*
 * Executes arithmetic and jumps on the copy. Returns false if the next pc, or the operation, is not
 * known.
 */
static bool lookahead_compute(struct lookahead *ahead, const struct insn *insn,
			      struct timing_record *record)
{
	u8 class = isa_ops[insn->op].class;

	if (is_known(ahead, insn->rs1) && is_known(ahead, insn->rs2)) {
		ahead->hart.npc = record->next;
		if (!interp_exec[insn->op](&ahead->hart, insn))
			return false;
		ahead->unknown &= ~BIT(insn->rd);
		record->next = ahead->hart.npc;
		return true;
	}
	lookahead_write(ahead, insn->rd, false, 0);
	return class == CLASS_ALU || class == CLASS_MUL;
}

/*
 * Makes the integer register that the instruction writes unknown. It changes nothing else that
 * matters.
 */
static bool leave_unknown(struct lookahead *ahead, const struct insn *insn)
{
	if (isa_format(insn->op)->rd.kind == OPERAND_X)
		lookahead_write(ahead, insn->rd, false, 0);
	return true;
}

static bool reads_csr(const struct insn *insn)
{
	bool sets = insn->op == OP_csrrs || insn->op == OP_csrrc || insn->op == OP_csrrsi ||
		    insn->op == OP_csrrci;

	return sets && !bits(insn->raw, 15, 5);
}

/* Returns whether the CSR is one that only software uses. */
static bool is_scratch(const struct hart *hart, u16 csr)
{
	return (csr == CSR_MSCRATCH && hart->priv == PRIV_M) ||
	       (csr == CSR_SSCRATCH && hart->priv != PRIV_U && !hart->virt);
}

/*
 * Returns whether the instruction takes effect only when it commits, so that it changes nothing
 * during a lookahead. A trap in the shadow of another one is never taken.
 */
static bool lookahead_waits(const struct insn *insn)
{
	return insn->op == OP_ecall || insn->op == OP_ebreak || insn->op == OP_fence_i ||
	       insn->op == OP_sfence_vma;
}

static bool lookahead_touch(struct lookahead *ahead, const struct insn *insn,
			    struct timing_record *record)
{
	/* Register lists, blocks of memory and register pairs are not supported here. */
	if (!is_known(ahead, insn->rs1) || record->size > sizeof(u64))
		return false;
	switch (isa_ops[insn->op].class) {
	case CLASS_LOAD:
		lookahead_load(ahead, insn, record);
		return true;
	case CLASS_FLOAD:
		access_memory(&ahead->hart, record);
		return true;
	default:
		lookahead_store(ahead, record);
		return leave_unknown(ahead, insn);
	}
}

static bool lookahead_execute(struct lookahead *ahead, const struct insn *insn,
			      struct timing_record *record)
{
	u8 class = isa_ops[insn->op].class;
	u16 csr = (u16)bits(insn->raw, 20, 12);

	/* Cores of the kinds that look ahead have no vectors. */
	if (class_is_vector(class))
		return false;
	if (class_touches_memory(class))
		return lookahead_touch(ahead, insn, record);
	if (class_is_fp(class) || class == CLASS_FENCE)
		return leave_unknown(ahead, insn);
	if (class == CLASS_CSR)
		return (reads_csr(insn) || is_scratch(&ahead->hart, csr)) &&
		       leave_unknown(ahead, insn);
	if (class == CLASS_SYSTEM)
		return lookahead_waits(insn) || (insn->op == OP_wfi && hart_wakes(&ahead->hart));
	return lookahead_compute(ahead, insn, record);
}

/* Fills in the next record; returns false if it is not known. */
static bool lookahead_step(struct lookahead *ahead, struct timing_record *record)
{
	struct hart *hart = &ahead->hart;
	struct event event = { .pc = hart->pc };

	*record = (struct timing_record){ .pc = hart->pc };
	if (!lookahead_fetch(ahead, hart->pc, &event.raw))
		return false;
	isa_decode(hart->isa, event.raw, &event.insn);
	event.raw = event.insn.raw;
	observe_operand(hart, &event);
	timed_describe(hart, &event, record);
	record->next = event.pc + insn_length(event.raw);
	if (!lookahead_execute(ahead, &event.insn, record))
		return false;
	hart->pc = record->next;
	return true;
}

/* Copies the bytes of a hart between two offsets. */
static void copy_between(struct hart *to, const struct hart *from, size_t begin, size_t end)
{
	memcpy((u8 *)to + begin, (const u8 *)from + begin, end - begin);
}

/*
 * Copies a hart except the log of its traps, what native code uses, and its views: these are most
 * of its bytes, and nothing here reads them. A core may request a lookahead at each trap.
 */
static void copy_hart(struct hart *to, const struct hart *from)
{
	copy_between(to, from, 0, offsetof(struct hart, log));
	copy_between(to, from, offsetof(struct hart, log) + sizeof(from->log),
		     offsetof(struct hart, native));
	copy_between(to, from, offsetof(struct hart, native) + sizeof(from->native),
		     offsetof(struct hart, mode_views));
}

unsigned lookahead(const struct hart *hart, const struct timing_record *skipped,
		   struct timing_record *records, unsigned count)
{
	struct lookahead ahead;
	struct insn insn;
	unsigned n = 0;

	copy_hart(&ahead.hart, hart);
	ahead.unknown = ahead.code = 0;
	ahead.stores = 0;
	ahead.bytes = NULL;
	if (skipped) {
		isa_decode(hart->isa, skipped->raw, &insn);
		if (isa_format(insn.op)->rd.kind == OPERAND_X)
			lookahead_write(&ahead, insn.rd, false, 0);
		ahead.hart.pc = skipped->pc + insn_length(skipped->raw);
	}
	while (n < count && lookahead_step(&ahead, &records[n]))
		n++;
	return n;
}
