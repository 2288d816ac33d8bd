# `pgo status`: what is fresh, what is stale and why, as text and as JSON; and that it changes nothing.
# shellcheck disable=SC2016
. "$(dirname "$0")/../lib.sh"
need python3
project src
module src
option src mul FOO
training src sum input=input.txt -- sum 1000
training src mul -- mul 1000 '{dataset}'
training src away held-out -- sum 50
echo one >src/input.txt
own_test src adds sum 30
# A step that is run at every build makes nothing stale, nor does one whose output stays as it is.
in_cmake src <<'END'
add_custom_target(always ALL COMMAND ${CMAKE_COMMAND} -E echo always)
set(copy ${CMAKE_COMMAND} -E copy_if_different ${CMAKE_SOURCE_DIR}/one.in)
add_custom_command(OUTPUT once.h COMMAND ${copy} once.h DEPENDS one.in)
add_custom_command(OUTPUT map.txt COMMAND ${copy} map.txt DEPENDS one.in)
add_custom_target(each COMMAND ${copy} each.h BYPRODUCTS each.h)
add_custom_target(map DEPENDS map.txt)
add_executable(odd odd.c once.h)
add_dependencies(odd each map)
target_include_directories(odd PRIVATE ${CMAKE_BINARY_DIR})
set_target_properties(odd PROPERTIES LINK_DEPENDS ${CMAKE_BINARY_DIR}/map.txt)
pgo_exclude_targets(odd)
if(CMAKE_GENERATOR MATCHES Make)
  add_subdirectory(sub)
endif()
END
# Make's compilers are started below, and note what they read as seen from there.
mkdir src/sub
cat >src/sub/CMakeLists.txt <<'END'
configure_file(near.in near.h COPYONLY)
add_executable(near near.c)
target_compile_options(near PRIVATE -MP -include near.h)
add_executable(late EXCLUDE_FROM_ALL late.c)
pgo_exclude_targets(near late)
END
echo '/* near */' | tee src/sub/near.in >src/sub/late.h
echo 'int main(void) { return 0; }' >src/sub/near.c
printf '#include "late.h"\nint main(void) { return 0; }\n' >src/sub/late.c
in_meson src <<'END'
custom_target('always', command: ['echo', 'always'], output: 'never', build_by_default: true,
              build_always_stale: true, capture: true)
copy = ['cp', '@INPUT@', '@OUTPUT@']
once = custom_target('once', input: 'one.in', output: 'once.h', command: copy)
map = custom_target('map', input: 'one.in', output: 'map.txt', command: copy)
each = vcs_tag(input: 'one.in', output: 'each.h', command: ['echo', '1'])
executable('odd', 'odd.c', once, each, link_depends: map, override_options: ['b_pgo=off'])
END
echo >src/one.in
echo '/* one */' >src/odd.h
printf '#include "%s.h"\n' once each odd >src/odd.c
echo 'int main(void) { return 0; }' >>src/odd.c
configure src build

# look: the status, after which every file of ours and of the user's is as it was.
look() {
    find build src -printf '%p %s %T@ %i\n' | sort >before
    driver 0 status --json
    mv out json
    driver 0 status
    hasnt out "(null)"
    find build src -printf '%p %s %T@ %i\n' | sort | diff before - >difference ||
        fail "status changed something: $(cat difference)"
}

# fact PATH: a value of the JSON, by keys and names: stages.use.state
fact() {
    python3 -c '
import json, sys
at = json.load(open("json"))
for key in sys.argv[1].split("."):
    at = [one for one in at if one["name"] == key][0] if isinstance(at, list) else at[key]
print(at if isinstance(at, str) else json.dumps(at))' "$1"
}

# standing PATH STATE [TEXT]: the state, and what its reason says.
standing() {
    same "$(fact "$1.state")" "$2" "state of $1 ($(fact "$1.why"))"
    case $(fact "$1.why") in
    *"${3:-null}"*) ;;
    *) fail "why $1 is $2: $(fact "$1.why"), not ${3:-null}" ;;
    esac
}

# fresh: all that `use` makes.
fresh() {
    look
    for each in stages.instrument stages.use trainings.sum trainings.mul trainings.adds profile; do
        standing $each fresh
    done
}

look
standing stages.use "not made"
standing trainings.sum "not made"
same "$(fact profile) $(fact match) $(fact comparison)" "null null null"
has out "training sum             not run yet" "held out away            not compared yet"

driver 0 use --train-with-tests adds
fresh
same "$(fact system) $(fact compiler.family)" "$SYSTEM $FAMILY"
standing stages.baseline "not made"
standing trainings.away "not made"
same "$(fact trainings.away.held_out) $(fact trainings.adds.test) $(fact trainings.sum.weight)" "true true 1"
same "$(fact profile.hash)" "$(profile)"
same "$(fact profile.functions) $(fact match.percent)" "$(fact profile.covered) 100"
same "$(fact trainings.mul.status) $(fact trainings.mul.processes)" "0 1"
same "$(fact profile.trained_by)" '["sum", "mul", "adds"]'
same "$(fact given.tests)" '["adds"]'
[ "$(wc -l <out)" -le 24 ] || fail "more than a screen"

same "$(fact tests) $(fact archive) $(fact archived)" "null null false"

driver 0 test
driver 0 use --profile-dir kept
look
has out "tests                    1 of 1 pass" "archive                  $work/kept"
same "$(fact tests.passed) $(fact tests.now) $(fact archived)" "1 true true"

