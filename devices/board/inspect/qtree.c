/* SPDX-License-Identifier: MIT */
/* Prints lists of devices, of disks, and of instructions. */
#include "devices/board/inspect/inspect.h"

#include "cpu/debug/debug.h"
#include "cpu/isa/disasm.h"
#include "cpu/mmu/peek.h"
#include "devices/board/machine.h"

static const char *driver_state(const struct virtio *virtio)
{
	return virtio->status & VIRTIO_STATUS_DEVICE_NEEDS_RESET ? "must reset it" :
	       virtio->status & VIRTIO_STATUS_DRIVER_OK          ? "uses it" :
								   "has not set it up";
}

static void print_device(const struct board_device *device, FILE *out)
{
	const struct virtio *virtio = device->virtio;
	const char *id = device->config->id;

	fprintf(out, "    %s: %s%s%s", device->name, device->type->name, id ? ", id " : "",
		id ? id : "");
	if (virtio)
		fprintf(out, ": virtio device %u, %u queue%s, driver %s, features 0x%llx of 0x%llx",
			virtio->ops->device_id, virtio->queue_count,
			virtio->queue_count == 1 ? "" : "s", driver_state(virtio),
			virtio->driver_features, virtio->device_features);
	fputc('\n', out);
}

/* Prints the device to which the region belongs if it is that of a virtio-mmio slot. */
static void print_behind(const struct board *board, const struct region *region, FILE *out)
{
	u64 slot = (region->base - VIRTIO_BASE) / VIRTIO_STRIDE;

	if (region->base < VIRTIO_BASE || slot >= VIRTIO_SLOTS)
		return;
	for (unsigned n = 0; n < board->device_count; n++)
		if (board->devices[n]->virtio &&
		    board->devices[n]->virtio == board->slots[slot].virtio)
			print_device(board->devices[n], out);
}

/* Returns whether the device is `plugged`, which is on bus 0, or is behind that root port. */
static bool is_at(const struct board_device *device, const struct pci_device *plugged)
{
	return plugged == &device->pci.pci || plugged == device->self ||
	       (device->pci.pci.above && plugged == device->pci.pci.above);
}

static void print_pci(const struct board *board, FILE *out)
{
	fprintf(out, "bus: pci.0\n");
	for (unsigned i = 0; i < board->pci.count; i++) {
		const struct pci_device *plugged = board->pci.devices[i];

		fprintf(out, "  dev: 00:%02x.%u\n", plugged->place / PCI_FUNCTIONS,
			plugged->place % PCI_FUNCTIONS);
		for (unsigned n = 0; n < board->device_count; n++)
			if (is_at(board->devices[n], plugged))
				print_device(board->devices[n], out);
	}
}

static void print_beside(const struct board *board, FILE *file)
{
	const char *heading = "beside a bus:\n";

	for (unsigned n = 0; n < board->device_count; n++) {
		if (board->devices[n]->config->transport != DEVICE_ALONE)
			continue;
		fputs(heading, file);
		heading = "";
		print_device(board->devices[n], file);
	}
}

void board_info_qtree(struct board *board, void *file)
{
	const struct bus *bus = &board->platform.bus;

	fprintf(file, "bus: main-system-bus\n");
	for (unsigned n = 0; n < bus->count; n++) {
		const struct region *region = &bus->regions[n];

		fprintf(file, "  dev: %s, at 0x%llx, 0x%llx bytes of %s\n", region->name,
			region->base, region->size,
			!region->ram     ? "registers" :
			region->readonly ? "ROM" :
					   "memory");
		print_behind(board, region, file);
	}
	print_pci(board, file);
	print_beside(board, file);
}

/* Returns the address by which code is named: a guest physical one has no name of its own. */
static struct board_code_addr code_at(struct hart *hart, const struct regime *regime,
				      const struct board_space *space, u64 pc)
{
	struct board_code_addr code = { hart, pc, regime->priv, regime->virt };

	if (space->kind == SPACE_GPA && debug_translate(hart, regime, pc, &code.addr)) {
		code.priv = PRIV_M;
		code.virt = false;
	}
	return code;
}

void board_print_code(struct board *board, const struct board_memory *at, u64 count, void *file)
{
	struct regime regime;
	struct hart *hart = board_space_regime(board, at, true, &regime);
	char text[DISASM_MAX];
	u64 pc = at->addr;

	for (u64 n = 0; n < count; n++) {
		struct board_code_addr code;
		u32 raw = 0;

		if (!hart || !hart_peek_as(hart, &regime, pc, &raw, 2) ||
		    (insn_length(raw) == 4 && !hart_peek_as(hart, &regime, pc, &raw, 4))) {
			fprintf(file, "cannot fetch at 0x%llx\n", pc);
			return;
		}
		disasm(hart->isa, pc, raw, text, sizeof(text));
		code = code_at(hart, &regime, &at->space, pc);
		fprintf(file, "%016llx%s:  %0*x  %s\n", pc, board_code_addr_name(board, &code).text,
			(int)insn_length(raw) * 2, raw, text);
		pc += insn_length(raw);
	}
}
