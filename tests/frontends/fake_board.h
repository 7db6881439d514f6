/* SPDX-License-Identifier: MIT */
/*
 * A board without a machine, for tests of the frontends. The test provides the function that runs a
 * slice; consoles store what is written to them; the monitor's queries have fixed answers.
 */
#ifndef TESTS_FRONTENDS_FAKE_BOARD_H
#define TESTS_FRONTENDS_FAKE_BOARD_H

#include "bus/platform.h"
#include "devices/board/board.h"
#include "devices/board/inspect/debug.h"
#include "devices/board/screen.h"
#include "devices/board/snapshot/snapshot.h"

#define FAKE_RAM_BASE 0x80000000ull
#define FAKE_DEVICE 0x10000000ull
#define FAKE_RAM_SIZE 64

struct board {
	struct display *display; /* NULL: none */
	struct input *inputs[INPUT_KINDS];
	struct platform platform;
	struct chardev serial, virtcon;
	unsigned log_items; /* the log items that were chosen last */
	bool coverage_cleared;
	u64 balloon; /* the guest's memory in bytes; 0: there is no balloon */
	enum board_exit (*slice)(struct board *board);
	unsigned slices, resets, explained;
	const char *mode; /* the mode of each hart; NULL: "M" */
	u64 traps; /* the number that each hart has taken, the last one from U */
	bool reset_requested;
	bool has_nmi;
	unsigned nmi_hart; /* the hart of the last NMI request */
	u64 device_reads;
	size_t room; /* how many bytes the serial port accepts at once */
	u8 received[8192];
	size_t received_size;
	bool echo;
	u8 ram[FAKE_RAM_SIZE];
	struct board_stats stats;
	u64 limit;
	int reset_result;
	/* The state that a debugger accesses. */
	u64 regs[BOARD_REGS];
	struct {
		enum board_go go;
		u64 first, end;
		bool stopped;
		struct board_stop stop;
	} debugged[BOARD_HARTS_MAX];
	struct {
		enum board_point kind;
		u64 addr, size;
	} point; /* the point that was set last; size 0: it was removed */
	bool debugger, held_time;
	bool guest; /* a hart has a guest */
	struct {
		struct disk_snapshot of;
		bool partial;
	} kept[5];
	unsigned kept_count;
};

void fake_board_init(struct board *board, enum clock_mode mode);
void fake_board_free(struct board *board);

/* Returns " (vs)" and so on for an address space other than the current one. */
const char *fake_space(const struct board_memory *at);

#endif
