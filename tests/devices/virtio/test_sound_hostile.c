/* SPDX-License-Identifier: MIT */
/*
 * Tests a sound card with hostile drivers: truncated requests, streams and states that do not
 * exist, sizes of every kind. A test passes if there is an error, or the device needs a reset,
 * nothing is written to wrong places, work is bounded, and the card plays afterwards.
 */
#include "sound_guest.h"
#include <string.h>

/* Checks that the card plays after a reset, whatever the test did to it. */
static int teardown(void **state)
{
	struct sound_guest *g = *state;

	sound_guest_start(g);
	g->heard_size = 0;
	sound_guest_run(g, 0);
	sound_guest_play(g, 0, SOUND_PERIOD);
	guest_sleep(&g->guest, SOUND_PERIOD_NS);
	assert_true(guest_returned(&g->tx));
	assert_int_equal(g->heard_size, SOUND_PERIOD);
	assert_false(guest_needs_reset(&g->guest));
	guest_free(&g->guest);
	return 0;
}

/* Requests of each kind have every length, and every small room for the answer. */
static void test_truncated_requests(void **state)
{
	static const u32 codes[] = { 1, 2, 0x100, 0x101, 0x102, 0x103, 0x104, 0x105, 0x200, 0x300,
				     0, UINT32_MAX };
	struct sound_guest *g = *state;
	u8 request[32] = { 0 };
	u32 status;

	for (unsigned n = 0; n < ARRAY_SIZE(codes); n++)
		for (u32 size = 4; size <= sizeof(request); size++) {
			memcpy(request, &codes[n], 4);
			status = sound_guest_request(g, request, size, 4);
			assert_in_range(status, VIRTIO_SND_S_OK, VIRTIO_SND_S_IO_ERR);
			if (size < 8)
				assert_int_not_equal(status, VIRTIO_SND_S_OK);
		}
	assert_false(guest_needs_reset(&g->guest));
	for (u32 size = 0; size < 4; size++) {
		const u32 sizes[][2] = { { size ? size : 1, 4 }, { 8, size ? size : 1 } };

		for (unsigned n = 0; n < 2; n++) {
			ring_desc(&g->control, 0, GUEST_DATA, sizes[n][0], FLAGS(F_NEXT, 1));
			ring_desc(&g->control, 1, GUEST_DATA + 64, sizes[n][1], FLAGS(F_WRITE, 0));
			guest_submit(&g->control, 0);
			assert_true(guest_needs_reset(&g->guest));
			sound_guest_start(g);
		}
	}
}

/* The driver queries items that do not exist, and more of them than there is room for. */
static void test_queries(void **state)
{
	static const u32 bad[][4] = {
		/* start, count, size, room */
		{ 0, 3, 32, 4096 }, { 2, 1, 32, 4096 }, { UINT32_MAX, 1, 32, 4096 },
		{ UINT32_MAX, UINT32_MAX, 32, 4096 }, { 1, UINT32_MAX, 32, 4096 },
		{ 0, 2, 32, 67 }, { 0, 2, UINT32_MAX, 4096 }, { 0, 2, 0x80000000, 4096 },
		{ 0, 1, 32, 4 },
	};
	struct sound_guest *g = *state;

	for (unsigned n = 0; n < ARRAY_SIZE(bad); n++) {
		const u32 query[] = { VIRTIO_SND_R_PCM_INFO, bad[n][0], bad[n][1], bad[n][2] };

		assert_int_equal(sound_guest_request(g, query, sizeof(query), bad[n][3]),
				 VIRTIO_SND_S_BAD_MSG);
	}
	for (u32 size = 0; size <= 64; size++) {
		const u32 query[] = { VIRTIO_SND_R_JACK_INFO, 0, 2, size };
		const u8 *answer = sound_guest_answer(g);

		assert_int_equal(sound_guest_request(g, query, sizeof(query), 4096),
				 VIRTIO_SND_S_OK);
		for (u32 i = 2 * size; i < 256; i++)
			assert_int_equal(answer[i], 0xee);
	}
}

