/* SPDX-License-Identifier: MIT */
/*
 * Takes a sample of the machine in each millisecond of CPU time of the thread that runs it. The
 * handler of a timer signal takes it, so the machine is not involved.
 */
#ifndef FRONTENDS_RUN_SAMPLER_H
#define FRONTENDS_RUN_SAMPLER_H

#include <signal.h>
#include <time.h>

struct board_samples;

struct sampler {
	struct board_samples *samples; /* NULL: no samples are taken */
	timer_t timer;
	struct sigaction before;
};

/* Starts to take samples of the calling thread. Returns 0 or a negative errno. */
int sampler_start(struct sampler *sampler, struct board_samples *samples);

/* Stops taking samples. Does nothing if none are taken. */
void sampler_stop(struct sampler *sampler);

#endif
