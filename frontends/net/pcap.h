/* SPDX-License-Identifier: MIT */
/* Writes frames into a file that tcpdump and Wireshark read: pcap, with times in nanoseconds. */
#ifndef FRONTENDS_NET_PCAP_H
#define FRONTENDS_NET_PCAP_H

#include "bus/base.h"

struct pcap {
	const char *path;
	int fd; /* -1: writing has failed */
	u64 date; /* at the machine's time 0, ns since 1970 */
	u32 length; /* how many bytes of each frame are written */
};

/* Opens pcap->path for the date and length that *pcap has. Returns 0 or -errno. */
int pcap_open(struct pcap *pcap);
void pcap_close(struct pcap *pcap);

/* Writes a record at once, so that others can read it. `time` is the machine's, in ns. */
void pcap_write(struct pcap *pcap, u64 time, const u8 *frame, size_t size);

#endif
