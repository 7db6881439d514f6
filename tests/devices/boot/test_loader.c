/* SPDX-License-Identifier: MIT */
/*
 * Tests the loader with good files: where everything is placed, the bytes written there, the
 * properties in the device tree, and that images never overlap.
 */
#include "tests/cmocka.h"

#include "loader_fixture.h"

#include <elf.h>
#include <errno.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#define KERNEL 0x80200000ull

static struct sample sample;

static const char *loader_make(struct fixture *f, enum sample_kind kind)
{
	sample_make(&sample, kind);
	return fixture_file(f, sample.data, sample.size);
}

static void assert_loaded(struct fixture *f, int code)
{
	if (code)
		print_error("%s\n", f->error.text);
	assert_int_equal(code, 0);
}

static void check_elf(struct fixture *f, u64 base)
{
	assert_int_equal(fixture_load(f, base, 1), 0x11);
	assert_int_equal(fixture_load(f, base + 0xff, 1), 0x11);
	assert_int_equal(fixture_load(f, base + 0x100, 8), 0);
	assert_int_equal(fixture_load(f, base + 0x2000, 8), 0x2222222222222222);
	assert_int_equal(fixture_load(f, base + 0x2080, 8), 0);
}

static void test_program(void **state)
{
	struct fixture *f = *state;
	struct loader_image image;
	u64 addr;

	fixture_restart(f);
	/* Memory keeps its contents when the machine is reset. */
	memset(f->ram.host + (ELF_SEGMENT0 - RAM_BASE), 0x5a, 0x200);
	assert_loaded(f, loader_program(&f->loader, loader_make(f, SAMPLE_ELF), &image));
	assert_int_equal(image.base, ELF_SEGMENT0);
	assert_int_equal(image.end, ELF_SEGMENT1 + 0x80);
	assert_int_equal(image.entry, ELF_ENTRY);
	check_elf(f, ELF_SEGMENT0);
	assert_true(symbols_find(&f->symbols, "tohost", &addr));
	assert_int_equal(addr, ELF_SEGMENT1);
}

/*
 * A segment without bytes in the file is valid if another one has the code. Its memory is not
 * changed, as a .noinit section requires.
 */
static void test_zeros_beside_code(void **state)
{
	const size_t filesz =
		sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr) + offsetof(Elf64_Phdr, p_filesz);
	struct fixture *f = *state;
	struct loader_image image;

	fixture_restart(f);
	sample_make(&sample, SAMPLE_ELF);
	memset(&sample.data[filesz], 0, sizeof(u64));
	fixture_file(f, sample.data, sample.size);
	assert_loaded(f, loader_program(&f->loader, f->path, &image));
	assert_int_equal(image.entry, ELF_ENTRY);
	assert_int_equal(fixture_load(f, ELF_SEGMENT1, 8), 0);
	memset(f->ram.host + (ELF_SEGMENT1 - RAM_BASE), 0x5a, 8);
	loader_init(&f->loader, &f->platform.bus, RAM_BASE, RAM_SIZE);
	f->loader.error = &f->error;
	assert_loaded(f, loader_program(&f->loader, f->path, &image));
	assert_int_equal(fixture_load(f, ELF_SEGMENT1, 8), 0x5a5a5a5a5a5a5a5a);
}

/*
 * Linkers let the physical addresses of .bss overlap those of other sections, and give all sections
 * without bytes after .data the same address.
 */
