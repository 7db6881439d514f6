/* SPDX-License-Identifier: MIT */
/* Prints where images differ (see difference.h). */
#include "tests/cpu/vector/difference.h"

#include <stdio.h>

/* The most bytes of a register, or of memory, that are printed. */
#define PRINTED 6

struct number {
	u64 in, baya, other;
};

static void print_number(const struct difference_images *images, const char *name, struct number n)
{
	if (n.baya != n.other)
		printf("  %s: was %llx, Baya %llx, %s %llx\n", name, n.in, n.baya, images->name,
		       n.other);
}

/* A range of bytes that is compared in both images. */
struct range {
	size_t offset; /* in struct vector_image */
	size_t count;
};

static void print_bytes(const struct difference_images *images, const char *name,
			struct range range)
{
	const u8 *in = (const u8 *)images->in + range.offset;
	const u8 *baya = (const u8 *)images->baya + range.offset;
	const u8 *other = (const u8 *)images->other + range.offset;
	unsigned count = 0;

	for (size_t n = 0; n < range.count; n++)
		if (baya[n] != other[n] && count++ < PRINTED)
			printf("  %s byte %zu: was %02x, Baya %02x, %s %02x\n", name, n, in[n],
			       baya[n], images->name, other[n]);
	if (count > PRINTED)
		printf("  ... %u bytes of %s\n", count, name);
}

#define NUMBER(field)                                                                              \
	print_number(images, #field,                                                               \
		     (struct number){ images->in->field, images->baya->field,                      \
				      images->other->field })

void difference_print(const struct difference_images *images)
{
	char name[8];

	NUMBER(trap);
	NUMBER(vl);
	NUMBER(vtype);
	NUMBER(vstart);
	NUMBER(vcsr);
	NUMBER(fcsr);
	for (unsigned n = 0; n < 32; n++) {
		snprintf(name, sizeof(name), "x%u", n);
		print_number(images, name,
			     (struct number){ images->in->x[n], images->baya->x[n],
					      images->other->x[n] });
		snprintf(name, sizeof(name), "f%u", n);
		print_number(images, name,
			     (struct number){ images->in->f[n], images->baya->f[n],
					      images->other->f[n] });
	}
	for (unsigned n = 0; n < 32; n++) {
		size_t at = offsetof(struct vector_image, v) + (size_t)n * images->vlenb;

		snprintf(name, sizeof(name), "v%u", n);
		print_bytes(images, name, (struct range){ at, images->vlenb });
	}
	print_bytes(images, "memory",
		    (struct range){ offsetof(struct vector_image, memory), IMAGE_BYTES });
}
