/* SPDX-License-Identifier: MIT */
/*
 * Finds out what an instruction wrote without help from its body. The instruction's format names
 * the destination, and whatever else has changed is logged, too; the event names the stores; fflags
 * and vxsat are cleared before the instruction to see which flags it raises. A CSR that is a view
 * of another is logged under the name of that other, as Spike does. A vector load or store that
 * traps has done the elements before vstart, so it has a line before that of its trap, as in Spike.
 */
#include "cpu/debug/commit_log.h"

#include "cpu/csr/csr.h"
#include "cpu/hart/tlb_view.h"
#include "cpu/isa/zcmp_register.h"
#include "cpu/mmu/peek.h"
#include "cpu/mmu/regime.h"
#include "cpu/vector/vector.h"

#include <string.h>

static void commit_log_put(struct commit_log *log, const struct commit *commit)
{
	char text[COMMIT_TEXT_MAX];
	size_t size = commit_print(commit, log->format, text, sizeof(text));

	log->write(log->ctx, text, size);
}

static bool is_fp(const struct event *event)
{
	return class_needs_fp(isa_ops[event->insn.op].class);
}

/* Returns whether the instruction may write CSRs that it does not name. */
static bool may_write_csrs(const struct event *event)
{
	u8 class = isa_ops[event->insn.op].class;

	return class == CLASS_CSR || class == CLASS_SYSTEM;
}

static bool is_vector(const struct event *event)
{
	return class_is_vector(isa_ops[event->insn.op].class);
}

static u64 peek_csr(struct hart *hart, u16 number)
{
	u64 value = 0;

	csr_peek(hart, number, &value);
	return value;
}

static void add_access(void *ctx, const struct vector_access *access)
{
	commit_mem(ctx, access->va, access->store ? access->bytes : 0, access->value);
}

/*
 * Saves the vector state. The accesses are found before the instruction is executed, because an
 * indexed load may overwrite its indices.
 */
static void vector_before(struct commit_log *log, struct hart *hart, const struct event *event)
{
	struct vector_state *vector = &hart->vector;

	memcpy(log->v, vector->v, (size_t)VECTOR_REGISTERS * vector->vlenb);
	log->vl = vector->vl;
	log->vtype = vector->vtype;
	log->vstart = vector->vstart;
	log->vxsat = vector->vxsat;
	vector->vxsat = 0;
	vector_accesses(hart, &event->insn, add_access, &log->commit);
}

/* The instruction leaves no trace of the old value of the memory if its destination is x0. */
static void peek_old(struct commit_log *log, struct hart *hart, const struct event *event)
{
	for (unsigned n = 0; n < ARRAY_SIZE(log->old); n++)
		if (!hart_peek(hart, event->va + 8 * n, &log->old[n], 8))
			log->old[n] = 0;
}

static void commit_log_before(void *ctx, struct hart *hart, const struct event *event)
{
	struct commit_log *log = ctx;

	memcpy(log->x, hart->x, sizeof(log->x));
	memcpy(log->f, hart->f, sizeof(log->f));
	log->status = csr_mstatus(hart);
	log->vsstatus = csr_vsstatus(hart);
	for (unsigned n = 0; may_write_csrs(event) && n < log->csr_count; n++)
		log->csr[n] = peek_csr(hart, log->csr_number[n]);
	log->csr_now = csr_number_now(hart, (u16)bits((u32)event->insn.imm, 0, 12));
	commit_clear(&log->commit);
	if (is_vector(event))
		vector_before(log, hart, event);
	if (event->insn.op == OP_amocas_q && event->insn.rd == X_SINK)
		peek_old(log, hart, event);
	if (!is_fp(event))
		return;
	log->fflags = hart->fflags;
	hart->fflags = 0;
}

static void add_csr(struct commit *commit, struct hart *hart, u16 number)
{
	u64 value;

	if (csr_peek(hart, number, &value))
		commit_reg(commit, COMMIT_CSR, number, value);
}

enum { RA = 1, SP = 2, A0 = 10, A1 = 11 };

static bool commit_log_pops(const struct insn *insn, unsigned n)
{
	for (unsigned at = 0; at < insn->rs2; at++)
		if (isa_ops[insn->op].class != CLASS_STORE && zcmp_register(at) == n)
			return true;
	return false;
}

