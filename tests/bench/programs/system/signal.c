/* SPDX-License-Identifier: MIT */
/* Signals that a process sends to itself, and their handlers. */
#include <signal.h>
#include <unistd.h>
#include "../program.h"

#define SIGNALS 1000

static volatile sig_atomic_t caught;

static void handle(int number)
{
	caught += number == SIGUSR1 ? 1 : 2;
}

uint64_t run_signal(unsigned rounds)
{
	struct sigaction action = { .sa_handler = handle };
	uint64_t sum = 0;

	if (sigaction(SIGUSR1, &action, NULL) || sigaction(SIGUSR2, &action, NULL))
		fail("sigaction");
	while (rounds--) {
		for (int n = 0; n < SIGNALS; n++)
			kill(getpid(), n % 3 ? SIGUSR1 : SIGUSR2);
		sum = mix(sum, (uint64_t)caught);
	}
	return sum;
}
