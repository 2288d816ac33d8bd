# An excluded program on a library that is not: the library's counters in it are those of a training, by
# whichever way it is excluded.
. "$(dirname "$0")/../lib.sh"
project src
sed 's/1000003/1000033/' src/mul.c >src/other.c
target src program other other.c core
configure src build
driver 0 use --train 'sum=sum 1000' --exclude sum
has out "(100.0 %)" "1 of 1 translation units" "  $work/build/pgo/use/sum" "built there too, but no training ran: mul, other"
hasnt out "use/other"
has err "no training ran: mul, other"
exclude src sum
trainings src
rm -rf build
configure src build
driver 0 use
has out "(100.0 %)" "2 of 2 translation units"
