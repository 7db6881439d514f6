/* SPDX-License-Identifier: MIT */
/*
 * A file of the host that the user named: it is open, a regular file and not empty, and its first
 * bytes were read. All of the loader's error messages about files are made by loader_file_fail.
 * Only for loader*.c; other files use loader.h.
 */
#ifndef DEVICES_BOOT_LOADER_FILE_H
#define DEVICES_BOOT_LOADER_FILE_H

#include "bus/base.h"
#include "devices/error.h"

#define LOADER_HEAD 4096

/* The first bytes of a file, or of the contents of a compressed file. */
struct loader_head {
	unsigned size;
	u8 bytes[LOADER_HEAD];
};

struct loader_file {
	const char *what; /* "kernel", "initrd" ...: error messages begin with it */
	const char *name; /* borrowed */
	int fd;
	u64 start; /* where the contents begin; 0 until loader_file_narrow */
	u64 size; /* at the time of opening; never 0 */
	u64 end; /* of its last piece in guest memory, for advice; 0: it has one, or no place */
	struct board_error *error;
	struct loader_head head;
};

/* Opens the file. Returns 0, or -errno with *error filled in and nothing to close. */
int loader_file_open(struct loader_file *file, const char *what, const char *name,
		     struct board_error *error);
void loader_file_close(struct loader_file *file);

/*
 * Makes a part of the file, which must be inside it and not empty, the whole of it for all that
 * follows. Returns 0, or -errno with *error filled in.
 */
int loader_file_narrow(struct loader_file *file, u64 offset, u64 size);

/* Reads exactly len bytes. Returns 0, or -errno with *error filled in. */
int loader_file_read(struct loader_file *file, void *data, u64 offset, u64 len);

/* Writes "what 'name': ..." to the file's error. Returns code, for the caller to return. */
int loader_file_fail(const struct loader_file *file, int code, const char *format, ...)
	PRINTF_LIKE(3, 4);

/* Read little-endian numbers in a head. They return 0 for numbers beyond its end. */
u32 loader_head_u16(const struct loader_head *head, u64 offset);
u32 loader_head_u32(const struct loader_head *head, u64 offset);
u64 loader_head_u64(const struct loader_head *head, u64 offset);
/* Returns whether the head has these `size` bytes at this offset. */
bool loader_head_has(const struct loader_head *head, u64 offset, const void *magic, unsigned size);

/*
 * Returns whether the file is text, such as an HTML page that was downloaded instead of the file.
 */
bool loader_head_is_text(const struct loader_head *head);

/*
 * Returns, for files that a RISC-V machine cannot run, what the file is and what to do about it
 * ("an arm64 Linux Image; ..."); NULL for any other file.
 */
const char *loader_head_foreign(const struct loader_head *head);

#endif
