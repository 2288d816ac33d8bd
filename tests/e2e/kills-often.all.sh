# As kills.sh, a thousand times.
ROUNDS=1000
export ROUNDS
. "$(dirname "$0")/kills.sh"
