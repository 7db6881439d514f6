/* SPDX-License-Identifier: MIT */
/*
 * Tests the loader with bad files. Each row damages a good file, and has words that the one-line
 * message must contain. All messages must name the file and lead to exit code 3.
 */
#include "tests/cmocka.h"

#include "loader_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KERNEL 0x80200000ull

enum option { KERNEL_OPTION, BIOS, PROGRAM, RAW, INITRD, DTB };

/* Writes `size` bytes of `value` at `offset`. Size 0 ends the list of a row. */
struct patch {
	u32 offset, size;
	u64 value;
};

struct damage {
	enum option option;
	enum sample_kind kind;
	u32 cut; /* the number of bytes that are kept; 0: all */
	struct patch patches[6];
	const char *says;
};

/* Offsets in an ELF-64 file: header, first and second program header. */
#define EH(field) offsetof_ehdr_##field
#define PH0 64
#define PH1 (64 + 56)
enum {
	offsetof_ehdr_class = 4, offsetof_ehdr_data = 5, offsetof_ehdr_osabi = 7,
	offsetof_ehdr_type = 16,
	offsetof_ehdr_machine = 18, offsetof_ehdr_entry = 24, offsetof_ehdr_phoff = 32,
	offsetof_ehdr_phentsize = 54, offsetof_ehdr_phnum = 56,
	P_TYPE = 0, P_OFFSET = 8, P_VADDR = 16, P_PADDR = 24, P_FILESZ = 32, P_MEMSZ = 40,
};

