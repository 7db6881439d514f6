/* SPDX-License-Identifier: MIT */
/* The host bridge: routes accesses to devices, and interrupt pins to interrupt lines. */
#include "devices/pci/host.h"

#include <string.h>

#include "devices/fdt.h"

#define ECAM_SIZE (256 * MiB)

/* The ids of QEMU's generic bridge, which drivers know. */
#define VENDOR_REDHAT 0x1b36
#define DEVICE_BRIDGE 0x0008
#define CLASS_HOST_BRIDGE 0x0600
#define SUBSYSTEM_VENDOR_QEMU 0x1af4
#define SUBSYSTEM_QEMU 0x1100

static bool is_bridge(const struct pci_device *device)
{
	return device && (pci_get(device, PCI_HEADER_TYPE, 1) & 0x7f) == 1;
}

struct pci_device *pci_host_at(const struct pci_host *host, unsigned place)
{
	for (unsigned n = 0; n < host->count; n++)
		if (host->devices[n]->place == place)
			return host->devices[n];
	return NULL;
}

/*
 * Returns the device at an offset in the ECAM. The offset consists of bus, device, function and
 * register.
 */
static struct pci_device *ecam_device(const struct pci_host *host, u64 offset)
{
	u64 function = offset >> 12;
	u32 bus = (u32)(offset >> 20);

	if (!bus)
		return pci_host_at(host, (unsigned)function);
	/* Behind a bridge there is one device with one function. */
	if (function % (PCI_SLOTS * PCI_FUNCTIONS))
		return NULL;
	/* If two bridges claim a bus number, the one with the lower device and function has it. */
	for (unsigned n = 0; n < host->count; n++)
		if (is_bridge(host->devices[n]) &&
		    pci_get(host->devices[n], PCI_SECONDARY_BUS, 1) == bus)
			return host->devices[n]->below;
	return NULL;
}

static bool ecam_read(void *ctx, u64 offset, unsigned size, u64 *value)
{
	struct pci_device *device = ecam_device(ctx, offset);
	u32 where = offset & 0xfff;

	if (!device)
		*value = UINT32_MAX;
	else
		*value = where < PCI_CONFIG_SIZE ? pci_config_read(device, where, size) : 0;
	return true;
}

static bool ecam_write(void *ctx, u64 offset, unsigned size, u64 value)
{
	struct pci_device *device = ecam_device(ctx, offset);
	u32 where = offset & 0xfff;

	if (device && where < PCI_CONFIG_SIZE)
		pci_config_write(device, where, size, (u32)value);
	return true;
}

static const struct bus_ops ecam_ops = { ecam_read, ecam_write };

static const struct pci_mapping *host_find(const struct pci_view *view, u64 addr)
{
	for (unsigned n = 0; n < view->count; n++)
		if (addr - view->mappings[n].base < view->mappings[n].size)
			return &view->mappings[n];
	return NULL;
}

/* Returns the PCI address of an offset in the view's window. */
static u64 address(const struct pci_view *view, u64 offset)
{
	return view->host->config.windows[view - view->host->views].base + offset;
}

/* Reads from a device. An address at which there is none reads as all ones, as on any PCI bus. */
static bool view_read(void *ctx, u64 offset, unsigned size, u64 *value)
{
	const struct pci_view *view = ctx;
	u64 addr = address(view, offset);
	const struct pci_mapping *at = host_find(view, addr);

	if (!at || !at->bar->ops->read(at->bar->ctx, addr - at->base, size, value))
		*value = UINT32_MAX;
	return true;
}

static bool view_write(void *ctx, u64 offset, unsigned size, u64 value)
{
	const struct pci_view *view = ctx;
	u64 addr = address(view, offset);
	const struct pci_mapping *at = host_find(view, addr);

	if (at)
		at->bar->ops->write(at->bar->ctx, addr - at->base, size, value);
	return true;
}

static const struct bus_ops view_ops = { view_read, view_write };

/* Maps a BAR into the window that contains all of it. Both are aligned to their sizes. */
static void map_bar(struct pci_host *host, const struct pci_bar *bar, u64 base)
{
	unsigned first = bar->kind == PCI_BAR_IO ? PCI_WINDOW_PIO : PCI_WINDOW_32;
	unsigned last = bar->kind == PCI_BAR_IO ? PCI_WINDOW_PIO : PCI_WINDOW_64;

	for (unsigned n = first; n <= last; n++) {
		const struct pci_range *window = &host->config.windows[n];
		u64 addr = n == PCI_WINDOW_PIO ? window->base + base : base;

		if (range_within(addr, bar->size, window->base, window->size))
			host->views[n].mappings[host->views[n].count++] =
				(struct pci_mapping){ addr, bar->size, bar };
	}
}

/* Maps the BARs to which the bridge above, if there is one, forwards accesses. */
static void map_bars(struct pci_host *host, const struct pci_device *device)
{
	u64 base;

	for (unsigned n = 0; device && n < PCI_BARS; n++) {
		const struct pci_bar *bar = &device->bars[n];

		if (pci_bar_address(device, n, &base) &&
		    (!device->above || pci_forwards(device->above, bar->kind, base, bar->size)))
			map_bar(host, bar, base);
	}
}

