/* SPDX-License-Identifier: MIT */
/*
 * Virtual time and the queue of events. Owns the list of events and the earliest deadline; the
 * events themselves belong to their devices. With some dozens of events a scan at each firing is
 * cheaper than any ordered structure; the deadline is kept so that reading it costs nothing.
 */
#include "bus/clock.h"
#include "bus/state.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

u64 clock_host_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec * CLOCK_HZ + (u64)now.tv_nsec;
}

/*
 * Returns the host's monotonic time as the machine sees it: it does not advance while the clock is
 * held.
 */
static u64 clock_host_now(const struct clock *clock)
{
	return clock->host_held ? clock->host_held : clock_host_ns();
}

void clock_init(struct clock *clock, enum clock_mode mode)
{
	*clock = (struct clock){
		.mode = mode,
		.host_zero = clock_host_ns(),
		.next = CLOCK_NEVER,
	};
}

void clock_free(struct clock *clock)
{
	free(clock->events);
	clock->events = NULL;
	clock->count = 0;
}

void clock_connect(struct clock *clock, u64 (*ahead)(void *), void (*changed)(void *), void *ctx)
{
	clock->ahead = ahead;
	clock->ahead_ctx = ctx;
	clock->changed = changed;
	clock->changed_ctx = ctx;
}

/* Returns the event that fires first, or NULL if none is armed. */
static struct clock_event *clock_earliest(const struct clock *clock)
{
	struct clock_event *first = NULL;

	for (unsigned i = 0; i < clock->count; i++) {
		struct clock_event *event = clock->events[i];

		if (event->when == CLOCK_NEVER)
			continue;
		if (!first || event->when < first->when ||
		    (event->when == first->when && clock->reverse_ties))
			first = event;
	}
	return first;
}

static void clock_find_next(struct clock *clock)
{
	const struct clock_event *first = clock_earliest(clock);

	clock->next = first ? first->when : CLOCK_NEVER;
}

static const struct state_field clock_fields[] = {
	STATE_FIELD(struct clock, base),
	STATE_FIELD(struct clock, latest),
};

static int clock_loaded(void *self)
{
	struct clock *clock = self;

	if (clock->base > CLOCK_LAST || clock->latest > CLOCK_LAST)
		return -EINVAL;
	for (unsigned i = 0; i < clock->count; i++)
		if (clock->events[i]->when != CLOCK_NEVER &&
		    (clock->events[i]->when > CLOCK_LAST || clock->events[i]->when < clock->base))
			return -EINVAL;
	/* Time continues from `latest`, or stays there while the clock is held. */
	clock->host_zero = clock_host_now(clock) - clock->latest;
	clock_find_next(clock);
	return 0;
}

void clock_restart(struct clock *clock, u64 now)
{
	for (unsigned i = 0; i < clock->count; i++)
		clock->events[i]->when = CLOCK_NEVER;
	clock->next = CLOCK_NEVER;
	clock->base = clock->latest = now;
	clock->host_zero = clock_host_now(clock) - now;
}

static const struct state_type clock_type = {
	.version = 1,
	.fields = clock_fields,
	.count = ARRAY_SIZE(clock_fields),
	.post_load = clock_loaded,
};

void clock_register_state(struct clock *clock, struct state *state)
{
	state_register(state, "clock", &clock_type, clock);
}

static const struct state_field event_fields[] = {
	STATE_FIELD(struct clock_event, when),
};

static const struct state_type event_type = {
	.version = 1,
	.fields = event_fields,
	.count = ARRAY_SIZE(event_fields),
};

void clock_event_init(struct clock *clock, struct state *state, struct clock_event *event,
		      const char *name)
{
	size_t room = (clock->count + 1) * sizeof(clock->events[0]);
	struct clock_event **events = realloc(clock->events, room);

	if (!events)
		abort();
	clock->events = events;
	event->when = CLOCK_NEVER;
	event->order = clock->count ? clock->events[clock->count - 1]->order + 1 : 0;
	clock->events[clock->count++] = event;
	if (state)
		state_register(state, name, &event_type, event);
}

void clock_event_remove(struct clock *clock, const struct clock_event *event)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < clock->count; i++)
		if (clock->events[i] != event)
			clock->events[kept++] = clock->events[i];
	clock->count = kept;
}

void clock_arm(struct clock *clock, struct clock_event *event, u64 when)
{
	u64 before = event->when;

	if (when > CLOCK_LAST)
		when = CLOCK_NEVER;
	event->when = when;
	if (when < clock->next) {
		clock->next = when;
		if (clock->changed)
			clock->changed(clock->changed_ctx);
	} else if (before == clock->next && when > before) {
		clock_find_next(clock);
	}
}

void clock_disarm(struct clock *clock, struct clock_event *event)
{
	clock_arm(clock, event, CLOCK_NEVER);
}

u64 clock_peek(const struct clock *clock)
{
	u64 now;

	if (clock->mode == CLOCK_HOST)
		now = clock_host_now(clock) - clock->host_zero;
	else
		now = clock->base + (clock->ahead ? clock->ahead(clock->ahead_ctx) : 0);
	return MAX(clock->latest, MIN(now, CLOCK_LAST));
}

u64 clock_now(struct clock *clock)
{
	clock->latest = clock_peek(clock);
	return clock->latest;
}

void clock_hold(struct clock *clock, bool held)
{
	u64 now;

	if (held == !!clock->host_held)
		return;
	now = clock_host_ns();
	if (!held)
		clock->host_zero += now - clock->host_held;
	clock->host_held = held ? now : 0;
}

void clock_stop(struct clock *clock)
{
	u64 now;

	if (clock->mode != CLOCK_HOST)
		return;
	clock_hold(clock, true);
	now = clock_peek(clock);
	if (clock->next <= now)
		clock->host_zero += now - MAX(clock->latest, clock->next - 1);
}

/* Also moves `latest`, so that reading the clock between two slices changes no state. */
void clock_advance(struct clock *clock, u64 to)
{
	assert(clock->mode == CLOCK_VIRTUAL && to >= clock->base);
	clock->base = MIN(to, CLOCK_LAST);
	clock->latest = MAX(clock->latest, clock->base);
}

unsigned clock_fire(struct clock *clock)
{
	u64 now = clock_now(clock);
	unsigned limit = CLOCK_FIRE_ROUNDS * clock->count, fired;

	for (fired = 0; fired < limit && clock->next <= now; fired++) {
		struct clock_event *event = clock_earliest(clock);

		event->when = CLOCK_NEVER;
		clock_find_next(clock);
		event->fire(event->ctx, now);
	}
	return fired;
}
