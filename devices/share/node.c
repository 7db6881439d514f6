/* SPDX-License-Identifier: MIT */
/*
 * Keeps the names in a shared folder to which a client has references. They form a tree, in which a
 * rename moves one node. Folders that are used keep a descriptor; if there are too many, the least
 * recently used one that is not pinned is closed.
 */
#include "devices/share/node.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bus/descriptors.h"

#define NODES_MAX (1u << 18)

int share_beneath(int dir, const char *name, u64 flags, u32 mode)
{
	const struct open_how how = {
		.flags = flags | O_CLOEXEC | O_NOFOLLOW,
		.mode = mode,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS,
	};
	long fd;

	/* EAGAIN means that something was renamed meanwhile. */
	do
		fd = syscall(SYS_openat2, dir, name, &how, sizeof(how));
	while (fd < 0 && (errno == EINTR || errno == EAGAIN));
	return fd < 0 ? -errno : descriptors_move((int)fd);
}

bool share_name_valid(const char *name)
{
	return *name && strlen(name) <= SHARE_NAME_MAX && !strchr(name, '/') &&
	       strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static struct share_node **bucket(struct share *share, const struct share_node *dir,
				  const char *name)
{
	u64 hash = (uintptr_t)dir / sizeof(*dir);

	for (; *name; name++)
		hash = (hash ^ (u8)*name) * 0x100000001b3;
	return &share->buckets[(hash ^ hash >> 32) % SHARE_BUCKETS];
}

static void unchain(struct share *share, struct share_node *node)
{
	struct share_node **at = bucket(share, node->parent, node->name);

	while (*at != node)
		at = &(*at)->chain;
	*at = node->chain;
}

static void enchain(struct share *share, struct share_node *node)
{
	struct share_node **at = bucket(share, node->parent, node->name);

	node->chain = *at;
	*at = node;
}

static void unlist(struct share *share, struct share_node *node)
{
	*(node->newer ? &node->newer->older : &share->newest) = node->older;
	*(node->older ? &node->older->newer : &share->oldest) = node->newer;
}

static void enlist(struct share *share, struct share_node *node)
{
	node->newer = NULL;
	node->older = share->newest;
	*(node->older ? &node->older->newer : &share->oldest) = node;
	share->newest = node;
}

/*
 * Returns whether the node has a place in the list: it has a descriptor that may be closed. Pinned
 * nodes are outside of it, so that the search for one to close takes constant time.
 */
static bool is_listed(const struct share *share, const struct share_node *node)
{
	return node->fd >= 0 && !node->pins && node != &share->root;
}

static void node_shut(struct share *share, struct share_node *node)
{
	if (node->fd < 0 || node == &share->root)
		return;
	if (is_listed(share, node))
		unlist(share, node);
	close(node->fd);
	node->fd = -1;
	share->open--;
}

static void node_used(struct share *share, struct share_node *node)
{
	if (!is_listed(share, node) || share->newest == node)
		return;
	unlist(share, node);
	enlist(share, node);
}

void share_pin(struct share *share, struct share_node *node)
{
	if (is_listed(share, node))
		unlist(share, node);
	node->pins++;
}

void share_unpin(struct share *share, struct share_node *node)
{
	node->pins--;
	if (is_listed(share, node))
		enlist(share, node);
}

/* Gives the node a descriptor. The descriptor of another node may be closed for that. */
static int node_opened(struct share *share, struct share_node *node, int fd)
{
	struct stat st;

	if (fstat(fd, &st)) {
		int error = -errno;

		close(fd);
		return error;
	}
	node->fd = fd;
	node->device = st.st_dev;
	node->inode = st.st_ino;
	share->open++;
	if (is_listed(share, node))
		enlist(share, node);
	while (share->open > share->open_max && share->oldest && share->oldest != node)
		node_shut(share, share->oldest);
	return fd;
}

int share_dir(struct share *share, struct share_node *node)
{
	struct share_node *way[SHARE_DEPTH_MAX];
	unsigned depth = 0;
	int fd;

	for (; node->fd < 0; node = node->parent) {
		if (!node->parent)
			return -ENOENT;
		if (depth == SHARE_DEPTH_MAX)
			return -ENAMETOOLONG;
		way[depth++] = node;
	}
	node_used(share, node);
	fd = node->fd;
	while (fd >= 0 && depth) {
		node = way[--depth];
		fd = share_beneath(fd, node->name, O_PATH | O_DIRECTORY, 0);
		if (fd >= 0)
			fd = node_opened(share, node, fd);
	}
	return fd;
}

int share_locate(struct share *share, struct share_node *node, struct share_place *place)
{
	if (node == &share->root) {
		*place = (struct share_place){ node->fd, ".", AT_SYMLINK_NOFOLLOW };
		return 0;
	}
	if (!node->parent) {
		*place = (struct share_place){ node->fd, "", AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW };
		return node->fd < 0 ? -ENOENT : 0;
	}
	*place = (struct share_place){ share_dir(share, node->parent), node->name,
				       AT_SYMLINK_NOFOLLOW };
	return MIN(place->dir, 0);
}

struct share_node *share_find(struct share *share, struct share_node *dir, const char *name)
{
	struct share_node *node = *bucket(share, dir, name);

	while (node && (node->parent != dir || strcmp(node->name, name) != 0))
		node = node->chain;
	return node;
}

struct share_node *share_get(struct share *share, struct share_node *dir, const char *name)
{
	struct share_node *node = share_find(share, dir, name);

	if (node)
		return share_ref(node);
	if (share->nodes == NODES_MAX)
		return NULL;
	node = calloc(1, sizeof(*node));
	if (node)
		node->name = strdup(name);
	if (!node || !node->name) {
		free(node);
		return NULL;
	}
	node->references = 1;
	node->fd = -1;
	node->parent = share_ref(dir);
	share->nodes++;
	enchain(share, node);
	return node;
}

struct share_node *share_root(struct share *share)
{
	return share_ref(&share->root);
}

struct share_node *share_ref(struct share_node *node)
{
	node->references++;
	return node;
}

bool share_is_gone(const struct share_node *node)
{
	return !node->parent && node->name;
}

void share_unref(struct share *share, struct share_node *node)
{
	while (node && !--node->references) {
		struct share_node *parent = node->parent;

		if (parent)
			unchain(share, node);
		node_shut(share, node);
		free(node->name);
		free(node);
		share->nodes--;
		node = parent;
	}
}

void share_hold(struct share *share, struct share_node *node)
{
	int dir, fd;

	if (node->fd >= 0 || !node->parent)
		return;
	dir = share_dir(share, node->parent);
	fd = dir < 0 ? dir : share_beneath(dir, node->name, O_PATH, 0);
	if (fd >= 0)
		node_opened(share, node, fd);
}

void share_stale(struct share *share, struct share_node *node)
{
	node_shut(share, node);
}

void share_detach(struct share *share, struct share_node *node)
{
	struct share_node *parent = node->parent;

	if (!parent)
		return;
	unchain(share, node);
	node->parent = NULL;
	share_unref(share, parent);
}

/*
 * Returns whether `dir` is `node` or is below it. The tree may differ from the host's, where other
 * programs rename files, too, but it must never have a cycle.
 */
static bool holds(const struct share_node *node, const struct share_node *dir)
{
	while (dir && dir != node)
		dir = dir->parent;
	return dir;
}

int share_move(struct share *share, struct share_node *node, struct share_node *dir,
	       const char *name)
{
	struct share_node *target = share_find(share, dir, name), *parent = node->parent;
	char *copy = strdup(name);

	if (target && target != node)
		share_detach(share, target);
	if (!copy || !parent || holds(node, dir)) {
		share_detach(share, node);
		free(copy);
		return copy ? 0 : -ENOMEM;
	}
	unchain(share, node);
	free(node->name);
	node->name = copy;
	node->parent = share_ref(dir);
	enchain(share, node);
	share_unref(share, parent);
	return 0;
}

void share_exchange(struct share *share, struct share_node *a, struct share_node *b)
{
	struct share_node *parent = a->parent;
	char *name = a->name;

	if (holds(a, b->parent) || holds(b, a->parent)) {
		share_detach(share, a);
		share_detach(share, b);
		return;
	}
	unchain(share, a);
	unchain(share, b);
	a->parent = b->parent;
	a->name = b->name;
	b->parent = parent;
	b->name = name;
	enchain(share, a);
	enchain(share, b);
}
