/* SPDX-License-Identifier: MIT */
/*
 * AES, GHASH and SM4 (see answers.h): the examples of FIPS 197 (appendices A, B and C), SP 800-38A
 * (F.1), the GCM specification (test cases 2 to 4), GB/T 32907 and draft-ribose-cfrg-sm4.
 */
#include "tests/cmocka.h"
#include "tests/cpu/vector/crypto/answers.h"

#include <string.h>

/* AES, with a key for each group, or one for all. */

static void encrypt(struct groups *g, bool scalar, struct operand *state, struct operand *key,
		    unsigned rounds)
{
	if (scalar)
		groups_unary(g, OP_vaesz_vs, state, key);
	else
		groups_xor(g, state, key);
	for (unsigned n = 1; n < rounds; n++)
		groups_unary(g, scalar ? OP_vaesem_vs : OP_vaesem_vv, state, &key[n]);
	groups_unary(g, scalar ? OP_vaesef_vs : OP_vaesef_vv, state, &key[rounds]);
}

static void decrypt(struct groups *g, bool scalar, struct operand *state, struct operand *key,
		    unsigned rounds)
{
	if (scalar)
		groups_unary(g, OP_vaesz_vs, state, &key[rounds]);
	else
		groups_xor(g, state, &key[rounds]);
	for (unsigned n = rounds - 1; n > 0; n--)
		groups_unary(g, scalar ? OP_vaesdm_vs : OP_vaesdm_vv, state, &key[n]);
	groups_unary(g, scalar ? OP_vaesdf_vs : OP_vaesdf_vv, state, key);
}

/* Makes the keys of all rounds from the first one; bit 4 of a round number is ignored. */
static void make_keys_128(struct groups *g, struct operand *key)
{
	for (unsigned n = 1; n <= 10; n++)
		groups_immediate(g, OP_vaeskf1_vi, &key[n], &key[n - 1],
				 n + 16 * groups_pick(g, 2));
}

/* Makes the keys of all rounds from the first two; bit 4 of a round number is ignored. */
static void make_keys_256(struct groups *g, struct operand *key)
{
	for (unsigned n = 2; n <= 14; n++) {
		key[n] = key[n - 2];
		groups_immediate(g, OP_vaeskf2_vi, &key[n], &key[n - 1],
				 n + 16 * groups_pick(g, 2));
	}
}

struct aes_example {
	const char *key, *plain, *cipher, *last_key;
};

static void check_aes(struct groups *g, const struct aes_example *examples, bool long_key)
{
	struct operand key[15], state;
	unsigned rounds = long_key ? 14 : 10;

	groups_draw(g, key, ARRAY_SIZE(key));
	groups_draw(g, &state, 1);
	for (unsigned n = 0; n < groups_count(g); n++) {
		groups_fill(g, &key[0], n, examples[n % 2].key);
		groups_fill(g, &key[1], n, examples[n % 2].key + (long_key ? 32 : 0));
		groups_fill(g, &state, n, examples[n % 2].plain);
	}
	if (long_key)
		make_keys_256(g, key);
	else
		make_keys_128(g, key);
	encrypt(g, false, &state, key, rounds);
	for (unsigned n = groups_first(g); n < groups_end(g); n++) {
		groups_expect(g, &key[rounds], n, examples[n % 2].last_key);
		groups_expect(g, &state, n, examples[n % 2].cipher);
	}
	decrypt(g, false, &state, key, rounds);
	for (unsigned n = groups_first(g); n < groups_end(g); n++)
		groups_expect(g, &state, n, examples[n % 2].plain);
}

void answer_aes_128(struct groups *g)
{
	static const struct aes_example examples[2] = {
		{ "2b7e151628aed2a6abf7158809cf4f3c", "3243f6a8885a308d313198a2e0370734",
		  "3925841d02dc09fbdc118597196a0b32", "d014f9a8c9ee2589e13f0cc8b6630ca6" },
		{ "000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff",
		  "69c4e0d86a7b0430d8cdb78070b4c55a", "13111d7fe3944a17f307a78b4d2b30c5" },
	};

	check_aes(g, examples, false);
}

void answer_aes_256(struct groups *g)
{
	static const struct aes_example examples[2] = {
		{ "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
		  "6bc1bee22e409f96e93d7e117393172a", "f3eed1bdb5d2a03c064b5a7e3db181f8",
		  "fe4890d1e6188d0b046df344706c631e" },
		{ "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
		  "00112233445566778899aabbccddeeff", "8ea2b7ca516745bfeafc49904b496089",
		  "24fc79ccbf0979e9371ac23c6d68de36" },
	};

	check_aes(g, examples, true);
}

/* Returns a copy of `g` that covers only the first group. */
static struct groups first_group(const struct groups *g)
{
	struct groups one = *g;

