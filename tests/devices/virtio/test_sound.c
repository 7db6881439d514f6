/* SPDX-License-Identifier: MIT */
/*
 * Tests devices/virtio/sound*.c: the card's description of itself, and the times at which samples
 * are moved.
 */
#include "sound_guest.h"
#include <string.h>

static void sound_fill(struct sound_guest *g, u16 n, u8 value)
{
	memset(sound_guest_samples(g, n), value, SOUND_PERIOD);
}

static void test_what_there_is(void **state)
{
	struct sound_guest *g = *state;
	struct virtio_snd_query_info query = { VIRTIO_SND_R_PCM_INFO, 0, 2,
					       sizeof(struct virtio_snd_pcm_info) };
	struct virtio_snd_pcm_info pcm[2];
	struct virtio_snd_jack_info jack;
	struct virtio_snd_chmap_info chmap;

	assert_int_equal(guest_get(&g->guest, MMIO_DEVICE_ID), 25);
	for (u32 n = 0; n < 3; n++)
		assert_int_equal(guest_get(&g->guest, MMIO_CONFIG + 4 * n), 2);
	assert_int_equal(sound_guest_request(g, &query, sizeof(query), 4096), VIRTIO_SND_S_OK);
	memcpy(pcm, sound_guest_answer(g), sizeof(pcm));
	for (u8 n = 0; n < 2; n++) {
		assert_int_equal(pcm[n].direction, n);
		assert_int_equal(pcm[n].formats, BIT(VIRTIO_SND_PCM_FMT_S16));
		assert_int_equal(pcm[n].rates, SOUND_RATES);
		assert_int_equal(pcm[n].channels_min, 1);
		assert_int_equal(pcm[n].channels_max, 1);
	}
	query = (struct virtio_snd_query_info){ VIRTIO_SND_R_JACK_INFO, 1, 1, sizeof(jack) };
	assert_int_equal(sound_guest_request(g, &query, sizeof(query), 4096), VIRTIO_SND_S_OK);
	memcpy(&jack, sound_guest_answer(g), sizeof(jack));
	assert_int_equal(jack.connected, 1);
	assert_int_equal(jack.hda_reg_defconf >> 20 & 15, 0xa); /* a microphone */
	query = (struct virtio_snd_query_info){ VIRTIO_SND_R_CHMAP_INFO, 0, 1, sizeof(chmap) };
	assert_int_equal(sound_guest_request(g, &query, sizeof(query), 4096), VIRTIO_SND_S_OK);
	memcpy(&chmap, sound_guest_answer(g), sizeof(chmap));
	assert_int_equal(chmap.channels, 1);
	assert_int_equal(chmap.positions[0], VIRTIO_SND_CHMAP_MONO);
	assert_int_equal(sound_guest_do(g, VIRTIO_SND_R_JACK_REMAP, 0), VIRTIO_SND_S_NOT_SUPP);
}

/*
 * Each message takes exactly, to the nanosecond, as long as its samples last, and is played when
 * that time is over.
 */
static void test_play(void **state)
{
	struct sound_guest *g = *state;

	sound_guest_set(g, 0, 8 * SOUND_PERIOD, SOUND_PERIOD);
	sound_guest_do(g, VIRTIO_SND_R_PCM_PREPARE, 0);
	for (u16 n = 0; n < 3; n++) {
		sound_fill(g, n, (u8)(n + 1));
		sound_guest_play(g, n, SOUND_PERIOD);
	}
	guest_sleep(&g->guest, 10 * SOUND_PERIOD_NS);
	assert_int_equal(g->heard_size, 0);
	sound_guest_do(g, VIRTIO_SND_R_PCM_START, 0);
	for (u16 n = 0; n < 3; n++) {
		guest_sleep(&g->guest, SOUND_PERIOD_NS - 1);
		assert_false(guest_returned(&g->tx));
		assert_int_equal(g->heard_size, n * SOUND_PERIOD);
		guest_sleep(&g->guest, 1);
		assert_true(guest_returned(&g->tx));
		assert_int_equal(sound_guest_status(g, n, SOUND_PERIOD), VIRTIO_SND_S_OK);
	}
	assert_int_equal(g->heard_size, 3 * SOUND_PERIOD);
	for (u32 n = 0; n < g->heard_size; n++)
		assert_int_equal(g->heard[n], n / SOUND_PERIOD + 1);
}