static void test_bad_params(void **state)
{
	static const u32 sizes[][2] = {
		/* buffer, period */
		{ 0, 0 }, { 160, 0 }, { 0, 160 }, { 160, 320 }, { 480, 320 }, { 15, 5 }, { 3, 1 },
		{ UINT32_MAX, UINT32_MAX }, { 0xfffffffe, 2 }, { 0x80000000, 0x80000000 },
		{ VIRTIO_SOUND_BUFFER_MAX * 2, VIRTIO_SOUND_BUFFER_MAX },
	};
	static const struct virtio_snd_pcm_set_params good = {
		VIRTIO_SND_R_PCM_SET_PARAMS, 0, 320, 160, 0, 1, VIRTIO_SND_PCM_FMT_S16, 1, 0,
	};
	struct sound_guest *g = *state;
	struct virtio_snd_pcm_set_params params[8];

	for (unsigned n = 0; n < ARRAY_SIZE(sizes); n++)
		assert_int_not_equal(sound_guest_set(g, 0, sizes[n][0], sizes[n][1]),
				     VIRTIO_SND_S_OK);
	for (unsigned n = 0; n < ARRAY_SIZE(params); n++)
		params[n] = good;
	params[0].channels = 0;
	params[1].channels = 255;
	params[2].format = 255;
	params[3].format = VIRTIO_SND_PCM_FMT_U8;
	params[4].rate = 255;
	params[5].rate = 0;
	params[6].features = 1;
	params[7].features = UINT32_MAX;
	for (unsigned n = 0; n < ARRAY_SIZE(params); n++)
		assert_int_equal(sound_guest_request(g, &params[n], sizeof(params[n]), 4),
				 VIRTIO_SND_S_NOT_SUPP);
	assert_int_equal(sound_guest_do(g, VIRTIO_SND_R_PCM_PREPARE, 0), VIRTIO_SND_S_BAD_MSG);
	assert_int_equal(sound_guest_request(g, &good, sizeof(good), 4), VIRTIO_SND_S_OK);
}

/* In each state only the commands that the specification lists for it are accepted. */
static void test_life(void **state)
{
	enum { SET = VIRTIO_SND_R_PCM_SET_PARAMS, PREPARE, RELEASE, START, STOP, COMMANDS };
	static const u32 ways[][6] = {
		/* the commands by which a state is reached, then a 0 */
		{ 0 }, { SET }, { SET, PREPARE }, { SET, PREPARE, START },
		{ SET, PREPARE, START, STOP }, { SET, PREPARE, RELEASE },
	};
	static const u32 possible[] = {
		BIT(SET - SET),
		BIT(SET - SET) | BIT(PREPARE - SET),
		BIT(SET - SET) | BIT(PREPARE - SET) | BIT(START - SET) | BIT(RELEASE - SET),
		BIT(STOP - SET),
		BIT(START - SET) | BIT(RELEASE - SET),
		BIT(SET - SET) | BIT(PREPARE - SET),
	};
	struct sound_guest *g = *state;

	for (unsigned way = 0; way < ARRAY_SIZE(ways); way++)
		for (u32 code = SET; code < COMMANDS; code++) {
			bool good = possible[way] & BIT(code - SET);
			u32 status;

			sound_guest_start(g);
			for (const u32 *step = ways[way]; *step; step++)
				status = *step == SET ? sound_guest_set(g, 0, 320, 160) :
							sound_guest_do(g, *step, 0);
			status = code == SET ? sound_guest_set(g, 0, 320, 160) :
					       sound_guest_do(g, code, 0);
			assert_int_equal(status, good ? VIRTIO_SND_S_OK : VIRTIO_SND_S_BAD_MSG);
		}
	for (u32 code = SET; code < COMMANDS; code++)
		for (u32 stream = 2; stream; stream <<= 1)
			assert_int_equal(code == SET ? sound_guest_set(g, stream, 320, 160) :
						       sound_guest_do(g, code, stream),
					 VIRTIO_SND_S_BAD_MSG);
}

/*
 * Messages for streams that are not prepared, for other streams, with incomplete frames, or beyond
 * the buffer's size.
 */
static void test_bad_messages(void **state)
{
	static const u32 sizes[] = { 1, 3, 159, 8 * SOUND_PERIOD + 2, 4095 };
	struct sound_guest *g = *state;
	const u32 other = 1;

	sound_guest_play(g, 0, SOUND_PERIOD);
	assert_int_equal(sound_guest_status(g, 0, SOUND_PERIOD), VIRTIO_SND_S_IO_ERR);
	sound_guest_record(g, 0, SOUND_PERIOD);
	assert_int_equal(sound_guest_status(g, 0, SOUND_PERIOD), VIRTIO_SND_S_IO_ERR);
	assert_true(guest_returned(&g->tx) && guest_returned(&g->rx));
	sound_guest_run(g, 0);
	sound_guest_run(g, 1);
	for (unsigned n = 0; n < ARRAY_SIZE(sizes); n++) {
		sound_guest_play(g, 0, sizes[n]);
		assert_int_equal(sound_guest_status(g, 0, sizes[n]), VIRTIO_SND_S_IO_ERR);
		sound_guest_record(g, 0, sizes[n]);
		assert_int_equal(sound_guest_status(g, 0, sizes[n]), VIRTIO_SND_S_IO_ERR);
		assert_true(guest_returned(&g->tx) && guest_returned(&g->rx));
	}
	/* A message's stream is the one that it names when the device reads it. */
	sound_guest_play(g, 0, SOUND_PERIOD);
	memcpy(guest_ram(&g->guest, SOUND_BUFFER(0)), &other, 4);
	guest_kick(&g->tx);
	assert_int_equal(sound_guest_status(g, 0, SOUND_PERIOD), VIRTIO_SND_S_IO_ERR);
	assert_int_equal(g->heard_size, 0);
}