static void test_zeros_that_overlap(void **state)
{
	const size_t first = sizeof(Elf64_Ehdr), second = first + sizeof(Elf64_Phdr);
	struct fixture *f = *state;
	Elf64_Phdr code, data, swapped;
	struct loader_image image;

	sample_make(&sample, SAMPLE_ELF);
	memcpy(&code, &sample.data[first], sizeof(code));
	memcpy(&data, &sample.data[second], sizeof(data));
	code.p_memsz = ELF_SEGMENT1 - ELF_SEGMENT0 + 0x1000;
	for (unsigned order = 0; order < 2; order++) {
		memcpy(&sample.data[first], &data, sizeof(data));
		memcpy(&sample.data[second], &code, sizeof(code));
		fixture_restart(f);
		memset(f->ram.host, 0x5a, 0x4000);
		fixture_file(f, sample.data, sample.size);
		assert_loaded(f, loader_program(&f->loader, f->path, &image));
		check_elf(f, ELF_SEGMENT0);
		assert_int_equal(fixture_load(f, ELF_SEGMENT1 + 0xff8, 8), 0);
		assert_int_equal(fixture_load(f, ELF_SEGMENT1 + 0x1000, 1), 0x5a);
		assert_int_equal(image.end, ELF_SEGMENT1 + 0x1000);
		swapped = code;
		code = data;
		data = swapped;
	}
	/* Both segments begin where the bytes end. */
	code.p_paddr = data.p_paddr = ELF_SEGMENT0;
	code.p_filesz = 0;
	memcpy(&sample.data[first], &data, sizeof(data));
	memcpy(&sample.data[second], &code, sizeof(code));
	fixture_restart(f);
	fixture_file(f, sample.data, sample.size);
	assert_loaded(f, loader_program(&f->loader, f->path, &image));
	assert_int_equal(fixture_load(f, ELF_SEGMENT0 + 0x7f, 1), 0x22);
}

/* Makes an ELF whose headers are in the page below the code, where a linker puts them. */
static void make_headers_below(struct fixture *f, u64 base, u8 system)
{
	Elf64_Ehdr header;
	Elf64_Phdr code;
	Elf64_Shdr section;

	sample_make(&sample, SAMPLE_ELF);
	memcpy(&header, sample.data, sizeof(header));
	header.e_ident[EI_OSABI] = system;
	memcpy(sample.data, &header, sizeof(header));
	memcpy(&code, &sample.data[header.e_phoff], sizeof(code));
	code.p_filesz += code.p_offset;
	code.p_memsz += code.p_offset;
	code.p_vaddr = code.p_paddr = base - code.p_offset;
	code.p_offset = 0;
	memcpy(&sample.data[header.e_phoff], &code, sizeof(code));
	/* The first section in memory determines where the headers end. */
	memcpy(&section, &sample.data[header.e_shoff + sizeof(section)], sizeof(section));
	section.sh_flags |= SHF_ALLOC;
	section.sh_addr = base;
	memcpy(&sample.data[header.e_shoff + sizeof(section)], &section, sizeof(section));
	fixture_restart(f);
	fixture_file(f, sample.data, sample.size);
}

/*
 * A linker gives a program with IFUNCs GNU's EI_OSABI, which is also that of Linux. That alone does
 * not make it a program for Linux.
 */
static void test_headers_below_ram(void **state)
{
	struct fixture *f = *state;
	struct loader_image image;

	make_headers_below(f, ELF_SEGMENT0, ELFOSABI_GNU);
	assert_loaded(f, loader_program(&f->loader, f->path, &image));
	assert_int_equal(image.base, ELF_SEGMENT0);
	assert_int_equal(image.entry, ELF_ENTRY);
	check_elf(f, ELF_SEGMENT0);
}

/*
 * A linker puts the note of a build ID, with the file's headers, into a segment at its own default
 * address. It is left out, while anything else at such an address is refused.
 */
