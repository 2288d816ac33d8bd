# A benchmark's program may be a script, a Python program, or made by the build, and run the project's own. One that is
# gone is named; so is a directory that was not configured to the end.
. "$(dirname "$0")/lib.sh"
project src
executable src/run.sh <<'EOF'
#!/bin/sh
exec "$@"
EOF
cat >src/run.py <<'EOF'
import subprocess, sys
subprocess.run(sys.argv[1:], check=True)
EOF
cat >src/meson.build <<'EOF'
project('small', 'c')
core = static_library('core', 'core.c')
sum = executable('sum', 'sum.c', link_with: core)
mul = executable('mul', 'mul.c', link_with: core)
script = find_program('run.sh')
made = custom_target(input: 'run.sh', output: 'made.sh', command: ['cp', '@INPUT@', '@OUTPUT@'])
python = import('python').find_installation()
benchmark('script', script, args: [sum, '10'], suite: 'pgo')
benchmark('made', find_program('sh'), args: [made, sum, '20'], suite: 'pgo')
benchmark('python', python, args: [files('run.py'), mul, '30'], suite: 'pgo')
benchmark('by_path', script, args: ['{build}/mul', '40'], suite: 'pgo')
EOF
setup src build
works
same "$(trained)" "by_path made python script"
# The script is an input as well: another one is another training.
echo '# edited' >>src/run.py
works
same "$(trained)" python

rm src/run.sh
driver 2 use
one_error
has err "training 'script': the command '$work/src/run.sh' is neither a target of the project nor a program that can be run"
rm -rf build
! "$MESON" setup build src >/dev/null 2>&1 || fail "Meson finds what is gone"
driver 2 status
one_error
has err "'$work/build' is not completely configured" "run 'meson setup \"$work/build\" \"$work/src\"' to the end first"
