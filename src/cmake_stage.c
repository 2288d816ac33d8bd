#include "cmake_stage.h"

#include "cmake_cache.h"

#include <stdlib.h>
#include <string.h>

/* For stages that the driver makes: what would be built outside of them is moved inside, and what
   the driver wants to know is written down. */
static const char cmake_stage_driven[] =
    "function(_pgo_keep_output target property where)\n"
    "  string(REGEX REPLACE \"^[$]<1:(.*)>$\" \"\\\\1\" where \"${where}\")\n"
    "  string(REGEX REPLACE \"/?[$]<.*\" \"\" where \"${where}\")\n"
    "  if(where STREQUAL \"\")\n"
    "    return()\n"
    "  endif()\n"
    "  get_target_property(base \"${target}\" BINARY_DIR)\n"
    "  cmake_path(ABSOLUTE_PATH where BASE_DIRECTORY \"${base}\" NORMALIZE)\n"
    "  cmake_path(IS_PREFIX CMAKE_BINARY_DIR \"${where}\" NORMALIZE inside)\n"
    "  if(inside)\n"
    "    return()\n"
    "  endif()\n"
    "  cmake_path(GET where FILENAME name)\n"
    "  string(MD5 short \"${where}\")\n"
    "  string(SUBSTRING \"${short}\" 0 8 short)\n"
    "  set_property(TARGET \"${target}\" PROPERTY \"${property}\"\n"
    "               \"${CMAKE_BINARY_DIR}/out/${name}-${short}\")\n"
    "  get_property(moved GLOBAL PROPERTY _PGO_MOVED)\n"
    "  get_property(stage GLOBAL PROPERTY _PGO_STAGE)\n"
    "  if(NOT where IN_LIST moved AND stage STREQUAL \"instrument\")\n"
    "    set_property(GLOBAL APPEND PROPERTY _PGO_MOVED \"${where}\")\n"
    "    message(STATUS \"pgo: what is built into ${where} is in out/${name}-${short} of each "
    "stage\")\n"
    "  endif()\n"
    "endfunction()\n"
    "\n"
    "function(_pgo_keep_outputs target type)\n"
    "  set(suffixes \"\")\n"
    "  foreach(config IN LISTS CMAKE_BUILD_TYPE CMAKE_CONFIGURATION_TYPES)\n"
    "    string(TOUPPER \"_${config}\" suffix)\n"
    "    list(APPEND suffixes \"${suffix}\")\n"
    "  endforeach()\n"
    "  foreach(property RUNTIME_OUTPUT_DIRECTORY LIBRARY_OUTPUT_DIRECTORY "
    "ARCHIVE_OUTPUT_DIRECTORY)\n"
    "    foreach(suffix IN LISTS suffixes ITEMS \"\")\n"
    "      get_target_property(where \"${target}\" \"${property}${suffix}\")\n"
    "      if(where)\n"
    "        _pgo_keep_output(\"${target}\" \"${property}${suffix}\" \"${where}\")\n"
    "      endif()\n"
    "    endforeach()\n"
    "  endforeach()\n"
    "  set(old LIBRARY_OUTPUT_PATH)\n"
    "  set(properties LIBRARY_OUTPUT_DIRECTORY ARCHIVE_OUTPUT_DIRECTORY)\n"
    "  if(type STREQUAL \"EXECUTABLE\")\n"
    "    set(old EXECUTABLE_OUTPUT_PATH)\n"
    "    set(properties RUNTIME_OUTPUT_DIRECTORY)\n"
    "  endif()\n"
    "  get_target_property(directory \"${target}\" SOURCE_DIR)\n"
    "  get_directory_property(where DIRECTORY \"${directory}\" DEFINITION ${old})\n"
    "  foreach(property IN LISTS properties)\n"
    "    get_target_property(own \"${target}\" ${property})\n"
    "    if(where AND NOT own)\n"
    "      _pgo_keep_output(\"${target}\" ${property} \"${where}\")\n"
    "    endif()\n"
    "  endforeach()\n"
    "endfunction()\n"
    "\n"
    "function(_pgo_note_excluded excluded)\n"
    "  file(WRITE \"${CMAKE_BINARY_DIR}/pgo.excluded\" \"${excluded}\")\n"
    "  # CTest in the user's tree would find and run them.\n"
    "  file(GLOB_RECURSE custom \"${CMAKE_BINARY_DIR}/CTestCustom.*\")\n"
    "  if(custom)\n"
    "    file(REMOVE ${custom})\n"
    "  endif()\n"
    "endfunction()\n"
    "\n";

