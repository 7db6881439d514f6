/* SPDX-License-Identifier: MIT */
/* See complain.h. */
#include "frontends/host/complain.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/board/board.h"
#include "frontends/host/exit_code.h"

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
	struct board_error error;

	board_error_memory(&error);
	return complain(&error);
}

void complain_exhausted(void)
{
	exit(complain_memory());
}

int complain_append(struct board_error *error, int failed, const char *format, va_list args)
{
	size_t size = strlen(error->text);

	vsnprintf(error->text + size, sizeof(error->text) - size, format, args);
	error->exit_code = EXIT_HOST;
	return failed;
}
