/* SPDX-License-Identifier: MIT */
/*
 * Writes the bytes of an EDID, in their order. The timing is that of VESA's Coordinated Video
 * Timings with reduced blanking, which is sufficient for a screen without a cathode ray.
 */
#include "devices/screen/edid.h"

#include <stdio.h>
#include <string.h>

#define HEADER_BYTES 8
#define DESCRIPTORS 54 /* the offset of the first of four */
#define DESCRIPTOR_BYTES 18
#define MM_PER_INCH_10 254

/* Reduced blanking */
#define H_BLANK 160
#define H_FRONT 48
#define H_SYNC 32
#define V_FRONT 3
#define V_SYNC 10
#define V_BLANK_MIN (V_FRONT + V_SYNC + 6)
#define V_BLANK_US 460
#define REFRESH_HZ 60
#define CLOCK_MAX 0xffff /* the limit in the base block, in units of 10 kHz */

/* DisplayID: the sizes of a detailed timing, and of a section that contains one. */
#define DISPLAY_ID_TIMING 20
#define DISPLAY_ID_BYTES (3 + DISPLAY_ID_TIMING)

/* 8 bits per colour over DisplayPort; gamma 2.2; sRGB, and the first timing is the native one. */
static const u8 basic[] = { 0xa5, 0, 0, 120, 0x06 };
/* Red, green, blue and white of sRGB, in 1024ths. */
static const u8 chromaticity[] = { 0xee, 0x91, 0xa3, 0x54, 0x4c, 0x99, 0x26, 0x0f, 0x50, 0x54 };
/* 640x480, 800x600 and 1024x768 at 60 Hz. */
static const u8 established[] = { 0x21, 0x08, 0x00 };

/* Returns the physical size of `pixels` in mm. */
static u32 mm(u32 pixels, u32 dpi)
{
	return pixels * MM_PER_INCH_10 / (dpi * 10);
}

static u32 v_blank(u32 height)
{
	u32 lines = V_BLANK_US * REFRESH_HZ * height / (1000000 - V_BLANK_US * REFRESH_HZ) + 1;

	return MAX(lines, (u32)V_BLANK_MIN);
}

/* Returns the pixel clock in units of 10 kHz. */
static u32 pixel_clock(u32 width, u32 height)
{
	return (u32)((u64)(width + H_BLANK) * (height + v_blank(height)) * REFRESH_HZ / 10000);
}

/* Writes a detailed timing descriptor (3.10.2). */
static void put_timing(u8 *to, u32 width, u32 height, u32 dpi)
{
	u32 lines = v_blank(height), wide = mm(width, dpi), high = mm(height, dpi);
	u32 clock = MIN(pixel_clock(width, height), (u32)CLOCK_MAX);

	to[0] = (u8)clock;
	to[1] = (u8)(clock >> 8);
	to[2] = (u8)width;
	to[3] = H_BLANK;
	to[4] = (u8)(width >> 8 << 4);
	to[5] = (u8)height;
	to[6] = (u8)lines;
	to[7] = (u8)(height >> 8 << 4 | lines >> 8);
	to[8] = H_FRONT;
	to[9] = H_SYNC;
	to[10] = V_FRONT << 4 | V_SYNC;
	to[12] = (u8)wide;
	to[13] = (u8)high;
	to[14] = (u8)(wide >> 8 << 4 | high >> 8);
	to[17] = 0x1a; /* digital, separate sync, horizontal positive */
}

/*
 * Begins a display descriptor (3.10.3), and returns the place of the 13 bytes that follow its tag.
 */
static u8 *put_descriptor(u8 *to, u8 tag)
{
	to[3] = tag;
	return to + 5;
}

/* Writes a display descriptor with a text, which ends in a line feed and is padded with blanks. */
static void put_text(u8 *to, u8 tag, const char *text)
{
	u8 *at = put_descriptor(to, tag);
	size_t size = strlen(text);

	memset(at, ' ', 13);
	memcpy(at, text, size);
	at[size] = '\n';
}

static void put_range(u8 *to)
{
	/*
	 * 50 to 125 Hz, 30 to 160 kHz, up to 2550 MHz; 0x01: these limits only, no timing formula.
	 */
	static const u8 range[13] = { 50, 125, 30, 160, 255, 0x01, '\n', ' ', ' ', ' ', ' ', ' ',
				      ' ' };

	memcpy(put_descriptor(to, 0xfd), range, sizeof(range));
}

