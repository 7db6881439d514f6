/* SPDX-License-Identifier: MIT */
/*
 * SHA-2 and SM3 (see answers.h): the messages of NIST's example values for FIPS 180-4, and the
 * empty one of its validation system; the examples of GB/T 32905.
 */
#include "tests/cmocka.h"
#include "tests/cpu/vector/crypto/answers.h"

#include <string.h>

/* Messages that are hashed, of at most two blocks. */
struct message {
	const char *text, *digest;
};

/*
 * Returns the number of blocks of a message. A block is 16 words of SHA-2, and two hold the length.
 */
static unsigned blocks_of(const struct message *message, unsigned bytes)
{
	return (unsigned)(strlen(message->text) + 1 + bytes / 8 + bytes - 1) / bytes;
}

/* Writes a block of the padded message, or zeros if it is after the last one. */
static void pad(const struct message *message, unsigned bytes, unsigned number, u8 *to)
{
	unsigned length = (unsigned)strlen(message->text), end = blocks_of(message, bytes) * bytes;
	u8 padded[3 * 128] = { 0 };

	memcpy(padded, message->text, length);
	padded[length] = 0x80;
	padded[end - 2] = (u8)(8 * length >> 8);
	padded[end - 1] = (u8)(8 * length);
	memcpy(to, padded + (size_t)number * bytes, bytes);
}

/* A function of SHA-2. */
struct sha {
	const u64 *k, *start;
	unsigned rounds;
	const struct message *messages; /* three */
};

/* Element groups hold the working variables a, b, e, f and c, d, g, h from element 3 down. */
static const struct {
	u8 operand, element;
} sha_places[8] = {
	{ 0, 3 }, { 0, 2 }, { 1, 3 }, { 1, 2 }, { 0, 1 }, { 0, 0 }, { 1, 1 }, { 1, 0 },
};

static void load_block(struct groups *g, const struct sha *sha, unsigned number, struct operand *w)
{
	unsigned bytes = 16u << g->size;
	u8 block[128];

	for (unsigned n = 0; n < groups_count(g); n++) {
		pad(&sha->messages[n % 3], bytes, number, block);
		for (unsigned word = 0; word < 16; word++) {
			u64 value = 0;

			for (unsigned byte = 0; byte < 1u << g->size; byte++)
				value = value << 8 | block[(word << g->size) + byte];
			groups_put(g, &w[word / 4], n, word % 4, value);
		}
	}
}

/* Makes the words of rounds 16 and later, four at a time. */
static void schedule(struct groups *g, const struct sha *sha, struct operand *w)
{
	struct operand mixed;

	groups_draw(g, &mixed, 1);
	for (unsigned four = 4; four < sha->rounds / 4; four++) {
		for (unsigned n = 0; n < groups_count(g); n++) {
			groups_put(g, &mixed, n, 0, groups_get(g, &w[four - 3], n, 0));
			for (unsigned at = 1; at < 4; at++)
				groups_put(g, &mixed, n, at, groups_get(g, &w[four - 2], n, at));
		}
		w[four] = w[four - 4];
		groups_binary(g, OP_vsha2ms_vv, &w[four], &mixed, &w[four - 1]);
	}
}

static void compress(struct groups *g, const struct sha *sha, struct operand *w,
		     struct operand *state)
{
	struct operand before[2] = { state[0], state[1] };

	for (unsigned four = 0; four < sha->rounds / 4; four++) {
		struct operand sum = w[four];

		for (unsigned n = 0; n < groups_count(g); n++)
			for (unsigned at = 0; at < 4; at++)
				groups_put(g, &sum, n, at,
					   groups_get(g, &sum, n, at) + sha->k[4 * four + at]);
		groups_binary(g, OP_vsha2cl_vv, &state[1], &state[0], &sum);
		groups_binary(g, OP_vsha2ch_vv, &state[0], &state[1], &sum);
	}
	for (unsigned n = 0; n < groups_count(g); n++)
		for (unsigned at = 0; at < 8; at++)
			groups_put(g, &state[at / 4], n, at % 4,
				   groups_get(g, &state[at / 4], n, at % 4) +
					   groups_get(g, &before[at / 4], n, at % 4));
}

