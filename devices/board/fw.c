/* SPDX-License-Identifier: MIT */
/* See board/fw.h. */
#include "devices/board/fw.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "devices/board/machine.h"
#include "devices/boot/loader_stream.h"

/* A file of the user whose bytes become an item of fw_cfg. */
struct fw_source {
	const char *what, *name;
	u64 limit; /* bytes */
	const char *advice; /* for a file that is larger */
	bool unpacks; /* a file in gzip format is unpacked */
};

/* The files that firmware in flash loads by itself. */
static const struct fw_image {
	const char *what;
	size_t name; /* offset of the file's name in struct board_config */
	bool unpacks;
	u16 size_key, data_key;
} fw_images[BOARD_FW_IMAGES] = {
	{ "kernel", offsetof(struct board_config, kernel), true, FWCFG_KERNEL_SIZE,
	  FWCFG_KERNEL_DATA },
	{ "initrd", offsetof(struct board_config, initrd), false, FWCFG_INITRD_SIZE,
	  FWCFG_INITRD_DATA },
};

static int too_large(const struct loader_file *file, const struct fw_source *source)
{
	return loader_file_fail(file, -EFBIG, "is larger than %llu MiB; %s", source->limit / MiB,
				source->advice);
}

/* Reads from a pipe until all of its writers have closed it, or the limit is passed. */
static int read_to_end(const struct loader_file *file, const struct fw_source *source, FILE *in,
		       void **data, u64 *size)
{
	void *shrunk;

	/* The host provides memory only for what is written. */
	*data = malloc(source->limit + 1);
	if (!*data)
		return loader_file_fail(file, -ENOMEM, "not enough host memory");
	*size = fread(*data, 1, source->limit + 1, in);
	if (ferror(in))
		return loader_file_fail(file, -errno, "cannot be read: %s", strerror(errno));
	if (*size > source->limit)
		return too_large(file, source);
	if (!*size)
		return loader_file_fail(file, -ENODATA, "is a pipe into which nothing was written");
	shrunk = realloc(*data, *size);
	*data = shrunk ? shrunk : *data;
	return 0;
}

/* Does what read_file does, for a pipe, for whose writer it waits. */
static int read_pipe(struct board *board, const struct fw_source *source, void **data, u64 *size)
{
	const struct loader_file file = {
		.what = source->what, .name = source->name, .error = board->error,
	};
	FILE *in = fopen(source->name, "re");
	int failed;

	*data = NULL;
	if (!in)
		return loader_file_fail(&file, -errno, "cannot be opened: %s", strerror(errno));
	failed = read_to_end(&file, source, in, data, size);
	fclose(in);
	if (failed) {
		free(*data);
		*data = NULL;
	}
	return failed;
}

/*
 * Returns whether the name is of a pipe, such as a shell's <(...), through which a secret can come
 * that is in no file, and not in `ps`. It can be read once only, and thus not for two machines.
 */
static bool is_readable_pipe(const struct board *board, const char *name)
{
	struct stat found;

	return !board_copies(&board->config) && !stat(name, &found) && S_ISFIFO(found.st_mode);
}

/*
 * Reads a whole file into newly allocated memory. Returns 0, or -errno with the board's error
 * filled in.
 */
static int read_file(struct board *board, const struct fw_source *source, void **data, u64 *size)
{
	struct loader_file file;
	int failed = loader_file_open(&file, source->what, source->name, board->error);

	if (failed)
		return failed;
	if (source->unpacks && loader_head_has(&file.head, 0, LOADER_GZIP_MAGIC, 2))
		failed = loader_stream_unpack(&file);
	*size = file.size;
	if (!failed && file.size > source->limit)
		failed = too_large(&file, source);
	*data = failed ? NULL : malloc(*size);
	if (!failed && !*data)
		failed = loader_file_fail(&file, -ENOMEM, "not enough host memory");
	if (!failed)
		failed = loader_file_read(&file, *data, 0, *size);
	if (failed) {
		free(*data);
		*data = NULL;
	}
	loader_file_close(&file);
	return failed;
}

static int add_file(struct board *board, unsigned n)
{
	const struct board_fw_file *file = &board->config.fw_files[n];
	const struct fw_source source = {
		.what = "-fw_cfg",
		.name = file->file,
		.limit = 256 * MiB,
		.advice = "-device loader puts it into RAM",
	};
	const void *data = file->text;
	u64 size = file->text ? strlen(file->text) : 0;
	int failed = 0;

	if (file->file) {
		failed = is_readable_pipe(board, file->file) ?
				 read_pipe(board, &source, &board->fw.files[n], &size) :
				 read_file(board, &source, &board->fw.files[n], &size);
		data = board->fw.files[n];
	}
	if (failed)
		return -1;
	failed = fwcfg_add_file(&board->fwcfg, file->name, data, size);
	return failed ? board_fail(board, 2, "-fw_cfg: %s: there is such a file already",
				   file->name) :
			0;
}

int board_fw_attach(struct board *board)
{
	static const u8 none[sizeof(board->config.uuid)];

	if (memcmp(board->config.uuid, none, sizeof(none)))
		fwcfg_add_item(&board->fwcfg, FWCFG_UUID, board->config.uuid, sizeof(none));
	board_fw_boot(board);
	for (unsigned n = 0; n < board->config.fw_file_count; n++)
		if (add_file(board, n) < 0)
			return -1;
	return 0;
}

static int set_image(struct board *board, const struct fw_image *image, struct board_fw_image *blob)
{
	const struct fw_source source = {
		.what = image->what,
		.name = *(const char **)((char *)&board->config + image->name),
		.limit = UINT32_MAX,
		.advice = "fw_cfg cannot hold it",
		.unpacks = image->unpacks,
	};
	void *data;
	u64 size;

	if (!source.name)
		return 0;
	if (read_file(board, &source, &data, &size) < 0)
		return -1;
	free(blob->data);
	*blob = (struct board_fw_image){ data, (u32)size };
	fwcfg_set_item(&board->fwcfg, image->size_key, &blob->size, sizeof(blob->size));
	fwcfg_set_item(&board->fwcfg, image->data_key, blob->data, blob->size);
	return 0;
}

int board_fw_kernel(struct board *board)
{
	const char *line = board->config.append ? board->config.append : "";
	u32 *size = &board->fw.append_size;

	for (unsigned n = 0; n < BOARD_FW_IMAGES; n++)
		if (set_image(board, &fw_images[n], &board->fw.images[n]) < 0)
			return -1;
	*size = (u32)strlen(line) + 1;
	fwcfg_set_item(&board->fwcfg, FWCFG_CMDLINE_SIZE, size, sizeof(*size));
	fwcfg_set_item(&board->fwcfg, FWCFG_CMDLINE_DATA, line, *size);
	return 0;
}

void board_fw_free(struct board *board)
{
	for (unsigned n = 0; n < BOARD_FW_FILES_MAX; n++)
		free(board->fw.files[n]);
	for (unsigned n = 0; n < BOARD_FW_IMAGES; n++)
		free(board->fw.images[n].data);
}
