/* SPDX-License-Identifier: MIT */
/* frontends/audio/audio_sdl.c with SDL's dummy driver, and what it gives SDL to play. */
#include <SDL.h>
#include <stdlib.h>
#include <string.h>

#include "frontends/audio/audio_port.h"
#include "tests/cmocka.h"

#define FRAMES 441 /* 10 ms */

struct played {
	u32 waiting; /* bytes that wait, as SDL counts them */
	u32 silent, loud; /* bytes that were queued */
	bool late; /* silence was queued after sound */
};

static struct played *played_now(void)
{
	static struct played played;

	return &played;
}

Uint32 __wrap_SDL_GetQueuedAudioSize(SDL_AudioDeviceID device);
int __wrap_SDL_QueueAudio(SDL_AudioDeviceID device, const void *data, Uint32 size);

Uint32 __wrap_SDL_GetQueuedAudioSize(SDL_AudioDeviceID device)
{
	(void)device;
	return played_now()->waiting;
}

int __wrap_SDL_QueueAudio(SDL_AudioDeviceID device, const void *data, Uint32 size)
{
	struct played *played = played_now();
	bool loud = *(const u8 *)data;

	(void)device;
	played->waiting += size;
	played->loud += loud ? size : 0;
	played->silent += loud ? 0 : size;
	played->late |= !loud && played->loud;
	return 0;
}

/* Silence precedes a sound that begins, so that the next part of the sound is not too late. */
static void test_cushion(void **state)
{
	struct audio card = {
		.out = { .rate = AUDIO_RATE_44100, .rates = AUDIO_RATES_COMMON,
			 .format = AUDIO_FORMAT_S16, .channels = 2 },
	};
	struct audio_port port = { .card = &card };
	struct played *played = played_now();
	u8 data[FRAMES * 4];
	struct board_error error;

	setenv("SDL_AUDIODRIVER", "dummy", 1);
	memset(data, 1, sizeof(data));
	assert_int_equal(audio_sdl.open(&port, &error), 0);
	card.play(port.self, data, sizeof(data));
	card.play(port.self, data, sizeof(data));
	assert_int_equal(played->loud, 2 * sizeof(data));
	assert_in_range(played->silent, 5 * sizeof(data), 10 * sizeof(data)); /* 50 to 100 ms */
	assert_int_equal(played->silent % 4, 0);
	assert_false(played->late);
	played->waiting = 0;
	card.play(port.self, data, sizeof(data));
	assert_in_range(played->silent, 10 * sizeof(data), 20 * sizeof(data));
	audio_sdl.close(&port);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_cushion),
	{ 0 },
};
