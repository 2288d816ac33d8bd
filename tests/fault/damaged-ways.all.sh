# As damaged.sh, in the other ways and for Clang's files too.
for FAMILY in gcc clang; do
    FAMILY=$FAMILY PGO_TEST_WAYS="empty garbage version gone" sh "$(dirname "$0")/damaged.sh" || exit
done
