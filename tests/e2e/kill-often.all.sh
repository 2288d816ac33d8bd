# The test 'kill' at many more points.
PGO_KILL_POINTS=150 PGO_KILL_KINDS="alone group term alone group term"
. "$(dirname "$0")/kill.sh"
