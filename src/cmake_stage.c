#include "cmake_stage.h"

#include <stdlib.h>
#include <string.h>

/* The walk runs when the top directory and all deferred calls before it are done, so that it sees
   every target; it appends to targets, since directory options do not reach those that set their
   own. Link options go to all: an excluded program may link an instrumented library. */
static const char cmake_stage_walk[] =
    "function(_pgo_keep_outputs target)\n"
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
    "        cmake_path(ABSOLUTE_PATH where BASE_DIRECTORY \"${CMAKE_BINARY_DIR}\" NORMALIZE)\n"
    "        cmake_path(IS_PREFIX CMAKE_BINARY_DIR \"${where}\" NORMALIZE inside)\n"
    "        if(NOT inside AND NOT where MATCHES \"[$]<\")\n"
    "          string(MD5 short \"${where}\")\n"
    "          set(moved \"${CMAKE_BINARY_DIR}/out/${short}\")\n"
    "          set_property(TARGET \"${target}\" PROPERTY \"${property}${suffix}\" \"${moved}\")\n"
    "          message(STATUS \"pgo: outputs for ${where} go to ${moved}\")\n"
    "        endif()\n"
    "      endif()\n"
    "    endforeach()\n"
    "  endforeach()\n"
    "endfunction()\n"
    "\n"
    "function(_pgo_walk directory)\n"
    "  get_property(targets DIRECTORY \"${directory}\" PROPERTY BUILDSYSTEM_TARGETS)\n"
    "  get_property(excluded GLOBAL PROPERTY _PGO_EXCLUDED)\n"
    "  get_property(more GLOBAL PROPERTY _PGO_EXCLUDED_TOO)\n"
    "  list(APPEND excluded ${more})\n"
    "  get_property(compile GLOBAL PROPERTY _PGO_COMPILE)\n"
    "  get_property(link GLOBAL PROPERTY _PGO_LINK)\n"
    "  foreach(target IN LISTS targets)\n"
    "    get_target_property(type \"${target}\" TYPE)\n"
    "    if(NOT type MATCHES "
    "\"^(STATIC_LIBRARY|SHARED_LIBRARY|MODULE_LIBRARY|OBJECT_LIBRARY|EXECUTABLE)$\")\n"
    "      continue()\n"
    "    endif()\n"
    "    set_property(TARGET \"${target}\" PROPERTY EXPORT_COMPILE_COMMANDS ON)\n"
    "    if(NOT target IN_LIST excluded)\n"
    "      set_property(TARGET \"${target}\" APPEND PROPERTY COMPILE_OPTIONS \"${compile}\")\n"
    "    endif()\n"
    "    set_property(TARGET \"${target}\" APPEND PROPERTY LINK_OPTIONS \"${link}\")\n"
    "    _pgo_keep_outputs(\"${target}\")\n"
    "  endforeach()\n"
    "  get_property(directories DIRECTORY \"${directory}\" PROPERTY SUBDIRECTORIES)\n"
    "  foreach(below IN LISTS directories)\n"
    "    _pgo_walk(\"${below}\")\n"
    "  endforeach()\n"
    "endfunction()\n"
    "\n"
    "function(_pgo_last rounds)\n"
    "  cmake_language(DEFER DIRECTORY \"${CMAKE_SOURCE_DIR}\" GET_CALL_IDS waiting)\n"
    "  if(waiting AND rounds GREATER 0)\n"
    "    math(EXPR rounds \"${rounds} - 1\")\n"
    "    cmake_language(EVAL CODE \"cmake_language(DEFER DIRECTORY [==[${CMAKE_SOURCE_DIR}]==] "
    "CALL _pgo_last ${rounds})\")\n"
    "  else()\n"
    "    _pgo_walk(\"${CMAKE_SOURCE_DIR}\")\n"
    "    get_property(excluded GLOBAL PROPERTY _PGO_EXCLUDED)\n"
    "    get_property(more GLOBAL PROPERTY _PGO_EXCLUDED_TOO)\n"
    "    list(APPEND excluded ${more})\n"
    "    file(WRITE \"${CMAKE_BINARY_DIR}/pgo.excluded\" \"${excluded}\")\n"
    "  endif()\n"
    "endfunction()\n"
    "cmake_language(DEFER DIRECTORY \"${CMAKE_SOURCE_DIR}\" CALL _pgo_last 16)\n";

/* One list element per option; both words of a two-word option are kept together, or CMake would
   drop the second of two equal first words. */
static void cmake_stage_list(struct buf *out, const char *property, const struct vec *options,
                             bool compile)
{
    buf_addf(out, "set_property(GLOBAL PROPERTY %s", property);
    for (size_t i = 0; i < options->n; i++) {
        char *words = str_replace(options->v[i], "\n", " ");
        buf_addf(out, "\n  [==[%s%s%s%s]==]", compile ? "$<$<COMPILE_LANGUAGE:C,CXX>:" : "",
                 strchr(options->v[i], '\n') ? "SHELL:" : "", words, compile ? ">" : "");
        free(words);
    }
    buf_adds(out, ")\n");
}

void cmake_stage_text(struct buf *out, const char *name, const struct flags *f,
                      const struct vec *excluded)
{
    buf_addf(out,
             "# Written by pgo %s; do not edit.\ninclude_guard(GLOBAL)\n"
             "cmake_policy(PUSH)\ncmake_policy(VERSION 3.25)\n",
             PGO_VERSION);
    buf_addf(out,
             "set_property(GLOBAL PROPERTY _PGO_STAGE %s)\nset(CMAKE_EXPORT_COMPILE_COMMANDS ON)\n",
             name);
    cmake_stage_list(out, "_PGO_COMPILE", &f->compile, true);
    cmake_stage_list(out, "_PGO_LINK", &f->link, false);
    for (size_t i = 0; i < excluded->n; i++)
        buf_addf(out, "set_property(GLOBAL APPEND PROPERTY _PGO_EXCLUDED_TOO [==[%s]==])\n",
                 excluded->v[i]);
    for (size_t i = 0; i < f->object.n; i++)
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
            f->object.v[i]);
    buf_adds(out, cmake_stage_walk);
    buf_adds(out, "cmake_policy(POP)\n");
}