/* The driver chooses a rate, and the frontend is told; a copy of the machine has the same rate. */
static void test_rates(void **state)
{
	static struct sound_guest copy;
	struct sound_guest *g = *state;
	struct virtio_snd_pcm_set_params params = {
		VIRTIO_SND_R_PCM_SET_PARAMS, 0, 8 * SOUND_PERIOD, SOUND_PERIOD, 0,
		1, VIRTIO_SND_PCM_FMT_S16, SOUND_FAST - 1, 0,
	};

	assert_int_equal(sound_guest_request(g, &params, sizeof(params), 4), VIRTIO_SND_S_NOT_SUPP);
	params.rate = SOUND_FAST;
	assert_int_equal(sound_guest_request(g, &params, sizeof(params), 4), VIRTIO_SND_S_OK);
	assert_int_equal(audio_hertz(&g->card.audio.out), 6 * SOUND_RATE);
	assert_int_equal(audio_hertz(&g->card.audio.in), SOUND_RATE);
	sound_guest_do(g, VIRTIO_SND_R_PCM_PREPARE, 0);
	sound_guest_do(g, VIRTIO_SND_R_PCM_START, 0);
	for (u16 n = 0; n < 6; n++)
		sound_guest_play(g, n, SOUND_PERIOD);
	sound_guest_init(&copy);
	assert_int_equal(guest_clone(&copy.guest, &g->guest), 0);
	assert_int_equal(audio_hertz(&copy.card.audio.out), 6 * SOUND_RATE);
	guest_free(&copy.guest);
	guest_sleep(&g->guest, SOUND_PERIOD_NS - 1);
	assert_int_equal(g->heard_size, 5 * SOUND_PERIOD);
	guest_sleep(&g->guest, 1);
	assert_int_equal(g->heard_size, 6 * SOUND_PERIOD);
	sound_guest_do(g, VIRTIO_SND_R_PCM_STOP, 0);
	sound_guest_do(g, VIRTIO_SND_R_PCM_RELEASE, 0);
	sound_guest_set(g, 0, 8 * SOUND_PERIOD, SOUND_PERIOD);
	assert_int_equal(audio_hertz(&g->card.audio.out), SOUND_RATE);
}

/*
 * With a rate whose period is not a whole number of nanoseconds, no time is lost over many
 * messages.
 */
static void test_no_drift(void **state)
{
	struct sound_guest *g = *state;
	u64 begin;

	sound_guest_run(g, 0);
	begin = clock_now(&g->guest.platform.clock);
	sound_guest_play(g, 0, 2 * 7);
	sound_guest_play(g, 1, 2 * 7);
	for (unsigned n = 0; n < 8000; n++) {
		while (!guest_returned(&g->tx))
			guest_sleep(&g->guest, clock_next(&g->guest.platform.clock) -
						       clock_now(&g->guest.platform.clock));
		g->heard_size = 0;
		sound_guest_play(g, n % 2, 2 * 7);
	}
	assert_int_equal(clock_now(&g->guest.platform.clock) - begin, 7 * CLOCK_HZ);
}

static void test_record(void **state)
{
	struct sound_guest *g = *state;

	sound_guest_set(g, 1, 8 * SOUND_PERIOD, SOUND_PERIOD);
	sound_guest_do(g, VIRTIO_SND_R_PCM_PREPARE, 1);
	sound_guest_record(g, 0, SOUND_PERIOD);
	sound_guest_record(g, 1, SOUND_PERIOD);
	sound_guest_do(g, VIRTIO_SND_R_PCM_START, 1);
	guest_sleep(&g->guest, 2 * SOUND_PERIOD_NS);
	for (u16 n = 0; n < 2; n++) {
		assert_int_equal(guest_take(&g->rx), SOUND_PERIOD + 8);
		assert_int_equal(sound_guest_status(g, n, SOUND_PERIOD), VIRTIO_SND_S_OK);
		for (unsigned i = 0; i < SOUND_PERIOD; i++)
			assert_int_equal(sound_guest_samples(g, n)[i], (u8)(n * SOUND_PERIOD + i));
	}
}

/*
 * The driver is notified once when a stream has an underrun, and a later message begins when it
 * arrives.
 */
static void test_underrun(void **state)
{
	struct sound_guest *g = *state;
	const u32 xrun[] = { VIRTIO_SND_EVT_PCM_XRUN, 0 };

	sound_guest_run(g, 0);
	assert_false(guest_returned(&g->event));
	sound_guest_play(g, 0, SOUND_PERIOD);
	guest_sleep(&g->guest, 5 * SOUND_PERIOD_NS / 2);
	assert_int_equal(guest_take(&g->event), 8);
	assert_memory_equal(guest_ram(&g->guest, GUEST_DATA + 0x2000), xrun, 8);
	assert_false(guest_returned(&g->event));
	assert_true(guest_returned(&g->tx));
	sound_guest_play(g, 0, SOUND_PERIOD);
	guest_sleep(&g->guest, SOUND_PERIOD_NS - 1);
	assert_false(guest_returned(&g->tx));
	guest_sleep(&g->guest, 1);
	assert_true(guest_returned(&g->tx));
	assert_int_equal(g->heard_size, 2 * SOUND_PERIOD);
}