/* Returns whether x[n] is written, whether or not its value changes. */
static bool is_dest(const struct insn *insn, unsigned n)
{
	enum insn_format format = isa_ops[insn->op].format;

	switch (format) {
	case FORMAT_LIST:
		return n == SP || commit_log_pops(insn, n) ||
		       (insn->op == OP_cm_popretz && n == A0);
	case FORMAT_SAVED:
		return insn->op == OP_cm_mvsa01 ? n == insn->rs1 || n == insn->rs2 :
						  n == A0 || n == A1;
	case FORMAT_TABLE:
		return insn->op == OP_cm_jalt && n == RA;
	default:
		return formats[format].rd.kind == OPERAND_X &&
		       (n == insn->rd || (insn->op == OP_amocas_q && n == insn->rd + 1u));
	}
}

/* Adds the destination, and the registers that changed although they are not the destination. */
static void add_regs(const struct commit_log *log, struct commit *commit, struct hart *hart,
		     const struct event *event)
{
	u8 dest = isa_format(event->insn.op)->rd.kind;

	for (unsigned n = 1; n < 32; n++)
		if (hart->x[n] != log->x[n] || is_dest(&event->insn, n))
			commit_reg(commit, COMMIT_X, n, hart->x[n]);
	for (unsigned n = 0; n < 32; n++)
		if (hart->f[n] != log->f[n] || (dest == OPERAND_F && n == event->insn.rd))
			commit_reg(commit, COMMIT_F, n, hart->f[n]);
}

/*
 * Returns whether v0 masks the element off. In the formats VVZ, VXZ, VFZ and VIZ, v0 is an operand
 * rather than a mask.
 */
static bool is_masked_off(const struct commit_log *log, const struct insn *insn, u64 n)
{
	enum insn_format format = isa_ops[insn->op].format;

	return vector_is_masked(insn->raw) && format != FORMAT_VVZ && format != FORMAT_VXZ &&
	       format != FORMAT_VFZ && format != FORMAT_VIZ && !(log->v[n / 8] >> n % 8 & 1);
}

/* The destination's elements from `first` to before `end`. */
struct elements {
	u64 first, end;
};

/* Returns the binary logarithm of the bits of the destination's elements; 0 for a mask's. */
static unsigned written_eew(const struct commit_log *log, const struct insn *insn)
{
	enum vector_eew eew = vector_shape(insn->op)->d;

	if (eew == EEW_WHOLE && isa_ops[insn->op].class == CLASS_VLOAD)
		eew = EEW_ENCODED;
	return vector_eew(insn, eew, log->vtype);
}

/* Returns how many elements vcompress selects: its mask is vs1. */
static u64 compressed(const struct commit_log *log, const struct hart *hart,
		      const struct insn *insn)
{
	const u8 *mask = log->v + (size_t)insn->rs1 * hart->vector.vlenb;
	u64 selected = 0;

	for (u64 n = 0; n < hart->vector.vl; n++)
		selected += mask[n / 8] >> n % 8 & 1;
	return selected;
}

/* Returns how many elements whole registers have. */
static u64 whole_elements(const struct commit_log *log, const struct hart *hart,
			  const struct insn *insn)
{
	bool moves = isa_ops[insn->op].class == CLASS_VPERM;

	/* Spike does not write registers that are moved to themselves. */
	if (moves && insn->rd == insn->rs2)
		return 0;
	return vector_whole_count(insn) * 8ull * hart->vector.vlenb >> written_eew(log, insn);
}

/* Returns the elements of the destination that are written if they are active. */
static struct elements elements_written(const struct commit_log *log, const struct hart *hart,
					const struct event *event)
{
	const struct insn *insn = &event->insn;
	struct elements elements = { log->vstart, hart->vector.vl };

	if (event->trapped)
		elements.end = hart->vector.vstart;
	else if (vector_shape(insn->op)->d == EEW_WHOLE)
		elements.end = whole_elements(log, hart, insn);
	else if (insn->op == OP_vlm_v)
		elements.end = (hart->vector.vl + 7) / 8;
	else if (insn->op == OP_vcompress_vm)
		elements.end = compressed(log, hart, insn);
	else if (insn->op == OP_vslideup_vi)
		elements.first = MAX(elements.first, (u64)insn->imm);
	else if (insn->op == OP_vslideup_vx)
		elements.first = MAX(elements.first, log->x[insn->rs1]);
	return elements;
}

