/* SPDX-License-Identifier: MIT */
/*
 * For the tests of snapshots: machines with two qcow2 disks, a and b, that run a guest for so many
 * instructions, and are saved and loaded.
 */
#ifndef TESTS_SYSTEM_BOOT_SNAPSHOT_MACHINE_H
#define TESTS_SYSTEM_BOOT_SNAPSHOT_MACHINE_H

#include "devices/board/machine.h"
#include "tests/board.h"

struct snapshot_guest {
	const char *program; /* NULL: the bundled one */
	unsigned harts;
	u64 saved, further; /* instructions */
	const char *core;
	enum board_engine engine;
	enum board_aia aia;
	unsigned aclint; /* 1: there is one */
};

extern const struct snapshot_guest simple_guest;

extern struct board_error snapshot_error; /* the last one */

/* Makes a configuration with the images a.qcow2 as "a" and b.qcow2 as "b". */
struct board_config config_of(const struct snapshot_guest *guest);
struct board *start_machine(const struct snapshot_guest *guest);
void end_machine(struct board *board);

/* Makes the images: a setup of cmocka. */
int make_images(void **state);
/* Checks the images while nobody has them open. */
void check_images(void);

void run_to(struct board *board, u64 count);
u64 hash_of(struct board *board);
u64 retired(struct board *board);

/* Fills the disk as a guest would; the request is done when the function returns. */
void fill(struct board *board, unsigned n, u8 value);
void check_filled(struct board *board, unsigned n, u8 value);

int save(struct board *board, const char *tag);
int load(struct board *board, const char *tag);

void must(int failed);

/* The call must be refused with these words, and the machine must be unchanged. */
void check_refused(struct board *board, int (*call)(struct board *, const char *), const char *tag,
		   const char *text);

#endif
