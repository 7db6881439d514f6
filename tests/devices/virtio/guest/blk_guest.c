/* SPDX-License-Identifier: MIT */
/* See blk_guest.h. */
#include "blk_guest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void blk_guest_report(void *ctx, const struct disk_failure *failure)
{
	struct blk_guest *f = ctx;

	f->reports += failure->first;
	f->failures++;
}

void blk_guest_make_file(struct blk_guest *f)
{
	int fd;

	strcpy(f->path, "/tmp/baya-blk-XXXXXX");
	fd = mkstemp(f->path);
	assert_int_equal(write(fd, f->content, sizeof(f->content)), sizeof(f->content));
	close(fd);
}

void blk_guest_start(struct blk_guest *f, bool readonly, unsigned queues)
{
	const struct virtio_blk_setup setup = { .queues = queues };

	blk_guest_start_as(f, readonly, &setup);
}

void blk_guest_start_as(struct blk_guest *f, bool readonly, const struct virtio_blk_setup *setup)
{
	struct virtio_blk_setup blk = *setup;

	blk.name = "virtio0";
	blk.disk = &f->disk;
	blk.serial = "serial-0123456789-more";
	guest_init(&f->guest, CLOCK_VIRTUAL);
	assert_int_equal(disk_open(&f->disk, f->path, readonly), 0);
	f->disk.report = blk_guest_report;
	f->disk.report_ctx = f;
	virtio_blk_init(&f->blk, &f->guest.platform, &blk);
	guest_attach(&f->guest, &f->blk.virtio);
}

void blk_guest_stop(struct blk_guest *f)
{
	guest_free(&f->guest);
	disk_close(&f->disk);
}

int blk_guest_teardown(void **state)
{
	struct blk_guest *f = *state;

	blk_guest_stop(f);
	assert_int_equal(unlink(f->path), 0);
	return 0;
}

void blk_guest_put_header(struct blk_guest *f, u32 type, u64 sector)
{
	u8 *header = guest_ram(&f->guest, HEADER);

	memcpy(header, &type, 4);
	memset(header + 4, 0xff, 4);
	memcpy(header + 8, &sector, 8);
	*(u8 *)guest_ram(&f->guest, STATUS) = UNTOUCHED;
}

void blk_guest_check_file(struct blk_guest *f)
{
	static u8 now[sizeof(f->content)];
	FILE *file = fopen(f->path, "rb");

	assert_non_null(file);
	assert_int_equal(fread(now, 1, sizeof(now), file), sizeof(now));
	assert_int_equal(fclose(file), 0);
	assert_memory_equal(now, f->content, sizeof(now));
}
