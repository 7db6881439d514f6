/* SPDX-License-Identifier: MIT */
/* Tests devices/virtio/blk.c with correct and with malformed requests. */
#include "blk_guest.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define F_SEG_MAX BIT(2)
#define F_RO BIT(5)
#define F_BLK_SIZE BIT(6)
#define F_FLUSH BIT(9)
#define F_TOPOLOGY BIT(10)
#define F_MQ BIT(12)
#define F_DISCARD BIT(13)
#define F_WRITE_ZEROES BIT(14)

enum { IN = 0, OUT = 1, FLUSH = 4, GET_ID = 8, DISCARD = 11, ZEROES = 13 };

/*
 * Counts of the host's calls. Writes fail with `host.error` if that is set. `direct` counts bytes
 * that are moved between the file and the guest's RAM, `beside` those that are moved to or from
 * other memory.
 */
static struct {
	unsigned flushes;
	int error;
	const u8 *ram;
	u64 direct, beside;
} host;

ssize_t __real_preadv(int fd, const struct iovec *iov, int count, off_t offset);
ssize_t __wrap_preadv(int fd, const struct iovec *iov, int count, off_t offset);
ssize_t __real_pwritev(int fd, const struct iovec *iov, int count, off_t offset);
int __real_fdatasync(int fd);
ssize_t __wrap_pwritev(int fd, const struct iovec *iov, int count, off_t offset);
int __wrap_fdatasync(int fd);

static void count_bytes(const struct iovec *iov, int count)
{
	for (int i = 0; i < count; i++) {
		u64 at = (u64)((const u8 *)iov[i].iov_base - host.ram);
		bool in_ram = range_within(at, iov[i].iov_len, 0, GUEST_RAM_SIZE);

		*(in_ram ? &host.direct : &host.beside) += iov[i].iov_len;
	}
}

ssize_t __wrap_preadv(int fd, const struct iovec *iov, int count, off_t offset)
{
	count_bytes(iov, count);
	return __real_preadv(fd, iov, count, offset);
}

ssize_t __wrap_pwritev(int fd, const struct iovec *iov, int count, off_t offset)
{
	count_bytes(iov, count);
	if (!host.error)
		return __real_pwritev(fd, iov, count, offset);
	errno = host.error;
	return -1;
}

int __wrap_fdatasync(int fd)
{
	host.flushes++;
	return __real_fdatasync(fd);
}

static int blk_setup(void **state)
{
	static struct blk_guest fixture;
	struct blk_guest *f = *state = &fixture;
	u64 seed = 3;

	memset(&host, 0, sizeof(host));
	memset(f, 0, sizeof(*f));
	for (size_t i = 0; i < sizeof(f->content); i++)
		f->content[i] = (u8)guest_random(&seed);
	blk_guest_make_file(f);
	blk_guest_start(f, false, 1);
	guest_start(&f->guest, &f->queue, guest_offered(&f->guest), 256);
	return 0;
}

/*
 * Runs a request that has a header, `size` bytes (perhaps 0) at BUFFER, and a status. Returns the
 * status, and the used length in *used.
 */
static u8 request(struct blk_guest *f, u32 type, u64 sector, u32 size, u32 *used)
{
	bool to_guest = type == IN || type == GET_ID;
	u32 ignored;

	blk_guest_put_header(f, type, sector);
	ring_desc(&f->queue, 0, HEADER, 16, FLAGS(F_NEXT, size ? 1 : 2));
	ring_desc(&f->queue, 1, BUFFER, size, FLAGS(F_NEXT | (to_guest ? F_WRITE : 0), 2));
	ring_desc(&f->queue, 2, STATUS, 1, FLAGS(F_WRITE, 0));
	*(used ? used : &ignored) = guest_run(&f->queue, 0);
	return *(u8 *)guest_ram(&f->guest, STATUS);
}

