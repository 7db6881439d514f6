/* SPDX-License-Identifier: MIT */
/*
 * Vector cryptography on groups of elements (unprivileged manual, Zvk): AES by FIPS 197, GHASH by
 * NIST SP 800-38D, SHA-2 by FIPS 180-4, SM4 by GB/T 32907 and SM3 by GB/T 32905. Elements are in
 * words of 64 bits, element 0 first. Steps of AES and SM4 are those of the scalar instructions.
 */
#include "cpu/isa/bitmanip.h"
#include "cpu/isa/crypto.h"
#include "cpu/vector/impl.h"

#include <string.h>

#define GROUP_ELEMENTS 8

static void read_group(u64 *words, const u8 *from, unsigned elements, unsigned size)
{
	for (unsigned n = 0; n < elements; n++) {
		words[n] = 0;
		memcpy(&words[n], from + ((size_t)n << size), 1u << size);
	}
}

static void write_group(u8 *to, const u64 *words, unsigned elements, unsigned size)
{
	for (unsigned n = 0; n < elements; n++)
		memcpy(to + ((size_t)n << size), &words[n], 1u << size);
}

/*
 * Traps unless vl and vstart are multiples of the number of elements in a group, and the registers
 * hold at least one group.
 */
static bool are_groups(struct hart *hart, const struct insn *insn, unsigned elements)
{
	if (hart->vector.vl % elements || hart->vector.vstart % elements ||
	    vlmax_of(hart) < elements)
		return hart_illegal(hart, insn->raw, REASON_vector_groups);
	return true;
}

bool vector_groups(struct hart *hart, const struct insn *insn, const struct vector_group *group)
{
	unsigned size = sew_of(hart), elements = group->elements;
	bool scalar = vector_shape(insn->op)->a == EEW_ELEMENT;
	bool has_b = vector_shape(insn->op)->b != EEW_NONE;
	u64 d[GROUP_ELEMENTS], a[GROUP_ELEMENTS], b[GROUP_ELEMENTS] = { 0 }, first;
	u8 *to = register_of(hart, insn->rd);

	if (!are_groups(hart, insn, elements) || !vector_begin(hart, insn, &first))
		return false;
	for (u64 n = first; n < hart->vector.vl; n += elements) {
		read_group(d, to + (n << size), elements, size);
		read_group(a, register_of(hart, insn->rs2) + (scalar ? 0 : n << size), elements,
			   size);
		/*
		 * In other instructions the field of vs1 is an immediate, or selects the
		 * instruction.
		 */
		if (has_b)
			read_group(b, register_of(hart, insn->rs1) + (n << size), elements, size);
		(size == 3 ? group->compute_64 : group->compute)(d, a, b, (unsigned)insn->imm);
		write_group(to + (n << size), d, elements, size);
	}
	if (first < hart->vector.vl)
		vector_fill_tail(hart, insn, size);
	return vector_end(hart);
}

/* AES: a state has four columns, of which the scalar instructions' steps process two at a time. */

static u64 pair(const u64 *words, unsigned first)
{
	return words[first] | words[first + 1] << 32;
}

static void put_state(u64 *words, u64 low, u64 high)
{
	words[0] = (u32)low;
	words[1] = low >> 32;
	words[2] = (u32)high;
	words[3] = high >> 32;
}

/* Computes a round whose key is added after all steps. */
static void aes_round(u64 *d, const u64 *key, u64 (*step)(u64 low, u64 high))
{
	u64 low = pair(d, 0), high = pair(d, 2);

	put_state(d, step(low, high) ^ pair(key, 0), step(high, low) ^ pair(key, 2));
}

static void aesef(u64 *d, const u64 *a, const u64 *b, unsigned imm)
{
	(void)b;
	(void)imm;
	aes_round(d, a, aes64_encrypt_last);
}

static void aesem(u64 *d, const u64 *a, const u64 *b, unsigned imm)
{
	(void)b;
	(void)imm;
	aes_round(d, a, aes64_encrypt);
}

static void aesdf(u64 *d, const u64 *a, const u64 *b, unsigned imm)
{
	(void)b;
	(void)imm;
	aes_round(d, a, aes64_decrypt_last);
}

