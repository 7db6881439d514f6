/* SPDX-License-Identifier: MIT */
/* A guest with a sound card, and the sound that arrives on the host's side. */
#ifndef TESTS_DEVICES_VIRTIO_GUEST_SOUND_GUEST_H
#define TESTS_DEVICES_VIRTIO_GUEST_SOUND_GUEST_H

#include "guest.h"
#include "devices/virtio/sound.h"

#define SOUND_RATE 8000 /* frames per second; mono, two bytes per frame */
/* The number of another rate that the card offers: 48000 Hz, six times as fast. */
#define SOUND_FAST 7
#define SOUND_RATES (BIT(1) | BIT(SOUND_FAST))
#define SOUND_PERIOD 160 /* bytes: 10 ms */
#define SOUND_PERIOD_NS 10000000ull
#define SOUND_BUFFER(n) (GUEST_DATA + 0x10000 + (n) * 0x2000ull)
#define SOUND_HEARD_MAX 65536

struct sound_guest {
	struct guest guest;
	struct virtio_sound card;
	struct guest_queue control, event, tx, rx;
	u8 heard[SOUND_HEARD_MAX];
	size_t heard_size;
	u8 next; /* the next byte that is recorded; they count up */
};
GUEST_COMES_FIRST(struct sound_guest);

/*
 * Makes a guest with a card of 8000 or 48000 Hz, mono, s16, and starts it: negotiated, with queues
 * of 64 entries, and four buffers for events.
 */
void sound_guest_init(struct sound_guest *g);
void sound_guest_start(struct sound_guest *g);

/* The setup of cmocka for a test whose state is such a guest; the teardown is guest_teardown(). */
int sound_guest_setup(void **state);

/*
 * Sends a request of `size` bytes, with `room` bytes for the answer. Returns the answer's status.
 */
u32 sound_guest_request(struct sound_guest *g, const void *request, u32 size, u32 room);
const void *sound_guest_answer(struct sound_guest *g); /* returns what follows the status */

/* Execute a command for a stream. Return its status. */
u32 sound_guest_set(struct sound_guest *g, u32 stream, u32 buffer, u32 period);
u32 sound_guest_do(struct sound_guest *g, u32 code, u32 stream);

/* Sets the parameters of a stream, prepares it and starts it. */
void sound_guest_run(struct sound_guest *g, u32 stream);

/*
 * These are for message n, at SOUND_BUFFER(n): a header, the samples, and then the status. The
 * first two send it for playing and for recording, the others return its samples and its status.
 */
void sound_guest_play(struct sound_guest *g, u16 n, u32 size);
void sound_guest_record(struct sound_guest *g, u16 n, u32 size);
u8 *sound_guest_samples(struct sound_guest *g, u16 n);
u32 sound_guest_status(struct sound_guest *g, u16 n, u32 size);

#endif
