/* SPDX-License-Identifier: MIT */
/*
 * Virtual time, in nanoseconds since power-on, and the queue of events that will happen at a time.
 * Events fire in the order of their times, and of their registration if these are equal, so a run
 * does not depend on the host. The run loop moves the time: with the virtual clock by the harts'
 * cycles, with the host clock by the host's monotonic time.
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

/* Owned by its device; initialised once by clock_event_init. */
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
	u64 host_held; /* host's monotonic ns at which time was stopped; 0: it is not stopped */
	u64 (*ahead)(void *ctx); /* virtual clock: ns by which the running hart is ahead of base */
	void *ahead_ctx;
	void (*changed)(void *ctx); /* another event became the earliest: the run loop must look */
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
 * Registers an event under a name that is unique in the machine. The order of registration decides
 * between equal times. With state NULL the event is no part of the machine's state. The event is
 * disarmed when fire is called, and fire may arm it again.
 */
void clock_event_init(struct clock *clock, struct state *state, struct clock_event *event,
		      const char *name);
/*
 * Removes an event whose device goes away: fire is not called again. The other events keep their
 * order.
 */
void clock_event_remove(struct clock *clock, const struct clock_event *event);
/* Arming an armed event moves it; CLOCK_NEVER, or any time beyond CLOCK_LAST, disarms. */
void clock_arm(struct clock *clock, struct clock_event *event, u64 when);
void clock_disarm(struct clock *clock, struct clock_event *event);

/*
 * Returns the time as the running hart (or, between slices, the machine) sees it; it never
 * decreases.
 */
u64 clock_now(struct clock *clock);

/*
 * Like clock_now, for callers that are no part of the machine, such as a debugger: it changes no
 * state.
 */
u64 clock_peek(const struct clock *clock);

/* Recovers after a state could not be loaded: time goes on from `now`, and no event is armed. */
void clock_restart(struct clock *clock, u64 now);

/* Host clock only: stops time while a person looks at the machine, or lets it go on. */
void clock_hold(struct clock *clock, bool held);

/*
 * Stops the host clock at the end of a run, just before the next event if the run did not reach it.
 * Whoever looks at the machine then finds no event that is due but has not fired.
 */
void clock_stop(struct clock *clock);

/* Moves base forward to `to`. Only the run loop calls it, and only with the virtual clock. */
void clock_advance(struct clock *clock, u64 to);

/*
 * Fires, in order, all events that are due at clock_now(), and returns how many. An event may arm
 * itself for the past again and again. After CLOCK_FIRE_ROUNDS firings per registered event the
 * rest is left to the next call.
 */
#define CLOCK_FIRE_ROUNDS 4
unsigned clock_fire(struct clock *clock);

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
