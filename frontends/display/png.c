/* SPDX-License-Identifier: MIT */
/* Writes PNG images by zlib: 8 bits per colour, no filter, one IDAT chunk. */
#include "frontends/display/png.h"

#include "bus/output.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define RGB_BYTES 3
#define COLOUR_TRUE 2

/* Converts a row of the surface to bytes of red, green and blue; `pixels` has room for a row. */
static void put_row(const struct display_surface *surface, u32 y, u32 *pixels, u8 *to)
{
	display_convert(surface->format, surface->pixels + y * surface->stride, pixels,
			surface->width);
	for (u32 x = 0; x < surface->width; x++) {
		*to++ = (u8)(pixels[x] >> 16);
		*to++ = (u8)(pixels[x] >> 8);
		*to++ = (u8)pixels[x];
	}
}

/* Returns all rows, each preceded by `before` bytes of zeros; NULL if there is no memory. */
static u8 *all_rows(const struct display_surface *surface, u32 before, size_t *size)
{
	size_t row = before + (size_t)surface->width * RGB_BYTES;
	u32 *pixels = calloc(surface->width, sizeof(*pixels));
	u8 *rows = calloc(surface->height, row);

	*size = row * surface->height;
	for (u32 y = 0; pixels && rows && y < surface->height; y++)
		put_row(surface, y, pixels, rows + y * row + before);
	if (!pixels) {
		free(rows);
		rows = NULL;
	}
	free(pixels);
	return rows;
}

static void put_chunk(FILE *file, const char type[4], const void *data, u32 size)
{
	u32 length = htobe32(size);
	uLong sum = crc32(crc32(0, (const Bytef *)type, 4), data, size);
	u32 check = htobe32((u32)sum);

	fwrite(&length, sizeof(length), 1, file);
	fwrite(type, 4, 1, file);
	fwrite(data, 1, size, file);
	fwrite(&check, sizeof(check), 1, file);
}

static int write_png(FILE *file, const struct display_surface *surface)
{
	static const u8 signature[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
	struct {
		u32 width, height;
		u8 depth, colour, compression, filter, interlace;
	} header = { htobe32(surface->width), htobe32(surface->height), 8, COLOUR_TRUE, 0, 0, 0 };
	size_t size;
	u8 *rows = all_rows(surface, 1, &size);
	uLongf packed_size = compressBound(size);
	u8 *packed = malloc(packed_size);
	int failed = rows && packed ? 0 : -ENOMEM;

	if (!failed && compress2(packed, &packed_size, rows, size, Z_BEST_SPEED) != Z_OK)
		failed = -ENOMEM;
	if (!failed) {
		fwrite(signature, sizeof(signature), 1, file);
		put_chunk(file, "IHDR", &header, 13);
		put_chunk(file, "IDAT", packed, (u32)packed_size);
		put_chunk(file, "IEND", "", 0);
	}
	free(packed);
	free(rows);
	return failed;
}

static int write_ppm(FILE *file, const struct display_surface *surface)
{
	size_t size;
	u8 *rows = all_rows(surface, 0, &size);

	if (!rows)
		return -ENOMEM;
	fprintf(file, "P6\n%u %u\n255\n", surface->width, surface->height);
	fwrite(rows, 1, size, file);
	free(rows);
	return 0;
}

int png_write(const char *path, enum png_format format, const struct display_surface *surface)
{
	size_t size = strlen(path);
	bool named = size > 4 && !strcmp(path + size - 4, ".png");
	bool is_png = format == PNG_ALWAYS || (format == PNG_BY_NAME && named);
	struct output output;
	int failed = output_open(&output, path);

	if (failed)
		return failed;
	failed = is_png ? write_png(output.file, surface) : write_ppm(output.file, surface);
	return output_close(&output, failed);
}
