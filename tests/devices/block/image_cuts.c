/* SPDX-License-Identifier: MIT */
/* See image_cuts.h. */
#include "image_cuts.h"
#include "wrapped_calls.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILE_MAX (8 * MiB)
#define WRITES_MAX 20000

/* A recorded change of the file. */
struct write {
	enum { WRITE, HOLE, SYNC } kind;
	u64 offset, size;
	u8 *data;
};

static struct write writes[WRITES_MAX];
static unsigned write_count;
static bool recording;
static u8 first[FILE_MAX];
static u64 first_size;

static u8 *record(int kind, u64 offset, u64 size)
{
	struct write *write = &writes[write_count];

	if (!recording)
		return NULL;
	assert_true(++write_count < WRITES_MAX);
	*write = (struct write){ kind, offset, size, kind == WRITE ? malloc(size) : NULL };
	return write->data;
}

ssize_t __wrap_pwrite(int fd, const void *data, size_t size, off_t offset)
{
	u8 *copy = record(WRITE, (u64)offset, size);

	if (copy)
		memcpy(copy, data, size);
	return __real_pwrite(fd, data, size, offset);
}

ssize_t __wrap_pwritev(int fd, const struct iovec *iov, int count, off_t offset)
{
	u64 size = 0;
	u8 *copy;

	for (int n = 0; n < count; n++)
		size += iov[n].iov_len;
	copy = record(WRITE, (u64)offset, size);
	for (int n = 0; copy && n < count; n++) {
		memcpy(copy, iov[n].iov_base, iov[n].iov_len);
		copy += iov[n].iov_len;
	}
	return __real_pwritev(fd, iov, count, offset);
}

int __wrap_fallocate(int fd, int mode, off_t offset, off_t size)
{
	record(HOLE, (u64)offset, (u64)size);
	return __real_fallocate(fd, mode, offset, size);
}

int __wrap_fdatasync(int fd)
{
	record(SYNC, 0, 0);
	return 0;
}

void cuts_begin(void)
{
	first_size = get_file("i", first, sizeof(first));
	assert_true(first_size < sizeof(first));
	recording = true;
}

void cuts_end(void)
{
	recording = false;
}

void cuts_forget(void)
{
	while (write_count)
		free(writes[--write_count].data);
}

unsigned cuts_count(void)
{
	return write_count;
}

static void do_again(int fd, const struct write *write)
{
	if (write->kind == WRITE)
		assert_int_equal(__real_pwrite(fd, write->data, write->size, (off_t)write->offset),
				 write->size);
	if (write->kind == HOLE)
		__real_fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
				 (off_t)write->offset, (off_t)write->size);
}

void cuts_check_tables(unsigned cut)
{
	static char text[2000];
	int code = run_tool("qemu-img check -f qcow2 cut");

	/* Leaks are code 3. */
	if (WEXITSTATUS(code) != 0 && WEXITSTATUS(code) != 3) {
		get_file("log", text, sizeof(text) - 1);
		fail_msg("cut at %u of %u: %s", cut, write_count, text);
	}
}

static int begin_cut(void)
{
	put_file("cut", first, first_size);
	return open(at("cut"), O_RDWR | O_CLOEXEC);
}

/* Returns whether this is a write of the header's fields. */
static bool is_header(const struct write *write)
{
	return write->kind == WRITE && write->offset < 512;
}

void cuts_of_process(unsigned times, cuts_look *look)
{
	unsigned every = 1 + write_count / times;
	int fd = begin_cut();

	for (unsigned n = 0; n < write_count; n++) {
		do_again(fd, &writes[n]);
		if (n % every && !is_header(&writes[n]))
			continue;
		look(n + 1);
	}
	close(fd);
}

void cuts_of_power(unsigned times, cuts_look *look)
{
	for (unsigned n = 0; n < times; n++) {
		unsigned cut = below(write_count + 1), synced, odds = 1 + below(4);
		unsigned later = n % 2 ? below(20) : 0;
		int fd = begin_cut();

		/* Every second cut is soon after a write of the header. */
		while (n % 2 && cut && !is_header(&writes[cut - 1]))
			cut--;
		cut = MIN(cut + later, write_count);
		synced = cut;
		while (synced && writes[synced - 1].kind != SYNC)
			synced--;
		for (unsigned k = 0; k < cut; k++)
			if (k < synced || !below(odds))
				do_again(fd, &writes[k]);
		close(fd);
		look(cut);
	}
}
