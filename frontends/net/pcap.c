/* SPDX-License-Identifier: MIT */
/* See pcap.h; the format is that of draft-ietf-opsawg-pcap. */
#include "frontends/net/pcap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

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
	pcap_close(pcap);
}

/* Writes a packet. When the disk becomes full, the host first writes only a part of it. */
static void pcap_put(struct pcap *pcap, struct iovec *parts, int count)
{
	size_t size = 0;
	ssize_t put;

	for (int n = 0; n < count; n++)
		size += parts[n].iov_len;
	do
		put = writev(pcap->fd, parts, count);
	while (put < 0 && errno == EINTR);
	if (put >= 0 && (size_t)put < size)
		errno = ENOSPC;
	if (put < 0 || (size_t)put < size)
		pcap_failed(pcap);
}

int pcap_open(struct pcap *pcap)
{
	struct pcap_header header = { MAGIC_NS, 2, 4, { 0 }, pcap->length, LINKTYPE_ETHERNET };
	struct iovec part = { &header, sizeof(header) };

	pcap->fd = open(pcap->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (pcap->fd < 0)
		return -errno;
	pcap_put(pcap, &part, 1);
	return 0;
}

void pcap_close(struct pcap *pcap)
{
	if (pcap->fd >= 0)
		close(pcap->fd);
	pcap->fd = -1;
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
	struct iovec parts[] = { { &record, sizeof(record) }, { (u8 *)frame, record.written } };

	if (pcap->fd >= 0)
		pcap_put(pcap, parts, ARRAY_SIZE(parts));
}
