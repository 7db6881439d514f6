/* SPDX-License-Identifier: MIT */
/*
 * A machine: all data of a board, for the files of devices/board/ and its folders. board.c makes
 * and runs it; the other files own the fields that are named after them. Frontends never include
 * this; tests do if they look inside a machine.
 */
#ifndef DEVICES_BOARD_MACHINE_H
#define DEVICES_BOARD_MACHINE_H

#include "bus/platform.h"
#include "bus/timebase.h"
#include "cpu/debug/commit_log.h"
#include "cpu/debug/stale_tlb.h"
#include "cpu/timed/roi.h"
#include "devices/block/disk.h"
#include "devices/block/flash.h"
#include "devices/board/board.h"
#include "devices/board/devices.h"
#include "devices/board/errors.h"
#include "devices/board/fw.h"
#include "devices/board/htif.h"
#include "devices/board/inspect/probe.h"
#include "devices/board/interrupts.h"
#include "devices/board/replaying.h"
#include "devices/board/semihost.h"
#include "devices/boot/bootrom.h"
#include "devices/boot/fwcfg.h"
#include "devices/boot/loader.h"
#include "devices/boot/symbols.h"
#include "devices/htif.h"
#include "devices/irq/aclint.h"
#include "devices/irq/aplic.h"
#include "devices/irq/imsic.h"
#include "devices/irq/plic.h"
#include "devices/rtc.h"
#include "devices/test.h"
#include "devices/uart.h"
#include "devices/virtio/mmio.h"

struct board_step;
struct compare;
struct debug;

#define SEED_SIZE 32

/* A hart of a board, for callbacks: they get this as ctx. */
struct board_hart_ctx {
	struct board *board;
	unsigned hart;
	/* For pipeline views: the first instruction to report, and the cycle to count from. */
	bool reports;
	u64 first, cycle;
};

struct board {
	struct platform platform;
	struct board_config config;
	struct board_error *error; /* of the call in progress */
	struct ram ram;
	struct timebase timebase;
	struct harts harts;
	struct watch watch;
	struct commit_log commit_log;
	struct strict strict;
	struct own_log *own_log; /* the log, if it was opened while the machine ran; else NULL */
	bool traced; /* -d exec, cpu or in_asm observes the harts */
	struct timing_core timing; /* its kind is NULL if there is no timing model */
	/* the parameters of `timing`, as state */
	struct state_field core_fields[TIMING_PARAMS_MAX];
	struct state_type core_state;
	char *core; /* the core's name, as the user gave it */
	struct roi roi; /* the regions of interest that are timed */
	/* timing was switched at run time; observers that need the interpreter are attached */
	bool switched, watched;
	enum board_engine engine; /* the engine that is in use now */
	struct jit *jit; /* the native tier, or NULL */
	struct timing_account *accounts[BOARD_HARTS_MAX]; /* per hart; NULL: none */
	void (*step)(void *ctx, const struct board_step *step); /* the viewer of the pipelines */
	void *step_ctx;
	struct compare *compare; /* NULL: this machine has no reference */
	struct coverage *coverage; /* NULL: it is not recorded */
	struct debug *debug; /* NULL: no debugger is attached */
	/* Only those that config.aia chooses are attached. */
	struct plic plic;
	struct aplic aplic;
	struct imsic imsic;
	struct board_hart_ctx hart_ctx[BOARD_HARTS_MAX];
	struct clint clint;
	struct aclint aclint; /* with config.aclint */
	struct uart uart;
	struct rtc rtc;
	struct test test;
	struct flash flash[FLASH_BANKS];
	unsigned flash_count; /* attached, for board_free */
	struct fwcfg fwcfg;
	struct bootrom bootrom;
	struct pci_host pci;
	struct virtio_mmio slots[VIRTIO_SLOTS];
	bool slot_used[VIRTIO_SLOTS], has_bootrom;
	struct board_node *nodes[BOARD_DISKS_MAX]; /* open images, those of config.disks first */
	struct board_device *devices[BOARD_DEVICES_MAX]; /* created */
	unsigned node_count, device_count, names_made; /* names_made: node names generated */
	struct board_unplugging unplugging;
	struct htif htif;
	struct board_semihost semihost;
	struct clock_event htif_event; /* reads tohost soon after it was written */
	struct symbols symbols;
	struct loader loader;
	struct loader_dtb dtb;
	/* Sinks of the journal: /chosen/rng-seed, the user's reset and NMI, debuggers' writes. */
	unsigned seed_sink, reset_sink, nmi_sink, debug_sink;
	struct board_probe_last probe;
	struct board_replaying replay;
	struct board_disk_errors disk_errors;
	bool held; /* the machine is stopped (board_hold) */
	u32 fw_ram[2]; /* fw_cfg's little-endian items */
	u16 fw_cpus;
	struct board_fw fw;
	u64 tier_retired[ENGINE_COUNT];
};

/* Fill in board->error, the second for lack of memory. Return -1, for the caller to return. */
int board_fail(struct board *board, int exit_code, const char *format, ...) PRINTF_LIKE(3, 4);
int board_no_memory(struct board *board, const char *format, ...) PRINTF_LIKE(2, 3);

/* Checks that a device of the machine was attached: its address, a constant, is used only once. */
static inline void board_attached(int error)
{
	assert(!error && "two devices have the same address; see devices/memmap.h");
}

/* ABI names of the integer registers. */
extern const char *const board_x_names[32];

/* board_create and board_run of a single board, without the reference of config.compare. */
struct board *board_make(const struct board_config *config, struct board_error *error);
enum board_exit board_run_alone(struct board *board);

/* Writes the function's name at an address of board_code_addr_named(), or its page's range. */
void board_function_name(struct board *board, u64 place, char *name, size_t size);

/* Loads all images and the device tree, and points the boot ROM at it. Returns 0 or -errno. */
int board_load_images(struct board *board);

/* Makes the device tree, like that of QEMU's virt; the caller frees *blob. Returns 0 or -errno. */
int board_make_tree(struct board *board, void **blob, size_t *size);

#endif