static void test_notes_below_ram(void **state)
{
	static const u32 types[] = { SHT_NOTE, SHT_PROGBITS, SHT_NOBITS };
	struct fixture *f = *state;
	struct loader_image image;

	for (unsigned n = 0; n < ARRAY_SIZE(types); n++) {
		Elf64_Phdr notes = { PT_LOAD, PF_R, 0, 0x10000, 0x10000, 0x7c, 0x7c, 0x1000 };
		Elf64_Shdr section = { 0, types[n], SHF_ALLOC, 0x10058, 0x58, 0x24, 0, 0, 4, 0 };
		Elf64_Ehdr header;

		sample_make(&sample, SAMPLE_ELF);
		memcpy(&header, sample.data, sizeof(header));
		memcpy(&sample.data[header.e_phoff + sizeof(notes)], &notes, sizeof(notes));
		memcpy(&sample.data[header.e_shoff + 4 * sizeof(section)], &section,
		       sizeof(section));
		fixture_restart(f);
		fixture_file(f, sample.data, sample.size);
		assert_int_equal(loader_program(&f->loader, f->path, &image),
				 types[n] == SHT_NOTE ? 0 : -EFAULT);
		if (types[n] == SHT_NOTE) {
			assert_int_equal(image.base, ELF_SEGMENT0);
			assert_int_equal(image.end, ELF_SEGMENT0 + 0x200);
		}
	}
}

/* The message for a program in flash is the one that helps, and names no address below flash. */
static void test_headers_below_flash(void **state)
{
	struct fixture *f = *state;
	struct loader_image image;

	make_headers_below(f, 0x20000000, ELFOSABI_NONE);
	f->loader.flash_base = 0x20000000;
	f->loader.flash_size = 64 * MiB;
	assert_int_equal(loader_program(&f->loader, f->path, &image), -EFAULT);
	assert_non_null(strstr(f->error.text, ": 0x20000000 to 0x200001ff is in flash; "));
}

static void test_vmlinux_is_moved_and_entered_physically(void **state)
{
	struct fixture *f = *state;
	struct loader_image image;
	char text[32];
	u64 addr;

	fixture_restart(f);
	assert_loaded(f, loader_kernel(&f->loader, loader_make(f, SAMPLE_VMLINUX),
				       RAM_BASE + 0x21000, &image));
	assert_int_equal(image.base, KERNEL);
	assert_int_equal(image.entry, KERNEL + 0x10);
	check_elf(f, KERNEL);
	assert_true(symbols_find(&f->symbols, "main", &addr));
	assert_int_equal(addr, KERNEL + 0x40);
	assert_true(symbols_name(&f->symbols, KERNEL + 0x42, text, sizeof(text)));
	assert_string_equal(text, "main+0x2");
	assert_true(symbols_name(&f->symbols, SAMPLE_VIRTUAL + 0x42, text, sizeof(text)));
	assert_string_equal(text, "main+0x2");
	/* As a bare-metal program the same file cannot be placed. */
	fixture_restart(f);
	assert_int_not_equal(loader_program(&f->loader, f->path, &image), 0);
}

static void test_firmware(void **state)
{
	struct fixture *f = *state;
	struct loader_image image;
	u8 flat[5000];

	fixture_restart(f);
	assert_loaded(f, loader_firmware(&f->loader, loader_make(f, SAMPLE_ELF), &image));
	assert_int_equal(image.entry, ELF_ENTRY);
	check_elf(f, RAM_BASE);

	/* Position-independent firmware is linked from 0. */
	fixture_restart(f);
	assert_loaded(f, loader_firmware(&f->loader, loader_make(f, SAMPLE_VMLINUX), &image));
	assert_int_equal(image.entry, RAM_BASE + 0x10);
	check_elf(f, RAM_BASE);

	memset(flat, 0x13, sizeof(flat));
	fixture_restart(f);
	assert_loaded(f, loader_firmware(&f->loader, fixture_file(f, flat, sizeof(flat)), &image));
	assert_int_equal(image.base, RAM_BASE);
	assert_int_equal(image.entry, RAM_BASE);
	assert_int_equal(image.end, RAM_BASE + 5000);
	assert_int_equal(fixture_load(f, RAM_BASE + 4999, 1), 0x13);
	assert_int_equal(fixture_load(f, RAM_BASE + 5000, 1), 0);

	fixture_restart(f);
	assert_loaded(f, loader_firmware_memory(&f->loader, "built-in", flat, 4000, &image));
	assert_int_equal(image.end, RAM_BASE + 4000);
	assert_int_equal(fixture_load(f, RAM_BASE + 3999, 1), 0x13);
	assert_int_equal(fixture_load(f, RAM_BASE + 4000, 1), 0);
}

