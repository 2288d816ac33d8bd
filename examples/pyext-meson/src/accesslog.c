/* The Python module: what line.c finds, as Python's objects. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "line.h"

#include <string.h>

enum { HOST, USER, TIME, METHOD, TARGET, PROTOCOL, STATUS, SIZE, REFERER, AGENT, FIELDS };

static PyStructSequence_Field entry_fields[] = {
    [HOST] = {"host", "who asked"},
    [USER] = {"user", "by whose name, or None"},
    [TIME] = {"time", "when, in seconds since 1970 in UTC"},
    [METHOD] = {"method", "GET, POST and so on; None where the request is malformed"},
    [TARGET] = {"target", "what was asked for; all of a malformed request"},
    [PROTOCOL] = {"protocol", "such as HTTP/1.1; None where the request is malformed"},
    [STATUS] = {"status", "the answer's status"},
    [SIZE] = {"size", "the answer's bytes, or None"},
    [REFERER] = {"referer", "the page that led here, or None"},
    [AGENT] = {"agent", "the client's name for itself, or None"},
    [FIELDS] = {NULL, NULL},
};

static PyStructSequence_Desc entry_desc = {
    .name = "accesslog.Entry",
    .doc = "One line of an access log.",
    .fields = entry_fields,
    .n_in_sequence = FIELDS,
};

struct state {
    PyTypeObject *entry;
    PyObject *error;
};

static struct state *state_of(PyObject *module)
{
    return PyModule_GetState(module);
}

/* --- fields --- */

static PyObject *text_object(const struct text *text)
{
    PyObject *result;
    char *plain;

    if (!text->start)
        Py_RETURN_NONE;
    if (!text->escaped)
        return PyUnicode_DecodeUTF8(text->start, (Py_ssize_t)text->length, "surrogateescape");
    plain = PyMem_Malloc(text->length);
    if (!plain)
        return PyErr_NoMemory();
    result = PyUnicode_DecodeUTF8(plain, (Py_ssize_t)text_unescape(text, plain), "surrogateescape");
    PyMem_Free(plain);
    return result;
}

static PyObject *field_object(const struct line *line, int field)
{
    switch (field) {
    case HOST:
        return text_object(&line->host);
    case USER:
        return text_object(&line->user);
    case TIME:
        return PyLong_FromLongLong(line->time);
    case METHOD:
        return text_object(&line->method);
    case TARGET:
        return text_object(&line->target);
    case PROTOCOL:
        return text_object(&line->protocol);
    case STATUS:
        return PyLong_FromLong(line->status);
    case SIZE:
        if (line->size < 0)
            Py_RETURN_NONE;
        return PyLong_FromLongLong(line->size);
    case REFERER:
        return text_object(&line->referer);
    default:
        return text_object(&line->agent);
    }
}

static PyObject *entry_object(const struct state *state, const struct line *line)
{
    PyObject *entry = PyStructSequence_New(state->entry);

    for (int i = 0; entry && i < FIELDS; i++) {
        PyObject *value = field_object(line, i);

        if (!value)
            Py_CLEAR(entry);
        else
            PyStructSequence_SetItem(entry, i, value);
    }
    return entry;
}

/* The field's number, or -1 and an exception. */
static int field_number(const char *name)
{
    for (int i = 0; i < FIELDS; i++)
        if (!strcmp(entry_fields[i].name, name))
            return i;
    PyErr_Format(PyExc_ValueError, "an entry has no field '%s'", name);
    return -1;
}

/* --- lines --- */

struct reader {
    const struct state *state;
    const char *p, *end;
    Py_ssize_t number; /* of the current line */
    bool strict;       /* a line that is none is an error; else it is passed over */
};

/* The next line that is not empty: 1, or 0 at the end, or -1 and an exception. */
static int reader_next(struct reader *reader, struct line *line)
{
    while (reader->p < reader->end) {
        const char *start = reader->p, *at, *wanted;
        const char *end = memchr(start, '\n', (size_t)(reader->end - start));

        reader->p = end ? end + 1 : reader->end;
        if (!end)
            end = reader->end;
        if (end > start && end[-1] == '\r')
            end--;
        reader->number++;
        if (start == end)
            continue;
        wanted = line_parse(line, start, end, &at);
        if (!wanted)
            return 1;
        if (reader->strict) {
            PyErr_Format(reader->state->error, "line %zd, byte %zd: expected %s", reader->number,
                         (Py_ssize_t)(at - start + 1), wanted);
            return -1;
        }
    }
    return 0;
}

static struct reader reader_of(PyObject *module, const Py_buffer *data, int strict)
{
    const char *start = data->buf;

    return (struct reader){state_of(module), start, start + data->len, 0, strict};
}

PyDoc_STRVAR(parse_doc, "parse(line, /)\n--\n\n"
                        "The entry in one line, str or bytes.");

