/* Paths and files. */
#include "unit.h"

static void check_owned(char *got, const char *want)
{
    assert_non_null(got);
    assert_string_equal(got, want);
    free(got);
}

static void test_path_parts(void **state)
{
    (void)state;
    check_owned(path_join("/a", "b"), "/a/b");
    check_owned(path_join("/a/", "b"), "/a/b");
    check_owned(path_join("/a", "/b"), "/b");
    check_owned(path_join("", "b"), "b");
    check_owned(path_dir("/a/b"), "/a");
    check_owned(path_dir("/a"), "/");
    check_owned(path_dir("a"), ".");
    assert_string_equal(path_base("/a/b.c"), "b.c");
    assert_string_equal(path_base("b.c"), "b.c");
    assert_int_equal(path_depth("/a/b/c"), 3);
    assert_int_equal(path_depth("a"), 0);
}

static void test_path_abs(void **state)
{
    static const char *const rows[][2] = {
        {"/", "/"},
        {"//", "/"},
        {"/a//b/", "/a/b"},
        {"/a/./b/.", "/a/b"},
        {"/a/../b", "/b"},
        {"/../..", "/"},
        {"/a/b/../../c", "/c"},
        {"/a/..", "/"},
        {"/..a/b..", "/..a/b.."},
        {"/a b/c", "/a b/c"},
    };
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(rows); i++)
        check_owned(path_abs(rows[i][0]), rows[i][1]);
    char *cwd = getcwd(NULL, 0), *want = path_join(cwd, "x");
    check_owned(path_abs("y/../x"), want);
    check_owned(path_abs("."), cwd);
    check_owned(path_abs(""), cwd);
    free(want);
    free(cwd);
}

static void test_path_from(void **state)
{
    static const char *const rows[][3] = {{"/a/b/c", "/a", "b/c"},
                                          {"/a/src/x.c", "/a/build", "../src/x.c"},
                                          {"/x", "/a/b", "../../x"},
                                          {"/ab/c", "/a", "../ab/c"},
                                          {"/a", "/", "a"}};
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(rows); i++) {
        char *got = path_from(rows[i][0], rows[i][1]);
        assert_string_equal(got, rows[i][2]);
        free(got);
    }
}

static void test_path_below(void **state)
{
    (void)state;
    assert_string_equal(path_below("/a/b/c", "/a"), "b/c");
    assert_string_equal(path_below("/a", "/a"), "");
    assert_null(path_below("/ab", "/a"));
    assert_null(path_below("/", "/a"));
    assert_null(path_below("/b/a", "/a"));
    assert_string_equal(path_below("/a/b", "/"), "a/b");
    assert_string_equal(path_below("/", "/"), "");
}

static void test_stamp(void **state)
{
    char *path = unit_path("stamped");
    (void)state;
    check_owned(fs_stamp(path), "-");
    unit_text(path, "one");
    char *one = fs_stamp(path);
    check_owned(fs_stamp(path), one);
    unit_text(path, "longer");
    char *two = fs_stamp(path);
    assert_string_not_equal(one, two);
    /* the same size, and a time that differs by one nanosecond only */
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    struct timespec times[2] = {st.st_atim, st.st_mtim};
    times[1].tv_nsec += times[1].tv_nsec < 999999999 ? 1 : -1;
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    char *three = fs_stamp(path);
    assert_string_not_equal(two, three);
    free(one);
    free(two);
    free(three);
    unlink(path);
    free(path);
}

static void test_read_and_replace(void **state)
{
    char *path = unit_path("file"), *data = malloc(300000);
    struct err err = ERR_INIT;
    struct buf b = BUF_INIT;
    (void)state;
    for (size_t i = 0; i < 300000; i++)
        data[i] = (char)(i * 31 >> 3);
    assert_int_equal(fs_read(path, &b, &err), -1);
    unit_error(&err, path);
    assert_int_equal(fs_replace(path, data, 300000, &err), 0);
    assert_int_equal(fs_read(path, &b, &err), 0);
    assert_int_equal(b.len, 300000);
    assert_memory_equal(b.p, data, 300000);
    assert_int_equal(fs_replace(path, "", 0, &err), 0);
    unit_same_text(path, "");
    unit_no_error(&err);
    unlink(path);
    buf_release(&b);
    free(data);
    free(path);
}

