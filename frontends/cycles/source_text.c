/* SPDX-License-Identifier: MIT */
/*
 * Reads source files as lines. Their names come from an ELF file, so only regular files of a
 * sensible size are read. See source_text.h.
 */
#include "frontends/cycles/source_text.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus/base.h"

#define FILES_MAX 256
#define SIZE_MAX_BYTES (8 * MiB)

/* A file, split into lines. It has none if it could not be read. */
struct file {
	char *path, *bytes;
	char **lines;
	unsigned count;
};

struct source_text {
	struct file files[FILES_MAX];
	unsigned count;
};

struct source_text *source_text_create(void)
{
	return calloc(1, sizeof(struct source_text));
}

void source_text_free(struct source_text *source)
{
	for (unsigned n = 0; source && n < source->count; n++) {
		free(source->files[n].path);
		free(source->files[n].bytes);
		free(source->files[n].lines);
	}
	free(source);
}

/* Returns a whole file as a string; NULL on failure. */
static char *read_all(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat about;
	char *bytes = NULL;

	if (fd < 0)
		return NULL;
	if (!fstat(fd, &about) && S_ISREG(about.st_mode) && (u64)about.st_size <= SIZE_MAX_BYTES)
		bytes = calloc((size_t)about.st_size + 1, 1);
	if (bytes && read(fd, bytes, (size_t)about.st_size) != about.st_size) {
		free(bytes);
		bytes = NULL;
	}
	close(fd);
	return bytes;
}

static void source_text_cut(struct file *file)
{
	unsigned room = 1;

	for (const char *c = file->bytes; *c; c++)
		room += *c == '\n';
	file->lines = calloc(room, sizeof(*file->lines));
	if (!file->lines)
		return;
	for (char *rest = file->bytes, *line; (line = strsep(&rest, "\n")) != NULL;)
		file->lines[file->count++] = line;
}

static const struct file *source_text_find(struct source_text *source, const char *path)
{
	struct file *file;

	for (unsigned n = 0; n < source->count; n++)
		if (!strcmp(source->files[n].path, path))
			return &source->files[n];
	if (source->count == FILES_MAX)
		return NULL;
	file = &source->files[source->count];
	file->path = strdup(path);
	if (!file->path)
		return NULL;
	source->count++;
	file->bytes = read_all(path);
	if (file->bytes)
		source_text_cut(file);
	return file;
}

const char *source_text_line(struct source_text *source, const char *path, unsigned number)
{
	const struct file *file = source_text_find(source, path);

	return file && number && number <= file->count ? file->lines[number - 1] : NULL;
}
