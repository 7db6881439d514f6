/* SPDX-License-Identifier: MIT */
/* Tests that a host without memory is not taken for a damaged file, or for one without symbols. */
#include "tests/cmocka.h"

#include "loader_fixture.h"
#include "devices/boot/loader_stream.h"

#include <errno.h>
#include <gelf.h>
#include <string.h>

static unsigned calls, failing; /* of libelf; the number, from 1, of the call that fails */

static bool is_failing(void)
{
	if (++calls != failing)
		return false;
	errno = ENOMEM;
	return true;
}

Elf *__real_elf_begin(int fd, Elf_Cmd command, Elf *ref);
Elf *__wrap_elf_begin(int fd, Elf_Cmd command, Elf *ref);
GElf_Ehdr *__real_gelf_getehdr(Elf *elf, GElf_Ehdr *header);
GElf_Ehdr *__wrap_gelf_getehdr(Elf *elf, GElf_Ehdr *header);
GElf_Phdr *__real_gelf_getphdr(Elf *elf, int index, GElf_Phdr *header);
GElf_Phdr *__wrap_gelf_getphdr(Elf *elf, int index, GElf_Phdr *header);
Elf_Scn *__real_elf_nextscn(Elf *elf, Elf_Scn *section);
Elf_Scn *__wrap_elf_nextscn(Elf *elf, Elf_Scn *section);
Elf_Data *__real_elf_getdata(Elf_Scn *section, Elf_Data *data);
Elf_Data *__wrap_elf_getdata(Elf_Scn *section, Elf_Data *data);

int __real_memfd_create(const char *name, unsigned flags);
int __wrap_memfd_create(const char *name, unsigned flags);

static int refusal; /* the errno of memfd_create; 0: it succeeds */

int __wrap_memfd_create(const char *name, unsigned flags)
{
	if (!refusal)
		return __real_memfd_create(name, flags);
	errno = refusal;
	return -1;
}

Elf *__wrap_elf_begin(int fd, Elf_Cmd command, Elf *ref)
{
	return is_failing() ? NULL : __real_elf_begin(fd, command, ref);
}

GElf_Ehdr *__wrap_gelf_getehdr(Elf *elf, GElf_Ehdr *header)
{
	return is_failing() ? NULL : __real_gelf_getehdr(elf, header);
}

GElf_Phdr *__wrap_gelf_getphdr(Elf *elf, int index, GElf_Phdr *header)
{
	return is_failing() ? NULL : __real_gelf_getphdr(elf, index, header);
}

Elf_Scn *__wrap_elf_nextscn(Elf *elf, Elf_Scn *section)
{
	return is_failing() ? NULL : __real_elf_nextscn(elf, section);
}

Elf_Data *__wrap_elf_getdata(Elf_Scn *section, Elf_Data *data)
{
	return is_failing() ? NULL : __real_elf_getdata(section, data);
}

static int load(struct fixture *f)
{
	struct loader_image image;

	calls = 0;
	fixture_restart(f);
	return loader_program(&f->loader, f->path, &image);
}

static void test_no_memory(void **state)
{
	struct fixture *f = *state;
	static struct sample sample;
	unsigned all;

	sample_make(&sample, SAMPLE_ELF);
	fixture_file(f, sample.data, sample.size);
	failing = 0;
	assert_int_equal(load(f), 0);
	assert_true(f->symbols.count > 0);
	all = calls;
	assert_true(all > 6);
	for (failing = 1; failing <= all; failing++) {
		assert_int_equal(load(f), -ENOMEM);
		assert_int_equal(f->error.exit_code, 3);
		assert_non_null(strstr(f->error.text, "host"));
		assert_non_null(strstr(f->error.text, "memory"));
	}
}

/* The reason for which a file cannot be unpacked is not taken for missing memory. */
static void test_refused(void **state)
{
	static const int refusals[] = { EMFILE, EPERM };
	struct fixture *f = *state;
	struct loader_file file;

	fixture_file(f, "", 1);
	for (unsigned n = 0; n < ARRAY_SIZE(refusals); n++) {
		assert_int_equal(loader_file_open(&file, "symbols", f->path, &f->error), 0);
		refusal = refusals[n];
		assert_int_equal(loader_stream_unpack(&file), -refusal);
		assert_non_null(strstr(f->error.text, strerror(refusal)));
		refusal = 0;
		loader_file_close(&file);
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test_setup_teardown(test_no_memory, fixture_setup, fixture_teardown),
	cmocka_unit_test_setup_teardown(test_refused, fixture_setup, fixture_teardown),
	{ 0 },
};
