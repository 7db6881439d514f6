/* SPDX-License-Identifier: MIT */
/* See standard_files.h. */
#include "frontends/host/standard_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "frontends/host/exit_code.h"

/* Opens a descriptor that refuses to be written, so that a report that is lost is not taken for
 * written; without /dev/null it refuses to be read, too. Returns -1 on errors. */
static int open_refusing(void)
{
	int fd = open("/dev/null", O_RDONLY);

	return fd >= 0 ? fd : open("/", O_PATH);
}

int standard_files_begin(void)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open_refusing() < 0) {
			fprintf(stderr, "baya: nothing can take the place of descriptor %d: %s\n",
				fd, strerror(errno));
			return EXIT_HOST;
		}
	return EXIT_WELL;
}

void standard_files_drop_errors(void)
{
	int fd = open_refusing();

	if (fd < 0)
		return;
	dup2(fd, STDERR_FILENO);
	close(fd);
}
