/* SPDX-License-Identifier: MIT */
/*
 * Gives the ELF file of the guest's program, its name and its contents, to a client that does not
 * have it ("Debugging with GDB", appendix E, "Host I/O Packets"). The client is not trusted: the
 * path that it sends is compared with the only valid one, and never opened.
 */
#include "frontends/gdb/command.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "devices/board/inspect/hart_state.h"

#define PATH_ROOM 300 /* a file name of the host has at most 255 bytes */
#define DESCRIPTORS_MAX 16 /* open at once for a client; GDB needs one or two */
/* This many bytes of a read fit into a packet, escaped and after their length. */
#define PART_MAX (GDB_PACKET_MAX / 2 - 16)

/* These are numbers of the File-I/O protocol, which differ from the host's ("Errno Values", "Open
 * Flags"). */
enum { FILE_ENOENT = 2, FILE_EIO = 5, FILE_EBADF = 9, FILE_EINVAL = 22, FILE_EMFILE = 24,
       FILE_EROFS = 30 };
enum { FILE_REGULAR = 0100000, FILE_READABLE = 0444 };
#define FILE_WRITES 0x3 /* O_WRONLY, O_RDWR; a client that creates or truncates needs one of them */

void gdb_file_find(struct gdb *gdb)
{
	struct gdb_file *file = &gdb->file;
	const char *slash;

	file->fd = board_open_elf(gdb->board, &file->name, &file->size);
	if (file->fd < 0)
		return;
	slash = strrchr(file->name, '/');
	file->name = slash ? slash + 1 : file->name;
}

/* Makes the path that the client uses; the file is in the root folder, and there are no other
 * folders. */
static size_t path_of(const struct gdb_file *file, char *path, size_t size)
{
	return MIN((size_t)snprintf(path, size, "/%s", file->name), size - 1);
}

/* Handles PROCESS:OFFSET,SIZE. PROCESS may be missing; if it is not, it must be the only
 * process. */
void gdb_exec_file(struct gdb *gdb, struct gdb_call *call)
{
	const char *text = call->text;
	char path[PATH_ROOM];
	u64 process = 1;

	if (gdb->file.fd < 0 || (*text != ':' && !gdb_hex(&text, &process)) || process != 1 ||
	    !gdb_skip(&text, ':'))
		gdb_error(call, 0);
	else
		gdb_send_part(call, text, path, path_of(&gdb->file, path, sizeof(path)));
}

static void gdb_file_fail(struct gdb_call *call, unsigned number)
{
	fprintf(call->out, "F-1,%x", number);
}

/* Handles vFile:setfs, which selects a process's filesystem: there is only one. */
static void set_filesystem(struct gdb *gdb, struct gdb_call *call)
{
	(void)gdb;
	fputs("F0", call->out);
}

static unsigned first_free(u32 opened)
{
	unsigned n = 0;

	while (n < DESCRIPTORS_MAX && opened >> n & 1)
		n++;
	return n;
}

/* Returns whether the text before its first comma is the file's path in hexadecimal. */
static bool is_path(const struct gdb_file *file, const char *text)
{
	char path[PATH_ROOM], named[PATH_ROOM];
	size_t size = path_of(file, path, sizeof(path));

	return strcspn(text, ",") == 2 * size && gdb_get_hex(text, (u8 *)named, size) &&
	       !memcmp(named, path, size);
}

/* Returns the error with which PATH,FLAGS,MODE is refused; 0 if the file can be opened. */
static unsigned gdb_file_refusal(const struct gdb_file *file, const char *text)
{
	const char *numbers = text + strcspn(text, ",");
	u64 flags, mode;

	if (!gdb_skip(&numbers, ',') || !gdb_hexes(&numbers, ',', &flags, &mode) || *numbers)
		return FILE_EINVAL;
	if (!is_path(file, text))
		return FILE_ENOENT;
	return flags & FILE_WRITES ? FILE_EROFS : 0;
}

