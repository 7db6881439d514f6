/* SPDX-License-Identifier: MIT */
/*
 * The control queue of a sound card: information about its items (jacks, streams, channel maps),
 * and the commands for a stream. Each supported request has a row in a table.
 */
#include "devices/virtio/sound.h"

#include <string.h>

/*
 * The HDA function group of all items. As it is the same, the guest gets one device with both
 * streams.
 */
#define NID 0

union request {
	u32 code;
	struct virtio_snd_query_info query;
	struct virtio_snd_pcm_set_params params; /* begins with the fields of all stream requests */
};

/* An item of an answer, after the status. */
union item {
	struct virtio_snd_jack_info jack;
	struct virtio_snd_pcm_info pcm;
	struct virtio_snd_chmap_info chmap;
};

struct row {
	u32 code, size; /* the size of the request */
	/*
	 * For commands of streams: the states, as bits, in which the command is allowed, and the
	 * state after it.
	 */
	u32 from;
	enum virtio_sound_state to;
	/* For information requests: describes an item, which has item_size bytes. */
	void (*describe)(const struct virtio_sound *sound, unsigned direction, union item *item);
	u32 item_size;
};

static const u8 format_codes[AUDIO_FORMATS] = {
	[AUDIO_FORMAT_U8] = VIRTIO_SND_PCM_FMT_U8,
	[AUDIO_FORMAT_S16] = VIRTIO_SND_PCM_FMT_S16,
	[AUDIO_FORMAT_S32] = VIRTIO_SND_PCM_FMT_S32,
	[AUDIO_FORMAT_F32] = VIRTIO_SND_PCM_FMT_FLOAT,
};

/*
 * Describes a jack: a green line-out or a pink microphone jack, both at the rear (HDA 7.3.3.31 and
 * 7.3.4.9).
 */
static void describe_jack(const struct virtio_sound *sound, unsigned direction, union item *item)
{
	static const u32 defconf[] = { 0x01014010, 0x01a19020 };
	static const u32 caps[] = { BIT(4), BIT(5) }; /* output, input capable */

	(void)sound;
	item->jack = (struct virtio_snd_jack_info){
		.hda_fn_nid = NID,
		.hda_reg_defconf = defconf[direction],
		.hda_reg_caps = caps[direction],
		.connected = 1,
	};
}

static void describe_pcm(const struct virtio_sound *sound, unsigned direction, union item *item)
{
	const struct audio_settings *settings = sound->streams[direction].settings;

	item->pcm = (struct virtio_snd_pcm_info){
		.hda_fn_nid = NID,
		.features = VIRTIO_SND_PCM_F_EVT_XRUNS,
		.formats = BIT(format_codes[settings->format]),
		.rates = settings->rates,
		.direction = (u8)direction,
		.channels_min = (u8)settings->channels,
		.channels_max = (u8)settings->channels,
	};
}

static void describe_chmap(const struct virtio_sound *sound, unsigned direction, union item *item)
{
	static const u8 positions[AUDIO_CHANNELS_MAX] = {
		VIRTIO_SND_CHMAP_FL, VIRTIO_SND_CHMAP_FR, VIRTIO_SND_CHMAP_RL, VIRTIO_SND_CHMAP_RR,
		VIRTIO_SND_CHMAP_FC, VIRTIO_SND_CHMAP_LFE, VIRTIO_SND_CHMAP_SL, VIRTIO_SND_CHMAP_SR,
	};
	u8 channels = (u8)sound->streams[direction].settings->channels;

	item->chmap = (struct virtio_snd_chmap_info){
		.hda_fn_nid = NID, .direction = (u8)direction, .channels = channels,
	};
	memcpy(item->chmap.positions, positions, channels);
	if (channels == 1)
		item->chmap.positions[0] = VIRTIO_SND_CHMAP_MONO;
}

