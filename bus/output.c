/* SPDX-License-Identifier: MIT */
/* See output.h. */
#include "bus/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file that nobody else has, with the rights of the old one. */
static int open_part(struct output *output, const char *path)
{
	struct stat old;
	bool exists = !stat(path, &old);
	int fd;

	if (exists && (!S_ISREG(old.st_mode) || access(path, W_OK)))
		return -EPERM;
	output->path = exists ? realpath(path, NULL) : NULL;
	if (!exists && asprintf(&output->path, "%s", path) < 0)
		output->path = NULL;
	if (!output->path || asprintf(&output->part, "%s.part%d", output->path, (int)getpid()) < 0)
		return -ENOMEM;
	fd = open(output->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return -errno;
	if (exists && fchmod(fd, old.st_mode & 07777)) {
		close(fd);
		return -EPERM;
	}
	output->file = fdopen(fd, "w");
	return output->file ? 0 : -ENOMEM;
}

int output_open(struct output *output, const char *path)
{
	*output = (struct output){ 0 };
	if (!open_part(output, path))
		return 0;
	if (output->part)
		unlink(output->part);
	free(output->part);
	free(output->path);
	*output = (struct output){ .file = fopen(path, "we") };
	return output->file ? 0 : -errno;
}

int output_close(struct output *output, int error)
{
	if (!output->file)
		return error;
	errno = 0;
	if ((fflush(output->file) || ferror(output->file)) && !error)
		error = errno ? -errno : -EIO;
	if (fclose(output->file) && !error)
		error = -errno;
	if (output->part && !error && rename(output->part, output->path))
		error = -errno;
	if (output->part && error)
		unlink(output->part);
	free(output->part);
	free(output->path);
	*output = (struct output){ 0 };
	return error;
}