static void test_image_in_all_wrappings(void **state)
{
	static const enum sample_kind kinds[] = {SAMPLE_IMAGE, SAMPLE_EFI_IMAGE, SAMPLE_GZIP,
						 SAMPLE_ZBOOT};
	struct fixture *f = *state;
	struct loader_image image;

	for (unsigned i = 0; i < ARRAY_SIZE(kinds); i++) {
		fixture_restart(f);
		assert_loaded(f, loader_kernel(&f->loader, loader_make(f, kinds[i]),
					       RAM_BASE + 0x21000, &image));
		assert_int_equal(image.base, KERNEL);
		assert_int_equal(image.entry, KERNEL);
		assert_int_equal(image.end, KERNEL + IMAGE_MEMORY_SIZE);
		assert_int_equal(fixture_load(f, KERNEL + 48, 4), 0x43534952);
		assert_int_equal(fixture_load(f, KERNEL + IMAGE_FILE_SIZE - 1, 1), IMAGE_LAST_BYTE);
		assert_int_equal(fixture_load(f, KERNEL + IMAGE_FILE_SIZE, 8), 0);
	}
}

static void test_kernel_goes_behind_firmware_and_text_offset(void **state)
{
	struct fixture *f = *state;
	struct loader_image image;

	fixture_restart(f);
	assert_loaded(f,
		      loader_kernel(&f->loader, loader_make(f, SAMPLE_IMAGE), KERNEL + 1, &image));
	assert_int_equal(image.base, KERNEL + 2 * MiB);

	fixture_restart(f);
	sample_make(&sample, SAMPLE_IMAGE);
	memset(sample.data + 8, 0, 8); /* text_offset 0: an M-mode kernel */
	fixture_file(f, sample.data, sample.size);
	assert_loaded(f, loader_kernel(&f->loader, f->path, RAM_BASE, &image));
	assert_int_equal(image.base, RAM_BASE);
}

/* A file like u-boot.bin; QEMU puts it at the same addresses. */
static void test_kernel_without_header(void **state)
{
	struct fixture *f = *state;
	struct loader_image image;
	u8 flat[5000];

	memset(flat, 0x13, sizeof(flat));
	fixture_file(f, flat, sizeof(flat));
	fixture_restart(f);
	assert_loaded(f, loader_kernel(&f->loader, f->path, RAM_BASE + 0x21000, &image));
	assert_int_equal(image.base, KERNEL);
	assert_int_equal(image.entry, KERNEL);
	assert_int_equal(image.end, KERNEL + sizeof(flat));
	assert_int_equal(fixture_load(f, image.end - 1, 1), 0x13);
	assert_int_equal(fixture_load(f, image.end, 1), 0);

	fixture_restart(f);
	assert_loaded(f, loader_kernel(&f->loader, f->path, RAM_BASE, &image));
	assert_int_equal(image.entry, RAM_BASE);
}

static void check_hex(struct fixture *f)
{
	assert_int_equal(fixture_load(f, HEX_DATA, 8), 0x1111111111111111);
	assert_int_equal(fixture_load(f, HEX_DATA + 12, 8), 0x2222222211111111);
	assert_int_equal(fixture_load(f, HEX_DATA + 28, 8), 0x22222222);
	assert_int_equal(fixture_load(f, HEX_APART - 4, 8), 0x3333333300000000);
	assert_int_equal(fixture_load(f, HEX_APART + 4, 4), 0);
}

