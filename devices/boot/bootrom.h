/* SPDX-License-Identifier: MIT */
/*
 * A ROM with the first instructions of every hart, which enter the firmware by OpenSBI's fw_dynamic
 * protocol (a0: hart id, a1: device tree, a2: struct fw_dynamic_info). Firmware that expects fewer
 * arguments ignores the others.
 */
#ifndef DEVICES_BOOT_BOOTROM_H
#define DEVICES_BOOT_BOOTROM_H

#include "bus/base.h"
#include "bus/ram.h"

struct bus;
struct state;

struct bootrom {
	struct ram ram;
	u64 base;
};

/* The privilege modes, numbered as in fw_dynamic. */
enum bootrom_mode { BOOTROM_U = 0, BOOTROM_S = 1, BOOTROM_M = 3 };

struct bootrom_entry {
	u64 start; /* the harts' start address: of firmware, flash, or a program */
	u64 dtb; /* address of the device tree; 0: none */
	/* the kernel's entry, at which the firmware continues; 0: the firmware knows it itself */
	u64 next;
	enum bootrom_mode next_mode;
};

/*
 * Creates the ROM, which has `size` bytes, and attaches it at base. Returns 0, or -errno with
 * nothing to free.
 */
int bootrom_init(struct bootrom *rom, struct bus *bus, u64 base, u64 size);
void bootrom_free(struct bootrom *rom);
void bootrom_register_state(struct bootrom *rom, struct state *state);

/* Writes code and data to the ROM. Must be called at every reset, after the images were loaded. */
void bootrom_set(struct bootrom *rom, const struct bootrom_entry *entry);

#endif
