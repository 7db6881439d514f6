/* SPDX-License-Identifier: MIT */
/*
 * tcp send|receive ADDRESS PORT MEBIBYTES: a program for Linux in the guest that only transfers
 * bytes over one connection. It receives as many bytes as the peer sends.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PART (256 * 1024)

static int send_all(int socket_fd, const char *bytes, long left)
{
	while (left > 0) {
		ssize_t put = write(socket_fd, bytes, PART);

		if (put <= 0)
			return 1;
		left -= put;
	}
	return shutdown(socket_fd, SHUT_WR) ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	static char bytes[PART];
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (argc != 5 || inet_pton(AF_INET, argv[2], &address.sin_addr) != 1)
		return 2;
	address.sin_port = htons((unsigned short)atoi(argv[3]));
	if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address))) {
		perror("tcp");
		return 1;
	}
	if (!strcmp(argv[1], "send") && send_all(fd, bytes, atol(argv[4]) << 20))
		return 1;
	while (read(fd, bytes, sizeof(bytes)) > 0)
		;
	return 0;
}
