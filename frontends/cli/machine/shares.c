/* SPDX-License-Identifier: MIT */
/* Parses -virtfs and -fsdev: folders of the host that the guest can use. */
#include "frontends/cli/table.h"

#include <errno.h>
#include <string.h>

enum security { SECURITY_NONE, SECURITY_MAPPED, SECURITY_MAPPED_XATTR };

static const struct key fsdev_keys[] = {
	{ .name = "fsdriver", .kind = KEY_WORD, .offset = offsetof(struct fsdev, kind),
	  .accepted = "local" },
	{ .name = "id", .kind = KEY_TEXT, .offset = offsetof(struct fsdev, id), .accepted = "ID" },
	{ .name = "path", .kind = KEY_TEXT, .offset = offsetof(struct fsdev, path),
	  .accepted = "DIR" },
	{ .name = "mount_tag", .kind = KEY_TEXT, .offset = offsetof(struct fsdev, tag),
	  .accepted = "TAG" },
	{ .name = "security_model", .kind = KEY_WORD, .offset = offsetof(struct fsdev, security),
	  .accepted = "none|mapped|mapped-xattr" },
	{ .name = "multidevs", .kind = KEY_WORD, .offset = offsetof(struct fsdev, ignored_word),
	  .accepted = "warn|remap|forbid" },
	{ .name = "readonly", .kind = KEY_SWITCH, .offset = offsetof(struct fsdev, readonly),
	  .accepted = "on|off" },
};

static int share_parse(struct parser *parser, const char *option, const char *value,
		       struct fsdev *fsdev)
{
	const struct keyval keyval = { option, fsdev_keys, ARRAY_SIZE(fsdev_keys), "fsdriver" };
	int failed;

	*fsdev = (struct fsdev){ .security = UINT32_MAX };
	failed = keyval_parse(&keyval, value, fsdev, &parser->options->strings, parser->error);
	if (failed)
		return failed;
	if (!fsdev->path)
		return keyval_fail(parser->error, "%s: '%s' names no folder; add path=DIR", option,
				   value);
	if (fsdev->security == UINT32_MAX)
		return keyval_fail(parser->error,
				   "%s: '%s' needs security_model=none or "
				   "security_model=mapped-xattr",
				   option, value);
	return 0;
}

static void share_fill(struct share_properties *share, const struct fsdev *fsdev)
{
	share->path = fsdev->path;
	share->mapped = fsdev->security != SECURITY_NONE;
	share->readonly = fsdev->readonly;
}

int apply_fsdev(struct parser *parser, const struct option *option, const char *value)
{
	struct fsdev *fsdev = &parser->fsdevs[parser->fsdev_count];
	int failed;

	(void)option;
	if (parser->fsdev_count == BACKENDS_MAX)
		return keyval_fail(parser->error, "-fsdev: more than %d folders", BACKENDS_MAX);
	failed = share_parse(parser, "-fsdev", value, fsdev);
	if (failed)
		return failed;
	if (!fsdev->id)
		return keyval_fail(parser->error,
				   "-fsdev: '%s' needs id=ID, for -device "
				   "virtio-fs-device,fsdev=ID",
				   value);
	if (fsdev->tag)
		return keyval_fail(parser->error, "-fsdev: mount_tag= belongs to -device "
						  "virtio-9p-device");
	for (unsigned i = 0; i < parser->fsdev_count; i++)
		if (!strcmp(parser->fsdevs[i].id, fsdev->id))
			return keyval_fail(parser->error, "-fsdev: id=%s is given twice",
					   fsdev->id);
	parser->fsdev_count++;
	return 0;
}

int apply_virtfs(struct parser *parser, const struct option *option, const char *value)
{
	struct share_properties share = { 0 };
	struct fsdev fsdev;
	int failed = share_parse(parser, "-virtfs", value, &fsdev);

	(void)option;
	if (failed)
		return failed;
	if (!fsdev.tag)
		return keyval_fail(parser->error,
				   "-virtfs: '%s' needs mount_tag=TAG, by which the "
				   "guest mounts it",
				   value);
	share_fill(&share, &fsdev);
	share.tag = fsdev.tag;
	return add_share(parser, "virtio-9p-pci", &share);
}

int finish_share(struct parser *parser, const struct device_line *line, const struct key *key)
{
	struct share_properties *share = line->properties;

	if (share->path)
		return 0;
	for (unsigned i = 0; i < parser->fsdev_count; i++)
		if (!strcmp(parser->fsdevs[i].id, share->fsdev)) {
			share_fill(share, &parser->fsdevs[i]);
			return 0;
		}
	return keyval_fail(parser->error, "-device %s: %s=%s: no -fsdev has this id",
			   device_line_name(line), key->name, share->fsdev);
}
