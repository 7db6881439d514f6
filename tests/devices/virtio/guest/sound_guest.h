/* SPDX-License-Identifier: MIT */
/* A guest with a sound card, and the sound that reaches the host's side. */
#ifndef TESTS_DEVICES_VIRTIO_GUEST_SOUND_GUEST_H
#define TESTS_DEVICES_VIRTIO_GUEST_SOUND_GUEST_H

#include "guest.h"
#include "devices/virtio/sound.h"

#define SOUND_RATE 8000 /* frames a second, mono, of two bytes */
#define SOUND_FAST 7 /* another that the card offers: 48000, six times as fast */
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
	u8 next; /* byte that is recorded next; they count up */
};
GUEST_COMES_FIRST(struct sound_guest);

/* A card of 8000 or 48000 Hz, mono, s16; negotiated, with queues of 64, four buffers for events. */
void sound_guest_init(struct sound_guest *g);
void sound_guest_start(struct sound_guest *g);

/*
 * This is cmocka's setup of a test whose state is such a guest; guest_teardown() is its
 * counterpart.
 */
int sound_guest_setup(void **state);

/* A request of `size` bytes, with `room` for the answer: its status. */
u32 sound_guest_request(struct sound_guest *g, const void *request, u32 size, u32 room);
const void *sound_guest_answer(struct sound_guest *g); /* behind the status */

/* The commands of a stream. */
u32 sound_guest_set(struct sound_guest *g, u32 stream, u32 buffer, u32 period);
u32 sound_guest_do(struct sound_guest *g, u32 code, u32 stream);

/* Set, prepared and running. */
void sound_guest_run(struct sound_guest *g, u32 stream);

/* Message n, from or to SOUND_BUFFER(n): a header, the samples, and the status behind them. */
void sound_guest_play(struct sound_guest *g, u16 n, u32 size);
void sound_guest_record(struct sound_guest *g, u16 n, u32 size);
u8 *sound_guest_samples(struct sound_guest *g, u16 n);
u32 sound_guest_status(struct sound_guest *g, u16 n, u32 size);

#endif
