/* SPDX-License-Identifier: MIT */
/*
 * Makes and frees the base of a machine's parts, and keeps the list of resets. Owns the address
 * map, clock, register of state and journal in it; the log's file belongs to its opener.
 */
#include "bus/platform.h"

#include <errno.h>

static const struct state_field work_fields[] = {
	STATE_FIELD(struct platform, work),
};

static int work_loaded(void *self)
{
	const struct platform *platform = self;

	return platform->work < PLATFORM_WORK_MOST ? 0 : -EINVAL;
}

static const struct state_type work_type = {
	.version = 1,
	.fields = work_fields,
	.count = ARRAY_SIZE(work_fields),
	.post_load = work_loaded,
};

void platform_init(struct platform *platform, enum clock_mode mode, u64 seed)
{
	*platform = (struct platform){ .seed = seed };
	bus_init(&platform->bus);
	platform->bus.log = &platform->log;
	clock_init(&platform->clock, mode);
	state_init(&platform->state);
	clock_register_state(&platform->clock, &platform->state);
	journal_init(&platform->journal, &platform->clock);
	entropy_init(&platform->entropy, &platform->clock, &platform->journal, seed);
	entropy_register_state(&platform->entropy, &platform->state);
	state_register(&platform->state, "work", &work_type, platform);
}

void platform_free(struct platform *platform)
{
	journal_free(&platform->journal);
	state_free(&platform->state);
	clock_free(&platform->clock);
}

void platform_on_reset(struct platform *platform, void (*reset)(void *self), void *self)
{
	assert(platform->reset_count < PLATFORM_RESETS_MAX);
	platform->resets[platform->reset_count++] = (struct platform_reset){ reset, self };
}

void platform_forget(struct platform *platform, const void *memory, size_t size)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < platform->reset_count; i++)
		if ((uintptr_t)platform->resets[i].self - (uintptr_t)memory >= size)
			platform->resets[kept++] = platform->resets[i];
	platform->reset_count = kept;
}

void platform_reset(struct platform *platform)
{
	platform->end = MACHINE_RUNS;
	platform->end_code = 0;
	for (unsigned i = 0; i < platform->reset_count; i++)
		platform->resets[i].reset(platform->resets[i].self);
}

static void stop_slice(struct platform *platform)
{
	if (platform->stop)
		platform->stop(platform->stop_ctx);
}

void platform_work(struct platform *platform, u64 bytes)
{
	platform->work += MIN(bytes, PLATFORM_WORK_MOST);
	if (platform->work < PLATFORM_WORK_MOST)
		return;
	platform->work = 0;
	platform->worked = true;
	stop_slice(platform);
}

bool platform_worked(struct platform *platform)
{
	bool worked = platform->worked;

	platform->worked = false;
	return worked;
}

/* When the guest ends the machine twice before the run loop looks, the first end counts. */
void platform_end(struct platform *platform, enum machine_end end, u64 code)
{
	if (platform->end != MACHINE_RUNS)
		return;
	platform->end = end;
	platform->end_code = code;
	stop_slice(platform);
}
