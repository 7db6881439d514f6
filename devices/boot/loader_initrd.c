/* SPDX-License-Identifier: MIT */
/*
 * Loads the initrd: checks it for damage as far as its format allows, and places it after the
 * kernel. An initramfs is a sequence of cpio archives in the "newc" format, each plain or
 * compressed, with zeros between them (Linux
 * Documentation/driver-api/early-userspace/buffer-format.rst). Compression other than gzip, and
 * file systems, are left for the kernel to check. Of a uImage only the contents are loaded, as QEMU
 * does. A small file can unpack to more than the machine's RAM; it is refused then.
 */
#include "devices/boot/loader_place.h"
#include "devices/boot/loader_stream.h"
#include "devices/boot/loader_uimage.h"

#include <errno.h>
#include <string.h>

/*
 * The header of an entry in the newc format: 6 bytes of magic, 13 numbers of 8 hexadecimal digits.
 */
#define CPIO_HEADER 110
#define CPIO_FILE_SIZE (6 + 6 * 8)
#define CPIO_NAME_SIZE (6 + 11 * 8)
#define CPIO_TRAILER "TRAILER!!!"

/*
 * A limit, because reading each header takes a system call. A distribution's initrd has some
 * thousand files.
 */
#define CPIO_ENTRIES_MAX 1000000

/*
 * After this many archives, or this many unpacked bytes, the rest is left for the kernel to check.
 */
#define ARCHIVES_MAX 1000
#define UNPACKED_MAX (512 * MiB)

/* A walk through the archives of an initrd. */
struct walk {
	struct loader_file *file;
	u64 offset; /* the offset of the next archive */
	u64 room; /* how many bytes all archives may unpack to: Linux unpacks them to RAM */
	u64 unpacked; /* bytes unpacked so far */
	u64 plain; /* bytes of archives that are not compressed */
};

static int cut_off(struct loader_file *file)
{
	return loader_file_fail(file, -ENODATA,
				"is cut off in a cpio archive; fetch or build it again");
}

/* Parses eight hexadecimal digits. Returns false if other characters are among them. */
static bool parse_hex(const char *digits, u64 *value)
{
	*value = 0;
	for (unsigned i = 0; i < 8; i++) {
		const char *hex = "0123456789abcdef";
		const char *at = digits[i] ? strchr(hex, digits[i] | 0x20) : NULL;

		if (!at)
			return false;
		*value = *value * 16 + (u64)(at - hex);
	}
	return true;
}

/* Returns whether this is the magic of an archive without or with checksums. */
static bool is_newc(const char *magic)
{
	return !memcmp(magic, "070701", 6) || !memcmp(magic, "070702", 6);
}

/* Skips the entry at *offset. Sets *last to whether it was the trailer. */
static int skip_entry(struct loader_file *file, u64 *offset, bool *last)
{
	char header[CPIO_HEADER + sizeof(CPIO_TRAILER)] = { 0 };
	u64 part = sizeof(header) - 1;
	u64 name, body;
	int code;

	if (!range_within(*offset, CPIO_HEADER, 0, file->size))
		return cut_off(file);
	part = MIN(part, file->size - *offset);
	code = loader_file_read(file, header, *offset, part);
	if (code)
		return code;
	if (!is_newc(header) || !parse_hex(header + CPIO_NAME_SIZE, &name) ||
	    !parse_hex(header + CPIO_FILE_SIZE, &body))
		return loader_file_fail(
			file, -EBADMSG,
			"has a damaged cpio archive at byte %llu; fetch or build it again",
			*offset);
	*last = name == sizeof(CPIO_TRAILER) && !strcmp(header + CPIO_HEADER, CPIO_TRAILER);
	*offset = align_up(*offset + CPIO_HEADER + name, 4);
	*offset = *last ? *offset : align_up(*offset + body, 4);
	return *offset > align_up(file->size, 4) ? cut_off(file) : 0;
}

static int skip_cpio(struct loader_file *file, u64 *offset)
{
	bool last = false;
	int code = 0;

	for (unsigned i = 0; !code && !last; i++) {
		if (i == CPIO_ENTRIES_MAX)
			return loader_file_fail(file, -EFBIG,
						"has more than %u files; give a smaller one",
						CPIO_ENTRIES_MAX);
		code = skip_entry(file, offset, &last);
	}
	return code;
}

static int count_unpacked(struct walk *walk, u64 size)
{
	walk->unpacked += size;
	return walk->unpacked <= walk->room ? 0 : -ENOSPC;
}

/* Unpacks a gzip member so that zlib checks it, and drops the bytes. */
static int skip_gzip(struct walk *walk)
{
	struct loader_file *file = walk->file;
	struct loader_stream stream;
	u8 out[64 * KiB];
	u64 got;
	int code = loader_stream_open(&stream, file, walk->offset, file->size - walk->offset, true);

	if (code)
		return code;
	do {
		code = loader_stream_read(&stream, out, sizeof(out), &got);
		if (!code)
			code = count_unpacked(walk, got);
	} while (!code && got == sizeof(out) && walk->unpacked < UNPACKED_MAX);
	walk->offset = loader_stream_offset(&stream);
	loader_stream_close(&stream);
	return code;
}

