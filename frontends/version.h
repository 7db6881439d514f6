/* SPDX-License-Identifier: MIT */
/*
 * The program's version and its date. The build writes the C file that defines them
 * (frontends/version.cmake).
 */
#ifndef FRONTENDS_VERSION_H
#define FRONTENDS_VERSION_H

extern const char program_version[];
extern const char program_date[]; /* the date of its commit, as YYYY-MM-DD; "" if it is not known */

#endif
