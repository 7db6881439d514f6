/* SPDX-License-Identifier: MIT */
/* Small files in memory are created, written, read and removed. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../program.h"

#define SIZE 8192
#define CALLS 8

static void use_file(const char *path, unsigned char *data)
{
	int file = open(path, O_CREAT | O_TRUNC | O_RDWR, 0600);
	struct stat status;

	if (file < 0)
		fail(path);
	for (int n = 0; n < CALLS; n++)
		if (write(file, data, SIZE / CALLS) != SIZE / CALLS)
			fail("write");
	if (fstat(file, &status) || status.st_size != SIZE || lseek(file, 0, SEEK_SET))
		fail("fstat");
	for (int n = 0; n < CALLS; n++)
		if (read(file, data + n * (SIZE / CALLS), SIZE / CALLS) != SIZE / CALLS)
			fail("read");
	close(file);
	unlink(path);
}

uint64_t run_file(unsigned rounds)
{
	static unsigned char data[SIZE];
	uint64_t sum = 0;
	char path[64];

	snprintf(path, sizeof(path), "/dev/shm/baya-bench-%d", (int)getpid());
	for (unsigned n = 0; n < rounds; n++) {
		memset(data, (int)n, SIZE / CALLS);
		use_file(path, data);
		sum = mix(sum, data[SIZE - 1]);
	}
	return sum;
}
