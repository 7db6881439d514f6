/* SPDX-License-Identifier: MIT */
/*
 * A machine like QEMU's `virt`: harts, memory and devices put together. The files of devices/board/
 * are the only ones that use both cpu/ and devices/. Of its headers, frontends use those that
 * tests/style/check_includes.py lists as public.
 */
#ifndef DEVICES_BOARD_BOARD_H
#define DEVICES_BOARD_BOARD_H

#include "bus/base.h"
#include "devices/audio.h"
#include "devices/board/config.h"
#include "devices/chardev.h"
#include "devices/error.h"
#include "devices/net/net.h"
#include "devices/vsock.h"

struct platform;

struct board;

enum board_exit {
	BOARD_SLICE, /* the slice is over, and the machine continues in the next */
	BOARD_IDLE, /* no hart has anything to do before clock_next (host clock only) */
	BOARD_ENDED, /* the guest ended the machine: platform->end shows how */
	BOARD_RESET, /* the guest requested a reset: call board_reset or stop */
	BOARD_DEAD, /* no hart can ever run again: board_explain prints why */
	BOARD_LIMIT, /* the limit of board_limit is reached */
	BOARD_STOPPED, /* stopped by a debugger: board/inspect/debug.h */
	BOARD_REPLAYED, /* a replay has reached the end of the recording */
	/* two runs differ: with config.compare the log shows how, else the _difference functions */
	BOARD_DIFFER,
};

/* Checks a text for board_config.cpu. Returns 0, or -EINVAL with *error filled in. */
int board_cpu_check(const char *cpu, struct board_error *error);
/*
 * Lists the features that the model in `cpu` should have, but that Baya lacks: their names,
 * separated by blanks, or "".
 */
void board_cpu_missing(const char *cpu, char *names, size_t size);
/* Lists in the same way what the harts lack of rv64gc, for which Linux systems are compiled. */
void board_cpu_lacks(const char *cpu, char *names, size_t size);

/* Print all models and extensions, as help for a terminal and in Markdown; file is a FILE *. */
void board_cpu_help(void *file);
void board_cpu_table(void *file);

/* Return the name of the n-th model, and of the n-th extension; NULL after the last. */
const char *board_cpu_model(unsigned n);
const char *board_cpu_extension(unsigned n);

/* Makes a machine. Returns NULL with *error filled in if it cannot be made. */
struct board *board_create(const struct board_config *config, struct board_error *error);
void board_free(struct board *board);

/*
 * Resets all devices and harts, and loads all images again. The rest of RAM keeps its contents.
 * Returns 0, or -1 with *error filled in.
 */
int board_reset(struct board *board, struct board_error *error);

/*
 * Pass the user's requests to the machine: a reset, after which board_run returns BOARD_RESET; and
 * an NMI, which returns false if there is no such hart, or no Smrnmi.
 */
void board_request_reset(struct board *board);
bool board_request_nmi(struct board *board, unsigned hart);

/* Runs one slice. With the host clock it takes well below a millisecond. */
enum board_exit board_run(struct board *board);

/*
 * Makes board_run return BOARD_LIMIT when the harts have retired exactly this many instructions in
 * all. UINT64_MAX: there is no limit.
 */
void board_limit(struct board *board, u64 instructions);

struct platform *board_platform(struct board *board);

/*
 * Return the serial port, and the virtio-serial port with this struct in its configuration, or
 * NULL.
 */
struct chardev *board_serial(struct board *board);
struct chardev *board_port(struct board *board, const struct virtio_serial_port *config);

/* Returns the frontend's interface to the n-th network card, or NULL. */
struct net *board_net(struct board *board, unsigned n);

/* Returns the frontend's interface to the n-th socket device, or NULL. */
struct vsock *board_vsock(struct board *board, unsigned n);

/* Returns the frontend's interface to the sound card with this audiodev=, or NULL. */
struct audio *board_audio(struct board *board, const char *audiodev);

/* Returns the device tree given to the guest: blob and size, owned by the board. */
const void *board_fdt(struct board *board, size_t *size);

/* Print where each hart is (board/explain/explain.h explains why), registers, and the maps. */
void board_info_harts(struct board *board, void *file);
void board_info_registers(struct board *board, unsigned hart, void *file);
void board_info_vectors(struct board *board, unsigned hart, void *file);
void board_info_mtree(struct board *board, void *file);
void board_info_pic(struct board *board, void *file);
void board_info_pci(struct board *board, void *file);

/* Prints what the engine has done: decoded and native code, instructions by tier, the TLB. */
void board_info_jit(struct board *board, void *file);

/* Writes the name of a code address from the symbols of loaded ELF files: "name+0x12", or "". */
void board_symbol(struct board *board, u64 addr, char *text, size_t size);

/*
 * Opens and locks a disk image. While the descriptor is open, in this process or one that inherited
 * it, no machine can use the image. Returns the descriptor, -EBUSY if a machine uses it, or another
 * negative errno.
 */
int board_hold_disk(const char *file);

/* Counts of decoded blocks, and of native code that the engine jit compiled from some of them. */
struct board_code {
	/* blocks, and those dropped since because their code changed or they were old */
	u64 decoded, dropped;
	/* blocks with native code; the instructions in them, and the bytes of native code */
	u64 translated, instructions, bytes;
	u64 cold_bytes; /* the part of `bytes` in the cold half, which seldom runs */
	/* how often a chunk of the memory for native code was evicted, or all of it */
	u64 evictions;
	u64 visited; /* the most blocks and links visited in one eviction */
	u64 used, size; /* bytes of the memory for native code */
};

struct board_stats {
	u64 instructions, cycles; /* of all harts */
	u64 tier_instructions[ENGINE_COUNT]; /* by enum board_engine */
	struct board_code code;
	u64 tlb_misses, tlb_walks; /* of all harts (cpu/hart/tlb_stats.h) */
};
void board_stats(struct board *board, struct board_stats *stats);

/* Returns the program's version, config.version, or "(unknown)" if that is NULL. */
const char *board_version(const struct board *board);

/* Returns the name of an engine, as in --engine. */
const char *board_engine_name(enum board_engine engine);
/* Returns what the host's processor lacks for ENGINE_JIT, such as "SSE4.1", or NULL. */
const char *board_engine_lacks(void);

#endif
