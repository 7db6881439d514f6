/* SPDX-License-Identifier: MIT */
/*
 * A program for the build: prints the manual page or the shell completion from the options' table,
 * or the README's table of extensions.
 */
#include <stdio.h>
#include <string.h>

#include "frontends/options.h"

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "man")) {
		options_print_man(stdout);
	} else if (argc == 2 && !strcmp(argv[1], "completion")) {
		options_print_completion(stdout);
	} else if (argc == 2 && !strcmp(argv[1], "extensions")) {
		board_cpu_table(stdout);
	} else {
		fprintf(stderr, "usage: baya-docs man|completion|extensions\n");
		return 2;
	}
	return fflush(stdout) ? 1 : 0;
}
