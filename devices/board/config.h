/* SPDX-License-Identifier: MIT */
/* The configuration of a machine, for board.h's board_create. */
#ifndef DEVICES_BOARD_CONFIG_H
#define DEVICES_BOARD_CONFIG_H

#include "bus/base.h"
#include "bus/clock.h"
#include "bus/key.h"
#include "bus/log.h"
#include "bus/ram.h"
#include "devices/block/disk.h"
#include "devices/board/numa.h"
#include "devices/boot/load.h"
#include "devices/device.h"
#include "devices/rtc.h"

#include <string.h>

#define BOARD_SHIFT_MAX 10
#define BOARD_HARTS_MAX 64
#define BOARD_AIA_GUESTS_MAX 63
#define BOARD_DISKS_MAX 32
#define BOARD_NODE_NAME_MAX 32 /* with its NUL, as in QEMU */
#define BOARD_DEVICES_MAX 32
#define BOARD_LOADS_MAX 16
#define BOARD_FW_FILES_MAX 16
#define BOARD_FW_NAME_MAX 55 /* bytes */

enum board_commit_format { COMMIT_LOG_SPIKE, COMMIT_LOG_JSON };

enum board_engine { ENGINE_INTERP, ENGINE_THREADED, ENGINE_JIT, ENGINE_COUNT };

/* The instructions for which the engine jit emits native code (enum jit_only in cpu/jit/jit.h). */
enum board_jit_only { BOARD_JIT_ALL, BOARD_JIT_NONE, BOARD_JIT_ALU, BOARD_JIT_MEM, BOARD_JIT_FP };

/* The advanced interrupt architecture: none of it (a PLIC), wires only, or MSIs too. */
enum board_aia { BOARD_AIA_NONE, BOARD_AIA_APLIC, BOARD_AIA_APLIC_IMSIC };
enum board_plic { BOARD_PLIC_QEMU, BOARD_PLIC_LEVEL };
enum board_mmio { BOARD_MMIO_DEFAULT, BOARD_MMIO_MODERN, BOARD_MMIO_LEGACY };

/*
 * UNSAID: the user gave none; the image is raw, and refused if it looks like another format. FILE:
 * a file node, which is beneath another node.
 */
enum board_format { BOARD_FORMAT_UNSAID, BOARD_FORMAT_RAW, BOARD_FORMAT_QCOW2, BOARD_FORMAT_FILE };

/*
 * An image that a device shows to the guest: a drive, or a node of QEMU's block layer with the node
 * of the file beneath it. A device refers to either by name.
 */
struct board_disk {
	const char *id; /* the drive's; NULL: it is only a node */
	const char *node; /* its name; NULL: one is generated */
	const char *file; /* NULL: that of the node `below` */
	const char *below; /* the name of the file's node; NULL: one is generated */
	enum board_format format;
	bool block_device; /* the node's driver is for a block device of the host, not for a file */
	bool readonly, readonly_if_must; /* the second: read-only if the file can only be read */
	bool keeps_discarded; /* discarded data stays in the file */
	enum disk_zeroes zeroes;
	bool snapshot; /* writes are dropped at the end */
};

/* A file of fw_cfg, for firmware: the contents of a host file, or a text. */
struct board_fw_file {
	const char *name, *file, *text; /* one of the last two is NULL */
};

/* All strings are borrowed and must outlive the board. */
struct board_config {
	unsigned harts; /* 1..BOARD_HARTS_MAX */
	u64 ram_size; /* bytes */
	struct ram_backing ram; /* the backing of RAM on the host */
	struct board_numa numa;
	const char *cpu; /* "MODEL[,NAME=on|off...][,VECTOR=ADDR...]"; NULL: the default */
	const char *bios; /* NULL or "default": the bundled firmware; "none"; or a file */
	const char *kernel, *initrd, *append, *dtb; /* NULL: none */
	const char *blob_name, *blob; /* a text as a file in fw_cfg; NULL: none */
	struct board_fw_file fw_files[BOARD_FW_FILES_MAX];
	unsigned fw_file_count;
	struct board_boot boot;
	u8 uuid[16]; /* of the machine; zeros: none */
	struct board_symbols symbols[BOARD_SYMBOLS_MAX];
	unsigned symbols_count;
	const char *program; /* bare-metal ELF, entered in M-mode with no firmware */
	/* Flash banks: only `file` (NULL: erased), `format`, `readonly` and `snapshot` are used. */
	struct board_disk pflash[2];
	struct board_disk disks[BOARD_DISKS_MAX];
	unsigned disk_count;
	struct device_config devices[BOARD_DEVICES_MAX];
	unsigned device_count;
	struct board_load loads[BOARD_LOADS_MAX];
	unsigned load_count;
	bool semihosting; /* always on for `program` */
	const char *semihosting_folder; /* the folder of its files; NULL: it has none */
	/* The words of its command line; none: the program's name and `append`. */
	struct key_texts semihosting_arguments;
	enum board_aia aia;
	unsigned aia_guests; /* guest interrupt files per hart, with BOARD_AIA_APLIC_IMSIC */
	bool aclint; /* the machine has an ACLINT, in place of the CLINT */
	enum board_mmio mmio; /* version 2 or 1 (legacy) of virtio-mmio; DEFAULT: legacy if bare */
	enum board_plic plic; /* how gateways make requests, with BOARD_AIA_NONE */
	enum board_engine engine;
	enum board_jit_only jit_only;
	enum clock_mode clock;
	unsigned shift; /* virtual clock, no timing: an instruction takes 2^shift ns */
	bool chaos; /* virtual clock, no timing: as in harts_config */
	struct rtc_config rtc;
	/* "NAME|FILE[,PARAMETER=VALUE...]" or NULL; the folder of cores by name. */
	const char *timing, *cores;
	const char *timing_from, *timing_until; /* the region of interest (cpu/timing/roi.md) */
	u64 seed, timing_warm; /* timing_warm: instructions before the region that warm up models */
	void *commit_log; /* FILE * for a line per instruction, in the interpreter; NULL: none */
	enum board_commit_format commit_format;
	/* FILE *s for native code: a dump for people, a map for perf. NULL: none. */
	void *jit_dump, *perf_map;
	bool timing_check; /* time harts twice, once without memoisation, and compare */
	/* Run a second machine as the reference of this one: virtual clock, disks not written. */
	bool compare;
	enum board_engine reference; /* with compare: the second machine's engine, not `engine` */
	/* compare_file: the reproducer to write at a difference; restore: the one to begin with. */
	const char *compare_file, *restore;
	const char *command; /* which restores compare_file, for messages; NULL: unknown */
	const char *version; /* of the program; NULL: unknown */
	bool loops_are_fixed; /* assume that no hart changes another one's trap loop; for tests */
	unsigned log_items;
	struct log_ranges log_ranges;
	void *log_file; /* FILE * */
};

/* Returns whether the host's files must not change, because two machines run, or one runs again. */
static inline bool board_copies(const struct board_config *config)
{
	return config->compare || config->restore;
}

/*
 * Returns whether the machine has neither firmware nor a program. A program does not count as bare,
 * because it starts as conformance suites expect.
 */
static inline bool board_is_bare(const struct board_config *config)
{
	return !config->program && config->bios && strcmp(config->bios, "none") == 0;
}

#endif
