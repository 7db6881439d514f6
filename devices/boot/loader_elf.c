/* SPDX-License-Identifier: MIT */
/*
 * Loads an ELF: identifies the file, reads its program headers, places and copies its segments, and
 * adds its symbols. Section headers are needed only for symbols and for finding headers and notes
 * below RAM or flash, so a file without them, or with damaged ones, still loads.
 */
#include "devices/boot/loader_elf.h"

#include "devices/boot/symbols.h"

#include <errno.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * A limit: kernels have fewer than ten segments; programs that place many regions separately have
 * about a hundred.
 */
#define SEGMENTS_MAX 1024

#define FOR_LINUX "is a program for Linux; run it in one"

struct segment {
	u64 vaddr, paddr, offset, filesz, memsz;
};

struct elf_image {
	struct loader_file *file;
	Elf *elf;
	GElf_Ehdr header;
	unsigned count;
	struct segment segments[SEGMENTS_MAX]; /* the segments that occupy memory */
	bool for_linux; /* the file says that it is a program for Linux */
};

static const struct {
	u16 machine;
	const char *name;
} machines[] = {
	{EM_386, "32-bit x86"}, {EM_X86_64, "x86-64"},	   {EM_ARM, "32-bit ARM"},
	{EM_AARCH64, "arm64"},	{EM_MIPS, "MIPS"},	   {EM_PPC, "PowerPC"},
	{EM_PPC64, "PowerPC"},	{EM_S390, "IBM Z"},	   {EM_SPARCV9, "SPARC"},
	{EM_BPF, "BPF"},	{258, "LoongArch"},
};

bool loader_elf_is(const struct loader_head *head)
{
	return loader_head_has(head, 0, ELFMAG, SELFMAG);
}

/*
 * Refuses an ELF of another kind of machine. Checks only the identification bytes and the machine,
 * so that every foreign ELF gets the right message.
 */
static int check_foreign(struct loader_file *file)
{
	const struct loader_head *head = &file->head;
	bool big = head->bytes[EI_DATA] == ELFDATA2MSB;
	u16 machine = (u16)loader_head_u16(head, offsetof(Elf64_Ehdr, e_machine));

	if (head->size < EI_NIDENT)
		return loader_file_fail(file, -ENOEXEC,
					"is cut off in its ELF header; fetch it again");
	if (big)
		machine = __builtin_bswap16(machine);
	for (unsigned i = 0; i < ARRAY_SIZE(machines); i++) {
		if (machines[i].machine == machine)
			return loader_file_fail(file, -ENOEXEC,
						"is an ELF for %s; give one built for riscv64",
						machines[i].name);
	}
	if (big)
		return loader_file_fail(
			file, -ENOEXEC,
			"is a big-endian ELF; give one built for little-endian riscv64");
	if (head->bytes[EI_CLASS] == ELFCLASS32)
		return loader_file_fail(file, -ENOEXEC,
					"is a 32-bit (RV32) ELF; give one built for riscv64");
	return 0;
}

static int check_header(struct elf_image *image)
{
	struct loader_file *file = image->file;
	const GElf_Ehdr *header = &image->header;

	if (header->e_machine != EM_RISCV)
		return loader_file_fail(file, -ENOEXEC,
					"is an ELF for machine %u; give one built for riscv64",
					header->e_machine);
	if (header->e_type == ET_REL)
		return loader_file_fail(file, -ENOEXEC, "is an object file; link it first");
	if (header->e_type != ET_EXEC && header->e_type != ET_DYN)
		return loader_file_fail(file, -ENOEXEC,
					"is an ELF of type %u; give an executable one",
					header->e_type);
	if (header->e_phnum == 0)
		return loader_file_fail(file, -ENOEXEC,
					"has no program headers; link it as an executable");
	if (header->e_phnum == PN_XNUM || header->e_phentsize != sizeof(Elf64_Phdr))
		return loader_file_fail(file, -ENOEXEC,
					"has a damaged ELF header; build or fetch it again");
	/* libelf itself would read only the headers that are within the file, without an error. */
	if (!range_within(header->e_phoff, (u64)header->e_phnum * sizeof(Elf64_Phdr), 0,
			  file->size))
		return loader_file_fail(
			file, -ENOEXEC,
			"is cut off in its program headers; build or fetch it again");
	return 0;
}