/* Writes a checksum after the bytes, so that the sum of all is 0. */
static void put_sum(u8 *bytes, unsigned count)
{
	u8 sum = 0;

	for (unsigned n = 0; n < count; n++)
		sum = (u8)(sum + bytes[n]);
	bytes[count] = (u8)-sum;
}

static void put_word(u8 *to, u32 value)
{
	to[0] = (u8)value;
	to[1] = (u8)(value >> 8);
}

/*
 * Writes a DisplayID 1.3 section with one detailed timing of type I. Numbers are stored minus one.
 */
static void put_display_id(u8 *block, u32 width, u32 height)
{
	static const u8 head[] = { 0x70, 0x13, DISPLAY_ID_BYTES, 3 /* a monitor */, 0,
				   3 /* timings of type I */, 0, DISPLAY_ID_TIMING };
	u8 *timing = block + sizeof(head);
	u32 clock = pixel_clock(width, height) - 1;

	memset(block, 0, EDID_BYTES);
	memcpy(block, head, sizeof(head));
	put_word(timing, clock);
	timing[2] = (u8)(clock >> 16);
	timing[3] = 0x88; /* preferred; none of the named aspect ratios */
	put_word(timing + 4, width - 1);
	put_word(timing + 6, H_BLANK - 1);
	put_word(timing + 8, (H_FRONT - 1) | 0x8000); /* positive */
	put_word(timing + 10, H_SYNC - 1);
	put_word(timing + 12, height - 1);
	put_word(timing + 14, v_blank(height) - 1);
	put_word(timing + 16, V_FRONT - 1);
	put_word(timing + 18, V_SYNC - 1);
	put_sum(block + 1, sizeof(head) - 1 + DISPLAY_ID_TIMING);
	put_sum(block, EDID_BYTES - 1);
}

static void put_base(u8 *edid, u32 width, u32 height, u32 dpi, u32 serial)
{
	u8 *descriptors = edid + DESCRIPTORS;
	char text[13];

	memset(edid, 0, EDID_BYTES);
	memset(edid + 1, 0xff, HEADER_BYTES - 2);
	edid[8] = ('B' - '@') << 2 | ('A' - '@') >> 3; /* "BAY", five bits each */
	edid[9] = (u8)(('A' - '@') << 5 | ('Y' - '@'));
	edid[10] = 1; /* product */
	memcpy(edid + 12, &serial, sizeof(serial));
	edid[16] = 0xff; /* edid[17] is the year of the model */
	edid[17] = 2026 - 1990;
	edid[18] = 1; /* version 1.4 */
	edid[19] = 4;
	memcpy(edid + 20, basic, sizeof(basic));
	edid[21] = (u8)MIN(mm(width, dpi) / 10, 255u);
	edid[22] = (u8)MIN(mm(height, dpi) / 10, 255u);
	memcpy(edid + 25, chromaticity, sizeof(chromaticity));
	memcpy(edid + 35, established, sizeof(established));
	memset(edid + 38, 1, 16); /* no standard timings */
	put_timing(descriptors, width, height, dpi);
	put_range(descriptors + DESCRIPTOR_BYTES);
	put_text(descriptors + 2 * DESCRIPTOR_BYTES, 0xfc, "Baya Monitor");
	snprintf(text, sizeof(text), "%u", serial);
	put_text(descriptors + 3 * DESCRIPTOR_BYTES, 0xff, text);
}

u32 edid_make(u8 edid[EDID_BYTES_MAX], u32 width, u32 height, u32 dpi, u32 serial)
{
	bool large = width > EDID_SIDE_MAX || height > EDID_SIDE_MAX ||
		     pixel_clock(width, height) > CLOCK_MAX;

	put_base(edid, MIN(width, EDID_SIDE_MAX), MIN(height, EDID_SIDE_MAX), dpi, serial);
	edid[126] = large; /* extensions */
	put_sum(edid, EDID_BYTES - 1);
	if (!large)
		return EDID_BYTES;
	put_display_id(edid + EDID_BYTES, width, height);
	return EDID_BYTES_MAX;
}