/* Returns the registers, a bit each, in which the instruction has written elements. */
static u32 vector_written(const struct commit_log *log, const struct hart *hart,
			  const struct event *event)
{
	const struct insn *insn = &event->insn;
	const struct vector_shape *shape = vector_shape(insn->op);
	const struct elements elements = elements_written(log, hart, event);
	unsigned fields = vector_nf(insn), eew = written_eew(log, insn), group;
	u64 registers = 0;

	if (isa_ops[insn->op].class == CLASS_VSTORE || shape->d == EEW_NONE)
		return 0;
	if (shape->d == EEW_ELEMENT || shape->d == EEW_WIDE_ELEMENT)
		return elements.first < elements.end ? 1u << insn->rd : 0;
	group = 1u << MAX(vtype_lmul(log->vtype) + (int)eew - (int)vtype_sew(log->vtype), 0);
	for (u64 n = elements.first; n < elements.end; n++) {
		u64 at = eew ? (n << (eew - 3)) / hart->vector.vlenb : 0;

		for (unsigned field = 0; !is_masked_off(log, insn, n) && field < fields; field++)
			registers |= BIT(insn->rd + field * group + at);
	}
	return (u32)registers;
}

/* Removes the loads that a fault-only-first load did not perform: it has reduced vl. */
static void trim_loads(const struct commit_log *log, struct commit *commit, const struct hart *hart,
		       const struct insn *insn)
{
	u64 bytes = hart->vector.vl * vector_nf(insn) << (vector_encoded_eew(insn->raw) - 3);

	while (commit->mem_count &&
	       commit->mems[commit->mem_count - 1].va - log->x[insn->rs1] >= bytes)
		commit->mem_count--;
}

/* Removes the accesses from the element on at which the instruction trapped. */
static void trim_trapped(const struct commit_log *log, struct commit *commit,
			 const struct hart *hart, const struct insn *insn)
{
	unsigned done = 0;

	for (u64 n = log->vstart; n < hart->vector.vstart; n++)
		done += is_masked_off(log, insn, n) ? 0 : vector_nf(insn);
	commit->mem_count = MIN(commit->mem_count, done);
}

static void add_vectors(const struct commit_log *log, struct commit *commit, struct hart *hart,
			const struct event *event)
{
	struct vector_state *vector = &hart->vector;
	u32 written = vector_written(log, hart, event);

	commit->vector = true;
	commit->sew = (u16)(1u << vtype_sew(vector->vtype));
	commit->lmul = (s8)vtype_lmul(vector->vtype);
	commit->vl = vector->vl;
	commit->vlenb = vector->vlenb;
	for (unsigned n = 0; n < VECTOR_REGISTERS; n++) {
		const u8 *now = vector_register(vector, n);

		if (written >> n & 1 ||
		    memcmp(now, log->v + (size_t)n * vector->vlenb, vector->vlenb))
			commit_vector(commit, n, now);
	}
	if (event->trapped)
		trim_trapped(log, commit, hart, &event->insn);
	else if (vector->vl != log->vl)
		trim_loads(log, commit, hart, &event->insn);
}

static void add_csr_insn(const struct commit_log *log, struct commit *commit, struct hart *hart,
			 const struct insn *insn)
{
	static const struct { u16 view, of; } views[] = {
		{ CSR_SSTATUS, CSR_MSTATUS }, { CSR_SIE, CSR_MIE }, { CSR_HIE, CSR_MIE },
		{ CSR_VSIE, CSR_MIE }, { CSR_SIP, CSR_MIP }, { CSR_HIP, CSR_MIP },
		{ CSR_VSIP, CSR_MIP }, { CSR_FCSR, CSR_FFLAGS },
	};
	bool always = insn->op == OP_csrrw || insn->op == OP_csrrwi;
	u16 number = log->csr_now;

	if (!always && insn->rs1 == 0)
		return;
	if (number == CSR_FCSR)
		add_csr(commit, hart, CSR_FRM);
	for (unsigned n = 0; n < ARRAY_SIZE(views); n++)
		if (views[n].view == number)
			number = views[n].of;
	add_csr(commit, hart, number);
}

