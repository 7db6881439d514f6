/* SPDX-License-Identifier: MIT */
/*
 * The part of trap handling that is in C, called by entry.S: interrupts of M-mode, calls from
 * S-mode, misaligned accesses, and all other traps that were not delegated, which are passed on to
 * S-mode as if they had been.
 */
#include "firmware/trap.h"
#include "firmware/csr.h"
#include "firmware/misaligned.h"
#include "firmware/sbi/console.h"
#include "firmware/sbi/fwft.h"
#include "firmware/sbi/ipi.h"
#include "firmware/sbi/pmu.h"
#include "firmware/sbi/reset.h"
#include "firmware/sbi/sbi.h"
#include "firmware/sbi/sse.h"
#include "firmware/sbi/timer.h"

void trap_handle(struct frame *frame);
void trap_panic(void) __attribute__((noreturn));

/* Firmware events that count traps. */
static const struct {
	u64 cause;
	u32 event;
} counted[] = {
	{ CAUSE_LOAD_MISALIGNED, PMU_FW_MISALIGNED_LOAD },
	{ CAUSE_STORE_MISALIGNED, PMU_FW_MISALIGNED_STORE },
	{ CAUSE_LOAD_ACCESS, PMU_FW_ACCESS_LOAD },
	{ CAUSE_STORE_ACCESS, PMU_FW_ACCESS_STORE },
	{ CAUSE_ILLEGAL, PMU_FW_ILLEGAL_INSN },
};

void trap_serve_interrupts(void)
{
	u64 pending = csr_read(mip) & csr_read(mie);

	if (pending & 1UL << IRQ_MSI)
		ipi_receive();
	if (pending & 1UL << IRQ_MTI)
		timer_expire();
	if (pending & 1UL << IRQ_LCOFI && !(csr_read(mideleg) & 1UL << IRQ_LCOFI)) {
		csr_clear(mip, 1UL << IRQ_LCOFI);
		sse_signal(SSE_PMU_OVERFLOW);
	}
}

/*
 * Handles a double trap of S-mode (a trap while SDT is set): makes it an SSE event, or ends the
 * machine if no handler accepts that.
 */
static void double_trap(struct frame *frame)
{
	sse_signal(SSE_DOUBLE_TRAP);
	if (sse_deliver(frame))
		return;
	console_print("\nBaya SBI firmware: double trap in S-mode: hart ");
	console_print_number(self->id, 10);
	console_print(", first scause ");
	console_print_number(csr_read(scause), 16);
	console_print(", sepc ");
	console_print_number(csr_read(sepc), 16);
	console_print(", then at ");
	console_print_number(frame->mepc, 16);
	console_print("\n");
	reset_machine(RESET_FAILURE);
}

/*
 * Returns (v)sstatus after a trap to S-mode: the previous mode, interrupt enable and landing pad
 * state are in it, and SDT is set if Ssdbltrp is on.
 */
static u64 status_after_trap(u64 status, const struct frame *frame, bool sets_sdt)
{
	bool enabled = status & MSTATUS_SIE;

	status &= ~(MSTATUS_SPP | MSTATUS_SPIE | MSTATUS_SIE | MSTATUS_SPELP);
	if ((frame->mstatus & MSTATUS_MPP) >> MSTATUS_MPP_SHIFT == MODE_S)
		status |= MSTATUS_SPP;
	if (frame->mstatus & MSTATUS_MPELP)
		status |= MSTATUS_SPELP;
	if (sets_sdt)
		status |= MSTATUS_SDT;
	return enabled ? status | MSTATUS_SPIE : status;
}

static void set_mode_s(struct frame *frame)
{
	frame->mstatus &= ~(MSTATUS_MPP | MSTATUS_MPELP);
	frame->mstatus |= (u64)MODE_S << MSTATUS_MPP_SHIFT;
}

static void redirect_to_vs(struct frame *frame, const struct trap *trap)
{
	bool sets_sdt = fwft_double_trap() && (csr_read(CSR_HENVCFG) & MENVCFG_DTE);

	csr_write(CSR_VSEPC, frame->mepc);
	csr_write(CSR_VSCAUSE, trap->cause);
	csr_write(CSR_VSTVAL, trap->tval);
	csr_write(CSR_VSSTATUS, status_after_trap(csr_read(CSR_VSSTATUS), frame, sets_sdt));
	frame->mepc = csr_read(CSR_VSTVEC) & ~3UL;
	set_mode_s(frame);
}

