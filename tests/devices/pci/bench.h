/* SPDX-License-Identifier: MIT */
/*
 * A PCI host bridge with two devices for tests, without a machine: RAM, windows, interrupt lines,
 * and messages, which are counted. Configuration space is accessed through the ECAM, BARs through
 * the windows.
 */
#ifndef TESTS_DEVICES_PCI_BENCH_H
#define TESTS_DEVICES_PCI_BENCH_H

#include "devices/pci/host.h"
#include "devices/pci/msix.h"
#include "tests/cmocka.h"

#define BENCH_RAM 0x80000000ull
#define BENCH_RAM_SIZE (1 * MiB)
#define BENCH_ECAM 0x30000000ull
#define BENCH_PIO 0x3000000ull
#define BENCH_LOW 0x40000000ull
#define BENCH_HIGH 0x400000000ull
#define BENCH_HIGH_SIZE 0x400000000ull
#define BENCH_MESSAGE 0x28000000ull

/* The devices are in slots 3 and 4; each has these BARs. */
#define BENCH_DEVICES 2
#define BENCH_SLOT 3u
enum { BENCH_BAR_SMALL = 0, BENCH_BAR_IO = 1, BENCH_BAR_WIDE = 2, BENCH_BAR_MSIX = 4 };
#define BENCH_SMALL_SIZE 0x1000u
#define BENCH_IO_SIZE 0x20u
#define BENCH_WIDE_SIZE 0x100000ull
#define BENCH_VECTORS 5u

struct bench_device {
	struct pci_device pci;
	struct pci_msix msix;
	unsigned accesses; /* accesses to the device's own BARs */
	u64 offset; /* the offset of the last access */
};

struct bench {
	struct platform platform;
	struct ram ram;
	struct pci_host host;
	struct bench_device devices[BENCH_DEVICES];
	bool lines[PCI_LINES];
	unsigned messages;
	u64 message_addr;
	u32 message_data;
};

void bench_init(struct bench *bench);
void bench_free(struct bench *bench);

u64 bench_load(struct bench *bench, u64 addr, unsigned size);
void bench_store(struct bench *bench, u64 addr, unsigned size, u64 value);

/* Read and write the configuration space of device n. */
u32 bench_get(struct bench *bench, unsigned n, u32 offset, unsigned size);
void bench_set(struct bench *bench, unsigned n, u32 offset, unsigned size, u32 value);

#endif
