/* SPDX-License-Identifier: MIT */
/*
 * The base that all parts of a machine share: address map, time, state, input, entropy, log, and
 * the list of reset functions. A machine has one; its parts keep pointers to it.
 */
#ifndef BUS_PLATFORM_H
#define BUS_PLATFORM_H

#include "bus/bus.h"
#include "bus/clock.h"
#include "bus/entropy.h"
#include "bus/irq.h"
#include "bus/journal.h"
#include "bus/log.h"
#include "bus/state.h"

#define PLATFORM_RESETS_MAX 192

/*
 * The most work that devices do for the guest before the run loop looks at clocks, signals and
 * sockets, in bytes that the host moves. What moves none counts as bytes that take as long. A
 * request that was begun is finished, and so is the turn of each queue that waits.
 */
#define PLATFORM_WORK_MOST (64 * MiB)
#define PLATFORM_WORK_CALL (16 * KiB) /* a system call of the host */
#define PLATFORM_WORK_SYNC (4 * MiB) /* waiting for the host's storage */

/* The ways in which a guest ends its machine (sifive_test, syscon, HTIF, semihosting ...). */
enum machine_end {
	MACHINE_RUNS,
	MACHINE_PASS, /* powered off, or reported success */
	MACHINE_FAIL, /* reported failure, with the code end_code */
	MACHINE_RESET, /* asked to be reset: the run loop does it between two slices */
};

struct platform_reset {
	void (*reset)(void *self);
	void *self;
};

struct platform {
	struct bus bus;
	struct clock clock;
	struct state state;
	struct journal journal;
	struct entropy entropy;
	struct log log;
	struct platform_reset resets[PLATFORM_RESETS_MAX];
	unsigned reset_count;
	u64 seed; /* seed of pseudo-random choices with the virtual clock */
	enum machine_end end;
	u64 end_code;
	u64 work; /* of the host, in bytes, since it last reached PLATFORM_WORK_MOST; state */
	bool worked; /* it has reached that since platform_worked was called */
	/*
	 * how many states were loaded since it was made: after each, what frontends know of devices
	 * is outdated
	 */
	unsigned loads;
	/* Makes the running hart leave its slice after the current instruction. */
	void (*stop)(void *ctx);
	void *stop_ctx;
};

void platform_init(struct platform *platform, enum clock_mode mode, u64 seed);
void platform_free(struct platform *platform);

/*
 * Registers a function that is called with `self` at every machine reset, including the first, in
 * the order of registration.
 */
void platform_on_reset(struct platform *platform, void (*reset)(void *self), void *self);
void platform_reset(struct platform *platform);

/* Removes the reset functions of parts in [memory, memory + size), which is about to be freed. */
void platform_forget(struct platform *platform, const void *memory, size_t size);

/*
 * Adds to the work that was done for the guest, for devices whose work for one access is more than
 * a few instructions of the host. When there was enough, the running hart leaves its slice after
 * the current instruction. So a guest cannot keep the run loop waiting by giving devices work, and
 * where the hart stops depends on nothing but the guest.
 */
void platform_work(struct platform *platform, u64 bytes);

/* Returns whether there was enough work since the last call. */
bool platform_worked(struct platform *platform);

/* Ends or resets the machine after the current instruction. Of several calls the first counts. */
void platform_end(struct platform *platform, enum machine_end end, u64 code);

#endif