static void test_identity_and_config(void **state)
{
	struct blk_guest *f = *state;
	u64 offered = guest_offered(&f->guest);

	assert_int_equal(guest_get(&f->guest, MMIO_DEVICE_ID), 2);
	assert_true((offered & 0xffffff) ==
		    (F_SEG_MAX | F_BLK_SIZE | F_FLUSH | F_TOPOLOGY | F_DISCARD | F_WRITE_ZEROES));
	assert_int_equal(guest_get(&f->guest, MMIO_CONFIG), SECTORS);
	assert_int_equal(guest_get(&f->guest, MMIO_CONFIG + 4), 0);
	assert_int_equal(guest_get(&f->guest, MMIO_CONFIG + 12), 254); /* seg_max */
	assert_int_equal(guest_get(&f->guest, MMIO_CONFIG + 20), 512); /* blk_size */
	assert_true(guest_get(&f->guest, MMIO_CONFIG + 36) > 0); /* max_discard_sectors */
	assert_true(guest_get(&f->guest, MMIO_CONFIG + 40) > 0);
	assert_true(guest_get(&f->guest, MMIO_CONFIG + 48) > 0); /* max_write_zeroes_sectors */
	assert_true(guest_get(&f->guest, MMIO_CONFIG + 52) > 0);
	assert_int_equal(guest_get(&f->guest, MMIO_CONFIG + 56), 1); /* write_zeroes_may_unmap */
}

static void test_read_and_write(void **state)
{
	struct blk_guest *f = *state;
	u32 used;

	assert_int_equal(request(f, IN, 5, 3 * 512, &used), OK);
	assert_int_equal(used, 3 * 512 + 1);
	assert_memory_equal(guest_ram(&f->guest, BUFFER), f->content + 5 * 512, 3 * 512);
	assert_int_equal(request(f, OUT, SECTORS - 3, 3 * 512, &used), OK);
	assert_int_equal(used, 1);
	memcpy(f->content + (SECTORS - 3) * 512, f->content + 5 * 512, 3 * 512);
	blk_guest_check_file(f);
	assert_int_equal(request(f, FLUSH, 0, 0, &used), OK);
	assert_int_equal(used, 1);
}

/* Data is copied only once, by the host, between its page cache and the guest's RAM. */
static void test_one_copy_per_byte(void **state)
{
	struct blk_guest *f = *state;
	u32 size = 64 * KiB;

	host.ram = guest_ram(&f->guest, GUEST_RAM);
	assert_int_equal(request(f, IN, 0, size, NULL), OK);
	assert_int_equal(host.direct, size);
	assert_int_equal(request(f, OUT, 7, size, NULL), OK);
	assert_int_equal(host.direct, 2 * size);
	assert_int_equal(host.beside, 0);
}

/* The device makes no assumption on how a request is divided into descriptors (2.7.4). */
static void test_any_framing(void **state)
{
	struct blk_guest *f = *state;
	struct guest_queue *q = &f->queue;
	u64 seed = 11;

	for (unsigned round = 0; round < 300; round++) {
		u32 index = 0, at, part, total = 1024 + 1;
		u64 sector = guest_random(&seed) % (SECTORS - 2);

		blk_guest_put_header(f, IN, sector);
		for (at = 0; at < 16; at += part) {
			part = 1 + guest_random(&seed) % (16 - at);
			ring_desc(q, index, HEADER + at, part, FLAGS(F_NEXT, index + 1));
			index++;
		}
		for (at = 0; at < total; at += part) {
			part = 1 + guest_random(&seed) % MIN(total - at, 300u);
			ring_desc(q, index, BUFFER + at, part,
				  FLAGS(F_WRITE | (at + part < total ? F_NEXT : 0), index + 1));
			index++;
		}
		assert_int_equal(guest_run(q, 0), total);
		assert_memory_equal(guest_ram(&f->guest, BUFFER), f->content + sector * 512, 1024);
		assert_int_equal(*(u8 *)guest_ram(&f->guest, BUFFER + 1024), OK);
	}
}

static void test_full_ring_of_requests(void **state)
{
	struct blk_guest *f = *state;

	blk_guest_put_header(f, IN, 7);
	ring_desc(&f->queue, 0, HEADER, 16, FLAGS(F_NEXT, 1));
	ring_desc(&f->queue, 1, BUFFER, 512, FLAGS(F_NEXT | F_WRITE, 2));
	ring_desc(&f->queue, 2, STATUS, 1, FLAGS(F_WRITE, 0));
	for (unsigned i = 0; i < 256; i++)
		guest_offer(&f->queue, 0);
	guest_kick(&f->queue);
	assert_int_equal(guest_get16(&f->guest, f->queue.used + 2), 256);
	assert_false(guest_needs_reset(&f->guest));
}

