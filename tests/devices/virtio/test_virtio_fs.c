/* SPDX-License-Identifier: MIT */
/*
 * Tests devices/virtio/fs.c: complete and incomplete requests in chains, and what the journal
 * records of them.
 */
#include "guest.h"
#include "devices/device_type.h"
#include "devices/virtio/fs.h"
#include <linux/fuse.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REQUEST GUEST_DATA
#define REPLY (GUEST_DATA + 4096)
#define QUEUE_SIZE 256

struct fixture {
	struct guest guest;
	struct guest_queue hiprio, requests;
	struct virtio_fs fs;
};

static char folder[32];

static void begin(struct fixture *f)
{
	assert_true(guest_negotiate(&f->guest, guest_offered(&f->guest)));
	guest_queue_start(&f->guest, &f->hiprio, 0, QUEUE_SIZE);
	guest_queue_start(&f->guest, &f->requests, 1, QUEUE_SIZE);
	guest_driver_ok(&f->guest);
}

static int fs_create(struct fixture *f, const char *tag)
{
	static struct share_properties properties;
	const struct device_context context = { .platform = &f->guest.platform,
						 .descriptors = 512 };
	struct device_setup setup = { .context = &context, .name = "fs0",
				      .properties = &properties };
	struct virtio *virtio;
	int error;

	properties = (struct share_properties){ .path = folder, .tag = tag };
	memset(f, 0, sizeof(*f));
	guest_init(&f->guest, CLOCK_VIRTUAL);
	error = virtio_fs_device.create(&f->fs, &setup, &virtio);
	if (error)
		guest_free(&f->guest);
	else
		guest_attach(&f->guest, virtio);
	return error;
}

static void fs_start(struct fixture *f)
{
	assert_int_equal(fs_create(f, "tag"), 0);
	begin(f);
}

static void fs_stop(struct fixture *f)
{
	virtio_fs_device.free(&f->fs);
	guest_free(&f->guest);
}

static int setup(void **state)
{
	static struct fixture fixture;

	strcpy(folder, "/tmp/baya-fs-XXXXXX");
	assert_non_null(mkdtemp(folder));
	*state = &fixture;
	fs_start(&fixture);
	return 0;
}

static int teardown(void **state)
{
	fs_stop(*state);
	return rmdir(folder);
}

/* Offers a chain with a request, and with room for `in` bytes of reply. */
static void fs_offer(struct fixture *f, struct guest_queue *queue, struct fuse_in_header header,
		     const void *arguments, u32 in)
{
	u32 size = header.len - (u32)sizeof(header);

	memcpy(guest_ram(&f->guest, REQUEST), &header, sizeof(header));
	if (size <= 2048)
		memcpy(guest_ram(&f->guest, REQUEST + sizeof(header)), arguments, size);
	memset(guest_ram(&f->guest, REPLY), 0xee, 4096);
	ring_desc(queue, 0, REQUEST, header.len, FLAGS(in ? F_NEXT : 0, 1));
	ring_desc(queue, 1, REPLY, in, FLAGS(F_WRITE, 0));
}

/* Runs a request that has enough room for its reply. Returns the reply's error. */
static int fs_run(struct fixture *f, u32 opcode, u64 node, const void *arguments, u32 size)
{
	const struct fuse_out_header *reply = guest_ram(&f->guest, REPLY);
	const struct fuse_in_header header = { .len = (u32)sizeof(header) + size,
					       .opcode = opcode,
					       .unique = 77,
					       .nodeid = node };
	u32 written;

	fs_offer(f, &f->requests, header, arguments, 4096);
	written = guest_run(&f->requests, 0);
	assert_int_equal(written, reply->len);
	assert_int_equal(reply->unique, 77);
	assert_int_equal(((u8 *)guest_ram(&f->guest, REPLY))[reply->len], 0xee);
	return -reply->error;
}

static const u32 init[] = { 7, 31, 131072, UINT32_MAX };
static const char mkdir_d[] = "\355\1\0\0\0\0\0\0d";
static const char rename_d_e[] = "\1\0\0\0\0\0\0\0d\0e";

