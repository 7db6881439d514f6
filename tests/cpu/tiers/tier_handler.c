/* SPDX-License-Identifier: MIT */
/* The trap handlers of the random programs (see tier_handler.h). */
#include "tests/cpu/tiers/tier_handler.h"

#include "tests/cpu/tiers/tier_machine.h"

#include "cpu/csr/csr.h"

enum { TIME = 0xc01, STIMECMP = 0x14d, SSCRATCH = 0x140, SEPC = 0x141, SCAUSE = 0x142,
       MSCRATCH = 0x340, MEPC = 0x341, MCAUSE = 0x342, MHPMCOUNTER3 = 0xb03, MHPMEVENT3 = 0x323,
       MNSCRATCH = 0x740 };

/* Sets of causes: those that a fetch may have, and those of an instruction that is not allowed. */
#define FETCHES                                                                                    \
	(BIT(CAUSE_FETCH_ACCESS) | BIT(CAUSE_FETCH_PAGE) | BIT(CAUSE_FETCH_GUEST_PAGE) |           \
	 BIT(CAUSE_DOUBLE_TRAP))
#define REFUSED (BIT(CAUSE_ILLEGAL) | BIT(CAUSE_VIRTUAL_INSTRUCTION))

static void enter(struct emit *e, unsigned scratch, unsigned cause)
{
	emit_csr(e, e->match[OP_csrrw], 31, 31, scratch);
	emit_store(e, e->match[OP_sd], 31, 30, 0);
	emit_store(e, e->match[OP_sd], 31, 29, 8);
	emit_csr(e, e->match[OP_csrrs], 30, 0, cause);
}

static void tier_handler_leave(struct emit *e, unsigned scratch, u32 xret)
{
	emit_load(e, e->match[OP_ld], 30, 31, 0);
	emit_load(e, e->match[OP_ld], 29, 31, 8);
	emit_csr(e, e->match[OP_csrrw], 31, 31, scratch);
	emit(e, xret);
}

static void leave_m(struct emit *e)
{
	tier_handler_leave(e, MSCRATCH, e->match[OP_mret]);
}

static void leave_hs(struct emit *e)
{
	tier_handler_leave(e, SSCRATCH, e->match[OP_sret]);
}

/* Sets (OP_csrrs) or clears (OP_csrrc) bits of a CSR; `temp` is overwritten. */
static void change(struct emit *e, unsigned op, unsigned csr, u64 bits, unsigned temp)
{
	emit_constant(e, temp, bits);
	emit_csr(e, e->match[op], 0, temp, csr);
}

/*
 * Emits `target` = x27, relative to where RAM begins for the mode: x30 is zero for user modes. x25
 * becomes that beginning.
 */
static void next_unit(struct emit *e, unsigned target)
{
	const u32 *match = e->match;
	u16 *privileged;

	emit_shift(e, match[OP_slli], target, 27, 43);
	emit_shift(e, match[OP_srli], target, target, 43);
	emit_addi(e, 25, 0, 1);
	emit_shift(e, match[OP_slli], 25, 25, 31);
	privileged = emit_branch(e, match[OP_bne], 30, 0);
	emit_shift(e, match[OP_bseti], 25, 25, 22);
	emit_patch_branch(e, privileged);
	emit_r(e, match[OP_or], target, target, 25);
}

/* Branches to a later place if the cause in x30 is none of `causes`; x29 is overwritten. */
static u16 *unless(struct emit *e, u64 causes)
{
	emit_constant(e, 29, causes);
	emit_r(e, e->match[OP_bext], 29, 29, 30);
	return emit_branch(e, e->match[OP_beq], 29, 0);
}

/* Lets counter 3 overflow again after `period` events. */
static void overflow_soon(struct emit *e, unsigned period)
{
	change(e, OP_csrrc, MHPMEVENT3, BIT(63), 29);
	emit_addi(e, 29, 0, -(s64)period);
	emit_csr(e, e->match[OP_csrrw], 0, 29, MHPMCOUNTER3);
}

/*
 * Emits the handling of interrupts other than those of timer and software; x30 is twice the cause.
 */
