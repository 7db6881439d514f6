/* SPDX-License-Identifier: MIT */
/* Reassembles IPv4 fragments (RFC 791, section 3.2) that arrive in order. See net/fragments.h. */
#include "frontends/net/fragments.h"

#include <string.h>

#define TYPE_IPV4 0x0800
#define HEADER_MIN 20
#define MORE 0x2000 /* bit of the field with flags and offset */
#define DONT 0x4000
#define RESERVED 0x8000
#define OFFSET 0x1fff

/* These are offsets of fields in a frame. */
enum { TYPE = 12, IP = 14, LENGTH = 16, ID = 18, FLAGS = 20, PROTOCOL = 23, SUM = 24, SOURCE = 26 };

/* The fields of a fragment. */
struct part {
	size_t header, data; /* bytes of the header, and of the data */
	size_t offset;
	bool more;
};

static u16 get16(const u8 *at)
{
	return (u16)(at[0] << 8 | at[1]);
}

static void put16(u8 *at, u16 value)
{
	at[0] = (u8)(value >> 8);
	at[1] = (u8)value;
}

static u16 checksum(const u8 *header, size_t size)
{
	u32 sum = 0;

	for (size_t n = 0; n < size; n += 2)
		sum += get16(header + n);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (u16)~sum;
}

static bool is_part(const u8 *frame, size_t size)
{
	return size >= IP + HEADER_MIN && get16(frame + TYPE) == TYPE_IPV4 &&
	       (get16(frame + FLAGS) & ~DONT);
}

static bool read_part(const u8 *frame, size_t size, struct part *part)
{
	u16 flags = get16(frame + FLAGS);
	size_t length = get16(frame + LENGTH);

	part->header = (frame[IP] & 15) * 4u;
	if (frame[IP] >> 4 != 4 || part->header < HEADER_MIN || length <= part->header ||
	    IP + length > size || checksum(frame + IP, part->header) || (flags & RESERVED))
		return false;
	part->data = length - part->header;
	part->offset = (flags & OFFSET) * 8u;
	part->more = flags & MORE;
	return !part->more || part->data % 8 == 0;
}

/* Finds the packet to which a fragment belongs: identification, protocol and addresses are the
 * same. */
static struct net_fragmented *fragments_find(struct net_fragments *fragments, const u8 *frame)
{
	for (unsigned n = 0; n < NET_FRAGMENTED_MAX; n++) {
		struct net_fragmented *packet = &fragments->packets[n];

		if (packet->size && get16(packet->frame + ID) == get16(frame + ID) &&
		    packet->frame[PROTOCOL] == frame[PROTOCOL] &&
		    !memcmp(packet->frame + SOURCE, frame + SOURCE, 8))
			return packet;
	}
	return NULL;
}

static void fragments_begin(struct net_fragments *fragments, const u8 *frame,
			    const struct part *part)
{
	struct net_fragmented *packet = fragments_find(fragments, frame);

	if (!packet)
		packet = &fragments->packets[fragments->next++ % NET_FRAGMENTED_MAX];
	packet->size = IP + part->header + part->data;
	memcpy(packet->frame, frame, packet->size);
}

/* Appends a fragment to its packet; returns false if the fragment is not the next one, or the
 * packet would become too large. */
static bool fragments_append(struct net_fragmented *packet, const u8 *frame,
			     const struct part *part)
{
	size_t header = IP + (packet->frame[IP] & 15) * 4u;

	if (packet->size != header + part->offset ||
	    packet->size + part->data > sizeof(packet->frame))
		return false;
	memcpy(packet->frame + packet->size, frame + IP + part->header, part->data);
	packet->size += part->data;
	return true;
}

const u8 *net_fragments_join(struct net_fragments *fragments, const u8 *frame, size_t *size)
{
	struct net_fragmented *packet;
	struct part part;

	if (!is_part(frame, *size))
		return frame;
	if (!read_part(frame, *size, &part))
		return NULL;
	if (!part.offset) {
		fragments_begin(fragments, frame, &part);
		return NULL;
	}
	packet = fragments_find(fragments, frame);
	if (!packet || !fragments_append(packet, frame, &part) || part.more)
		return NULL;
	*size = packet->size;
	packet->size = 0;
	put16(packet->frame + LENGTH, (u16)(*size - IP));
	put16(packet->frame + FLAGS, 0);
	put16(packet->frame + SUM, 0);
	put16(packet->frame + SUM, checksum(packet->frame + IP, (packet->frame[IP] & 15) * 4u));
	return packet->frame;
}
