/* SPDX-License-Identifier: MIT */
/*
 * Loads files in U-Boot's legacy image format (U-Boot include/image.h). QEMU loads the same ones:
 * of the type "kernel" with contents that are not compressed or are in gzip format, and of the type
 * "ramdisk". Unlike QEMU, this file checks the architecture and the checksums, as U-Boot does.
 */
#include "devices/boot/loader_uimage.h"

#include "devices/boot/loader_elf.h"
#include "devices/boot/loader_image.h"
#include "devices/boot/loader_stream.h"

#include <errno.h>
#include <string.h>

/* Offsets in the header, whose numbers are big-endian. */
enum {
	UIMAGE_HEADER_CRC = 4, /* of the header in which this field is 0 */
	UIMAGE_SIZE = 12,
	UIMAGE_LOAD = 16,
	UIMAGE_ENTRY = 20,
	UIMAGE_CRC = 24,
	UIMAGE_ARCH = 29,
	UIMAGE_TYPE = 30,
	UIMAGE_COMPRESSION = 31,
	UIMAGE_HEADER = 64,
};

#define ARCH_RISCV 26
enum { TYPE_KERNEL = 2, TYPE_RAMDISK = 3 };
static const char *const types[] = { [TYPE_KERNEL] = "kernel", [TYPE_RAMDISK] = "ramdisk" };
enum { COMPRESSION_NONE, COMPRESSION_GZIP };

static u32 field(const struct loader_head *head, u64 offset)
{
	return __builtin_bswap32(loader_head_u32(head, offset));
}

bool loader_uimage_is(const struct loader_head *head)
{
	return loader_head_has(head, 0, "\x27\x05\x19\x56", 4);
}

bool loader_uimage_is_kernel(const struct loader_head *head)
{
	return loader_uimage_is(head) && head->size >= UIMAGE_HEADER &&
	       head->bytes[UIMAGE_TYPE] == TYPE_KERNEL &&
	       head->bytes[UIMAGE_COMPRESSION] <= COMPRESSION_GZIP;
}

static bool header_is_intact(const struct loader_head *head)
{
	u8 bytes[UIMAGE_HEADER];

	if (head->size < UIMAGE_HEADER)
		return false;
	memcpy(bytes, head->bytes, sizeof(bytes));
	memset(bytes + UIMAGE_HEADER_CRC, 0, 4);
	return crc32(0, bytes, sizeof(bytes)) == field(head, UIMAGE_HEADER_CRC);
}

static int check_header(struct loader_file *file, u8 type)
{
	const struct loader_head *head = &file->head;
	u64 end = UIMAGE_HEADER + (u64)field(head, UIMAGE_SIZE);

	if (!header_is_intact(head))
		return loader_file_fail(file, -ENOEXEC,
					"has a damaged uImage header; fetch or build it again");
	if (head->bytes[UIMAGE_ARCH] != ARCH_RISCV)
		return loader_file_fail(file, -ENOEXEC,
					"is a uImage for another architecture (%u); give one that "
					"mkimage -A riscv made",
					head->bytes[UIMAGE_ARCH]);
	if (head->bytes[UIMAGE_TYPE] != type)
		return loader_file_fail(file, -ENOEXEC,
					"is a uImage of type %u, not of a %s (mkimage -T %s); give "
					"what it was made from",
					head->bytes[UIMAGE_TYPE], types[type], types[type]);
	if (end > file->size)
		return loader_file_fail(file, -ENOEXEC,
					"is cut off: has %llu of %llu bytes; fetch it again",
					file->size, end);
	return 0;
}

/* Checks that the contents are compressed in a way that can be unpacked here. */
static int check_compression(struct loader_file *file)
{
	static const char *const others[] = { [2] = "bzip2", [3] = "lzma", [4] = "lzo",
					      [5] = "lz4",   [6] = "zstd" };
	u8 compression = file->head.bytes[UIMAGE_COMPRESSION];

	if (compression <= COMPRESSION_GZIP)
		return 0;
	return loader_file_fail(
		file, -ENOEXEC,
		"is a uImage whose contents are %s-compressed (%u); make it by "
		"mkimage with -C none or -C gzip",
		compression < ARRAY_SIZE(others) ? others[compression] : "otherwise", compression);
}

/*
 * Refuses contents that are no kernel. The header only says what mkimage has been told: it may say
 * that a file is not compressed which is.
 */
