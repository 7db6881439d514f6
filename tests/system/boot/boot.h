/* SPDX-License-Identifier: MIT */
/*
 * Boots the bundled guest on a board that the test configures, with the virtual clock, and runs it
 * to exact instruction counts. Its console output is counted, hashed and stored.
 */
#ifndef TESTS_SYSTEM_BOOT_BOOT_H
#define TESTS_SYSTEM_BOOT_BOOT_H

#include "bus/platform.h"
#include "devices/board/board.h"

/*
 * The kernel's command line. The guest runs this command before it powers off: several processes,
 * files, pipes.
 */
#define BOOT_WORK                                                                                  \
	"console=ttyS0 run=\"cat /proc/cpuinfo; for i in 1 2 3 4; do "                             \
	"(ls -lR /proc/sys | sort | md5sum; sleep 0.01) & done; wait; "                            \
	"dd if=/dev/urandom of=/tmp/x bs=64k count=4; gzip -c /tmp/x | gunzip | cmp - /tmp/x; "    \
	"dd if=/dev/vda bs=16k count=32 | md5sum\""

struct boot {
	struct board *board;
	u64 written; /* bytes that the guest has written to its console */
	u64 written_hash;
	char text[4096]; /* the last of these bytes, followed by a NUL */
	size_t text_size;
};

struct boot_config {
	unsigned harts;
	enum board_engine engine;
	enum board_aia aia; /* with IMSICs there are also three guest files per hart */
	bool aclint;
	u64 seed;
	u8 garbage; /* the byte with which the allocator fills memory; 0: it does not */
};

/* Makes the board. Fails the test if that is not possible. */
void boot_start(struct boot *boot, const struct boot_config *config);
void boot_free(struct boot *boot);

/*
 * Runs until `count` instructions have retired, and returns BOARD_LIMIT, or how the guest ended
 * before. If `stops`, a seed, is not NULL, the run is interrupted at random points.
 */
enum board_exit boot_run_to(struct boot *boot, u64 count, u64 *stops);

u64 boot_instructions(struct boot *boot);
u64 boot_hash(struct boot *boot);
struct state *boot_state(struct boot *boot);

#endif