static void test_requests(void **state)
{
	struct fixture *f = *state;
	const struct fuse_entry_out *entry = guest_ram(&f->guest, REPLY + 16);

	assert_int_equal(guest_get(&f->guest, MMIO_DEVICE_ID), 26);
	assert_int_equal(guest_get(&f->guest, MMIO_CONFIG), 't' | 'a' << 8 | 'g' << 16);
	assert_int_equal(guest_get(&f->guest, MMIO_CONFIG + 36), 1);
	assert_int_equal(fs_run(f, FUSE_INIT, 0, init, sizeof(init)), 0);
	assert_int_equal(fs_run(f, FUSE_MKDIR, 1, mkdir_d, sizeof(mkdir_d)), 0);
	assert_int_equal(entry->nodeid, 2);
	assert_int_equal(fs_run(f, FUSE_RENAME, 1, rename_d_e, sizeof(rename_d_e)), 0);
	assert_int_equal(fs_run(f, FUSE_RMDIR, 1, "e", 2), 0);
	assert_int_equal(fs_run(f, 4711, 1, "e", 2), 38);
	/* A reset drops all nodes, and the session. */
	guest_set(&f->guest, MMIO_STATUS, 0);
	begin(f);
	assert_int_equal(fs_run(f, FUSE_LOOKUP, 1, "d", 2), 116);
}

/* A mounted folder makes snapshots fail; in a loaded machine it is not mounted. */
static void test_snapshots(void **state)
{
	struct fixture *f = *state;
	struct state *machine = &f->guest.platform.state;
	char why[200];

	assert_false(state_bound(machine, why, sizeof(why)));
	assert_int_equal(fs_run(f, FUSE_INIT, 0, init, sizeof(init)), 0);
	assert_int_equal(fs_run(f, FUSE_LOOKUP, 1, "d", 2), 0);
	assert_true(state_bound(machine, why, sizeof(why)));
	assert_non_null(strstr(why, folder));
	assert_int_equal(guest_clone(&f->guest, &f->guest), 0);
	assert_false(state_bound(machine, why, sizeof(why)));
	assert_int_equal(fs_run(f, FUSE_LOOKUP, 1, "d", 2), 116);
	/* FUSE_DESTROY unmounts the folder. */
	assert_int_equal(fs_run(f, FUSE_INIT, 0, init, sizeof(init)), 0);
	assert_int_equal(fs_run(f, FUSE_DESTROY, 0, "", 0), 0);
	assert_false(state_bound(machine, why, sizeof(why)));
}

/*
 * A request that has no answer needs no room for one, on either queue. One that has an answer is
 * not carried out without room for it.
 */
static void test_no_answer(void **state)
{
	static const u64 forget[] = { 2, 1 };
	const struct fuse_in_header of_forget = { .len = 48, .opcode = FUSE_FORGET, .nodeid = 2 };
	const struct fuse_in_header of_mkdir = { .len = 50, .opcode = FUSE_MKDIR, .nodeid = 1 };
	struct fixture *f = *state;

	assert_int_equal(fs_run(f, FUSE_INIT, 0, init, sizeof(init)), 0);
	for (unsigned n = 0; n < 2; n++) {
		struct guest_queue *queue = n ? &f->requests : &f->hiprio;

		fs_offer(f, queue, of_mkdir, mkdir_d, 0);
		assert_int_equal(guest_run(queue, 0), 0);
		fs_offer(f, queue, of_forget, forget, 0);
		assert_int_equal(guest_run(queue, 0), 0);
		fs_offer(f, queue, of_forget, forget, 4096);
		assert_int_equal(guest_run(queue, 0), 0);
		assert_int_equal(((u8 *)guest_ram(&f->guest, REPLY))[0], 0xee);
	}
	assert_int_equal(fs_run(f, FUSE_RMDIR, 1, "d", 2), 2);
}

/*
 * The device needs a reset after an incomplete message, or one with too little room for an answer.
 */
