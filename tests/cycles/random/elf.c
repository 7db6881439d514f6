/* SPDX-License-Identifier: MIT */
/* Writes an ELF file with one segment and no section (see elf.h). */
#include "tests/cycles/random/elf.h"

#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/cycles/random/program.h"

#define HEADERS PAGE_SIZE

static void headers(u8 *file)
{
	const Elf64_Ehdr header = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
			     EV_CURRENT },
		.e_type = ET_EXEC, .e_machine = EM_RISCV, .e_version = EV_CURRENT,
		.e_entry = PROGRAM_BASE, .e_phoff = sizeof(header), .e_ehsize = sizeof(header),
		.e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 1,
	};
	const Elf64_Phdr segment = {
		.p_type = PT_LOAD, .p_flags = PF_R | PF_W | PF_X, .p_offset = HEADERS,
		.p_vaddr = PROGRAM_BASE, .p_paddr = PROGRAM_BASE, .p_filesz = PROGRAM_IMAGE,
		.p_memsz = PROGRAM_IMAGE, .p_align = PAGE_SIZE,
	};

	memcpy(file, &header, sizeof(header));
	memcpy(file + sizeof(header), &segment, sizeof(segment));
}

int elf_write(const char *path, u64 seed)
{
	u8 *bytes = calloc(1, HEADERS + PROGRAM_IMAGE);
	FILE *file = fopen(path, "wbe");
	struct program program;
	struct isa isa;
	int failed = 0;

	if (!bytes || !file) {
		failed = bytes ? -errno : -ENOMEM;
	} else {
		headers(bytes);
		isa_init(&isa, EXT_TOGETHER);
		program_build(&program, &isa, bytes + HEADERS, seed);
		failed = fwrite(bytes, HEADERS + PROGRAM_IMAGE, 1, file) == 1 ? 0 : -EIO;
	}
	if (file && fclose(file) && !failed)
		failed = -errno;
	free(bytes);
	return failed;
}
