/* SPDX-License-Identifier: MIT */
/* Implements the timer and the signal handler of samples (see sampler.h). */
#include "frontends/run/sampler.h"

#include <errno.h>
#include <ucontext.h>
#include <unistd.h>

#include "bus/base.h"
#include "devices/board/samples.h"

#define SAMPLE_NS 1000000

/* Takes a sample; it counts several times on a host whose clock ticks less often than the timer. */
static void on_sample(int number, siginfo_t *info, void *context)
{
	const greg_t *registers = ((const ucontext_t *)context)->uc_mcontext.gregs;

	(void)number;
	if (info->si_code == SI_TIMER)
		board_samples_take(info->si_value.sival_ptr,
				   (const void *)(uintptr_t)registers[REG_RIP],
				   (const u64 *)(uintptr_t)registers[REG_RSP],
				   1 + (u64)MAX(info->si_overrun, 0));
}

int sampler_start(struct sampler *sampler, struct board_samples *samples)
{
	const struct itimerspec each = { { 0, SAMPLE_NS }, { 0, SAMPLE_NS } };
	struct sigaction action = { .sa_sigaction = on_sample,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART };
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGPROF,
				  .sigev_value.sival_ptr = samples };

	event._sigev_un._tid = gettid();
	if (timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &sampler->timer))
		return -errno;
	sampler->samples = samples;
	sigaction(SIGPROF, &action, &sampler->before);
	timer_settime(sampler->timer, 0, &each, NULL);
	return 0;
}

void sampler_stop(struct sampler *sampler)
{
	if (!sampler->samples)
		return;
	timer_delete(sampler->timer);
	sampler->samples = NULL;
	sigaction(SIGPROF, &sampler->before, NULL);
}