static void open_it(struct gdb *gdb, struct gdb_call *call)
{
	unsigned number = first_free(gdb->file.opened);
	unsigned failed = gdb_file_refusal(&gdb->file, call->text);

	if (!failed && number == DESCRIPTORS_MAX)
		failed = FILE_EMFILE;
	if (failed) {
		gdb_file_fail(call, failed);
		return;
	}
	gdb->file.opened |= 1u << number;
	fprintf(call->out, "F%x", number);
}

/* Parses a descriptor; answers with an error and returns false if the client does not have it
 * open. */
static bool gdb_file_descriptor(struct gdb *gdb, struct gdb_call *call, const char **text,
				u64 *number)
{
	if (gdb_hex(text, number) && *number < DESCRIPTORS_MAX && gdb->file.opened >> *number & 1)
		return true;
	gdb_file_fail(call, FILE_EBADF);
	return false;
}

static void close_it(struct gdb *gdb, struct gdb_call *call)
{
	const char *text = call->text;
	u64 number;

	if (!gdb_file_descriptor(gdb, call, &text, &number))
		return;
	gdb->file.opened &= ~(1u << number);
	fputs("F0", call->out);
}

/* Handles DESCRIPTOR,COUNT,OFFSET. The answer may have fewer bytes than were requested; an empty
 * one means the end of the file. */
static void read_it(struct gdb *gdb, struct gdb_call *call)
{
	const char *text = call->text;
	u64 number, count, offset;
	u8 data[PART_MAX];
	ssize_t got = 0;

	if (!gdb_file_descriptor(gdb, call, &text, &number))
		return;
	if (!gdb_skip(&text, ',') || !gdb_hexes(&text, ',', &count, &offset) || *text) {
		gdb_file_fail(call, FILE_EINVAL);
		return;
	}
	if (offset < gdb->file.size)
		got = pread(gdb->file.fd, data,
			    MIN(MIN(count, (u64)PART_MAX), gdb->file.size - offset), (off_t)offset);
	if (got < 0) {
		gdb_file_fail(call, FILE_EIO);
		return;
	}
	fprintf(call->out, "F%zx;", (size_t)got);
	fwrite(data, 1, (size_t)got, call->out);
}

static void put_big_endian(FILE *out, unsigned bytes, u64 value)
{
	while (bytes--)
		fputc((int)(value >> 8 * bytes & 255), out);
}

/* Sends the protocol's struct stat. Only the size and the type of the file have a meaning here. */
static void tell_of_it(struct gdb *gdb, struct gdb_call *call)
{
	const struct {
		u8 bytes;
		u64 value;
	} fields[] = {
		{ 4, 0 }, { 4, 1 }, /* device, inode */
		{ 4, FILE_REGULAR | FILE_READABLE }, { 4, 1 }, /* mode, links */
		{ 4, 0 }, { 4, 0 }, { 4, 0 }, /* user, group, device of a special file */
		{ 8, gdb->file.size }, { 8, PAGE_SIZE }, { 8, (gdb->file.size + 511) / 512 },
		{ 4, 0 }, { 4, 0 }, { 4, 0 }, /* times */
	};
	const char *text = call->text;
	u64 number;

	if (!gdb_file_descriptor(gdb, call, &text, &number))
		return;
	fputs("F40;", call->out);
	for (unsigned n = 0; n < ARRAY_SIZE(fields); n++)
		put_big_endian(call->out, fields[n].bytes, fields[n].value);
}

/* Operations that would write, or access other files, are not in this table. */
static const struct gdb_command operations[] = {
	{ "setfs:", set_filesystem },
	{ "open:", open_it },
	{ "close:", close_it },
	{ "pread:", read_it },
	{ "fstat:", tell_of_it },
};

void gdb_vfile(struct gdb *gdb, struct gdb_call *call)
{
	if (gdb->file.fd >= 0)
		gdb_find(gdb, call, operations, ARRAY_SIZE(operations));
}