static const struct damage damages[] = {
	/* ELF files for other machines. */
	{PROGRAM, SAMPLE_ELF, 0, {{EH(machine), 2, 62}}, "an ELF for x86-64"},
	{KERNEL_OPTION, SAMPLE_ELF, 0, {{EH(machine), 2, 62}}, "an ELF for x86-64"},
	{BIOS, SAMPLE_ELF, 0, {{EH(machine), 2, 183}}, "an ELF for arm64"},
	{RAW, SAMPLE_ELF, 0, {{EH(machine), 2, 3}, {EH(class), 1, 1}}, "32-bit x86"},
	{PROGRAM, SAMPLE_ELF, 0, {{EH(machine), 2, 9999}}, "machine 9999"},
	{PROGRAM, SAMPLE_ELF, 0, {{EH(class), 1, 1}}, "32-bit (RV32)"},
	{KERNEL_OPTION, SAMPLE_ELF, 0, {{EH(class), 1, 1}}, "32-bit (RV32)"},
	{PROGRAM, SAMPLE_ELF, 0, {{EH(data), 1, 2}, {EH(machine), 2, 0xf300}}, "big-endian ELF"},
	{PROGRAM, SAMPLE_ELF, 0, {{EH(data), 1, 2}, {EH(machine), 2, 0x1500}}, "PowerPC"},
	/* ELF files that cannot be run. */
	{PROGRAM, SAMPLE_ELF, 0, {{EH(type), 2, 1}}, "object file; link it"},
	{PROGRAM, SAMPLE_ELF, 0, {{EH(type), 2, 4}}, "an ELF of type 4"},
	{PROGRAM, SAMPLE_ELF, 0, {{PH1 + P_TYPE, 4, 3}},
	 "for Linux; run it in one: baya run -L /usr/riscv64-linux-gnu --share="},
	{PROGRAM, SAMPLE_ELF, 0, {{EH(osabi), 1, 3}, {PH0 + P_PADDR, 8, 0x10000}},
	 "for Linux; run it in one: baya run --share="},
	/*
	 * PH1 becomes a note: 4 bytes of name, 16 of text, type 1, the name GNU, and operating
	 * system 0.
	 */
	{PROGRAM, SAMPLE_ELF, 0,
	 {{PH1 + P_TYPE, 4, 4}, {0x2000, 8, 16ull << 32 | 4}, {0x2008, 8, 0x554e47ull << 32 | 1},
	  {0x2010, 4, 0}, {PH0 + P_PADDR, 8, 0x10000}}, "for Linux; run it in one"},
	{PROGRAM, SAMPLE_ELF, 0,
	 {{PH1 + P_TYPE, 4, 4}, {0x2000, 8, 16ull << 32 | 4}, {0x2008, 8, 0x554e47ull << 32 | 1},
	  {0x2010, 4, 1}, {PH0 + P_PADDR, 8, 0x10000}}, "not in RAM"},
	/* A file with nothing in RAM may be for Linux, but not if it says where it is loaded. */
	{PROGRAM, SAMPLE_ELF, 0,
	 {{PH0 + P_VADDR, 8, 0x10000}, {PH0 + P_PADDR, 8, 0x10000}, {PH1 + P_VADDR, 8, 0x12000},
	  {PH1 + P_PADDR, 8, 0x12000}},
	 "RAM, which begins at 0x80000000; link it there, or, if it is a program for Linux or pk, "
	 "run it in Linux: baya run --share="},
	{PROGRAM, SAMPLE_ELF, 0,
	 {{PH0 + P_VADDR, 8, 0x10000}, {PH0 + P_PADDR, 8, 0x10000}, {PH1 + P_PADDR, 8, 0x12000}},
	 "0x10000 to 0x101ff is not in RAM"},
	{PROGRAM, SAMPLE_ELF, 0, {{PH0 + P_TYPE, 4, 4}, {PH1 + P_TYPE, 4, 4}}, "nothing to load"},
	{PROGRAM, SAMPLE_ELF, 0, {{EH(phnum), 2, 0}}, "no program headers"},
	/* Damaged ELF files. */
	{PROGRAM, SAMPLE_ELF, 8, {{0, 0, 0}}, "cut off in its ELF header"},
	{PROGRAM, SAMPLE_ELF, 63, {{0, 0, 0}}, "damaged in its ELF header"},
	{PROGRAM, SAMPLE_ELF, 100, {{0, 0, 0}}, "cut off in its program headers"},
	{PROGRAM, SAMPLE_ELF, 0x1010, {{0, 0, 0}}, "cut off: a segment ends at byte"},
	{PROGRAM, SAMPLE_ELF, 0, {{EH(phoff), 8, UINT64_MAX - 8}}, "program headers"},
	{PROGRAM, SAMPLE_ELF, 0, {{EH(phentsize), 2, 32}}, "damaged ELF header"},
	{PROGRAM, SAMPLE_ELF, 0, {{EH(phnum), 2, 0xffff}}, "damaged ELF header"},
	{PROGRAM, SAMPLE_ELF, 0, {{EH(entry), 8, 0x80001000}},
	 "entry point 0x80001000 in no segment"},
	{PROGRAM, SAMPLE_ELF, 0, {{EH(entry), 8, 0x80000011}}, "at an odd address"},
	{PROGRAM, SAMPLE_ELF, 0, {{PH0 + P_FILESZ, 8, 0}}, "no code at its entry point 0x80000"},
	{KERNEL_OPTION, SAMPLE_VMLINUX, 0, {{PH0 + P_FILESZ, 8, 0}}, "to --symbols or GDB"},
	{PROGRAM, SAMPLE_ELF, 0, {{PH0 + P_FILESZ, 8, 0x201}}, "more bytes in the file"},
	{PROGRAM, SAMPLE_ELF, 0, {{PH0 + P_OFFSET, 8, UINT64_MAX - 1}}, "cut off: a segment"},
	{PROGRAM, SAMPLE_ELF, 0, {{PH0 + P_PADDR, 8, UINT64_MAX - 0xff}}, "wraps around"},
	{PROGRAM, SAMPLE_ELF, 0, {{PH1 + P_PADDR, 8, 0x800000ff}},
	 "0x80000000 and 0x800000ff that overlap"},
	/* ELF files that cannot be placed. */
	{PROGRAM, SAMPLE_ELF, 0, {{PH0 + P_PADDR, 8, 0x10000}},
	 "not in RAM, which begins at 0x80000000"},
	{PROGRAM, SAMPLE_ELF, 0, {{PH0 + P_PADDR, 8, 0x1000}}, "not in RAM"},
	{PROGRAM, SAMPLE_ELF, 0, {{PH0 + P_PADDR, 8, 0x20000000}}, "not in RAM"},
	{PROGRAM, SAMPLE_ELF, 0, {{PH0 + P_PADDR, 8, 0x7ffffff0}}, "not in RAM"},
	{PROGRAM, SAMPLE_ELF, 0, {{PH0 + P_PADDR, 8, 1ull << 62}}, "not in RAM"},
	{PROGRAM, SAMPLE_ELF, 0, {{PH1 + P_PADDR, 8, 0x83ffffc0}},
	 "RAM is too small: needs 67 MiB, give -m 67M"},
	{PROGRAM, SAMPLE_ELF, 0, {{PH1 + P_MEMSZ, 8, 1 * GiB}}, "RAM is too small: needs 1027 MiB"},
	{PROGRAM, SAMPLE_ELF, 0, {{PH1 + P_MEMSZ, 8, 1ull << 50}}, "not in RAM"},
	{PROGRAM, SAMPLE_VMLINUX, 0, {{0, 0, 0}}, "not in RAM"},
	{PROGRAM, SAMPLE_IMAGE, 0, {{0, 0, 0}}, "not an ELF; kernels go in by -kernel, a program that is raw code or Intel HEX by -bios"},
	{RAW, SAMPLE_IMAGE, 0, {{0, 0, 0}}, "add addr=ADDRESS"},
	/* Image. */
	{KERNEL_OPTION, SAMPLE_IMAGE, 0, {{56, 4, 0x05435353}}, "magic2 0x05435353"},
	{KERNEL_OPTION, SAMPLE_IMAGE, 0, {{24, 8, 1}}, "big-endian Image"},
	{KERNEL_OPTION, SAMPLE_IMAGE, 0, {{32, 4, 0x10000}}, "header version 1.0"},
	{KERNEL_OPTION, SAMPLE_IMAGE, 0, {{16, 8, 0}}, "image_size 0"},
	{KERNEL_OPTION, SAMPLE_IMAGE, 0, {{16, 8, UINT64_MAX}}, "image_size 18446744073709551615"},
	{KERNEL_OPTION, SAMPLE_IMAGE, 0, {{16, 8, 100 * MiB}},
	 "RAM is too small: needs 104 MiB, give -m 104M"},
	{KERNEL_OPTION, SAMPLE_IMAGE, 0, {{8, 8, UINT64_MAX}}, "text_offset 0xffffffffffffffff"},
	{KERNEL_OPTION, SAMPLE_IMAGE, 0, {{8, 8, GiB}}, "RAM is too small: needs 1027 MiB"},
	{KERNEL_OPTION, SAMPLE_IMAGE, 63, {{0, 0, 0}}, "cut off in its Image header"},
	{KERNEL_OPTION, SAMPLE_IMAGE, 0, {{48, 8, 0}, {56, 4, 0x644d5241}}, "an arm64 Linux Image"},
	{KERNEL_OPTION, SAMPLE_IMAGE, 0, {{48, 8, 0}, {56, 4, 0}, {0x202, 4, 0x53726448}},
	 "an x86 Linux kernel"},
	{KERNEL_OPTION, SAMPLE_IMAGE, 0, {{0, 4, 0xfd2fb528}, {48, 8, 0}, {56, 4, 0}},
	 "zstd-compressed; unpack it"},
	{KERNEL_OPTION, SAMPLE_IMAGE, 0, {{0, 6, 0x005a587a37fd}, {48, 8, 0}, {56, 4, 0}},
	 "xz-compressed"},
	{KERNEL_OPTION, SAMPLE_CPIO, 0, {{0, 0, 0}}, "goes in by -initrd"},
	{KERNEL_OPTION, SAMPLE_DTB, 0, {{0, 0, 0}}, "goes in by -dtb"},
	/* EFI stub. */
	{KERNEL_OPTION, SAMPLE_EFI_IMAGE, IMAGE_FILE_SIZE - 1, {{0, 0, 0}},
	 "cut off: has 12287 of 12288 bytes"},
	{KERNEL_OPTION, SAMPLE_EFI_IMAGE, 0, {{0x44, 2, 0x5032}}, "32-bit RISC-V"},
	{KERNEL_OPTION, SAMPLE_EFI_IMAGE, 0, {{0x44, 2, 0x8664}, {48, 8, 0}, {56, 4, 0}},
	 "EFI program for x86-64"},
	{KERNEL_OPTION, SAMPLE_EFI_IMAGE, 0, {{48, 8, 0}, {56, 4, 0}},
	 "an EFI program; put it on a disk"},
	{KERNEL_OPTION, SAMPLE_EFI_IMAGE, 0, {{60, 4, UINT32_MAX}}, "damaged EFI (PE) headers"},
	{KERNEL_OPTION, SAMPLE_EFI_IMAGE, 0, {{0x46, 2, 0xffff}}, "damaged EFI (PE) headers"},
	/* Intel HEX files. With a changed digit the checksum is wrong. */
	{BIOS, SAMPLE_HEX, 0, {{HEX_LINE2 + 9, 1, '2'}},
	 "line 2 of its Intel HEX has the checksum DF where CF is right; make it again by objcopy"},
	{RAW, SAMPLE_HEX, 0, {{HEX_LINE2 + 9, 1, 'g'}}, "line 2 of its Intel HEX is cut off or has"},
	{KERNEL_OPTION, SAMPLE_HEX, 100, {{0, 0, 0}}, "line 3 of its Intel HEX is cut off"},
	{KERNEL_OPTION, SAMPLE_HEX, HEX_LINE7, {{0, 0, 0}}, "HEX has no record of its end"},
	{RAW, SAMPLE_HEX, 0, {{HEX_LINE2, 1, ';'}}, "line 2 of its Intel HEX does not begin with"},
	{BIOS, SAMPLE_HEX, 0, {{HEX_LINE5 + 8, 1, '6'}, {HEX_LINE5 + 17, 2, 0x4132}},
	 "line 5 of its Intel HEX is a record of type 6"},
	{BIOS, SAMPLE_HEX, 0, {{HEX_LINE1 + 8, 1, '5'}, {HEX_LINE1 + 14, 1, '9'}},
	 "line 1 of its Intel HEX has 2 data bytes, too many or too few for type 5"},
	{BIOS, SAMPLE_HEX, 0, {{HEX_LINE4 + 9, 1, '0'}, {HEX_LINE4 + 13, 1, 'F'}},
	 "0x10000 to 0x10003 is not in RAM"},
	{BIOS, SAMPLE_HEX, 0, {{HEX_LINE6 + 9, 1, '9'}, {HEX_LINE6 + 17, 1, '5'}},
	 "has its start address 0x90000110 outside of its data"},
	/* gzip. */
	{KERNEL_OPTION, SAMPLE_GZIP, 12, {{0, 0, 0}}, "cut off: its gzip data ends too early"},
	{KERNEL_OPTION, SAMPLE_GZIP, 60, {{0, 0, 0}}, "cut off: its gzip data ends too early"},
	{KERNEL_OPTION, SAMPLE_GZIP, 0, {{2, 1, 9}}, "damaged gzip data"},
	{KERNEL_OPTION, SAMPLE_GZIP, 0, {{3, 1, 0xe0}}, "damaged gzip data"},
	{KERNEL_OPTION, SAMPLE_CPIO_GZIP, 0, {{0, 0, 0}}, "holds, gzip'd, what is a cpio archive"},
	{BIOS, SAMPLE_GZIP, 0, {{0, 0, 0}}, "unpack it with gzip -d"},
	{KERNEL_OPTION, SAMPLE_ZBOOT, 0x1010, {{0, 0, 0}}, "cut off: its zboot payload"},
	{KERNEL_OPTION, SAMPLE_ZBOOT, 0, {{24, 4, 0x6474737a}}, "zboot kernel that is not gzip'd"},
	{KERNEL_OPTION, SAMPLE_ZBOOT, 0, {{8, 4, UINT32_MAX}}, "zboot payload"},
	{KERNEL_OPTION, SAMPLE_ZBOOT, 0, {{12, 4, 20}}, "gzip data ends too early"},
	{KERNEL_OPTION, SAMPLE_ZBOOT, 0, {{8, 4, 0}, {12, 4, 100}}, "damaged gzip data"},
	/* initrd. */
	{INITRD, SAMPLE_ELF, 0, {{0, 0, 0}}, "is an ELF; kernels go in by -kernel"},
	{INITRD, SAMPLE_EFI_IMAGE, 0, {{0, 0, 0}}, "is a kernel"},
	{INITRD, SAMPLE_DTB, 0, {{0, 0, 0}}, "device tree; it goes in by -dtb"},
	{INITRD, SAMPLE_CPIO, 50, {{0, 0, 0}}, "cut off in a cpio archive"},
	{INITRD, SAMPLE_CPIO, 130, {{0, 0, 0}}, "cut off in a cpio archive"},
	{INITRD, SAMPLE_CPIO, 200, {{0, 0, 0}}, "cut off in a cpio archive"},
	{INITRD, SAMPLE_CPIO, 0, {{54, 1, 'x'}}, "damaged cpio archive at byte 0"},
	{INITRD, SAMPLE_CPIO, 0, {{54, 8, 0x6666666666666666}}, "cut off in a cpio archive"},
	{INITRD, SAMPLE_CPIO_GZIP, 100, {{0, 0, 0}}, "gzip data ends too early"},
	/* Device tree. */
	{DTB, SAMPLE_DTB, 20, {{0, 0, 0}}, "cut off: has 20 of"},
	{DTB, SAMPLE_DTB, 0, {{8, 4, 0xffffff7f}}, "is damaged (FDT_ERR_"},
	{DTB, SAMPLE_DTB, 0, {{24, 4, 0x63000000}}, "is damaged (FDT_ERR_"},
	{DTB, SAMPLE_DTB, 0, {{20, 4, 0x02000000}}, "has format version 2, at least 17"},
	{DTB, SAMPLE_DTB, 0, {{0, 1, 0}}, "not a compiled device tree; make one with dtc"},
	{DTB, SAMPLE_ELF, 0, {{0, 0, 0}}, "not a compiled device tree"},
};