/* Computes a middle round of decryption, whose key is added before the last step. */
static void aesdm(u64 *d, const u64 *a, const u64 *b, unsigned imm)
{
	aesdf(d, a, b, imm);
	put_state(d, aes64_inverse_mix(pair(d, 0)), aes64_inverse_mix(pair(d, 2)));
}

static void aesz(u64 *d, const u64 *a, const u64 *b, unsigned imm)
{
	(void)b;
	(void)imm;
	for (unsigned n = 0; n < 4; n++)
		d[n] ^= a[n];
}

/*
 * Computes the words of a round key: each is the exclusive or of the word before and one of an
 * older key.
 */
static void key_words(u64 *d, u32 first, const u64 *older)
{
	u64 word = first;

	for (unsigned n = 0; n < 4; n++)
		d[n] = word ^= older[n];
}

/* Bit 3 of the round is inverted if it is not in 1 to 10, as the manual requires. */
static void aeskf1(u64 *d, const u64 *a, const u64 *b, unsigned imm)
{
	unsigned round = imm & 15;

	(void)b;
	if (round == 0 || round > 10)
		round ^= 8;
	key_words(d, (u32)aes64_key_schedule1(a[3] << 32, round - 1), a);
}

static void aeskf2(u64 *d, const u64 *a, const u64 *b, unsigned imm)
{
	unsigned round = imm & 15;
	u64 older[4];

	(void)b;
	if (round < 2 || round > 14)
		round ^= 8;
	memcpy(older, d, sizeof(older));
	round = round & 1 ? AES_ROUND_LAST : (round >> 1) - 1;
	key_words(d, (u32)aes64_key_schedule1(a[3] << 32, round), older);
}

/* GHASH: polynomials have the bits of each byte in reverse order. */

static u128 polynomial(const u64 *words)
{
	u64 low = reverse_bytes_bits(pair(words, 0)), high = reverse_bytes_bits(pair(words, 2));

	return (u128)high << 64 | low;
}

static void multiply(u64 *d, u128 x, u128 h)
{
	u128 z = 0;

	for (unsigned n = 0; n < 128; n++) {
		bool carry = h >> 127;

		z ^= x >> n & 1 ? h : 0;
		h = h << 1 ^ (carry ? 0x87 : 0);
	}
	put_state(d, reverse_bytes_bits((u64)z), reverse_bytes_bits((u64)(z >> 64)));
}

static void gmul(u64 *d, const u64 *a, const u64 *b, unsigned imm)
{
	(void)b;
	(void)imm;
	multiply(d, polynomial(d), polynomial(a));
}

static void ghsh(u64 *d, const u64 *a, const u64 *b, unsigned imm)
{
	(void)imm;
	multiply(d, polynomial(d) ^ polynomial(b), polynomial(a));
}

/* SHA-2, with words of 32 or 64 bits. */

struct sha2 {
	unsigned bits;
	u8 sum0[3], sum1[3]; /* rotations */
	u8 sig0[3], sig1[3]; /* two rotations and a shift */
};

static const struct sha2 sha256 = {
	32, { 2, 13, 22 }, { 6, 11, 25 }, { 7, 18, 3 }, { 17, 19, 10 },
};
static const struct sha2 sha512 = {
	64, { 28, 34, 39 }, { 14, 18, 41 }, { 1, 8, 7 }, { 19, 61, 6 },
};

static u64 word_of(const struct sha2 *sha, u64 value)
{
	return sha->bits == 32 ? (u32)value : value;
}

static u64 rotate(const struct sha2 *sha, u64 value, unsigned count)
{
	return word_of(sha, value >> count | value << (sha->bits - count));
}

static u64 sum(const struct sha2 *sha, u64 value, const u8 *by)
{
	return rotate(sha, value, by[0]) ^ rotate(sha, value, by[1]) ^ rotate(sha, value, by[2]);
}

static u64 sig(const struct sha2 *sha, u64 value, const u8 *by)
{
	return rotate(sha, value, by[0]) ^ rotate(sha, value, by[1]) ^ value >> by[2];
}