static void test_bounds(void **state)
{
	static const struct {
		u64 sector;
		u32 size;
		u8 status;
	} cases[] = {
		{ SECTORS - 1, 512, OK },
		{ SECTORS, 512, IOERR },
		{ SECTORS - 1, 1024, IOERR },
		{ SECTORS, 0, OK },
		{ SECTORS + 1, 0, IOERR },
		{ UINT64_MAX, 512, IOERR },
		{ UINT64_MAX / 512, 512, IOERR },
		{ UINT64_MAX / 512 + 1, 512, IOERR }, /* sector * 512 wraps to 0 */
		{ 1ull << 55, 512, IOERR },
		{ 0, 511, IOERR },
		{ 0, 513, IOERR },
		{ 0, 1, IOERR },
	};
	struct blk_guest *f = *state;

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		u32 used;

		assert_int_equal(request(f, IN, cases[i].sector, cases[i].size, &used),
				 cases[i].status);
		assert_true(used <= cases[i].size + 1);
		assert_int_equal(request(f, OUT, cases[i].sector, cases[i].size, NULL),
				 cases[i].status);
		if (cases[i].status == OK)
			memcpy(f->content + cases[i].sector * 512, guest_ram(&f->guest, BUFFER),
			       cases[i].size);
	}
	blk_guest_check_file(f);
	assert_int_equal(f->reports, 0);
}

static void test_get_id(void **state)
{
	struct blk_guest *f = *state;
	u32 used;

	memset(guest_ram(&f->guest, BUFFER), 0xee, 32);
	assert_int_equal(request(f, GET_ID, 0, 20, &used), OK);
	assert_int_equal(used, 21);
	assert_memory_equal(guest_ram(&f->guest, BUFFER), "serial-0123456789-mo\xee", 21);
}

static void test_unsupported_types(void **state)
{
	struct blk_guest *f = *state;

	for (u32 type = 0; type < 64; type++)
		if (type != IN && type != OUT && type != FLUSH && type != GET_ID &&
		    type != DISCARD && type != ZEROES)
			assert_int_equal(request(f, type, 0, 512, NULL), UNSUPP);
	assert_int_equal(request(f, UINT32_MAX, 0, 512, NULL), UNSUPP);
	assert_int_equal(request(f, 0x80000000, 0, 512, NULL), UNSUPP);
}

static void put_segment(struct blk_guest *f, unsigned index, u64 sector, u32 count, u32 flags)
{
	u8 *segment = guest_ram(&f->guest, BUFFER + index * 16);

	memcpy(segment, &sector, 8);
	memcpy(segment + 8, &count, 4);
	memcpy(segment + 12, &flags, 4);
}

static void test_discard_and_write_zeroes(void **state)
{
	struct blk_guest *f = *state;

	put_segment(f, 0, 10, 3, 0);
	put_segment(f, 1, 100, 8, 0);
	assert_int_equal(request(f, DISCARD, 0, 32, NULL), OK);
	memset(f->content + 10 * 512, 0, 3 * 512);
	memset(f->content + 100 * 512, 0, 8 * 512);
	blk_guest_check_file(f);
	put_segment(f, 0, 20, 1, 0);
	put_segment(f, 1, 40, 9, 1);
	assert_int_equal(request(f, ZEROES, 0, 32, NULL), OK);
	memset(f->content + 20 * 512, 0, 512);
	memset(f->content + 40 * 512, 0, 9 * 512);
	blk_guest_check_file(f);
	f->disk.keeps_discarded = true;
	put_segment(f, 0, 30, 3, 0);
	assert_int_equal(request(f, DISCARD, 0, 16, NULL), OK);
	put_segment(f, 0, 50, 9, 1);
	assert_int_equal(request(f, ZEROES, 0, 16, NULL), OK);
	memset(f->content + 50 * 512, 0, 9 * 512);
	blk_guest_check_file(f);
}

