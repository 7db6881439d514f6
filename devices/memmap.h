/* SPDX-License-Identifier: MIT */
/*
 * The physical memory map, interrupt numbers and clock of the machine, which are those of QEMU's
 * riscv `virt` machine. This file has only #defines of plain numbers, so that C, assembly and
 * linker scripts can include it: the emulator (devices/board/board.c) and the guest-side firmware
 * (firmware/) share it. Devices themselves know only offsets. Sizes are in bytes.
 */
#ifndef DEVICES_MEMMAP_H
#define DEVICES_MEMMAP_H

/*
 * The maximum of harts, for which the layout below has room (the CLINT, the PLIC and the IMSIC
 * files have room for more).
 */
#define MAX_HARTS		64	/* as many as one SBI hart mask names */

/* mtime and the `time` CSR advance at this rate (device tree: timebase-frequency). */
#define TIMEBASE_HZ		10000000

/* Low addresses, in order. */
#define BOOT_ROM_BASE		0x1000
#define BOOT_ROM_SIZE		0xf000
#define TEST_BASE		0x100000	/* sifive_test; syscon: poweroff, reboot */
#define TEST_SIZE		0x1000
#define RTC_BASE		0x101000	/* goldfish RTC */
#define RTC_SIZE		0x1000
#define CLINT_BASE		0x2000000
#define CLINT_SIZE		0x10000
#define SSWI_BASE		0x2f00000	/* of the ACLINT */
#define SSWI_SIZE		0x4000
#define PCIE_PIO_BASE		0x3000000	/* PCIe I/O port window */
#define PCIE_PIO_SIZE		0x10000
/*
 * 0x4000000 to 0x5ffffff, with the interrupts from 64 to 95, is the platform bus of QEMU's machine,
 * which has no fixed devices. Those that only Baya has are there; what is not listed is free.
 */
#define RAMFB_BASE		0x4000000	/* ramfb's own picture, at most 2560x1600 */
#define RAMFB_SIZE		0x1000000
#define PLIC_BASE		0xc000000	/* without AIA */
#define PLIC_SIZE		0x600000
#define APLIC_M_BASE		0xc000000	/* with AIA, in the PLIC's place */
#define APLIC_S_BASE		0xd000000
#define APLIC_SIZE		0x8000
#define UART_BASE		0x10000000	/* 16550A, register stride 1 */
#define UART_SIZE		0x100
#define UART_CLOCK_HZ		3686400
#define VIRTIO_BASE		0x10001000	/* slot n at VIRTIO_BASE + n * VIRTIO_STRIDE */
#define VIRTIO_STRIDE		0x1000
#define VIRTIO_SLOTS		8
#define FW_CFG_BASE		0x10100000
#define FW_CFG_SIZE		0x18
#define FLASH_BASE		0x20000000	/* two CFI banks, bank n at + n * FLASH_BANK_SIZE */
#define FLASH_BANK_SIZE		0x2000000
#define FLASH_BANKS		2
#define IMSIC_M_BASE		0x24000000	/* one 4 KiB interrupt file per hart */
#define IMSIC_M_SIZE		0x4000000
#define IMSIC_S_BASE		0x28000000	/* per hart one S file, then its guest files */
#define IMSIC_S_SIZE		0x4000000
#define PCIE_ECAM_BASE		0x30000000	/* 256 buses */
#define PCIE_ECAM_SIZE		0x10000000
#define PCI_SLOTS		32		/* of bus 0; the bridge is in slot 0 */
#define PCI_FUNCTIONS		8		/* of a slot */
#define PCIE_MMIO_BASE		0x40000000	/* 32-bit memory window */
#define PCIE_MMIO_SIZE		0x40000000
#define DRAM_BASE		0x80000000	/* to DRAM_BASE + the size given by -m */

/* The 64-bit PCIe window begins at the end of DRAM rounded up to a multiple of its size. */
#define PCIE_HIGH_MMIO_SIZE	0x400000000

/* PLIC (or APLIC) interrupt sources; source 0 does not exist. */
#define IRQ_SOURCES		96	/* riscv,ndev: sources 1 to 96 */
#define VIRTIO_IRQ		1	/* slot n has VIRTIO_IRQ + n */
#define UART_IRQ		10
#define RTC_IRQ			11
#define PCIE_IRQ		32	/* INTA to INTD have PCIE_IRQ + 0 to 3 */

/* Values that software writes to the first word of the sifive_test device. */
#define TEST_PASS		0x5555
#define TEST_FAIL		0x3333	/* exit code in bits 31:16 */
#define TEST_RESET		0x7777

/*
 * The places of boot stages. The firmware owns [FIRMWARE_BASE, + FIRMWARE_SIZE): PMP makes it
 * inaccessible to S-mode, and the firmware reserves it in the device tree (/reserved-memory,
 * no-map). Its boot protocol is OpenSBI's fw_dynamic (a0: hart id, a1: device tree, a2: struct
 * fw_dynamic_info).
 */
#define FIRMWARE_BASE		DRAM_BASE
#define FIRMWARE_SIZE		0x80000
#define KERNEL_BASE		0x80200000

#endif
