/* SPDX-License-Identifier: MIT */
/*
 * Loads kernels in Linux's Image format. Header fields are those of Linux's
 * Documentation/arch/riscv/boot-image-header.rst. The EFI stub adds PE/COFF headers after them,
 * from which truncation can be detected. The header's image_size includes .bss: the kernel gets
 * that much RAM, and no file may unpack to more.
 */
#include "devices/boot/loader_image.h"

#include "devices/boot/loader_elf.h"
#include "devices/boot/loader_stream.h"
#include "devices/boot/loader_uimage.h"

#include <errno.h>
#include <string.h>

/* Offsets in the Image header. */
enum {
	IMAGE_TEXT_OFFSET = 8,
	IMAGE_SIZE = 16,
	IMAGE_FLAGS = 24,
	IMAGE_VERSION = 32,
	IMAGE_MAGIC = 48,
	IMAGE_MAGIC2 = 56,
	IMAGE_PE = 60,
	IMAGE_HEADER = 64,
};

#define FLAG_BIG_ENDIAN 1

/* Offsets in PE/COFF headers, counted from the "PE\0\0" signature. */
enum {
	PE_MACHINE = 4,
	PE_SECTIONS = 6,
	PE_OPTIONAL_SIZE = 20,
	PE_HEADER = 24,
	PE_SECTION = 40, /* size of one entry of the section table */
	PE_RAW_SIZE = 16,
	PE_RAW_OFFSET = 20,
};

#define PE_MACHINE_RISCV64 0x5064

/* Offsets in the EFI zboot header (Linux drivers/firmware/efi/libstub/zboot-header.S). */
enum {
	ZBOOT_MAGIC = 4, /* "zimg" */
	ZBOOT_OFFSET = 8,
	ZBOOT_SIZE = 12,
	ZBOOT_COMPRESSION = 24,
};

static bool is_image(const struct loader_head *head)
{
	return loader_head_has(head, IMAGE_MAGIC, "RISCV\0\0", 8) ||
	       loader_head_has(head, IMAGE_MAGIC2, "RSC\x05", 4);
}

static bool is_zboot(const struct loader_head *head)
{
	return loader_head_has(head, 0, "MZ\0\0", 4) &&
	       loader_head_has(head, ZBOOT_MAGIC, "zimg", 4);
}

const char *loader_image_foreign(const struct loader_head *head)
{
	const char *foreign = loader_head_foreign(head);

	if (!foreign && loader_head_has(head, 0, "MZ", 2) &&
	    loader_head_has(head, loader_head_u32(head, IMAGE_PE), "PE\0\0", 4))
		foreign = "an EFI program; put it on a disk that UEFI boots from";
	if (!foreign && loader_head_is_text(head))
		foreign = "text and no riscv64 kernel (ELF, Image, Image.gz, raw code)";
	return foreign;
}

bool loader_image_is_raw(const struct loader_head *head)
{
	return !is_image(head) && !is_zboot(head) && !loader_image_foreign(head) &&
	       !loader_head_has(head, 0, LOADER_GZIP_MAGIC, 2);
}

/*
 * Finds the size of the file according to the PE section table. It is 0 if the kernel has no EFI
 * stub.
 */
static int pe_extent(struct loader_file *file, const struct loader_head *head, u64 *extent)
{
	u64 pe = loader_head_u32(head, IMAGE_PE);
	u64 table = pe + PE_HEADER + loader_head_u16(head, pe + PE_OPTIONAL_SIZE);
	unsigned sections = loader_head_u16(head, pe + PE_SECTIONS);

	*extent = 0;
	if (!loader_head_has(head, 0, "MZ", 2))
		return 0;
	if (!loader_head_has(head, pe, "PE\0\0", 4) ||
	    !range_within(table, (u64)sections * PE_SECTION, 0, head->size))
		return loader_file_fail(file, -ENOEXEC,
					"has damaged EFI (PE) headers; fetch or build it again");
	for (unsigned i = 0; i < sections; i++) {
		u64 section = table + i * PE_SECTION;
		u64 size = loader_head_u32(head, section + PE_RAW_SIZE);

		*extent = MAX(*extent, loader_head_u32(head, section + PE_RAW_OFFSET) + size);
	}
	return 0;
}