/* Who has the old file open goes on reading it whole, and nothing else stays in the directory. */
static void test_replace_is_atomic(void **state)
{
    char *dir = unit_path("atomic"), *path = path_join(dir, "file");
    struct err err = ERR_INIT;
    struct vec names = VEC_INIT;
    char old[4] = "";
    (void)state;
    assert_int_equal(mkdir(dir, 0777), 0);
    unit_text(path, "old");
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_int_equal(fs_replace(path, "new text", 8, &err), 0);
    assert_int_equal(read(fd, old, 3), 3);
    assert_string_equal(old, "old");
    unit_same_text(path, "new text");
    close(fd);
    assert_int_equal(fs_list(dir, &names, &err), 0);
    unit_vec(&names, UNIT_WORDS("file"));
    vec_release(&names);
    free(path);
    free(dir);
}

/* The file cannot be put in place: it is as before, and no temporary file stays. */
static void test_replace_fails_without_trace(void **state)
{
    char *dir = unit_path("kept"), *path = path_join(dir, "is a directory");
    char *inside = path_join(path, "x"), *none = unit_path("no dir/x");
    struct err err = ERR_INIT;
    struct vec names = VEC_INIT;
    (void)state;
    assert_int_equal(fs_mkdirs(path, &err), 0);
    unit_text(inside, "x");
    assert_int_equal(fs_replace(path, "new", 3, &err), -1);
    unit_contains(err.msg, "Is a directory");
    assert_non_null(err.hint);
    unit_error(&err, path);
    unit_same_text(inside, "x");
    assert_int_equal(fs_list(dir, &names, &err), 0);
    unit_vec(&names, UNIT_WORDS("is a directory"));
    assert_int_equal(fs_replace(none, "new", 3, &err), -1);
    unit_error(&err, none);
    vec_release(&names);
    free(none);
    free(inside);
    free(path);
    free(dir);
}

static void test_update(void **state)
{
    char *path = unit_path("updated"), *before, *none = unit_path("no dir/x");
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(fs_update(path, "a\n", &err), 1);
    before = fs_stamp(path);
    assert_int_equal(fs_update(path, "a\n", &err), 0);
    check_owned(fs_stamp(path), before);
    assert_int_equal(fs_update(path, "b\n", &err), 1);
    unit_same_text(path, "b\n");
    assert_int_equal(fs_update(path, "", &err), 1);
    assert_int_equal(fs_update(path, "", &err), 0);
    unit_write(path, "a\0junk", 6);
    assert_int_equal(fs_update(path, "a", &err), 1);
    unit_same_text(path, "a");
    unit_no_error(&err);
    assert_int_equal(fs_update(none, "x", &err), -1);
    unit_error(&err, none);
    unlink(path);
    free(none);
    free(before);
    free(path);
}

static void test_mkdirs(void **state)
{
    char *path = unit_path("x/y y/z/"), *file = unit_path("plain"), *deep = unit_path("plain/sub");
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(fs_mkdirs(path, &err), 0);
    assert_true(fs_is_dir(path));
    assert_int_equal(fs_mkdirs(path, &err), 0);
    unit_no_error(&err);
    unit_text(file, "");
    assert_int_equal(fs_mkdirs(deep, &err), -1);
    unit_error(&err, file);
    assert_int_equal(fs_mkdirs(file, &err), -1);
    unit_error(&err, file);
    unlink(file);
    free(deep);
    free(file);
    free(path);
}

