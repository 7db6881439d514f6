/* SPDX-License-Identifier: MIT */
/*
 * Makes the contents of the boot ROM, in the layout of QEMU's virt machine: six instructions, two
 * addresses, and the fw_dynamic_info to which a2 points. Instructions are encoded here from their
 * fields (unprivileged manual, "Base Instruction Formats"), because the addresses vary.
 */
#include "devices/boot/bootrom.h"

#include "bus/bus.h"
#include "bus/state.h"

#include <string.h>

enum { T0 = 5, A0 = 10, A1 = 11, A2 = 12 };

#define CSR_MHARTID 0xf14

/* From OpenSBI's include/sbi/fw_dynamic.h: version 2, all of whose fields have XLEN bits. */
#define FW_DYNAMIC_MAGIC 0x4942534f /* "OSBI" */
#define FW_DYNAMIC_VERSION 2
#define FW_DYNAMIC_ANY_HART UINT64_MAX

struct rom_image {
	u32 code[6];
	u64 start;
	u64 dtb;
	struct {
		u64 magic, version, next_addr, next_mode, options, boot_hart;
	} info;
};

static_assert(sizeof(struct rom_image) == 88, "no padding");

static u32 i_type(u32 opcode, u32 funct3, u32 rd, u32 rs1, u32 imm)
{
	return imm << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
}

static u32 auipc(u32 rd)
{
	return rd << 7 | 0x17;
}

static u32 addi(u32 rd, u32 rs1, u32 imm)
{
	return i_type(0x13, 0, rd, rs1, imm);
}

static u32 ld(u32 rd, u32 rs1, u32 imm)
{
	return i_type(0x03, 3, rd, rs1, imm);
}

static u32 csrr(u32 rd, u32 csr)
{
	return i_type(0x73, 2, rd, 0, csr);
}

static u32 jr(u32 rs1)
{
	return i_type(0x67, 0, 0, rs1, 0);
}

int bootrom_init(struct bootrom *rom, struct bus *bus, u64 base, u64 size)
{
	struct region region = {
		.name = "boot ROM", .base = base, .size = size, .readonly = true, .ram = &rom->ram};
	int code = ram_init(&rom->ram, size);

	if (code)
		return code;
	rom->base = base;
	code = bus_attach(bus, &region);
	if (code)
		ram_free(&rom->ram);
	return code;
}

void bootrom_free(struct bootrom *rom)
{
	ram_free(&rom->ram);
}

void bootrom_register_state(struct bootrom *rom, struct state *state)
{
	state_register_ram(state, "bootrom", &rom->ram);
}

void bootrom_set(struct bootrom *rom, const struct bootrom_entry *entry)
{
	struct rom_image image = {
		.code = {
			auipc(T0), /* t0 = start of the ROM */
			addi(A2, T0, offsetof(struct rom_image, info)),
			csrr(A0, CSR_MHARTID),
			ld(A1, T0, offsetof(struct rom_image, dtb)),
			ld(T0, T0, offsetof(struct rom_image, start)),
			jr(T0),
		},
		.start = entry->start,
		.dtb = entry->dtb,
		.info = {
			.magic = FW_DYNAMIC_MAGIC,
			.version = FW_DYNAMIC_VERSION,
			.next_addr = entry->next,
			.next_mode = entry->next_mode,
			.boot_hart = FW_DYNAMIC_ANY_HART,
		},
	};

	ram_mark_range(&rom->ram, 0, sizeof(image));
	memcpy(rom->ram.host, &image, sizeof(image));
}