static int errors_load(struct fixture *f, enum option option, const char *file)
{
	struct board_load raw = { .file = file };
	struct loader_image kernel = { KERNEL, KERNEL + MiB, KERNEL }, image;
	struct loader_dtb dtb;
	int code = -1;

	switch (option) {
	case KERNEL_OPTION:
		return loader_kernel(&f->loader, file, RAM_BASE + 0x20000, &image);
	case BIOS:
		return loader_firmware(&f->loader, file, &image);
	case PROGRAM:
		return loader_program(&f->loader, file, &image);
	case RAW:
		return loader_raw(&f->loader, &raw, NULL);
	case INITRD:
		return fixture_initrd(f, file, &kernel, &image);
	case DTB:
		code = loader_dtb_read(&f->loader, file, &dtb);
		free(dtb.blob);
		break;
	}
	return code;
}

/*
 * Checks that the error is one line that says what the file is, names it, and has these words, and
 * that the exit code is 3.
 */
static void errors_check(struct fixture *f, int code, const char *file, const char *says)
{
	const char *text = f->error.text;
	char name[80];

	snprintf(name, sizeof(name), " '%.60s", file);
	if (code >= 0 || !strstr(text, says) || !strstr(text, name))
		print_error("code %d, '%s', should say '%s'\n", code, text, says);
	assert_true(code < 0);
	assert_non_null(strstr(text, says));
	assert_non_null(strstr(text, name));
	assert_null(strchr(text, '\n'));
	assert_int_equal(f->error.exit_code, 3);
}

