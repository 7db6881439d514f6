/* SPDX-License-Identifier: MIT */
/*
 * The bytes of an EDID, in order. The timing is that of VESA's coordinated video timings with
 * reduced blanking, which is all a screen without a beam needs.
 */
#include "devices/screen/edid.h"

#include <stdio.h>
#include <string.h>

#define HEADER_BYTES 8
#define DESCRIPTORS 54 /* offset of the first of four */
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
#define CLOCK_MAX 0xffff /* units of 10 kHz */

/* 8 bits a colour over DisplayPort; gamma 2.2; sRGB, and the first timing is the native one. */
static const u8 basic[] = { 0xa5, 0, 0, 120, 0x06 };
/* Red, green, blue and white of sRGB, in 1024ths. */
static const u8 chromaticity[] = { 0xee, 0x91, 0xa3, 0x54, 0x4c, 0x99, 0x26, 0x0f, 0x50, 0x54 };
/* 640x480, 800x600 and 1024x768 at 60 Hz. */
static const u8 established[] = { 0x21, 0x08, 0x00 };

/* Physical size in mm of so many pixels. */
static u32 mm(u32 pixels, u32 dpi)
{
	return pixels * MM_PER_INCH_10 / (dpi * 10);
}

static u32 v_blank(u32 height)
{
	u32 lines = V_BLANK_US * REFRESH_HZ * height / (1000000 - V_BLANK_US * REFRESH_HZ) + 1;

	return MAX(lines, (u32)V_BLANK_MIN);
}

/* 3.10.2 Detailed Timing Descriptor */
static void put_timing(u8 *to, u32 width, u32 height, u32 dpi)
{
	u32 lines = v_blank(height), wide = mm(width, dpi), high = mm(height, dpi);
	u64 clock = (u64)(width + H_BLANK) * (height + lines) * REFRESH_HZ / 10000;

	clock = MIN(clock, (u64)CLOCK_MAX);
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

/* 3.10.3 Display Descriptor; 13 bytes follow the tag. */
static u8 *put_descriptor(u8 *to, u8 tag)
{
	to[3] = tag;
	return to + 5;
}

/* Text ends in a line feed, then blanks. */
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
	/* 50 to 125 Hz, 30 to 160 kHz, up to 2550 MHz, by default timing formulas alone. */
	static const u8 range[13] = { 50, 125, 30, 160, 255, 0x01, '\n', ' ', ' ', ' ', ' ', ' ',
				      ' ' };

	memcpy(put_descriptor(to, 0xfd), range, sizeof(range));
}

void edid_make(u8 edid[EDID_BYTES], u32 width, u32 height, u32 dpi, u32 serial)
{
	u8 *descriptors = edid + DESCRIPTORS, sum = 0;
	char text[13];

	width = MIN(width, EDID_SIDE_MAX);
	height = MIN(height, EDID_SIDE_MAX);
	memset(edid, 0, EDID_BYTES);
	memset(edid + 1, 0xff, HEADER_BYTES - 2);
	edid[8] = ('B' - '@') << 2 | ('A' - '@') >> 3; /* "BAY", five bits each */
	edid[9] = (u8)(('A' - '@') << 5 | ('Y' - '@'));
	edid[10] = 1; /* product */
	memcpy(edid + 12, &serial, sizeof(serial));
	edid[16] = 0xff; /* a year of model */
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
	for (unsigned i = 0; i < EDID_BYTES - 1; i++)
		sum = (u8)(sum + edid[i]);
	edid[EDID_BYTES - 1] = (u8)-sum;
}