static int check_header(struct loader_file *file, const struct loader_head *head)
{
	if (head->size < IMAGE_HEADER)
		return loader_file_fail(file, -ENOEXEC,
					"is cut off in its Image header; fetch or build it again");
	if (!loader_head_has(head, IMAGE_MAGIC2, "RSC\x05", 4))
		return loader_file_fail(file, -ENOEXEC,
					"has magic2 0x%08x in its Image header instead of "
					"0x05435352; fetch or build it again",
					loader_head_u32(head, IMAGE_MAGIC2));
	if (loader_head_u64(head, IMAGE_FLAGS) & FLAG_BIG_ENDIAN)
		return loader_file_fail(file, -ENOEXEC,
					"is a big-endian Image; give a little-endian one");
	if (loader_head_u32(head, IMAGE_VERSION) >> 16 != 0)
		return loader_file_fail(file, -ENOEXEC,
					"has Image header version %u.%u, 0.x is known; fetch or "
					"build it again",
					loader_head_u32(head, IMAGE_VERSION) >> 16,
					loader_head_u32(head, IMAGE_VERSION) & 0xffff);
	if (loader_head_u64(head, IMAGE_SIZE) < IMAGE_HEADER ||
	    loader_head_u64(head, IMAGE_SIZE) > BOARD_RAM_MAX)
		return loader_file_fail(file, -ENOEXEC,
					"has image_size %llu in its Image header; fetch or build "
					"it again",
					loader_head_u64(head, IMAGE_SIZE));
	return 0;
}

int loader_image_whole_size(struct loader_file *file, const struct loader_head *head, u64 size,
			    u64 *whole)
{
	int code = is_image(head) ? check_header(file, head) : 0;

	*whole = is_image(head) ? MAX(loader_head_u64(head, IMAGE_SIZE), size) : size;
	return code;
}

/* Reports what a file without an Image header may be, and what to do about it. */
static int image_refuse(struct loader_file *file, const struct loader_head *head, bool packed)
{
	const char *prefix = packed ? "holds, gzip'd, what is " : "is ";
	const char *foreign = loader_image_foreign(head);

	if (loader_elf_is(head))
		foreign = "an ELF; unpack it with gzip -d";
	if (packed && loader_head_has(head, 0, LOADER_GZIP_MAGIC, 2))
		foreign = "gzip'd again; unpack it with gzip -d";
	if (packed && loader_uimage_is(head))
		foreign = "a uImage; unpack it with gzip -d";
	if (foreign)
		return loader_file_fail(file, -ENOEXEC, "%s%s", prefix, foreign);
	return loader_file_fail(file, -ENOEXEC,
				"%sno riscv64 kernel (ELF, Image, Image.gz); unpack raw code with "
				"gzip -d",
				prefix);
}

/* Claims the kernel's RAM. At entry, image->end is the size; it is replaced by the end. */
static int image_place(struct loader *loader, struct loader_file *file,
		       const struct loader_head *head, u64 firmware_end, struct loader_image *image)
{
	u64 text_offset = loader_head_u64(head, IMAGE_TEXT_OFFSET);
	u64 size = image->end;

	if (text_offset > BOARD_RAM_MAX)
		return loader_file_fail(
			file, -ENOEXEC,
			"has text_offset 0x%llx in its Image header; fetch or build it again",
			text_offset);
	image->base = align_up(MAX(firmware_end, loader->ram_base + text_offset), LOADER_ALIGN);
	image->end = image->base + size;
	image->entry = image->base;
	return loader_claim(loader, file, image->base, size);
}

/*
 * Streams the kernel to its place in memory. Refuses more bytes than the place has. *done is the
 * number of bytes written.
 */
