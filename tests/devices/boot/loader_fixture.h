/* SPDX-License-Identifier: MIT */
/*
 * The fixture of the loader's tests: a bus with RAM, a loader, files that exist only in memory, and
 * well-formed images, made byte by byte, which tests then damage.
 */
#ifndef TESTS_DEVICES_BOOT_LOADER_FIXTURE_H
#define TESTS_DEVICES_BOOT_LOADER_FIXTURE_H

#include "bus/platform.h"
#include "devices/boot/loader.h"
#include "devices/boot/symbols.h"

#define RAM_BASE 0x80000000ull
#define RAM_SIZE (64 * MiB)

struct fixture {
	struct platform platform;
	struct ram ram;
	struct symbols symbols;
	struct board_error error;
	struct loader loader;
	int fd; /* the file in memory (memfd) */
	char path[64]; /* its name */
};

void fixture_open(struct fixture *fixture);
void fixture_close(struct fixture *fixture);

/* Open and close a fixture as *state, for cmocka. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* Starts again with empty RAM and without ranges, symbols and errors. */
void fixture_restart(struct fixture *fixture);

/* Sets the contents of the file in memory. Returns its name. */
const char *fixture_file(struct fixture *fixture, const void *data, size_t size);

/* Loads this file as the initrd. */
int fixture_initrd(struct fixture *fixture, const char *file, const struct loader_image *kernel,
		   struct loader_image *image);

/* Returns the bytes of guest RAM at addr. */
u64 fixture_load(struct fixture *fixture, u64 addr, unsigned size);

enum sample_kind {
	SAMPLE_ELF, /* two segments at RAM_BASE, loaded where they are linked */
	SAMPLE_VMLINUX, /* linked at SAMPLE_VIRTUAL, loaded from physical 0 on */
	SAMPLE_IMAGE,
	SAMPLE_EFI_IMAGE,
	SAMPLE_GZIP, /* a compressed SAMPLE_IMAGE */
	SAMPLE_ZBOOT, /* a compressed SAMPLE_EFI_IMAGE */
	SAMPLE_DTB,
	SAMPLE_CPIO,
	SAMPLE_CPIO_GZIP,
	SAMPLE_HEX, /* lines end with CR LF and begin at HEX_LINE1 to HEX_LINE7 */
	SAMPLE_UIMAGE, /* of SAMPLE_IMAGE */
	SAMPLE_UIMAGE_GZIP, /* of SAMPLE_GZIP */
	SAMPLES
};

#define SAMPLE_VIRTUAL 0xffffffff80000000ull
#define SAMPLE_MAX (128 * KiB)

/* Facts about the samples. */
#define ELF_SEGMENT0 0x80000000ull /* 0x100 bytes 0x11 in the file, 0x200 in memory */
#define ELF_SEGMENT1 0x80002000ull /* 0x80 bytes 0x22 in the file and in memory */
#define ELF_ENTRY 0x80000010ull
#define IMAGE_FILE_SIZE 0x3000
#define IMAGE_MEMORY_SIZE 0x10000
#define IMAGE_LAST_BYTE 0x5a
#define HEX_DATA 0x80000100ull /* 16 bytes 0x11, then 16 bytes 0x22, which are the entry point */
#define HEX_ENTRY 0x80000110ull
#define HEX_APART 0x80010000ull /* 4 bytes 0x33 */
#define UIMAGE_LOAD 0x80400000ull
#define UIMAGE_ENTRY 0x80400010ull
enum { HEX_LINE1 = 0, HEX_LINE2 = 17, HEX_LINE3 = 62, HEX_LINE4 = 107, HEX_LINE5 = 124,
       HEX_LINE6 = 145, HEX_LINE7 = 166 };

struct sample {
	u8 data[SAMPLE_MAX];
	size_t size;
};

void sample_make(struct sample *sample, enum sample_kind kind);

/* Makes `to` a gzip file of `from`. */
void sample_gzip(struct sample *to, const struct sample *from);

/* Adds a gzip member that consists of `size` zeros. */
void sample_add_zeros(struct sample *sample, u64 size);

/* Makes the checksums of a uImage right. */
void sample_sum_uimage(struct sample *sample);

#endif
