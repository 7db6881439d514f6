/* SPDX-License-Identifier: MIT */
/*
 * Loads the images from which a machine starts: decides which kinds of file each option accepts,
 * and where they are placed. The formats are in loader_elf.c, loader_image.c and loader_hex.c, the
 * device tree in loader_dtb.c, and the initrd in loader_initrd.c.
 */
#include "devices/boot/loader.h"

#include "devices/boot/loader_elf.h"
#include "devices/boot/loader_hex.h"
#include "devices/boot/loader_image.h"
#include "devices/boot/loader_stream.h"
#include "devices/boot/loader_uimage.h"

#include <errno.h>
#include <string.h>

void loader_init(struct loader *loader, struct bus *bus, u64 ram_base, u64 ram_size)
{
	*loader = (struct loader){ .bus = bus, .ram_base = ram_base, .ram_size = ram_size };
}

/* Loads the file's bytes unchanged. */
static int load_flat(struct loader *loader, struct loader_file *file, u64 addr,
		     struct loader_image *image)
{
	int code = loader_claim(loader, file, addr, file->size);

	if (code)
		return code;
	*image = (struct loader_image){ addr, addr + file->size, addr };
	return loader_copy(loader, file, 0, addr, file->size);
}

static int load_firmware(struct loader *loader, struct loader_file *file,
			 struct loader_image *image)
{
	const char *foreign = loader_head_foreign(&file->head);

	if (loader_elf_is(&file->head))
		return loader_elf_load(loader, file, loader->ram_base, image);
	if (loader_hex_is(&file->head))
		return loader_hex_load(loader, file, image);
	if (!foreign && loader_head_is_text(&file->head))
		foreign = "text and no firmware (ELF, Intel HEX, raw code)";
	if (loader_head_has(&file->head, 0, "\x1f\x8b", 2))
		foreign = "gzip'd; unpack it with gzip -d";
	if (foreign)
		return loader_file_fail(file, -ENOEXEC, "is %s", foreign);
	return load_flat(loader, file, loader->ram_base, image);
}

int loader_firmware(struct loader *loader, const char *name, struct loader_image *image)
{
	struct loader_file file;
	int code = loader_file_open(&file, LOADER_FIRMWARE, name, loader->error);

	if (code)
		return code;
	code = load_firmware(loader, &file, image);
	loader_file_close(&file);
	return code;
}

int loader_firmware_memory(struct loader *loader, const char *name, const void *data, u64 size,
			   struct loader_image *image)
{
	struct loader_file file = { .what = LOADER_FIRMWARE, .name = name, .error = loader->error };
	u64 done = 0;
	int code = loader_claim(loader, &file, loader->ram_base, size);

	if (code)
		return code;
	while (done < size) {
		u64 part = size - done;
		u8 *to = loader_window(loader, loader->ram_base + done, &part);

		memcpy(to, (const u8 *)data + done, part);
		done += part;
	}
	*image = (struct loader_image){ loader->ram_base, loader->ram_base + size,
					loader->ram_base };
	return 0;
}

int loader_kernel(struct loader *loader, const char *name, u64 firmware_end,
		  struct loader_image *image)
{
	u64 home = align_up(firmware_end, LOADER_ALIGN);
	struct loader_file file;
	int code = loader_file_open(&file, "kernel", name, loader->error);

	if (code)
		return code;
	if (loader_elf_is(&file.head))
		code = loader_elf_load(loader, &file, home, image);
	else if (loader_hex_is(&file.head))
		code = loader_hex_load(loader, &file, image);
	else if (loader_uimage_is(&file.head))
		code = loader_uimage_load(loader, &file, image);
	else if (loader_image_is_raw(&file.head))
		code = load_flat(loader, &file, home, image);
	else
		code = loader_image_load(loader, &file, firmware_end, image);
	loader_file_close(&file);
	return code;
}

int loader_program(struct loader *loader, const char *name, struct loader_image *image)
{
	struct loader_file file;
	int code = loader_file_open(&file, "program", name, loader->error);

	if (code)
		return code;
	if (loader_elf_is(&file.head))
		code = loader_elf_load(loader, &file, LOADER_NO_HOME, image);
	else
		code = loader_file_fail(
			&file, -ENOEXEC,
			"is not an ELF; kernels go in by -kernel, a program that is "
			"raw code or Intel HEX by -bios, disks by "
			"-drive file=FILE, raw data by "
			"-device loader,file=FILE,addr=ADDRESS");
	loader_file_close(&file);
	return code;
}

/* Opens an ELF that is not loaded. Returns 0, or -errno with nothing left to close. */
static int open_elf(struct loader_file *file, const char *name, struct board_error *error)
{
	int code = loader_file_open(file, "symbols", name, error);

	if (code)
		return code;
	if (loader_head_has(&file->head, 0, LOADER_GZIP_MAGIC, 2))
		code = loader_stream_unpack(file);
	if (!code && !loader_elf_is(&file->head))
		code = loader_file_fail(file, -ENOEXEC, "is not an ELF, so it has no symbols");
	if (code)
		loader_file_close(file);
	return code;
}

int loader_symbols(struct loader *loader, const struct board_symbols *symbols, u64 home)
{
	struct loader_file file;
	int code = open_elf(&file, symbols->file, loader->error);

	if (code)
		return code;
	code = loader_elf_symbols(loader, &file, home, symbols);
	loader_file_close(&file);
	return code;
}

int loader_open_elf(const char *name, struct board_error *error, u64 *size)
{
	struct loader_file file;
	int code = open_elf(&file, name, error);

	*size = file.size;
	return code ? code : file.fd;
}

int loader_raw(struct loader *loader, const struct board_load *load, u64 *entry)
{
	struct loader_image image = { 0 };
	struct loader_file file;
	const char *foreign;
	int code = loader_file_open(&file, "loader file", load->file, loader->error);

	if (code)
		return code;
	foreign = loader_head_foreign(&file.head);
	if (loader_elf_is(&file.head) && !load->raw)
		code = loader_elf_load(loader, &file, LOADER_NO_HOME, entry ? &image : NULL);
	else if (loader_hex_is(&file.head) && !load->raw)
		code = loader_hex_load(loader, &file, entry ? &image : NULL);
	else if (loader_uimage_is_kernel(&file.head) && !load->raw)
		code = loader_uimage_load(loader, &file, &image);
	else if (load->has_addr)
		code = load_flat(loader, &file, load->addr, &image);
	else
		code = loader_file_fail(&file, -EINVAL, "is %s",
					foreign ? foreign :
						  "no ELF or Intel HEX, and has no address; add "
						  "addr=ADDRESS");
	loader_file_close(&file);
	if (entry)
		*entry = image.entry;
	return code;
}
