/* SPDX-License-Identifier: MIT */
/* A file with frames as they passed, which tcpdump and Wireshark read: pcap, in nanoseconds. */
#ifndef FRONTENDS_NET_PCAP_H
#define FRONTENDS_NET_PCAP_H

#include <stdio.h>

#include "bus/base.h"

struct pcap {
	const char *path;
	FILE *file; /* NULL: it cannot be written any more */
	u32 length; /* bytes of a frame that are written */
};

/* 0 or -errno. */
int pcap_open(struct pcap *pcap, const char *path, u32 length);
void pcap_close(struct pcap *pcap);

/* `time` is the machine's, in ns. */
void pcap_write(struct pcap *pcap, u64 time, const u8 *frame, size_t size);

#endif