/*
 * Computes two rounds. The state is a, b, e, f in `abef` and c, d, g, h in d, from element 3 down
 * to element 0.
 */
static void sha2_rounds(const struct sha2 *sha, u64 *d, const u64 *abef, const u64 *words)
{
	u64 a = abef[3], b = abef[2], e = abef[1], f = abef[0];
	u64 c = d[3], dd = d[2], g = d[1], h = d[0];

	for (unsigned n = 0; n < 2; n++) {
		u64 t1 = h + sum(sha, e, sha->sum1) + ((e & f) ^ (~e & g)) + words[n];
		u64 t2 = sum(sha, a, sha->sum0) + ((a & b) ^ (a & c) ^ (b & c));

		h = g;
		g = f;
		f = e;
		e = word_of(sha, dd + t1);
		dd = c;
		c = b;
		b = a;
		a = word_of(sha, t1 + t2);
	}
	d[3] = a;
	d[2] = b;
	d[1] = e;
	d[0] = f;
}

/*
 * Computes the next four words of the message schedule from W0 to W3 in d, W4 and W9 to W11 in a,
 * and W12 to W15 in b.
 */
static void sha2_schedule(const struct sha2 *sha, u64 *d, const u64 *a, const u64 *b)
{
	u64 w[20] = { d[0], d[1], d[2], d[3], a[0], [9] = a[1], a[2], a[3],
		      b[0], b[1], b[2], b[3] };

	for (unsigned n = 16; n < 20; n++) {
		w[n] = word_of(sha, sig(sha, w[n - 2], sha->sig1) + w[n - 7] +
					    sig(sha, w[n - 15], sha->sig0) + w[n - 16]);
		d[n - 16] = w[n];
	}
}

