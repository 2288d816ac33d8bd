# pugixml: a shared C++ library without a program. A program that is not of the project, and not
# instrumented, trains it, and so do its own tests.
. "$(dirname "$0")/lib.sh"
fetch pugixml
unedited -DBUILD_SHARED_LIBS=ON -DPUGIXML_BUILD_TESTS=ON
cmake --build build --target pugixml-shared >out 2>&1 || fail "the library"
cat >query.cpp <<'END'
#include "pugixml.hpp"
#include <cstdio>
int main(int, char **argv)
{
    pugi::xml_document document;
    if (!document.load_file(argv[1]))
        return 1;
    std::printf("%zu\n", document.select_nodes(argv[2]).size());
    return 0;
}
END
$CXX -O2 -Isrc/src query.cpp build/libpugixml.so -o query

# xml N: a document of N entries.
xml() {
    echo '<all>'
    seq "$1" | sed 's|.*|<e id="&"><name>n \&amp; &</name><!-- c --><v a="x" b="&">&</v><![CDATA[ & ]]></e>|'
    echo '</all>'
}
xml 3000 >train.xml
xml 30000 >large.xml
optimized --train-with-tests 'pugixml::test' \
    --train "query='$work/query' '$work/train.xml' '/all/e[@id mod 7 = 1]/name'" \
    --held-out "large='$work/query' '$work/large.xml' '//v[contains(@b, \"77\")]'" \
    --env 'query=LD_LIBRARY_PATH={build}' --env 'large=LD_LIBRARY_PATH={build}'
tested 1
compared
untouched
