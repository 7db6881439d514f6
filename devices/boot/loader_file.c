/* SPDX-License-Identifier: MIT */
/*
 * Opens and reads host files for the loader. Opening does not block on pipes or devices, each way
 * in which a read can fail has its own error message, and files that are often given by mistake are
 * recognised. Knows nothing of guest memory.
 */
#include "devices/boot/loader_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define EXIT_HOST_ERROR 3

/* Longer names are shortened in messages, so that the advice at the end is never cut off. */
#define NAME_SHOWN 200

int loader_file_fail(const struct loader_file *file, int code, const char *format, ...)
{
	struct board_error *error = file->error;
	va_list args;
	int used;

	used = snprintf(error->text, sizeof(error->text), "%s '%.*s': ", file->what, NAME_SHOWN,
			file->name);
	va_start(args, format);
	vsnprintf(error->text + used, sizeof(error->text) - (size_t)used, format, args);
	va_end(args);
	error->exit_code = EXIT_HOST_ERROR;
	return code;
}

int loader_file_read(struct loader_file *file, void *data, u64 offset, u64 len)
{
	u8 *to = data;

	while (len) {
		ssize_t n = pread(file->fd, to, len, (off_t)(file->start + offset));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			int code = -errno;

			return loader_file_fail(file, code, "cannot be read: %s", strerror(-code));
		}
		if (n == 0)
			return loader_file_fail(
				file, -EIO, "ended before byte %llu; it shrank while it was read",
				offset + len);
		to += n;
		offset += (u64)n;
		len -= (u64)n;
	}
	return 0;
}

int loader_file_narrow(struct loader_file *file, u64 offset, u64 size)
{
	file->start += offset;
	file->size = size;
	file->head.size = (unsigned)MIN(size, LOADER_HEAD);
	return loader_file_read(file, file->head.bytes, 0, file->head.size);
}

static int file_check_kind(struct loader_file *file)
{
	struct stat st;

	if (fstat(file->fd, &st) < 0)
		return loader_file_fail(file, -errno, "cannot be examined: %s", strerror(errno));
	if (S_ISDIR(st.st_mode))
		return loader_file_fail(file, -EISDIR, "is a directory; give a file");
	if (!S_ISREG(st.st_mode))
		return loader_file_fail(file, -EINVAL,
					"is not a regular file; copy its contents to one");
	if (st.st_size == 0)
		return loader_file_fail(file, -ENODATA, "is empty; fetch or build it again");
	file->size = (u64)st.st_size;
	return 0;
}

int loader_file_open(struct loader_file *file, const char *what, const char *name,
		     struct board_error *error)
{
	int code;

	*file = (struct loader_file){ .what = what, .name = name, .error = error };
	/* Without O_NONBLOCK, opening a named pipe waits for its writer. */
	file->fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (file->fd < 0) {
		code = -errno;
		return loader_file_fail(file, code, "cannot be opened: %s; check name and rights",
					strerror(-code));
	}
	code = file_check_kind(file);
	if (!code)
		code = loader_file_narrow(file, 0, file->size);
	if (code)
		loader_file_close(file);
	return code;
}

void loader_file_close(struct loader_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}

static u64 head_number(const struct loader_head *head, u64 offset, unsigned size)
{
	u64 value = 0;

	if (range_within(offset, size, 0, head->size))
		memcpy(&value, head->bytes + offset, size);
	return value;
}

u32 loader_head_u16(const struct loader_head *head, u64 offset)
{
	return (u32)head_number(head, offset, 2);
}

u32 loader_head_u32(const struct loader_head *head, u64 offset)
{
	return (u32)head_number(head, offset, 4);
}

u64 loader_head_u64(const struct loader_head *head, u64 offset)
{
	return head_number(head, offset, 8);
}

bool loader_head_has(const struct loader_head *head, u64 offset, const void *magic, unsigned size)
{
	return range_within(offset, size, 0, head->size) &&
	       !memcmp(head->bytes + offset, magic, size);
}

static const struct foreign {
	unsigned offset, size;
	const char *magic;
	const char *is;
} foreigners[] = {
	{0x202, 4, "HdrS", "an x86 Linux kernel; give one built for riscv64"},
	{0x38, 4, "ARM\x64", "an arm64 Linux Image; give one built for riscv64"},
	{0, 4, "\x28\xb5\x2f\xfd", "zstd-compressed; unpack it with zstd -d"},
	{0, 6, "\xfd" "7zXZ\0", "xz-compressed; unpack it with xz -d"},
	{0, 4, "\x02\x21\x4c\x18", "lz4-compressed; unpack it with lz4 -d"},
	{0, 4, "\x04\x22\x4d\x18", "lz4-compressed; unpack it with lz4 -d"},
	{0, 3, "BZh", "bzip2-compressed; unpack it with bzip2 -d"},
	{0, 4, "\x27\x05\x19\x56", "a U-Boot uImage; give what it was made from"},
	{0, 4, "\xd0\x0d\xfe\xed", "a device tree or FIT image; a device tree goes in by -dtb"},
	{0, 5, "07070", "a cpio archive; an initramfs goes in by -initrd"},
	{0, 7, "!<arch>", "an archive (a Debian package?); unpack it first"},
	{0, 4, "PK\x03\x04", "a zip archive; unpack it first"},
	{0, 4, "QFI\xfb", "a qcow2 disk; a disk goes in by -drive"},
};

/* Values of the PE/COFF field Machine in EFI programs for other machines. */
static const struct {
	u32 machine;
	const char *is;
} efi_machines[] = {
	{0x014c, "an EFI program for 32-bit x86; give one built for riscv64"},
	{0x8664, "an EFI program for x86-64; give one built for riscv64"},
	{0x01c2, "an EFI program for 32-bit ARM; give one built for riscv64"},
	{0xaa64, "an EFI program for arm64; give one built for riscv64"},
	{0x6264, "an EFI program for LoongArch; give one built for riscv64"},
	{0x5032, "an EFI program for 32-bit RISC-V; give one built for riscv64"},
};

bool loader_head_is_text(const struct loader_head *head)
{
	for (unsigned i = 0; i < head->size; i++)
		if (head->bytes[i] < ' ' && !memchr("\t\n\f\r", head->bytes[i], 4))
			return false;
	return true;
}

/*
 * Returns whether the file is in Motorola's S-record format. It begins with the header record, S0;
 * an S alone could be part of an instruction.
 */
static bool is_srec(const struct loader_head *head)
{
	return loader_head_has(head, 0, "S0", 2) && loader_head_is_text(head);
}

const char *loader_head_foreign(const struct loader_head *head)
{
	u64 pe = loader_head_u32(head, 0x3c);

	if (is_srec(head))
		return "Motorola S-records; give the ELF, or Intel HEX of it by objcopy -O ihex";
	for (unsigned i = 0; i < ARRAY_SIZE(foreigners); i++) {
		const struct foreign *f = &foreigners[i];

		if (loader_head_has(head, f->offset, f->magic, f->size))
			return f->is;
	}
	if (!loader_head_has(head, 0, "MZ", 2) || !loader_head_has(head, pe, "PE\0\0", 4))
		return NULL;
	for (unsigned i = 0; i < ARRAY_SIZE(efi_machines); i++) {
		if (loader_head_u16(head, pe + 4) == efi_machines[i].machine)
			return efi_machines[i].is;
	}
	return NULL;
}