void pci_host_changed(struct pci_host *host)
{
	for (unsigned n = 0; n < PCI_WINDOWS; n++)
		host->views[n].count = 0;
	for (unsigned n = 0; n < host->count; n++) {
		map_bars(host, host->devices[n]);
		map_bars(host, host->devices[n]->below);
	}
	pci_host_pins(host);
}

/*
 * Returns the line of a pin of a slot: pin INTA of slot 1 is line 1, and both count upwards from
 * there, modulo the number of lines.
 */
static unsigned swizzle(unsigned slot, unsigned pin)
{
	return (slot + pin - 1) % PCI_LINES;
}

/*
 * Returns the line of a device's pin. A bridge forwards the pin of the device 0 behind it as its
 * own pin.
 */
static unsigned line_of(const struct pci_device *device)
{
	const struct pci_device *on = device->above ? device->above : device;

	return swizzle(on->place / PCI_FUNCTIONS, pci_get(device, PCI_INTERRUPT_PIN, 1));
}

static void add_pin(const struct pci_device *device, unsigned bit, u64 asserting[PCI_LINES])
{
	if (device && pci_asserts(device))
		asserting[line_of(device)] |= BIT(bit);
}

/*
 * Drives the interrupt lines from the pins. As in QEMU, a line that several pins share is driven
 * again each time that one of them is asserted or released.
 */
void pci_host_pins(struct pci_host *host)
{
	u64 asserting[PCI_LINES] = { 0 };

	for (unsigned n = 0; n < host->count; n++) {
		add_pin(host->devices[n], 2 * n, asserting);
		add_pin(host->devices[n]->below, 2 * n + 1, asserting);
	}
	for (unsigned n = 0; n < PCI_LINES; n++)
		if (asserting[n] != host->asserting[n]) {
			host->asserting[n] = asserting[n];
			irq_set(host->config.lines[n], asserting[n] != 0);
		}
}

bool pci_host_has_room(const struct pci_host *host, unsigned place)
{
	return place < PCI_SLOTS * PCI_FUNCTIONS && host->count < PCI_DEVICES_MAX &&
	       !pci_host_at(host, place) &&
	       (place % PCI_FUNCTIONS == 0 ||
		pci_host_at(host, place - place % PCI_FUNCTIONS) != NULL);
}

void pci_host_plug(struct pci_host *host, unsigned place, struct pci_device *device)
{
	unsigned n = host->count, function = place % PCI_FUNCTIONS;
	struct pci_device *first;

	assert(pci_host_has_room(host, place));
	first = pci_host_at(host, place - function);
	if (function)
		pci_put(first, PCI_HEADER_TYPE, 1,
			pci_get(first, PCI_HEADER_TYPE, 1) | PCI_HEADER_FUNCTIONS);
	for (; n && host->devices[n - 1]->place > place; n--)
		host->devices[n] = host->devices[n - 1];
	host->devices[n] = device;
	host->count++;
	device->host = host;
	device->place = place;
}

void pci_host_plug_below(struct pci_device *bridge, struct pci_device *device)
{
	device->host = bridge->host;
	device->above = bridge;
	device->place = 0;
}

int pci_host_attach(struct pci_host *host, struct platform *platform,
		    const struct pci_host_config *config)
{
	static const struct pci_ids ids = {
		.vendor = VENDOR_REDHAT,
		.device = DEVICE_BRIDGE,
		.class = CLASS_HOST_BRIDGE,
		.subsystem_vendor = SUBSYSTEM_VENDOR_QEMU,
		.subsystem = SUBSYSTEM_QEMU,
	};
	static const char *const names[PCI_WINDOWS] = { "pci-pio", "pci-mmio", "pci-mmio-high" };
	struct region region = {
		.name = "pci-ecam",
		.base = config->ecam,
		.size = ECAM_SIZE,
		.max = 4,
		.ops = &ecam_ops,
		.ctx = host,
	};
	int error;

	*host = (struct pci_host){ .platform = platform, .config = *config };
	pci_device_init(&host->bridge, platform, "pcie", &ids);
	pci_host_plug(host, 0, &host->bridge);
	error = bus_attach(&platform->bus, &region);
	for (unsigned n = 0; !error && n < PCI_WINDOWS; n++) {
		host->views[n].host = host;
		region.name = names[n];
		region.base = config->windows[n].base;
		region.size = config->windows[n].size;
		region.ops = &view_ops;
		region.ctx = &host->views[n];
		error = bus_attach(&platform->bus, &region);
	}
	return error;
}

static void bar_info(const struct pci_device *device, unsigned n, FILE *out)
{
	static const char *const kinds[] = {
		[PCI_BAR_MEMORY32] = "memory, 32 bits",
		[PCI_BAR_MEMORY64] = "memory, 64 bits",
		[PCI_BAR_IO] = "I/O",
	};
	const struct pci_bar *bar = &device->bars[n];
	u64 base;

	if (!bar->size)
		return;
	fprintf(out, "  BAR %u, %s: ", n, kinds[bar->kind]);
	if (pci_bar_address(device, n, &base))
		fprintf(out, "%#llx-%#llx\n", base, base + bar->size - 1);
	else
		fprintf(out, "%#llx bytes, disabled\n", bar->size);
}

