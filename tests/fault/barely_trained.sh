# A training that ran next to nothing: coverage and never-run programs are told, and the gate holds.
. "$(dirname "$0")/../lib.sh"
for each in gcc clang; do
    family $each
    rm -rf src build
    project src
    module src
    training src tiny -- sum 0
    configure src build
    run 0 "$PGO" -C build use
    has err "warning: no training ran: mul" "1 of 2 functions ran (50 %)" \
        "warning: the trainings ran next to nothing: no count is above 1; their output is in the logs of"
    has out "not counted: "
    reconfigure build min_coverage=80
    run 3 "$PGO" -C build use
    one_error
    has err "the trainings ran 1 of 2 functions (50.0 %, wanted are 80.0 %)" "hint: "
    run 3 "$PGO" -C build merge
    run 0 "$PGO" -C build use --min-coverage=30
done
