/* SPDX-License-Identifier: MIT */
/*
 * Tests devices/virtio/p9.c: complete and incomplete messages in chains, and what the journal
 * records of them.
 */
#include "guest.h"
#include "devices/device_type.h"
#include "devices/virtio/p9.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REQUEST GUEST_DATA
#define REPLY (GUEST_DATA + 4096)

struct fixture {
	struct guest guest;
	struct guest_queue queue;
	struct virtio_p9 p9;
};

static char folder[32];

static void p9_start(struct fixture *f)
{
	static const struct share_properties properties = { .path = folder, .tag = "tag" };
	const struct device_context context = { .platform = &f->guest.platform,
						 .descriptors = 512 };
	struct device_setup setup = { .context = &context, .name = "9p0",
				      .properties = &properties };
	struct virtio *virtio;

	memset(f, 0, sizeof(*f));
	guest_init(&f->guest, CLOCK_VIRTUAL);
	assert_int_equal(virtio_p9_device.create(&f->p9, &setup, &virtio), 0);
	guest_attach(&f->guest, virtio);
	guest_start(&f->guest, &f->queue, guest_offered(&f->guest), 128);
}

static void p9_stop(struct fixture *f)
{
	virtio_p9_device.free(&f->p9);
	guest_free(&f->guest);
}

static int setup(void **state)
{
	static struct fixture fixture;

	strcpy(folder, "/tmp/baya-9p-XXXXXX");
	assert_non_null(mkdtemp(folder));
	*state = &fixture;
	p9_start(&fixture);
	return 0;
}

static int teardown(void **state)
{
	p9_stop(*state);
	return rmdir(folder);
}

/* Tversion, msize 8192; 21 bytes. */
static const u8 version[] = "\25\0\0\0\144\377\377\0\40\0\0\10\0"
			    "9P2000.L";

/* Offers a chain with a request of `out` bytes, and with room for `in` bytes. */
static void p9_offer(struct fixture *f, const void *request, u32 out, u32 in)
{
	memcpy(guest_ram(&f->guest, REQUEST), request, out);
	memset(guest_ram(&f->guest, REPLY), 0xee, 4096);
	ring_desc(&f->queue, 0, REQUEST, out, FLAGS(in ? F_NEXT : 0, 1));
	ring_desc(&f->queue, 1, REPLY, in, FLAGS(F_WRITE, 0));
}

static void test_version(void **state)
{
	struct fixture *f = *state;
	u8 want[sizeof(version) - 1];

	p9_offer(f, version, 21, 4096);
	assert_int_equal(guest_run(&f->queue, 0), 21);
	memcpy(want, version, sizeof(want));
	want[4] = 101;
	assert_memory_equal(guest_ram(&f->guest, REPLY), want, sizeof(want));
	assert_int_equal(((u8 *)guest_ram(&f->guest, REPLY))[21], 0xee);
	assert_int_equal(guest_get(&f->guest, MMIO_DEVICE_ID), 9);
	assert_int_equal(guest_get(&f->guest, MMIO_CONFIG) & 0xffffff, 't' << 16 | 3);
}

/* Tattach of fid 5, 23 bytes; and Tgetattr of that fid for all attributes, 19 bytes. */
static const u8 attach_fid[] = "\27\0\0\0\150\1\0\5\0\0\0\377\377\377\377\0\0\0\0\0\0\0\0";
static const u8 getattr_fid[] = "\23\0\0\0\30\1\0\5\0\0\0\377\7\0\0\0\0\0\0";

/* A mounted folder makes snapshots fail; in a loaded machine it is not mounted. */
static void test_snapshots(void **state)
{
	struct fixture *f = *state;
	struct state *machine = &f->guest.platform.state;
	const u8 *reply = guest_ram(&f->guest, REPLY);
	char why[200], want[200];

	assert_false(state_bound(machine, why, sizeof(why)));
	p9_offer(f, version, 21, 4096);
	guest_run(&f->queue, 0);
	assert_false(state_bound(machine, why, sizeof(why)));
	p9_offer(f, attach_fid, 23, 4096);
	guest_run(&f->queue, 0);
	p9_offer(f, getattr_fid, 19, 4096);
	guest_run(&f->queue, 0);
	assert_int_equal(reply[4], 25);
	assert_true(state_bound(machine, why, sizeof(why)));
	snprintf(want, sizeof(want),
		 "Migration is disabled when VirtFS export path '%s' is "
		 "mounted in the guest using mount_tag 'tag'",
		 folder);
	assert_string_equal(why, want);
	assert_int_equal(guest_clone(&f->guest, &f->guest), 0);
	assert_false(state_bound(machine, why, sizeof(why)));
	p9_offer(f, getattr_fid, 19, 4096);
	guest_run(&f->queue, 0);
	assert_int_equal(reply[4], 7);
}

