/* SPDX-License-Identifier: MIT */
/*
 * Uses files as a compiler does, without compiling: reads each source, searches the folders for the
 * files that it includes, reads these and what they include, and writes an object.
 *
 * usage: share TREE: for all .c files below TREE; TREE itself is the last folder that is searched.
 */
#define _XOPEN_SOURCE 700
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX (1 << 20)
#define HEADERS_MAX 512

static const char *tree;
static char *headers[HEADERS_MAX]; /* that the source has included */
static unsigned header_count, sources;
static size_t bytes; /* of all files */

/* Returns the bytes of the file, followed by a NUL; NULL if there is no such file. */
static char *read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = file ? malloc(FILE_MAX) : NULL;
	size_t size;

	if (!file || !text)
		return NULL;
	size = fread(text, 1, FILE_MAX - 1, file);
	fclose(file);
	text[size] = 0;
	bytes += size;
	return text;
}

static int known(const char *path)
{
	for (unsigned n = 0; n < header_count; n++)
		if (!strcmp(headers[n], path))
			return 1;
	return header_count == HEADERS_MAX;
}

static void include_all(const char *text, const char *from);

static void include(const char *name, int size, const char *from)
{
	const char *end = strrchr(from, '/');
	const char *const folders[] = { "include", "include/linux", "." };
	char path[4096], *text;

	snprintf(path, sizeof(path), "%.*s/%.*s", (int)(end - from), from, size, name);
	text = known(path) ? NULL : read_file(path);
	for (unsigned n = 0; !text && n < sizeof(folders) / sizeof(*folders); n++) {
		snprintf(path, sizeof(path), "%s/%s/%.*s", tree, folders[n], size, name);
		if (known(path))
			return;
		text = read_file(path);
	}
	if (!text)
		return;
	headers[header_count++] = strdup(path);
	include_all(text, path);
	free(text);
}

static void include_all(const char *text, const char *from)
{
	static const char word[] = "#include \"";

	while ((text = strstr(text, word)) != NULL) {
		text += sizeof(word) - 1;
		include(text, (int)strcspn(text, "\""), from);
	}
}

static int compile(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	size_t length = strlen(path), before = bytes;
	char object[4096], *text;
	FILE *file;

	(void)st;
	(void)ftw;
	if (type != FTW_F || length < 2 || strcmp(path + length - 2, ".c"))
		return 0;
	text = read_file(path);
	if (!text)
		return 1;
	include_all(text, path);
	snprintf(object, sizeof(object), "%.*s.o", (int)length - 2, path);
	file = fopen(object, "w");
	if (!file || fwrite(text, 1, (bytes - before) / 16 % FILE_MAX, file) == 0 || fclose(file))
		return 1;
	free(text);
	while (header_count)
		free(headers[--header_count]);
	sources++;
	return 0;
}

int main(int argc, char **argv)
{
	tree = argc == 2 ? argv[1] : ".";
	if (nftw(tree, compile, 16, FTW_PHYS) || !sources) {
		fprintf(stderr, "share: could not go through %s\n", tree);
		return 1;
	}
	printf("%u sources, %zu bytes\n", sources, bytes);
	return 0;
}