/* For stages that are configured by hand. */
static const char cmake_stage_by_hand[] = "function(_pgo_keep_outputs target type)\n"
                                          "endfunction()\n"
                                          "function(_pgo_note_excluded excluded)\n"
                                          "endfunction()\n\n";

/* The walk runs when the top directory and all deferred calls before it are done, so that it sees
   every target; it appends to targets, since directory options do not reach those that set their
   own. Link options go to all: an excluded program may link an instrumented library, unless it
   wants no library at all. */
static const char cmake_stage_walk[] =
    "function(_pgo_walk directory)\n"
    "  get_property(targets DIRECTORY \"${directory}\" PROPERTY BUILDSYSTEM_TARGETS)\n"
    "  get_property(excluded GLOBAL PROPERTY _PGO_EXCLUDED)\n"
    "  get_property(more GLOBAL PROPERTY _PGO_EXCLUDED_TOO)\n"
    "  list(APPEND excluded ${more})\n"
    "  foreach(target IN LISTS targets)\n"
    "    get_target_property(type \"${target}\" TYPE)\n"
    "    get_target_property(external \"${target}\" _EP_IS_EXTERNAL_PROJECT)\n"
    "    get_property(stage GLOBAL PROPERTY _PGO_STAGE)\n"
    "    if(external AND stage STREQUAL \"instrument\")\n"
    "      message(STATUS \"pgo: the external project '${target}' is built in each stage and not "
    "\"\n"
    "                     \"profiled\")\n"
    "    endif()\n"
    "    if(NOT type MATCHES "
    "\"^(STATIC_LIBRARY|SHARED_LIBRARY|MODULE_LIBRARY|OBJECT_LIBRARY|EXECUTABLE)$\")\n"
    "      continue()\n"
    "    endif()\n"
    "    set_property(TARGET \"${target}\" PROPERTY EXPORT_COMPILE_COMMANDS ON)\n"
    "    if(NOT target IN_LIST excluded)\n"
    "      _pgo_compile(\"${target}\")\n"
    "    endif()\n"
    "    set(own \"\")\n"
    "    foreach(property LINK_OPTIONS LINK_FLAGS LINK_LIBRARIES)\n"
    "      get_target_property(words \"${target}\" ${property})\n"
    "      list(APPEND own \"${words}\")\n"
    "    endforeach()\n"
    "    if(NOT target IN_LIST excluded OR NOT own MATCHES \"-nostdlib|-nodefaultlibs\")\n"
    "      _pgo_link(\"${target}\")\n"
    "    endif()\n"
    "    _pgo_keep_outputs(\"${target}\" \"${type}\")\n"
    "  endforeach()\n"
    "  get_property(directories DIRECTORY \"${directory}\" PROPERTY SUBDIRECTORIES)\n"
    "  foreach(below IN LISTS directories)\n"
    "    _pgo_walk(\"${below}\")\n"
    "  endforeach()\n"
    "endfunction()\n"
    "\n"
    "function(_pgo_last)\n"
    "  cmake_language(DEFER DIRECTORY \"${CMAKE_SOURCE_DIR}\" GET_CALL_IDS waiting)\n"
    "  get_property(rounds GLOBAL PROPERTY _PGO_ROUNDS)\n"
    "  string(LENGTH \"${rounds}\" length)\n"
    "  if(waiting AND length LESS 16)\n"
    "    set_property(GLOBAL APPEND_STRING PROPERTY _PGO_ROUNDS x)\n"
    "    cmake_language(DEFER DIRECTORY \"${CMAKE_SOURCE_DIR}\" CALL _pgo_last)\n"
    "  else()\n"
    "    _pgo_walk(\"${CMAKE_SOURCE_DIR}\")\n"
    "    get_property(excluded GLOBAL PROPERTY _PGO_EXCLUDED)\n"
    "    get_property(more GLOBAL PROPERTY _PGO_EXCLUDED_TOO)\n"
    "    list(APPEND excluded ${more})\n"
    "    _pgo_note_excluded(\"${excluded}\")\n"
    "  endif()\n"
    "endfunction()\n"
    "cmake_language(DEFER DIRECTORY \"${CMAKE_SOURCE_DIR}\" CALL _pgo_last)\n";