static void test_damaged_files(void **state)
{
	static struct sample sample;
	struct fixture *f = *state;

	for (unsigned i = 0; i < ARRAY_SIZE(damages); i++) {
		const struct damage *d = &damages[i];

		sample_make(&sample, d->kind);
		for (const struct patch *p = d->patches; p->size; p++)
			memcpy(sample.data + p->offset, &p->value, p->size);
		fixture_restart(f);
		fixture_file(f, sample.data, d->cut ? d->cut : sample.size);
		errors_check(f, errors_load(f, d->option, f->path), f->path, d->says);
	}
}

/* Every option refuses these files with the same words. */
static void test_files_that_are_none(void **state)
{
	struct fixture *f = *state;
	char fifo[] = "/tmp/loader-test-XXXXXX";

	assert_non_null(mkdtemp(fifo));
	assert_int_equal(rmdir(fifo), 0);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	fixture_file(f, "", 0);
	for (enum option option = KERNEL_OPTION; option <= DTB; option++) {
		fixture_restart(f);
		errors_check(f, errors_load(f, option, "/nowhere/Image"), "/nowhere/Image",
			     "No such file");
		errors_check(f, errors_load(f, option, "/tmp"), "/tmp",
			     "is a directory; give a file");
		errors_check(f, errors_load(f, option, "/dev/zero"), "/dev/zero",
			     "not a regular file");
		errors_check(f, errors_load(f, option, fifo), fifo, "not a regular file");
		errors_check(f, errors_load(f, option, f->path), f->path, "is empty");
	}
	unlink(fifo);
}

