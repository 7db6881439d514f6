/* SPDX-License-Identifier: MIT */
/* See cli/program.h. */
#include "frontends/cli/program.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frontends/host/keyval.h"

#define PATH_ROOM 4096

/* Returns the dynamic linker that an ELF program needs; NULL if it needs none. The text lives as
 * long as `elf`. */
static const char *interpreter_of(Elf *elf)
{
	GElf_Phdr header;
	size_t count, size;
	const char *raw = elf_rawfile(elf, &size);

	if (!raw || elf_getphdrnum(elf, &count))
		return NULL;
	for (size_t n = 0; n < count; n++)
		if (gelf_getphdr(elf, (int)n, &header) && header.p_type == PT_INTERP &&
		    header.p_offset < size && header.p_filesz &&
		    header.p_filesz <= size - header.p_offset &&
		    !raw[header.p_offset + header.p_filesz - 1])
			return raw + header.p_offset;
	return NULL;
}

/* Checks that the folder of -L has the dynamic linker. Links are not followed here, because an
 * absolute link leads to another place in the guest. */
static int check_interpreter(const char *sysroot, const char *name, const char *interpreter,
			     struct board_error *error)
{
	char path[PATH_ROOM];
	struct stat what;

	if (!sysroot)
		return keyval_fail(error,
				   "baya run: '%s' is linked dynamically, and the bundled guest "
				   "has no %.100s; link it with -static, or name a folder that has "
				   "it: -L /usr/riscv64-linux-gnu",
				   name, interpreter);
	if (snprintf(path, sizeof(path), "%s/%s", sysroot, interpreter) < (int)sizeof(path) &&
	    !lstat(path, &what))
		return 0;
	return keyval_fail(error,
			   "baya run: '%s' is linked dynamically, and -L %s has no %.100s; give a "
			   "folder that has it, such as /usr/riscv64-linux-gnu",
			   name, sysroot, interpreter);
}

/* Returns the largest number of zeros with which a segment ends. Linux refuses to map more than all
 * of its memory at once, and then it is too late for execve to fail: the program gets SIGSEGV. */
static u64 most_zeros(Elf *elf)
{
	GElf_Phdr header;
	size_t count;
	u64 most = 0;

	if (elf_getphdrnum(elf, &count))
		return 0;
	for (size_t n = 0; n < count; n++)
		if (gelf_getphdr(elf, (int)n, &header) && header.p_type == PT_LOAD &&
		    header.p_memsz > header.p_filesz)
			most = MAX(most, header.p_memsz - header.p_filesz);
	return most;
}

static int check_elf(Elf *elf, const struct program_place *place, const char *name,
		     struct board_error *error)
{
	const char *interpreter = interpreter_of(elf);
	GElf_Ehdr header;

	if (!gelf_getehdr(elf, &header))
		return 0;
	if (header.e_machine != EM_RISCV || header.e_ident[EI_CLASS] != ELFCLASS64)
		return keyval_fail(error,
				   "baya run: '%s' is a program for another processor; the "
				   "guest is a riscv64 Linux (riscv64-linux-gnu-gcc -static "
				   "compiles for it)",
				   name);
	if (most_zeros(elf) > place->memory)
		return keyval_fail(error,
				   "baya run: '%s' has %llu MiB of variables (.bss), and the guest "
				   "has %llu MiB of memory; give it more, as by -m %lluM",
				   name, most_zeros(elf) / MiB, place->memory / MiB,
				   most_zeros(elf) / MiB + place->memory / MiB);
	return interpreter ? check_interpreter(place->sysroot, name, interpreter, error) : 0;
}

/* Returns the rest of a path that is that of the folder or of something in it, or NULL; both have
 * their links resolved, as the guest resolves them. The rest is empty or begins with a slash. */
static const char *rest_of(const char *folder, const char *path)
{
	size_t size = strlen(folder);

	/* The root's path ends with the slash with which the rest begins. */
	if (folder[size - 1] == '/')
		size--;
	return !strncmp(path, folder, size) && (!path[size] || path[size] == '/') ? path + size :
										    NULL;
}