static void test_kinds(void **state)
{
    char *file = unit_path("k file"), *link_path = unit_path("k link"), *gone = unit_path("k gone");
    (void)state;
    unit_text(file, "");
    assert_int_equal(symlink(gone, link_path), 0);
    assert_true(fs_is_file(file) && !fs_is_dir(file) && fs_exists(file));
    assert_true(fs_exists(link_path) && !fs_is_file(link_path) && !fs_is_dir(link_path));
    assert_false(fs_exists(gone));
    assert_true(fs_is_dir(unit_dir) && !fs_is_file(unit_dir));
    unlink(file);
    unlink(link_path);
    free(gone);
    free(link_path);
    free(file);
}

static void test_list(void **state)
{
    static const char *const made[] = {"b", "a", "B", ".hidden", "a b", "10", "9"};
    char *dir = unit_path("listed"), *none = unit_path("not listed"), *file = unit_path("l file");
    struct err err = ERR_INIT;
    struct vec names = VEC_INIT;
    (void)state;
    assert_int_equal(mkdir(dir, 0777), 0);
    for (size_t i = 0; i < PGO_COUNT(made); i++) {
        char *path = path_join(dir, made[i]);
        unit_text(path, "");
        free(path);
    }
    assert_int_equal(fs_list(dir, &names, &err), 0);
    unit_vec(&names, UNIT_WORDS(".hidden", "10", "9", "B", "a", "a b", "b"));
    vec_release(&names);
    assert_int_equal(fs_list(none, &names, &err), 0);
    assert_int_equal(names.n, 0);
    unit_text(file, "");
    assert_int_equal(fs_list(file, &names, &err), -1);
    unit_error(&err, file);
    unlink(file);
    free(file);
    free(none);
    free(dir);
}

/* A tree with a link to a directory outside of it, whose file must survive. */
static char *tree_with_link(char **outside)
{
    static const char *const dirs[] = {"tree/sub/deep", "outside"};
    struct err err = ERR_INIT;
    for (size_t i = 0; i < PGO_COUNT(dirs); i++) {
        char *path = unit_path(dirs[i]), *file = path_join(path, "file");
        assert_int_equal(fs_mkdirs(path, &err), 0);
        unit_text(file, "12345");
        free(file);
        free(path);
    }
    char *dir = unit_path("outside"), *name = unit_path("tree/link");
    assert_int_equal(symlink(dir, name), 0);
    *outside = path_join(dir, "file");
    free(name);
    free(dir);
    return unit_path("tree");
}

struct visits {
    struct vec paths;
    const char *skip;
};

static bool visit(const char *path, const struct stat *st, void *arg)
{
    struct visits *v = arg;
    vec_addf(&v->paths, "%s%s", path_base(path), S_ISDIR(st->st_mode) ? "/" : "");
    return !v->skip || strcmp(path_base(path), v->skip) != 0;
}

static void test_walk_and_remove(void **state)
{
    char *outside, *tree = tree_with_link(&outside);
    struct visits all = {VEC_INIT, NULL}, some = {VEC_INIT, "sub"};
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(fs_walk(tree, visit, &all, &err), 0);
    unit_vec(&all.paths, UNIT_WORDS("link", "sub/", "deep/", "file"));
    assert_int_equal(fs_walk(tree, visit, &some, &err), 0);
    unit_vec(&some.paths, UNIT_WORDS("link", "sub/"));
    assert_int_equal(fs_tree_size(tree), 5);
    assert_int_equal(fs_remove(tree, &err), 0);
    assert_false(fs_exists(tree));
    unit_same_text(outside, "12345");
    assert_int_equal(fs_remove(tree, &err), 0);
    unit_no_error(&err);
    vec_release(&all.paths);
    vec_release(&some.paths);
    free(outside);
    free(tree);
}

static void test_remove_of_a_link_keeps_what_it_names(void **state)
{
    char *outside, *tree = tree_with_link(&outside), *name = path_join(tree, "link");
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(fs_remove(name, &err), 0);
    assert_false(fs_exists(name));
    unit_same_text(outside, "12345");
    assert_int_equal(fs_remove(tree, &err), 0);
    free(name);
    free(outside);
    free(tree);
}