static void test_unreadable(void **state)
{
	struct fixture *f = *state;
	char name[] = "/tmp/loader-test-XXXXXX";
	int fd = mkstemp(name), code;
	uid_t user = geteuid();

	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, 0), 0);
	/* Root may read everything, so the test becomes the user nobody for a moment. */
	assert_int_equal(user == 0 ? seteuid(65534) : 0, 0);
	code = errors_load(f, KERNEL_OPTION, name);
	assert_int_equal(user == 0 ? seteuid(0) : 0, 0);
	errors_check(f, code, name, "Permission denied");
	close(fd);
	unlink(name);
}

static void test_long_name_does_not_hide_the_advice(void **state)
{
	struct fixture *f = *state;
	char name[3000];

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	errors_check(f, errors_load(f, KERNEL_OPTION, name), name, "check name and rights");
}

/* Files that are not kernels: an error page of a web server, and gzip'd code without a header. */
static void test_no_kernels(void **state)
{
	static const char page[] = "<html>\n\t<body>Not found \xe2\x80\x94 404</body>\r\n</html>\n";
	static const u32 code[] = { 0x00000013, 0x0000006f };
	static struct sample raw = { .size = sizeof(code) }, packed;
	struct fixture *f = *state;

	fixture_restart(f);
	fixture_file(f, page, sizeof(page) - 1);
	errors_check(f, errors_load(f, KERNEL_OPTION, f->path), f->path,
		     "is text and no riscv64 kernel");

	memcpy(raw.data, code, sizeof(code));
	sample_gzip(&packed, &raw);
	fixture_file(f, packed.data, packed.size);
	errors_check(f, errors_load(f, KERNEL_OPTION, f->path), f->path,
		     "unpack raw code with gzip -d");
}

