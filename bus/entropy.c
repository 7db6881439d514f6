/* SPDX-License-Identifier: MIT */
/* The generator for reproducible runs, and the host's random bytes. See entropy.h. */
#include "bus/entropy.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

u64 entropy_mix(u64 value)
{
	value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ull;
	value = (value ^ (value >> 27)) * 0x94d049bb133111ebull;
	return value ^ (value >> 31);
}

/* SplitMix64: a counter in steps of the golden ratio, each value mixed. */
static u64 next(struct entropy *entropy)
{
	return entropy_mix(entropy->state += 0x9e3779b97f4a7c15ull);
}

static void generate(struct entropy *entropy, u8 *data, size_t size)
{
	for (size_t done = 0; done < size; done += sizeof(u64)) {
		u64 word = next(entropy);

		memcpy(data + done, &word, MIN(size - done, sizeof(word)));
	}
}

/* The journal calls this for the host's random bytes. */
static void entropy_ask(void *ctx, u8 *data, size_t size)
{
	(void)ctx;
	for (size_t done = 0; done < size;) {
		ssize_t got = getrandom(data + done, size - done, 0);

		assert(got > 0 || errno == EINTR);
		done += got > 0 ? (size_t)got : 0;
	}
}

void entropy_init(struct entropy *entropy, struct clock *clock, struct journal *journal, u64 seed)
{
	const struct journal_sink sink = { .name = "entropy", .ask = entropy_ask };

	*entropy = (struct entropy){ .clock = clock, .journal = journal, .state = seed };
	entropy->sink = journal_register(journal, &sink);
}

static const struct state_field entropy_fields[] = {
	STATE_FIELD(struct entropy, state),
};

static const struct state_type entropy_type = {
	.version = 1,
	.fields = entropy_fields,
	.count = ARRAY_SIZE(entropy_fields),
};

void entropy_register_state(struct entropy *entropy, struct state *state)
{
	state_register(state, "entropy", &entropy_type, entropy);
}

int entropy_check(const struct entropy *entropy)
{
	u8 byte;

	if (entropy->clock->mode == CLOCK_VIRTUAL || getrandom(&byte, sizeof(byte), 0) > 0)
		return 0;
	return -errno;
}

void entropy_get(struct entropy *entropy, void *data, size_t size)
{
	if (entropy->clock->mode == CLOCK_VIRTUAL)
		generate(entropy, data, size);
	else
		journal_ask(entropy->journal, entropy->sink, data, size);
}
