/* Tables of text. */
#include "unit.h"

#include "sheet.h"

static void fill(struct sheet *s)
{
    s->align = "lrl";
    sheet_cell(s, "what");
    sheet_cell(s, "how many");
    sheet_end_row(s);
    sheet_cell(s, "a_b|c");
    sheet_cell(s, "%d", 7);
    sheet_cell(s, "÷");
    sheet_cell(s, "short");
    sheet_end_row(s);
}

static void test_text(void **state)
{
    struct sheet s = {NULL, VEC_INIT};
    struct buf out = BUF_INIT;
    (void)state;
    fill(&s);
    sheet_text(&s, &out);
    assert_string_equal(buf_str(&out), "  what   how many\n"
                                       "  a_b|c         7  ÷\n"
                                       "  short\n");
    buf_release(&out);
    sheet_release(&s);
}

static void test_markdown(void **state)
{
    struct sheet s = {NULL, VEC_INIT};
    struct buf out = BUF_INIT;
    (void)state;
    fill(&s);
    sheet_markdown(&s, &out);
    assert_string_equal(buf_str(&out), "| what | how many |  |\n|---|--:|---|\n"
                                       "| a\\_b\\|c | 7 | ÷ |\n| short |  |  |\n");
    buf_release(&out);
    sheet_release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_markdown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
