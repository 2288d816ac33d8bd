# Writes the files that a project drops in: PGO.cmake; pgo.c, which is the whole driver; and pgo.h, for
# programs that want a say in their profile.
#   cmake -DOUT=<directory> -P dropin.cmake
cmake_minimum_required(VERSION 3.25)

get_filename_component(root "${CMAKE_CURRENT_LIST_DIR}" DIRECTORY)
file(GLOB sources "${root}/src/*.c")
set(_pgo_seen "")
set(_pgo_text
    "/* The pgo driver in one file; written from its repository by cmake/dropin.cmake. */\n"
)

include("${root}/cmake/embed.cmake")
pgo_embed("${OUT}/runtime_text.h")

# Appends a file; its own headers are put in at the place where they are first included.
function(_pgo_append path)
  file(READ "${path}" text)
  string(REGEX MATCHALL "#include \"[^\"]+\"" includes "${text}")
  foreach(include IN LISTS includes)
    string(REGEX REPLACE "#include \"(.*)\"" "\\1" name "${include}")
    if(NOT name IN_LIST _pgo_seen)
      list(APPEND _pgo_seen "${name}")
      set(directory "${root}/src")
      if(name STREQUAL "runtime_text.h")
        set(directory "${OUT}")
      endif()
      _pgo_append("${directory}/${name}")
    endif()
    string(REPLACE "${include}\n" "" text "${text}")
  endforeach()
  string(APPEND _pgo_text "\n${text}")
  set(_pgo_seen
      "${_pgo_seen}"
      PARENT_SCOPE
  )
  set(_pgo_text
      "${_pgo_text}"
      PARENT_SCOPE
  )
endfunction()

_pgo_append("${root}/src/base.h")
list(APPEND _pgo_seen base.h)
foreach(source IN LISTS sources)
  _pgo_append("${source}")
endforeach()
file(WRITE "${OUT}/pgo.c" "${_pgo_text}")
file(REMOVE "${OUT}/runtime_text.h")

# One module: what it includes stands in its place.
file(READ "${root}/cmake/PGO.cmake" module)
file(READ "${root}/cmake/PGODriver.cmake" driver)
string(REGEX MATCH "include[(][^\n]*PGODriver.cmake[^\n]*\n" include "${module}")
string(REPLACE "${include}" "${driver}" module "${module}")
file(WRITE "${OUT}/PGO.cmake" "${module}")
file(COPY "${root}/include/pgo.h" DESTINATION "${OUT}")
