/* SPDX-License-Identifier: MIT */
/*
 * The virtio sound card (virtio 1.2 section 5.14): one stream in each direction, each with a jack
 * and a channel map. The samples of a message are transferred when, by the machine's clock, their
 * playback or recording is complete, so the sound does not depend on the host's speed.
 */
#ifndef DEVICES_VIRTIO_SOUND_H
#define DEVICES_VIRTIO_SOUND_H

#include "devices/audio.h"
#include "devices/device_type.h"
#include "devices/virtio/sound_protocol.h"
#include "devices/virtio/virtio.h"

#define VIRTIO_SOUND_STREAMS 2
#define VIRTIO_SOUND_BUFFER_MAX MiB /* the largest buffer of a stream in the guest */

/* 5.14.2 Virtqueues */
enum { VIRTIO_SOUND_CONTROLQ, VIRTIO_SOUND_EVENTQ, VIRTIO_SOUND_TXQ, VIRTIO_SOUND_RXQ };

/* 5.14.4 Device Configuration Layout; there are no controls. */
struct virtio_snd_config {
	u32 jacks, streams, chmaps;
};

/* 5.14.6.6.1 PCM Command Lifecycle: the state of a stream is that after its last command. */
enum virtio_sound_state {
	SOUND_UNSET,
	SOUND_SET, /* parameters set, or released */
	SOUND_PREPARED,
	SOUND_RUNNING,
	SOUND_STOPPED,
	SOUND_RELEASING, /* messages are being returned to the driver */
	SOUND_STATES,
};

struct virtio_sound;

struct virtio_sound_stream {
	struct virtio_sound *sound;
	unsigned direction; /* VIRTIO_SND_D_* */
	struct audio_settings *settings; /* sound->audio's */
	struct clock_event event; /* fires when the message at the head of the queue is complete */
	/* State */
	u32 buffer_bytes, period_bytes, features; /* as the driver set them */
	u8 rate; /* as the driver set it: an index in AUDIO_RATE_WORDS */
	u8 state; /* enum virtio_sound_state */
	/* no message waited when one should have begun, so the next begins when it arrives */
	bool starved;
	bool xrun; /* an underrun or overrun of which the driver must be notified */
	/* When playing or recording started, in ns, and the bytes of messages begun since then. */
	u64 origin, bytes;
	u64 due; /* ns at which the message at the head is complete; CLOCK_NEVER: none has begun */
};

struct virtio_sound {
	struct virtio virtio;
	struct audio audio;
	struct virtio_snd_config config;
	struct virtio_sound_stream streams[VIRTIO_SOUND_STREAMS];
	unsigned sink;
};

/*
 * Initialises the device. `name` is as in struct virtio_setup. The frontend's half of sound->audio
 * may be set at any time.
 */
void virtio_sound_init(struct virtio_sound *sound, struct platform *platform, const char *name,
		       const struct audio_settings *out, const struct audio_settings *in);

/* The device's type for -device; its properties are struct virtio_sound_properties. */
extern const struct device_type virtio_sound_device;

/* In sound_control.c: serves one chain of the control queue. */
enum virtio_served virtio_sound_control(struct virtio_sound *sound, struct virtq_chain *chain,
					u32 *written);

/* In sound.c: changes the stream's state, and serves the messages that can be served then. */
void virtio_sound_enter(struct virtio_sound_stream *stream, enum virtio_sound_state state);
/* Returns the queue of a stream's messages. */
unsigned virtio_sound_queue(const struct virtio_sound_stream *stream);

#endif
