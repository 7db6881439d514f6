/* SPDX-License-Identifier: MIT */
/* Lists of devices, of disks, and of instructions, for people. */
#include "devices/board_inspect.h"

#include "cpu/disasm.h"
#include "devices/board_parts.h"

typedef unsigned long long ull;

static void print_virtio(const struct virtio *virtio, FILE *out)
{
	fprintf(out, "    %s: virtio device %u, %u queue%s, driver %s, features 0x%llx of 0x%llx\n",
		virtio->name, virtio->ops->device_id, virtio->queue_count,
		virtio->queue_count == 1 ? "" : "s",
		virtio->status & VIRTIO_STATUS_DEVICE_NEEDS_RESET ? "must reset it" :
		virtio->status & VIRTIO_STATUS_DRIVER_OK ? "uses it" : "has not set it up",
		(ull)virtio->driver_features, (ull)virtio->device_features);
}

void board_info_qtree(struct board *board, void *file)
{
	const struct bus *bus = &board->platform.bus;

	fprintf(file, "bus: main-system-bus\n");
	for (unsigned n = 0; n < bus->count; n++) {
		const struct region *region = &bus->regions[n];
		u64 slot = (region->base - VIRTIO_BASE) / VIRTIO_STRIDE;

		fprintf(file, "  dev: %s, at 0x%llx, 0x%llx bytes of %s\n", region->name,
			(ull)region->base, (ull)region->size,
			!region->ram ? "registers" : region->readonly ? "ROM" : "memory");
		if (region->base >= VIRTIO_BASE && slot < VIRTIO_SLOTS &&
		    board->slots[slot].virtio)
			print_virtio(board->slots[slot].virtio, file);
	}
}

void board_info_block(struct board *board, void *file)
{
	for (unsigned n = 0; n < board->disk_count; n++) {
		const struct disk *disk = &board->disks[n];

		fprintf(file, "%s: %s (%s%s%s)\n    %llu bytes%s\n",
			board->config.disks[n].id ? board->config.disks[n].id : "drive",
			board->config.disks[n].file, disk->qcow2 ? "qcow2" : "raw",
			disk->readonly ? ", read-only" : "",
			disk->copy || disk->overlay ? ", what is written is dropped" : "",
			(ull)disk->sectors * DISK_SECTOR,
			disk->failed ? "; an operation has failed" : "");
	}
	if (!board->disk_count)
		fprintf(file, "no disks\n");
}

void board_print_code(struct board *board, unsigned index, u64 pc, u64 count, void *file)
{
	struct hart *hart = board->harts.hart[index];
	char text[DISASM_MAX], name[128];

	for (u64 n = 0; n < count; n++) {
		u32 raw = 0;

		if (!hart_peek_code(hart, pc, &raw, 2) ||
		    (insn_length(raw) == 4 && !hart_peek_code(hart, pc, &raw, 4))) {
			fprintf(file, "cannot fetch at 0x%llx\n", (ull)pc);
			return;
		}
		disasm(hart->isa, pc, raw, text, sizeof(text));
		board_symbol(board, pc, name, sizeof(name));
		fprintf(file, "%016llx%s%s%s:  %0*x  %s\n", (ull)pc, *name ? " <" : "", name,
			*name ? ">" : "", (int)insn_length(raw) * 2, raw, text);
		pc += insn_length(raw);
	}
}
