# Tests as trainings in a project whose name has a space: of several suites, of one name in a subproject, with a
# newline, alike but for a variable; those that fail are told, as are attributes that tests do not have.
. "$(dirname "$0")/lib.sh"
small src
mkdir -p src/subprojects/sub
echo "project('sub', 'c')
test('plain', meson.get_compiler('c').get_id() == 'x' ? disabler() : find_program('true'))" >src/subprojects/sub/meson.build
edit src/meson.build "s/^project('small'/project('a small one'/"
cat >src/meson.build.tests <<'EOF'
subproject('sub')
test('plain', sum, args: '10', suite: 'pgo')
test('other', sum, args: '11', suite: ['pgo', 'other'])
test('what*', mul, args: '12', suite: 'pgo')
test('whatever', find_program('false'))
test('newline', sum, args: ['13', '''a
b'''], suite: 'pgo')
foreach level : ['1', '10']
  test('level ' + level, sum, args: '14', suite: 'pgo', env: {'LEVEL': level})
endforeach
EOF
sed '/^benchmark/d' src/meson.build >plain
cat plain src/meson.build.tests >src/meson.build
setup src build
driver 0 use
same "$(trained)" "level 1 level 10 newline other plain what*"
has out "found their profile (100.0 %)"

# A failing test of several suites, and one that is ended by a signal.
cat plain src/meson.build.tests - >src/meson.build <<'EOF'
test('fails', find_program('sh'), args: ['-c', '"$0" 10; exit 1', sum], suite: ['pgo', 'third'])
EOF
run 0 ninja -C build build.ninja
driver 1 use
one_error
has err "test 'fails' failed as a training"
edit src/meson.build 's/exit 1/kill -9 $$/'
run 0 ninja -C build build.ninja
driver 1 use
has err "test 'fails' failed as a training"

edit src/meson.build "s/suite: \['pgo', 'third'\]/suite: 'pgo', env: {'PGO_HELD_OUT': '1'}/"
run 0 ninja -C build build.ninja
driver 2 use
one_error
has err "test 'fails' has PGO_HELD_OUT in its env, which is for benchmarks"