static int skip_zeros(struct loader_file *file, u64 *offset)
{
	u8 buffer[4096];

	while (*offset < file->size) {
		u64 part = MIN(sizeof(buffer), file->size - *offset);
		int code = loader_file_read(file, buffer, *offset, part);

		if (code)
			return code;
		for (u64 i = 0; i < part; i++) {
			if (buffer[i])
				return 0;
			++*offset;
		}
	}
	return 0;
}

/* Skips an archive, or zeros after one. Sets *known to whether there was either. */
static int skip_archive(struct walk *walk, bool *known)
{
	struct loader_file *file = walk->file;
	char magic[6] = { 0 };
	int code = loader_file_read(file, magic, walk->offset,
				    MIN(sizeof(magic), file->size - walk->offset));

	*known = false;
	if (code)
		return code;
	*known = true;
	if (is_newc(magic) && walk->offset % 4 == 0) {
		const u64 begin = walk->offset;

		code = skip_cpio(file, &walk->offset);
		walk->plain += walk->offset - begin;
		return code;
	}
	if (!memcmp(magic, LOADER_GZIP_MAGIC, 2))
		return skip_gzip(walk);
	if (magic[0] == 0 && walk->offset)
		return skip_zeros(file, &walk->offset);
	*known = false;
	return 0;
}

/* Checks the archives. Returns -ENOSPC, without a message, if they unpack to more than the room. */
static int check_archives(struct walk *walk)
{
	bool known = true;
	int code = 0;

	for (unsigned i = 0; !code && known && i < ARCHIVES_MAX; i++) {
		if (walk->offset >= walk->file->size || walk->unpacked >= UNPACKED_MAX)
			break;
		code = skip_archive(walk, &known);
	}
	return code;
}

/* Opens the initrd. Returns 0, or -errno with nothing left to close. */
static int open_initrd(struct loader_file *file, const char *name, struct board_error *error)
{
	int code = loader_file_open(file, "initrd", name, error);

	if (code || !loader_uimage_is(&file->head))
		return code;
	code = loader_uimage_ramdisk(file);
	if (code)
		loader_file_close(file);
	return code;
}

struct loader_initrd_size loader_initrd_size(const char *name)
{
	struct board_error error;
	struct loader_file file;
	struct walk walk = { .file = &file, .room = UNPACKED_MAX };

	if (!name || open_initrd(&file, name, &error))
		return (struct loader_initrd_size){ 0 };
	if (file.size <= BOARD_RAM_MAX)
		check_archives(&walk);
	loader_file_close(&file);
	return (struct loader_initrd_size){ file.size, walk.unpacked + walk.plain };
}

static int initrd_check_kind(struct loader_file *file)
{
	static const struct {
		const char *magic, *is;
	} mistaken[] = {
		{"\x7f" "ELF", "an ELF; kernels go in by -kernel"},
		{"MZ", "a kernel; kernels go in by -kernel"},
		{"\xd0\x0d\xfe\xed", "a device tree; it goes in by -dtb"},
	};

	for (unsigned i = 0; i < ARRAY_SIZE(mistaken); i++) {
		const char *magic = mistaken[i].magic;

		if (loader_head_has(&file->head, 0, magic, (unsigned)strlen(magic)))
			return loader_file_fail(file, -EINVAL, "is %s", mistaken[i].is);
	}
	return 0;
}

static int initrd_load(struct loader *loader, struct loader_file *file,
		       const struct loader_image *kernel, struct loader_image *image)
{
	u64 preferred = kernel->base + MIN(loader->ram_size / 2, 512 * MiB);
	struct walk walk = { .file = file };
	u64 addr;
	int code = initrd_check_kind(file);

	if (code)
		return code;
	addr = loader_find_up(loader, MAX(preferred, kernel->end), file->size, PAGE_SIZE);
	if (addr == UINT64_MAX)
		addr = loader_find_up(loader, kernel->end, file->size, PAGE_SIZE);
	if (addr == UINT64_MAX)
		return loader_too_small(loader, file, kernel->end);
	walk.room = loader->ram_size - (kernel->end - kernel->base) - file->size;
	code = check_archives(&walk);
	if (code == -ENOSPC)
		return loader_too_small(loader, file, kernel->end);
	if (code)
		return code;
	code = loader_claim(loader, file, addr, file->size);
	if (code)
		return code;
	*image = (struct loader_image){ addr, addr + file->size, addr };
	return loader_copy(loader, file, 0, addr, file->size);
}

int loader_initrd(struct loader *loader, const struct loader_image *kernel,
		  struct loader_image *image)
{
	struct loader_file file;
	int code = open_initrd(&file, loader->initrd, loader->error);

	if (code)
		return code;
	code = initrd_load(loader, &file, kernel, image);
	loader_file_close(&file);
	return code;
}
