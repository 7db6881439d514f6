# SPDX-License-Identifier: MIT
# What the program can do without, each with an option BAYA_NAME: AUTO takes a library where it is found,
# ON demands it, and OFF leaves it out even where it is found. The results are NAME_FOUND, and
# NAME_VERSION, which is none for what is left out.
find_package(PkgConfig)

# The name, the library, how pkg-config finds it, Debian's package, and what is not there without it.
set(libraries
	"LIBDW|libdw|libdw|libdw-dev|reports show no lines of source"
	"SDL2|SDL2|sdl2>=2.0.22|libsdl2-dev|-display sdl opens no window, -audiodev sdl is silent"
	"VNC|libvncserver|libvncserver>=0.9.14|libvncserver-dev|-display vnc lets nobody in"
	"XKB|libxkbcommon|xkbcommon>=0.5|libxkbcommon-dev|-k has no effect"
	"SLIRP|libslirp|slirp>=4.7|libslirp-dev|there is no -netdev user"
	"SECCOMP|libseccomp|libseccomp>=2.5.2|libseccomp-dev|-sandbox on is refused")
foreach(row ${libraries})
	string(REPLACE "|" ";" row "${row}")
	list(POP_FRONT row name library condition package lack)
	set(BAYA_${name} AUTO CACHE STRING "Use ${library}: AUTO where it is found, ON or OFF")
	set_property(CACHE BAYA_${name} PROPERTY STRINGS AUTO ON OFF)
	if(BAYA_${name} AND PKG_CONFIG_FOUND)
		pkg_check_modules(${name} IMPORTED_TARGET GLOBAL ${condition})
	else()
		unset(${name}_FOUND CACHE)
	endif()
	if(${name}_FOUND)
		continue()
	endif()
	set(${name}_VERSION none)
	if(NOT BAYA_${name})
		message(STATUS "${library} is not used (BAYA_${name}=OFF): ${lack}")
	elseif(BAYA_${name} STREQUAL "AUTO")
		message(STATUS "${library} is missing: ${lack}")
	else()
		string(APPEND demanded " BAYA_${name}=ON")
		string(APPEND packages " ${package}")
	endif()
endforeach()
if(demanded)
	message(FATAL_ERROR "What${demanded} demands is missing: apt-get install pkg-config${packages}")
endif()
