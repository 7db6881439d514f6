/* SPDX-License-Identifier: MIT */
/*
 * Implements -audiodev sdl: SDL plays and records sound on the host, and converts it to what the
 * hardware supports. When the guest chooses another sample rate, the SDL device is opened again.
 * The guest's clock and the hardware's do not run at exactly the same speed: playback therefore
 * begins with some silence, new data is dropped while half a second of sound is already queued, and
 * recording yields silence when there is no data.
 */
#include <SDL.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "frontends/audio/audio_port.h"

#define CUSHIONS_PER_S 16 /* the silence before a sound lasts 1/16 s */

struct speaker {
	/* The card's settings; the guest can change the rate in them. */
	const struct audio_settings *settings;
	bool in;
	SDL_AudioDeviceID device; /* 0: none */
	unsigned rate; /* the rate that the device was opened with; AUDIO_RATES: it never was */
};

struct speakers {
	struct speaker out, in;
};

static SDL_AudioDeviceID open_device(const struct audio_settings *settings, bool in)
{
	static const SDL_AudioFormat formats[AUDIO_FORMATS] = {
		[AUDIO_FORMAT_U8] = AUDIO_U8,
		[AUDIO_FORMAT_S16] = AUDIO_S16LSB,
		[AUDIO_FORMAT_S32] = AUDIO_S32LSB,
		[AUDIO_FORMAT_F32] = AUDIO_F32LSB,
	};
	const SDL_AudioSpec wanted = {
		.freq = (int)audio_hertz(settings),
		.format = formats[settings->format],
		.channels = (u8)settings->channels,
		.samples = 1024,
	};
	SDL_AudioDeviceID device = SDL_OpenAudioDevice(NULL, in, &wanted, NULL, 0);

	if (device)
		SDL_PauseAudioDevice(device, 0);
	return device;
}

static void close_device(const struct speaker *speaker)
{
	if (speaker->device)
		SDL_CloseAudioDevice(speaker->device);
}

/* Returns the device, opened with the current rate; 0 if there is none. */
static SDL_AudioDeviceID audio_sdl_ready(struct speaker *speaker)
{
	if (speaker->rate != speaker->settings->rate) {
		close_device(speaker);
		speaker->rate = speaker->settings->rate;
		speaker->device = open_device(speaker->settings, speaker->in);
	}
	return speaker->device;
}

/* Returns how many bytes may wait to be played or recorded. */
static u32 audio_sdl_most(const struct speaker *speaker)
{
	return audio_hertz(speaker->settings) * audio_frame(speaker->settings) / 2;
}

/* Queues some silence before a sound. SDL requests 1024 frames at a time, and the guest's next
 * frames may be late: without the silence, a sound that has just begun would be interrupted. */
static void queue_silence(const struct speaker *speaker)
{
	u32 left = audio_hertz(speaker->settings) / CUSHIONS_PER_S * audio_frame(speaker->settings);
	u8 silence[4096];

	memset(silence, audio_silence(speaker->settings), sizeof(silence));
	for (u32 size; left; left -= size) {
		size = MIN(left, (u32)sizeof(silence));
		SDL_QueueAudio(speaker->device, silence, size);
	}
}

static void audio_sdl_play(void *ctx, const u8 *data, size_t size)
{
	struct speaker *speaker = &((struct speakers *)ctx)->out;
	SDL_AudioDeviceID device = audio_sdl_ready(speaker);
	u32 queued = device ? SDL_GetQueuedAudioSize(device) : 0;

	if (!device || queued >= audio_sdl_most(speaker))
		return;
	if (!queued)
		queue_silence(speaker);
	SDL_QueueAudio(device, data, (u32)size);
}

/* Records from the microphone, which is opened when the guest first records. */
static void audio_sdl_record(void *ctx, u8 *data, size_t size)
{
	struct speaker *speaker = &((struct speakers *)ctx)->in;
	SDL_AudioDeviceID device = audio_sdl_ready(speaker);
	u32 got = 0;

	if (device && SDL_GetQueuedAudioSize(device) > audio_sdl_most(speaker) + size)
		SDL_ClearQueuedAudio(device); /* the data is too old */
	if (device)
		got = SDL_DequeueAudio(device, data, (u32)size);
	memset(data + got, audio_silence(speaker->settings), size - got);
}

static int open_sdl(struct audio_port *port, struct board_error *error)
{
	struct speakers *speakers = malloc(sizeof(*speakers));

	if (!speakers)
		return audio_port_fail(port, -ENOMEM, error, "not enough host memory");
	*speakers = (struct speakers){
		.out = { .settings = &port->card->out, .rate = AUDIO_RATES },
		.in = { .settings = &port->card->in, .rate = AUDIO_RATES, .in = true },
	};
	port->self = speakers;
	SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
	if (SDL_InitSubSystem(SDL_INIT_AUDIO) || !audio_sdl_ready(&speakers->out))
		fprintf(stderr, "baya: -audiodev sdl: %s; the machine runs without sound\n",
			SDL_GetError());
	port->card->play = audio_sdl_play;
	port->card->record = audio_sdl_record;
	return 0;
}

static void close_sdl(struct audio_port *port)
{
	struct speakers *speakers = port->self;

	close_device(&speakers->out);
	close_device(&speakers->in);
	if (SDL_WasInit(SDL_INIT_AUDIO))
		SDL_QuitSubSystem(SDL_INIT_AUDIO);
	free(speakers);
}

const struct audio_kind audio_sdl = { open_sdl, close_sdl };