static void test_intel_hex(void **state)
{
	struct fixture *f = *state;
	struct board_load raw = { .file = f->path };
	struct loader_image image;
	u64 entry;

	loader_make(f, SAMPLE_HEX);
	for (unsigned option = 0; option < 2; option++) {
		fixture_restart(f);
		assert_loaded(f, option ? loader_firmware(&f->loader, f->path, &image) :
					  loader_kernel(&f->loader, f->path, RAM_BASE, &image));
		assert_int_equal(image.base, HEX_DATA);
		assert_int_equal(image.end, HEX_APART + 4);
		assert_int_equal(image.entry, HEX_ENTRY);
		assert_int_equal(f->loader.count, 2);
		check_hex(f);
	}
	fixture_restart(f);
	assert_loaded(f, loader_raw(&f->loader, &raw, &entry));
	assert_int_equal(entry, HEX_ENTRY);
	check_hex(f);
	/* As raw data the file is loaded unchanged. */
	fixture_restart(f);
	raw.raw = raw.has_addr = true;
	raw.addr = RAM_BASE;
	assert_loaded(f, loader_raw(&f->loader, &raw, NULL));
	assert_int_equal(fixture_load(f, RAM_BASE, 1), ':');
}

static void test_signed_image_keeps_its_tail(void **state)
{
	struct fixture *f = *state;
	struct loader_image image;

	fixture_restart(f);
	sample_make(&sample, SAMPLE_EFI_IMAGE);
	memset(sample.data + sample.size, 0x77, 0xe000);
	sample.size += 0xe000;
	fixture_file(f, sample.data, sample.size);
	assert_loaded(f, loader_kernel(&f->loader, f->path, RAM_BASE, &image));
	assert_int_equal(image.end, KERNEL + sample.size);
	assert_int_equal(fixture_load(f, image.end - 1, 1), 0x77);
}

static void test_raw(void **state)
{
	struct fixture *f = *state;
	struct board_load load = { .file = f->path };

	loader_make(f, SAMPLE_ELF);
	fixture_restart(f);
	assert_loaded(f, loader_raw(&f->loader, &load, NULL));
	check_elf(f, ELF_SEGMENT0);

	fixture_restart(f);
	load = (struct board_load){
		.file = f->path, .addr = 0x81000001, .has_addr = true, .raw = true};
	assert_loaded(f, loader_raw(&f->loader, &load, NULL));
	assert_int_equal(fixture_load(f, 0x81000001, 4), 0x464c457f);

	/* The file ends at the last byte of RAM. */
	fixture_file(f, "abcdefgh", 8);
	load.addr = RAM_BASE + RAM_SIZE - 8;
	assert_loaded(f, loader_raw(&f->loader, &load, NULL));
	assert_int_equal(fixture_load(f, load.addr, 8), 0x6867666564636261);
}

static void test_boot_layout(void **state)
{
	struct fixture *f = *state;
	struct loader_image kernel, initrd;
	struct loader_dtb dtb;
	const void *value;
	int node, len;

	fixture_restart(f);
	assert_loaded(f,
		      loader_kernel(&f->loader, loader_make(f, SAMPLE_IMAGE), RAM_BASE, &kernel));
	assert_loaded(f, loader_dtb_read(&f->loader, loader_make(f, SAMPLE_DTB), &dtb));
	assert_loaded(f, loader_dtb_place(&f->loader, &dtb, "console=ttyS0 root=/dev/vda"));
	assert_int_equal(dtb.addr, RAM_BASE + RAM_SIZE - 2 * MiB);
	assert_loaded(f, fixture_initrd(f, loader_make(f, SAMPLE_CPIO_GZIP), &kernel, &initrd));
	assert_int_equal(initrd.base, KERNEL + RAM_SIZE / 2);
	assert_int_equal(initrd.end, initrd.base + sample.size);
	assert_memory_equal(f->ram.host + initrd.base - RAM_BASE, sample.data, sample.size);
	assert_loaded(f, loader_dtb_finish(&f->loader, &dtb, &initrd));

	assert_memory_equal(f->ram.host + dtb.addr - RAM_BASE, dtb.blob, dtb.size);
	assert_int_equal(fdt_check_full(dtb.blob, dtb.size), 0);
	/* U-Boot adds this much (CONFIG_SYS_FDT_PAD) to a tree that it uses in place. */
	assert_in_range(fdt_off_dt_strings(dtb.blob) + fdt_size_dt_strings(dtb.blob) + 0x3000, 1,
			fdt_totalsize(dtb.blob));
	node = fdt_path_offset(dtb.blob, "/chosen");
	assert_true(node > 0);
	value = fdt_getprop(dtb.blob, node, "bootargs", &len);
	assert_string_equal(value, "console=ttyS0 root=/dev/vda");
	value = fdt_getprop(dtb.blob, node, "linux,initrd-start", &len);
	assert_int_equal(len, 8);
	assert_int_equal(fdt64_ld(value), initrd.base);
	value = fdt_getprop(dtb.blob, node, "linux,initrd-end", &len);
	assert_int_equal(fdt64_ld(value), initrd.end);
	assert_string_equal(fdt_getprop(dtb.blob, 0, "compatible", &len), "riscv-virtio");
	free(dtb.blob);
}

