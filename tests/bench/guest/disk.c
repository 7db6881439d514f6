/* SPDX-License-Identifier: MIT */
/*
 * disk read|write sequential|random BLOCK DEPTH COUNT: reads or writes COUNT blocks of BLOCK bytes
 * of /dev/vda, bypassing the guest's page cache, with DEPTH of them in flight at a time. Prints
 * `begin` and `end`, between which the host's clock measures. Each block contains its own number,
 * which is compared when the block is read.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DEPTH_MAX 64
#define PAGE 4096

struct work {
	int fd;
	int command; /* IOCB_CMD_PREAD or IOCB_CMD_PWRITE */
	int random;
	size_t block;
	unsigned depth;
	uint64_t count, on_disk; /* in blocks */
	uint64_t begun, seed;
	struct iocb control[DEPTH_MAX];
	aio_context_t context;
};

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* Writes into each page of a block the page's own number. */
static void put_pages(const struct work *work, uint64_t *page, uint64_t offset)
{
	for (size_t at = 0; at < work->block; at += PAGE)
		page[at / sizeof(*page)] = (offset + at) / PAGE;
}

static void check_pages(const struct work *work, const uint64_t *page, uint64_t offset)
{
	for (size_t at = 0; at < work->block; at += PAGE)
		if (page[at / sizeof(*page)] != (offset + at) / PAGE) {
			printf("wrong data at byte %lu\n", offset + at);
			exit(1);
		}
}

static uint64_t next_block(struct work *work)
{
	if (!work->random)
		return work->begun % work->on_disk;
	work->seed = work->seed * 6364136223846793005u + 1442695040888963407u;
	return (work->seed >> 32) % work->on_disk;
}

static void begin_one(struct work *work, struct iocb *control)
{
	void *data = (void *)(uintptr_t)control->aio_buf;

	control->aio_offset = (int64_t)(next_block(work) * work->block);
	work->begun++;
	if (work->command == IOCB_CMD_PWRITE)
		put_pages(work, data, (uint64_t)control->aio_offset);
	if (syscall(SYS_io_submit, work->context, 1, &control) != 1)
		die("io_submit");
}

static void run(struct work *work)
{
	struct io_event events[DEPTH_MAX];
	uint64_t done = 0;

	for (unsigned i = 0; i < work->depth && i < work->count; i++)
		begin_one(work, &work->control[i]);
	while (done < work->count) {
		long got = syscall(SYS_io_getevents, work->context, 1, (long)work->depth, events,
				   NULL);

		if (got < 1)
			die("io_getevents");
		for (long i = 0; i < got; i++) {
			struct iocb *control = (void *)(uintptr_t)events[i].obj;

			if (events[i].res != (int64_t)work->block)
				die("a transfer");
			if (work->command == IOCB_CMD_PREAD)
				check_pages(work, (void *)(uintptr_t)control->aio_buf,
					    (uint64_t)control->aio_offset);
			if (work->begun < work->count)
				begin_one(work, control);
		}
		done += (uint64_t)got;
	}
}

static void prepare(struct work *work)
{
	off_t size;

	work->fd = open("/dev/vda", O_RDWR | O_DIRECT);
	size = work->fd < 0 ? -1 : lseek(work->fd, 0, SEEK_END);
	if (size < 0)
		die("/dev/vda");
	work->on_disk = (uint64_t)size / work->block;
	if (syscall(SYS_io_setup, work->depth, &work->context))
		die("io_setup");
	for (unsigned i = 0; i < work->depth; i++) {
		void *data = aligned_alloc(PAGE, work->block);

		if (!data)
			die("memory");
		memset(data, 1, work->block);
		work->control[i] = (struct iocb){
			.aio_fildes = (uint32_t)work->fd,
			.aio_lio_opcode = (uint16_t)work->command,
			.aio_buf = (uint64_t)(uintptr_t)data,
			.aio_nbytes = work->block,
		};
	}
}

int main(int count, char **words)
{
	struct work work = { .seed = 1 };

	if (count != 6)
		return 2;
	work.command = strcmp(words[1], "read") ? IOCB_CMD_PWRITE : IOCB_CMD_PREAD;
	work.random = !strcmp(words[2], "random");
	work.block = strtoul(words[3], NULL, 0);
	work.depth = (unsigned)strtoul(words[4], NULL, 0);
	work.count = strtoul(words[5], NULL, 0);
	if (work.block < PAGE || work.block % PAGE || !work.depth || work.depth > DEPTH_MAX)
		return 2;
	prepare(&work);
	puts("begin");
	fflush(stdout);
	run(&work);
	puts("end");
	return 0;
}
