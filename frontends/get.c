/* SPDX-License-Identifier: MIT */
/* The command line of `baya get`. See get.h. */
#include "frontends/get.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frontends/bundle.h"
#include "frontends/exit_code.h"

static const char usage[] =
	"usage: baya get debian [OPTION...]\n\n"
	"Make a system from packages: baya get debian -h tells more.\n";

int get(int argc, char **argv)
{
	char script[4096], binary[4096];

	if (argc == 2 && argv[1][0] == '-' && strchr(argv[1], 'h')) {
		fputs(usage, stdout);
		return EXIT_WELL;
	}
	if (argc < 2 || strcmp(argv[1], "debian")) {
		fprintf(stderr, "baya: get: '%s' is not accepted; accepted: debian (baya get -h)\n",
			argc < 2 ? "" : argv[1]);
		return EXIT_USAGE;
	}
	if (!bundle_program(binary, sizeof(binary))) {
		fprintf(stderr, "baya: get: the program's own path cannot be read\n");
		return EXIT_HOST;
	}
	if (!bundle_find_script(binary, "debian/get", script, sizeof(script))) {
		setenv("BAYA", binary, 1);
		argv[1] = script;
		execv(script, argv + 1);
	}
	fprintf(stderr, "baya: get: %s: %s; it comes with Baya\n", script, strerror(errno));
	return EXIT_HOST;
}
