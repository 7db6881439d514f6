/* SPDX-License-Identifier: MIT */
/* See board/fw.h. */
#include "devices/board/fw.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "devices/board/machine.h"
#include "devices/boot/loader_file.h"

#define FW_FILE_MAX (256 * MiB) /* larger files belong in RAM, by -device loader */

/* Reads a whole file into its own memory. 0 or -errno with the board's error filled. */
static int read_file(struct board *board, const char *name, void **data, u64 *size)
{
	struct loader_file file;
	int failed = loader_file_open(&file, "-fw_cfg", name, board->error);

	if (failed)
		return failed;
	*size = file.size;
	if (file.size > FW_FILE_MAX)
		failed = loader_file_fail(&file, -EFBIG,
					  "is larger than %u MiB; -device loader puts it into RAM",
					  (unsigned)(FW_FILE_MAX / MiB));
	*data = failed ? NULL : malloc(*size);
	if (!failed && !*data)
		failed = loader_file_fail(&file, -ENOMEM, "not enough host memory");
	if (!failed)
		failed = loader_file_read(&file, *data, 0, *size);
	loader_file_close(&file);
	return failed;
}

static int add_file(struct board *board, unsigned n)
{
	const struct board_fw_file *file = &board->config.fw_files[n];
	const void *data = file->text;
	u64 size = file->text ? strlen(file->text) : 0;
	int failed = 0;

	if (file->file) {
		failed = read_file(board, file->file, &board->fw_data[n], &size);
		data = board->fw_data[n];
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
	for (unsigned n = 0; n < board->config.fw_file_count; n++)
		if (add_file(board, n) < 0)
			return -1;
	return 0;
}

void board_fw_free(struct board *board)
{
	for (unsigned n = 0; n < BOARD_FW_FILES_MAX; n++)
		free(board->fw_data[n]);
}