/* A file that is larger than any RAM must be refused without being read. */
static void test_oversized(void **state)
{
	struct fixture *f = *state;
	struct board_load raw = { .file = f->path, .addr = RAM_BASE, .has_addr = true };
	int code;

	fixture_restart(f);
	fixture_file(f, "x", 1);
	assert_int_equal(ftruncate(f->fd, (off_t)(1ull << 40)), 0);
	errors_check(f, errors_load(f, BIOS, f->path), f->path, "not in RAM");
	errors_check(f, errors_load(f, INITRD, f->path), f->path, "more than a machine can have");
	errors_check(f, errors_load(f, KERNEL_OPTION, f->path), f->path, "not in RAM");
	errors_check(f, errors_load(f, DTB, f->path), f->path, "more than the 1048576");
	code = loader_raw(&f->loader, &raw, NULL);
	errors_check(f, code, f->path, "not in RAM");

	fixture_restart(f);
	assert_int_equal(ftruncate(f->fd, (off_t)(100 * MiB)), 0);
	errors_check(f, errors_load(f, BIOS, f->path), f->path, "RAM is too small: needs 102 MiB");
	errors_check(f, errors_load(f, INITRD, f->path), f->path,
		     "RAM is too small: needs 105 MiB");
}

/* Unpacking of a few kilobytes that become gigabytes stops at the header's image_size. */
static void test_gzip_bomb(void **state)
{
	static struct sample image, packed;
	struct fixture *f = *state;
	u64 size = IMAGE_FILE_SIZE - 1;

	sample_make(&image, SAMPLE_IMAGE);
	memcpy(image.data + 16, &size, 8);
	sample_gzip(&packed, &image);
	fixture_restart(f);
	fixture_file(f, packed.data, packed.size);
	errors_check(f, errors_load(f, KERNEL_OPTION, f->path), f->path,
		     "unpacks to more than its image_size of 12287");
	assert_int_equal(fixture_load(f, KERNEL + IMAGE_FILE_SIZE - 1, 1), 0);

	/* Damage only in the trailer is detected, too. */
	sample_make(&packed, SAMPLE_GZIP);
	packed.data[packed.size - 8] ^= 1;
	fixture_restart(f);
	fixture_file(f, packed.data, packed.size);
	errors_check(f, errors_load(f, KERNEL_OPTION, f->path), f->path,
		     "damaged gzip data (incorrect data check)");
}

