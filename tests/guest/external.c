/* SPDX-License-Identifier: MIT */
/*
 * Tests external interrupts from the serial port through the PLIC to M- and S-mode: enables,
 * priorities, thresholds, claim and completion (PLIC specification), the 16550's transmit
 * interrupt, and sweeps over the registers, which must do no harm. QEMU 10.0 keeps the enable bit
 * of source 0, notices a cleared enable bit only when something else happens, and splits misaligned
 * accesses, for which tval is then the address of a part.
 */
#include "guest.h"

#define SOURCE UART_IRQ
#define PRIORITY(source) (PLIC_BASE + 4 * (source))
#define PENDING(word) (PLIC_BASE + 0x1000 + 4 * (word))
#define ENABLE(context, word) (PLIC_BASE + 0x2000 + 0x80 * (context) + 4 * (word))
#define THRESHOLD(context) (PLIC_BASE + 0x200000 + 0x1000 * (context))
#define CLAIM(context) (THRESHOLD(context) + 4)

/* These are the contexts of hart 0. */
enum { CONTEXT_M, CONTEXT_S };

#define UART_IER 1
#define UART_IIR 2
#define UART_IER_THRI 2
#define UART_IIR_THRI 2

PROBE(spin, "1: j 1b");
PROBE(wait, "wfi\nli a0, 1");

static volatile u8 *const uart = (volatile u8 *)UART_BASE;

/* Causes an interrupt: an empty transmitter interrupts as soon as its interrupt is enabled. */
static void ring(void)
{
	uart[UART_IER] = 0;
	uart[UART_IER] = UART_IER_THRI;
}

static void quiet(void)
{
	uart[UART_IER] = 0;
}

static void allow(unsigned context, bool on)
{
	mmio_write32(ENABLE(context, 0), on ? 1u << SOURCE : 0);
}

static void registers(void)
{
	mmio_write32(PRIORITY(SOURCE), -1u);
	report_equal(mmio_read32(PRIORITY(SOURCE)), 7, "priorities go from 0 to 7");
	mmio_write32(PRIORITY(SOURCE), 1);
	report_equal(mmio_read32(PRIORITY(SOURCE)), 1, "and are kept");
	mmio_write32(PRIORITY(0), 7);
	report_equal(mmio_read32(PRIORITY(0)), 0, "source 0 does not exist");
	mmio_write32(ENABLE(CONTEXT_M, 0), -1u);
	report_equal(mmio_read32(ENABLE(CONTEXT_M, 0)) & 1, 0, "and cannot be enabled");
	mmio_write32(ENABLE(CONTEXT_M, 0), 0);
	mmio_write32(THRESHOLD(CONTEXT_M), -1u);
	report_equal(mmio_read32(THRESHOLD(CONTEXT_M)), 7, "thresholds go from 0 to 7");
	mmio_write32(THRESHOLD(CONTEXT_M), 0);
	report_equal(mmio_read32(CLAIM(CONTEXT_M)), 0, "a claim of nothing gives 0");
}

static void machine(void)
{
	csr_write(mie, BIT(MEI));
	allow(CONTEXT_M, true);
	ring();
	report_equal(uart[UART_IIR] & 15, UART_IIR_THRI, "the empty transmitter is IIR's reason");
	ring();
	report_equal(csr_read(mip) & BIT(MEI), BIT(MEI), "the serial port raises MEIP");
	report_trap(run(MODE_U, spin, 0, 0), MODE_M, INTERRUPT | MEI, 0, "which interrupts U-mode");
	report_equal(mmio_read32(PENDING(0)) >> SOURCE & 1, 1, "it is pending in the PLIC");
	report_equal(mmio_read32(CLAIM(CONTEXT_M)), SOURCE, "the claim is its number");
	report_equal(csr_read(mip) & BIT(MEI), 0, "after which MEIP is clear");
	report_equal(mmio_read32(CLAIM(CONTEXT_M)), 0, "and there is nothing more to claim");
	mmio_write32(CLAIM(CONTEXT_M), SOURCE);
	report_equal(csr_read(mip) & BIT(MEI), BIT(MEI),
		     "completed while the line is high, it comes again");
	mmio_read32(CLAIM(CONTEXT_M));
	quiet();
	mmio_write32(CLAIM(CONTEXT_M), SOURCE);
	report_equal(csr_read(mip) & BIT(MEI), 0, "completed with the line low, it does not");
	csr_write(mie, 0);
}

static void masks(void)
{
	ring();
	mmio_write32(THRESHOLD(CONTEXT_M), 1);
	report_equal(csr_read(mip) & BIT(MEI), 0, "a threshold as high as the priority masks it");
	report_equal(mmio_read32(PENDING(0)) >> SOURCE & 1, 1, "it stays pending");
	mmio_write32(THRESHOLD(CONTEXT_M), 0);
	report_equal(csr_read(mip) & BIT(MEI), BIT(MEI), "lowering it lets it through");
	mmio_write32(PRIORITY(SOURCE), 0);
	report_equal(csr_read(mip) & BIT(MEI), 0, "priority 0 never interrupts");
	mmio_write32(PRIORITY(SOURCE), 1);
	allow(CONTEXT_M, false);
	report_equal(csr_read(mip) & BIT(MEI), 0, "nor what is not enabled");
	report_equal(mmio_read32(CLAIM(CONTEXT_M)), 0, "which cannot be claimed");
	quiet();
}