/*
 * While a stream is stopped, nothing is played. When it is released, all messages are returned
 * unplayed, before the answer to the release.
 */
static void test_stop_and_release(void **state)
{
	struct sound_guest *g = *state;

	sound_guest_run(g, 0);
	for (u16 n = 0; n < 3; n++)
		sound_guest_play(g, n, SOUND_PERIOD);
	guest_sleep(&g->guest, SOUND_PERIOD_NS);
	assert_true(guest_returned(&g->tx));
	assert_int_equal(sound_guest_do(g, VIRTIO_SND_R_PCM_STOP, 0), VIRTIO_SND_S_OK);
	guest_sleep(&g->guest, 10 * SOUND_PERIOD_NS);
	assert_false(guest_returned(&g->tx));
	assert_int_equal(sound_guest_do(g, VIRTIO_SND_R_PCM_START, 0), VIRTIO_SND_S_OK);
	guest_sleep(&g->guest, SOUND_PERIOD_NS);
	assert_true(guest_returned(&g->tx));
	assert_int_equal(sound_guest_do(g, VIRTIO_SND_R_PCM_STOP, 0), VIRTIO_SND_S_OK);
	assert_int_equal(sound_guest_do(g, VIRTIO_SND_R_PCM_RELEASE, 0), VIRTIO_SND_S_OK);
	assert_true(guest_returned(&g->tx));
	assert_int_equal(sound_guest_status(g, 2, SOUND_PERIOD), VIRTIO_SND_S_IO_ERR);
	assert_int_equal(g->heard_size, 2 * SOUND_PERIOD);
	assert_int_equal(sound_guest_do(g, VIRTIO_SND_R_PCM_PREPARE, 0), VIRTIO_SND_S_OK);
}

/* A copy that is made in the middle of a message continues as the machine itself does. */
static void test_snapshot(void **state)
{
	static struct sound_guest copy;
	struct sound_guest *g = *state;

	sound_guest_init(&copy);
	sound_guest_run(g, 0);
	sound_fill(g, 0, 7);
	sound_guest_play(g, 0, SOUND_PERIOD);
	guest_sleep(&g->guest, SOUND_PERIOD_NS / 2);
	assert_int_equal(guest_clone(&copy.guest, &g->guest), 0);
	copy.tx = g->tx;
	copy.tx.guest = &copy.guest;
	guest_sleep(&copy.guest, SOUND_PERIOD_NS / 2 - 1);
	assert_int_equal(copy.heard_size, 0);
	guest_sleep(&copy.guest, 1);
	assert_int_equal(copy.heard_size, SOUND_PERIOD);
	assert_int_equal(copy.heard[0], 7);
	assert_true(guest_returned(&copy.tx));
	guest_free(&copy.guest);
}

/* Recorded samples come from the journal when the run is replayed. */
static void test_replay(void **state)
{
	static struct sound_guest again;
	struct sound_guest *g = *state;

	journal_record_start(&g->guest.platform.journal);
	sound_guest_run(g, 1);
	sound_guest_record(g, 0, SOUND_PERIOD);
	guest_sleep(&g->guest, SOUND_PERIOD_NS);
	sound_guest_init(&again);
	again.card.audio.record = NULL;
	journal_follow(&again.guest.platform.journal, &g->guest.platform.journal);
	sound_guest_run(&again, 1);
	sound_guest_record(&again, 0, SOUND_PERIOD);
	guest_sleep(&again.guest, SOUND_PERIOD_NS);
	assert_memory_equal(sound_guest_samples(&again, 0), sound_guest_samples(g, 0),
			    SOUND_PERIOD);
	assert_int_equal(sound_guest_samples(&again, 0)[5], 5);
	assert_int_equal(again.guest.platform.journal.error, 0);
	guest_free(&again.guest);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sound_guest_setup, guest_teardown)
const struct CMUnitTest unit_tests[] = {
	TEST(test_what_there_is),
	TEST(test_play),
	TEST(test_rates),
	TEST(test_no_drift),
	TEST(test_record),
	TEST(test_underrun),
	TEST(test_stop_and_release),
	TEST(test_snapshot),
	TEST(test_replay),
	{ 0 },
};