/* -dtb without -append and -initrd passes the tree on unchanged, except for an empty /chosen. */
static void test_dtb_untouched(void **state)
{
	struct fixture *f = *state;
	struct loader_dtb dtb;
	int node;

	fixture_restart(f);
	assert_loaded(f, loader_dtb_read(&f->loader, loader_make(f, SAMPLE_DTB), &dtb));
	assert_loaded(f, loader_dtb_place(&f->loader, &dtb, NULL));
	assert_loaded(f, loader_dtb_finish(&f->loader, &dtb, NULL));
	node = fdt_path_offset(dtb.blob, "/chosen");
	assert_true(node > 0);
	assert_true(fdt_first_property_offset(dtb.blob, node) < 0);
	free(dtb.blob);
}

/* If the usual place is occupied, another one is found; no image is ever overwritten. */
static void test_initrd_and_dtb_avoid_other_images(void **state)
{
	struct fixture *f = *state;
	struct loader_image kernel = { KERNEL, KERNEL + IMAGE_MEMORY_SIZE, KERNEL }, initrd;
	struct board_load load = { .file = f->path, .has_addr = true, .raw = true };
	struct loader_dtb dtb;

	fixture_restart(f);
	fixture_file(f, "12345678", 8);
	load.addr = RAM_BASE + RAM_SIZE - 8;
	assert_loaded(f, loader_raw(&f->loader, &load, NULL));
	load.addr = KERNEL + RAM_SIZE / 2 + 4096;
	assert_loaded(f, loader_raw(&f->loader, &load, NULL));

	assert_loaded(f, loader_dtb_read(&f->loader, loader_make(f, SAMPLE_DTB), &dtb));
	assert_loaded(f, loader_dtb_place(&f->loader, &dtb, NULL));
	/* The last 2 MiB still have room below the 8 bytes at their end. */
	assert_int_equal(dtb.addr, RAM_BASE + RAM_SIZE - 2 * MiB);
	free(dtb.blob);

	memset(sample.data, 0x99, 8192);
	fixture_file(f, sample.data, 8192);
	assert_loaded(f, fixture_initrd(f, f->path, &kernel, &initrd));
	assert_int_equal(initrd.base, KERNEL + RAM_SIZE / 2 + 8192);
}

static void test_largest_gap(void **state)
{
	struct fixture *f = *state;
	struct board_load load = { .file = f->path, .has_addr = true, .raw = true };
	u64 base, end;

	fixture_restart(f);
	loader_largest_gap(&f->loader, &base, &end);
	assert_int_equal(base, RAM_BASE);
	assert_int_equal(end, RAM_BASE + RAM_SIZE);
	fixture_file(f, "12345678", 8);
	load.addr = RAM_BASE + 40 * MiB;
	assert_loaded(f, loader_raw(&f->loader, &load, NULL));
	loader_largest_gap(&f->loader, &base, &end);
	assert_int_equal(base, RAM_BASE);
	assert_int_equal(end, RAM_BASE + 40 * MiB);
	load.addr = RAM_BASE;
	assert_loaded(f, loader_raw(&f->loader, &load, NULL));
	load.addr = RAM_BASE + 15 * MiB;
	assert_loaded(f, loader_raw(&f->loader, &load, NULL));
	loader_largest_gap(&f->loader, &base, &end);
	assert_int_equal(base, RAM_BASE + 15 * MiB + 8);
	assert_int_equal(end, RAM_BASE + 40 * MiB);
	load.addr = RAM_BASE + 15 * MiB + 8;
	assert_loaded(f, loader_raw(&f->loader, &load, NULL));
	loader_largest_gap(&f->loader, &base, &end);
	assert_int_equal(base, RAM_BASE + 15 * MiB + 16);
}

