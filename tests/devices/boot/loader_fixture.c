/* SPDX-License-Identifier: MIT */
/*
 * The machine and the sample images of the loader's tests. The samples are written according to the
 * formats' definitions (ELF-64, Linux boot-image-header, PE/COFF, zboot, cpio newc), without the
 * code under test.
 */
#include "loader_fixture.h"

#include <elf.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

/* Ends the program if a step of the test itself fails. */
static void must(bool ok, const char *what)
{
	if (!ok) {
		perror(what);
		abort();
	}
}

void fixture_open(struct fixture *fixture)
{
	struct region region = {
		.name = "ram", .base = RAM_BASE, .size = RAM_SIZE, .ram = &fixture->ram};

	platform_init(&fixture->platform, CLOCK_VIRTUAL, 1);
	must(ram_init(&fixture->ram, RAM_SIZE) == 0, "ram_init");
	must(bus_attach(&fixture->platform.bus, &region) == 0, "bus_attach");
	symbols_init(&fixture->symbols);
	fixture->fd = memfd_create("sample", MFD_CLOEXEC);
	must(fixture->fd >= 0, "memfd_create");
	snprintf(fixture->path, sizeof(fixture->path), "/proc/self/fd/%d", fixture->fd);
	fixture_restart(fixture);
}

void fixture_close(struct fixture *fixture)
{
	symbols_free(&fixture->symbols);
	close(fixture->fd);
	ram_free(&fixture->ram);
	platform_free(&fixture->platform);
}

int fixture_setup(void **state)
{
	static struct fixture fixture;

	fixture_open(&fixture);
	*state = &fixture;
	return 0;
}

int fixture_teardown(void **state)
{
	fixture_close(*state);
	return 0;
}

void fixture_restart(struct fixture *fixture)
{
	ram_clear(&fixture->ram);
	symbols_free(&fixture->symbols);
	fixture->error = (struct board_error){ 0 };
	loader_init(&fixture->loader, &fixture->platform.bus, RAM_BASE, RAM_SIZE);
	fixture->loader.symbols = &fixture->symbols;
	fixture->loader.error = &fixture->error;
}

const char *fixture_file(struct fixture *fixture, const void *data, size_t size)
{
	must(ftruncate(fixture->fd, 0) == 0, "ftruncate");
	must(pwrite(fixture->fd, data, size, 0) == (ssize_t)size, "pwrite");
	return fixture->path;
}

int fixture_initrd(struct fixture *fixture, const char *file, const struct loader_image *kernel,
		   struct loader_image *image)
{
	fixture->loader.initrd = file;
	return loader_initrd(&fixture->loader, kernel, image);
}

u64 fixture_load(struct fixture *fixture, u64 addr, unsigned size)
{
	u64 value = 0;

	must(bus_load(&fixture->platform.bus, addr, size, &value), "bus_load");
	return value;
}

static void sample_put(struct sample *sample, size_t offset, const void *data, size_t size)
{
	must(offset + size <= SAMPLE_MAX, "sample too large");
	memcpy(sample->data + offset, data, size);
	sample->size = MAX(sample->size, offset + size);
}

static void sample_put_number(struct sample *sample, size_t offset, u64 value, unsigned size)
{
	sample_put(sample, offset, &value, size);
}

static void put_fill(struct sample *sample, size_t offset, u8 byte, size_t size)
{
	for (size_t i = 0; i < size; i++)
		sample_put(sample, offset + i, &byte, 1);
}

static Elf64_Sym symbol(u32 name, unsigned bind, unsigned type, u16 section, u64 addr, u64 size)
{
	return (Elf64_Sym){.st_name = name,
			   .st_info = (u8)ELF64_ST_INFO(bind, type),
			   .st_shndx = section,
			   .st_value = addr,
			   .st_size = size};
}

