/* Compiler families: which version the first line of --version tells. */
#include "unit.h"

#include "family.h"

/* A compiler that answers with this line and no more. */
static void check_version(const struct family *family, const char *line, const char *version)
{
    char *path = unit_path("compiler"), *text = str_fmt("#!/bin/sh\necho '%s'\n", line);
    struct compiler c = {.family = family, .path = path};
    struct err err = ERR_INIT;
    unit_text(path, text);
    assert_int_equal(chmod(path, 0755), 0);
    int rc = family_version(&c, NULL, &err);
    if (version) {
        unit_no_error(&err);
        assert_int_equal(rc, 0);
        assert_string_equal(c.version, version);
    } else {
        assert_int_equal(rc, -1);
        unit_error(&err, "names no version");
    }
    compiler_release(&c);
    free(text);
}

static void test_gcc(void **state)
{
    (void)state;
    check_version(&family_gcc, "gcc (GCC) 13.2.1 20231205 (Red Hat 13.2.1-6)", "13.2.1");
    check_version(&family_gcc, "gcc (GCC) 4.8.5 20150623 (Red Hat 4.8.5-44)", "4.8.5");
    check_version(&family_gcc, "gcc (Debian 12.2.0-14+deb12u1) 12.2.0", "12.2.0");
    check_version(&family_gcc, "gcc (Ubuntu 13.2.0-4ubuntu3) 13.2.0", "13.2.0");
    check_version(&family_gcc, "gcc (SUSE Linux) 13.2.1 20240206 [revision 67ac78c]", "13.2.1");
    check_version(&family_gcc, "gcc-9.1 (Vendor 8.1 (rev 7.2)) 12.3.0", "12.3.0");
    check_version(&family_gcc, "gcc 12.2.0", "12.2.0");
    check_version(&family_gcc, "gcc (GCC)", NULL);
}

static void test_clang(void **state)
{
    (void)state;
    check_version(&family_clang, "Ubuntu clang version 14.0.0-1ubuntu1", "14.0.0");
    check_version(&family_clang, "clang version 17.0.6 (Fedora 17.0.6-2.fc39)", "17.0.6");
    check_version(&family_clang, "Debian clang version 14.0.6", "14.0.6");
    check_version(&family_clang, "clang version", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gcc),
        cmocka_unit_test(test_clang),
    };
    return UNIT_RUN(tests);
}
