/* SPDX-License-Identifier: MIT */
/*
 * Attaches the machine's interrupt controllers (PLIC, APLIC, or APLIC and IMSICs), connects them to
 * the harts, and offers them to devices: as one line for each source, and as the interrupt parent
 * in the device tree.
 */
#include "devices/board/machine.h"

#include "cpu/hart/interrupt.h"
#include "devices/fdt.h"

static void attach_plic(struct board *board)
{
	board_attached(plic_attach(&board->plic, &board->platform, PLIC_BASE, IRQ_SOURCES,
				   board->config.harts));
	board->plic.by_level = board->config.plic == BOARD_PLIC_LEVEL;
	for (unsigned n = 0; n < board->config.harts; n++) {
		struct hart *hart = board->harts.hart[n];

		hart->imsic.priority_bits = 8;
		plic_connect(&board->plic, 2 * n, hart_irq(hart, IRQ_MEI));
		plic_connect(&board->plic, 2 * n + 1, hart_irq(hart, IRQ_SEI));
	}
}

static void attach_imsic(struct board *board)
{
	const struct imsic_config config = {
		.m_base = IMSIC_M_BASE,
		.s_base = IMSIC_S_BASE,
		.harts = board->config.harts,
		.guests = board->config.aia_guests,
	};
	struct imsic *imsic = &board->imsic;

	board_attached(imsic_attach(imsic, &board->platform, &config));
	for (unsigned n = 0; n < config.harts; n++) {
		struct hart *hart = board->harts.hart[n];

		imsic_connect(imsic, n, IMSIC_FILE_M, hart_irq(hart, IRQ_MEI));
		imsic_connect(imsic, n, IMSIC_FILE_S, hart_irq(hart, IRQ_SEI));
		for (unsigned guest = 1; guest <= config.guests; guest++)
			imsic_connect(imsic, n, IMSIC_FILE_S + guest, hart_guest_irq(hart, guest));
		hart->imsic = (struct imsic_port){
			.ctx = &imsic->sides[n],
			.guests = config.guests,
			.priority_bits = 8,
			.read = imsic_read,
			.write = imsic_write,
			.claim = imsic_claim,
			.topei = imsic_topei,
		};
	}
}

static u32 aplic_topei(void *ctx, unsigned file)
{
	const struct board_hart_ctx *self = ctx;

	return aplic_topi(&self->board->aplic, file ? APLIC_S : APLIC_M, self->hart);
}

static void attach_aplic(struct board *board)
{
	const struct aplic_config config = {
		.base = { [APLIC_M] = APLIC_M_BASE, [APLIC_S] = APLIC_S_BASE },
		.sources = IRQ_SOURCES,
		.harts = board->config.harts,
		.msi = board->config.aia == BOARD_AIA_APLIC_IMSIC ? imsic_msi : NULL,
		.msi_ctx = &board->imsic,
	};

	board_attached(aplic_attach(&board->aplic, &board->platform, &config));
	if (config.msi)
		return;
	for (unsigned n = 0; n < config.harts; n++) {
		struct hart *hart = board->harts.hart[n];

		board->hart_ctx[n] = (struct board_hart_ctx){ .board = board, .hart = n };
		hart->imsic = (struct imsic_port){
			.ctx = &board->hart_ctx[n],
			.priority_bits = APLIC_IPRIO_BITS,
			.topei = aplic_topei,
		};
		aplic_connect(&board->aplic, APLIC_M, n, hart_irq(hart, IRQ_MEI));
		aplic_connect(&board->aplic, APLIC_S, n, hart_irq(hart, IRQ_SEI));
	}
}

/*
 * Returns whether a device, rather than a hart, may send a message to one of the interrupt files of
 * the level.
 */
static bool messages_come(const struct board *board, enum aplic_level level)
{
	return aplic_may_signal(&board->aplic, level, 0) || pci_host_sends(&board->pci);
}

/*
 * Returns the interrupts that messages to the hart's interrupt files may raise. Only enabled
 * identities count.
 */
