/* SPDX-License-Identifier: MIT */
/* Bodies that attract each other: divisions and roots in a chain. */
#include "real.h"

#define BODIES 6
#define STEPS 1000

struct body {
	real position[3], speed[3], mass;
};

static void attract(struct body *a, struct body *b, real step)
{
	real away[3], square = (real)0.01, pull;

	for (int n = 0; n < 3; n++) {
		away[n] = a->position[n] - b->position[n];
		square += away[n] * away[n];
	}
	pull = step / (square * root(square));
	for (int n = 0; n < 3; n++) {
		a->speed[n] -= away[n] * b->mass * pull;
		b->speed[n] += away[n] * a->mass * pull;
	}
}

static void advance(struct body *bodies, real step)
{
	for (int i = 0; i < BODIES; i++)
		for (int j = i + 1; j < BODIES; j++)
			attract(&bodies[i], &bodies[j], step);
	for (int i = 0; i < BODIES; i++)
		for (int n = 0; n < 3; n++)
			bodies[i].position[n] += step * bodies[i].speed[n];
}

uint64_t RUN(nbody)(unsigned rounds)
{
	uint64_t state = 10, sum = 0;

	while (rounds--) {
		struct body bodies[BODIES] = { 0 };

		for (int i = 0; i < BODIES; i++) {
			bodies[i].mass = random_real(&state);
			for (int n = 0; n < 3; n++)
				bodies[i].position[n] = 8 * random_real(&state);
		}
		for (int n = 0; n < STEPS; n++)
			advance(bodies, (real)0.01);
		sum = mix_bytes(sum, bodies, sizeof(bodies));
	}
	return sum;
}
