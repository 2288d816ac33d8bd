# How PGO.cmake builds the driver that its targets run.

# The driver's sources: dropped in beside this file, or in the repository; none in an installation.
# Names apart from their directory, whose path may hold what ends an element of a list.
function(_pgo_sources directory out_directory out_names)
  if(EXISTS "${directory}/pgo.c")
    set(names pgo.c)
  else()
    set(directory "${directory}/../src")
    file(
      GLOB names
      RELATIVE "${directory}"
      "${directory}/*.c" "${directory}/*.h"
    )
    if(NOT "cmake_stage.c" IN_LIST names)
      set(names "")
    endif()
  endif()
  set(${out_directory}
      "${directory}"
      PARENT_SCOPE
  )
  set(${out_names}
      "${names}"
      PARENT_SCOPE
  )
endfunction()

# Compiles the driver, when its sources or the compiler asked for are others than the last time, with the host's
# compiler and none of the project's flags; as one unit: faster than a file at a time, and all that a
# drop-in of one file can be.
function(_pgo_build_driver driver compiler)
  _pgo_sources("${CMAKE_CURRENT_FUNCTION_LIST_DIR}" directory names)
  if(NOT names)
    return()
  endif()
  get_filename_component(where "${driver}" DIRECTORY)
  file(MAKE_DIRECTORY "${where}")
  file(LOCK "${driver}.lock" GUARD FUNCTION)
  file(SHA256 "${CMAKE_CURRENT_FUNCTION_LIST_FILE}" hash)
  set(key "${compiler}\n${hash}\n")
  set(unit "")
  foreach(name IN LISTS names)
    file(SHA256 "${directory}/${name}" hash)
    string(APPEND key "${hash} ${name}\n")
    if(name MATCHES "[.]c$")
      string(APPEND unit "#include \"${directory}/${name}\"\n")
    endif()
  endforeach()
  if(NOT names STREQUAL "pgo.c")
    include("${CMAKE_CURRENT_FUNCTION_LIST_DIR}/embed.cmake")
    pgo_embed("${where}/runtime_text.h")
    file(SHA256 "${where}/runtime_text.h" hash)
    string(APPEND key "${hash} runtime_text.h\n")
  endif()
  set(old "")
  if(EXISTS "${driver}" AND EXISTS "${driver}.key")
    file(READ "${driver}.key" old)
  endif()
  if(old STREQUAL key)
    return()
  endif()
  message(STATUS "Building the pgo driver")
  if(NOT compiler)
    find_program(compiler_found NAMES cc gcc clang NO_CACHE)
    if(NOT compiler_found)
      message(FATAL_ERROR "PGO: no C compiler (cc, gcc or clang) on PATH to build the driver with; "
                          "set PGO_HOST_CC"
      )
    endif()
    set(compiler "${compiler_found}")
  endif()
  file(WRITE "${driver}.c" "${unit}")
  execute_process(
    COMMAND "${compiler}" -std=c11 -O1 "-I${where}" -c -o "${driver}.o" "${driver}.c"
    RESULT_VARIABLE result
    OUTPUT_VARIABLE output
    ERROR_VARIABLE output
  )
  # Static where that can be: half of what a `pgo exec` costs is the dynamic linker.
  if(result EQUAL 0)
    foreach(static IN ITEMS -static "")
      execute_process(
        COMMAND "${compiler}" ${static} -o "${driver}.new" "${driver}.o" -lm
        RESULT_VARIABLE result
        OUTPUT_VARIABLE output
        ERROR_VARIABLE output
      )
      if(result EQUAL 0)
        break()
      endif()
    endforeach()
  endif()
  file(REMOVE "${driver}.o")
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "PGO: '${compiler}' could not build the driver:\n${output}")
  endif()
  file(RENAME "${driver}.new" "${driver}")
  file(WRITE "${driver}.key" "${key}")
endfunction()
