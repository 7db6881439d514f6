/* SPDX-License-Identifier: MIT */
/* Shows the attributes of a file to the guest (file.c), for the other files of a share. */
#ifndef DEVICES_SHARE_FILE_H
#define DEVICES_SHARE_FILE_H

#include "devices/share/node.h"

#endif
