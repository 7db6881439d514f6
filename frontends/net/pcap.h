/* SPDX-License-Identifier: MIT */
/* Writes frames into a file that tcpdump and Wireshark read: pcap, with times in nanoseconds. */
#ifndef FRONTENDS_NET_PCAP_H
#define FRONTENDS_NET_PCAP_H

#include "bus/base.h"
#include "frontends/host/growing_file.h"

struct pcap {
	struct growing_file output;
	u64 date; /* the date of the machine's time 0, in ns since 1970 */
	u32 length; /* the most bytes of a frame that are written */
};

/*
 * Creates the file pcap->output.path. The caller has set `date` and `length`. Returns 0 or -errno.
 * pcap_close returns whether frames were lost, as has been reported.
 */
int pcap_open(struct pcap *pcap);
bool pcap_close(struct pcap *pcap);

/*
 * Writes a frame, which does not stay in a buffer, so that other programs can read it at once.
 * `time` is the machine's time in ns.
 */
void pcap_write(struct pcap *pcap, u64 time, const u8 *frame, size_t size);

#endif
