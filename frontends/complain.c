/* SPDX-License-Identifier: MIT */
/* Errors for people; see complain.h. */
#include "frontends/complain.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "devices/board.h"
#include "frontends/exit_code.h"

int complain(const struct board_error *error)
{
	fprintf(stderr, "baya: %s\n", error->text);
	return error->exit_code;
}

int complain_file(const char *what, const char *path)
{
	fprintf(stderr, "baya: cannot write %s '%s': %s\n", what, path, strerror(errno));
	return EXIT_HOST;
}

int complain_memory(void)
{
	fprintf(stderr, "baya: not enough host memory\n");
	return EXIT_HOST;
}