static void test_chains_that_are_none(void **state)
{
	static const struct {
		u32 out, in, size;
	} bad[] = {
		{ 39, 4096, 39 }, { 40, 4096, 41 }, { 40, 4096, 39 },	      { 40, 4096, 0 },
		{ 40, 15, 40 },	  { 40, 1, 40 },    { 40, 4096, UINT32_MAX }, { 4, 16, 4 },
	};
	struct fixture *f = *state;
	struct fuse_in_header header = { .opcode = FUSE_STATFS };

	for (unsigned n = 0; n < ARRAY_SIZE(bad); n++) {
		header.len = bad[n].size;
		memcpy(guest_ram(&f->guest, REQUEST), &header, sizeof(header));
		memset(guest_ram(&f->guest, REPLY), 0xee, 64);
		ring_desc(&f->requests, 0, REQUEST, bad[n].out, FLAGS(F_NEXT, 1));
		ring_desc(&f->requests, 1, REPLY, bad[n].in, FLAGS(F_WRITE, 0));
		guest_submit(&f->requests, 0);
		assert_true(guest_needs_reset(&f->guest));
		assert_int_equal(((u8 *)guest_ram(&f->guest, REPLY))[0], 0xee);
		guest_set(&f->guest, MMIO_STATUS, 0);
		begin(f);
		assert_int_equal(fs_run(f, FUSE_INIT, 0, init, sizeof(init)), 0);
	}
}

/* The smallest possible room gets an error, and nothing is written beyond it. */
static void test_little_room(void **state)
{
	const struct fuse_in_header header = { .len = 40, .opcode = FUSE_STATFS, .nodeid = 1 };
	struct fixture *f = *state;
	const struct fuse_out_header *reply = guest_ram(&f->guest, REPLY);

	assert_int_equal(fs_run(f, FUSE_INIT, 0, init, sizeof(init)), 0);
	for (u32 room = 16; room < 16 + 80; room += 16) {
		fs_offer(f, &f->requests, header, "", room);
		assert_int_equal(guest_run(&f->requests, 0), 16);
		assert_int_equal(reply->error, -22);
		assert_int_equal(((u8 *)guest_ram(&f->guest, REPLY))[16], 0xee);
	}
	fs_offer(f, &f->requests, header, "", 16 + 80);
	assert_int_equal(guest_run(&f->requests, 0), 96);
}

/* A machine that replays the journal gets the same answers, and does not access the folder. */
static void test_replay(void **state)
{
	static struct fixture again;
	struct fixture *f = *state;
	u8 answers[2][160];

	journal_record_start(&f->guest.platform.journal);
	for (unsigned twice = 0; twice < 2; twice++) {
		fs_run(f, FUSE_INIT, 0, init, sizeof(init));
		assert_int_equal(fs_run(f, FUSE_MKDIR, 1, mkdir_d, sizeof(mkdir_d)), 0);
		memcpy(answers[twice], guest_ram(&f->guest, REPLY), sizeof(answers[0]));
		assert_int_equal(fs_run(f, FUSE_RMDIR, 1, "d", 2), 0);
		if (twice)
			break;
		fs_start(&again);
		journal_follow(&again.guest.platform.journal, &f->guest.platform.journal);
		f = &again;
	}
	assert_memory_equal(answers[0], answers[1], sizeof(answers[0]));
	assert_int_equal(again.guest.platform.journal.error, 0);
	fs_stop(&again);
}

static void test_tags(void **state)
{
	static const char tag[] = "a tag of just as many bytes as there";
	static struct fixture other;

	assert_int_equal(sizeof(tag) - 1, VIRTIO_FS_TAG_MAX);
	assert_int_equal(fs_create(&other, tag), 0);
	assert_int_equal(guest_get(&other.guest, MMIO_CONFIG + 32),
			 'h' | 'e' << 8 | 'r' << 16 | 'e' << 24);
	fs_stop(&other);
	assert_int_equal(fs_create(&other, "a tag of just as many bytes as there!"), -22);
	assert_int_equal(fs_create(&other, ""), -22);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test_setup_teardown(test_requests, setup, teardown),
	cmocka_unit_test_setup_teardown(test_snapshots, setup, teardown),
	cmocka_unit_test_setup_teardown(test_no_answer, setup, teardown),
	cmocka_unit_test_setup_teardown(test_chains_that_are_none, setup, teardown),
	cmocka_unit_test_setup_teardown(test_little_room, setup, teardown),
	cmocka_unit_test_setup_teardown(test_replay, setup, teardown),
	cmocka_unit_test_setup_teardown(test_tags, setup, teardown),
	{ 0 },
};