char *options_below(const char *shared)
{
	char *folder = realpath(shared, NULL), *here = realpath(".", NULL);
	const char *rest = folder && here ? rest_of(folder, here) : NULL;
	char *below = rest ? strdup(rest) : NULL;

	free(folder);
	free(here);
	return below;
}

/* Returns whether the guest has files of its own in a folder of the host, given by its real path,
 * so that the script mounts a share of it only at /mnt. */
static bool is_covered(const char *shared)
{
	static const char *const folders[] = { "/",     "/bin",     "/dev",      "/etc",
					       "/proc", "/run",     "/sbin",     "/sys",
					       "/usr",  "/usr/bin", "/usr/sbin", "/var" };

	for (unsigned n = 0; n < ARRAY_SIZE(folders); n++)
		if (!strcmp(shared, folders[n]))
			return true;
	return false;
}

/* Refuses a file that is in a share which is only at /mnt, but is not named so. `rest` is that of
 * its path. */
static int check_covered(const char *shared, const char *name, const char *rest,
			 struct board_error *error)
{
	if (*name != '/' || !is_covered(shared))
		return 0;
	return keyval_fail(error,
			   "baya run: '%s' is /mnt%s in the guest, which has files of its own in "
			   "%s; give that name",
			   name, rest, shared);
}

/* Refuses a file of the host, given by its real path, that is outside the shared folder. */
static int check_seen(const char *folder, const char *name, const char *real,
		      struct board_error *error)
{
	char *shared = folder ? realpath(folder, NULL) : NULL;
	bool here = !folder && *name != '/' && !strstr(name, "..");
	const char *rest = shared ? rest_of(shared, real) : NULL;
	bool seen = rest && *rest;
	int failed = seen ? check_covered(shared, name, rest, error) : 0;

	free(shared);
	if (seen)
		return failed;
	return keyval_fail(error,
			   "baya run: '%s' is a file of the host, which the guest does not see; "
			   "share its folder: baya run --share=%.*s -- %s",
			   name, here ? 1 : MAX((int)(strrchr(real, '/') - real), 1),
			   here ? "." : real, here ? name : real);
}

static int check_file(int file, const struct program_place *place, const char *name,
		      struct board_error *error)
{
	int failed = 0;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_begin(file, ELF_C_READ, NULL);
	if (elf && elf_kind(elf) == ELF_K_ELF)
		failed = check_elf(elf, place, name, error);
	elf_end(elf);
	return failed;
}

/* Returns whether a name is that of one of the guest's programs (busybox), whatever file of this
 * name the host has. */
static bool is_guests(const char *name)
{
	static const char *const folders[] = { "/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/" };

	for (unsigned n = 0; n < ARRAY_SIZE(folders); n++)
		if (!strncmp(name, folders[n], strlen(folders[n])))
			return true;
	return !strchr(name, '/');
}

/* Opens a program from a folder. The path is written to `path`, of PATH_ROOM bytes. */
static int open_from(const char *from, const char *name, char *path)
{
	if (snprintf(path, PATH_ROOM, "%s/%s", from, name) >= PATH_ROOM)
		return -1;
	return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

/* Opens a program as the command does: from the current folder if the guest sees it, or else from
 * the shared one. If it is not there, the user may have meant a file of the current folder. */
static int open_program(const char *shared, const char *name, char *path)
{
	char *below = shared ? options_below(shared) : NULL;
	int file = open_from(*name == '/' ? "" : shared && !below ? shared : ".", name, path);

	free(below);
	return file >= 0 || *name == '/' ? file : open_from(".", name, path);
}

int options_check_program(const struct program_place *place, const char *name,
			  struct board_error *error)
{
	const char *folder = place->shared;
	char path[PATH_ROOM], *real;
	struct stat what;
	int file, failed;

	file = is_guests(name) ? -1 : open_program(folder, name, path);
	if (file < 0)
		return 0;
	failed = check_file(file, place, name, error);
	real = realpath(path, NULL);
	if (!failed && real && !fstat(file, &what) && S_ISREG(what.st_mode))
		failed = check_seen(folder, name, real, error);
	free(real);
	close(file);
	return failed;
}