static int check_first(struct loader_file *file, const struct loader_head *first)
{
	const char *foreign = first->size ? loader_image_foreign(first) : NULL;

	if (loader_elf_is(first))
		foreign = "an ELF; give that";
	if (loader_head_has(first, 0, LOADER_GZIP_MAGIC, 2))
		foreign = file->head.bytes[UIMAGE_COMPRESSION] == COMPRESSION_GZIP ?
				  "gzip'd twice; unpack it once with gzip -d" :
				  "gzip'd; make it by mkimage with -C gzip";
	return foreign ? loader_file_fail(file, -ENOEXEC, "is a uImage of a file that is %s",
					  foreign) :
			 0;
}

static int check_contents(struct loader_file *file)
{
	u64 offset = UIMAGE_HEADER, left = field(&file->head, UIMAGE_SIZE);
	u8 part[64 * KiB];
	uLong crc = 0;

	while (left) {
		u64 size = MIN(left, sizeof(part));
		int code = loader_file_read(file, part, offset, size);

		if (code)
			return code;
		crc = crc32(crc, part, (uInt)size);
		offset += size;
		left -= size;
	}
	if (crc == field(&file->head, UIMAGE_CRC))
		return 0;
	return loader_file_fail(file, -EBADMSG,
				"has damaged contents (their checksum is 0x%08lx, not 0x%08x); "
				"fetch or build it again",
				crc, field(&file->head, UIMAGE_CRC));
}

static int open_contents(struct loader_stream *stream, struct loader_file *file)
{
	return loader_stream_open(stream, file, UIMAGE_HEADER, field(&file->head, UIMAGE_SIZE),
				  file->head.bytes[UIMAGE_COMPRESSION] == COMPRESSION_GZIP);
}

/* Counts the bytes to which the contents unpack, and keeps the first of them. */
static int count_unpacked(struct loader_file *file, struct loader_head *first, u64 *size)
{
	struct loader_stream stream;
	u8 part[64 * KiB];
	u64 got;
	int code = open_contents(&stream, file);

	if (code)
		return code;
	code = loader_stream_read(&stream, first->bytes, sizeof(first->bytes), &got);
	first->size = (unsigned)got;
	*size = got;
	while (!code && got && *size <= LOADER_UNPACKED_MAX) {
		code = loader_stream_read(&stream, part, sizeof(part), &got);
		*size += got;
	}
	loader_stream_close(&stream);
	if (!code && *size > LOADER_UNPACKED_MAX)
		return loader_file_fail(file, -EFBIG,
					"unpacks to more than %llu MiB; give a smaller one",
					LOADER_UNPACKED_MAX / MiB);
	return code;
}

static int unpack(struct loader *loader, struct loader_file *file, u64 addr, u64 size)
{
	struct loader_stream stream;
	u64 done;
	int code = open_contents(&stream, file);

	if (code)
		return code;
	code = loader_copy_stream(loader, &stream, addr, size, &done);
	if (!code && done != size)
		code = loader_file_fail(file, -EIO, "changed while it was read");
	loader_stream_close(&stream);
	return code;
}

static int load_contents(struct loader *loader, struct loader_file *file,
			 struct loader_image *image)
{
	u64 load = field(&file->head, UIMAGE_LOAD), entry = field(&file->head, UIMAGE_ENTRY);
	struct loader_head first;
	u64 size, whole;
	int code = count_unpacked(file, &first, &size);

	if (!code)
		code = check_first(file, &first);
	if (!code)
		code = loader_image_whole_size(file, &first, size, &whole);
	if (code)
		return code;
	if (!range_within(entry, 1, load, size))
		return loader_file_fail(file, -ENOEXEC,
					"has its entry point, 0x%llx, outside of its %llu bytes at "
					"0x%llx; build it again with mkimage -e",
					entry, size, load);
	code = loader_claim(loader, file, load, whole);
	if (code)
		return code;
	*image = (struct loader_image){ load, load + whole, entry };
	return unpack(loader, file, load, size);
}

int loader_uimage_load(struct loader *loader, struct loader_file *file, struct loader_image *image)
{
	int code = check_header(file, TYPE_KERNEL);

	if (!code)
		code = check_compression(file);
	if (!code)
		code = check_contents(file);
	return code ? code : load_contents(loader, file, image);
}

int loader_uimage_ramdisk(struct loader_file *file)
{
	u64 size = field(&file->head, UIMAGE_SIZE);
	int code = check_header(file, TYPE_RAMDISK);

	if (!code)
		code = check_contents(file);
	if (!code && !size)
		code = loader_file_fail(file, -ENODATA,
					"is a uImage of an empty file; make it "
					"again");
	return code ? code : loader_file_narrow(file, UIMAGE_HEADER, size);
}
