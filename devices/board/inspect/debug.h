/* SPDX-License-Identifier: MIT */
/*
 * A debugger's view of a machine, between two slices: registers by number, memory through any
 * translation, breakpoints and watchpoints, and execution of some of the harts. Writes pass through
 * the journal, like all input from the host. Breakpoints, watchpoints, stops at them, and single
 * steps that take interrupts change nothing that the guest can see. Steps without interrupts, and
 * holding some harts while others run, change the run in a way that the journal does not record. So
 * a machine that is compared with another accepts no debugger.
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
 * Register numbers are GDB's for RISC-V: x0, pc, f0, then CSRs by their number, and two
 * pseudo-registers, the privilege mode (0, 1, 3) and V. After these come v0 and the other vector
 * registers.
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
	unsigned bits; /* 32 or 64; for a vector register 128 to 8 * BOARD_VECTOR_MAX */
};

/* Describes a register. Returns false if the machine's harts do not have it. */
bool board_reg(struct board *board, unsigned number, struct board_reg *reg);

/*
 * Read and write a register. Reading has no side effect. Writing has the effects that a write by
 * software in the highest mode would have, with WARL conversion. They return false if there is no
 * such register; writing also if it is read-only, or while a recording is replayed.
 */
bool board_reg_get(struct board *board, unsigned hart, unsigned number, u64 *value);
bool board_reg_set(struct board *board, unsigned hart, unsigned number, u64 value);

/* Read and write a vector register, which the two above refuse: all bytes, element 0 first. */
bool board_vector_get(struct board *board, unsigned hart, unsigned number, void *data);
bool board_vector_set(struct board *board, unsigned hart, unsigned number, const void *data);

/*
 * Access memory, without permission checks and side effects (A and D bits), or a device's
 * registers, with all side effects that a hart's accesses have. A device is accessed in the widest
 * units that are naturally aligned and that it accepts. They return false unless the whole range is
 * memory, or belongs to one device that accepts the accesses. A write needs RAM, or flash that is
 * not read-only; it changes the flash's array in any mode. While a recording is replayed, writes
 * are refused: board_debug_write returns false.
 */
bool board_debug_read(struct board *board, const struct board_memory *at, void *data);
bool board_debug_write(struct board *board, const struct board_memory *at, const void *data);

/*
 * Reads what memory holds, without side effects: of flash the array, in any mode. The range is in
 * one page. Returns false unless all of it is memory.
 */
bool board_debug_held(struct board *board, const struct board_memory *at, void *data);

/* Kinds of breakpoints and watchpoints, numbered as in GDB's Z packets. */
enum board_point { POINT_SOFTWARE, POINT_HARDWARE, POINT_WRITE, POINT_READ, POINT_ACCESS };

/*
 * Set and clear a point. A watchpoint is set where board_debug_read would read now. A breakpoint is
 * set at a virtual address, whatever the space is, unless that is one of physical addresses. Return
 * 0, -EINVAL, -ENOSPC, or -EFAULT if the space is not there, or nothing at the physical address.
 */
int board_point_set(struct board *board, enum board_point kind, const struct board_memory *at);
int board_point_clear(struct board *board, enum board_point kind, u64 addr, u64 size);

/* The way in which a hart runs in the next slices. */
enum board_go {
	GO_RUN,
	GO_STEP, /* it executes one instruction, and more while its pc is in [first, end) */
	GO_HOLD, /* it does not run; time continues */
};
void board_go(struct board *board, unsigned hart, enum board_go go, u64 first, u64 end);

/*
 * Chooses whether single steps take interrupts, and wait for them in WFI. They do not by default.
 * board_steps_interrupt returns the choice.
 */
void board_step_interrupts(struct board *board, bool on);
bool board_steps_interrupt(const struct board *board);

/* Describes why a hart stopped, after board_run returned BOARD_STOPPED. */
struct board_stop {
	bool stepped; /* it has completed its single step; otherwise it has hit a point */
	enum board_point kind; /* of the point */
	u64 addr; /* the accessed address that hit the point */
};
/*
 * Gets the reason, once. Returns false if this hart did not stop, or its reason was already
 * returned.
 */
bool board_stopped(struct board *board, unsigned hart, struct board_stop *stop);

/*
 * Holds the machine: stops time with the host clock, and flushes the disks. Or resumes it, and
 * retries disk operations that wait. Called at every stop: by the monitor, a debugger or the guest.
 */
void board_hold(struct board *board, bool held);

/* Registers the journal's sink for the debugger's writes. For the board. */
void board_debug_connect(struct board *board);

#endif