static PyObject *parse(PyObject *module, PyObject *arg)
{
    PyObject *entry = NULL;
    struct reader reader;
    struct line line;
    Py_buffer data;
    int found;

    if (!PyArg_Parse(arg, "s*:parse", &data))
        return NULL;
    reader = reader_of(module, &data, true);
    found = reader_next(&reader, &line);
    if (found > 0 && reader.p == reader.end)
        entry = entry_object(reader.state, &line);
    else if (found >= 0)
        PyErr_Format(reader.state->error, "expected one line, not %s", found ? "more" : "none");
    PyBuffer_Release(&data);
    return entry;
}

PyDoc_STRVAR(read_doc, "read(data, /, strict=True)\n--\n\n"
                       "A list of the entries in all lines of `data`, str or bytes. A line that is "
                       "none\nis an Error, or left out if not `strict`.");

static PyObject *read_all(PyObject *module, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"", "strict", NULL};
    PyObject *entries, *entry;
    struct reader reader;
    struct line line;
    Py_buffer data;
    int strict = 1, found = -1;

    if (!PyArg_ParseTupleAndKeywords(args, keywords, "s*|p:read", names, &data, &strict))
        return NULL;
    reader = reader_of(module, &data, strict);
    entries = PyList_New(0);
    while (entries && (found = reader_next(&reader, &line)) > 0) {
        entry = entry_object(reader.state, &line);
        found = entry ? PyList_Append(entries, entry) : -1;
        Py_XDECREF(entry);
        if (found < 0)
            break;
    }
    if (found < 0)
        Py_CLEAR(entries);
    PyBuffer_Release(&data);
    return entries;
}

/* Adds one to what `counts` has for the key: 0, or -1 and an exception. */
static int count_one(PyObject *counts, PyObject *key)
{
    PyObject *old = PyDict_GetItemWithError(counts, key);
    PyObject *sum;
    int result;

    if (!old && PyErr_Occurred())
        return -1;
    sum = PyLong_FromSsize_t(old ? PyLong_AsSsize_t(old) + 1 : 1);
    if (!sum)
        return -1;
    result = PyDict_SetItem(counts, key, sum);
    Py_DECREF(sum);
    return result;
}

PyDoc_STRVAR(count_doc, "count(data, field, /, strict=True)\n--\n\n"
                        "A dictionary that tells how many lines of `data` have which value in a "
                        "field of\nan entry. Does what read() does, without the entries.");

static PyObject *count(PyObject *module, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"", "", "strict", NULL};
    PyObject *counts = NULL, *key;
    struct reader reader;
    struct line line;
    const char *field;
    Py_buffer data;
    int number, strict = 1, found = -1;

    if (!PyArg_ParseTupleAndKeywords(args, keywords, "s*s|p:count", names, &data, &field, &strict))
        return NULL;
    reader = reader_of(module, &data, strict);
    number = field_number(field);
    if (number >= 0)
        counts = PyDict_New();
    while (counts && (found = reader_next(&reader, &line)) > 0) {
        key = field_object(&line, number);
        found = key ? count_one(counts, key) : -1;
        Py_XDECREF(key);
        if (found < 0)
            break;
    }
    if (found < 0)
        Py_CLEAR(counts);
    PyBuffer_Release(&data);
    return counts;
}

/* --- the module --- */

static int module_exec(PyObject *module)
{
    struct state *state = state_of(module);

    state->entry = PyStructSequence_NewType(&entry_desc);
    if (!state->entry || PyModule_AddObjectRef(module, "Entry", (PyObject *)state->entry))
        return -1;
    state->error = PyErr_NewExceptionWithDoc("accesslog.Error", "A line that is no entry.",
                                             PyExc_ValueError, NULL);
    return state->error ? PyModule_AddObjectRef(module, "Error", state->error) : -1;
}

static int module_traverse(PyObject *module, visitproc visit, void *arg)
{
    struct state *state = state_of(module);

    Py_VISIT(state->entry);
    Py_VISIT(state->error);
    return 0;
}

static int module_clear(PyObject *module)
{
    struct state *state = state_of(module);

    Py_CLEAR(state->entry);
    Py_CLEAR(state->error);
    return 0;
}

static void module_free(void *module)
{
    module_clear(module);
}

static PyMethodDef module_methods[] = {
    {"parse", parse, METH_O, parse_doc},
    {"read", (PyCFunction)(void (*)(void))read_all, METH_VARARGS | METH_KEYWORDS, read_doc},
    {"count", (PyCFunction)(void (*)(void))count, METH_VARARGS | METH_KEYWORDS, count_doc},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, module_exec},
    {0, NULL},
};

static struct PyModuleDef module_def = {
    PyModuleDef_HEAD_INIT,
    .m_name = "accesslog",
    .m_doc = "Reads access logs of web servers, in the common and the combined format.",
    .m_size = sizeof(struct state),
    .m_methods = module_methods,
    .m_slots = module_slots,
    .m_traverse = module_traverse,
    .m_clear = module_clear,
    .m_free = module_free,
};

PyMODINIT_FUNC PyInit_accesslog(void)
{
    return PyModuleDef_Init(&module_def);
}
