# MIT licensed; see LICENSE.

#[=======================================================================[.rst:
PGO
---

Profile-guided optimization of a C or C++ project, with GCC or Clang.

.. code-block:: cmake

  include(PGO)
  pgo_add_training(parse COMMAND parser ${CMAKE_CURRENT_SOURCE_DIR}/data/big.txt)

``cmake --build build --target pgo-use`` then builds instrumented programs in
``build/pgo/instrument``, runs the trainings on them, merges what they
recorded, and builds the optimized programs in ``build/pgo/use``.  A second run
does nothing.  The project's own build is left as it is: its programs are the
same, byte for byte, with and without this module.

Include it before or after the targets are defined, from any directory, any
number of times.  In a project that is used by another project that includes
PGO, only the outermost trainings count; targets that it excludes stay excluded.

Commands
^^^^^^^^

.. command:: pgo_add_training

  Declares a training, that is, a command that is run on the instrumented
  programs::

    pgo_add_training(<name> COMMAND <target-or-program> [<arg>...]
                     [WEIGHT <n>] [TIMEOUT <seconds>] [REPEAT <n>]
                     [WORKING_DIRECTORY <dir>] [ENVIRONMENT <name=value>...]
                     [DEPENDS <target>...] [INPUTS <file>...] [STDIN <file>]
                     [SERIAL] [HELD_OUT]
                     [COMMAND <target-or-program> [<arg>...]]... [PARALLEL]
                     [SERVER <target-or-program> [<arg>...]
                      [READY PORT | SOCKET <path> | LINE <text> | RUN <word>...]
                      [READY_TIMEOUT <seconds>] [STOP_SIGNAL <signal>]
                      [GRACE <seconds>]])

  ``<name>``
    Unique; letters, digits and ``. _ + -``.
  ``COMMAND``
    The program is an executable target of the project, a program on ``PATH``
    or a path.  In place of a program on ``PATH`` the project's own of the same
    file name is run, when it builds one; when it builds two, name the target.
    A script that runs the project's programs is as good.
    Relative words are relative to the working directory.
    Arguments may hold generator expressions, and ``{build}`` (the stage's
    build directory), ``{source}``, ``{dataset}`` (see ``PGO_DATASET``) and
    ``{tmp}`` (a directory, fresh for each run and removed after it) and
    ``{port}`` (a free TCP port of 127.0.0.1, another one for each run, also in
    ``PGO_PORT``); ``{{`` is a brace.
    More commands are run one after the other, until one fails.
  ``WEIGHT``
    How often its counts are taken.  Default 1.
  ``TIMEOUT``
    Seconds after which a run is stopped, and an error.  Default 600; 0 means
    none.
  ``REPEAT``
    Runs in a row.  Default 1.
  ``WORKING_DIRECTORY``
    Default: the stage's build directory.
  ``ENVIRONMENT``
    Added to the caller's environment.
  ``DEPENDS``
    Targets to build before, beyond those of ``all``.
  ``INPUTS``
    Files, or directories of files, relative to the current source directory;
    when their content changes, the training is run again.  Words of the command
    that name files, also behind a ``=``, or directories of the source tree are
    inputs without being listed; but not the source directory itself, nor one
    that holds the build directory, nor what is in the build directory.
  ``STDIN``
    A file; standard input is empty without it.
  ``SERIAL``
    Runs while no other training does.
  ``PARALLEL``
    The commands are run at once.
  ``SERVER``
    The command of a server.  It is started before the commands, which wait until
    it is ready, and stopped after them; its output is in a log of its own.  One
    that puts itself into the background is as good.  That it ends before the
    commands have, is not ready in time, crashes, or does not end when it is
    stopped is an error.
  ``READY``
    When the server is ready: ``PORT``, something accepts connections at
    ``{port}``, the default where a word holds that; ``SOCKET``, something does
    at that Unix socket; ``LINE``, a line of its output holds the text; ``RUN``,
    the command succeeds, which is tried again and again, and not counted.
  ``READY_TIMEOUT``
    Seconds that it may take.  Default 60.
  ``STOP_SIGNAL``, ``GRACE``
    What ends the server, ``TERM``, and the seconds that it may take, 10.
  ``HELD_OUT``
    Never trained on: a workload for ``pgo-compare`` alone.

.. command:: pgo_train_with_tests

  Trains with the project's own tests, run by CTest::

    pgo_train_with_tests([REGEX <regex>] [EXCLUDE <regex>]
                         [LABELS <regex>...] [WEIGHT <n>])

  A test with the label ``pgo-held-out`` is never trained on: it is a workload
  for ``pgo-compare``, as it is without this command.

.. command:: pgo_exclude_targets

  Compiles targets without profile flags in all stages::

    pgo_exclude_targets(<target>...)

Imported target
^^^^^^^^^^^^^^^

``PGO::pgo``
  The header ``pgo.h``, for programs that want a say in their profile
  (``pgo_flush()``, ``pgo_reset()``, ``pgo_snapshot()``): link to it.

Targets
^^^^^^^

With a generator of several configurations they work on the one that is built;
in place of one without optimization on ``RelWithDebInfo``, or ``Release``.

``pgo-instrument``, ``pgo-train``, ``pgo-merge``, ``pgo-use``
  The stages; each brings the ones before it up to date.
``pgo-quick``
  ``pgo-use`` with ``PGO_DATASET`` set to ``quick``.
``pgo-compare``
  Measures the optimized programs against a baseline.
``pgo-test``
  Runs the project's own tests on the optimized programs, and names those that
  fail only there.
``pgo-check``
  Goes through the checklist before the programs are handed on: fails when one
  of its points does not pass.
``pgo-install``
  Installs the optimized programs.
``pgo-status``, ``pgo-clean``
  What is there, whether it is fresh, and why not; removes it.
``pgo-doctor``
  Whether all that is needed is there and works, before anything is built.

Variables
^^^^^^^^^

``PGO_DATASET``
  What ``{dataset}`` stands for.  Default ``full``.
``PGO_MIN_MATCH``, ``PGO_MIN_COVERAGE``, ``PGO_MAX_DROPPED``
  Gates, in per cent: functions that must find their profile (50), functions
  that the trainings must run (0), raw profiles that may be unusable (10).
  A match that cannot be measured fails a gate other than the default one.
``PGO_ATOMIC``
  ``ON``: count with atomic operations, for programs with threads.  ``prefer``:
  where the processor has them.  Default ``OFF``.
``PGO_WAIVE``
  Checks that need not pass for ``pgo-check``: ``size,memory``.
``PGO_HOST_CC``
  The compiler for the driver; default ``cc``, ``gcc`` or ``clang`` from
  ``PATH``.
``PGO_STAGE``, ``PGO_PROFILE``
  For stages that are configured by hand or by a preset: ``PGO_STAGE`` is
  ``instrument`` or ``use``, and ``PGO_PROFILE`` the profile to use.  Raw
  profiles are then written to ``pgo-raw`` in the build directory.
#]=======================================================================]

cmake_policy(PUSH)
cmake_policy(VERSION 3.25)

include("${CMAKE_CURRENT_LIST_DIR}/PGODriver.cmake") # dropped in, its text is here

# Run as a script by every target, before the driver.
if(CMAKE_SCRIPT_MODE_FILE AND DEFINED PGO_DRIVER)
  _pgo_build_driver("${PGO_DRIVER}" "${PGO_HOST_CC}")
  cmake_policy(POP)
  return()
endif()

get_property(_pgo_done GLOBAL PROPERTY _PGO_DONE)
if(NOT _pgo_done)
  set_property(GLOBAL PROPERTY _PGO_LIST_DIR "${CMAKE_CURRENT_LIST_DIR}")
  set_property(GLOBAL PROPERTY _PGO_INSTALLED_DRIVER "${_PGO_INSTALLED_DRIVER}")
  # pgo.h: installed, in the repository, or dropped in beside this file.
  foreach(_pgo_include IN ITEMS "${_PGO_INSTALLED_INCLUDE}" "${CMAKE_CURRENT_LIST_DIR}/../include"
                                "${CMAKE_CURRENT_LIST_DIR}"
  )
    if(EXISTS "${_pgo_include}/pgo.h" AND NOT TARGET PGO::pgo)
      add_library(PGO::pgo INTERFACE IMPORTED GLOBAL)
      set_property(TARGET PGO::pgo PROPERTY INTERFACE_INCLUDE_DIRECTORIES "${_pgo_include}")
    endif()
  endforeach()
  unset(_pgo_include)
endif()

# One message per mistake: the function, what is wrong with which word, and what is valid.
function(_pgo_check_arguments function prefix valid)
  string(REPLACE ";" ", " valid "${valid}")
  if(DEFINED ${prefix}_UNPARSED_ARGUMENTS)
    list(GET ${prefix}_UNPARSED_ARGUMENTS 0 word)
    message(FATAL_ERROR "${function}: unknown argument '${word}'; valid keywords are: ${valid}")
  endif()
  if(DEFINED ${prefix}_KEYWORDS_MISSING_VALUES)
    list(GET ${prefix}_KEYWORDS_MISSING_VALUES 0 word)
    message(FATAL_ERROR "${function}: ${word} wants a value; valid keywords are: ${valid}")
  endif()
endfunction()

function(_pgo_check_number function what value least)
  if(NOT "${value}" MATCHES "^[0-9]+$"
     OR "${value}" LESS least
     OR "${value}" GREATER 1000000
  )
    message(FATAL_ERROR "${function}: ${what} must be a whole number from ${least} to 1000000, "
                        "not '${value}'"
    )
  endif()
endfunction()

# A newline would end a line of the plan, and no name or argument needs one.
function(_pgo_check_line function value)
  if("${value}" MATCHES "\n")
    message(FATAL_ERROR "${function}: a newline in '${value}' cannot be part of a training")
  endif()
endfunction()

function(_pgo_line out function key value)
  _pgo_check_line("${function}" "${value}")
  set(${out}
      "${${out}}${key} ${value}\n"
      PARENT_SCOPE
  )
endfunction()

# What belongs to a server goes with one, and READY says one thing: its words, the byte 31 before each.
function(_pgo_check_server function prefix ready)
  if(NOT DEFINED ${prefix}_SERVER)
    foreach(keyword READY READY_TIMEOUT STOP_SIGNAL GRACE)
      if(DEFINED ${prefix}_${keyword})
        message(FATAL_ERROR "${function}: ${keyword} goes with SERVER, which is missing")
      endif()
    endforeach()
  endif()
  string(ASCII 31 s)
  if(NOT ready MATCHES "^(|${s}PORT|${s}(SOCKET|LINE)${s}[^${s}]+|${s}RUN${s}[^${s}].*)$")
    string(REPLACE "${s}" " " words "${ready}")
    string(SUBSTRING "${words}" 1 -1 words)
    message(FATAL_ERROR "${function}: READY wants PORT, SOCKET <path>, LINE <text> or "
                        "RUN <word>..., not '${words}'"
    )
  endif()
  if(DEFINED ${prefix}_STOP_SIGNAL AND NOT "${${prefix}_STOP_SIGNAL}" MATCHES
                                       "^(SIG)?(TERM|INT|HUP|QUIT|USR1|USR2)$"
  )
    message(FATAL_ERROR "${function}: STOP_SIGNAL must be one of TERM, INT, HUP, QUIT, USR1, USR2, "
                        "not '${${prefix}_STOP_SIGNAL}'"
    )
  endif()
endfunction()

# The attributes of a training, without its commands, as lines of the plan.
function(_pgo_attributes function prefix out)
  set(lines "")
  foreach(keyword WEIGHT:1 TIMEOUT:0 REPEAT:1 READY_TIMEOUT:1 GRACE:0)
    string(REGEX REPLACE ":(.*)" "" keyword "${keyword}")
    set(least "${CMAKE_MATCH_1}")
    if(DEFINED ${prefix}_${keyword})
      _pgo_check_number("${function}" ${keyword} "${${prefix}_${keyword}}" ${least})
      string(TOLOWER ${keyword} key)
      string(REPLACE "_" "-" key ${key})
      string(APPEND lines "${key} ${${prefix}_${keyword}}\n")
    endif()
  endforeach()
  foreach(variable IN LISTS ${prefix}_ENVIRONMENT)
    if(NOT variable MATCHES "^[^=]+=")
      message(FATAL_ERROR "${function}: ENVIRONMENT wants NAME=VALUE, not '${variable}'")
    endif()
    _pgo_line(lines "${function}" env "${variable}")
  endforeach()
  foreach(target IN LISTS ${prefix}_DEPENDS)
    _pgo_line(lines "${function}" depends "${target}")
  endforeach()
  foreach(pair INPUTS:input STDIN:stdin WORKING_DIRECTORY:cwd)
    string(REGEX REPLACE ":(.*)" "" keyword "${pair}")
    set(key "${CMAKE_MATCH_1}")
    foreach(path IN LISTS ${prefix}_${keyword})
      if(NOT path MATCHES "^([{]|[$]<)")
        cmake_path(ABSOLUTE_PATH path BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
      endif()
      _pgo_line(lines "${function}" ${key} "${path}")
    endforeach()
  endforeach()
  foreach(keyword SERIAL HELD_OUT PARALLEL)
    if(${prefix}_${keyword})
      string(TOLOWER ${keyword} key)
      string(REPLACE "_" "-" key ${key})
      string(APPEND lines "${key} 1\n")
    endif()
  endforeach()
  if(DEFINED ${prefix}_STOP_SIGNAL)
    string(APPEND lines "stop ${${prefix}_STOP_SIGNAL}\n")
  endif()
  set(${out}
      "${lines}"
      PARENT_SCOPE
  )
endfunction()

function(pgo_add_training name)
  set(flags SERIAL HELD_OUT PARALLEL)
  set(single WEIGHT TIMEOUT REPEAT WORKING_DIRECTORY STDIN READY_TIMEOUT STOP_SIGNAL GRACE)
  set(lists COMMAND ENVIRONMENT DEPENDS INPUTS SERVER READY)
  cmake_parse_arguments(PARSE_ARGV 1 arg "${flags}" "${single}" "${lists}")
  set(where "pgo_add_training(${name})")
  _pgo_check_arguments("${where}" arg "${flags};${single};${lists}")
  if(NOT "${name}" MATCHES "^[A-Za-z0-9_+-][A-Za-z0-9._+-]*$")
    message(FATAL_ERROR "${where}: a name is made of letters, digits and . _ + -")
  endif()
  if(NOT DEFINED arg_COMMAND)
    message(FATAL_ERROR "${where}: COMMAND is missing")
  endif()
  get_property(names GLOBAL PROPERTY _PGO_NAMES)
  if(name IN_LIST names)
    message(FATAL_ERROR "${where}: there is a training of this name already")
  endif()

  _pgo_attributes("${where}" arg lines)
  # cmake_parse_arguments drops empty arguments of a list, and joins lists of one name: take commands from
  # the words. With an @ the line's first word may name a target.
  set(keywords ${flags} ${single} ${lists})
  set(key_COMMAND arg)
  set(key_SERVER server)
  set(key_READY ready)
  set(key "")
  set(command "")
  set(ready "")
  string(ASCII 31 separator)
  math(EXPR last "${ARGC} - 1")
  foreach(i RANGE 1 ${last})
    set(word "${ARGV${i}}")
    _pgo_check_line("${where}" "${word}")
    if(word IN_LIST keywords)
      set(key "${key_${word}}")
      set(before "\n@${key} ")
      if(key STREQUAL "arg")
        set(key_COMMAND also)
      elseif(key STREQUAL "ready")
        set(before "\n${key} ")
      endif()
    elseif(key)
      if(key STREQUAL "ready")
        string(APPEND ready "${separator}${word}")
        if(NOT command MATCHES "\nready ")
          string(TOLOWER "${word}" word)
        endif()
      endif()
      string(APPEND command "${before}${word}")
      set(before "\n${key} ")
      if(key STREQUAL "also")
        set(before "${separator}")
      endif()
    endif()
  endforeach()
  _pgo_check_server("${where}" arg "${ready}")
  string(REGEX REPLACE "\nready run\nready " "\nready command\n@ready " command "${command}")
  set_property(GLOBAL APPEND PROPERTY _PGO_NAMES "${name}")
  set_property(GLOBAL PROPERTY "_PGO_PROJECT_${name}" "${PROJECT_SOURCE_DIR}")
  set_property(GLOBAL PROPERTY "_PGO_LINES_${name}" "${lines}")
  set_property(GLOBAL PROPERTY "_PGO_COMMAND_${name}" "${command}")
endfunction()

function(pgo_train_with_tests)
  set(single REGEX EXCLUDE WEIGHT)
  set(lists LABELS)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "${single}" "${lists}")
  _pgo_check_arguments(pgo_train_with_tests arg "${single};${lists}")
  set(lines "tests\n")
  if(DEFINED arg_WEIGHT)
    _pgo_check_number(pgo_train_with_tests WEIGHT "${arg_WEIGHT}" 1)
    string(APPEND lines "weight ${arg_WEIGHT}\n")
  endif()
  foreach(pair REGEX:regex EXCLUDE:exclude LABELS:label)
    string(REGEX REPLACE ":(.*)" "" keyword "${pair}")
    set(key "${CMAKE_MATCH_1}")
    foreach(value IN LISTS arg_${keyword})
      _pgo_line(lines pgo_train_with_tests ${key} "${value}")
    endforeach()
  endforeach()
  set_property(GLOBAL APPEND PROPERTY _PGO_TESTS_PROJECTS "${PROJECT_SOURCE_DIR}")
  set_property(GLOBAL APPEND_STRING PROPERTY "_PGO_TESTS_${PROJECT_SOURCE_DIR}" "${lines}\n")
endfunction()

function(pgo_exclude_targets)
  if(ARGC EQUAL 0)
    message(FATAL_ERROR "pgo_exclude_targets: no target is named")
  endif()
  set_property(GLOBAL APPEND PROPERTY _PGO_EXCLUDED "${ARGV}")
endfunction()

# First words that name targets: that of an imported one becomes its file, others are dependencies.
function(_pgo_resolve name out)
  string(ASCII 31 separator)
  set(command "${${out}}\n")
  set(depends "")
  while(command MATCHES "\n@([a-z]+) ([^\n${separator}]*)([\n${separator}])")
    set(found "${CMAKE_MATCH_0}")
    set(key "${CMAKE_MATCH_1}")
    set(program "${CMAKE_MATCH_2}")
    set(end "${CMAKE_MATCH_3}")
    if(TARGET "${program}")
      get_target_property(type "${program}" TYPE)
      if(NOT type STREQUAL "EXECUTABLE")
        string(TOUPPER "${key}" word)
        string(REGEX REPLACE "ARG|ALSO" "COMMAND" word "${word}")
        message(FATAL_ERROR "pgo_add_training(${name}): ${word} names the target '${program}', "
                            "which is no executable; name the program's own target"
        )
      endif()
      get_target_property(imported "${program}" IMPORTED)
      get_target_property(aliased "${program}" ALIASED_TARGET)
      if(aliased)
        set(program "${aliased}")
      endif()
      if(imported)
        set(program "$<TARGET_FILE:${program}>")
      else()
        string(APPEND depends "depends ${program}\n")
      endif()
    endif()
    string(REPLACE "${found}" "\n${key} ${program}${end}" command "${command}")
  endwhile()
  string(SUBSTRING "${command}${depends}" 1 -1 command)
  set(${out}
      "${command}"
      PARENT_SCOPE
  )
endfunction()

# Writes the plan when all targets are known: the first word of a command may name one of them.
function(_pgo_write_plan)
  set(plan "pgo-plan 1\n")
  foreach(pair PGO_DATASET:dataset PGO_MIN_MATCH:min_match PGO_MIN_COVERAGE:min_coverage
               PGO_MAX_DROPPED:max_dropped PGO_ATOMIC:atomic PGO_WAIVE:waive
  )
    string(REGEX REPLACE ":(.*)" "" variable "${pair}")
    string(APPEND plan "setting ${CMAKE_MATCH_1} ${${variable}}\n")
  endforeach()
  get_property(names GLOBAL PROPERTY _PGO_NAMES)
  # Projects that include this module inside one that does.
  get_property(inner GLOBAL PROPERTY _PGO_PROJECTS)
  if(CMAKE_SOURCE_DIR IN_LIST inner)
    list(REMOVE_ITEM inner "${CMAKE_SOURCE_DIR}")
  else()
    set(inner "")
  endif()
  foreach(name IN LISTS names)
    get_property(project GLOBAL PROPERTY "_PGO_PROJECT_${name}")
    if(inner AND "${project}" IN_LIST inner)
      message(STATUS "PGO: training '${name}' of the inner project ${project} is ignored")
      continue()
    endif()
    get_property(lines GLOBAL PROPERTY "_PGO_LINES_${name}")
    get_property(command GLOBAL PROPERTY "_PGO_COMMAND_${name}")
    _pgo_resolve("${name}" command)
    string(APPEND plan "training ${name}\n${command}${lines}\n")
  endforeach()
  set(tests "")
  get_property(projects GLOBAL PROPERTY _PGO_TESTS_PROJECTS)
  list(REMOVE_DUPLICATES projects)
  foreach(project IN LISTS projects)
    if(inner AND "${project}" IN_LIST inner)
      message(STATUS "PGO: pgo_train_with_tests of the inner project ${project} is ignored")
      continue()
    endif()
    get_property(lines GLOBAL PROPERTY "_PGO_TESTS_${project}")
    string(APPEND tests "${lines}")
  endforeach()
  get_property(excluded GLOBAL PROPERTY _PGO_EXCLUDED)
  set(resolved "")
  foreach(target IN LISTS excluded)
    if(NOT TARGET "${target}")
      message(FATAL_ERROR "pgo_exclude_targets: there is no target '${target}'")
    endif()
    get_target_property(aliased "${target}" ALIASED_TARGET)
    if(aliased)
      set(target "${aliased}")
    endif()
    get_target_property(type "${target}" TYPE)
    if(NOT type MATCHES "EXECUTABLE|(STATIC|SHARED|MODULE|OBJECT)_LIBRARY")
      message(
        WARNING "pgo_exclude_targets: '${target}' (${type}) compiles nothing itself; exclude the "
                "targets that use it"
      )
    endif()
    list(APPEND resolved "${target}")
  endforeach()
  set_property(GLOBAL PROPERTY _PGO_EXCLUDED "${resolved}")
  set(config "")
  get_property(multi GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  if(multi)
    set(config "-$<CONFIG>")
  endif()
  file(
    GENERATE
    OUTPUT "${CMAKE_BINARY_DIR}/pgo${config}.plan"
    CONTENT "${plan}${tests}end\n"
  )
endfunction()

# The driver and the module that builds it.
function(_pgo_driver out_driver out_module)
  get_property(
    directory
    GLOBAL
    PROPERTY _PGO_LIST_DIR
  )
  _pgo_sources("${directory}" sources names)
  get_property(installed GLOBAL PROPERTY _PGO_INSTALLED_DRIVER)
  if(names)
    set(driver "${CMAKE_BINARY_DIR}/pgo-driver/pgo")
  elseif(installed AND EXISTS "${installed}")
    set(driver "${installed}")
  else()
    message(
      FATAL_ERROR
        "PGO: neither the driver's sources nor an installed pgo belong to ${directory}/PGO.cmake"
    )
  endif()
  set(${out_driver}
      "${driver}"
      PARENT_SCOPE
  )
  set(${out_module}
      "${directory}/PGO.cmake"
      PARENT_SCOPE
  )
endfunction()

# One line per command: the driver does the rest.
function(_pgo_add_targets)
  _pgo_driver(driver module)
  if(CMAKE_BINARY_DIR MATCHES "[#<>]")
    message(
      STATUS "PGO: CMake allows no custom targets in a directory with # < or >; call the driver: "
             "'${CMAKE_COMMAND}' '-DPGO_DRIVER=${driver}' -P '${module}' && "
             "'${driver}' -C '${CMAKE_BINARY_DIR}' use"
    )
    return()
  endif()
  set(config "")
  get_property(multi GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  if(multi)
    set(config --config $<CONFIG>)
  endif()
  set(commands
      instrument
      train
      merge
      use
      compare
      test
      check
      install
      status
      doctor
      clean
      quick
  )
  foreach(command IN LISTS commands)
    set(words ${command})
    if(command STREQUAL "quick")
      set(words use --dataset quick)
    endif()
    add_custom_target(
      pgo-${command}
      COMMAND "${CMAKE_COMMAND}" "-DPGO_DRIVER=${driver}" "-DPGO_HOST_CC=${PGO_HOST_CC}" -P
              "${module}"
      COMMAND "${driver}" -C "${CMAKE_BINARY_DIR}" ${words} ${config}
      COMMENT "pgo ${command}"
      USES_TERMINAL VERBATIM
    )
    set_property(TARGET pgo-${command} PROPERTY FOLDER PGO)
  endforeach()
endfunction()

# For PGO_STAGE: builds the driver now and includes the flags that it prints.
function(_pgo_manual_stage)
  if(NOT PGO_STAGE MATCHES "^(instrument|use)$")
    message(FATAL_ERROR "PGO_STAGE must be empty, 'instrument' or 'use', not '${PGO_STAGE}'")
  endif()
  if(PGO_STAGE STREQUAL "use" AND NOT PGO_PROFILE)
    message(FATAL_ERROR "PGO_STAGE 'use' wants PGO_PROFILE, the profile to use")
  endif()
  _pgo_driver(driver module)
  execute_process(
    COMMAND "${CMAKE_COMMAND}" "-DPGO_DRIVER=${driver}" "-DPGO_HOST_CC=${PGO_HOST_CC}" -P
            "${module}" COMMAND_ERROR_IS_FATAL ANY
  )
  set(compiler "${CMAKE_C_COMPILER}")
  if(NOT compiler)
    set(compiler "${CMAKE_CXX_COMPILER}")
  endif()
  set(words --atomic "${PGO_ATOMIC}")
  if(PGO_PROFILE)
    list(APPEND words --profile "${PGO_PROFILE}")
  endif()
  execute_process(
    COMMAND "${driver}" flags --cmake --stage ${PGO_STAGE} --compiler "${compiler}" --source
            "${CMAKE_BINARY_DIR}" ${words}
    OUTPUT_FILE "${CMAKE_BINARY_DIR}/pgo-stage.cmake"
    RESULT_VARIABLE result
    ERROR_VARIABLE output
  )
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "PGO_STAGE=${PGO_STAGE}: ${output}")
  endif()
endfunction()

set_property(GLOBAL APPEND PROPERTY _PGO_PROJECTS "${PROJECT_SOURCE_DIR}")

# Once per configure, however often and from wherever the module is included.
if(NOT _pgo_done)
  set_property(GLOBAL PROPERTY _PGO_DONE ON)
  foreach(
    _pgo_pair
    "PGO_DATASET|full|What {dataset} stands for in trainings"
    "PGO_MIN_MATCH|50|Per cent of functions that must find their profile"
    "PGO_MIN_COVERAGE|0|Per cent of functions that the trainings must run"
    "PGO_MAX_DROPPED|10|Per cent of raw profiles that may be unusable"
    "PGO_ATOMIC|OFF|Count with atomic operations in instrumented programs"
    "PGO_WAIVE||Checks of pgo-check that need not pass, separated by commas"
    "PGO_HOST_CC||Compiler for the pgo driver"
    "PGO_STAGE||Stage of a tree that is configured by hand: instrument or use"
    "PGO_PROFILE||Profile for PGO_STAGE=use"
  )
    string(REPLACE "|" ";" _pgo_pair "${_pgo_pair}")
    list(GET _pgo_pair 0 _pgo_name)
    list(GET _pgo_pair 1 _pgo_value)
    list(GET _pgo_pair 2 _pgo_help)
    set(${_pgo_name}
        "${_pgo_value}"
        CACHE STRING "${_pgo_help}"
    )
  endforeach()
  set_property(CACHE PGO_ATOMIC PROPERTY STRINGS OFF ON prefer)
  string(TOUPPER "${PGO_ATOMIC}" _pgo_value)
  if(NOT _pgo_value MATCHES "^(|OFF|NO|FALSE|N|0|ON|YES|TRUE|Y|1|PREFER)$")
    message(FATAL_ERROR "PGO_ATOMIC must be ON, OFF or prefer, not '${PGO_ATOMIC}'")
  endif()
  mark_as_advanced(PGO_HOST_CC PGO_STAGE PGO_PROFILE PGO_MAX_DROPPED)
  get_property(_pgo_stage GLOBAL PROPERTY _PGO_STAGE)
  if(PGO_STAGE AND NOT _pgo_stage)
    _pgo_manual_stage()
    include("${CMAKE_BINARY_DIR}/pgo-stage.cmake")
  else()
    cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL _pgo_write_plan)
    if(NOT _pgo_stage)
      _pgo_add_targets()
    endif()
  endif()
  unset(_pgo_stage)
  unset(_pgo_pair)
  unset(_pgo_name)
  unset(_pgo_value)
  unset(_pgo_help)
endif()
unset(_pgo_done)

cmake_policy(POP)
