/* SPDX-License-Identifier: MIT */
/*
 * A debugger's view of a machine, between two slices: registers by number, memory through any
 * translation, places to stop at, and who runs. What it writes passes the journal, as all that
 * comes from the host; places, and stopping at them, change nothing that the guest could see, nor
 * do single steps that take interrupts. Steps that do not, and harts that are held while others
 * run, make another run of it, which the journal knows nothing of: no debugger is let into a
 * machine that is compared with another.
 */
#ifndef DEVICES_BOARD_INSPECT_DEBUG_H
#define DEVICES_BOARD_INSPECT_DEBUG_H

#include "bus/base.h"

struct board;

/* Attach a debugger, or take it away and let all harts run. 0, -ENOMEM, -EBUSY with --compare. */
int board_debug(struct board *board, bool attached);

/*
 * Registers are numbered as GDB does for RISC-V: x0, pc, f0, then CSRs by their number, and two of
 * our own: the privilege mode (0, 1, 3) and V.
 */
enum {
	BOARD_REG_X = 0,
	BOARD_REG_PC = 32,
	BOARD_REG_F = 33,
	BOARD_REG_CSR = 65,
	BOARD_REG_PRIV = BOARD_REG_CSR + 4096,
	BOARD_REG_VIRT,
	BOARD_REGS
};

struct board_reg {
	char name[16];
	unsigned bits; /* 32 or 64 */
};

/* False when the machine's harts have no such register. */
bool board_reg(struct board *board, unsigned number, struct board_reg *reg);

/*
 * No side effect when read. Written as by software with every right: what is not legal becomes
 * what is; false when there is none, or it is read-only.
 */
bool board_reg_get(struct board *board, unsigned hart, unsigned number, u64 *value);
bool board_reg_set(struct board *board, unsigned hart, unsigned number, u64 value);

/* How an address is meant. */
struct board_space {
	enum {
		SPACE_CURRENT, /* as the hart's loads do now */
		SPACE_PHYSICAL,
		SPACE_HS, /* as in S-mode, V=0 */
		SPACE_VS, /* as in VS-mode with what is in the hart's vsatp and hgatp */
		SPACE_VMID, /* the same, of whichever hart has this VMID in hgatp */
	} kind;
	u16 vmid;
};

/*
 * RAM alone, with no regard to permissions and no side effect (A and D bits, devices): false
 * unless all of it can be had.
 */
struct board_memory {
	struct board_space space;
	unsigned hart;
	u64 addr;
	size_t size;
};
bool board_debug_read(struct board *board, const struct board_memory *at, void *data);
bool board_debug_write(struct board *board, const struct board_memory *at, const void *data);

/* Where an address leads; false: nowhere. */
bool board_debug_translate(struct board *board, const struct board_memory *at, u64 *pa);

/* Kinds of points, numbered as GDB's Z packets. */
enum board_point { POINT_SOFTWARE, POINT_HARDWARE, POINT_WRITE, POINT_READ, POINT_ACCESS };

/* As seen by `hart` now. 0, -EINVAL, -ENOSPC. */
int board_point_set(struct board *board, unsigned hart, enum board_point kind, u64 addr, u64 size);
int board_point_clear(struct board *board, enum board_point kind, u64 addr, u64 size);

/* What a hart does in the slices to come. */
enum board_go {
	GO_RUN,
	GO_STEP, /* one instruction, then as many as its pc is in [first, end) */
	GO_HOLD, /* nothing; time goes on */
};
void board_go(struct board *board, unsigned hart, enum board_go go, u64 first, u64 end);

/* Shall single steps take interrupts, and wait for them in WFI? They do not unless told so. */
void board_step_interrupts(struct board *board, bool on);

/* Why a hart stopped, after board_run said BOARD_STOPPED; told once. */
struct board_stop {
	bool stepped; /* else at a point: its kind, and the address of it that was touched */
	enum board_point kind;
	u64 addr;
};
bool board_stopped(struct board *board, unsigned hart, struct board_stop *stop);

/*
 * The machine stands still, and its time where that is the host's; or both go on, and what disks
 * wait with is tried again.
 */
void board_hold(struct board *board, bool held);

/* For the board: what a debugger writes goes by the journal. */
void board_debug_connect(struct board *board);

#endif
