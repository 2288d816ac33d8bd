/* The model of a stage tree, kept in a file. */
#include "unit.h"

#include "model.h"

static void add_target(struct model *m, const char *name, enum target_kind kind,
                       const char *artifact, bool excluded)
{
    struct target *t = model_add_target(m);
    t->name = str_dup(name);
    t->kind = kind;
    t->goal = str_fmt("goal of %s", name);
    t->artifact = str_dup(artifact);
    t->excluded = excluded;
}

static void add_object(struct model *m, const char *path, const char *target, bool flagged,
                       const char *settings)
{
    struct object *o = model_add_object(m);
    o->path = str_dup(path);
    o->source = str_fmt("/src/%s.c", path_base(path));
    o->target = str_dup(target);
    o->flagged = flagged;
    o->settings = str_dup(settings);
}

static void make_model(struct model *m)
{
    m->id = str_dup("id 1\nof two lines");
    add_target(m, "app", TARGET_PROGRAM, "/b dir/app", false);
    add_target(m, "gen", TARGET_PROGRAM, "/b/gen", true);
    add_target(m, "objs", TARGET_OBJECT, "", false);
    add_target(m, "lib", TARGET_SHARED, "/b/lib.so", false);
    add_target(m, "stat", TARGET_STATIC, "/b/lib.a", false);
    for (int i = 0; i < 37; i++) {
        char *path = str_fmt("/b dir/o %d.o", i);
        add_object(m, path, i % 5 ? "app" : "", i % 3 != 0,
                   i % 2 ? "cc\n-O2\n-DX=\"a\\nb\"" : "cc\n-O3\n\nlast word");
        free(path);
    }
}

static void check_same(const struct model *a, const struct model *b)
{
    assert_string_equal(a->id, b->id);
    assert_int_equal(a->targets_n, b->targets_n);
    assert_int_equal(a->objects_n, b->objects_n);
    for (size_t i = 0; i < a->targets_n; i++) {
        const struct target *x = &a->targets[i], *y = &b->targets[i];
        assert_string_equal(x->name, y->name);
        assert_string_equal(x->goal, y->goal);
        assert_string_equal(x->artifact, y->artifact);
        assert_int_equal(x->kind, y->kind);
        assert_int_equal(x->excluded, y->excluded);
    }
    for (size_t i = 0; i < a->objects_n; i++) {
        const struct object *x = &a->objects[i], *y = &b->objects[i];
        assert_string_equal(x->path, y->path);
        assert_string_equal(x->source, y->source);
        assert_string_equal(x->target, y->target);
        assert_string_equal(x->settings, y->settings);
        assert_int_equal(x->flagged, y->flagged);
    }
}

static void check_not_loaded(const char *path, const char *id)
{
    struct model m = MODEL_INIT;
    assert_int_equal(model_load(&m, path, id), 0);
    assert_null(m.id);
    assert_int_equal(m.targets_n + m.objects_n, 0);
    model_release(&m);
}

static char *saved(struct model *m)
{
    char *path = unit_path("model");
    struct err err = ERR_INIT;
    make_model(m);
    assert_int_equal(model_save(m, path, &err), 0);
    unit_no_error(&err);
    return path;
}

static void test_round_trip(void **state)
{
    struct model m = MODEL_INIT, got = MODEL_INIT;
    char *path = saved(&m);
    (void)state;
    assert_int_equal(model_load(&got, path, m.id), 1);
    check_same(&m, &got);
    model_release(&m);
    model_release(&got);
    free(path);
}

static void test_empty_model(void **state)
{
    struct model m = MODEL_INIT, got = MODEL_INIT;
    char *path = unit_path("empty");
    struct err err = ERR_INIT;
    (void)state;
    m.id = str_dup("");
    assert_int_equal(model_save(&m, path, &err), 0);
    assert_int_equal(model_load(&got, path, ""), 1);
    check_same(&m, &got);
    model_release(&m);
    model_release(&got);
    free(path);
}

static void test_wrong_id_and_missing(void **state)
{
    struct model m = MODEL_INIT;
    char *path = saved(&m), *none = unit_path("none");
    (void)state;
    check_not_loaded(path, "id 1");
    check_not_loaded(path, "");
    check_not_loaded(none, m.id);
    model_release(&m);
    free(none);
    free(path);
}

static void test_damaged(void **state)
{
    struct model m = MODEL_INIT;
    char *path = saved(&m);
    struct buf b = unit_read(path);
    (void)state;
    for (size_t i = 0; i < b.len; i += 17) {
        unit_write(path, b.p, i);
        check_not_loaded(path, m.id);
        b.p[i] ^= 1;
        unit_write(path, b.p, b.len);
        check_not_loaded(path, m.id);
        b.p[i] ^= 1;
    }
    buf_release(&b);
    model_release(&m);
    free(path);
}

/* A tab in a name cannot be kept: the model is then read anew, never wrong. */
static void test_tab_in_a_path(void **state)
{
    struct model m = MODEL_INIT, got = MODEL_INIT;
    char *path = unit_path("tab");
    struct err err = ERR_INIT;
    (void)state;
    m.id = str_dup("i");
    add_object(&m, "/b/a\tb.o", "app", true, "cc");
    assert_int_equal(model_save(&m, path, &err), 0);
    if (model_load(&got, path, "i"))
        check_same(&m, &got);
    model_release(&m);
    model_release(&got);
    free(path);
}

static void test_targets(void **state)
{
    struct model m = MODEL_INIT;
    (void)state;
    make_model(&m);
    assert_string_equal(model_target(&m, "lib")->artifact, "/b/lib.so");
    assert_null(model_target(&m, "li"));
    assert_true(target_is_linked(model_target(&m, "app")));
    assert_true(target_is_linked(model_target(&m, "lib")));
    assert_false(target_is_linked(model_target(&m, "objs")));
    assert_false(target_is_linked(model_target(&m, "stat")));
    model_release(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),           cmocka_unit_test(test_empty_model),
        cmocka_unit_test(test_wrong_id_and_missing), cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_tab_in_a_path),        cmocka_unit_test(test_targets),
    };
    return UNIT_RUN(tests);
}