static void interrupt_m_other(struct emit *e, const struct handler *handler)
{
	const u32 *match = e->match;

	if (handler->guests) {
		emit_shift(e, match[OP_srli], 30, 30, 1);
		emit_addi(e, 29, 0, 1);
		emit_r(e, match[OP_sll], 29, 29, 30);
		emit_csr(e, match[OP_csrrc], 0, 29, CSR_MIE);
	}
	emit_csr(e, match[OP_csrrw], 0, 0, CSR_MIP);
	emit_addi(e, 29, 0, -1);
	emit_csr(e, match[OP_csrrw], 0, 29, STIMECMP);
	emit_lui(e, 29, BYTES_BASE >> 12);
	emit_store(e, match[OP_sd], 29, 0, 0);
	overflow_soon(e, handler->period);
	leave_m(e);
}

/* Handles interrupts of M-mode. */
static void interrupt_m(struct emit *e, const struct handler *handler)
{
	const u32 *match = e->match;
	u16 *not_timer, *not_software;

	emit_shift(e, match[OP_slli], 30, 30, 1);
	emit_addi(e, 29, 0, 2 * IRQ_MTI);
	not_timer = emit_branch(e, match[OP_bne], 30, 29);
	emit_load(e, match[OP_ld], 29, 31, 16);
	emit_csr(e, match[OP_csrrs], 30, 0, TIME);
	emit_addi(e, 30, 30, handler->period);
	emit_store(e, match[OP_sd], 29, 30, 0);
	leave_m(e);
	emit_patch_branch(e, not_timer);
	emit_addi(e, 29, 0, 2 * IRQ_MSI);
	not_software = emit_branch(e, match[OP_bne], 30, 29);
	emit_load(e, match[OP_ld], 29, 31, 24);
	emit_store(e, match[OP_sw], 29, 0, 0);
	leave_m(e);
	emit_patch_branch(e, not_software);
	interrupt_m_other(e, handler);
}

/* Sets bit `bit` of a register if bit `of` of x26 is set. */
static void mode_bit(struct emit *e, unsigned of, unsigned csr, u64 bit)
{
	u16 *clear;

	change(e, OP_csrrc, csr, bit, 29);
	emit_shift(e, e->match[OP_bexti], 30, 26, of);
	clear = emit_branch(e, e->match[OP_beq], 30, 0);
	change(e, OP_csrrs, csr, bit, 29);
	emit_patch_branch(e, clear);
}

static void fence_all(struct emit *e, const struct handler *handler, bool m)
{
	u16 *fine = unless(e, REFUSED);

	if (handler->guests)
		emit(e, e->match[OP_hfence_vvma]);
	if (handler->guests && (m || handler->fence_g))
		emit(e, e->match[OP_hfence_gvma]);
	if (m)
		emit(e, e->match[OP_sfence_vma]);
	emit_patch_branch(e, fine);
}

/* Handles ECALL, from any mode: xPP and, if there are guests, xPV are taken from x26. */
static void ecall_m(struct emit *e, const struct handler *handler)
{
	u16 *none = unless(e, 15ull << CAUSE_ECALL_U);

	change(e, OP_csrrc, CSR_MSTATUS, MSTATUS_MPP, 29);
	emit_load(e, e->match[OP_andi], 30, 26, 3);
	emit_shift(e, e->match[OP_slli], 30, 30, 11);
	emit_csr(e, e->match[OP_csrrs], 0, 30, CSR_MSTATUS);
	if (handler->guests)
		mode_bit(e, 2, CSR_MSTATUS, MSTATUS_MPV);
	emit_patch_branch(e, none);
}

void handler_m(struct emit *e, const struct handler *handler)
{
	const u32 *match = e->match;
	u16 *exception, *fetched;

	enter(e, MSCRATCH, MCAUSE);
	exception = emit_branch(e, match[OP_bge], 30, 0);
	interrupt_m(e, handler);
	emit_patch_branch(e, exception);
	fence_all(e, handler, true);
	if (handler->guests) {
		/* Accesses of the handler and of the following units are those of M-mode itself. */
		change(e, OP_csrrc, CSR_MSTATUS, MSTATUS_MPRV, 29);
		fetched = unless(e, FETCHES);
		change(e, OP_csrrc, CSR_MSTATUS, MSTATUS_MPP | MSTATUS_MPV, 29);
		change(e, OP_csrrs, CSR_MSTATUS, PRIV_S << 11, 29);
		emit_patch_branch(e, fetched);
	}
	ecall_m(e, handler);
	if (handler->landing_pads)
		change(e, OP_csrrc, CSR_MSTATUS, MSTATUS_MPELP, 29);
	emit_constant(e, 29, MSTATUS_MPP);
	emit_csr(e, match[OP_csrrs], 30, 0, CSR_MSTATUS);
	emit_r(e, match[OP_and], 30, 30, 29);
	next_unit(e, 29);
	emit_csr(e, match[OP_csrrw], 0, 29, MEPC);
	leave_m(e);
}