static void expect_digest(struct groups *g, struct operand *state, unsigned n, const char *digest)
{
	for (unsigned word = 0; word < 8; word++) {
		u64 should = 0;

		for (unsigned byte = 0; byte < 1u << g->size; byte++)
			should = should << 8 | groups_byte(digest, (word << g->size) + byte);
		assert_int_equal(groups_get(g, &state[sha_places[word].operand], n,
					    sha_places[word].element),
				 should);
	}
}

static void check_sha(struct groups *g, const struct sha *sha)
{
	struct operand state[2], w[20];

	groups_draw(g, state, 2);
	groups_draw(g, w, ARRAY_SIZE(w));
	for (unsigned n = 0; n < groups_count(g); n++)
		for (unsigned word = 0; word < 8; word++)
			groups_put(g, &state[sha_places[word].operand], n, sha_places[word].element,
				   sha->start[word]);
	for (unsigned number = 0; number < 2; number++) {
		load_block(g, sha, number, w);
		schedule(g, sha, w);
		compress(g, sha, w, state);
		for (unsigned n = groups_first(g); n < groups_end(g); n++)
			if (blocks_of(&sha->messages[n % 3], 16u << g->size) == number + 1)
				expect_digest(g, state, n, sha->messages[n % 3].digest);
	}
}

void answer_sha256(struct groups *g)
{
	static const u64 k[64] = {
#include "tests/cpu/vector/crypto/sha256_constants.inc"
	};
	static const u64 start[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	};
	static const struct message messages[3] = {
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	};

	check_sha(g, &(struct sha){ k, start, 64, messages });
}

void answer_sha512(struct groups *g)
{
	static const u64 k[80] = {
#include "tests/cpu/vector/crypto/sha512_constants.inc"
	};
	static const u64 start[8] = {
		0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
		0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
	};
	static const struct message messages[3] = {
		{ "abc", "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
			 "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f" },
		{ "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
		  "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
		  "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
		  "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909" },
		{ "", "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
		      "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e" },
	};

	check_sha(g, &(struct sha){ k, start, 80, messages });
}

/* SM3, whose words have their bytes in the order of the message. */

/* Makes the words of all rounds from the first sixteen, eight at a time. */
static void expand(struct groups *g, const struct message *messages, unsigned number,
		   struct operand *w)
{
	u8 block[64];

	for (unsigned n = 0; n < groups_count(g); n++) {
		pad(&messages[n % 2], 64, number, block);
		memcpy(groups_at(g, &w[0], n), block, 32);
		memcpy(groups_at(g, &w[1], n), block + 32, 32);
	}
	for (unsigned eight = 2; eight < 9; eight++)
		groups_binary(g, OP_vsm3me_vv, &w[eight], &w[eight - 1], &w[eight - 2]);
}

void answer_sm3(struct groups *g)
{
	static const char start[] =
		"7380166f4914b2b9172442d7da8a0600a96f30bc163138aae38dee4db0fb0e4e";
	static const struct message messages[2] = {
		{ "abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0" },
		{ "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd",
		  "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732" },
	};
	struct operand state, before, words, w[9];

	groups_draw(g, &state, 1);
	groups_draw(g, &words, 1);
	groups_draw(g, w, ARRAY_SIZE(w));
	for (unsigned n = 0; n < groups_count(g); n++)
		groups_fill(g, &state, n, start);
	for (unsigned number = 0; number < 2; number++) {
		expand(g, messages, number, w);
		before = state;
		for (unsigned round = 0; round < 32; round++) {
			for (unsigned n = 0; n < groups_count(g); n++)
				for (unsigned at = 0; at < 8; at++)
					groups_put(g, &words, n, at,
						   groups_get(g, &w[(2 * round + at) / 8], n,
							      (2 * round + at) % 8));
			groups_immediate(g, OP_vsm3c_vi, &state, &words, round);
		}
		groups_xor(g, &state, &before);
		for (unsigned n = groups_first(g); n < groups_end(g); n++)
			if (blocks_of(&messages[n % 2], 64) == number + 1)
				groups_expect(g, &state, n, messages[n % 2].digest);
	}
}
