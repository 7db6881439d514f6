/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include <string.h>

static void bench_set_line(void *ctx, unsigned num, bool level)
{
	((struct bench *)ctx)->lines[num] = level;
}

static void message(void *ctx, u64 addr, u32 data)
{
	struct bench *bench = ctx;

	bench->messages++;
	bench->message_addr = addr;
	bench->message_data = data;
}

static bool own_read(void *ctx, u64 offset, unsigned size, u64 *value)
{
	struct bench_device *device = ctx;

	assert_true(size <= 4 && offset % size == 0);
	device->accesses++;
	device->offset = offset;
	*value = offset;
	return true;
}

static bool own_write(void *ctx, u64 offset, unsigned size, u64 value)
{
	return own_read(ctx, offset, size, &value);
}

static const struct bus_ops own_ops = { own_read, own_write };

static void written(void *ctx, u32 offset, unsigned size)
{
	struct bench_device *device = ctx;

	assert_true(offset % size == 0 && offset + size <= PCI_CONFIG_SIZE);
	pci_msix_update(&device->msix);
}

static void init_device(struct bench *bench, unsigned n)
{
	static const char *const names[BENCH_DEVICES] = { "one", "two" };
	static const struct pci_ids ids = {
		.vendor = 0x1234, .device = 0x5678, .class = 0x00ff, .revision = 9, .pin = 1,
	};
	struct bench_device *device = &bench->devices[n];
	struct pci_bar bar = { .ops = &own_ops, .ctx = device };

	pci_device_init(&device->pci, &bench->platform, names[n], &ids);
	device->pci.written = written;
	device->pci.ctx = device;
	bar.size = BENCH_SMALL_SIZE;
	pci_device_bar(&device->pci, BENCH_BAR_SMALL, &bar);
	bar.size = BENCH_IO_SIZE;
	bar.kind = PCI_BAR_IO;
	pci_device_bar(&device->pci, BENCH_BAR_IO, &bar);
	bar.size = BENCH_WIDE_SIZE;
	bar.kind = PCI_BAR_MEMORY64;
	bar.prefetchable = true;
	pci_device_bar(&device->pci, BENCH_BAR_WIDE, &bar);
	pci_msix_init(&device->msix, &device->pci, names[n], BENCH_BAR_MSIX, BENCH_VECTORS);
	pci_host_plug(&bench->host, (BENCH_SLOT + n) * PCI_FUNCTIONS, &device->pci);
}

void bench_init(struct bench *bench)
{
	struct region memory = { .name = "ram", .base = BENCH_RAM, .size = BENCH_RAM_SIZE };
	struct pci_host_config config = {
		.ecam = BENCH_ECAM,
		.windows = { { BENCH_PIO, 0x10000 },
			     { BENCH_LOW, 0x40000000 },
			     { BENCH_HIGH, BENCH_HIGH_SIZE } },
		.message = message,
		.message_ctx = bench,
	};

	*bench = (struct bench){ 0 };
	platform_init(&bench->platform, CLOCK_VIRTUAL, 1);
	assert_int_equal(ram_init(&bench->ram, BENCH_RAM_SIZE), 0);
	memory.ram = &bench->ram;
	assert_int_equal(bus_attach(&bench->platform.bus, &memory), 0);
	for (unsigned n = 0; n < PCI_LINES; n++)
		config.lines[n] = (struct irq){ bench_set_line, bench, n };
	assert_int_equal(pci_host_attach(&bench->host, &bench->platform, &config), 0);
	for (unsigned n = 0; n < BENCH_DEVICES; n++)
		init_device(bench, n);
	platform_reset(&bench->platform);
}

void bench_free(struct bench *bench)
{
	platform_free(&bench->platform);
	ram_free(&bench->ram);
}

u64 bench_load(struct bench *bench, u64 addr, unsigned size)
{
	u64 value;

	assert_true(bus_load(&bench->platform.bus, addr, size, &value));
	return value;
}

void bench_store(struct bench *bench, u64 addr, unsigned size, u64 value)
{
	assert_true(bus_store(&bench->platform.bus, addr, size, value));
}

static u64 config(unsigned n, u32 offset)
{
	return BENCH_ECAM + ((BENCH_SLOT + n) << 15) + offset;
}

u32 bench_get(struct bench *bench, unsigned n, u32 offset, unsigned size)
{
	return (u32)bench_load(bench, config(n, offset), size);
}

void bench_set(struct bench *bench, unsigned n, u32 offset, unsigned size, u32 value)
{
	bench_store(bench, config(n, offset), size, value);
}