/* Adds .symtab and .strtab after the segments. */
static void put_symbols(struct sample *sample, u64 vaddr)
{
	static const char names[] = "\0_start\0main\0inner\0tohost\0.Lx\0$x\0_start_alias\0limit"
				    "\0text_end\0handler";
	Elf64_Sym symbols[] = {
		{0},
		symbol(1, STB_GLOBAL, STT_FUNC, 1, vaddr + 0x10, 0x20),
		symbol(8, STB_GLOBAL, STT_FUNC, 1, vaddr + 0x40, 0x40),
		symbol(13, STB_LOCAL, STT_NOTYPE, 1, vaddr + 0x50, 0),
		symbol(19, STB_GLOBAL, STT_OBJECT, 4, vaddr + 0x2000, 8),
		symbol(26, STB_LOCAL, STT_NOTYPE, 1, vaddr + 0x54, 0),
		symbol(30, STB_LOCAL, STT_NOTYPE, 1, vaddr + 0x58, 0),
		symbol(33, STB_LOCAL, STT_NOTYPE, 1, vaddr + 0x10, 0),
		symbol(46, STB_GLOBAL, STT_NOTYPE, SHN_ABS, 0x1234, 0),
		symbol(52, STB_GLOBAL, STT_NOTYPE, 1, vaddr + 0x38, 0),
		symbol(61, STB_GLOBAL, STT_NOTYPE, 1, vaddr + 0x38, 8),
	};
	Elf64_Shdr sections[] = {
		{0},
		{.sh_type = SHT_PROGBITS, .sh_offset = 0x1000, .sh_size = 0x100, .sh_addr = vaddr,
		 .sh_flags = SHF_ALLOC | SHF_EXECINSTR},
		{.sh_type = SHT_SYMTAB, .sh_offset = 0x3000, .sh_size = sizeof(symbols),
		 .sh_link = 3, .sh_info = 1, .sh_entsize = sizeof(Elf64_Sym)},
		{.sh_type = SHT_STRTAB, .sh_offset = 0x3800, .sh_size = sizeof(names)},
		{.sh_type = SHT_PROGBITS, .sh_offset = 0x2000, .sh_size = 0x80,
		 .sh_addr = vaddr + 0x2000, .sh_flags = SHF_ALLOC | SHF_WRITE},
	};

	sample_put(sample, 0x3000, symbols, sizeof(symbols));
	sample_put(sample, 0x3800, names, sizeof(names));
	sample_put(sample, 0x3c00, sections, sizeof(sections));
}

static void make_elf(struct sample *sample, u64 vaddr, u64 paddr)
{
	Elf64_Ehdr header = {
		.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
		.e_type = ET_EXEC, .e_machine = EM_RISCV, .e_version = EV_CURRENT,
		.e_entry = vaddr + 0x10, .e_phoff = sizeof(Elf64_Ehdr), .e_shoff = 0x3c00,
		.e_ehsize = sizeof(Elf64_Ehdr), .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 2,
		.e_shentsize = sizeof(Elf64_Shdr), .e_shnum = 5, .e_shstrndx = 3,
	};
	Elf64_Phdr segments[] = {
		{.p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_offset = 0x1000, .p_vaddr = vaddr,
		 .p_paddr = paddr, .p_filesz = 0x100, .p_memsz = 0x200, .p_align = 0x1000},
		{.p_type = PT_LOAD, .p_flags = PF_R | PF_W, .p_offset = 0x2000,
		 .p_vaddr = vaddr + 0x2000, .p_paddr = paddr + 0x2000, .p_filesz = 0x80,
		 .p_memsz = 0x80, .p_align = 0x1000},
	};

	sample_put(sample, 0, &header, sizeof(header));
	sample_put(sample, sizeof(header), segments, sizeof(segments));
	put_fill(sample, 0x1000, 0x11, 0x100);
	put_fill(sample, 0x2000, 0x22, 0x80);
	put_symbols(sample, vaddr);
}