static void device_info(const struct pci_device *device, FILE *out)
{
	fprintf(out, "%02x:%02x.%u %04x:%04x class %04x",
		device->above ? (unsigned)pci_get(device->above, PCI_SECONDARY_BUS, 1) : 0,
		device->place / PCI_FUNCTIONS, device->place % PCI_FUNCTIONS,
		(unsigned)pci_get(device, PCI_VENDOR_ID, 2),
		(unsigned)pci_get(device, PCI_DEVICE_ID, 2),
		(unsigned)pci_get(device, PCI_CLASS, 2));
	if (pci_get(device, PCI_INTERRUPT_PIN, 1))
		fprintf(out, ", line %u %s", line_of(device), pci_asserts(device) ? "high" : "low");
	if (is_bridge(device))
		fprintf(out, ", to buses %u to %u", (unsigned)pci_get(device, PCI_SECONDARY_BUS, 1),
			(unsigned)pci_get(device, PCI_SUBORDINATE_BUS, 1));
	fprintf(out, "%s\n", pci_enabled(device, PCI_COMMAND_MASTER) ? ", bus master" : "");
	for (unsigned n = 0; n < PCI_BARS; n++)
		bar_info(device, n, out);
}

bool pci_host_sends(const struct pci_host *host)
{
	for (unsigned n = 1; n < host->count; n++) {
		const struct pci_device *device = host->devices[n];

		if (pci_masters(device) || (device->below && pci_masters(device->below)))
			return true;
	}
	return false;
}

void pci_host_info(const struct pci_host *host, FILE *out)
{
	for (unsigned n = 0; n < host->count; n++) {
		device_info(host->devices[n], out);
		if (host->devices[n]->below)
			device_info(host->devices[n]->below, out);
	}
}

static void put_cells(u32 **cells, u64 value)
{
	*(*cells)++ = (u32)(value >> 32);
	*(*cells)++ = (u32)value;
}

/*
 * Writes the property "ranges" (IEEE 1275 PCI binding, 2.2.1): 0x1000000 is I/O space, 0x2000000 is
 * 32-bit and 0x3000000 is 64-bit memory space.
 */
static void ranges(const struct pci_host *host, struct fdt *fdt)
{
	u32 cells[PCI_WINDOWS * 7], *end = cells;

	for (unsigned n = 0; n < PCI_WINDOWS; n++) {
		const struct pci_range *window = &host->config.windows[n];

		*end++ = (n + 1) << 24;
		put_cells(&end, n == PCI_WINDOW_PIO ? 0 : window->base);
		put_cells(&end, window->base);
		put_cells(&end, window->size);
	}
	fdt_cells(fdt, "ranges", cells, (unsigned)(end - cells));
}

/* Writes the interrupt map. It repeats after four slots. */
static void interrupt_map(struct fdt *fdt, u32 irq, const struct fdt_intc *intc)
{
	static const u32 mask[] = { (PCI_LINES - 1) << 11, 0, 0, 7 };
	u32 cells[PCI_LINES * PCI_LINES * 7], *end = cells;

	for (unsigned slot = 0; slot < PCI_LINES; slot++)
		for (unsigned pin = 1; pin <= PCI_LINES; pin++) {
			*end++ = slot << 11;
			put_cells(&end, 0);
			*end++ = pin;
			*end++ = intc->phandle;
			*end++ = irq + swizzle(slot, pin);
			if (intc->cells == 2)
				*end++ = FDT_LEVEL_HIGH;
		}
	fdt_cells(fdt, "interrupt-map", cells, (unsigned)(end - cells));
	fdt_cells(fdt, "interrupt-map-mask", mask, ARRAY_SIZE(mask));
}

void pci_host_fdt(const struct pci_host *host, struct fdt *fdt, u32 irq,
		  const struct fdt_intc *intc)
{
	static const u32 buses[] = { 0, 255 };

	fdt_node(fdt, "pci@%llx", host->config.ecam);
	fdt_u32(fdt, "#address-cells", 3);
	fdt_u32(fdt, "#interrupt-cells", 1);
	fdt_u32(fdt, "#size-cells", 2);
	fdt_str(fdt, "compatible", "pci-host-ecam-generic");
	fdt_str(fdt, "device_type", "pci");
	fdt_u32(fdt, "linux,pci-domain", 0);
	fdt_cells(fdt, "bus-range", buses, ARRAY_SIZE(buses));
	fdt_flag(fdt, "dma-coherent");
	if (intc->msi)
		fdt_u32(fdt, "msi-parent", intc->msi);
	fdt_reg(fdt, host->config.ecam, ECAM_SIZE);
	ranges(host, fdt);
	interrupt_map(fdt, irq, intc);
	fdt_end(fdt);
}
