/* SPDX-License-Identifier: MIT */
/*
 * The base of every part of a machine: address map, time, state, input, entropy, log, and the list
 * of reset functions. There is one per machine; parts keep a pointer to it.
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

/* The ways in which a guest ends its machine (sifive_test, syscon, HTIF, semihosting ...). */
enum machine_end {
	MACHINE_RUNS,
	MACHINE_PASS, /* powered off, or reported success */
	MACHINE_FAIL, /* reported failure; end_code says which */
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
	u64 seed; /* the start of pseudo-random choices under the virtual clock */
	enum machine_end end;
	u64 end_code;
	/* states loaded while it ran: what the host side knows of devices is void after each */
	unsigned loads;
	/* Makes the running hart leave its slice after this instruction. */
	void (*stop)(void *ctx);
	void *stop_ctx;
};

void platform_init(struct platform *platform, enum clock_mode mode, u64 seed);
void platform_free(struct platform *platform);

/*
 * Registers a function that is called at every machine reset, the first included, in order of
 * registration.
 */
void platform_on_reset(struct platform *platform, void (*reset)(void *self), void *self);
void platform_reset(struct platform *platform);

/*
 * Removes the reset functions of parts that lie in [memory, memory + size), which is being freed.
 */
void platform_forget(struct platform *platform, const void *memory, size_t size);

/* Ends or resets the machine when the current instruction is done. */
void platform_end(struct platform *platform, enum machine_end end, u64 code);

#endif