static void make_image(struct sample *sample, bool efi)
{
	put_fill(sample, 0, 0, IMAGE_FILE_SIZE);
	sample_put_number(sample, 0, efi ? 0x106f5a4d : 0x0000006f, 4);
	sample_put_number(sample, 8, 0x200000, 8);
	sample_put_number(sample, 16, IMAGE_MEMORY_SIZE, 8);
	sample_put_number(sample, 32, 2, 4);
	sample_put(sample, 48, "RISCV\0\0\0RSC\x05", 12);
	sample_put_number(sample, IMAGE_FILE_SIZE - 1, IMAGE_LAST_BYTE, 1);
	if (!efi)
		return;
	sample_put_number(sample, 60, 0x40, 4);
	sample_put(sample, 0x40, "PE\0\0", 4);
	sample_put_number(sample, 0x44, 0x5064, 2);
	sample_put_number(sample, 0x46, 2, 2); /* sections */
	sample_put_number(sample, 0x54, 0xa0, 2); /* optional header */
	sample_put_number(sample, 0x40 + 24 + 0xa0 + 16, 0x1000, 4);
	sample_put_number(sample, 0x40 + 24 + 0xa0 + 20, 0x1000, 4);
	sample_put_number(sample, 0x40 + 24 + 0xa0 + 40 + 16, 0x1000, 4);
	sample_put_number(sample, 0x40 + 24 + 0xa0 + 40 + 20, 0x2000, 4);
}

static void make_zboot(struct sample *sample)
{
	static struct sample image, packed;

	sample_make(&image, SAMPLE_EFI_IMAGE);
	sample_gzip(&packed, &image);
	sample_put(sample, 0, "MZ\0\0zimg", 8);
	sample_put_number(sample, 8, 0x1000, 4);
	sample_put_number(sample, 12, packed.size, 4);
	sample_put(sample, 24, "gzip", 5);
	sample_put(sample, 0x1000, packed.data, packed.size);
	put_fill(sample, sample->size, 0xee, 16);
}

static void make_dtb(struct sample *sample)
{
	void *fdt = sample->data;
	int code = fdt_create_empty_tree(fdt, 4096);

	code |= fdt_setprop_string(fdt, 0, "compatible", "riscv-virtio");
	code |= fdt_add_subnode(fdt, 0, "memory@80000000") < 0;
	code |= fdt_pack(fdt);
	must(code == 0, "libfdt");
	sample->size = fdt_totalsize(fdt);
}

static void put_cpio_entry(struct sample *sample, const char *name, const char *body)
{
	char header[160];
	size_t at = sample->size;

	snprintf(header, sizeof(header),
		 "070701%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x", 1, 0100644, 0, 0,
		 1, 0, strlen(body), 0, 0, 0, 0, strlen(name) + 1, 0);
	sample_put(sample, at, header, 110);
	sample_put(sample, at + 110, name, strlen(name) + 1);
	put_fill(sample, sample->size, 0, align_up(sample->size, 4) - sample->size);
	sample_put(sample, sample->size, body, strlen(body));
	put_fill(sample, sample->size, 0, align_up(sample->size, 4) - sample->size);
}

static void make_cpio(struct sample *sample)
{
	put_cpio_entry(sample, "init", "#!/bin/sh\nexec sh\n");
	put_cpio_entry(sample, "etc/motd", "hello");
	put_cpio_entry(sample, "TRAILER!!!", "");
	put_fill(sample, sample->size, 0, 512 - sample->size % 512);
}

/*
 * Makes a file in the format of Intel's Hexadecimal Object File Format Specification, revision A.
 */
static void make_hex(struct sample *sample)
{
	static const char *const records[] = {
		"02000004" "8000",
		"10010000" "11111111111111111111111111111111",
		"10011000" "22222222222222222222222222222222",
		"02000004" "8001",
		"04000000" "33333333",
		"04000005" "80000110",
		"00000001",
	};
	char line[64];

	for (unsigned i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		u8 sum = 0;

		for (const char *at = records[i]; *at; at += 2) {
			char byte[3] = { at[0], at[1], 0 };

			sum = (u8)(sum + strtoul(byte, NULL, 16));
		}
		snprintf(line, sizeof(line), ":%s%02X\r\n", records[i], (u8)-sum);
		sample_put(sample, sample->size, line, strlen(line));
	}
}

