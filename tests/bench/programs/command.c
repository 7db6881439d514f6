/* SPDX-License-Identifier: MIT */
/* Runs a command as a program of the benchmark: the checksum is that of the command's output. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "program.h"

uint64_t run_command(char **argv)
{
	static char block[65536];
	uint64_t sum = 0;
	int ends[2], status;
	size_t size;
	FILE *output;
	pid_t child;

	if (pipe(ends))
		fail("pipe");
	child = fork();
	if (!child) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(ends[1]);
	output = fdopen(ends[0], "r");
	if (child < 0 || !output)
		fail("fork");
	while ((size = fread(block, 1, sizeof(block), output)) > 0)
		sum = mix_bytes(sum, block, size);
	fclose(output);
	if (waitpid(child, &status, 0) != child || status)
		fail(argv[0]);
	return sum;
}
