/* SPDX-License-Identifier: MIT */
/*
 * The streams of a sound card: handles messages with samples, and determines when each is done.
 * Messages wait in the driver's queue. The one at its head takes as long as its samples last, from
 * the time at which the previous one was done. Then its samples go to the frontend, or come from
 * the frontend through the journal.
 */
#include "devices/virtio/sound.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define VIRTIO_ID_SOUND 25
#define QUEUE_SIZE 64
#define QUEUES 4

/* Fills `data`, which is guest memory, with recorded samples for the journal. */
static void virtio_sound_ask(void *ctx, u8 *data, size_t size)
{
	struct virtio_sound *sound = ctx;
	const struct audio *audio = &sound->audio;

	if (audio->record)
		audio->record(audio->ctx, data, size);
	else
		memset(data, audio_silence(&audio->in), size);
}

unsigned virtio_sound_queue(const struct virtio_sound_stream *stream)
{
	return stream->direction == VIRTIO_SND_D_OUTPUT ? VIRTIO_SOUND_TXQ : VIRTIO_SOUND_RXQ;
}

static void forget_message(struct virtio_sound_stream *stream)
{
	stream->due = CLOCK_NEVER;
	stream->starved = true;
	clock_disarm(&stream->sound->virtio.platform->clock, &stream->event);
}

void virtio_sound_enter(struct virtio_sound_stream *stream, enum virtio_sound_state state)
{
	stream->state = (u8)state;
	forget_message(stream);
	if (state == SOUND_RUNNING || state == SOUND_RELEASING)
		virtio_kick(&stream->sound->virtio, virtio_sound_queue(stream));
}

/*
 * Returns whether the time of the message at the head, which has `size` bytes, is over. Starts that
 * time if it has not begun.
 */
static bool is_done(struct virtio_sound_stream *stream, u64 size)
{
	struct clock *clock = &stream->sound->virtio.platform->clock;
	const struct audio_settings *settings = stream->settings;
	u64 now = clock_now(clock);
	u64 rate = (u64)audio_hertz(settings) * audio_frame(settings);

	if (stream->due == CLOCK_NEVER) {
		if (stream->starved) {
			stream->origin = now;
			stream->bytes = 0;
			stream->starved = false;
		}
		stream->bytes += size;
		stream->due = stream->origin + clock_scale(stream->bytes, CLOCK_HZ, rate);
		clock_arm(clock, &stream->event, stream->due);
	}
	if (now < stream->due)
		return false;
	stream->due = CLOCK_NEVER;
	return true;
}

static void play(struct virtio_sound *sound, struct virtq_buffer *data)
{
	const struct audio *audio = &sound->audio;

	for (unsigned n = 0; audio->play && n < data->count; n++)
		audio->play(audio->ctx, data->iov[n].iov_base, data->iov[n].iov_len);
}

static void virtio_sound_record(struct virtio_sound *sound, struct virtq_buffer *data, u64 size)
{
	for (u64 part; size; size -= part) {
		part = MIN(size, data->iov->iov_len);
		journal_ask(&sound->virtio.platform->journal, sound->sink, data->iov->iov_base,
			    part);
		virtq_buffer_skip(data, part);
	}
}

/*
 * Returns a message with its status, which follows the samples. `skipped` bytes, the room for
 * samples that were not recorded, are left as they are.
 */
static enum virtio_served virtio_sound_answer(struct virtq_chain *chain, u64 skipped, u32 status)
{
	const struct virtio_snd_pcm_status end = { .status = status };

	virtq_buffer_skip(&chain->in, skipped);
	virtq_buffer_write(&chain->in, &end, sizeof(end));
	return VIRTIO_USED;
}

/* Serves one message with output, or for input (5.14.6.8). */
static enum virtio_served virtio_sound_transfer(struct virtio_sound_stream *stream,
						struct virtq_chain *chain, u32 *written)
{
	bool output = stream->direction == VIRTIO_SND_D_OUTPUT;
	const u32 status_size = sizeof(struct virtio_snd_pcm_status);
	struct virtio_snd_pcm_xfer xfer;
	u64 size, room;