/*
 * Returns 0, or -ENOMEM with an error if libelf had no memory, which errno tells if it was 0
 * before.
 */
static int elf_check_memory(struct loader_file *file)
{
	return errno == ENOMEM ? loader_file_fail(file, -ENOMEM, "not enough host memory") : 0;
}

/* Reports that libelf has failed: the file is damaged, or there was no memory. */
static int elf_fail(struct loader_file *file, const char *damage)
{
	int code = elf_check_memory(file);

	return code ? code : loader_file_fail(file, -ENOEXEC, "%s", damage);
}

static int open_elf(struct elf_image *image)
{
	int code = check_foreign(image->file);

	if (code)
		return code;
	elf_version(EV_CURRENT);
	errno = 0;
	image->elf = elf_begin(image->file->fd, ELF_C_READ, NULL);
	if (!image->elf || elf_kind(image->elf) != ELF_K_ELF ||
	    gelf_getclass(image->elf) != ELFCLASS64 || !gelf_getehdr(image->elf, &image->header))
		return elf_fail(image->file,
				"is cut off or damaged in its ELF header; fetch it again");
	return check_header(image);
}

/* Refuses a program for Linux, with a message that says how to run it in a Linux guest. */
static int refuse_linux(const struct loader_file *file, const char *problem, bool dynamic)
{
	const char *slash = strrchr(file->name, '/');
	int folder = slash ? (int)MAX(slash - file->name, 1) : 1;

	return loader_file_fail(file, -ENOEXEC, "%s: baya run %s--share=%.*s -- ./%s", problem,
				dynamic ? "-L /usr/riscv64-linux-gnu " : "", folder,
				slash ? file->name : ".", slash ? slash + 1 : file->name);
}

/*
 * Returns whether the notes name Linux as the program's operating system, as those of programs with
 * the GNU C library do.
 */
static bool notes_name_linux(const struct elf_image *image, const GElf_Phdr *ph)
{
	static const char owner[] = "GNU";
	size_t next = 0, name, text;
	GElf_Nhdr note;
	Elf_Data *data;

	if (!range_within(ph->p_offset, ph->p_filesz, 0, image->file->size))
		return false;
	data = elf_getdata_rawchunk(image->elf, (s64)ph->p_offset, ph->p_filesz, ELF_T_NHDR);
	while (data && (next = gelf_getnote(data, next, &note, &name, &text)) > 0) {
		const char *bytes = data->d_buf;
		u32 system;

		if (note.n_type != NT_GNU_ABI_TAG || note.n_namesz != sizeof(owner) ||
		    memcmp(bytes + name, owner, sizeof(owner)) || note.n_descsz < sizeof(system))
			continue;
		memcpy(&system, bytes + text, sizeof(system));
		return system == ELF_NOTE_OS_LINUX;
	}
	return false;
}

static int add_segment(struct elf_image *image, const GElf_Phdr *ph)
{
	struct loader_file *file = image->file;

	if (ph->p_type == PT_INTERP)
		return refuse_linux(file, FOR_LINUX, true);
	if (ph->p_type == PT_NOTE)
		image->for_linux |= notes_name_linux(image, ph);
	if (ph->p_type != PT_LOAD || (ph->p_memsz == 0 && ph->p_filesz == 0))
		return 0;
	if (ph->p_filesz > ph->p_memsz)
		return loader_file_fail(file, -ENOEXEC,
					"has a segment with more bytes in the file than in memory; "
					"build or fetch it again");
	if (!range_within(ph->p_offset, ph->p_filesz, 0, file->size))
		return loader_file_fail(file, -ENOEXEC,
					"is cut off: a segment ends at byte %lu of %llu; build or "
					"fetch it again",
					ph->p_offset + ph->p_filesz, file->size);
	if (ph->p_paddr + ph->p_memsz < ph->p_paddr)
		return loader_file_fail(file, -ENOEXEC,
					"has a segment at 0x%lx that wraps around; build or fetch "
					"it again",
					ph->p_paddr);
	if (image->count == SEGMENTS_MAX)
		return loader_file_fail(file, -ENOEXEC,
					"has more than %u segments; link it with fewer",
					SEGMENTS_MAX);
	image->segments[image->count++] = (struct segment){ ph->p_vaddr, ph->p_paddr, ph->p_offset,
							    ph->p_filesz, ph->p_memsz };
	return 0;
}

