/* The cache of a stage tree: its outputs lie in the stage, its inputs stay where they are. */
#include "unit.h"

#include "cmake_cache.h"

static char *user, *stage; /* the user tree and a stage tree in it */

static int setup(void **state)
{
    struct err err = ERR_INIT;
    if (unit_setup(state) != 0)
        return -1;
    user = unit_path("build");
    stage = unit_path("build/pgo/use");
    return fs_mkdirs(stage, &err);
}

static int teardown(void **state)
{
    free(user);
    free(stage);
    return unit_teardown(state);
}

/* Replaces @U@ and @S@ by the two trees. */
static char *fill(const char *text)
{
    char *half = str_replace(text, "@U@", user), *all = str_replace(half, "@S@", stage);
    free(half);
    return all;
}

static void load(struct cache *c, const char *text)
{
    char *path = unit_path("CMakeCache.txt"), *full = fill(text);
    struct err err = ERR_INIT;
    unit_text(path, full);
    assert_int_equal(cache_read(path, c, &err), 0);
    unit_no_error(&err);
    free(full);
    free(path);
}

static void check_clone(const char *text, const char *want)
{
    struct cache c = CACHE_INIT;
    load(&c, text);
    char *got = cache_clone(&c, user, stage), *full = fill(want);
    assert_string_equal(got, full);
    free(got);
    free(full);
    cache_release(&c);
}

static void make_file(const char *name)
{
    char *path = unit_path(name), *dir = path_dir(path);
    struct err err = ERR_INIT;
    assert_int_equal(fs_mkdirs(dir, &err), 0);
    unit_text(path, "");
    free(dir);
    free(path);
}

static void test_read(void **state)
{
    struct cache c = CACHE_INIT;
    (void)state;
    load(&c, "# comment:STRING=no\n"
             "//help:STRING=no\n"
             "\n"
             "CMAKE_BUILD_TYPE:STRING=Release\n"
             "EMPTY:STRING=\n"
             "FLAGS:STRING=-DA=1 -DB=x:y\n"
             "\"KEY:WITH COLON\":INTERNAL=1\n"
             "A-ADVANCED:INTERNAL=1\n"
             "no entry at all\n"
             "\"open:STRING=x\n"
             "LAST:PATH=/x y");
    assert_string_equal(cache_get(&c, "CMAKE_BUILD_TYPE"), "Release");
    assert_string_equal(cache_get(&c, "EMPTY"), "");
    assert_non_null(map_get(&c.values, "EMPTY"));
    assert_string_equal(cache_get(&c, "FLAGS"), "-DA=1 -DB=x:y");
    assert_string_equal(cache_get(&c, "KEY:WITH COLON"), "1");
    assert_string_equal(map_get(&c.types, "KEY:WITH COLON"), "INTERNAL");
    assert_string_equal(map_get(&c.types, "LAST"), "PATH");
    assert_string_equal(cache_get(&c, "LAST"), "/x y");
    assert_string_equal(cache_get(&c, "none"), "");
    assert_int_equal(c.values.keys.n, 6);
    cache_release(&c);
}

static void test_missing(void **state)
{
    char *path = unit_path("none");
    struct cache c = CACHE_INIT;
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(cache_read(path, &c, &err), -1);
    unit_error(&err, path);
    cache_release(&c);
    free(path);
}

static void test_clone_keeps_what_is_no_path(void **state)
{
    static const char text[] = "# a comment about @U@/x\n"
                               "//help on @U@\n"
                               "\n"
                               "CMAKE_BUILD_TYPE:STRING=Release\n"
                               "\"KEY:Q\":STRING=a=b:c\n"
                               "junk @U@\n"
                               "OTHER:PATH=/somewhere/else\n";
    (void)state;
    check_clone(text, text);
    check_clone("", "");
}

static void test_clone_moves_outputs(void **state)
{
    (void)state;
    check_clone("CMAKE_CACHEFILE_DIR:INTERNAL=@U@\n"
                "CMAKE_INSTALL_PREFIX:PATH=@U@/inst\n"
                "demo_BINARY:PATH=@U@\n"
                "LIST:STRING=@U@/a;/x;@U@;@U@/b\n"
                "\"Q:KEY\":PATH=@U@/q\n"
                "FLAGS:STRING=-L@U@/lib -I@U@/include\n"
                "RPATH:STRING=/x:@U@/lib:@U@\n",
                "CMAKE_CACHEFILE_DIR:INTERNAL=@S@\n"
                "CMAKE_INSTALL_PREFIX:PATH=@S@/inst\n"
                "demo_BINARY:PATH=@S@\n"
                "LIST:STRING=@S@/a;/x;@S@;@S@/b\n"
                "\"Q:KEY\":PATH=@S@/q\n"
                "FLAGS:STRING=-L@S@/lib -I@S@/include\n"
                "RPATH:STRING=/x:@S@/lib:@S@\n");
}