	if (!virtq_buffer_read(&chain->out, &xfer, sizeof(xfer)) || chain->in.size < status_size)
		return VIRTIO_BAD;
	room = chain->in.size - status_size;
	size = output ? chain->out.size : room;
	if (output ? room : chain->out.size)
		return VIRTIO_BAD;
	*written = status_size;
	if (xfer.stream_id != stream->direction || size > stream->buffer_bytes ||
	    size % audio_frame(stream->settings) || stream->state <= SOUND_SET ||
	    stream->state == SOUND_RELEASING)
		return virtio_sound_answer(chain, room, VIRTIO_SND_S_IO_ERR);
	if (stream->state != SOUND_RUNNING || !is_done(stream, size))
		return VIRTIO_WAIT;
	if (output) {
		play(stream->sound, &chain->out);
		return virtio_sound_answer(chain, 0, VIRTIO_SND_S_OK);
	}
	virtio_sound_record(stream->sound, &chain->in, size);
	*written += (u32)size;
	return virtio_sound_answer(chain, 0, VIRTIO_SND_S_OK);
}

/* Notifies the driver of an underrun or overrun (5.14.6.7). */
static enum virtio_served virtio_sound_notify(struct virtio_sound *sound, struct virtq_chain *chain,
					      u32 *written)
{
	struct virtio_snd_event event = { .code = VIRTIO_SND_EVT_PCM_XRUN };

	if (chain->out.count || chain->in.size < sizeof(event))
		return VIRTIO_BAD;
	while (event.data < VIRTIO_SOUND_STREAMS && !sound->streams[event.data].xrun)
		event.data++;
	if (event.data == VIRTIO_SOUND_STREAMS)
		return VIRTIO_WAIT;
	sound->streams[event.data].xrun = false;
	virtq_buffer_write(&chain->in, &event, sizeof(event));
	*written = sizeof(event);
	return VIRTIO_USED;
}

static enum virtio_served virtio_sound_serve(void *self, unsigned queue, struct virtq_chain *chain,
					     u32 *written)
{
	struct virtio_sound *sound = self;

	if (queue == VIRTIO_SOUND_CONTROLQ)
		return virtio_sound_control(sound, chain, written);
	if (queue == VIRTIO_SOUND_EVENTQ)
		return virtio_sound_notify(sound, chain, written);
	return virtio_sound_transfer(&sound->streams[queue - VIRTIO_SOUND_TXQ], chain, written);
}

/*
 * Ends the message at the head. If no other message follows it, the stream has an underrun or
 * overrun.
 */
static void fire(void *ctx, u64 now)
{
	struct virtio_sound_stream *stream = ctx;
	struct virtio *virtio = &stream->sound->virtio;

	(void)now;
	virtio_kick(virtio, virtio_sound_queue(stream));
	if (stream->state != SOUND_RUNNING || stream->due != CLOCK_NEVER || stream->starved)
		return;
	stream->starved = true;
	if (!(stream->features & VIRTIO_SND_PCM_F_EVT_XRUNS))
		return;
	stream->xrun = true;
	virtio_kick(virtio, VIRTIO_SOUND_EVENTQ);
}

static void virtio_sound_queue_reset(void *self, unsigned queue)
{
	struct virtio_sound *sound = self;

	if (queue >= VIRTIO_SOUND_TXQ)
		forget_message(&sound->streams[queue - VIRTIO_SOUND_TXQ]);
}

static void virtio_sound_reset(void *self)
{
	struct virtio_sound *sound = self;

	for (unsigned n = 0; n < VIRTIO_SOUND_STREAMS; n++) {
		struct virtio_sound_stream *stream = &sound->streams[n];

		virtio_sound_enter(stream, SOUND_UNSET);
		stream->buffer_bytes = stream->period_bytes = stream->features = 0;
		stream->rate = 0;
		stream->origin = stream->bytes = 0;
		stream->xrun = false;
	}
}

static const struct virtio_ops sound_ops = {
	.device_id = VIRTIO_ID_SOUND,
	.serve = virtio_sound_serve,
	.queue_reset = virtio_sound_queue_reset,
	.reset = virtio_sound_reset,
};

static const struct state_field stream_fields[] = {
	STATE_FIELD(struct virtio_sound_stream, buffer_bytes),
	STATE_FIELD(struct virtio_sound_stream, period_bytes),
	STATE_FIELD(struct virtio_sound_stream, features),
	STATE_FIELD(struct virtio_sound_stream, rate),
	STATE_FIELD(struct virtio_sound_stream, state),
	STATE_FIELD(struct virtio_sound_stream, starved),
	STATE_FIELD(struct virtio_sound_stream, xrun),
	STATE_FIELD(struct virtio_sound_stream, origin),
	STATE_FIELD(struct virtio_sound_stream, bytes),
	STATE_FIELD(struct virtio_sound_stream, due),
};