#define STREAM(code, from, to) { code, VIRTIO_SND_PCM_HDR_SIZE, from, to, NULL, 0 }
#define INFO(code, name)                                                                           \
	{ code, sizeof(struct virtio_snd_query_info), 0, 0, describe_##name,                       \
	  sizeof(struct virtio_snd_##name##_info) }

static const struct row rows[] = {
	INFO(VIRTIO_SND_R_JACK_INFO, jack),
	INFO(VIRTIO_SND_R_PCM_INFO, pcm),
	INFO(VIRTIO_SND_R_CHMAP_INFO, chmap),
	{ VIRTIO_SND_R_PCM_SET_PARAMS, sizeof(struct virtio_snd_pcm_set_params),
	  BIT(SOUND_UNSET) | BIT(SOUND_SET) | BIT(SOUND_PREPARED), SOUND_SET, NULL, 0 },
	STREAM(VIRTIO_SND_R_PCM_PREPARE, BIT(SOUND_SET) | BIT(SOUND_PREPARED), SOUND_PREPARED),
	STREAM(VIRTIO_SND_R_PCM_START, BIT(SOUND_PREPARED) | BIT(SOUND_STOPPED), SOUND_RUNNING),
	STREAM(VIRTIO_SND_R_PCM_STOP, BIT(SOUND_RUNNING), SOUND_STOPPED),
	STREAM(VIRTIO_SND_R_PCM_RELEASE,
	       BIT(SOUND_PREPARED) | BIT(SOUND_STOPPED) | BIT(SOUND_RELEASING), SOUND_RELEASING),
};

static enum virtio_served sound_control_answer(struct virtq_chain *chain, u32 status, u32 *written)
{
	virtq_buffer_write(&chain->in, &status, sizeof(status));
	*written += (u32)sizeof(status);
	return VIRTIO_USED;
}

/* Answers with `count` items, each in as many bytes as the driver requests (5.14.6.1). */
static enum virtio_served inform(struct virtio_sound *sound, const struct row *row,
				 const struct virtio_snd_query_info *query,
				 struct virtq_chain *chain, u32 *written)
{
	u64 end = (u64)query->start_id + query->count;
	u64 room = chain->in.size - sizeof(u32);
	union item item;

	if (end > VIRTIO_SOUND_STREAMS || (u64)query->count * query->size > room)
		return sound_control_answer(chain, VIRTIO_SND_S_BAD_MSG, written);
	sound_control_answer(chain, VIRTIO_SND_S_OK, written);
	for (u32 n = query->start_id; n < end; n++) {
		u32 size = MIN(query->size, row->item_size);

		row->describe(sound, n, &item);
		virtq_buffer_write(&chain->in, &item, size);
		virtq_buffer_skip(&chain->in, query->size - size);
		*written += query->size;
	}
	return VIRTIO_USED;
}

/*
 * Sets a stream's parameters (5.14.6.6.3). Accepts only those that are offered, and periods of
 * whole frames.
 */
static u32 set_params(struct virtio_sound_stream *stream,
		      const struct virtio_snd_pcm_set_params *params)
{
	struct audio_settings *settings = stream->settings;

	if (!params->period_bytes || params->buffer_bytes < params->period_bytes ||
	    params->buffer_bytes % params->period_bytes ||
	    params->period_bytes % audio_frame(settings))
		return VIRTIO_SND_S_BAD_MSG;
	if (params->features & ~VIRTIO_SND_PCM_F_EVT_XRUNS ||
	    params->channels != settings->channels ||
	    params->format != format_codes[settings->format] ||
	    !audio_accepts(settings, params->rate) ||
	    params->buffer_bytes > VIRTIO_SOUND_BUFFER_MAX)
		return VIRTIO_SND_S_NOT_SUPP;
	stream->buffer_bytes = params->buffer_bytes;
	stream->period_bytes = params->period_bytes;
	stream->features = params->features;
	stream->rate = params->rate;
	settings->rate = params->rate;
	return VIRTIO_SND_S_OK;
}

/*
 * Carries out a command for a stream. A release is answered only when no message of the stream
 * waits any longer (5.14.6.6.5).
 */
static enum virtio_served command(struct virtio_sound *sound, const struct row *row,
				  const struct virtio_snd_pcm_set_params *request,
				  struct virtq_chain *chain, u32 *written)
{
	struct virtio_sound_stream *stream;
	u32 status = VIRTIO_SND_S_OK;

	if (request->stream_id >= VIRTIO_SOUND_STREAMS)
		return sound_control_answer(chain, VIRTIO_SND_S_BAD_MSG, written);
	stream = &sound->streams[request->stream_id];
	if (!(row->from & BIT(stream->state)))
		return sound_control_answer(chain, VIRTIO_SND_S_BAD_MSG, written);
	if (row->code == VIRTIO_SND_R_PCM_SET_PARAMS)
		status = set_params(stream, request);
	if (status == VIRTIO_SND_S_OK)
		virtio_sound_enter(stream, row->to);
	if (row->to == SOUND_RELEASING) {
		if (sound->virtio.pending & BIT(virtio_sound_queue(stream)))
			return VIRTIO_AGAIN;
		virtio_sound_enter(stream, SOUND_SET);
	}
	return sound_control_answer(chain, status, written);
}

enum virtio_served virtio_sound_control(struct virtio_sound *sound, struct virtq_chain *chain,
					u32 *written)
{
	union request request = { 0 };
	u64 size = MIN(chain->out.size, sizeof(request));

	if (size < sizeof(request.code) || chain->in.size < sizeof(u32))
		return VIRTIO_BAD;
	virtq_buffer_read(&chain->out, &request, size);
	for (unsigned n = 0; n < ARRAY_SIZE(rows); n++) {
		const struct row *row = &rows[n];

		if (row->code != request.code)
			continue;
		if (size < row->size)
			return sound_control_answer(chain, VIRTIO_SND_S_BAD_MSG, written);
		return row->describe ? inform(sound, row, &request.query, chain, written) :
				       command(sound, row, &request.params, chain, written);
	}
	return sound_control_answer(chain, VIRTIO_SND_S_NOT_SUPP, written);
}
