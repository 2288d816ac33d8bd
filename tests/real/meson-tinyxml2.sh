# tinyxml2: a small shared C++ library whose configure copies files into the build directory, where its test wants
# them; trained with that test, and by its program on a document.
. "$(dirname "$0")/lib.sh"
fetch tinyxml2
meson_unedited

# xml N: a document of N entries.
xml() {
    echo '<all>'
    seq "$1" | sed 's|.*|<e id="&"><name>n \&amp; &</name><!-- c --><v a="x" b="&">&</v><![CDATA[ & ]]></e>|'
    echo '</all>'
}
xml 3000 >train.xml
xml 60000 >large.xml
optimized --train-with-tests . --train "read=xmltest '$work/train.xml'" --held-out "large=xmltest '$work/large.xml'"
meson_tested 1
compared
untouched
