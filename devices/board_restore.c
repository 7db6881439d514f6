/* SPDX-License-Identifier: MIT */
/* A machine that begins in a state from a file, which is not trusted. */
#include "devices/board_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* All of a file; the caller frees *data. 0 or a negative errno. */
static int read_file(const char *path, u8 **data, size_t *size)
{
	FILE *file = fopen(path, "re");
	struct stat st;
	int error = 0;

	*data = NULL;
	if (!file)
		return -errno;
	if (fstat(fileno(file), &st))
		error = -errno;
	else if (!S_ISREG(st.st_mode))
		error = -EINVAL;
	*size = error ? 0 : (size_t)st.st_size;
	*data = error ? NULL : malloc(*size + 1);
	if (!error && !*data)
		error = -ENOMEM;
	if (!error && fread(*data, 1, *size, file) != *size)
		error = -EIO;
	fclose(file);
	return error;
}

int board_restore(struct board *board)
{
	const char *path = board->config.restore;
	size_t size = 0;
	u8 *data;
	int error;

	if (!path)
		return 0;
	error = read_file(path, &data, &size);
	if (error) {
		free(data);
		return board_fail(board, 3, "state '%.300s': cannot be read: %s", path,
				  strerror(-error));
	}
	error = state_load(&board->platform.state, data, size);
	free(data);
	if (error)
		return board_fail(board, 3, "state '%.300s': is none of this machine; give the "
				  "options with which it was saved", path);
	return 0;
}
