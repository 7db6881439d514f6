/* SPDX-License-Identifier: MIT */
/* -blockdev without jansson: lists can be read, JSON cannot. */
#include "frontends/block/blockdev.h"

int blockdev_json(const char *text, struct blockdev *blockdev, struct strings *strings,
		  struct board_error *error)
{
	(void)text;
	(void)blockdev;
	(void)strings;
	return keyval_fail(error, "this Baya was built without jansson and reads no JSON; give "
			   "driver=...,node-name=...,file.driver=file,file.filename=...");
}
