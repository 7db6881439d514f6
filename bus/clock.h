/* SPDX-License-Identifier: MIT */
/*
 * Virtual time, in nanoseconds since power-on, and the queue of events that happen at given times.
 * Events fire in the order of their times, and those of equal times in the order of their
 * registration, so a run does not depend on the host. The run loop advances the time: with the
 * virtual clock by the harts' cycles, with the host clock by the host's monotonic time.
 */
#ifndef BUS_CLOCK_H
#define BUS_CLOCK_H

#include "bus/base.h"

struct state;

#define CLOCK_NEVER UINT64_MAX
#define CLOCK_LAST ((u64)INT64_MAX) /* time stops here, after 292 years */
#define CLOCK_HZ 1000000000ull

struct clock;

/* Returns the host's time in ns since an unspecified moment; it never goes back. */
u64 clock_host_ns(void);

/* An event, owned by its device. clock_event_init initialises it once. */
struct clock_event {
	u64 when; /* ns; CLOCK_NEVER: not armed */
	u32 order;
	void (*fire)(void *ctx, u64 now);
	void *ctx;
};

enum clock_mode { CLOCK_VIRTUAL, CLOCK_HOST };

struct clock {
	enum clock_mode mode;
	bool reverse_ties; /* small caches (cpu/hart/limits.h): equal times fire in reverse order */
	/* Virtual clock: the time up to which every hart has run. Host clock: unused. */
	u64 base;
	/* the latest time that clock_now returned: time never goes back from one hart to another */
	u64 latest;
	u64 host_zero; /* host's monotonic ns at virtual time 0 */
	u64 host_held; /* host's monotonic ns at which the time was stopped; 0: it runs */
	u64 (*ahead)(void *ctx); /* virtual clock: ns by which the running hart is ahead of base */
	void *ahead_ctx;
	void (*changed)(void *ctx); /* called when an earlier deadline was set, for the run loop */
	void *changed_ctx;
	struct clock_event **events;
	unsigned count;
	u64 next; /* `when` of the earliest armed event */
};

void clock_init(struct clock *clock, enum clock_mode mode);
void clock_free(struct clock *clock);
void clock_register_state(struct clock *clock, struct state *state);

/*
 * Connects the run loop: `ahead` returns by how many ns the running hart is ahead of `base`, and
 * `changed` is called when the earliest deadline has changed.
 */
void clock_connect(struct clock *clock, u64 (*ahead)(void *), void (*changed)(void *), void *ctx);

/*
 * Registers an event under a name that is unique in the machine. Events of equal times fire in the
 * order of registration. With state NULL the event is not part of the machine's state. The event is
 * disarmed before `fire` is called, and `fire` may arm it again.
 */
void clock_event_init(struct clock *clock, struct state *state, struct clock_event *event,
		      const char *name);
/*
 * Removes an event whose device is removed: `fire` is not called again. The other events keep their
 * order.
 */
void clock_event_remove(struct clock *clock, const struct clock_event *event);
/*
 * Sets the time at which an event fires, also if it is armed already. CLOCK_NEVER, or any time
 * beyond CLOCK_LAST, disarms it.
 */
void clock_arm(struct clock *clock, struct clock_event *event, u64 when);
void clock_disarm(struct clock *clock, struct clock_event *event);

/*
 * Returns the time as the running hart (or, between slices, the machine) sees it; it never
 * decreases.
 */
u64 clock_now(struct clock *clock);

/*
 * Returns the same time as clock_now, but changes no state: for callers that are not part of the
 * machine, such as a debugger.
 */
u64 clock_peek(const struct clock *clock);

/*
 * Recovers after the loading of a state failed: time continues from `now`, and no event is armed.
 */
void clock_restart(struct clock *clock, u64 now);

/*
 * Stops time while a person looks at the machine, or lets it continue. Only the host clock stops.
 */
void clock_hold(struct clock *clock, bool held);

/*
 * Stops the host clock at the end of a run, just before the next event if the run did not reach it.
 * The stopped machine then has no event that is due but has not fired. With the virtual clock it
 * does nothing.
 */
void clock_stop(struct clock *clock);

/* Moves base forward to `to`. Only the run loop calls it, and only with the virtual clock. */
void clock_advance(struct clock *clock, u64 to);

/*
 * Fires, in order, all events that are due at clock_now(), and returns how many it fired. Since an
 * event may arm itself for the past again and again, it stops after CLOCK_FIRE_ROUNDS firings per
 * registered event, and leaves the rest to the next call.
 */
#define CLOCK_FIRE_ROUNDS 4
unsigned clock_fire(struct clock *clock);

/* Returns the time of the earliest armed event, in ns, or CLOCK_NEVER if none is armed. */
static inline u64 clock_next(const struct clock *clock)
{
	return clock->next;
}

/* Returns a * b / c without overflow of the product, to convert between ticks and ns; c != 0. */
static inline u64 clock_scale(u64 a, u64 b, u64 c)
{
	return (u64)((u128)a * b / c);
}

#endif
