/* SPDX-License-Identifier: MIT */
/* Writes frames into a file that tcpdump and Wireshark read: pcap, with times in nanoseconds. */
#ifndef FRONTENDS_NET_PCAP_H
#define FRONTENDS_NET_PCAP_H

#include <stdio.h>

#include "bus/base.h"

struct pcap {
	const char *path;
	FILE *file; /* NULL: writing has failed */
	u32 length; /* how many bytes of each frame are written */
};

/* Returns 0 or -errno. */
int pcap_open(struct pcap *pcap, const char *path, u32 length);
void pcap_close(struct pcap *pcap);

/* `time` is the machine's, in ns. */
void pcap_write(struct pcap *pcap, u64 time, const u8 *frame, size_t size);

#endif