static void interrupt_hs(struct emit *e, const struct handler *handler)
{
	const u32 *match = e->match;

	if (handler->guests) {
		emit_addi(e, 29, 0, 1);
		emit_r(e, match[OP_sll], 29, 29, 30);
		emit_csr(e, match[OP_csrrc], 0, 29, CSR_SIE);
		emit_csr(e, match[OP_csrrc], 0, 29, CSR_HIE);
	}
	emit_csr(e, match[OP_csrrw], 0, 0, CSR_SIP);
	emit_csr(e, match[OP_csrrs], 30, 0, TIME);
	emit_addi(e, 30, 30, handler->period);
	emit_csr(e, match[OP_csrrw], 0, 30, STIMECMP);
	leave_hs(e);
}

static void exception_hs_guests(struct emit *e, const struct handler *handler)
{
	u16 *at;

	fence_all(e, handler, false);
	at = unless(e, FETCHES);
	change(e, OP_csrrc, CSR_HSTATUS, HSTATUS_SPV, 29);
	change(e, OP_csrrs, CSR_SSTATUS, MSTATUS_SPP, 29);
	emit_patch_branch(e, at);
	at = unless(e, BIT(CAUSE_ECALL_U) | BIT(CAUSE_ECALL_VS));
	mode_bit(e, 0, CSR_SSTATUS, MSTATUS_SPP);
	mode_bit(e, 2, CSR_HSTATUS, HSTATUS_SPV);
	emit_patch_branch(e, at);
}

void handler_hs(struct emit *e, const struct handler *handler)
{
	const u32 *match = e->match;
	u16 *exception;

	enter(e, SSCRATCH, SCAUSE);
	exception = emit_branch(e, match[OP_bge], 30, 0);
	interrupt_hs(e, handler);
	emit_patch_branch(e, exception);
	if (handler->guests)
		exception_hs_guests(e, handler);
	if (handler->landing_pads)
		change(e, OP_csrrc, CSR_SSTATUS, MSTATUS_SPELP, 29);
	emit_csr(e, match[OP_csrrs], 30, 0, CSR_SSTATUS);
	emit_load(e, match[OP_andi], 30, 30, MSTATUS_SPP);
	next_unit(e, 29);
	emit_csr(e, match[OP_csrrw], 0, 29, SEPC);
	leave_hs(e);
}

static void interrupt_vs(struct emit *e, const struct handler *handler)
{
	const u32 *match = e->match;
	u16 *not_timer;

	emit_addi(e, 31, 0, 1);
	emit_r(e, match[OP_sll], 31, 31, 30);
	emit_csr(e, match[OP_csrrc], 0, 31, CSR_SIE);
	emit_csr(e, match[OP_csrrc], 0, 31, CSR_SIP);
	emit_shift(e, match[OP_bexti], 31, 31, IRQ_STI);
	not_timer = emit_branch(e, match[OP_beq], 31, 0);
	emit_csr(e, match[OP_csrrs], 31, 0, TIME);
	emit_addi(e, 31, 31, handler->period);
	emit_csr(e, match[OP_csrrw], 0, 31, STIMECMP);
	emit_patch_branch(e, not_timer);
	emit(e, match[OP_sret]);
}

void handler_vs(struct emit *e, const struct handler *handler)
{
	const u32 *match = e->match;
	u16 *exception;

	emit_csr(e, match[OP_csrrs], 30, 0, SCAUSE);
	exception = emit_branch(e, match[OP_bge], 30, 0);
	interrupt_vs(e, handler);
	emit_patch_branch(e, exception);
	if (handler->landing_pads)
		change(e, OP_csrrc, CSR_SSTATUS, MSTATUS_SPELP, 31);
	emit_csr(e, match[OP_csrrs], 30, 0, CSR_SSTATUS);
	emit_load(e, match[OP_andi], 30, 30, MSTATUS_SPP);
	next_unit(e, 31);
	emit_csr(e, match[OP_csrrw], 0, 31, SEPC);
	emit(e, match[OP_sret]);
}

void handler_nmi(struct emit *e)
{
	emit_csr(e, e->match[OP_csrrw], 31, 31, MNSCRATCH);
	emit_addi(e, 31, 31, 1);
	emit_csr(e, e->match[OP_csrrw], 31, 31, MNSCRATCH);
	emit(e, e->match[OP_mnret]);
}