static int image_fill(struct loader *loader, struct loader_stream *stream,
		      const struct loader_head *head, const struct loader_image *image, u64 *done)
{
	u64 part = head->size, room = image->end - image->base, got;
	u8 more;
	int code;

	memcpy(loader_window(loader, image->base, &part), head->bytes, head->size);
	code = loader_copy_stream(loader, stream, image->base + part, room - part, done);
	if (code)
		return code;
	*done += part;
	/* Reading past the end also makes zlib check the trailer of gzip'd data. */
	code = loader_stream_read(stream, &more, 1, &got);
	if (!code && got)
		code = loader_file_fail(
			stream->file, -ENOEXEC,
			"unpacks to more than its image_size of %llu bytes; fetch or "
			"build it again",
			room);
	return code;
}

static int check_machine(struct loader_file *file, const struct loader_head *head)
{
	u64 pe = loader_head_u32(head, IMAGE_PE);

	if (loader_head_has(head, 0, "MZ", 2) &&
	    loader_head_u16(head, pe + PE_MACHINE) != PE_MACHINE_RISCV64)
		return image_refuse(file, head, false);
	return 0;
}

static int load_stream(struct loader *loader, struct loader_stream *stream, u64 firmware_end,
		       struct loader_image *image)
{
	struct loader_file *file = stream->file;
	struct loader_head head;
	u64 got, done, extent;
	int code = loader_stream_read(stream, head.bytes, sizeof(head.bytes), &got);

	if (code)
		return code;
	head.size = (unsigned)got;
	if (!is_image(&head))
		return image_refuse(file, &head, stream->packed);
	code = check_header(file, &head);
	if (!code)
		code = pe_extent(file, &head, &extent);
	if (!code)
		code = check_machine(file, &head);
	if (code)
		return code;
	/*
	 * A signed kernel has bytes after its image, so the file's size counts; the size of a
	 * gzip'd file is meaningless.
	 */
	image->end = MAX(loader_head_u64(&head, IMAGE_SIZE), stream->packed ? got : file->size);
	code = image_place(loader, file, &head, firmware_end, image);
	if (!code)
		code = image_fill(loader, stream, &head, image, &done);
	if (!code && done < extent)
		code = loader_file_fail(file, -ENOEXEC,
					"is cut off: has %llu of %llu bytes; fetch it again", done,
					extent);
	return code;
}

/*
 * Finds the part of the file that is the kernel: the whole file, or the payload that a zboot header
 * describes.
 */
static int find_payload(struct loader_file *file, u64 *offset, u64 *len, bool *packed)
{
	const struct loader_head *head = &file->head;

	*offset = 0;
	*len = file->size;
	*packed = loader_head_has(head, 0, LOADER_GZIP_MAGIC, 2);
	if (!is_zboot(head))
		return 0;
	if (!loader_head_has(head, ZBOOT_COMPRESSION, "gzip", 5))
		return loader_file_fail(file, -ENOEXEC,
					"is an EFI zboot kernel that is not gzip'd; give the Image "
					"inside it");
	*offset = loader_head_u32(head, ZBOOT_OFFSET);
	*len = loader_head_u32(head, ZBOOT_SIZE);
	*packed = true;
	if (!range_within(*offset, *len, 0, file->size))
		return loader_file_fail(file, -ENOEXEC,
					"is cut off: its zboot payload ends at byte %llu of %llu; "
					"fetch it again",
					*offset + *len, file->size);
	return 0;
}

int loader_image_load(struct loader *loader, struct loader_file *file, u64 firmware_end,
		      struct loader_image *image)
{
	struct loader_stream stream;
	u64 offset, len;
	bool packed;
	int code = find_payload(file, &offset, &len, &packed);

	if (code)
		return code;
	code = loader_stream_open(&stream, file, offset, len, packed);
	if (code)
		return code;
	code = load_stream(loader, &stream, firmware_end, image);
	loader_stream_close(&stream);
	return code;
}