/* Files stand behind the objects, as libraries do; CMake escapes a '$' in them, which it does twice
   in link options. */
static bool cmake_stage_is_library(const char *option)
{
    return *option == '/';
}

/* Appends each option by itself: elements of one list would melt into each other at an open '[' in
   a path. A two-word option is kept together, or CMake would drop the second of two equal first
   words; a '>' would end the generator expression. */
static void cmake_stage_options(struct buf *out, const char *property, const struct vec *options,
                                const char *condition)
{
    for (size_t i = 0; i < options->n; i++) {
        bool two = strchr(options->v[i], '\n') != NULL;
        const char *kind = cmake_stage_is_library(options->v[i]) ? "LINK_LIBRARIES" : property;
        char *words = str_replace(options->v[i], "\n", " ");
        char *safe = str_replace(words, ">", "$<ANGLE-R>");
        char *value = condition ? str_fmt("$<%s:%s%s>", condition, two ? "SHELL:" : "", safe)
                                : str_dup(words);
        buf_addf(out, "  set_property(TARGET \"${target}\" APPEND PROPERTY %s", kind);
        cache_bracket(out, value);
        buf_adds(out, ")\n");
        free(words);
        free(safe);
        free(value);
    }
}

void cmake_stage_text(struct buf *out, const char *name, const struct flags *f,
                      const struct vec *excluded)
{
    static const struct vec none = VEC_INIT;
    const struct vec *more = excluded ? excluded : &none;
    buf_addf(out,
             "# Written by pgo %s; do not edit.\ninclude_guard(GLOBAL)\n"
             "cmake_policy(PUSH)\ncmake_policy(VERSION 3.25)\n",
             PGO_VERSION);
    buf_addf(out,
             "set_property(GLOBAL PROPERTY _PGO_STAGE %s)\nset(CMAKE_EXPORT_COMPILE_COMMANDS ON)\n",
             name);
    buf_adds(out, "function(_pgo_compile target)\n");
    cmake_stage_options(out, "COMPILE_OPTIONS", &f->compile, "$<COMPILE_LANGUAGE:C,CXX>");
    buf_adds(out, "endfunction()\n\nfunction(_pgo_link target)\n");
    cmake_stage_options(out, "LINK_OPTIONS", &f->link,
                        f->others.n ? "$<LINK_LANGUAGE:C,CXX>" : NULL);
    cmake_stage_options(out, "LINK_OPTIONS", &f->others, "$<NOT:$<LINK_LANGUAGE:C,CXX>>");
    buf_adds(out, "endfunction()\n\n");
    for (size_t i = 0; i < more->n; i++) {
        buf_adds(out, "set_property(GLOBAL APPEND PROPERTY _PGO_EXCLUDED_TOO");
        cache_bracket(out, more->v[i]);
        buf_adds(out, ")\n");
    }
    for (size_t i = 0; i < f->object.n; i++) {
        char *words = str_replace(f->object.v[i], "\n", " ");
        buf_addf(
            out,
            "foreach(language C CXX)\n"
            "  if(NOT DEFINED CMAKE_${language}_COMPILE_OBJECT)\n"
            "    set(CMAKE_${language}_COMPILE_OBJECT\n"
            "        \"<CMAKE_${language}_COMPILER> <DEFINES> <INCLUDES> <FLAGS> -o <OBJECT> -c "
            "<SOURCE>\")\n"
            "  endif()\n"
            "  string(REPLACE \" -o <OBJECT>\" [==[ %s -o <OBJECT>]==]\n"
            "         CMAKE_${language}_COMPILE_OBJECT \"${CMAKE_${language}_COMPILE_OBJECT}\")\n"
            "endforeach()\n",
            words);
        free(words);
    }
    buf_adds(out, excluded ? cmake_stage_driven : cmake_stage_by_hand);
    buf_adds(out, cmake_stage_walk);
    buf_adds(out, "cmake_policy(POP)\n");
}