/*
 * The device needs a reset after an incomplete message, or one without room for an answer; nothing
 * else happens.
 */
static void test_chains_that_are_none(void **state)
{
	static const struct {
		u32 out, in, size;
	} bad[] = {
		{ 6, 4096, 21 }, { 21, 0, 21 },	     { 21, 10, 21 },	{ 21, 4096, 22 },
		{ 21, 4096, 6 }, { 21, 4096, 0 }, { 21, 4096, UINT32_MAX }, { 4, 11, 4 },
	};
	struct fixture *f = *state;
	u8 request[32] = { 0 };

	for (unsigned n = 0; n < ARRAY_SIZE(bad); n++) {
		memcpy(request, version, 21);
		memcpy(request, &bad[n].size, 4);
		p9_offer(f, request, bad[n].out, bad[n].in);
		guest_submit(&f->queue, 0);
		assert_true(guest_needs_reset(&f->guest));
		assert_int_equal(((u8 *)guest_ram(&f->guest, REPLY))[0], 0xee);
		guest_start(&f->guest, &f->queue, guest_offered(&f->guest), 128);
		p9_offer(f, version, 21, 4096);
		assert_int_equal(guest_run(&f->queue, 0), 21);
	}
}

/*
 * The smallest possible room gets an error: longer answers do not fit, and nothing is written
 * beyond it.
 */
static void test_little_room(void **state)
{
	struct fixture *f = *state;

	p9_offer(f, version, 21, 11);
	assert_int_equal(guest_run(&f->queue, 0), 11);
	assert_int_equal(((u8 *)guest_ram(&f->guest, REPLY))[4], 7);
	assert_int_equal(((u8 *)guest_ram(&f->guest, REPLY))[11], 0xee);
}

/* The shortest answer is shorter than an error. */
static void test_short_answer(void **state)
{
	static const u8 flush[] = "\11\0\0\0\154\1\0\0\0";
	struct fixture *f = *state;

	p9_offer(f, version, 21, 4096);
	assert_int_equal(guest_run(&f->queue, 0), 21);
	p9_offer(f, flush, 9, 11);
	assert_int_equal(guest_run(&f->queue, 0), 7);
	assert_int_equal(((u8 *)guest_ram(&f->guest, REPLY))[4], 109);
}

/* A machine that replays the journal gets the same answers, and does not access the folder. */
static void test_replay(void **state)
{
	static struct fixture again;
	struct fixture *f = *state;
	/* Tattach of fid 1, then Tmkdir of "d" in it. */
	static const u8 attach[] = "\27\0\0\0\150\0\0\1\0\0\0\377\377\377\377\0\0\0\0\0\0\0\0";
	static const u8 mkdir_d[] = "\26\0\0\0\110\0\0\1\0\0\0\1\0d\355\1\0\0\0\0\0\0";
	u8 answers[3][64];

	journal_record_start(&f->guest.platform.journal);
	for (unsigned twice = 0; twice < 2; twice++) {
		p9_offer(f, version, 21, 4096);
		guest_run(&f->queue, 0);
		p9_offer(f, attach, 23, 4096);
		guest_run(&f->queue, 0);
		memcpy(answers[0], guest_ram(&f->guest, REPLY), 64);
		p9_offer(f, mkdir_d, 22, 4096);
		guest_run(&f->queue, 0);
		memcpy(answers[1 + twice], guest_ram(&f->guest, REPLY), 64);
		if (twice)
			break;
		assert_int_equal(answers[1][4], 73);
		assert_int_equal(chdir(folder), 0);
		assert_int_equal(rmdir("d"), 0);
		assert_int_equal(chdir("/"), 0);
		p9_start(&again);
		journal_follow(&again.guest.platform.journal, &f->guest.platform.journal);
		f = &again;
	}
	assert_memory_equal(answers[1], answers[2], 64);
	assert_int_equal(again.guest.platform.journal.error, 0);
	p9_stop(&again);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test_setup_teardown(test_version, setup, teardown),
	cmocka_unit_test_setup_teardown(test_snapshots, setup, teardown),
	cmocka_unit_test_setup_teardown(test_chains_that_are_none, setup, teardown),
	cmocka_unit_test_setup_teardown(test_little_room, setup, teardown),
	cmocka_unit_test_setup_teardown(test_short_answer, setup, teardown),
	cmocka_unit_test_setup_teardown(test_replay, setup, teardown),
	{ 0 },
};