static void test_discard_refusals(void **state)
{
	static const struct {
		u32 type;
		u32 size;
		u64 sector;
		u32 count, flags;
		u8 status;
	} cases[] = {
		{ DISCARD, 16, 0, 1, 1, UNSUPP }, /* the flag unmap is not defined for discard */
		{ DISCARD, 16, 0, 1, 2, UNSUPP },
		{ ZEROES, 16, 0, 1, 2, UNSUPP },
		{ ZEROES, 16, 0, 1, 0x80000001, UNSUPP },
		{ DISCARD, 0, 0, 1, 0, IOERR },
		{ DISCARD, 15, 0, 1, 0, IOERR },
		{ ZEROES, 17, 0, 1, 0, IOERR },
		{ ZEROES, 17 * 16, 0, 1, 0, IOERR }, /* more than max_write_zeroes_seg */
		{ DISCARD, 17 * 16, 0, 1, 0, IOERR },
		{ DISCARD, 16, SECTORS, 1, 0, IOERR },
		{ DISCARD, 16, SECTORS - 1, 2, 0, IOERR },
		{ DISCARD, 16, UINT64_MAX, 2, 0, IOERR },
		{ ZEROES, 16, 0, UINT32_MAX, 0, IOERR },
		{ ZEROES, 16, UINT64_MAX / 512 + 1, 1, 0, IOERR },
	};
	struct blk_guest *f = *state;

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		memset(guest_ram(&f->guest, BUFFER), 0, 512);
		put_segment(f, 0, cases[i].sector, cases[i].count, cases[i].flags);
		assert_int_equal(request(f, cases[i].type, 0, cases[i].size, NULL),
				 cases[i].status);
	}
	/* If one segment is invalid, none is carried out. */
	put_segment(f, 0, 0, 4, 0);
	put_segment(f, 1, SECTORS, 4, 0);
	assert_int_equal(request(f, ZEROES, 0, 32, NULL), IOERR);
	blk_guest_check_file(f);
}

/*
 * Writes of a driver without FLUSH are put onto the medium (5.2.6.2); those of another driver do
 * not wait for that.
 */
static void test_write_through_without_flush(void **state)
{
	struct blk_guest *f = *state;

	assert_int_equal(request(f, OUT, 0, 0, NULL), OK);
	assert_int_equal(host.flushes, 0);
	guest_start(&f->guest, &f->queue, BIT(32), 256);
	assert_int_equal(request(f, OUT, 0, 0, NULL), OK);
	assert_int_equal(host.flushes, 1);
	put_segment(f, 0, 10, 0, 0);
	assert_int_equal(request(f, DISCARD, 0, 16, NULL), OK);
	assert_int_equal(host.flushes, 2);
	assert_int_equal(request(f, IN, 0, 512, NULL), OK);
	assert_int_equal(host.flushes, 2);
}

static void test_read_only(void **state)
{
	struct blk_guest *f = *state;

	blk_guest_stop(f);
	blk_guest_start(f, true, 1);
	assert_true((guest_offered(&f->guest) & (F_RO | F_DISCARD | F_WRITE_ZEROES)) == F_RO);
	guest_start(&f->guest, &f->queue, BIT(32), 256);
	assert_int_equal(request(f, IN, 3, 512, NULL), OK);
	put_segment(f, 0, 10, 3, 0);
	assert_int_equal(request(f, OUT, 4, 512, NULL), IOERR);
	assert_int_equal(request(f, DISCARD, 0, 16, NULL), IOERR);
	assert_int_equal(request(f, ZEROES, 0, 16, NULL), IOERR);
	assert_int_equal(request(f, FLUSH, 0, 0, NULL), OK);
	blk_guest_check_file(f);
	assert_int_equal(f->reports, 0);
}

static void test_multi_queue(void **state)
{
	struct blk_guest *f = *state;
	struct guest_queue queues[4];

	blk_guest_stop(f);
	blk_guest_start(f, false, 4);
	assert_true(guest_offered(&f->guest) & F_MQ);
	u64 value;
	assert_true(bus_load(&f->guest.platform.bus, GUEST_SLOT + MMIO_CONFIG + 34, 2, &value));
	assert_int_equal(value, 4);
	assert_true(guest_negotiate(&f->guest, BIT(32) | F_MQ | F_FLUSH));
	for (unsigned i = 0; i < 4; i++)
		guest_queue_start(&f->guest, &queues[i], i, 32);
	guest_driver_ok(&f->guest);
	for (unsigned i = 0; i < 40; i++) {
		f->queue = queues[i % 4];
		assert_int_equal(request(f, IN, i, 512, NULL), OK);
		assert_memory_equal(guest_ram(&f->guest, BUFFER), f->content + i * 512, 512);
		queues[i % 4] = f->queue;
	}
}

/*
 * A feature that is withheld is not offered to the guest, and the ring has the configured number of
 * entries.
 */