/*
 * Enters S-mode at `entry`. hstatus records where a trap into HS-mode came from (privileged manual,
 * "Hypervisor Trap CSRs").
 */
void trap_enter_s(struct frame *frame, u64 entry)
{
	u64 status = status_after_trap(frame->mstatus, frame, fwft_double_trap());

	if (self->features.hypervisor)
		csr_clear(CSR_HSTATUS, HSTATUS_SPV);
	if (self->features.hypervisor && frame->mstatus & MSTATUS_MPV) {
		csr_clear(CSR_HSTATUS, HSTATUS_SPVP);
		csr_set(CSR_HSTATUS, HSTATUS_SPV | (status & MSTATUS_SPP ? HSTATUS_SPVP : 0));
	}
	csr_write(sepc, frame->mepc);
	frame->mstatus = status & ~MSTATUS_MPV;
	frame->mepc = entry;
	set_mode_s(frame);
}

static void redirect_to_s(struct frame *frame, const struct trap *trap)
{
	if (frame->mstatus & MSTATUS_SDT) {
		double_trap(frame);
		return;
	}
	trap_enter_s(frame, csr_read(stvec) & ~3UL);
	csr_write(scause, trap->cause);
	csr_write(stval, trap->tval);
	if (!self->features.hypervisor)
		return;
	csr_clear(CSR_HSTATUS, HSTATUS_GVA);
	csr_set(CSR_HSTATUS, trap->gva ? HSTATUS_GVA : 0);
	csr_write(CSR_HTVAL, trap->tval2);
	csr_write(CSR_HTINST, trap->tinst);
}

/*
 * Passes a trap on to S-mode or VS-mode. HS-mode gets double traps of VS-mode (privileged manual,
 * "Double Trap Control in sstatus Register").
 */
void trap_redirect(struct frame *frame, const struct trap *trap)
{
	bool to_vs = self->features.hypervisor && (frame->mstatus & MSTATUS_MPV) &&
		     csr_read(CSR_HEDELEG) >> trap->cause & 1;
	struct trap twice = *trap;

	if ((frame->mstatus & MSTATUS_MPP) >> MSTATUS_MPP_SHIFT == MODE_M)
		trap_panic();
	twice.cause = CAUSE_DOUBLE_TRAP;
	twice.tval2 = trap->cause;
	if (!to_vs)
		redirect_to_s(frame, trap);
	else if (csr_read(CSR_VSSTATUS) & MSTATUS_SDT)
		redirect_to_s(frame, &twice);
	else
		redirect_to_vs(frame, trap);
}

static bool is_misaligned(u64 cause)
{
	return cause == CAUSE_LOAD_MISALIGNED || cause == CAUSE_STORE_MISALIGNED;
}

static void trap_serve(struct frame *frame)
{
	struct trap trap = { .cause = csr_read(mcause), .tval = csr_read(mtval) };

	if (trap.cause & CAUSE_INTERRUPT) {
		trap_serve_interrupts();
		return;
	}
	if (trap.cause == CAUSE_ECALL_S || trap.cause == CAUSE_ECALL_M) {
		sbi_call(frame);
		return;
	}
	if (trap.cause == CAUSE_DOUBLE_TRAP && !(frame->mstatus & MSTATUS_MPV)) {
		double_trap(frame);
		return;
	}
	if (self->features.hypervisor) {
		trap.tval2 = csr_read(CSR_MTVAL2);
		trap.tinst = csr_read(CSR_MTINST);
		trap.gva = frame->mstatus & MSTATUS_GVA;
	}
	for (u64 i = 0; i < ARRAY_SIZE(counted); i++)
		if (counted[i].cause == trap.cause)
			pmu_count(counted[i].event);
	if (is_misaligned(trap.cause) && misaligned_emulate(frame, &trap))
		return;
	trap_redirect(frame, &trap);
}

void trap_handle(struct frame *frame)
{
	trap_serve(frame);
	sse_deliver(frame);
}

/* Called if the firmware itself traps, or a next stage in M-mode that did not set mtvec. */
void trap_panic(void)
{
	console_print("\nBaya SBI firmware: unexpected trap in M-mode: hart ");
	console_print_number(csr_read(mhartid), 10);
	console_print(", mcause ");
	console_print_number(csr_read(mcause), 16);
	console_print(", mepc ");
	console_print_number(csr_read(mepc), 16);
	console_print(", mtval ");
	console_print_number(csr_read(mtval), 16);
	console_print("\n");
	reset_machine(RESET_FAILURE);
}