static int stream_loaded(void *self)
{
	const struct virtio_sound_stream *stream = self;

	if (stream->state >= SOUND_STATES || stream->buffer_bytes > VIRTIO_SOUND_BUFFER_MAX)
		return -EINVAL;
	if (stream->state == SOUND_UNSET)
		return 0;
	if (!audio_accepts(stream->settings, stream->rate))
		return -EINVAL;
	stream->settings->rate = stream->rate;
	return 0;
}

static const struct state_type stream_type = {
	.version = 2,
	.fields = stream_fields,
	.count = ARRAY_SIZE(stream_fields),
	.post_load = stream_loaded,
};

static void init_stream(struct virtio_sound *sound, unsigned direction)
{
	struct virtio_sound_stream *stream = &sound->streams[direction];
	struct platform *platform = sound->virtio.platform;
	char name[STATE_NAME_MAX];

	*stream = (struct virtio_sound_stream){
		.sound = sound,
		.direction = direction,
		.settings = direction ? &sound->audio.in : &sound->audio.out,
		.event = { .fire = fire, .ctx = stream },
	};
	snprintf(name, sizeof(name), "%s.stream%u", sound->virtio.name, direction);
	state_register(&platform->state, name, &stream_type, stream);
	snprintf(name, sizeof(name), "%s.event%u", sound->virtio.name, direction);
	clock_event_init(&platform->clock, &platform->state, &stream->event, name);
}

void virtio_sound_init(struct virtio_sound *sound, struct platform *platform, const char *name,
		       const struct audio_settings *out, const struct audio_settings *in)
{
	const struct virtio_setup core = {
		.ops = &sound_ops,
		.self = sound,
		.name = name,
		.queue_count = QUEUES,
		.queue_size = QUEUE_SIZE,
		.config = &sound->config,
		.config_size = sizeof(sound->config),
	};
	const struct journal_sink sink = { .name = sound->virtio.name,
					   .ask = virtio_sound_ask,
					   .ctx = sound };

	*sound = (struct virtio_sound){
		.audio = { .out = *out, .in = *in },
		.config = { .jacks = VIRTIO_SOUND_STREAMS, .streams = VIRTIO_SOUND_STREAMS,
			    .chmaps = VIRTIO_SOUND_STREAMS },
	};
	virtio_init(&sound->virtio, platform, &core);
	for (unsigned n = 0; n < VIRTIO_SOUND_STREAMS; n++)
		init_stream(sound, n);
	sound->sink = journal_register(&platform->journal, &sink);
	virtio_sound_reset(sound);
}

static int virtio_sound_create(void *self, struct device_setup *setup, struct virtio **virtio)
{
	const struct virtio_sound_properties *properties = setup->properties;
	struct virtio_sound *sound = self;

	virtio_sound_init(sound, setup->context->platform, setup->name, &properties->out,
			  &properties->in);
	*virtio = &sound->virtio;
	return 0;
}

static int virtio_sound_check(struct device_setup *setup)
{
	const struct virtio_sound_properties *properties = setup->properties;

	return properties->audiodev ? 0 :
				      device_fail(setup, -EINVAL,
						  "needs audiodev=ID of an "
						  "-audiodev ...,id=ID");
}

static const struct key virtio_sound_keys[] = {
	{ .name = "audiodev", .kind = KEY_TEXT, .accepted = "ID", .role = DEVICE_NAMES_AUDIODEV,
	  .offset = offsetof(struct virtio_sound_properties, audiodev) },
};

const struct device_type virtio_sound_device = {
	.name = "virtio-sound",
	.names = DEVICE_VIRTIO_NAMES("virtio-sound"),
	.help = "A sound card; audiodev= names an -audiodev, whose frequency, channels and format "
		"it has.",
	.category = DEVICE_SOUND,
	.keys = virtio_sound_keys,
	.key_count = ARRAY_SIZE(virtio_sound_keys),
	.properties_size = sizeof(struct virtio_sound_properties),
	.check = virtio_sound_check,
	.part = "sound",
	.size = sizeof(struct virtio_sound),
	.create = virtio_sound_create,
};
