/* SPDX-License-Identifier: MIT */
/*
 * Helpers for the tests of snapshots: machines with two qcow2 disks, a and b, that run a guest for
 * a number of instructions, and are saved and loaded.
 */
#ifndef TESTS_SYSTEM_BOOT_SNAPSHOT_MACHINE_H
#define TESTS_SYSTEM_BOOT_SNAPSHOT_MACHINE_H

#include "devices/board/machine.h"
#include "tests/board.h"

struct snapshot_guest {
	const char *program; /* NULL: the bundled guest */
	unsigned harts;
	u64 saved, further; /* the number of instructions before saving, and after that */
	const char *core;
	enum board_engine engine;
	enum board_aia aia;
	unsigned aclint; /* 1: the machine has an ACLINT */
};

extern const struct snapshot_guest simple_guest;

extern struct board_error snapshot_error; /* the error of the last save or load */

/* Returns a configuration in which the disks a and b have the images a.qcow2 and b.qcow2. */
struct board_config config_of(const struct snapshot_guest *guest);
struct board *start_machine(const struct snapshot_guest *guest);
void end_machine(struct board *board);

/* Makes the images. This is a setup of cmocka. */
int make_images(void **state);
/* Checks the images, which must not be open. */
void check_images(void);

void run_to(struct board *board, u64 count);
u64 hash_of(struct board *board);
u64 retired(struct board *board);

/*
 * fill writes a value to the n-th disk, as a guest's request would, which is complete when it
 * returns; check_filled checks that the disk contains it.
 */
void fill(struct board *board, unsigned n, u8 value);
void check_filled(struct board *board, unsigned n, u8 value);

int save(struct board *board, const char *tag);
int load(struct board *board, const char *tag);

void must(int failed);

/*
 * Fails the test unless the call fails with an error that contains `text`, and leaves the machine
 * unchanged.
 */
void check_refused(struct board *board, int (*call)(struct board *, const char *), const char *tag,
		   const char *text);

#endif
