/* SPDX-License-Identifier: MIT */
/* See pcap.h; the format is that of draft-ietf-opsawg-pcap. */
#include "frontends/net/pcap.h"

#include <errno.h>
#include <string.h>

#define MAGIC_NS 0xa1b23c4d
#define LINKTYPE_ETHERNET 1

struct pcap_header {
	u32 magic;
	u16 major, minor;
	u32 reserved[2];
	u32 length;
	u32 linktype;
};

struct pcap_record {
	u32 seconds, nanoseconds;
	u32 written, size;
};

static void pcap_failed(struct pcap *pcap)
{
	fprintf(stderr, "baya: writing frames to '%s': %s; the rest is left out\n", pcap->path,
		strerror(errno));
	fclose(pcap->file);
	pcap->file = NULL;
}

int pcap_open(struct pcap *pcap, const char *path, u32 length)
{
	const struct pcap_header header = { MAGIC_NS, 2, 4, { 0 }, length, LINKTYPE_ETHERNET };

	*pcap = (struct pcap){ .path = path, .length = length };
	pcap->file = fopen(path, "we");
	if (!pcap->file)
		return -errno;
	if (fwrite(&header, sizeof(header), 1, pcap->file) != 1)
		pcap_failed(pcap);
	return 0;
}

void pcap_close(struct pcap *pcap)
{
	if (pcap->file && fflush(pcap->file))
		pcap_failed(pcap);
	if (pcap->file)
		fclose(pcap->file);
	pcap->file = NULL;
}

void pcap_write(struct pcap *pcap, u64 time, const u8 *frame, size_t size)
{
	const struct pcap_record record = {
		.seconds = (u32)(time / NS_PER_S),
		.nanoseconds = (u32)(time % NS_PER_S),
		.written = (u32)MIN(size, pcap->length),
		.size = (u32)size,
	};

	if (pcap->file && (fwrite(&record, sizeof(record), 1, pcap->file) != 1 ||
			   fwrite(frame, 1, record.written, pcap->file) != record.written))
		pcap_failed(pcap);
}
