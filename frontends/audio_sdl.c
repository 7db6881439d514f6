/* SPDX-License-Identifier: MIT */
/*
 * -audiodev sdl: the host's loudspeakers and microphone, by SDL, which converts for the hardware.
 * The guest's clock and that of the hardware are two: what is played when half a second already
 * waits is dropped, what is recorded when nothing is there is silence.
 */
#include <SDL.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "frontends/audio_port.h"

struct speaker {
	SDL_AudioDeviceID out, in; /* 0: none */
	bool heard; /* the microphone is opened when the guest first records */
	struct audio_settings in_settings;
	u32 most; /* bytes that may wait to be played or recorded */
};

static void play(void *ctx, const u8 *data, size_t size)
{
	struct speaker *speaker = ctx;

	if (speaker->out && SDL_GetQueuedAudioSize(speaker->out) < speaker->most)
		SDL_QueueAudio(speaker->out, data, (u32)size);
}

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

static void record(void *ctx, u8 *data, size_t size)
{
	struct speaker *speaker = ctx;
	u32 got = 0;

	if (!speaker->heard) {
		speaker->heard = true;
		speaker->in = open_device(&speaker->in_settings, true);
	}
	if (speaker->in && SDL_GetQueuedAudioSize(speaker->in) > speaker->most + size)
		SDL_ClearQueuedAudio(speaker->in); /* it is from long ago */
	if (speaker->in)
		got = SDL_DequeueAudio(speaker->in, data, (u32)size);
	memset(data + got, audio_silence(&speaker->in_settings), size - got);
}

static int open_sdl(struct audio_port *port, struct board_error *error)
{
	const struct audiodev_options *options = port->options;
	struct speaker *speaker = calloc(1, sizeof(*speaker));

	if (!speaker)
		return audio_port_fail(port, -ENOMEM, error, "not enough host memory");
	port->self = speaker;
	SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
	if (!SDL_InitSubSystem(SDL_INIT_AUDIO))
		speaker->out = open_device(&options->out, false);
	if (!speaker->out)
		fprintf(stderr, "baya: -audiodev sdl: %s; nothing is heard\n", SDL_GetError());
	speaker->in_settings = options->in;
	speaker->most = audio_hertz(&options->out) * audio_frame(&options->out) / 2;
	port->card->play = play;
	port->card->record = record;
	return 0;
}

static void close_sdl(struct audio_port *port)
{
	struct speaker *speaker = port->self;

	if (speaker->out)
		SDL_CloseAudioDevice(speaker->out);
	if (speaker->in)
		SDL_CloseAudioDevice(speaker->in);
	if (SDL_WasInit(SDL_INIT_AUDIO))
		SDL_QuitSubSystem(SDL_INIT_AUDIO);
	free(speaker);
}

const struct audio_kind audio_sdl = { open_sdl, close_sdl };
