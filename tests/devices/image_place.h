/* SPDX-License-Identifier: MIT */
/* A folder for images that qemu-img makes and judges, and what tests do in it. */
#ifndef TESTS_IMAGE_PLACE_H
#define TESTS_IMAGE_PLACE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "devices/block/disk.h"
#include "devices/block/qcow2.h"

/* For a test's setup, and as its teardown. */
void place_make(u64 seed);
int place_remove(void **state);

/* Tests of that group are left out where there is no qemu-img. */
void place_skip(struct CMUnitTest *tests, size_t count);

/* A number in [0, limit), the same ones for one seed. */
u32 below(u64 limit);

/* Run a command in the folder, whose output goes to the file "log" there. */
int sh(const char *format, ...) PRINTF_LIKE(1, 2);
/* The test has failed if it does, with what it said. */
void sh_must(const char *command);

/* The path of a file in it, good for three calls more. */
const char *at(const char *name);

void put_file(const char *name, const void *data, size_t size);
size_t get_file(const char *name, void *data, size_t size);

/* Data, and places where there is none: `size` bytes at `data`, and the file "base.raw". */
void put_base(u8 *data, u64 size);

/* As a qcow2 image; 0 or a negative errno, and why it was refused. */
int open_image(struct disk *disk, const char *name, bool readonly);
const char *image_why(void);

#endif
