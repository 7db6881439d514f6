/* SPDX-License-Identifier: MIT */
/* See sound_guest.h. */
#include "sound_guest.h"
#include <string.h>

#define REQUEST GUEST_DATA
#define ANSWER (GUEST_DATA + 0x1000)
#define EVENTS (GUEST_DATA + 0x2000)
#define XFER 4 /* the size of the header in bytes */
#define STATUS 8

static void play(void *ctx, const u8 *data, size_t size)
{
	struct sound_guest *g = ctx;

	assert_in_range(size, 1, SOUND_HEARD_MAX - g->heard_size);
	memcpy(g->heard + g->heard_size, data, size);
	g->heard_size += size;
}

static void record(void *ctx, u8 *data, size_t size)
{
	struct sound_guest *g = ctx;

	for (size_t n = 0; n < size; n++)
		data[n] = g->next++;
}

void sound_guest_init(struct sound_guest *g)
{
	const struct audio_settings settings = { .rate = 1, .rates = SOUND_RATES,
						 .format = AUDIO_FORMAT_S16, .channels = 1 };

	memset(g, 0, sizeof(*g));
	guest_init(&g->guest, CLOCK_VIRTUAL);
	virtio_sound_init(&g->card, &g->guest.platform, "sound0", &settings, &settings);
	g->card.audio.play = play;
	g->card.audio.record = record;
	g->card.audio.ctx = g;
	guest_attach(&g->guest, &g->card.virtio);
	sound_guest_start(g);
}

int sound_guest_setup(void **state)
{
	static struct sound_guest guest;

	sound_guest_init(*state = &guest);
	return 0;
}

void sound_guest_start(struct sound_guest *g)
{
	assert_true(guest_negotiate(&g->guest, BIT(32)));
	guest_queue_start(&g->guest, &g->control, 0, 64);
	guest_queue_start(&g->guest, &g->event, 1, 64);
	guest_queue_start(&g->guest, &g->tx, 2, 64);
	guest_queue_start(&g->guest, &g->rx, 3, 64);
	guest_driver_ok(&g->guest);
	for (u16 n = 0; n < 4; n++) {
		ring_desc(&g->event, n, EVENTS + n * 8, 8, FLAGS(F_WRITE, 0));
		guest_offer(&g->event, n);
	}
	guest_kick(&g->event);
}

u32 sound_guest_request(struct sound_guest *g, const void *request, u32 size, u32 room)
{
	u32 status;

	memcpy(guest_ram(&g->guest, REQUEST), request, size);
	memset(guest_ram(&g->guest, ANSWER), 0xee, 0x1000);
	ring_desc(&g->control, 0, REQUEST, size, FLAGS(F_NEXT, 1));
	ring_desc(&g->control, 1, ANSWER, room, FLAGS(F_WRITE, 0));
	assert_in_range(guest_run(&g->control, 0), 4, room);
	memcpy(&status, guest_ram(&g->guest, ANSWER), sizeof(status));
	return status;
}

const void *sound_guest_answer(struct sound_guest *g)
{
	return guest_ram(&g->guest, ANSWER + 4);
}

u32 sound_guest_set(struct sound_guest *g, u32 stream, u32 buffer, u32 period)
{
	const struct virtio_snd_pcm_set_params params = {
		VIRTIO_SND_R_PCM_SET_PARAMS, stream, buffer, period, VIRTIO_SND_PCM_F_EVT_XRUNS,
		1, VIRTIO_SND_PCM_FMT_S16, 1, 0,
	};

	return sound_guest_request(g, &params, sizeof(params), 4);
}

u32 sound_guest_do(struct sound_guest *g, u32 code, u32 stream)
{
	const u32 request[] = { code, stream };

	return sound_guest_request(g, request, sizeof(request), 4);
}

void sound_guest_run(struct sound_guest *g, u32 stream)
{
	assert_int_equal(sound_guest_set(g, stream, 8 * SOUND_PERIOD, SOUND_PERIOD),
			 VIRTIO_SND_S_OK);
	assert_int_equal(sound_guest_do(g, VIRTIO_SND_R_PCM_PREPARE, stream), VIRTIO_SND_S_OK);
	assert_int_equal(sound_guest_do(g, VIRTIO_SND_R_PCM_START, stream), VIRTIO_SND_S_OK);
}

static void sound_guest_offer(struct sound_guest *g, struct guest_queue *queue, u16 n, u32 size)
{
	u32 stream = queue->index - 2;
	u16 head = (u16)(n * 3);

	memcpy(guest_ram(&g->guest, SOUND_BUFFER(n)), &stream, XFER);
	memset(guest_ram(&g->guest, SOUND_BUFFER(n) + XFER + size), 0xee, STATUS);
	ring_desc(queue, head, SOUND_BUFFER(n), XFER, FLAGS(F_NEXT, head + 1));
	ring_desc(queue, head + 1, SOUND_BUFFER(n) + XFER, size,
		  FLAGS(F_NEXT | (stream ? F_WRITE : 0), head + 2));
	ring_desc(queue, head + 2, SOUND_BUFFER(n) + XFER + size, STATUS, FLAGS(F_WRITE, 0));
	guest_submit(queue, head);
}

void sound_guest_play(struct sound_guest *g, u16 n, u32 size)
{
	sound_guest_offer(g, &g->tx, n, size);
}

void sound_guest_record(struct sound_guest *g, u16 n, u32 size)
{
	sound_guest_offer(g, &g->rx, n, size);
}

u8 *sound_guest_samples(struct sound_guest *g, u16 n)
{
	return guest_ram(&g->guest, SOUND_BUFFER(n) + XFER);
}

u32 sound_guest_status(struct sound_guest *g, u16 n, u32 size)
{
	u32 status;

	memcpy(&status, sound_guest_samples(g, n) + size, sizeof(status));
	return status;
}
