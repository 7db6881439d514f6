/* SPDX-License-Identifier: MIT */
/* The version of the program, in a file of C that the build makes: frontends/version.cmake. */
#ifndef FRONTENDS_VERSION_H
#define FRONTENDS_VERSION_H

extern const char program_version[];
extern const char program_date[]; /* its commit's, as YYYY-MM-DD; "": unknown */

#endif
