/* SPDX-License-Identifier: MIT */
/*
 * A debugger's view of a machine, between two slices: registers by number, memory through any
 * translation, breakpoints and watchpoints, and running some of the harts. Writes pass the journal,
 * like all input of the host. Breakpoints, watchpoints, stops at them, and single steps that take
 * interrupts change nothing that the guest can see. Steps without interrupts, and holding some
 * harts while others run, change the run in a way that the journal does not record. So a machine
 * that is compared with another accepts no debugger.
 */
#ifndef DEVICES_BOARD_INSPECT_DEBUG_H
#define DEVICES_BOARD_INSPECT_DEBUG_H

#include "devices/board/inspect/space.h"

struct board;

/*
 * Attaches a debugger, or detaches it and lets all harts run. Returns 0, -ENOMEM, or -EBUSY with
 * --compare.
 */
int board_debug(struct board *board, bool attached);

/*
 * Register numbers are GDB's for RISC-V: x0, pc, f0, then CSRs by their number, and two virtual
 * ones, the privilege mode (0, 1, 3) and V. After these come v0 and the other vector registers.
 */
enum {
	BOARD_REG_X = 0,
	BOARD_REG_PC = 32,
	BOARD_REG_F = 33,
	BOARD_REG_CSR = 65,
	BOARD_REG_PRIV = BOARD_REG_CSR + 4096,
	BOARD_REG_VIRT,
	BOARD_REG_V,
	BOARD_REGS = BOARD_REG_V + 32
};

#define BOARD_VECTOR_MAX 128 /* bytes of a vector register */

struct board_reg {
	char name[16];
	unsigned bits; /* 32 or 64; of a vector register 128 to 8 * BOARD_VECTOR_MAX */
};

/* Describes a register. False when the machine's harts do not have it. */
bool board_reg(struct board *board, unsigned number, struct board_reg *reg);

/*
 * Read and write a register. Reading has no side effect. Writing acts as software with every right
 * would, with WARL conversion. They return false if there is no such register, or if it is
 * read-only.
 */
bool board_reg_get(struct board *board, unsigned hart, unsigned number, u64 *value);
bool board_reg_set(struct board *board, unsigned hart, unsigned number, u64 value);

/* Read and write a vector register, which the two above refuse: all bytes, element 0 first. */
bool board_vector_get(struct board *board, unsigned hart, unsigned number, void *data);
bool board_vector_set(struct board *board, unsigned hart, unsigned number, const void *data);

/*
 * Access memory, without permission checks and side effects (A and D bits), or registers of a
 * device, with all side effects of a hart's accesses; the accesses are the widest that are
 * naturally aligned. They return false unless the whole range is memory, or belongs to one device
 * that accepts the accesses. A write needs RAM, or flash that is not read-only, whose array is
 * written in any mode.
 */
bool board_debug_read(struct board *board, const struct board_memory *at, void *data);
bool board_debug_write(struct board *board, const struct board_memory *at, const void *data);

/* Kinds of breakpoints and watchpoints, numbered as in GDB's Z packets. */
enum board_point { POINT_SOFTWARE, POINT_HARDWARE, POINT_WRITE, POINT_READ, POINT_ACCESS };

/* Sets or clears a point at an address as `hart` translates it now. 0, -EINVAL, -ENOSPC. */
int board_point_set(struct board *board, unsigned hart, enum board_point kind, u64 addr, u64 size);
int board_point_clear(struct board *board, enum board_point kind, u64 addr, u64 size);

/* The way in which a hart runs in the next slices. */
enum board_go {
	GO_RUN,
	GO_STEP, /* one instruction, then more while its pc is in [first, end) */
	GO_HOLD, /* it does not run; time goes on */
};
void board_go(struct board *board, unsigned hart, enum board_go go, u64 first, u64 end);

/*
 * Chooses whether single steps take interrupts, and wait for them in WFI. By default they do not.
 */
void board_step_interrupts(struct board *board, bool on);

/* Why a hart stopped, after board_run returned BOARD_STOPPED; valid for one call. */
struct board_stop {
	bool stepped; /* else at a point: its kind, and the accessed address that hit it */
	enum board_point kind;
	u64 addr;
};
bool board_stopped(struct board *board, unsigned hart, struct board_stop *stop);

/*
 * Holds the machine, and time with the host clock, and flushes its disks; or resumes all, and tries
 * waiting disk operations again. Every stop calls this: of the monitor, a debugger or the guest.
 */
void board_hold(struct board *board, bool held);

/* For the board: connects the debugger's writes to the journal. */
void board_debug_connect(struct board *board);

#endif
