/* SPDX-License-Identifier: MIT */
/*
 * Finds out what an instruction wrote without asking its body. Its format names the destination,
 * and whatever else has changed is logged too; the event names the stores; fflags are cleared
 * before the instruction to see which it raises. A CSR that is a view of another is logged under
 * the name of that other, as Spike does.
 */
#include "cpu/debug/commit_log.h"

#include "cpu/csr/csr.h"
#include "cpu/isa/zcmp_register.h"
#include "cpu/mmu/peek.h"

#include <string.h>

static void commit_log_put(struct commit_log *log, const struct commit *commit)
{
	char text[COMMIT_TEXT_MAX];
	size_t size = commit_print(commit, log->format, text, sizeof(text));

	log->write(log->ctx, text, size);
}

static bool is_fp(const struct event *event)
{
	return class_is_fp(isa_ops[event->insn.op].class);
}

/* Returns whether the instruction may write CSRs that it does not name. */
static bool may_write_csrs(const struct event *event)
{
	u8 class = isa_ops[event->insn.op].class;

	return class == CLASS_CSR || class == CLASS_SYSTEM;
}

static u64 peek_csr(struct hart *hart, u16 number)
{
	u64 value = 0;

	csr_peek(hart, number, &value);
	return value;
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

/* Adds the flags that the instruction raised, and the status whose FS it set to Dirty. */
static void add_fp(const struct commit_log *log, struct commit *commit, struct hart *hart)
{
	bool raised = hart->fflags;

	hart->fflags |= log->fflags;
	if (raised)
		add_csr(commit, hart, CSR_FFLAGS);
	if (csr_mstatus(hart) != log->status)
		add_csr(commit, hart, CSR_MSTATUS);
	if (csr_vsstatus(hart) != log->vsstatus)
		add_csr(commit, hart, CSR_VSSTATUS);
}

static void add_csrs(struct commit_log *log, struct commit *commit, struct hart *hart,
		     const struct event *event)
{
	const struct insn *insn = &event->insn;

	if (is_fp(event))
		add_fp(log, commit, hart);
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

static void add_store(struct commit *commit, const struct event *event)
{
	if (event->size <= 8) {
		commit_mem(commit, event->va, event->size, event->store);
		return;
	}
	for (unsigned n = 0; n < event->size; n++)
		commit_mem(commit, event->va + n, 1, 0);
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
		/*
		 * If the destination is x0, what was in memory is lost: the store is logged, and is
		 * no lie where it wrote what was there.
		 */
		return insn->rd == X_SINK ||
		       (differ == 0 && log->x[insn->rd + 1] == hart->x[insn->rd + 1]);
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
			add_store(commit, event);
		break;
	case TOUCH_ATOMIC:
		add_atomic(log, commit, hart, event);
		break;
	case TOUCH_NONE:
		break;
	}
}

static void log_trap(struct commit_log *log, const struct hart *hart, u64 pc, u8 priv)
{
	const struct commit commit = {
		.hart = hart->id,
		.pc = pc,
		.priv = priv,
		.trap = true,
		.cause = hart->trap.cause,
		.tval = hart->trap.tval,
	};

	commit_log_put(log, &commit);
}

static void commit_log_interrupt(void *ctx, struct hart *hart)
{
	log_trap(ctx, hart, hart->trap.from, hart->trap.from_priv);
}

static void commit_log_after(void *ctx, struct hart *hart, const struct event *event)
{
	struct commit_log *log = ctx;
	struct commit commit = {
		.hart = hart->id,
		.pc = event->pc,
		.priv = event->priv,
		.virt = event->virt,
		.raw = event->raw,
	};

	if (event->trapped) {
		if (event->fetched && is_fp(event))
			hart->fflags |= log->fflags;
		log_trap(log, hart, event->pc, event->priv);
		return;
	}
	add_regs(log, &commit, hart, event);
	add_csrs(log, &commit, hart, event);
	add_mem(log, &commit, hart, event);
	commit_log_put(log, &commit);
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
