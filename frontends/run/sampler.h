/* SPDX-License-Identifier: MIT */
/*
 * Takes a sample of the machine at each millisecond of CPU time of the thread that runs it, in the
 * handler of a signal, so that the machine knows nothing of it.
 */
#ifndef FRONTENDS_RUN_SAMPLER_H
#define FRONTENDS_RUN_SAMPLER_H

#include <signal.h>
#include <time.h>

struct board_samples;

struct sampler {
	struct board_samples *samples; /* NULL: it does not run */
	timer_t timer;
	struct sigaction before;
};

/* Begins to take samples, in the thread that calls it. 0 or a negative errno. */
int sampler_start(struct sampler *sampler, struct board_samples *samples);

/* Takes no more; does nothing if none are taken. */
void sampler_stop(struct sampler *sampler);

#endif