static int read_segments(struct elf_image *image)
{
	GElf_Phdr ph;
	int code = 0;

	image->for_linux = image->header.e_ident[EI_OSABI] == ELFOSABI_LINUX;
	for (int i = 0; !code && i < image->header.e_phnum; i++) {
		errno = 0;
		if (!gelf_getphdr(image->elf, i, &ph))
			return elf_fail(image->file,
					"has damaged program headers; build or fetch it again");
		code = add_segment(image, &ph);
	}
	if (!code && image->count == 0)
		return loader_file_fail(image->file, -ENOEXEC,
					"has nothing to load (no PT_LOAD segment); link it as an "
					"executable");
	return code;
}

/*
 * Moves an image that is linked from address 0 (vmlinux, position-independent firmware) to the
 * address `home`.
 */
static void relocate(struct elf_image *image, u64 home)
{
	u64 lowest = UINT64_MAX, end = 0;

	for (unsigned i = 0; i < image->count; i++) {
		const struct segment *s = &image->segments[i];

		lowest = MIN(lowest, s->paddr);
		end = MAX(end, s->paddr + s->memsz);
	}
	if (lowest != 0 || home == LOADER_NO_HOME || end + home < home)
		return;
	for (unsigned i = 0; i < image->count; i++)
		image->segments[i].paddr += home;
}

static bool is_memory(const struct loader *loader, u64 pa)
{
	return pa - loader->ram_base < loader->ram_size ||
	       pa - loader->flash_base < loader->flash_size;
}

/*
 * Refuses a program for Linux that is linked for a process, at addresses below RAM. Without a C
 * library nothing in the file tells it from a bare-metal program that is linked for another board,
 * so a file that has nothing in memory may be either.
 */
static int check_system(const struct loader *loader, const struct elf_image *image)
{
	bool below = false, elsewhere = false;
	char problem[160];

	for (unsigned i = 0; i < image->count; i++) {
		const struct segment *s = &image->segments[i];

		below |= s->paddr < loader->ram_base;
		elsewhere |= s->paddr != s->vaddr || s->paddr >= loader->ram_base ||
			     is_memory(loader, s->paddr);
	}
	if (below && image->for_linux)
		return refuse_linux(image->file, FOR_LINUX, false);
	if (elsewhere || !below)
		return 0;
	snprintf(problem, sizeof(problem),
		 "is linked for addresses below RAM, which begins at 0x%llx; link it there, or, if "
		 "it is a program for Linux or pk, run it in Linux",
		 loader->ram_base);
	return refuse_linux(image->file, problem, false);
}

/*
 * Returns how many bytes at the start of a segment no program needs at their addresses: the file's
 * headers and notes that lie below `memory`, up to the first other section, or the whole segment if
 * it has only notes.
 */
static u64 unneeded_of(const struct elf_image *image, const struct segment *s, u64 memory)
{
	u64 first = UINT64_MAX;
	bool notes = false;
	GElf_Shdr section;

	for (Elf_Scn *scn = elf_nextscn(image->elf, NULL); scn;
	     scn = elf_nextscn(image->elf, scn)) {
		u64 at;

		if (!gelf_getshdr(scn, &section) || !(section.sh_flags & SHF_ALLOC))
			continue;
		at = section.sh_addr - s->vaddr;
		if (section.sh_type == SHT_NOTE && at < s->filesz &&
		    range_within(s->paddr + at, section.sh_size, 0, memory))
			notes = true;
		else if (at < s->memsz)
			first = MIN(first, at);
	}
	if (first < s->filesz)
		return s->offset == 0 || notes ? first : 0;
	return notes && first == UINT64_MAX ? s->memsz : 0;
}

