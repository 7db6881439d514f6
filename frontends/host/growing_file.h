/* SPDX-License-Identifier: MIT */
/*
 * A file that an option names, and that others can read while it grows: the output of a port,
 * captured frames, sound. The first write that fails is reported on stderr at once, the rest of the
 * output is dropped, and the machine continues; but the run does not end with success
 * (exit_code_of).
 */
#ifndef FRONTENDS_HOST_GROWING_FILE_H
#define FRONTENDS_HOST_GROWING_FILE_H

#include <stdio.h>

#include "bus/base.h"

struct growing_file {
	FILE *file; /* opened by the owner; NULL: it is not open, or a write has failed */
	const char *what, *path; /* for the message: "the sound", for example */
	bool lost; /* a write has failed */
};

/* Write data, and write out what is buffered. They do nothing if there is no file. */
void growing_file_write(struct growing_file *growing, const void *data, size_t size);
void growing_file_flush(struct growing_file *growing);

/* Handles the result of a function that wrote to the file itself: a negative errno, or 0. */
void growing_file_check(struct growing_file *growing, int failed);

/*
 * Closes the file, if it is open. Returns whether output was lost, now or earlier, as has been
 * reported.
 */
bool growing_file_close(struct growing_file *growing);

#endif