static void test_copy_keeps_mode_and_time(void **state)
{
    char *from = unit_path("c from"), *to = unit_path("c to");
    struct err err = ERR_INIT;
    struct stat a, b;
    struct timespec times[2] = {{1000000000, 5}, {1100000000, 123456789}};
    (void)state;
    unit_write(from, "a\0b", 3);
    assert_int_equal(chmod(from, 0750), 0);
    assert_int_equal(utimensat(AT_FDCWD, from, times, 0), 0);
    assert_int_equal(fs_copy(from, to, &err), 0);
    assert_int_equal(stat(from, &a), 0);
    assert_int_equal(stat(to, &b), 0);
    assert_int_equal(b.st_mode, a.st_mode);
    assert_int_equal(b.st_size, 3);
    assert_int_equal(b.st_mtim.tv_sec, a.st_mtim.tv_sec);
    assert_int_equal(b.st_mtim.tv_nsec, a.st_mtim.tv_nsec);
    unlink(from);
    assert_int_equal(fs_copy(from, to, &err), -1);
    unit_error(&err, from);
    assert_int_equal(fs_rename(from, to, &err), -1);
    unit_error(&err, from);
    unlink(to);
    free(from);
    free(to);
}

static void test_copy_tree(void **state)
{
    char *outside, *tree = tree_with_link(&outside), *to = unit_path("tree copy");
    char *file = path_join(to, "sub/deep/file");
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(fs_copy_tree(tree, to, &err), 0);
    unit_same_text(file, "12345");
    assert_int_equal(fs_remove(to, &err), 0);
    assert_int_equal(fs_remove(tree, &err), 0);
    unit_no_error(&err);
    free(file);
    free(to);
    free(outside);
    free(tree);
}

static void test_find_program(void **state)
{
    char *one = unit_path("one"), *two = unit_path("two"), *tool = unit_path("two/tool");
    char *plain = unit_path("one/tool"), *folder = unit_path("one/dir"), *none = unit_path("zero");
    char *path = str_fmt("%s::%s:%s", none, one, two);
    char *old = str_dup(getenv("PATH"));
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(setenv("PATH", path, 1), 0);
    assert_int_equal(fs_mkdirs(folder, &err), 0);
    assert_int_equal(fs_mkdirs(two, &err), 0);
    unit_text(tool, "#!/bin/sh\n");
    assert_null(fs_find_program("tool"));
    assert_int_equal(chmod(tool, 0755), 0);
    check_owned(fs_find_program("tool"), tool);
    unit_text(plain, "not executable");
    check_owned(fs_find_program("tool"), tool);
    assert_int_equal(chmod(plain, 0755), 0);
    check_owned(fs_find_program("tool"), plain);
    assert_null(fs_find_program("dir"));
    assert_null(fs_find_program("nothing"));
    assert_null(fs_find_program(none));
    assert_int_equal(setenv("PATH", "/nowhere", 1), 0);
    check_owned(fs_find_program(tool), tool);
    assert_null(fs_find_program("tool"));
    assert_int_equal(setenv("PATH", old, 1), 0);
    char *sh = fs_find_program("sh");
    assert_true(sh && sh[0] == '/');
    free(sh);
    free(old);
    free(path);
    free(none);
    free(folder);
    free(plain);
    free(tool);
    free(two);
    free(one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_path_parts),
        cmocka_unit_test(test_path_abs),
        cmocka_unit_test(test_path_below),
        cmocka_unit_test(test_path_from),
        cmocka_unit_test(test_stamp),
        cmocka_unit_test(test_read_and_replace),
        cmocka_unit_test(test_replace_is_atomic),
        cmocka_unit_test(test_replace_fails_without_trace),
        cmocka_unit_test(test_update),
        cmocka_unit_test(test_mkdirs),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_walk_and_remove),
        cmocka_unit_test(test_remove_of_a_link_keeps_what_it_names),
        cmocka_unit_test(test_copy_keeps_mode_and_time),
        cmocka_unit_test(test_copy_tree),
        cmocka_unit_test(test_find_program),
    };
    return UNIT_RUN(tests);
}