/*
 * Removes what no program needs from the segments that begin below RAM, or below flash, because of
 * it. A program that is linked with -Ttext=0x80000000 and without a linker script has the file's
 * headers there, and, as some compilers have the linker add one, a build ID, whose segment has
 * nothing else. QEMU writes them to their addresses, where no memory is. Returns 0 or -ENOMEM.
 */
static int drop_unneeded(const struct loader *loader, struct elf_image *image)
{
	unsigned kept = 0;

	errno = 0;
	for (unsigned i = 0; i < image->count; i++) {
		struct segment s = image->segments[i];
		u64 memory = s.paddr < loader->flash_base ? loader->flash_base : loader->ram_base;
		u64 cut = unneeded_of(image, &s, memory);

		if (s.paddr < memory && (cut == s.memsz || s.paddr + cut >= memory)) {
			s.vaddr += cut;
			s.paddr += cut;
			s.offset += cut;
			s.filesz -= MIN(cut, s.filesz);
			s.memsz -= cut;
		}
		if (s.memsz)
			image->segments[kept++] = s;
	}
	image->count = kept;
	return elf_check_memory(image->file);
}

/*
 * Finds the physical address for `addr`, which is a virtual address of a segment or is itself
 * physical. Searches the part of each segment that is in the file, or, if `in_file` is false, all
 * of its memory.
 */
static bool find_address(const struct elf_image *image, u64 addr, bool in_file, u64 *physical)
{
	for (unsigned n = 0; n < 2 * image->count; n++) {
		const struct segment *s = &image->segments[n % image->count];
		u64 offset = addr - (n < image->count ? s->vaddr : s->paddr);

		*physical = s->paddr + offset;
		if (offset < (in_file ? s->filesz : s->memsz) && *physical % 2 == 0)
			return true;
	}
	return false;
}

/*
 * Finds the physical address of the entry point. e_entry is usually a virtual address, but harts
 * start with address translation off.
 */
static int find_entry(const struct elf_image *image, u64 *entry)
{
	u64 linked = image->header.e_entry;

	if (find_address(image, linked, true, entry))
		return 0;
	/* objcopy --only-keep-debug keeps all segments, but without their bytes. */
	if (find_address(image, linked, false, entry))
		return loader_file_fail(
			image->file, -ENOEXEC,
			"has no code at its entry point 0x%llx, as a file of symbols alone: "
			"give the file that has the code, and this one to --symbols or GDB",
			linked);
	return loader_file_fail(image->file, -ENOEXEC,
				"has its entry point 0x%llx in no segment or at an odd address; "
				"link it with the right start symbol",
				linked);
}

static int compare_segments(const void *one, const void *other)
{
	const struct segment *a = one, *b = other;

	return a->paddr < b->paddr ? -1 : a->paddr > b->paddr;
}

/* Refuses segments whose bytes overlap: the format does not say which of them take precedence. */
static int check_overlap(const struct elf_image *image)
{
	const struct segment *before = NULL; /* the last segment so far that has bytes */

	for (unsigned i = 0; i < image->count; i++) {
		const struct segment *s = &image->segments[i];

		if (s->filesz == 0)
			continue;
		if (before && s->paddr < before->paddr + before->filesz)
			return loader_file_fail(image->file, -ENOEXEC,
						"has segments at 0x%llx and 0x%llx that overlap; "
						"correct its linker script",
						before->paddr, s->paddr);
		before = s;
	}
	return 0;
}

/* Finds the end of the segments, except for those for which no RAM is large enough. */
static u64 find_end(const struct loader *loader, const struct elf_image *image)
{
	u64 end = 0;

	for (unsigned i = 0; i < image->count; i++) {
		const struct segment *s = &image->segments[i];

		if (loader_may_hold(loader, s->paddr, s->memsz))
			end = MAX(end, s->paddr + s->memsz);
	}
	return end;
}

