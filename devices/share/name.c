/* SPDX-License-Identifier: MIT */
/* Changes names in a shared folder: adds links, removes and renames files. */
#include "devices/share/node.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* The descriptors of two folders, both of which stay open until let_go(). */
struct pair {
	struct share_node *a, *b;
	int from, to;
};

static int name_take(struct share *share, struct pair *pair)
{
	pair->from = share_dir(share, pair->a);
	if (pair->from < 0)
		return pair->from;
	share_pin(share, pair->a);
	pair->to = share_dir(share, pair->b);
	if (pair->to < 0) {
		share_unpin(share, pair->a);
		return pair->to;
	}
	share_pin(share, pair->b);
	return 0;
}

static void let_go(struct share *share, struct pair *pair)
{
	share_unpin(share, pair->a);
	share_unpin(share, pair->b);
}

static int may_change(const struct share *share, const char *name)
{
	return share->readonly ? -EROFS : share_name_valid(name) ? 0 : -EINVAL;
}

int share_link(struct share *share, struct share_node *dir, const char *name, struct share_node *to)
{
	struct pair pair = { .a = to->parent, .b = dir };
	int error = may_change(share, name);

	if (!error && !to->parent)
		error = to == &share->root ? -EPERM : -ENOENT;
	if (!error)
		error = name_take(share, &pair);
	if (error)
		return error;
	/* Without AT_SYMLINK_FOLLOW the new name is one of a symbolic link itself. */
	if (linkat(pair.from, to->name, pair.to, name, 0))
		error = -errno;
	let_go(share, &pair);
	return error;
}

int share_unlink(struct share *share, struct share_node *dir, const char *name, bool folder)
{
	struct share_node *node = share_find(share, dir, name);
	int error = may_change(share, name), fd;

	fd = error ? error : share_dir(share, dir);
	if (fd < 0)
		return fd;
	/* Clients that have the file open can continue to use it. */
	if (node)
		share_hold(share, node);
	if (unlinkat(fd, name, folder ? AT_REMOVEDIR : 0))
		return -errno;
	if (node)
		share_detach(share, node);
	return 0;
}

int share_unlink_node(struct share *share, struct share_node *node)
{
	char name[SHARE_NAME_MAX + 1];
	struct stat st;
	int error;

	if (!node->parent)
		return node == &share->root ? -EBUSY : -ENOENT;
	error = share_stat(share, node, &st);
	if (error)
		return error;
	snprintf(name, sizeof(name), "%s", node->name);
	return share_unlink(share, node->parent, name, S_ISDIR(st.st_mode));
}

int share_rename(struct share *share, const struct share_renaming *renaming)
{
	const char *name = renaming->name, *new_name = renaming->new_name;
	struct share_node *node = share_find(share, renaming->from, name);
	struct share_node *target = share_find(share, renaming->to, new_name);
	struct pair pair = { .a = renaming->from, .b = renaming->to };
	const unsigned known = RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT;
	bool exchanges = renaming->flags & RENAME_EXCHANGE;
	int error = renaming->flags & ~known ? -EINVAL : 0;

	if (!error)
		error = may_change(share, name);
	if (!error)
		error = may_change(share, new_name);
	if (!error)
		error = name_take(share, &pair);
	if (error)
		return error;
	if (target && target != node && !exchanges)
		share_hold(share, target);
	if (renameat2(pair.from, name, pair.to, new_name, renaming->flags))
		error = -errno;
	let_go(share, &pair);
	if (error)
		return error;
	if (node && target && node != target && exchanges) {
		share_exchange(share, node, target);
		return 0;
	}
	if (target && exchanges)
		return share_move(share, target, renaming->from, name);
	if (node)
		return share_move(share, node, renaming->to, new_name);
	if (target)
		share_detach(share, target);
	return 0;
}

int share_rename_node(struct share *share, struct share_node *node, struct share_node *to,
		      const char *new_name)
{
	char name[SHARE_NAME_MAX + 1];
	const struct share_renaming renaming = { node->parent, name, to, new_name, 0 };

	if (!node->parent)
		return node == &share->root ? -EBUSY : -ENOENT;
	snprintf(name, sizeof(name), "%s", node->name);
	return share_rename(share, &renaming);
}