static u64 messages_may_raise(const struct board *board, const struct hart *hart)
{
	const struct imsic *imsic = &board->imsic;
	u64 rise = 0;

	if (imsic_may_signal(imsic, hart->id, IMSIC_FILE_M) && messages_come(board, APLIC_M))
		rise |= BIT(IRQ_MEI);
	if (!messages_come(board, APLIC_S))
		return rise;
	if (imsic_may_signal(imsic, hart->id, IMSIC_FILE_S))
		rise |= BIT(IRQ_SEI);
	for (unsigned guest = 1; guest <= imsic->guests; guest++) {
		if (!imsic_may_signal(imsic, hart->id, IMSIC_FILE_S + guest))
			continue;
		rise |= guest == interrupt_guest_file(hart) ? BIT(IRQ_VSEI) : 0;
		rise |= hart->hgeie >> guest & 1 ? BIT(IRQ_SGEI) : 0;
	}
	return rise;
}

static u64 may_rise(void *ctx, const struct hart *hart)
{
	const struct board *board = ctx;
	bool m, s;
	u64 rise = clint_timer_runs(&board->clint, hart->id) ? BIT(IRQ_MTI) : 0;

	if (board->config.aia == BOARD_AIA_APLIC_IMSIC)
		return rise | messages_may_raise(board, hart);
	if (board->config.aia == BOARD_AIA_NONE) {
		m = plic_may_signal(&board->plic, 2 * hart->id);
		s = plic_may_signal(&board->plic, 2 * hart->id + 1);
	} else {
		m = aplic_may_signal(&board->aplic, APLIC_M, hart->id);
		s = aplic_may_signal(&board->aplic, APLIC_S, hart->id);
	}
	return rise | (m ? BIT(IRQ_MEI) : 0) | (s ? BIT(IRQ_SEI) : 0);
}

/*
 * Attaches the ACLINT. As in QEMU, it has no SSWI when there are IMSICs: harts can then be
 * interrupted by messages to their S-mode files.
 */
static void attach_aclint(struct board *board)
{
	board_attached(aclint_attach(&board->aclint, &board->platform, &board->clint, SSWI_BASE,
				     board->config.aia != BOARD_AIA_APLIC_IMSIC));
	for (unsigned n = 0; n < board->config.harts; n++)
		aclint_connect(&board->aclint, n, hart_irq(board->harts.hart[n], IRQ_SSI));
}

void board_attach_interrupts(struct board *board)
{
	unsigned count = board->config.harts;

	board->harts.sources = (struct interrupt_sources){ may_rise, board };
	board->harts.loops_are_fixed = board->config.loops_are_fixed;
	if (board->config.aia == BOARD_AIA_APLIC_IMSIC)
		attach_imsic(board);
	if (board->config.aia == BOARD_AIA_NONE)
		attach_plic(board);
	else
		attach_aplic(board);
	board_attached(
		clint_attach(&board->clint, &board->platform, CLINT_BASE, &board->timebase, count));
	for (unsigned n = 0; n < count; n++) {
		struct hart *hart = board->harts.hart[n];

		clint_connect(&board->clint, n, hart_irq(hart, IRQ_MSI), hart_irq(hart, IRQ_MTI));
	}
	if (board->config.aclint)
		attach_aclint(board);
}

struct irq board_irq(struct board *board, unsigned source)
{
	return board->config.aia == BOARD_AIA_NONE ? plic_irq(&board->plic, source) :
						     aplic_irq(&board->aplic, source);
}

struct fdt_intc board_interrupt_nodes(const struct board *board, struct fdt *fdt,
				      const u32 *cpu_intc_phandles)
{
	u32 msi[2];

	switch (board->config.aia) {
	case BOARD_AIA_NONE:
		return (struct fdt_intc){ plic_fdt(&board->plic, fdt, cpu_intc_phandles), 1, 0 };
	case BOARD_AIA_APLIC:
		return (struct fdt_intc){ aplic_fdt(&board->aplic, fdt, cpu_intc_phandles), 2, 0 };
	default:
		imsic_fdt(&board->imsic, fdt, cpu_intc_phandles, msi);
		return (struct fdt_intc){ aplic_fdt(&board->aplic, fdt, msi), 2, msi[1] };
	}
}

void board_info_pic(struct board *board, void *file)
{
	if (board->config.aia == BOARD_AIA_NONE)
		plic_info(&board->plic, file);
	else
		aplic_info(&board->aplic, file);
	if (board->config.aia == BOARD_AIA_APLIC_IMSIC)
		imsic_info(&board->imsic, file);
}