	one.vl = g->elements;
	one.vstart = 0;
	return one;
}

/* Tests one key for several blocks of 128 bits. */
void answer_aes_scalar(struct groups *g)
{
	static const char *const plain[4] = {
		"6bc1bee22e409f96e93d7e117393172a", "ae2d8a571e03ac9c9eb76fac45af8e51",
		"30c81c46a35ce411e5fbc1191a0a52ef", "f69f2445df4f9b17ad2b417be66c3710",
	};
	static const char *const cipher[4] = {
		"3ad77bb40d7a3660a89ecaf32466ef97", "f5d3d58503b9699de785895a96fdbaaf",
		"43b1cd7f598ece23881b00e3ed030688", "7b0c785e27e8ad3f8223207104725dd4",
	};
	struct groups one = first_group(g);
	struct operand key[11], state;

	groups_draw(g, key, ARRAY_SIZE(key));
	groups_draw(g, &state, 1);
	groups_fill(g, &key[0], 0, "2b7e151628aed2a6abf7158809cf4f3c");
	make_keys_128(&one, key);
	for (unsigned n = 0; n < groups_count(g); n++)
		groups_fill(g, &state, n, plain[n % 4]);
	encrypt(g, true, &state, key, 10);
	for (unsigned n = groups_first(g); n < groups_end(g); n++)
		groups_expect(g, &state, n, cipher[n % 4]);
	decrypt(g, true, &state, key, 10);
	for (unsigned n = groups_first(g); n < groups_end(g); n++)
		groups_expect(g, &state, n, plain[n % 4]);
}

/* Tests round numbers out of range, which count as others: bit 3 is inverted. */
void answer_aes_rounds(struct groups *g)
{
	static const struct {
		enum op op;
		unsigned round, other;
	} rounds[] = {
		{ OP_vaeskf1_vi, 0, 8 },  { OP_vaeskf1_vi, 11, 3 }, { OP_vaeskf1_vi, 15, 7 },
		{ OP_vaeskf2_vi, 0, 8 },  { OP_vaeskf2_vi, 1, 9 },  { OP_vaeskf2_vi, 15, 7 },
	};
	struct operand key[2], same;

	for (unsigned n = 0; n < ARRAY_SIZE(rounds); n++) {
		groups_draw(g, key, 2);
		same = key[1];
		groups_immediate(g, rounds[n].op, &key[1], key, rounds[n].round);
		groups_immediate(g, rounds[n].op, &same, key, rounds[n].other);
		assert_memory_equal(groups_at(g, &key[1], groups_first(g)),
				    groups_at(g, &same, groups_first(g)),
				    (g->vl - g->vstart) << g->size);
	}
}

/* GHASH, with vghsh and with vgmul */

#define GCM_CIPHER                                                                                 \
	"42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"                         \
	"21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091"

static const struct ghash_example {
	const char *subkey;
	unsigned blocks;
	const char *text, *hash;
} ghash_examples[] = {
	{ "66e94bd4ef8a2c3b884cfa59ca342b2e", 2,
	  "0388dace60b6a392f328c2b971b2fe7800000000000000000000000000000080",
	  "f38cbb1ad69223dcc3457ae5b6b0f885" },
	{ "b83b533708bf535d0aa6e52980d53b78", 5,
	  GCM_CIPHER "473f598500000000000000000000000000000200",
	  "7f1b32b81b820d02614f8895ac1d4eac" },
	{ "b83b533708bf535d0aa6e52980d53b78", 7,
	  "feedfacedeadbeeffeedfacedeadbeefabaddad2000000000000000000000000" GCM_CIPHER
	  "0000000000000000000000a000000000000001e0",
	  "698e57f70e6ecc7fd9463b7260a9ae5f" },
};

static void check_hash(struct groups *g, unsigned blocks, struct operand *hash)
{
	for (unsigned n = groups_first(g); n < groups_end(g); n++) {
		const struct ghash_example *example = &ghash_examples[n % 3];

		if (example->blocks == blocks)
			groups_expect(g, hash, n, example->hash);
	}
}

void answer_ghash(struct groups *g)
{
	struct operand subkey, block, hash, product;

	groups_draw(g, &subkey, 1);
	groups_draw(g, &block, 1);
	memset(&hash, 0, sizeof(hash));
	memset(&product, 0, sizeof(product));
	for (unsigned number = 0; number < 7; number++) {
		for (unsigned n = 0; n < groups_count(g); n++) {
			const struct ghash_example *example = &ghash_examples[n % 3];

			groups_fill(g, &subkey, n, example->subkey);
			if (number < example->blocks)
				groups_fill(g, &block, n, example->text + number * 32);
		}
		groups_binary(g, OP_vghsh_vv, &hash, &subkey, &block);
		groups_xor(g, &product, &block);
		groups_unary(g, OP_vgmul_vv, &product, &subkey);
		check_hash(g, number + 1, &hash);
		check_hash(g, number + 1, &product);
	}
}

