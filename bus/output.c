/* SPDX-License-Identifier: MIT */
/* See output.h. */
#include "bus/output.h"

#include "bus/base.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* how many names are tried for the new file */
#define TRIES 100

/*
 * Creates a new file in the folder of the old one. A link that another process put there is not
 * followed. Returns the descriptor or -1.
 */
static int create_part(struct output *output)
{
	for (unsigned tries = 0; tries < TRIES; tries++) {
		u32 random;
		int fd;

		if (getrandom(&random, sizeof(random), 0) != sizeof(random) ||
		    asprintf(&output->part, "%s.part%08x", output->path, random) < 0) {
			output->part = NULL;
			return -1;
		}
		fd = open(output->part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
		if (fd >= 0)
			return fd;
		free(output->part);
		output->part = NULL;
		if (errno != EEXIST)
			return -1;
	}
	return -1;
}

/*
 * Opens the new file with the access rights of the old one. Returns -EPERM also for a link to a
 * missing file, which is not replaced.
 */
static int open_part(struct output *output, const char *path)
{
	struct stat old, link;
	bool exists = !stat(path, &old);
	int fd;

	if (exists ? !S_ISREG(old.st_mode) || access(path, W_OK) : !lstat(path, &link))
		return -EPERM;
	output->path = exists ? realpath(path, NULL) : strdup(path);
	if (!output->path)
		return -ENOMEM;
	fd = create_part(output);
	if (fd < 0)
		return -EPERM;
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

int output_failed(FILE *file)
{
	int fd = fileno(file);
	off_t at;

	if (fflush(file))
		return -errno;
	if (!ferror(file))
		return 0;
	if (fd <= STDERR_FILENO)
		return -EIO;
	if (write(fd, "", 1) < 0)
		return -errno;
	/*
	 * The write succeeded, because there is room again, so the error is no longer known. The
	 * byte is removed from the file.
	 */
	at = lseek(fd, -1, SEEK_CUR);
	return at >= 0 && ftruncate(fd, at) ? -errno : -EIO;
}

int output_end(FILE *file)
{
	int failed = output_failed(file);

	if (fclose(file) && !failed)
		failed = -errno;
	return failed;
}

int output_close(struct output *output, int error)
{
	if (!output->file)
		return error;
	if (!error)
		error = output_failed(output->file);
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

FILE *output_grow(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (fd >= 0 && !file)
		close(fd);
	return file;
}

int output_end_text(FILE *file, char **text)
{
	bool failed = fflush(file) || ferror(file);

	if (!fclose(file) && !failed && *text)
		return 0;
	free(*text);
	*text = NULL;
	return -ENOMEM;
}

int output_begin(FILE *file)
{
	struct stat what;

	if (fflush(file) || fstat(fileno(file), &what) < 0)
		return -errno;
	return S_ISREG(what.st_mode) && ftruncate(fileno(file), ftello(file)) < 0 ? -errno : 0;
}
