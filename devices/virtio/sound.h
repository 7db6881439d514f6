/* SPDX-License-Identifier: MIT */
/*
 * The virtio sound card (virtio 1.2 section 5.14): one stream each way, each with a jack and a
 * channel map. A message's samples are moved when the machine's clock says that they have been
 * played or recorded, so what is heard never depends on how fast the host is.
 */
#ifndef DEVICES_VIRTIO_SOUND_H
#define DEVICES_VIRTIO_SOUND_H

#include "devices/audio.h"
#include "devices/board/device_types.h"
#include "devices/virtio/sound_protocol.h"
#include "devices/virtio/virtio.h"

#define VIRTIO_SOUND_STREAMS 2
#define VIRTIO_SOUND_BUFFER_MAX MiB /* of a stream, in the guest */

/* 5.14.2 Virtqueues */
enum { VIRTIO_SOUND_CONTROLQ, VIRTIO_SOUND_EVENTQ, VIRTIO_SOUND_TXQ, VIRTIO_SOUND_RXQ };

/* 5.14.4 Device Configuration Layout; there are no controls. */
struct virtio_snd_config {
	u32 jacks, streams, chmaps;
};

/* 5.14.6.6.1 PCM Command Lifecycle: what was done last. */
enum virtio_sound_state {
	SOUND_UNSET,
	SOUND_SET, /* parameters set, or released */
	SOUND_PREPARED,
	SOUND_RUNNING,
	SOUND_STOPPED,
	SOUND_RELEASING, /* messages are being given back */
	SOUND_STATES,
};

struct virtio_sound;

struct virtio_sound_stream {
	struct virtio_sound *sound;
	unsigned direction; /* VIRTIO_SND_D_* */
	struct audio_settings *settings; /* sound->audio's */
	struct clock_event event; /* the message at the head of the queue is done */
	/* State */
	u32 buffer_bytes, period_bytes, features; /* as set */
	u8 rate; /* as set: that of the settings then */
	u8 state; /* enum virtio_sound_state */
	bool starved; /* there was no message when one was due: the next begins when it comes */
	bool xrun; /* of which the driver is to be told */
	u64 origin, bytes; /* ns, and what has begun to be played or recorded since */
	u64 due; /* ns at which the message at the head is done; CLOCK_NEVER: none has begun */
};

struct virtio_sound {
	struct virtio virtio;
	struct audio audio;
	struct virtio_snd_config config;
	struct virtio_sound_stream streams[VIRTIO_SOUND_STREAMS];
	unsigned sink;
};

/* `name` as virtio_setup's. The frontend's half of sound->audio may be set at any time. */
void virtio_sound_init(struct virtio_sound *sound, struct platform *platform, const char *name,
		       const struct audio_settings *out, const struct audio_settings *in);

/* Properties: struct virtio_sound_properties. */
int virtio_sound_create(void *self, struct device_setup *setup, struct virtio **virtio);

/* sound_control.c: one chain of the control queue. */
enum virtio_served virtio_sound_control(struct virtio_sound *sound, struct virtq_chain *chain,
					u32 *written);

/* sound.c: into another state; of its queue is served what there now is to serve. */
void virtio_sound_enter(struct virtio_sound_stream *stream, enum virtio_sound_state state);
unsigned virtio_sound_queue(const struct virtio_sound_stream *stream);

#endif
