/* SPDX-License-Identifier: MIT */
/* See pcap.h; the format is that of draft-ietf-opsawg-pcap. */
#include "frontends/net/pcap.h"

#include <errno.h>

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

int pcap_open(struct pcap *pcap)
{
	struct pcap_header header = { MAGIC_NS, 2, 4, { 0 }, pcap->length, LINKTYPE_ETHERNET };

	pcap->output.what = "the frames";
	pcap->output.file = fopen(pcap->output.path, "we");
	if (!pcap->output.file)
		return -errno;
	growing_file_write(&pcap->output, &header, sizeof(header));
	growing_file_flush(&pcap->output);
	return 0;
}

bool pcap_close(struct pcap *pcap)
{
	return growing_file_close(&pcap->output);
}

void pcap_write(struct pcap *pcap, u64 time, const u8 *frame, size_t size)
{
	u64 date = pcap->date + time;
	struct pcap_record record = {
		.seconds = (u32)(date / NS_PER_S),
		.nanoseconds = (u32)(date % NS_PER_S),
		.written = (u32)MIN(size, pcap->length),
		.size = (u32)size,
	};

	growing_file_write(&pcap->output, &record, sizeof(record));
	growing_file_write(&pcap->output, frame, record.written);
	growing_file_flush(&pcap->output);
}
