# A project for a much older CMake keeps its policies, and ours do not depend on them.
. "$(dirname "$0")/../lib.sh"
project src
trainings src
sed -i 's/VERSION 3.25/VERSION 3.1/' src/CMakeLists.txt
cat >>src/CMakeLists.txt <<'EOF'
cmake_policy(GET CMP0057 in_list)
if(in_list STREQUAL "NEW")
  message(FATAL_ERROR "the policies of the project are changed")
endif()
EOF
configure src build
run 0 "$PGO" -C build use
has out "found their profile (100.0 %)"
