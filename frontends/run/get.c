/* SPDX-License-Identifier: MIT */
/* Implements the command line of `baya get`. See get.h. */
#include "frontends/run/get.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "devices/board/board.h"
#include "frontends/cli/bundle.h"
#include "frontends/host/executable.h"
#include "frontends/host/exit_code.h"

static const char usage[] = "usage: baya get debian [OPTION...]\n\n"
			    "Make a system from packages: baya get debian -h tells more.\n";

/* Implements a command for the script: runs COMMAND... with an inherited lock that keeps machines
 * from using the disk FILE. An empty file needs no lock, because no machine can use it. */
static int get_hold(const char *file, char **command)
{
	int fd = board_hold_disk(file);

	if (fd == -EBUSY) {
		fprintf(stderr, "baya: get: %s: a machine runs on it; shut that down first\n",
			file);
		return EXIT_HOST;
	}
	if (fd < 0 && fd != -ENODATA) {
		fprintf(stderr, "baya: get: %s: %s\n", file, strerror(-fd));
		return EXIT_HOST;
	}
	if (fd == -ENODATA || !fcntl(fd, F_SETFD, 0))
		execv(command[0], command);
	fprintf(stderr, "baya: get: %s: %s\n", command[0], strerror(errno));
	return EXIT_HOST;
}

int get(int argc, char **argv)
{
	char script[4096], binary[4096];
	int failed;

	if (argc == 2 && argv[1][0] == '-' && strchr(argv[1], 'h')) {
		fputs(usage, stdout);
		return EXIT_WELL;
	}
	if (argc > 3 && !strcmp(argv[1], "--hold"))
		return get_hold(argv[2], argv + 3);
	if (argc < 2 || strcmp(argv[1], "debian")) {
		fprintf(stderr, "baya: get: '%s' is not accepted; accepted: debian (baya get -h)\n",
			argc < 2 ? "" : argv[1]);
		return EXIT_USAGE;
	}
	if (!executable_path(binary, sizeof(binary))) {
		fprintf(stderr, "baya: get: the program's own path cannot be read\n");
		return EXIT_HOST;
	}
	failed = bundle_find_script(binary, "debian/get", script, sizeof(script));
	if (!failed) {
		setenv("BAYA", binary, 1);
		argv[1] = script;
		execv(script, argv + 1);
		failed = -errno;
	}
	fprintf(stderr, "baya: get: %s: %s; it comes with Baya\n", script, strerror(-failed));
	return EXIT_HOST;
}
