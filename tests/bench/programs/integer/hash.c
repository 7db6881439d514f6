/* SPDX-License-Identifier: MIT */
/* A hash table with open addressing: strings are inserted, looked up and removed. */
#include <string.h>
#include "../program.h"

#define PLACES 65536
#define KEYS 40000
#define KEY_SIZE 16
#define REMOVED ((const char *)1)

struct place {
	const char *key; /* NULL: never used; REMOVED is possible, too */
	uint64_t value;
};

static char keys[KEYS][KEY_SIZE];
static struct place places[PLACES];

static uint32_t hash(const char *key)
{
	uint32_t sum = 2166136261;

	for (; *key; key++)
		sum = (sum ^ (unsigned char)*key) * 16777619;
	return sum ^ sum >> 15;
}

/* Returns the place of the key, or the free place where the search for it ends. */
static struct place *find(const char *key)
{
	uint32_t at = hash(key) % PLACES;

	while (places[at].key && (places[at].key == REMOVED || strcmp(places[at].key, key) != 0))
		at = (at + 1) % PLACES;
	return &places[at];
}

static void make_keys(void)
{
	uint64_t state = 2;

	for (size_t n = 0; n < KEYS; n++) {
		size_t length = 6 + n % (KEY_SIZE - 6);

		for (size_t at = 0; at < length; at++)
			keys[n][at] = (char)('a' + random_next(&state) % 26);
		keys[n][length] = 0;
	}
}

uint64_t run_hash(unsigned rounds)
{
	uint64_t sum = 0;

	make_keys();
	while (rounds--) {
		memset(places, 0, sizeof(places));
		for (size_t n = 0; n < KEYS; n++)
			*find(keys[n]) = (struct place){ keys[n], n };
		for (size_t n = 0; n < KEYS; n += 3)
			find(keys[n])->key = REMOVED;
		for (size_t n = KEYS; n-- > 0;) {
			const struct place *place = find(keys[n]);

			sum = mix(sum, place->key ? place->value : n);
		}
	}
	return sum;
}