# A header, or a source, by the build tool's opinion: of headers, Make has none right after the first build.
sleep 0.02
touch src/core.h
look
standing stages.instrument stale "core.h is newer than "
standing stages.use stale "core.h is newer than "
driver 0 use
touch src/mul.c
look
standing stages.instrument stale "mul.c is newer than mul.c.o"
standing stages.use stale "mul.c is newer than mul.c.o"
standing trainings.mul waiting "the stage 'instrument' is stale"
standing profile waiting "training 'sum' is waiting"
has out "stage use                stale: mul.c is newer than mul.c.o ("
driver 0 use
fresh
rm build/pgo/use/sum
look
standing stages.use stale "sum is not there"
standing profile fresh
driver 0 use
touch src/odd.h
look
standing stages.use stale "odd.h is newer than odd.c.o"
driver 0 use
if [ -d build/pgo/use/sub ]; then
    make -C build/pgo/use late >log 2>&1 # as a comparison does, when a workload depends on it
    touch src/sub/late.h
    fresh
    touch build/pgo/use/sub/near.h
    look
    standing stages.use stale "sub/near.h is newer than near.c.o"
    driver 0 use
fi
# What objects and programs were made from, be it of the project or of its build.
for each in src/core.h src/odd.h src/sum.c build/pgo/use/once.h build/pgo/use/map.txt; do
    mv $each aside
    look
    mv aside $each
    standing stages.use stale "${each##*/}"
    [ $each != src/core.h ] || standing stages.instrument stale "core.h is not there"
    driver 0 use
done
fresh
# What ninja keeps in mind of a build.
lost() {
    mv "build/pgo/use/$1" aside
    look
    mv aside "build/pgo/use/$1"
    standing stages.use stale "$2"
}
if [ -e build/pgo/use/.ninja_deps ]; then
    lost .ninja_deps ".o has no list of dependencies"
    lost .ninja_log " is not in the build tool's log"
    object=$(find build/pgo/use -name mul.c.o)
    touch -r "$object" aside
    touch "$object"
    look
    standing stages.use stale "mul.c.o is not as the build tool left it"
    touch -r aside "$object"
    fresh
fi
sleep 1.1 # Meson tells an edit by whole seconds
echo '# edited' >>"src/$lists"
look
standing stages.instrument stale "$lists is newer than "
driver 0 use

# A training's input, by name, and its raw profiles; a weight is the merge's.
echo two >src/input.txt
look
standing stages.instrument fresh
standing trainings.sum stale "the file $work/src/input.txt changed"
standing trainings.mul fresh
standing profile waiting "training 'sum' is stale"
standing stages.use waiting "the profile is waiting"
has out "training sum             stale: the file $work/src/input.txt changed; ran "
driver 0 train
look
standing trainings.sum fresh
standing profile stale "the run of training 'sum' changed"
driver 0 use
driver 0 train --train more='mul 7' --weight more=2
look
standing trainings.more fresh
standing profile stale "training 'more' is new"
driver 0 use
driver 0 train --train more='mul 7' --weight more=3
look
standing profile stale "the weight of training 'more' changed"
same "$(fact trainings.more.weight) $(fact trainings.more.given)" "3 true"
driver 0 use --forget more
driver 0 status --dataset other --atomic ON --json
mv out json
standing stages.instrument stale "pgo's flags changed"
standing trainings.sum stale "how counts are added (--atomic) changed"
driver 0 status --dataset other --json
mv out json
standing trainings.mul stale "the data set changed"
standing trainings.sum fresh

# The user's settings, and another compiler.
reconfigure build FOO=ON
look
standing stages.use stale "the setting FOO changed"
driver 0 use
executable cc <<END
#!/bin/sh
exec "$(command -v "$CC")" "\$@"
END
real=$CC
CC=$work/cc
configure src other
CC=$real
run 0 "$PGO" -C other use
executable cc.new <<END
#!/bin/sh
exec "$(command -v "$CC")" "\$@" # another file
END
mv cc.new cc
run 0 "$PGO" -C other status --json
mv out json
standing stages.use stale "the compiler is another one now"
standing trainings.mul stale "the compiler changed"

# It does not wait for one that works on the tree, and names it.
(
    exec 9>>build/pgo/state/lock
    flock 9
    exec sleep 60
) &
holder=$!
wait_for sh -c '"$PGO" -C build status | grep -q "^working on it            process .* (pgo use)$"'
: >build/pgo/state/building.use
driver 0 status
has out "stage use                waiting: its build goes on"
driver 3 check
has out "not known; process " "works on it"
rm build/pgo/state/building.use
kill $holder
wait $holder || :
look
same "$(fact busy)" null

# What is damaged or was interrupted.
cp -p build/pgo/instrument/sum aside
cp build/pgo/use/sum build/pgo/instrument/sum
look
standing stages.instrument broken "no counters in '$work/build/pgo/instrument/sum'"
mv aside build/pgo/instrument/sum
: >build/pgo/use/sum
look
has out "tests                    1 of 1 pass (the programs or the tests have changed since)"
rm build/pgo/use/sum
driver 0 use
echo damage >>build/pgo/train/mul/record
look
standing trainings.mul broken "record' is damaged"
hasnt err "is run again"
driver 0 use
has err "record' is damaged; training 'mul' is run again"
: >build/pgo/state/building.use
look
standing stages.use broken "its last build did not end"
driver 0 use
rm build/pgo/profile/"$(basename "$(readlink build/pgo/profile/current)")" -r
look
standing profile stale "is gone"
driver 0 use
fresh