/* These chains are not messages. */
static void test_no_messages(void **state)
{
	static const struct {
		u32 queue, out, in;
	} bad[] = {
		{ 2, 3, 8 }, { 2, 4, 0 }, { 2, 4, 7 }, { 2, 0, 8 }, { 2, 164, 9 },
		{ 3, 3, 168 }, { 3, 4, 7 }, { 3, 4, 0 }, { 3, 0, 168 }, { 3, 5, 168 },
		{ 1, 4, 8 }, { 1, 0, 7 },
	};
	struct sound_guest *g = *state;

	for (unsigned n = 0; n < ARRAY_SIZE(bad); n++) {
		struct guest_queue *queue = bad[n].queue == 1 ? &g->event :
					    bad[n].queue == 2 ? &g->tx :
								&g->rx;
		u16 head = 40, next = (u16)(bad[n].out ? 41 : 40);

		sound_guest_start(g);
		sound_guest_run(g, 0);
		sound_guest_run(g, 1);
		if (bad[n].queue == 1) {
			guest_negotiate(&g->guest, BIT(32));
			guest_queue_start(&g->guest, queue, 1, 64);
			guest_driver_ok(&g->guest);
		}
		memset(guest_ram(&g->guest, SOUND_BUFFER(0)), 0, 4);
		if (bad[n].out)
			ring_desc(queue, head, SOUND_BUFFER(0), bad[n].out,
				  FLAGS(bad[n].in ? F_NEXT : 0, next));
		if (bad[n].in)
			ring_desc(queue, next, SOUND_BUFFER(1), bad[n].in, FLAGS(F_WRITE, 0));
		guest_submit(queue, head);
		assert_true(guest_needs_reset(&g->guest));
	}
}

/* Messages without samples take no time, but a queue of them does not lead to an endless turn. */
static void test_empty_messages(void **state)
{
	struct sound_guest *g = *state;
	u64 now = clock_now(&g->guest.platform.clock);

	sound_guest_run(g, 0);
	for (u16 n = 0; n < 1000; n++) {
		ring_desc(&g->tx, 0, SOUND_BUFFER(0), 4, FLAGS(F_NEXT, 1));
		ring_desc(&g->tx, 1, SOUND_BUFFER(0) + 64, 8, FLAGS(F_WRITE, 0));
		memset(guest_ram(&g->guest, SOUND_BUFFER(0)), 0, 4);
		guest_run(&g->tx, 0);
	}
	guest_sleep(&g->guest, 1);
	assert_int_equal(clock_now(&g->guest.platform.clock), now + 1);
	assert_int_equal(g->heard_size, 0);
}

/*
 * The message whose time is running is replaced by another one; then the queue and the card are
 * reset.
 */
static void test_changes_on_the_way(void **state)
{
	struct sound_guest *g = *state;

	sound_guest_run(g, 0);
	sound_guest_play(g, 0, 8 * SOUND_PERIOD);
	ring_desc(&g->tx, 1, SOUND_BUFFER(2), SOUND_PERIOD, FLAGS(F_NEXT, 2));
	guest_sleep(&g->guest, 8 * SOUND_PERIOD_NS);
	assert_int_equal(g->heard_size, SOUND_PERIOD);
	assert_true(guest_returned(&g->tx));
	sound_guest_play(g, 0, SOUND_PERIOD);
	guest_set(&g->guest, MMIO_STATUS, 0);
	guest_sleep(&g->guest, 10 * SOUND_PERIOD_NS);
	assert_int_equal(g->heard_size, SOUND_PERIOD);
	assert_int_equal(clock_next(&g->guest.platform.clock), CLOCK_NEVER);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sound_guest_setup, teardown)
const struct CMUnitTest unit_tests[] = {
	TEST(test_truncated_requests),
	TEST(test_queries),
	TEST(test_bad_params),
	TEST(test_life),
	TEST(test_bad_messages),
	TEST(test_no_messages),
	TEST(test_empty_messages),
	TEST(test_changes_on_the_way),
	{ 0 },
};