static void test_setup_reaches_guest(void **state)
{
	const struct virtio_blk_setup setup = { .queues = 1, .queue_size = 1024,
						.withheld = F_DISCARD };
	struct blk_guest *f = *state;

	blk_guest_stop(f);
	blk_guest_start_as(f, false, &setup);
	assert_true((guest_offered(&f->guest) & (F_DISCARD | F_WRITE_ZEROES)) == F_WRITE_ZEROES);
	assert_int_equal(guest_get(&f->guest, MMIO_CONFIG + 12), 1022); /* seg_max */
	guest_start(&f->guest, &f->queue, guest_offered(&f->guest), 1024);
	assert_int_equal(guest_get(&f->guest, MMIO_QUEUE_NUM_MAX), 1024);
	assert_int_equal(request(f, IN, 1, 512, NULL), OK);
}

static void test_host_errors_reach_guest_and_user_once(void **state)
{
	static const int errors[] = { EIO, ENOSPC, EDQUOT, EFBIG };
	struct blk_guest *f = *state;
	u32 used;

	for (unsigned i = 0; i < ARRAY_SIZE(errors); i++) {
		host.error = errors[i];
		assert_int_equal(request(f, OUT, 0, 512, NULL), IOERR);
	}
	host.error = 0;
	assert_int_equal(f->reports, 1);
	assert_int_equal(request(f, OUT, 0, 512, NULL), OK);
	assert_int_equal(truncate(f->path, 100 * 512), 0);
	assert_int_equal(request(f, IN, 99, 1024, &used), IOERR);
	assert_int_equal(used, 0); /* the number of bytes written is not reported */
	assert_int_equal(f->reports, 1);
	assert_int_equal(truncate(f->path, sizeof(f->content)), 0);
	assert_int_equal(request(f, IN, 99, 1024, NULL), OK);
	assert_false(guest_needs_reset(&f->guest));
}

static void test_malformed_requests_need_reset(void **state)
{
	struct blk_guest *f = *state;
	struct guest_queue *q = &f->queue;

	for (u32 size = 1; size <= 17; size++) {
		guest_start(&f->guest, q, BIT(32), 256);
		blk_guest_put_header(f, IN, 0);
		ring_desc(q, 0, HEADER, size, FLAGS(size == 17 ? 0 : F_NEXT, 1));
		ring_desc(q, 1, STATUS, 1, FLAGS(F_WRITE, 0));
		guest_submit(q, 0);
		/* The header is too short, or (17) there is no room for the status. */
		assert_int_equal(guest_needs_reset(&f->guest), size != 16);
		assert_int_equal(guest_get16(&f->guest, q->used + 2), size == 16);
	}
	guest_start(&f->guest, q, BIT(32), 256);
	ring_desc(q, 0, STATUS, 1, FLAGS(F_WRITE, 0));
	guest_submit(q, 0);
	assert_true(guest_needs_reset(&f->guest));
}

/* A read writes only the bytes that the driver requested. */
static void test_nothing_written_beside_the_buffers(void **state)
{
	struct blk_guest *f = *state;
	u8 *buffer = guest_ram(&f->guest, BUFFER - 512);

	memset(buffer, 0xa5, 2048);
	assert_int_equal(request(f, IN, 1, 512, NULL), OK);
	for (unsigned i = 0; i < 512; i++) {
		assert_int_equal(buffer[i], 0xa5);
		assert_int_equal(buffer[1024 + i], 0xa5);
	}
	assert_int_equal(*(u8 *)guest_ram(&f->guest, STATUS + 1), 0);
}

#define PIECE (32 * MiB)
#define PIECES 5

/* Begins a read of PIECES * PIECE bytes. */
static void submit_long(struct blk_guest *f)
{
	blk_guest_put_header(f, IN, 0);
	ring_desc(&f->queue, 0, HEADER, 16, FLAGS(F_NEXT, 1));
	for (u32 n = 1; n <= PIECES; n++)
		ring_desc(&f->queue, n, BUFFER, PIECE, FLAGS(F_WRITE | F_NEXT, n + 1));
	ring_desc(&f->queue, PIECES + 1, STATUS, 1, FLAGS(F_WRITE, 0));
	guest_submit(&f->queue, 0);
}

/*
 * A request that is longer than a turn is carried out in several, between which the machine can be
 * saved, and a reset forgets it.
 */
