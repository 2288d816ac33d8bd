/* Sections of ELF files that the compiler makes on the spot. */
#include "unit.h"

#include "elf.h"
#include "proc.h"

static const char program[] =
    "__attribute__((section(\"pgo_unit\"), used)) static const char text[] = \"hello\";\n"
    "__attribute__((section(\"pgo_unit_2\"), used)) static const char more[] = \"other\";\n"
    "int pgo_unit_variable;\n"
    "#ifndef DATA_ONLY\n"
    "int main(void) { return pgo_unit_variable; }\n"
    "#endif\n";

/* NULL when there is no compiler, or it cannot do this. */
static char *compile(const char *name, const char *option)
{
    char *cc = fs_find_program("cc"), *c = unit_path("p.c"), *o = unit_path(name);
    struct vec argv = VEC_INIT;
    struct buf out = BUF_INIT;
    struct err err = ERR_INIT;
    int status = -1;
    unit_text(c, program);
    if (cc) {
        vec_words(&argv, UNIT_WORDS(cc, option, "-o", o, c));
        if (str_ends(name, ".o"))
            vec_add(&argv, "-c");
        assert_int_equal(proc_capture(&argv, &out, &status, &err), 0);
    }
    if (!cc || !proc_ok(status)) {
        print_message("no file compiled with %s\n", option);
        free(o);
        o = NULL;
    }
    vec_release(&argv);
    buf_release(&out);
    free(cc);
    free(c);
    return o;
}

static void check_section(const char *path)
{
    struct buf out = BUF_INIT;
    struct err err = ERR_INIT;
    assert_int_equal(elf_section(path, "pgo_unit", &out, &err), 1);
    assert_int_equal(out.len, 6);
    assert_memory_equal(out.p, "hello", 6);
    assert_int_equal(elf_section(path, "pgo_unit_2", &out, &err), 1);
    assert_memory_equal(out.p, "hello\0other", 12); /* appended */
    assert_int_equal(elf_section(path, "pgo_uni", &out, &err), 0);
    assert_int_equal(elf_section(path, "go_unit", &out, &err), 0);
    assert_int_equal(out.len, 12);
    unit_no_error(&err);
    buf_release(&out);
}

static void test_object_and_program(void **state)
{
    char *object = compile("p.o", "-c"), *exe = compile("p", "-O1");
    (void)state;
    if (!object || !exe)
        skip();
    check_section(object);
    check_section(exe);
    assert_true(elf_has_code(object));
    assert_true(elf_has_code(exe));
    free(object);
    free(exe);
}

/* Against the sizes that were asked for: 4,000 bytes of data that is written to and as many that is
   not, and what takes no room in the file. */
static void test_size(void **state)
{
    static const char big[] = "char written[4000] = {1}, none[1000000];\n"
                              "__attribute__((used)) static const char constant[4000] = {1};\n"
                              "int f(void) { return written[5] + none[6] + constant[7]; }\n";
    char *cc = fs_find_program("cc"), *c = unit_path("big.c"), *o = unit_path("big.o");
    struct vec argv = VEC_INIT;
    struct buf out = BUF_INIT;
    struct err err = ERR_INIT;
    struct elf_size size;
    int status = -1;
    (void)state;
    unit_text(c, big);
    if (!cc)
        skip();
    vec_words(&argv, UNIT_WORDS(cc, "-c", "-o", o, c));
    assert_int_equal(proc_capture(&argv, &out, &status, &err), 0);
    assert_true(proc_ok(status));
    assert_true(elf_size(o, &size));
    assert_int_equal(size.data, 4000);
    assert_in_range(size.code, 1, 1000);
    assert_in_range(size.text, 4000 + size.code, 6000);
    assert_in_range(size.file, 8000, 20000);
    assert_false(elf_size(c, &size));
    assert_int_equal(size.text, 0);
    vec_release(&argv);
    buf_release(&out);
    free(cc);
    free(c);
    free(o);
}

static void test_other_word_size(void **state)
{
    char *object = compile("p32.o", "-m32");
    (void)state;
    if (!object)
        skip();
    check_section(object);
    assert_true(elf_has_code(object));
    free(object);
}

static void test_no_elf(void **state)
{
    char *path = unit_path("text");
    struct buf out = BUF_INIT;
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(elf_section(path, "x", &out, &err), -1);
    unit_error(&err, path);
    assert_false(elf_has_code(path));
    unit_text(path, "");
    assert_int_equal(elf_section(path, "x", &out, &err), 0);
    unit_text(path, "#!/bin/sh\necho this is a script and no ELF file at all, but a long one\n");
    assert_int_equal(elf_section(path, "x", &out, &err), 0);
    assert_false(elf_has_code(path));
    unit_no_error(&err);
    assert_int_equal(out.len, 0);
    free(path);
}

static void try_bytes(const char *path, const char *data, size_t len)
{
    struct buf out = BUF_INIT;
    struct err err = ERR_INIT;
    unit_write(path, data, len);
    int rc = elf_section(path, "pgo_unit", &out, &err);
    assert_true(rc == 0 || rc == 1);
    assert_true(rc == 1 || out.len == 0);
    elf_has_code(path);
    buf_release(&out);
}

static void test_truncated(void **state)
{
    char *object = compile("p.o", "-c"), *exe = compile("p", "-O1"), *path = unit_path("cut");
    (void)state;
    if (!object || !exe)
        skip();
    const char *const files[] = {object, exe};
    for (size_t i = 0; i < PGO_COUNT(files); i++) {
        struct buf b = unit_read(files[i]);
        for (size_t n = 0; n < b.len; n += n < 128 ? 1 : 64)
            try_bytes(path, b.p, n);
        buf_release(&b);
    }
    free(path);
    free(object);
    free(exe);
}

/* The file header and the section headers with every byte at its extremes. */
static void test_damaged_headers(void **state)
{
    static const unsigned char values[] = {0, 1, 0x7f, 0x80, 0xff};
    char *object = compile("p.o", "-c"), *path = unit_path("damaged");
    uint64_t table;
    (void)state;
    if (!object || sizeof(void *) != 8)
        skip();
    struct buf b = unit_read(object);
    memcpy(&table, b.p + 40, sizeof(table));
    for (size_t i = 0; i < b.len; i = i == 63 ? (size_t)table : i + 1) {
        char old = b.p[i];
        for (size_t k = 0; k < sizeof(values); k++) {
            b.p[i] = (char)values[k];
            try_bytes(path, b.p, b.len);
        }
        b.p[i] = old;
    }
    buf_release(&b);
    free(path);
    free(object);
}

/* A section header that ends with the file (and with what a buffer holds), too short for the field
 * with the number of the names.
 */
static void test_header_at_the_end(void **state)
{
    char *path = unit_path("short");
    char data[255] = "\177ELF\2\1\1";
    const uint64_t table = sizeof(data) - 40;
    const uint16_t entry = 40, count = 1, names = 0xffff, one = 1;
    (void)state;
    data[5] = *(const char *)&one == 1 ? 1 : 2;
    memcpy(data + 40, &table, sizeof(table));
    memcpy(data + 58, &entry, 2);
    memcpy(data + 60, &count, 2);
    memcpy(data + 62, &names, 2);
    try_bytes(path, data, sizeof(data));
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_object_and_program), cmocka_unit_test(test_size),
        cmocka_unit_test(test_other_word_size),    cmocka_unit_test(test_no_elf),
        cmocka_unit_test(test_truncated),          cmocka_unit_test(test_damaged_headers),
        cmocka_unit_test(test_header_at_the_end),
    };
    return UNIT_RUN(tests);
}
