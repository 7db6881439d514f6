/* SPDX-License-Identifier: MIT */
/*
 * The machine as QEMU calls it `virt`: harts, memory and devices put together. board.c is the one
 * file that knows both cpu/ and devices/, and the memory map. Frontends know only this.
 */
#ifndef DEVICES_BOARD_BOARD_H
#define DEVICES_BOARD_BOARD_H

#include "bus/base.h"
#include "devices/audio.h"
#include "devices/board/config.h"
#include "devices/chardev.h"
#include "devices/net/net.h"
#include "devices/vsock.h"

struct platform;

struct board;
/* One clear line about a host error: what, which file, what to do. */
struct board_error {
	char text[512];
	int exit_code; /* 2 usage, 3 host error */
};
enum board_exit {
	BOARD_SLICE, /* the slice is over, go on */
	BOARD_IDLE, /* no hart has anything to do before clock_next (host clock only) */
	BOARD_ENDED, /* the guest ended the machine: platform->end says how */
	BOARD_RESET, /* the guest asked for a reset: call board_reset or stop */
	BOARD_DEAD, /* no hart can ever run again: board_explain says why */
	BOARD_LIMIT, /* max_insns reached */
	BOARD_STOPPED, /* by a debugger: board/inspect/debug.h */
	BOARD_DIFFER, /* config.compare, all is said in the log; or board_timing_difference() */
};

/* Is a text for board_config.cpu right? 0, or -EINVAL with *error. */
int board_cpu_check(const char *cpu, struct board_error *error);
/* Names of what its model should have and no hart has yet, with blanks between; may be empty. */
void board_cpu_missing(const char *cpu, char *names, size_t size);

/* All models and extensions, for a terminal and in Markdown; file is a FILE *. */
void board_cpu_help(void *file);
void board_cpu_table(void *file);

/* The n-th model, the n-th extension; NULL behind the last. */
const char *board_cpu_model(unsigned n);
const char *board_cpu_extension(unsigned n);

/* NULL with *error filled when the machine cannot be made. */
struct board *board_create(const struct board_config *config, struct board_error *error);
void board_free(struct board *board);

/* Power-on or reset: all devices and harts, images loaded again. 0 or -errno with *error. */
int board_reset(struct board *board, struct board_error *error);

/* The user's: a reset (board_run: BOARD_RESET), an NMI (false: no such hart, no Smrnmi). */
void board_request_reset(struct board *board);
bool board_request_nmi(struct board *board, unsigned hart);

/* Run for one slice (well below a millisecond's worth of guest work under the host clock). */
enum board_exit board_run(struct board *board);

/* Exact number of instructions after which board_run returns BOARD_LIMIT; UINT64_MAX: none. */
void board_limit(struct board *board, u64 instructions);

struct platform *board_platform(struct board *board);

/* The serial port; the port of a virtio-serial that has this in its properties, or NULL. */
struct chardev *board_serial(struct board *board);
struct chardev *board_port(struct board *board, const struct virtio_serial_port *config);

/* The network card with this netdev=, or NULL. */
struct net *board_net(struct board *board, const char *netdev);

/* The n-th socket device's connections with the host, or NULL. */
struct vsock *board_vsock(struct board *board, unsigned n);

/* What the sound card with this audiodev= is connected to, or NULL. */
struct audio *board_audio(struct board *board, const char *audiodev);

/* The device tree handed to the guest: blob and size, owned by the board. */
const void *board_fdt(struct board *board, size_t *size);

/* For people: where each hart is (why is board/explain/explain.h's), registers, and the maps. */
void board_info_harts(struct board *board, void *file);
void board_info_registers(struct board *board, unsigned hart, void *file);
void board_info_mtree(struct board *board, void *file);
void board_info_pic(struct board *board, void *file);
void board_info_pci(struct board *board, void *file);

/* A symbol "name+0x12" for an address in the loaded ELF images, or "" in text. */
void board_symbol(struct board *board, u64 addr, char *text, size_t size);

/* Read RAM as the hart's loads would, or by physical address; false when that leads to none. */
bool board_peek(struct board *board, unsigned hart, bool physical, u64 addr, void *data,
		size_t size);

/*
 * A descriptor of a disk image: as long as it is open, here or where it was inherited, no machine
 * runs on the image. -EBUSY when one does, or another negative errno.
 */
int board_hold_disk(const char *file);

struct board_stats {
	u64 instructions, cycles; /* all harts */
	u64 tier_instructions[2]; /* by enum board_engine */
};
void board_stats(struct board *board, struct board_stats *stats);

#endif