static void supervisor(void)
{
	csr_write(mideleg, BIT(SEI));
	csr_write(mie, BIT(SEI));
	allow(CONTEXT_S, true);
	ring();
	report_equal(csr_read(mip) & (BIT(SEI) | BIT(MEI)), BIT(SEI),
		     "the other context raises SEIP");
	report_trap(run(MODE_U, spin, 0, 0), MODE_S, INTERRUPT | SEI, 0,
		    "which goes to S-mode when delegated");
	csr_clear(mip, BIT(SEI));
	report_equal(csr_read(mip) & BIT(SEI), BIT(SEI), "software cannot clear the PLIC's SEIP");
	csr_set(mip, BIT(SEI));
	report_equal(mmio_read32(CLAIM(CONTEXT_S)), SOURCE, "S-mode's claim");
	report_equal(csr_read(mip) & BIT(SEI), BIT(SEI), "leaves the SEIP that software set");
	csr_clear(mip, BIT(SEI));
	report_equal(csr_read(mip) & BIT(SEI), 0, "until software clears it");
	quiet();
	mmio_write32(CLAIM(CONTEXT_S), SOURCE);
	ring();
	csr_clear(mstatus, MSTATUS_SIE);
	report_value(run(MODE_S, wait, 0, 0), 1, "it ends WFI with SIE 0");
	mmio_read32(CLAIM(CONTEXT_S));
	quiet();
	mmio_write32(CLAIM(CONTEXT_S), SOURCE);
	allow(CONTEXT_S, false);
	csr_write(mideleg, 0);
	csr_write(mie, 0);
}

PROBE(touch_1, "lbu a2, 0(a0)\nsb a1, 0(a0)");
PROBE(touch_2, "lhu a2, 0(a0)\nsh a1, 0(a0)");
PROBE(touch_4, "lwu a2, 0(a0)\nsw a1, 0(a0)");
PROBE(touch_8, "ld a2, 0(a0)\nsd a1, 0(a0)");

/* Makes accesses in a range. Each may succeed, be an access fault or be misaligned; anything else
 * is an error. The machine must continue. */
static void sweep(u64 base, u64 size, u64 step, const char *text)
{
	static probe *const touch[] = { touch_1, touch_2, touch_4, touch_8 };
	unsigned wrong = 0;

	for (u64 at = base - 8; at < base + size + 8; at += step) {
		for (unsigned n = 0; n < COUNT(touch); n++) {
			struct outcome out = run(MODE_M, touch[n], at, 0);

			wrong += out.trapped && out.cause != LOAD_ACCESS &&
				 out.cause != STORE_ACCESS && out.cause != LOAD_MISALIGNED &&
				 out.cause != STORE_MISALIGNED;
			wrong += out.trapped && out.tval != at;
		}
	}
	report_equal(wrong, 0, text);
}

/* Makes accesses of every size at many offsets, also across the ends of devices, but not to the
 * word that ends the run. */
static void sweeps(void)
{
	sweep(CLINT_BASE, 0x40, 1, "all sizes at the start of the CLINT");
	sweep(CLINT_BASE + 0x3ff0, 0x80, 1, "all sizes around the CLINT's mtimecmp");
	sweep(CLINT_BASE, CLINT_SIZE, 509, "all sizes all over the CLINT");
	sweep(CLINT_BASE + CLINT_SIZE - 16, 16, 1, "all sizes across the CLINT's end");
	sweep(PLIC_BASE, 0x400, 1, "all sizes in the PLIC's priorities");
	sweep(PLIC_BASE + 0x1000, 0x100, 1, "all sizes in the PLIC's pending bits");
	sweep(PLIC_BASE + 0x2000, 0x900, 3, "all sizes in the PLIC's enables");
	sweep(PLIC_BASE + 0x200000, 0x12000, 61, "all sizes in the PLIC's contexts");
	sweep(PLIC_BASE + PLIC_SIZE - 16, 16, 1, "all sizes across the PLIC's end");
	sweep(RTC_BASE, RTC_SIZE, 7, "all sizes in the clock");
	sweep(UART_BASE + 0x10, UART_SIZE, 1, "all sizes behind the serial port");
	sweep(VIRTIO_BASE, 0x200, 1, "all sizes in an empty virtio slot");
	sweep(VIRTIO_BASE + VIRTIO_SLOTS * VIRTIO_STRIDE - 16, 32, 1,
	      "all sizes across the last slot's end");
	sweep(FW_CFG_BASE + 24, 16, 1, "all sizes behind fw_cfg");
	sweep(BOOT_ROM_BASE, 0x100, 1, "all sizes in the boot ROM");
	set_mtimecmp(0, -1ul);
}

void main(void)
{
	registers();
	machine();
	masks();
	supervisor();
	sweeps();
}
