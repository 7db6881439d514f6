/* SPDX-License-Identifier: MIT */
/* A temporary folder for images that qemu-img makes and checks, and helpers for such tests. */
#ifndef TESTS_DEVICES_BLOCK_IMAGE_PLACE_H
#define TESTS_DEVICES_BLOCK_IMAGE_PLACE_H

#include "devices/block/disk.h"
#include "devices/block/qcow2.h"
#include "tests/cmocka.h"

/*
 * Make and remove the folder: for a setup of cmocka, and as its teardown. `seed` is that of
 * below().
 */
void place_make(u64 seed);
int place_remove(void **state);

/* Replaces the tests of a group by skipped ones if there is no qemu-img. */
void place_skip(struct CMUnitTest *tests, size_t count);

/* Returns a random number below `limit`. The seed determines the sequence. */
u32 below(u64 limit);

/*
 * Runs a shell command in the folder, with its output in the file "log" there. Returns the result
 * of system().
 */
int sh(const char *format, ...) PRINTF_LIKE(1, 2);
/*
 * Does the same with a program and its arguments, separated by blanks, without a shell, which is
 * faster.
 */
int run_tool(const char *format, ...) PRINTF_LIKE(1, 2);
/* Fail the test, with the command's output, if the command fails. */
void sh_must(const char *command);
void run_tool_must(const char *command);

/* Returns the path of a file in the folder. It is valid for three more calls. */
const char *at(const char *name);

/* place_hold starts a process of qemu-io that opens the image; place_let_go ends it. */
void place_hold(const char *name, int pipes[2]);
void place_let_go(int pipes[2]);

void put_file(const char *name, const void *data, size_t size);
void copy_file(const char *from, const char *to);
size_t get_file(const char *name, void *data, size_t size);

/* Makes writes beyond `size` bytes of a file fail with EFBIG; 0: no longer. */
void place_limit(u64 size);

/* Makes data with holes: stores `size` bytes at `data`, and in the file "base.raw". */
void put_base(u8 *data, u64 size);

/*
 * open_image opens a qcow2 image; it returns 0, or a negative errno after printing why it was
 * refused. image_why returns that reason.
 */
int open_image(struct disk *disk, const char *name, bool readonly);
const char *image_why(void);

#endif