/* Puts a number in the order of U-Boot's headers. */
static void put_big_endian(struct sample *sample, size_t offset, u64 value)
{
	sample_put_number(sample, offset, __builtin_bswap32((u32)value), 4);
}

void sample_sum_uimage(struct sample *sample)
{
	size_t size = sample->size - MIN(sample->size, 64);

	if (!size)
		return;
	size = MIN(size, __builtin_bswap32(*(const u32 *)(sample->data + 12)));
	put_big_endian(sample, 24, crc32(0, sample->data + 64, (uInt)size));
	put_big_endian(sample, 4, 0);
	put_big_endian(sample, 4, crc32(0, sample->data, 64));
}

/* Makes what mkimage -A riscv -O linux -T kernel makes (U-Boot include/image.h). */
static void make_uimage(struct sample *sample, enum sample_kind kind)
{
	static struct sample inner;

	sample_make(&inner, kind);
	put_big_endian(sample, 0, 0x27051956);
	put_big_endian(sample, 12, inner.size);
	put_big_endian(sample, 16, UIMAGE_LOAD);
	put_big_endian(sample, 20, UIMAGE_ENTRY);
	put_big_endian(sample, 28, kind == SAMPLE_GZIP ? 0x051a0201 : 0x051a0200);
	sample_put(sample, 64, inner.data, inner.size);
	sample_sum_uimage(sample);
}

void sample_gzip(struct sample *to, const struct sample *from)
{
	z_stream z = { 0 };

	must(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK, "deflate");
	z.next_in = (Bytef *)from->data;
	z.avail_in = (uInt)from->size;
	z.next_out = to->data;
	z.avail_out = SAMPLE_MAX;
	must(deflate(&z, Z_FINISH) == Z_STREAM_END, "deflate");
	to->size = z.total_out;
	deflateEnd(&z);
}

void sample_add_zeros(struct sample *sample, u64 size)
{
	static u8 zeros[MiB];
	z_stream z = { .next_out = sample->data + sample->size };

	z.avail_out = (uInt)(SAMPLE_MAX - sample->size);
	must(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK, "deflate");
	for (u64 done = 0; done < size;) {
		z.next_in = zeros;
		z.avail_in = (uInt)MIN(size - done, sizeof(zeros));
		done += z.avail_in;
		must(deflate(&z, Z_NO_FLUSH) == Z_OK, "deflate");
	}
	must(deflate(&z, Z_FINISH) == Z_STREAM_END, "deflate");
	sample->size += z.total_out;
	deflateEnd(&z);
}

void sample_make(struct sample *sample, enum sample_kind kind)
{
	static struct sample inner;

	memset(sample, 0, sizeof(*sample));
	switch (kind) {
	case SAMPLE_ELF:
		return make_elf(sample, ELF_SEGMENT0, ELF_SEGMENT0);
	case SAMPLE_VMLINUX:
		return make_elf(sample, SAMPLE_VIRTUAL, 0);
	case SAMPLE_IMAGE:
	case SAMPLE_EFI_IMAGE:
		return make_image(sample, kind == SAMPLE_EFI_IMAGE);
	case SAMPLE_GZIP:
		sample_make(&inner, SAMPLE_IMAGE);
		return sample_gzip(sample, &inner);
	case SAMPLE_ZBOOT:
		return make_zboot(sample);
	case SAMPLE_DTB:
		return make_dtb(sample);
	case SAMPLE_CPIO:
		return make_cpio(sample);
	case SAMPLE_CPIO_GZIP:
		sample_make(&inner, SAMPLE_CPIO);
		return sample_gzip(sample, &inner);
	case SAMPLE_HEX:
		return make_hex(sample);
	case SAMPLE_UIMAGE:
		return make_uimage(sample, SAMPLE_IMAGE);
	case SAMPLE_UIMAGE_GZIP:
		return make_uimage(sample, SAMPLE_GZIP);
	case SAMPLES:
		break;
	}
	must(false, "no such sample");
}
