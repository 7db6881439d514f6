/* SPDX-License-Identifier: MIT */
/*
 * Writes a machine to a file, and restores a machine from such a file, which is not trusted. See
 * board/compare/reproducer.h.
 *
 * The file begins with TEXT_SIZE bytes of text for people, of which only the first line is checked.
 * These follow, in little-endian order: u64 hash of the machine, u64 size of its state, the state
 * as state.c writes it, u64 number of disks. For each disk there are u64 size, u64 hash of its
 * image, and the differences from the image: for each piece u64 offset, u64 size and the bytes. An
 * offset of all ones ends the pieces.
 */
#include "devices/board/compare/reproducer.h"

#include "bus/output.h"
#include "devices/block/disk_copy.h"
#include "devices/board/machine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEXT_SIZE 8192
#define FIRST_LINE "Baya: a machine left by --compare, format 1\n"
#define DISK_END UINT64_MAX

static void reproducer_put(FILE *file, const void *data, size_t size)
{
	/* Errors are checked at the end. */
	fwrite(data, 1, size, file);
}

static void put_u64(FILE *file, u64 value)
{
	reproducer_put(file, &value, sizeof(value));
}

static void put_text(FILE *file, const struct board *board, u64 hash)
{
	const char *command = board->config.command;
	char text[TEXT_SIZE];
	int used = snprintf(text, sizeof(text),
			    FIRST_LINE "version: %s\ninstructions: %llu\n"
				       "hash: 0x%016llx\ncommand: %s\n",
			    board_version(board), harts_retired(&board->harts), hash,
			    command ? command : "(unknown)");

	if (used < TEXT_SIZE)
		memset(text + used, '\n', (size_t)(TEXT_SIZE - used));
	text[TEXT_SIZE - 1] = '\n';
	reproducer_put(file, text, sizeof(text));
}

static int put_disk(FILE *file, const struct disk *disk)
{
	struct iovec piece;
	u64 offset = 0, hash;
	int error = disk_hash(disk, &hash);

	if (error)
		return error;
	put_u64(file, disk->sectors * DISK_SECTOR);
	put_u64(file, hash);
	for (; disk_copy_next(disk->copy, &offset, &piece); offset += piece.iov_len) {
		put_u64(file, offset);
		put_u64(file, piece.iov_len);
		reproducer_put(file, piece.iov_base, piece.iov_len);
	}
	put_u64(file, DISK_END);
	return 0;
}

static int put_all(FILE *file, const struct board *board, const struct state_image *image)
{
	u64 hash = state_hash(&board->platform.state);
	int error = 0;

	put_text(file, board, hash);
	put_u64(file, hash);
	put_u64(file, image->size);
	reproducer_put(file, image->data, image->size);
	put_u64(file, board->node_count);
	for (unsigned n = 0; n < board->node_count && !error; n++)
		error = put_disk(file, &board->nodes[n]->disk);
	return error;
}

int reproducer_write(const struct board *board, const struct state_image *image, const char *path)
{
	struct output output;
	int error = output_open(&output, path);

	return error ? error : output_close(&output, put_all(output.file, board, image));
}

/* Reads a whole file; the caller frees *data. Returns 0 or a negative errno. */
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

/* The part of the file that has not been read yet. */
struct source {
	const u8 *data;
	size_t left;
};

/* Returns the next `size` bytes and moves past them, or returns NULL if fewer are left. */
static const u8 *reproducer_take(struct source *source, u64 size)
{
	const u8 *data = source->data;

	if (size > source->left)
		return NULL;
	source->data += size;
	source->left -= size;
	return data;
}

static bool take_u64(struct source *source, u64 *value)
{
	const u8 *data = reproducer_take(source, sizeof(*value));

	if (data)
		memcpy(value, data, sizeof(*value));
	return data;
}

static int no_state(struct board *board, const char *what)
{
	return board_fail(board, 3, "state '%.300s': %s", board->config.restore, what);
}

static int damaged(struct board *board)
{
	return no_state(board,
			"is damaged, or of another version of Baya; its second line names it");
}

/* Reads one piece of a disk. Returns 0, 1 at the end of the pieces, or a negative errno. */
static int take_piece(struct source *source, struct disk *disk)
{
	u64 offset, size, bytes = disk->sectors * DISK_SECTOR;
	struct iovec iov;
	const u8 *data;

	if (!take_u64(source, &offset))
		return -EINVAL;
	if (offset == DISK_END)
		return 1;
	data = take_u64(source, &size) ? reproducer_take(source, size) : NULL;
	if (!data || size > bytes || offset > bytes - size)
		return -EINVAL;
	iov = (struct iovec){ .iov_base = (void *)(uintptr_t)data, .iov_len = size };
	return disk_copy_write(disk->copy, offset, &iov, 1);
}

static int take_disk(struct board *board, struct source *source, unsigned n)
{
	struct disk *disk = &board->nodes[n]->disk;
	u64 size, saved, hash;
	int error;

	if (!take_u64(source, &size) || !take_u64(source, &saved))
		return damaged(board);
	error = disk_hash(disk, &hash);
	if (error)
		return board_fail(board, 3, "%.300s: cannot be read: %s",
				  board->nodes[n]->config.file, strerror(-error));
	if (size != disk->sectors * DISK_SECTOR || hash != saved)
		return board_fail(board, 3, "%.200s: is not the image of state '%.200s'",
				  board->nodes[n]->config.file, board->config.restore);
	do
		error = take_piece(source, disk);
	while (!error);
	disk_copy_mark(disk->copy);
	return error > 0 ? 0 : damaged(board);
}

static int take_all(struct board *board, struct source *source)
{
	const u8 *text = reproducer_take(source, TEXT_SIZE), *state;
	u64 hash, size, disks;

	if (!text || memcmp(text, FIRST_LINE, strlen(FIRST_LINE)) != 0)
		return no_state(board, "is no machine that --compare has left");
	if (!take_u64(source, &hash) || !take_u64(source, &size))
		return damaged(board);
	state = reproducer_take(source, size);
	if (!state)
		return damaged(board);
	if (state_load(&board->platform.state, state, size))
		return no_state(board, "is of another machine; give the options of the command "
				       "in its fifth line to the version of Baya in its second");
	if (state_hash(&board->platform.state) != hash || !take_u64(source, &disks))
		return damaged(board);
	if (disks != board->node_count)
		return no_state(board, "is of a machine with another number of disks");
	for (unsigned n = 0; n < board->node_count; n++)
		if (take_disk(board, source, n) < 0)
			return -1;
	return source->left ? damaged(board) : 0;
}

int board_restore(struct board *board)
{
	const char *path = board->config.restore;
	struct source source = { 0 };
	u8 *data;
	int error;

	if (!path)
		return 0;
	error = read_file(path, &data, &source.left);
	if (error) {
		free(data);
		return board_fail(board, 3, "state '%.300s': cannot be read: %s", path,
				  strerror(-error));
	}
	source.data = data;
	error = take_all(board, &source);
	free(data);
	return error;
}