/* Directories whose names begin like the tree's, or that end like it. */
static void test_clone_leaves_neighbours(void **state)
{
    static const char text[] = "A:PATH=@U@2/x\n"
                               "B:PATH=@U@-old\n"
                               "C:PATH=/mnt@U@/x\n"
                               "D:STRING=-L/sysroot@U@;/y@U@\n";
    (void)state;
    check_clone(text, text);
}

static void test_clone_keeps_inputs(void **state)
{
    static const char text[] = "CMAKE_HOME_DIRECTORY:INTERNAL=@U@/..\n"
                               "CMAKE_TOOLCHAIN_FILE:FILEPATH=@U@/conan/toolchain.cmake\n"
                               "CMAKE_PREFIX_PATH:STRING=@U@/conan\n"
                               "CMAKE_MODULE_PATH:STRING=@U@/conan\n"
                               "demo_SOURCE_DIR:STATIC=@U@/s\n"
                               "VCPKG_INSTALLED_DIR:PATH=@U@/vcpkg_installed\n"
                               "TOOL:FILEPATH=@U@/in/tool.py\n"
                               "fmt_DIR:PATH=@U@/in/fmt\n"
                               "zlib_DIR:PATH=@U@/in/zlib\n"
                               "SUB_SOURCE:PATH=@U@/in/src\n";
    (void)state;
    make_file("build/in/tool.py");
    make_file("build/in/fmt/fmtConfig.cmake");
    make_file("build/in/zlib/zlib-config.cmake");
    make_file("build/in/src/CMakeLists.txt");
    check_clone(text, text);
    /* the same entries, but nothing is there: they are to be made, in the stage */
    check_clone("TOOL:FILEPATH=@U@/out/tool.py\nfmt_DIR:PATH=@U@/out/fmt\n",
                "TOOL:FILEPATH=@S@/out/tool.py\nfmt_DIR:PATH=@S@/out/fmt\n");
}

/* Sources that FetchContent fetched are fetched again into the stage. */
static void test_clone_moves_fetched_sources(void **state)
{
    (void)state;
    make_file("build/_deps/x-src/CMakeLists.txt");
    check_clone("X_SOURCE:PATH=@U@/_deps/x-src\n", "X_SOURCE:PATH=@S@/_deps/x-src\n");
}

static void test_script(void **state)
{
    struct cache c = CACHE_INIT;
    (void)state;
    load(&c, "A:STRING=x y\"z$\nOUT:PATH=@U@/o\nI:INTERNAL=1\nS:STATIC=1\nU:UNINITIALIZED=v\n");
    char *got = cache_script(&c, user, stage, true, NULL);
    char *want = fill("set( [[A]] [[x y\"z$]] CACHE STRING \"\" FORCE)\n"
                      "set( [[OUT]] [[@S@/o]] CACHE PATH \"\" FORCE)\n"
                      "set( [[U]] [[v]] CACHE STRING \"\" FORCE)\n");
    assert_string_equal(got, want);
    free(got);
    free(want);
    cache_release(&c);
}

static void test_differences(void **state)
{
    struct cache a = CACHE_INIT, b = CACHE_INIT;
    struct vec names = VEC_INIT;
    (void)state;
    load(&a, "HAVE_A:INTERNAL=1\nHAVE_B:INTERNAL=1\nHAVE_C:INTERNAL=1\nOPT:STRING=a\n"
             "CMAKE_X:INTERNAL=1\nWHERE:INTERNAL=/a\n\"HAVE:Q\":INTERNAL=4\n");
    load(&b, "HAVE_A:INTERNAL=1\nHAVE_B:INTERNAL=\nOPT:STRING=b\n"
             "CMAKE_X:INTERNAL=2\nWHERE:INTERNAL=/b\nHAVE_D:INTERNAL=1\n\"HAVE:Q\":INTERNAL=8\n");
    cache_differences(&a, &b, &names);
    unit_vec(&names, UNIT_WORDS("HAVE_B", "HAVE:Q"));
    vec_release(&names);
    cache_differences(&a, &a, &names);
    assert_int_equal(names.n, 0);
    cache_release(&a);
    cache_release(&b);
}

/* What first looks like the end is the end, also when the text's own last bytes begin it. */
static void test_bracket(void **state)
{
    static const char *const rows[][2] = {
        {"plain", " [[plain]]"}, {"a]]b", " [=[a]]b]=]"},   {"a]", " [=[a]]=]"},
        {"a]=", " [[a]=]]"},     {"a]]=", " [==[a]]=]==]"}, {"a]b", " [[a]b]]"},
        {"", " [[]]"},           {"\n", " [[\n\n]]"}};
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(rows); i++) {
        struct buf b = BUF_INIT;
        cache_bracket(&b, rows[i][0]);
        assert_string_equal(buf_str(&b), rows[i][1]);
        buf_release(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_clone_keeps_what_is_no_path),
        cmocka_unit_test(test_clone_moves_outputs),
        cmocka_unit_test(test_clone_leaves_neighbours),
        cmocka_unit_test(test_clone_keeps_inputs),
        cmocka_unit_test(test_clone_moves_fetched_sources),
        cmocka_unit_test(test_script),
        cmocka_unit_test(test_differences),
        cmocka_unit_test(test_bracket),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
