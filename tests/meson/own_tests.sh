# The project's own tests as trainings, told apart where only their environment or directory differs: one
# command under several names, tests that are to fail, scripts, a program in Python; also where Meson starts
# programs by an emulator.
. "$(dirname "$0")/lib.sh"
small src
cat >>src/meson.build <<'END'
test('few', sum, args: '20')
test('few again', sum, args: '20')
test('few, more', sum, args: ['20', '30'])
test('in C', sum, args: '40', env: {'WAY': 'c'})
test('in D', sum, args: '40', env: {'WAY': 'd', 'LIST': 'a'})
test('there', sum, args: '40', workdir: meson.current_source_dir())
test('--help', mul, args: '50')
test('set[1]', mul, args: '55')
test('fails', find_program('fails.sh'), args: mul, should_fail: true)
test('python', import('python').find_installation(), args: [files('run.py'), mul], protocol: 'exitcode')
test('skipped', find_program('skips.sh'), args: mul)
test('nothing', find_program('true'))
test('excluded', sum, args: '80', suite: 'left out')
add_test_setup('usual', is_default: true, exclude_suites: 'left out')
END
executable src/fails.sh <<'END'
#!/bin/sh
"$1" 60
exit 3
END
executable src/skips.sh <<'END'
#!/bin/sh
exit 77
END
echo 'import subprocess, sys; subprocess.run([sys.argv[1], "70"], check=True)' >src/run.py
executable emulator <<'END'
#!/bin/sh
exec "$@"
END
cat >cross.ini <<END
[binaries]
c = 'clang'
ar = 'ar'
exe_wrapper = '$work/emulator'
[properties]
needs_exe_wrapper = true
[host_machine]
system = 'linux'
cpu_family = 'other'
cpu = 'other'
endian = 'little'
END
for compiler in gcc clang; do
    family $compiler
    rm -rf build
    if [ $compiler = gcc ]; then
        setup src build
    else
        setup src build --cross-file cross.ini
    fi
    driver 0 use --train-with-tests .
    has out "found their profile (100.0 %)"
    same "$(sed -n 's/^pgo: train: \(.*\): [0-9.]* s$/\1/p' err | LC_ALL=C sort | tr '\n' ';')" \
        "--help;fails;few;few, more;in C;in D;mul;nothing;python;set[1];skipped;sum;there;"
    driver 0 use
    hasnt err "train: "
done

# What 'meson test' leaves out is no training, unless its suite is named.
driver 2 use --forget . --train-with-tests excluded
one_error
has err "but those that the default test setup excludes, unless their suite is named"
edit src/meson.build "s/suite: 'left out'/suite: ['pgo', 'left out']/"
run 0 ninja -C build build.ninja
driver 0 use
has err "train: excluded: "
