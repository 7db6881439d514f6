/* SPDX-License-Identifier: MIT */
/*
 * Memory: streams over three arrays, copies and fills of many sizes and alignments, and chains of
 * pointers, one within 256 KiB and one over 4 MiB (more pages than a small TLB holds).
 */
#include "bench.h"

const u64 bench_expected = 0x481c8093a079e29f;

#define STREAM 16384
#define BYTES 65536
#define LINKS 65536
#define SHORT_LINKS 4096

static u64 a[STREAM], b[STREAM], c[STREAM];
static u8 from[BYTES], to[BYTES];
/* There is one link per cache line; it has the index of the next one. */
static struct link {
	u32 next;
	u32 unused[15];
} links[LINKS];

static u64 stream_work(u64 sum)
{
	for (u64 n = 0; n < STREAM; n++) {
		a[n] = n;
		b[n] = n * n;
	}
	for (unsigned pass = 0; pass < 4; pass++) {
		for (unsigned n = 0; n < STREAM; n++)
			c[n] = a[n] + 3 * b[n];
		for (unsigned n = 0; n < STREAM; n++)
			b[n] = c[n] ^ a[n];
		for (unsigned n = 0; n < STREAM; n++)
			sum += b[n];
	}
	return mix(sum, 1);
}

static void copy_bytes(u8 *dest, const u8 *source, size_t size)
{
	while (size--)
		*dest++ = *source++;
}

/* Copies by words where the alignment of both addresses allows it, as a C library does. */
static void copy(u8 *dest, const u8 *source, size_t size)
{
	size_t head = -(uintptr_t)dest & 7;

	if ((((uintptr_t)dest ^ (uintptr_t)source) & 7) || size < 32) {
		copy_bytes(dest, source, size);
		return;
	}
	copy_bytes(dest, source, head);
	dest += head;
	source += head;
	size -= head;
	for (; size >= 32; size -= 32, dest += 32, source += 32) {
		const u64 *in = (const u64 *)source;
		u64 w0 = in[0], w1 = in[1], w2 = in[2], w3 = in[3], *out = (u64 *)dest;

		out[0] = w0;
		out[1] = w1;
		out[2] = w2;
		out[3] = w3;
	}
	copy_bytes(dest, source, size);
}

static void fill(u8 *dest, u64 word, size_t words)
{
	u64 *out = (u64 *)dest;

	while (words--)
		*out++ = word;
}

static u64 copy_work(u64 sum)
{
	u64 random = 88172645463325252ull;

	for (unsigned n = 0; n < BYTES; n++)
		from[n] = (u8)(n * 7 + (n >> 8));
	fill(to, 0x0101010101010101ull, BYTES / 8);
	for (unsigned n = 0; n < 600; n++) {
		u64 r = next_random(&random);
		size_t size = n % 8 ? r % 256 : r % 8192;
		size_t in = r >> 16 & 0x7fff, out = r >> 32 & 0x7fff;

		/* At least half of the copies can be made by words. */
		if (n & 1)
			out = (out & ~7ul) | (in & 7);
		copy(to + out, from + in, size);
	}
	for (unsigned n = 0; n < BYTES; n += 8)
		sum = mix(sum, *(u64 *)(to + n));
	return sum;
}

/* Links `count` elements to one cycle, in an order without a pattern (Sattolo's shuffle). */
static void tie(u32 count)
{
	u64 random = 7046029254386353131ull;

	for (u32 n = 0; n < count; n++)
		links[n].next = n;
	for (u32 n = count - 1; n > 0; n--) {
		u32 other = (u32)(next_random(&random) % n), kept = links[n].next;

		links[n].next = links[other].next;
		links[other].next = kept;
	}
}

static u64 follow(u32 steps, u64 sum)
{
	u32 at = 0;

	while (steps--) {
		sum += at;
		at = links[at].next;
	}
	return mix(sum, at);
}

u64 bench_round(void)
{
	u64 sum = copy_work(stream_work(0));

	tie(SHORT_LINKS);
	sum = follow(300000, sum);
	tie(LINKS);
	return follow(100000, sum);
}