#define SHA2(bits)                                                                                 \
	static void sha2ms_##bits(u64 *d, const u64 *a, const u64 *b, unsigned imm)                \
	{                                                                                          \
		(void)imm;                                                                         \
		sha2_schedule(&sha##bits, d, a, b);                                                \
	}                                                                                          \
	static void sha2cl_##bits(u64 *d, const u64 *a, const u64 *b, unsigned imm)                \
	{                                                                                          \
		(void)imm;                                                                         \
		sha2_rounds(&sha##bits, d, a, b);                                                  \
	}                                                                                          \
	static void sha2ch_##bits(u64 *d, const u64 *a, const u64 *b, unsigned imm)                \
	{                                                                                          \
		(void)imm;                                                                         \
		sha2_rounds(&sha##bits, d, a, b + 2);                                              \
	}
SHA2(256)
SHA2(512)

/*
 * SM4: four words are computed, each from the four before it. The steps of the scalar instructions
 * work on words whose bytes are in reverse order.
 */

static u32 swapped(u64 word)
{
	return __builtin_bswap32((u32)word);
}

static void sm4_words(u64 *d, const u64 *old, const u32 *keys, u32 (*step)(u32, u32, unsigned))
{
	u32 x[8] = { swapped(old[0]), swapped(old[1]), swapped(old[2]), swapped(old[3]) };

	for (unsigned n = 0; n < 4; n++) {
		x[n + 4] = x[n];
		for (unsigned byte = 0; byte < 4; byte++)
			x[n + 4] = step(x[n + 4], x[n + 1] ^ x[n + 2] ^ x[n + 3] ^ swapped(keys[n]),
					byte);
		d[n] = swapped(x[n + 4]);
	}
}

static void sm4r(u64 *d, const u64 *a, const u64 *b, unsigned imm)
{
	const u32 keys[4] = { (u32)a[0], (u32)a[1], (u32)a[2], (u32)a[3] };

	(void)b;
	(void)imm;
	sm4_words(d, d, keys, sm4_round);
}

/*
 * Computes round keys. Byte n of the constants CK, of which the first is the highest of a word, is
 * 7 * n modulo 256.
 */
static void sm4k(u64 *d, const u64 *a, const u64 *b, unsigned imm)
{
	u32 keys[4];

	(void)b;
	for (unsigned n = 0; n < 4; n++) {
		unsigned at = 4 * (4 * (imm & 7) + n);

		keys[n] = (at * 7 & 255) << 24 | ((at + 1) * 7 & 255) << 16 |
			  ((at + 2) * 7 & 255) << 8 | ((at + 3) * 7 & 255);
	}
	sm4_words(d, a, keys, sm4_key_schedule);
}

/* SM3: the words of memory are big-endian. */

struct sm3 {
	u32 a, b, c, d, e, f, g, h;
};

static void sm3_round(struct sm3 *s, unsigned round, u32 w, u32 other)
{
	u32 constant = round < 16 ? 0x79cc4519 : 0x7a879d8a;
	u32 turned = rotate_left32(s->a, 12);
	u32 ss1 = rotate_left32(turned + s->e + rotate_left32(constant, round), 7);
	u32 ff = round < 16 ? s->a ^ s->b ^ s->c : (s->a & s->b) | (s->a & s->c) | (s->b & s->c);
	u32 gg = round < 16 ? s->e ^ s->f ^ s->g : (s->e & s->f) | (~s->e & s->g);
	u32 tt1 = ff + s->d + (ss1 ^ turned) + (w ^ other), tt2 = gg + s->h + ss1 + w;

	s->d = s->c;
	s->c = rotate_left32(s->b, 9);
	s->b = s->a;
	s->a = tt1;
	s->h = s->g;
	s->g = rotate_left32(s->f, 19);
	s->f = s->e;
	s->e = tt2 ^ rotate_left32(tt2, 9) ^ rotate_left32(tt2, 17);
}

/*
 * Computes two rounds. Elements 0 to 7 of the state are A to H. The result has A, C, E and G of the
 * second round, each followed by that of the first.
 */
static void sm3c(u64 *d, const u64 *a, const u64 *b, unsigned imm)
{
	struct sm3 s = { swapped(d[0]), swapped(d[1]), swapped(d[2]), swapped(d[3]),
			 swapped(d[4]), swapped(d[5]), swapped(d[6]), swapped(d[7]) };
	struct sm3 first;

	(void)b;
	sm3_round(&s, 2 * imm, swapped(a[0]), swapped(a[4]));
	first = s;
	sm3_round(&s, 2 * imm + 1, swapped(a[1]), swapped(a[5]));
	d[0] = swapped(s.a);
	d[1] = swapped(first.a);
	d[2] = swapped(s.c);
	d[3] = swapped(first.c);
	d[4] = swapped(s.e);
	d[5] = swapped(first.e);
	d[6] = swapped(s.g);
	d[7] = swapped(first.g);
}

/* Computes the next eight words of the message expansion from the sixteen in vs1 and vs2. */
static void sm3me(u64 *d, const u64 *a, const u64 *b, unsigned imm)
{
	u32 w[24];

	(void)imm;
	for (unsigned n = 0; n < 8; n++) {
		w[n] = swapped(b[n]);
		w[n + 8] = swapped(a[n]);
	}
	for (unsigned n = 16; n < 24; n++) {
		u32 x = w[n - 16] ^ w[n - 9] ^ rotate_left32(w[n - 3], 15);

		x ^= rotate_left32(x, 15) ^ rotate_left32(x, 23);
		w[n] = x ^ rotate_left32(w[n - 13], 7) ^ w[n - 6];
		d[n - 16] = swapped(w[n]);
	}
}

#define OF_FOUR(name) const struct vector_group vector_group_##name = { 4, name, NULL };
#define OF_EIGHT(name) const struct vector_group vector_group_##name = { 8, name, NULL };
#define OF_SHA2(name) const struct vector_group vector_group_##name = { 4, name##_256, name##_512 };
OF_FOUR(aesdf)
OF_FOUR(aesdm)
OF_FOUR(aesef)
OF_FOUR(aesem)
OF_FOUR(aesz)
OF_FOUR(aeskf1)
OF_FOUR(aeskf2)
OF_FOUR(ghsh)
OF_FOUR(gmul)
OF_SHA2(sha2ms)
OF_SHA2(sha2ch)
OF_SHA2(sha2cl)
OF_FOUR(sm4k)
OF_FOUR(sm4r)
OF_EIGHT(sm3c)
OF_EIGHT(sm3me)