/* Claims the memory of the segments. Segments that overlap are claimed as one range. */
static int claim_segments(struct loader *loader, const struct elf_image *image)
{
	int code = 0;

	image->file->end = find_end(loader, image);
	for (unsigned i = 0; !code && i < image->count;) {
		u64 base = image->segments[i].paddr, end = base + image->segments[i].memsz;

		for (i++; i < image->count && image->segments[i].paddr < end; i++)
			end = MAX(end, image->segments[i].paddr + image->segments[i].memsz);
		code = loader_claim(loader, image->file, base, end - base);
	}
	return code;
}

/*
 * Copies the segments to memory. All memory to be zeroed is zeroed before any bytes are copied,
 * because linkers give .bss, and other sections without bytes, physical addresses that overlap each
 * other and the bytes of .data. The memory of a segment that has no bytes at all is not changed, as
 * in QEMU: it may be a .noinit section, which must survive a reset.
 */
static int copy_segments(struct loader *loader, struct elf_image *image)
{
	int code;

	qsort(image->segments, image->count, sizeof(*image->segments), compare_segments);
	code = check_overlap(image);
	if (!code)
		code = claim_segments(loader, image);
	for (unsigned i = 0; !code && i < image->count; i++) {
		const struct segment *s = &image->segments[i];

		if (s->filesz)
			loader_clear(loader, s->paddr + s->filesz, s->memsz - s->filesz);
	}
	for (unsigned i = 0; !code && i < image->count; i++) {
		const struct segment *s = &image->segments[i];

		code = loader_copy(loader, image->file, s->offset, s->paddr, s->filesz);
	}
	return code;
}

static int add_symbols(struct loader *loader, struct elf_image *image, u64 offset, bool fallback)
{
	struct symbols_segment segments[SEGMENTS_MAX];
	const struct symbols_file file = { image->elf, segments, image->count, offset, fallback };

	if (!loader->symbols)
		return 0;
	for (unsigned i = 0; i < image->count; i++) {
		const struct segment *s = &image->segments[i];

		segments[i] = (struct symbols_segment){
			s->vaddr + offset, s->paddr + offset, s->memsz,
			!is_memory(loader, s->paddr + offset),
		};
	}
	if (symbols_add(loader->symbols, &file))
		return loader_file_fail(image->file, -ENOMEM,
					"has too many symbols for the host's memory; strip it");
	return 0;
}

static void elf_describe(const struct elf_image *elf, struct loader_image *image)
{
	image->base = UINT64_MAX;
	image->end = 0;
	for (unsigned i = 0; i < elf->count; i++) {
		const struct segment *s = &elf->segments[i];

		image->base = MIN(image->base, s->paddr);
		image->end = MAX(image->end, s->paddr + s->memsz);
	}
}

int loader_elf_load(struct loader *loader, struct loader_file *file, u64 home,
		    struct loader_image *image)
{
	struct elf_image elf = { .file = file };
	int code = open_elf(&elf);

	if (!code)
		code = read_segments(&elf);
	if (!code) {
		relocate(&elf, home);
		code = drop_unneeded(loader, &elf);
	}
	if (!code)
		code = check_system(loader, &elf);
	if (!code)
		code = copy_segments(loader, &elf);
	if (!code && image) {
		elf_describe(&elf, image);
		code = find_entry(&elf, &image->entry);
	}
	if (!code)
		code = add_symbols(loader, &elf, 0, false);
	elf_end(elf.elf);
	return code;
}

int loader_elf_symbols(struct loader *loader, struct loader_file *file, u64 home,
		       const struct board_symbols *symbols)
{
	struct elf_image elf = { .file = file };
	size_t before = loader->symbols->count;
	int code = open_elf(&elf);

	if (!code)
		code = read_segments(&elf);
	if (!code) {
		relocate(&elf, symbols->offset ? LOADER_NO_HOME : home);
		code = add_symbols(loader, &elf, symbols->offset, symbols->fallback);
	}
	if (!code && loader->symbols->count == before)
		code = loader_file_fail(file, -ENOEXEC, "has no symbols; give one with symbols");
	elf_end(elf.elf);
	return code;
}