static void test_long_request_takes_several_turns(void **state)
{
	struct blk_guest *f = *state;
	u64 marked = (PIECES - 1) * PIECE + 512;

	blk_guest_stop(f);
	assert_int_equal(truncate(f->path, PIECES * PIECE), 0);
	blk_guest_start(f, false, 1);
	assert_int_equal(pwrite(f->disk.fd, "mark", 4, (off_t)marked), 4);
	host.ram = f->guest.ram.host;
	for (unsigned reset = 0; reset < 2; reset++) {
		guest_start(&f->guest, &f->queue, guest_offered(&f->guest), 256);
		host.direct = host.beside = 0;
		submit_long(f);
		assert_int_equal(host.direct, 2 * PIECE);
		assert_int_equal(*(u8 *)guest_ram(&f->guest, STATUS), UNTOUCHED);
	}
	assert_int_equal(guest_clone(&f->guest, &f->guest), 0);
	guest_sleep(&f->guest, 100000);
	assert_int_equal(host.direct, PIECES * PIECE);
	assert_int_equal(host.beside, 0);
	assert_int_equal(*(u8 *)guest_ram(&f->guest, STATUS), OK);
	assert_int_equal(guest_get16(&f->guest, f->queue.used + 2), 1);
	assert_memory_equal(guest_ram(&f->guest, BUFFER + 512), "mark", 4);
	assert_memory_equal(guest_ram(&f->guest, BUFFER), "\0\0\0\0", 4);
}

/* A driver that stops the queue, or changes the request, in the middle begins anew. */
static void test_long_request_is_forgotten(void **state)
{
	struct blk_guest *f = *state;

	blk_guest_stop(f);
	assert_int_equal(truncate(f->path, PIECES * PIECE), 0);
	blk_guest_start(f, false, 1);
	assert_int_equal(pwrite(f->disk.fd, "mark", 4, 0), 4);
	host.ram = f->guest.ram.host;
	for (unsigned round = 0; round < 2; round++) {
		guest_start(&f->guest, &f->queue, guest_offered(&f->guest), 256);
		submit_long(f);
		if (round == 0) {
			guest_set(&f->guest, MMIO_QUEUE_SEL, 0);
			guest_set(&f->guest, MMIO_QUEUE_READY, 0);
			guest_queue_start(&f->guest, &f->queue, 0, 256);
		} else {
			blk_guest_put_header(f, IN, PIECES * PIECE);
			guest_sleep(&f->guest, 100000);
			assert_int_equal(*(u8 *)guest_ram(&f->guest, STATUS), IOERR);
			assert_true(guest_returned(&f->queue));
		}
		memset(guest_ram(&f->guest, BUFFER), 0, 4);
		assert_int_equal(request(f, IN, 0, 512, NULL), OK);
		assert_memory_equal(guest_ram(&f->guest, BUFFER), "mark", 4);
	}
}

static void test_state_of_another_disk_is_refused(void **state)
{
	struct blk_guest *f = *state;

	assert_int_equal(guest_clone(&f->guest, &f->guest), 0);
	f->blk.sectors++;
	assert_int_equal(guest_clone(&f->guest, &f->guest), -EINVAL);
	assert_int_equal(guest_clone(&f->guest, &f->guest), 0);
	assert_int_equal(request(f, IN, 1, 512, NULL), OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, blk_setup, blk_guest_teardown)
const struct CMUnitTest unit_tests[] = {
	TEST(test_identity_and_config),
	TEST(test_read_and_write),
	TEST(test_one_copy_per_byte),
	TEST(test_any_framing),
	TEST(test_full_ring_of_requests),
	TEST(test_bounds),
	TEST(test_get_id),
	TEST(test_unsupported_types),
	TEST(test_discard_and_write_zeroes),
	TEST(test_discard_refusals),
	TEST(test_write_through_without_flush),
	TEST(test_read_only),
	TEST(test_multi_queue),
	TEST(test_setup_reaches_guest),
	TEST(test_host_errors_reach_guest_and_user_once),
	TEST(test_malformed_requests_need_reset),
	TEST(test_nothing_written_beside_the_buffers),
	TEST(test_long_request_takes_several_turns),
	TEST(test_long_request_is_forgotten),
	TEST(test_state_of_another_disk_is_refused),
	{ 0 },
};