/* Adds the flags that the instruction raised. */
static void add_fp(const struct commit_log *log, struct commit *commit, struct hart *hart)
{
	bool raised = hart->fflags;

	hart->fflags |= log->fflags;
	if (raised)
		add_csr(commit, hart, CSR_FFLAGS);
}

/* Adds the status registers whose FS or VS became Dirty. */
static void add_dirty(const struct commit_log *log, struct commit *commit, struct hart *hart)
{
	if (csr_mstatus(hart) != log->status)
		add_csr(commit, hart, CSR_MSTATUS);
	if (csr_vsstatus(hart) != log->vsstatus)
		add_csr(commit, hart, CSR_VSSTATUS);
}

/* Adds the CSRs that a vector instruction writes. All vector instructions write vstart. */
static void add_vector_csrs(const struct commit_log *log, struct commit *commit, struct hart *hart,
			    const struct insn *insn)
{
	bool sets = isa_ops[insn->op].class == CLASS_VSET;
	bool keeps_vl = insn->op != OP_vsetivli && insn->rd == X_SINK && insn->rs1 == 0;

	add_csr(commit, hart, CSR_VSTART);
	if (hart->vector.vtype != log->vtype)
		add_csr(commit, hart, CSR_VTYPE);
	if (hart->vector.vl != log->vl || (sets && !keeps_vl))
		add_csr(commit, hart, CSR_VL);
	if (hart->vector.vxsat)
		add_csr(commit, hart, CSR_VXSAT);
	hart->vector.vxsat |= log->vxsat;
}

static void add_csrs(struct commit_log *log, struct commit *commit, struct hart *hart,
		     const struct event *event)
{
	const struct insn *insn = &event->insn;

	if (is_fp(event))
		add_fp(log, commit, hart);
	if (is_vector(event))
		add_vector_csrs(log, commit, hart, insn);
	if (is_fp(event) || is_vector(event))
		add_dirty(log, commit, hart);
	if (isa_ops[insn->op].class == CLASS_CSR)
		add_csr_insn(log, commit, hart, insn);
	if (observe_moves_ssp(insn) && event->touch != TOUCH_NONE)
		add_csr(commit, hart, CSR_SSP);
	if (insn->op == OP_mret || insn->op == OP_sret)
		add_csr(commit, hart, event->virt ? CSR_VSSTATUS : CSR_MSTATUS);
	if (insn->op == OP_sret && !event->virt)
		add_csr(commit, hart, CSR_HSTATUS);
	for (unsigned n = 0; may_write_csrs(event) && n < log->csr_count; n++)
		if (peek_csr(hart, log->csr_number[n]) != log->csr[n])
			add_csr(commit, hart, log->csr_number[n]);
}

/* Adds the accesses of a register list in the order in which they are made, the highest first. */
static void add_list(struct commit *commit, const struct hart *hart, const struct event *event)
{
	bool store = event->touch == TOUCH_STORE;

	for (unsigned n = event->insn.rs2; n-- > 0;)
		commit_mem(commit, event->va + 8 * n, store ? 8 : 0,
			   store ? hart->x[zcmp_register(n)] : 0);
}

/*
 * Adds a store. Like Spike, the log has the bytes that cbo.zero stores one by one, at addresses
 * after pointer masking, although those of other accesses are from before it.
 */
static void add_store(struct commit *commit, const struct hart *hart, const struct event *event)
{
	const u64 block = regime_address(&hart->data->regime, event->va);

	if (isa_format(event->insn.op)->memory != MEMORY_BLOCK) {
		commit_mem(commit, event->va, event->size, event->store);
		return;
	}
	for (unsigned n = 0; n < event->size; n++)
		commit_mem(commit, block + n, 1, 0);
}

/*
 * Returns whether a compare-and-swap stored: it does if the destination's old value (0 for x0) is
 * equal to what it compared with.
 */
static bool commit_log_swapped(const struct commit_log *log, const struct hart *hart,
			       const struct insn *insn)
{
	u64 compared = insn->rd == X_SINK ? 0 : log->x[insn->rd];
	u64 differ = compared ^ hart->x[insn->rd];

	switch (insn->op) {
	case OP_amocas_b:
		return (u8)differ == 0;
	case OP_amocas_h:
		return (u16)differ == 0;
	case OP_amocas_w:
		return (u32)differ == 0;
	case OP_amocas_d:
		return differ == 0;
	case OP_amocas_q:
		if (insn->rd == X_SINK)
			return !log->old[0] && !log->old[1];
		return differ == 0 && log->x[insn->rd + 1] == hart->x[insn->rd + 1];
	default:
		return true;
	}
}