/* SM4: words are big-endian in texts, and the words of the result are in reverse order. */

static u64 word_of(const char *hex, unsigned word)
{
	u64 value = 0;

	for (unsigned byte = 0; byte < 4; byte++)
		value = value << 8 | groups_byte(hex, 4 * word + byte);
	return value;
}

static void fill_words(struct groups *g, struct operand *to, unsigned n, const char *hex)
{
	for (unsigned at = 0; at < 4; at++)
		groups_put(g, to, n, at, word_of(hex, at));
}

static void expect_reversed(struct groups *g, struct operand *is, unsigned n, const char *hex)
{
	for (unsigned at = 0; at < 4; at++)
		assert_int_equal(groups_get(g, is, n, 3 - at), word_of(hex, at));
}

/*
 * Makes the round keys of two keys that groups use in turn; the upper bits of a round number are
 * ignored.
 */
static void make_sm4_keys(struct groups *g, struct operand *key, const char *const *hex)
{
	static const u32 parameters[4] = { 0xa3b1bac6, 0x56aa3350, 0x677d9197, 0xb27022dc };

	for (unsigned n = 0; n < groups_count(g); n++)
		for (unsigned at = 0; at < 4; at++)
			groups_put(g, &key[0], n, at, word_of(hex[n % 2], at) ^ parameters[at]);
	for (unsigned n = 0; n < 8; n++)
		groups_immediate(g, OP_vsm4k_vi, &key[n + 1], &key[n], n + 8 * groups_pick(g, 4));
}

void answer_sm4(struct groups *g)
{
	static const char *const keys[2] = { "0123456789abcdeffedcba9876543210",
					     "fedcba98765432100123456789abcdef" };
	static const char *const plain[2] = { "0123456789abcdeffedcba9876543210",
					      "000102030405060708090a0b0c0d0e0f" };
	static const char *const cipher[2] = { "681edf34d206965e86b3e94f536e4246",
					       "f766678f13f01adeac1b3ea955adb594" };
	struct operand key[9], state, reverse;

	groups_draw(g, key, ARRAY_SIZE(key));
	groups_draw(g, &state, 1);
	groups_draw(g, &reverse, 1);
	make_sm4_keys(g, key, keys);
	for (unsigned n = 0; n < groups_count(g); n++)
		fill_words(g, &state, n, plain[n % 2]);
	for (unsigned n = 1; n <= 8; n++)
		groups_unary(g, OP_vsm4r_vv, &state, &key[n]);
	for (unsigned n = groups_first(g); n < groups_end(g); n++) {
		expect_reversed(g, &state, n, cipher[n % 2]);
		fill_words(g, &state, n, cipher[n % 2]);
	}
	/* Decryption uses the round keys from the last to the first. */
	for (unsigned round = 8; round > 0; round--) {
		for (unsigned n = 0; n < groups_count(g); n++)
			for (unsigned at = 0; at < 4; at++)
				groups_put(g, &reverse, n, at,
					   groups_get(g, &key[round], n, 3 - at));
		groups_unary(g, OP_vsm4r_vv, &state, &reverse);
	}
	for (unsigned n = groups_first(g); n < groups_end(g); n++)
		expect_reversed(g, &state, n, plain[n % 2]);
}

void answer_sm4_scalar(struct groups *g)
{
	static const char *const keys[2] = { "0123456789abcdeffedcba9876543210",
					     "0123456789abcdeffedcba9876543210" };
	static const char *const plain[3] = { "0123456789abcdeffedcba9876543210",
					      "aaaaaaaabbbbbbbbccccccccdddddddd",
					      "eeeeeeeeffffffffaaaaaaaabbbbbbbb" };
	static const char *const cipher[3] = { "681edf34d206965e86b3e94f536e4246",
					       "5ec8143de509cff7b5179f8f474b8619",
					       "2f1d305a7fb17df985f81c8482192304" };
	struct groups one = first_group(g);
	struct operand key[9], state;

	groups_draw(g, key, ARRAY_SIZE(key));
	groups_draw(g, &state, 1);
	make_sm4_keys(&one, key, keys);
	for (unsigned n = 0; n < groups_count(g); n++)
		fill_words(g, &state, n, plain[n % 3]);
	for (unsigned n = 1; n <= 8; n++)
		groups_unary(g, OP_vsm4r_vs, &state, &key[n]);
	for (unsigned n = groups_first(g); n < groups_end(g); n++)
		expect_reversed(g, &state, n, cipher[n % 3]);
}