/* An initrd that is too large for the upper half of RAM is placed directly after the kernel. */
static void test_large_initrd(void **state)
{
	struct fixture *f = *state;
	struct loader_image kernel = { KERNEL, KERNEL + IMAGE_MEMORY_SIZE, KERNEL }, initrd;
	u64 size = 40 * MiB;
	u8 *data = malloc(size);

	fixture_restart(f);
	memset(data, 0x99, size);
	fixture_file(f, data, size);
	free(data);
	assert_loaded(f, fixture_initrd(f, f->path, &kernel, &initrd));
	assert_int_equal(initrd.base, kernel.end);
	assert_int_equal(fixture_load(f, initrd.end - 1, 1), 0x99);
	assert_int_equal(fixture_load(f, initrd.end, 1), 0);
}

static void test_initrd_formats(void **state)
{
	static struct sample other;
	struct fixture *f = *state;
	struct loader_image kernel = { KERNEL, KERNEL + IMAGE_MEMORY_SIZE, KERNEL }, initrd;

	fixture_restart(f);
	assert_loaded(f, fixture_initrd(f, loader_make(f, SAMPLE_CPIO), &kernel, &initrd));

	/*
	 * An initrd of the form that distributions use: a plain archive, zeros, a compressed one.
	 */
	fixture_restart(f);
	sample_make(&sample, SAMPLE_CPIO);
	sample_make(&other, SAMPLE_CPIO_GZIP);
	memcpy(sample.data + sample.size, other.data, other.size);
	fixture_file(f, sample.data, sample.size + other.size);
	assert_loaded(f, fixture_initrd(f, f->path, &kernel, &initrd));
	/* Damage in the second part is detected. */
	fixture_restart(f);
	fixture_file(f, sample.data, sample.size + other.size - 5);
	assert_int_not_equal(fixture_initrd(f, f->path, &kernel, &initrd), 0);
	assert_non_null(strstr(f->error.text, "cut off"));

	/* A file system image is left to the kernel to check. */
	fixture_restart(f);
	memset(sample.data, 0, 4096);
	fixture_file(f, sample.data, 4096);
	assert_loaded(f, fixture_initrd(f, f->path, &kernel, &initrd));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_program),
		cmocka_unit_test(test_zeros_beside_code),
		cmocka_unit_test(test_zeros_that_overlap),
		cmocka_unit_test(test_headers_below_ram),
		cmocka_unit_test(test_notes_below_ram),
		cmocka_unit_test(test_headers_below_flash),
		cmocka_unit_test(test_vmlinux_is_moved_and_entered_physically),
		cmocka_unit_test(test_firmware),
		cmocka_unit_test(test_image_in_all_wrappings),
		cmocka_unit_test(test_kernel_goes_behind_firmware_and_text_offset),
		cmocka_unit_test(test_kernel_without_header),
		cmocka_unit_test(test_intel_hex),
		cmocka_unit_test(test_signed_image_keeps_its_tail),
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_boot_layout),
		cmocka_unit_test(test_dtb_untouched),
		cmocka_unit_test(test_initrd_and_dtb_avoid_other_images),
		cmocka_unit_test(test_largest_gap),
		cmocka_unit_test(test_large_initrd),
		cmocka_unit_test(test_initrd_formats),
	};

	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