static void add_atomic(const struct commit_log *log, struct commit *commit, struct hart *hart,
		       const struct event *event)
{
	u64 value = 0;

	commit_mem(commit, event->va, 0, 0);
	if (!commit_log_swapped(log, hart, &event->insn))
		return;
	for (unsigned at = 0; at < event->size; at += 8)
		if (hart_peek(hart, event->va + at, &value, MIN(event->size, 8u)))
			commit_mem(commit, event->va + at, MIN(event->size, 8u), value);
}

static void add_mem(const struct commit_log *log, struct commit *commit, struct hart *hart,
		    const struct event *event)
{
	bool conditional = event->insn.op == OP_sc_w || event->insn.op == OP_sc_d;

	if (isa_format(event->insn.op)->memory == MEMORY_LIST) {
		add_list(commit, hart, event);
		return;
	}
	switch (event->touch) {
	case TOUCH_LOAD:
		commit_mem(commit, event->va, 0, 0);
		break;
	case TOUCH_STORE:
		if (!conditional || hart->x[event->insn.rd] == 0)
			add_store(commit, hart, event);
		break;
	case TOUCH_ATOMIC:
		add_atomic(log, commit, hart, event);
		break;
	case TOUCH_NONE:
		break;
	}
}

static void log_trap(struct commit_log *log, const struct hart *hart, u64 pc, u8 priv, bool virt)
{
	struct commit *commit = &log->commit;

	commit_clear(commit);
	commit->hart = hart->id;
	commit->pc = pc;
	commit->priv = priv;
	commit->virt = virt;
	commit->trap = true;
	commit->cause = hart->trap.cause;
	commit->tval = hart->trap.tval;
	commit->gpa = hart->trap.gpa;
	commit_log_put(log, commit);
}

static void commit_log_interrupt(void *ctx, struct hart *hart)
{
	const struct trap *trap = &hart->trap;

	log_trap(ctx, hart, trap->from, trap->from_priv, trap->from_virt);
}

static void put_commit(struct commit_log *log, struct hart *hart, const struct event *event)
{
	struct commit *commit = &log->commit;

	commit->hart = hart->id;
	commit->pc = event->pc;
	commit->priv = event->priv;
	commit->virt = event->virt;
	commit->raw = event->raw;
	add_regs(log, commit, hart, event);
	if (is_vector(event) && isa_ops[event->insn.op].class != CLASS_VSET)
		add_vectors(log, commit, hart, event);
	add_csrs(log, commit, hart, event);
	add_mem(log, commit, hart, event);
	commit_log_put(log, commit);
}

/*
 * Returns whether a vector load or store trapped at one of its elements. Like Spike, the log then
 * has a line for it, even if that is the first element, but not if a trigger fired.
 */
static bool trapped_at_element(const struct hart *hart, const struct event *event)
{
	u8 class = isa_ops[event->insn.op].class;
	u64 cause = hart->trap.cause;

	return (class == CLASS_VLOAD || class == CLASS_VSTORE) && cause != CAUSE_ILLEGAL &&
	       cause != CAUSE_BREAKPOINT;
}

static void commit_log_after(void *ctx, struct hart *hart, const struct event *event)
{
	struct commit_log *log = ctx;

	if (!event->trapped || (event->fetched && trapped_at_element(hart, event))) {
		put_commit(log, hart, event);
	} else if (event->fetched) {
		hart->fflags |= is_fp(event) ? log->fflags : 0;
		hart->vector.vxsat |= is_vector(event) ? log->vxsat : 0;
	}
	if (event->trapped)
		log_trap(log, hart, event->pc, event->priv, event->virt);
}

void commit_log_attach(struct commit_log *log, struct watch *watch)
{
	const struct observer observer = {
		.interrupt = commit_log_interrupt, .before = commit_log_before,
		.after = commit_log_after, .ctx = log,
	};

	for (unsigned n = 0; n < 4096 && log->csr_count < COMMIT_CSRS_MAX; n++)
		if (csr_is_own((u16)n))
			log->csr_number[log->csr_count++] = (u16)n;
	watch_add(watch, &observer);
}
