/* SPDX-License-Identifier: MIT */
/* A search tree that is balanced by random priorities: insert, look up, remove; malloc and free. */
#include <stdlib.h>
#include "../program.h"

#define COUNT 30000

struct node {
	uint64_t key, priority;
	struct node *child[2];
};

/* Rotates the child on that side up, and returns it. */
static struct node *rotate(struct node *node, int side)
{
	struct node *up = node->child[side];

	node->child[side] = up->child[!side];
	up->child[!side] = node;
	return up;
}

static struct node *insert(struct node *node, uint64_t key, uint64_t priority)
{
	int side;

	if (!node) {
		node = allocate(sizeof(*node));
		*node = (struct node){ .key = key, .priority = priority };
		return node;
	}
	if (key == node->key)
		return node;
	side = key > node->key;
	node->child[side] = insert(node->child[side], key, priority);
	return node->child[side]->priority > node->priority ? rotate(node, side) : node;
}

static struct node *delete (struct node *node, uint64_t key)
{
	struct node *left, *right;
	int side;

	if (!node)
		return NULL;
	if (key != node->key) {
		side = key > node->key;
		node->child[side] = delete (node->child[side], key);
		return node;
	}
	left = node->child[0];
	right = node->child[1];
	if (!left || !right) {
		free(node);
		return left ? left : right;
	}
	side = right->priority > left->priority;
	node = rotate(node, side);
	node->child[!side] = delete (node->child[!side], key);
	return node;
}

static const struct node *find(const struct node *node, uint64_t key)
{
	while (node && node->key != key)
		node = node->child[key > node->key];
	return node;
}

static uint64_t walk(const struct node *node, uint64_t sum)
{
	if (!node)
		return sum;
	return walk(node->child[1], mix(walk(node->child[0], sum), node->key));
}

uint64_t run_tree(unsigned rounds)
{
	uint64_t keys = 3, priorities = 4, sum = 0;

	while (rounds--) {
		struct node *root = NULL;
		uint64_t first = keys, found = 0;

		for (unsigned n = 0; n < COUNT; n++)
			root = insert(root, random_next(&keys) % (4 * COUNT),
				      random_next(&priorities));
		for (uint64_t key = 0; key < 4 * COUNT; key++)
			found += find(root, key) != NULL;
		sum = walk(root, mix(sum, found));
		for (unsigned n = 0; n < COUNT; n++)
			root = delete (root, random_next(&first) % (4 * COUNT));
		if (root)
			fail("tree: something is left");
	}
	return sum;
}