/* Contents that Linux cannot unpack to RAM are refused, even if their end is damaged. */
static void test_gzip_initrd_bomb(void **state)
{
	static struct sample bomb;
	struct fixture *f = *state;
	const char *refusal = "RAM is too small, and the initrd unpacks to ";

	bomb.size = 0;
	sample_add_zeros(&bomb, 100 * MiB);
	bomb.data[bomb.size - 8] ^= 1;
	fixture_restart(f);
	fixture_file(f, bomb.data, bomb.size);
	errors_check(f, errors_load(f, INITRD, f->path), f->path, refusal);

	/* Several members that are too large only together are refused as well. */
	bomb.size = 0;
	sample_add_zeros(&bomb, 40 * MiB);
	fixture_file(f, bomb.data, bomb.size);
	assert_int_equal(errors_load(f, INITRD, f->path), 0);
	sample_add_zeros(&bomb, 40 * MiB);
	fixture_restart(f);
	fixture_file(f, bomb.data, bomb.size);
	errors_check(f, errors_load(f, INITRD, f->path), f->path, refusal);
}

/* The file consists only of beginnings of gzip members. */
static void test_gzip_members_without_end(void **state)
{
	static struct sample members;
	struct fixture *f = *state;

	members.size = 0;
	while (members.size < SAMPLE_MAX - 100)
		sample_add_zeros(&members, 0);
	members.data[members.size - 8] ^= 1;
	fixture_restart(f);
	fixture_file(f, members.data, members.size);
	assert_int_equal(errors_load(f, INITRD, f->path), 0);
}

/* The message for S-records says how to convert them; a source file is not firmware. */
static void test_text(void **state)
{
	static const char srec[] = "S00C000072746F732E7372656350\nS31580000000F32240F163910206\n";
	static const char source[] = "int main(void)\n{\n\treturn 0;\n}\n";
	struct fixture *f = *state;

	for (enum option option = KERNEL_OPTION; option <= RAW; option++) {
		fixture_restart(f);
		fixture_file(f, srec, strlen(srec));
		if (option != PROGRAM)
			errors_check(f, errors_load(f, option, f->path), f->path,
				     "is Motorola S-records; give the ELF, or Intel HEX");
	}
	fixture_file(f, source, strlen(source));
	errors_check(f, errors_load(f, BIOS, f->path), f->path, "is text and no firmware");
}

/* The loader does not write to flash; the message names another way. */
static void test_flash(void **state)
{
	static struct sample sample;
	struct fixture *f = *state;
	struct board_load raw = { .file = f->path, .addr = 0x20000010, .has_addr = true };

	sample_make(&sample, SAMPLE_IMAGE);
	fixture_restart(f);
	f->loader.flash_base = 0x20000000;
	f->loader.flash_size = 64 * MiB;
	fixture_file(f, sample.data, sample.size);
	errors_check(f, loader_raw(&f->loader, &raw, NULL), f->path,
		     "0x20000010 to 0x2000300f is in flash; give the raw code, of an ELF what "
		     "objcopy -O binary makes, by -drive if=pflash,format=raw,file=FILE");
	raw.addr = 0x24000000;
	errors_check(f, loader_raw(&f->loader, &raw, NULL), f->path, "is not in RAM");
}

