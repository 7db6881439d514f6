/* SPDX-License-Identifier: MIT */
/* A folder for images that qemu-img makes and checks, and helpers for its tests. */
#ifndef TESTS_DEVICES_BLOCK_IMAGE_PLACE_H
#define TESTS_DEVICES_BLOCK_IMAGE_PLACE_H

#include "devices/block/disk.h"
#include "devices/block/qcow2.h"
#include "tests/cmocka.h"

/* For a test's setup, and as its teardown. */
void place_make(u64 seed);
int place_remove(void **state);

/* Leaves the tests of a group out where there is no qemu-img. */
void place_skip(struct CMUnitTest *tests, size_t count);

/* Returns a number in [0, limit); a seed gives always the same sequence. */
u32 below(u64 limit);

/* Runs a command in the folder, whose output goes to the file "log" there. */
int sh(const char *format, ...) PRINTF_LIKE(1, 2);
/* Runs a program with words between blanks likewise, without a shell: for what is done often. */
int run_tool(const char *format, ...) PRINTF_LIKE(1, 2);
/* The test fails, with the command's output, if the command fails. */
void sh_must(const char *command);
void run_tool_must(const char *command);

/* Returns the path of a file in it, valid for three more calls. */
const char *at(const char *name);

/* A process of qemu-io has the image open from the one call to the other. */
void place_hold(const char *name, int pipes[2]);
void place_let_go(int pipes[2]);

void put_file(const char *name, const void *data, size_t size);
void copy_file(const char *from, const char *to);
size_t get_file(const char *name, void *data, size_t size);

/* Lets writes beyond so many bytes of a file fail with EFBIG; 0: none does any more. */
void place_limit(u64 size);

/* Writes data with holes: `size` bytes at `data`, and the file "base.raw". */
void put_base(u8 *data, u64 size);

/* Opens a qcow2 image; 0 or a negative errno, and prints why it was refused. */
int open_image(struct disk *disk, const char *name, bool readonly);
const char *image_why(void);

#endif
