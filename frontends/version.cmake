# Writes OUTPUT, which says which version of SOURCE is built: GIVEN, if that is not empty; VERSION, which is
# all that a tarball knows; what `git describe` says behind the tag of that version; or the commit, where
# there is no such tag. PACKAGE, if it is not empty, stands behind it in parentheses, as in QEMU's version.
# The date, for the manual page, is what SOURCE_DATE_EPOCH says, and else the commit's. Two builds of a commit
# have the same: nothing here depends on when or where it is built.
cmake_minimum_required(VERSION 3.25)

function(ask_git variable)
	execute_process(
		COMMAND git --no-optional-locks --git-dir=${SOURCE}/.git --work-tree=${SOURCE} ${ARGN}
		OUTPUT_VARIABLE said ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
	set(${variable} "${said}" PARENT_SCOPE)
endfunction()

if(EXISTS ${SOURCE}/.git)
	ask_git(described describe --tags --match=v${VERSION} --always --abbrev=12 --dirty)
	ask_git(date -c log.showSignature=false log -1 --format=%cd --date=format:%Y-%m-%d)
endif()
if(NOT "$ENV{SOURCE_DATE_EPOCH}" STREQUAL "")
	string(TIMESTAMP date "%Y-%m-%d" UTC)
endif()
set(version ${VERSION})
if(GIVEN)
	set(version ${GIVEN})
elseif(described MATCHES "^v(.+)$")
	set(version ${CMAKE_MATCH_1})
elseif(described)
	set(version ${VERSION}-g${described})
endif()
if(PACKAGE)
	string(APPEND version " (${PACKAGE})")
endif()
file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT [[
#include "frontends/version.h"

const char program_version[] = "@version@";
const char program_date[] = "@date@";
]])
