/* SPDX-License-Identifier: MIT */
/* Processes: fork with a megabyte of which the child changes a part, and fork with exec. */
#include <sys/wait.h>
#include <unistd.h>
#include "../program.h"

#define SIZE (1 << 20)
#define PAGE 4096

/* Returns the exit status of the child. */
static uint64_t await(pid_t child)
{
	int status;

	if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
		fail("fork");
	return (uint64_t)WEXITSTATUS(status);
}

uint64_t run_fork(unsigned rounds)
{
	unsigned char *memory = map_pages(SIZE);
	uint64_t sum = 0;

	for (unsigned n = 0; n < rounds; n++) {
		pid_t child;

		for (size_t at = 0; at < SIZE; at += PAGE)
			memory[at] = (unsigned char)(n + at / PAGE);
		child = fork();
		if (!child) {
			for (size_t at = 0; at < SIZE; at += 8 * PAGE)
				memory[at]++;
			_exit(memory[8 * PAGE]);
		}
		sum = mix(sum, await(child));
	}
	return sum;
}

/* Executes this program again without arguments; its exit status says that they are missing. */
uint64_t run_exec(unsigned rounds)
{
	uint64_t sum = 0;

	while (rounds--) {
		pid_t child = fork();

		if (!child) {
			execl("/proc/self/exe", "programs", NULL);
			_exit(2);
		}
		sum = mix(sum, await(child));
	}
	return sum;
}
