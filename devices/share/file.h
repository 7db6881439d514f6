/* SPDX-License-Identifier: MIT */
/* The header that belongs to file.c, whose functions node.h and share.h declare. */
#ifndef DEVICES_SHARE_FILE_H
#define DEVICES_SHARE_FILE_H

#include "devices/share/node.h"

#endif