static void test_overlapping_images(void **state)
{
	static struct sample sample;
	struct fixture *f = *state;
	struct board_load raw = { .file = f->path, .has_addr = true, .raw = true };

	sample_make(&sample, SAMPLE_ELF);
	fixture_restart(f);
	fixture_file(f, sample.data, sample.size);
	assert_int_equal(errors_load(f, BIOS, f->path), 0);
	errors_check(f, errors_load(f, PROGRAM, f->path), f->path,
		     "0x80000000 to 0x800001ff overlaps the firmware '/proc/self/fd/");
	raw.addr = 0x8000207f;
	errors_check(f, loader_raw(&f->loader, &raw, NULL), f->path, "overlaps the firmware");
	errors_check(f, loader_raw(&f->loader, &raw, NULL), f->path,
		     "; give -bios none if it runs without firmware, or else move one of them");
	raw.addr = 0x80002080;
	assert_int_equal(loader_raw(&f->loader, &raw, NULL), 0);
	errors_check(f, loader_raw(&f->loader, &raw, NULL), f->path, "; move one of them");
}

/* More segments, or more files, than any real image has. */
static void test_too_many(void **state)
{
	static struct sample sample;
	struct fixture *f = *state;
	struct board_load raw = { .file = f->path, .addr = RAM_BASE, .has_addr = true };
	u16 count = 1025;
	u64 at = 0x4000;

	sample_make(&sample, SAMPLE_ELF);
	for (unsigned i = 0; i < count; i++) {
		u64 paddr = RAM_BASE + i * 0x1000;

		memcpy(sample.data + at + i * 56, sample.data + PH0, 56);
		memcpy(sample.data + at + i * 56 + P_PADDR, &paddr, 8);
	}
	memcpy(sample.data + EH(phoff), &at, 8);
	memcpy(sample.data + EH(phnum), &count, 2);
	fixture_restart(f);
	fixture_file(f, sample.data, at + count * 56u);
	errors_check(f, errors_load(f, PROGRAM, f->path), f->path, "more than 1024 segments");
	count = 1024;
	memcpy(sample.data + EH(phnum), &count, 2);
	fixture_file(f, sample.data, at + count * 56u);
	assert_int_equal(errors_load(f, PROGRAM, f->path), 0);

	fixture_restart(f);
	fixture_file(f, "x", 1);
	for (unsigned i = 0; i < LOADER_RANGES_MAX; i++, raw.addr++)
		assert_int_equal(loader_raw(&f->loader, &raw, NULL), 0);
	errors_check(f, loader_raw(&f->loader, &raw, NULL), f->path, "more than 2048 pieces");
}

static void test_dtb_without_room(void **state)
{
	static struct sample sample;
	struct fixture *f = *state;
	struct loader_dtb dtb;
	struct board_load raw = { .file = f->path, .addr = RAM_BASE, .has_addr = true };
	int code;

	sample_make(&sample, SAMPLE_DTB);
	fixture_restart(f);
	fixture_file(f, "x", 1);
	assert_int_equal(ftruncate(f->fd, (off_t)RAM_SIZE), 0);
	assert_int_equal(loader_raw(&f->loader, &raw, NULL), 0);
	fixture_file(f, sample.data, sample.size);
	assert_int_equal(loader_dtb_read(&f->loader, f->path, &dtb), 0);
	code = loader_dtb_place(&f->loader, &dtb, "x");
	errors_check(f, code, f->path, "RAM is too small: needs 66 MiB");
	free(dtb.blob);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_damaged_files),
		cmocka_unit_test(test_files_that_are_none),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_long_name_does_not_hide_the_advice),
		cmocka_unit_test(test_no_kernels),
		cmocka_unit_test(test_oversized),
		cmocka_unit_test(test_gzip_bomb),
		cmocka_unit_test(test_gzip_initrd_bomb),
		cmocka_unit_test(test_gzip_members_without_end),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_flash),
		cmocka_unit_test(test_overlapping_images),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_dtb_without_room),
	};
	static struct fixture fixture;
	int failed;

	fixture_open(&fixture);
	for (unsigned i = 0; i < ARRAY_SIZE(tests); i++)
		((struct CMUnitTest *)tests)[i].initial_state = &fixture;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	fixture_close(&fixture);
	return failed;
}
