/* SPDX-License-Identifier: MIT */
/* Context switches: two processes that send to each other by pipes, and a ring of 64 threads. */
#include <pthread.h>
#include <semaphore.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../program.h"

#define MESSAGE 64
#define EXCHANGES 1000
#define THREADS 64

static void transfer(ssize_t moved)
{
	if (moved != MESSAGE)
		fail("pipe");
}

static void answer(int in, int out, unsigned count)
{
	unsigned char message[MESSAGE];

	while (count--) {
		transfer(read(in, message, MESSAGE));
		message[0]++;
		transfer(write(out, message, MESSAGE));
	}
	_exit(0);
}

uint64_t run_pipe(unsigned rounds)
{
	unsigned char message[MESSAGE] = { 0 };
	int there[2], back[2];
	uint64_t sum = 0;
	pid_t child;

	if (pipe(there) || pipe(back))
		fail("pipe");
	child = fork();
	if (child < 0)
		fail("fork");
	if (!child)
		answer(there[0], back[1], rounds * EXCHANGES);
	while (rounds--) {
		for (int n = 0; n < EXCHANGES; n++) {
			transfer(write(there[1], message, MESSAGE));
			transfer(read(back[0], message, MESSAGE));
		}
		sum = mix(sum, message[0]);
	}
	waitpid(child, NULL, 0);
	return sum;
}

struct member {
	sem_t turn;
	struct member *next;
	uint64_t seen, *sum;
	unsigned rounds;
};

static void *pass_on(void *argument)
{
	struct member *member = argument;

	for (unsigned n = 0; n < member->rounds; n++) {
		sem_wait(&member->turn);
		*member->sum = mix(*member->sum, member->seen++);
		sem_post(&member->next->turn);
	}
	return NULL;
}

uint64_t run_threads(unsigned rounds)
{
	static struct member members[THREADS];
	pthread_t threads[THREADS];
	uint64_t sum = 0;

	for (int n = 0; n < THREADS; n++) {
		members[n] = (struct member){
			.next = &members[(n + 1) % THREADS], .sum = &sum, .rounds = rounds };
		sem_init(&members[n].turn, 0, n == 0);
	}
	for (int n = 0; n < THREADS; n++)
		if (pthread_create(&threads[n], NULL, pass_on, &members[n]))
			fail("pthread_create");
	for (int n = 0; n < THREADS; n++)
		pthread_join(threads[n], NULL);
	return sum;
}
