/* The optional compiled twin of two kernels: batches of bimatrix games, and backward induction. Python's limited API only.

   Each function has a numpy twin in bargain/kernels that gives the same bits: products are never fused with sums
   (-ffp-contract=off). The callers are in bargain/kernels/core.py; lengths of buffers are checked here. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LANES 64
#define LARGEST 16
#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

typedef struct { int k, size; const int32_t *row, *column, *child; } level;
typedef struct { int k, replies, own; const int32_t *minor, *support; } pairs; /* minor: twice its place, plus one if negated */
typedef struct { int p, q, count, levels, sizes; level level[LARGEST]; pairs pair[LARGEST]; const double *bound; double grid; } side;
typedef struct { uint64_t strict, weak; } verdict;
typedef struct { uint32_t sets; uint16_t size, replies, own; } vertex; /* sets: the support, shifted by 16, and the best replies; the pair it is read off */
typedef struct { double *x, *y; int64_t *game; long room; } found; /* where equilibria go: probabilities, the game, and how many fit */
typedef struct {
    double *x_entries, *y_entries, *x_values, *y_values, *x_units, *y_units, *padded;
    uint64_t *x_signs, *y_signs, *strict, *listed;
    int *x_exponents, *y_exponents, *x_place, *y_place, *x_count, *y_count;
    vertex *x_vertices, *y_vertices; /* vertex_room of them a lane */
    int vertex_room;
} workspace;
enum { NO_ROOM = -1, MISFIT = -2, NO_MEMORY = -3 };

static inline uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline double double_of(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline int lowest_bit(uint64_t word)
{
#if defined(__GNUC__)
    return __builtin_ctzll(word);
#else
    int bit = 0;
    while (!(word >> bit & 1)) bit++;
    return bit;
#endif
}

#include "bimatrix_parts.h"
#include "ties.h"

#define NAME(x) x##_plain
#if defined(__GNUC__)
typedef double plain_vector __attribute__((vector_size(16), aligned(8), may_alias));
#define WIDTH 2
#define MASKS(v, bound, up, down, w)                                                                   \
    up |= (uint64_t)((v)[0] > (bound)) << (w) | (uint64_t)((v)[1] > (bound)) << ((w) + 1);             \
    down |= (uint64_t)((v)[0] < -(bound)) << (w) | (uint64_t)((v)[1] < -(bound)) << ((w) + 1);
#else
typedef double plain_vector;
#define WIDTH 1
#define MASKS(v, bound, up, down, w) up |= (uint64_t)((v) > (bound)) << (w), down |= (uint64_t)((v) < -(bound)) << (w);
#endif
#define VECTOR plain_vector
#include "bimatrix.h"
#include "induction.h"
#undef NAME
#undef VECTOR
#undef WIDTH
#undef MASKS

#if defined(__GNUC__) && defined(__x86_64__)
#include <immintrin.h>
#define WIDE
#pragma GCC push_options
#pragma GCC target("avx2,bmi,popcnt")
#define NAME(x) x##_avx2
typedef double avx2_vector __attribute__((vector_size(32), aligned(8), may_alias));
#define VECTOR avx2_vector
#define WIDTH 4
#define MASKS(v, bound, up, down, w)                                                                                   \
    up |= (uint64_t)_mm256_movemask_pd(_mm256_cmp_pd((__m256d)(v), _mm256_set1_pd(bound), _CMP_GT_OQ)) << (w);         \
    down |= (uint64_t)_mm256_movemask_pd(_mm256_cmp_pd((__m256d)(v), _mm256_set1_pd(-(bound)), _CMP_LT_OQ)) << (w);
#include "bimatrix.h"
#include "induction.h"
#undef NAME
#undef VECTOR
#undef WIDTH
#undef MASKS
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx512f,bmi,popcnt")
#define NAME(x) x##_avx512
typedef double avx512_vector __attribute__((vector_size(64), aligned(8), may_alias));
#define VECTOR avx512_vector
#define WIDTH 8
#define MASKS(v, bound, up, down, w)                                                                             \
    up |= (uint64_t)_mm512_cmp_pd_mask((__m512d)(v), _mm512_set1_pd(bound), _CMP_GT_OQ) << (w);                  \
    down |= (uint64_t)_mm512_cmp_pd_mask((__m512d)(v), _mm512_set1_pd(-(bound)), _CMP_LT_OQ) << (w);
#include "bimatrix.h"
#include "induction.h"
#undef NAME
#undef VECTOR
#undef WIDTH
#undef MASKS
#pragma GCC pop_options
#endif

#include "path.h"
#include "simplex.h"
#include "logit.h"
#include "logit_bindings.h"
#include "tracking.h"
#include "tracking_bindings.h"

/* 0: plain C, 1: AVX2, 2: AVX-512. */
static int widest(void)
{
#ifdef WIDE
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("bmi") || !__builtin_cpu_supports("popcnt")) return 0;
    if (__builtin_cpu_supports("avx512f")) return 2;
    if (__builtin_cpu_supports("avx2")) return 1;
#endif
    return 0;
}

/* The tables of bargain.kernels.minors.plan, flattened; 0 if the buffer ends too early. */
static int unpack(side *s, const int32_t *t, Py_ssize_t length, const double *bound, Py_ssize_t bounds)
{
    const int32_t *end = t + length;
    if (length < 5) return 0;
    s->p = t[0], s->q = t[1], s->count = t[2], s->levels = t[3], s->sizes = t[4];
    t += 5;
    if (s->p > LARGEST || s->q > LARGEST || s->levels > LARGEST || s->sizes > LARGEST || bounds != s->count) return 0;
    for (int l = 0; l < s->levels; l++) {
        level *v = &s->level[l];
        if (end - t < 2) return 0;
        v->k = t[0], v->size = t[1];
        v->row = t + 2, v->column = v->row + (size_t)v->size * (v->k + 1), v->child = v->column + v->size;
        t = v->child + (size_t)v->size * (v->k + 1);
    }
    for (int l = 0; l < s->sizes; l++) {
        pairs *v = &s->pair[l];
        if (end - t < 3) return 0;
        v->k = t[0], v->replies = t[1], v->own = t[2];
        v->minor = t + 3, v->support = v->minor + (size_t)v->replies * v->own * s->p;
        t = v->support + (size_t)v->own * v->k;
    }
    s->bound = bound;
    s->grid = 0.0;
    const int most = s->p - 1 < s->q ? s->p - 1 : s->q;
    double factorial = 1.0;
    for (int i = 2; i <= most + 1; i++) factorial *= i;
    if (most > 0) s->grid = ldexp(1.0, (int)floor((53 - log2(factorial)) / most));
    return t == end;
}

/* One block of memory for a group of games, every array at the start of a cache line; NULL if there is none. To be freed by the caller. */
static void *acquire(workspace *k, const side *xs, const side *ys)
{
    const size_t cells = (size_t)xs->q * ys->q, lane = LANES * sizeof(double);
    size_t tests = 0, total = 64;
    for (int l = 0; l < ys->sizes; l++) tests += (size_t)ys->pair[l].replies * ys->pair[l].own;
    struct { void **at; size_t bytes; } part[] = {
        {(void **)&k->x_entries, cells * lane}, {(void **)&k->y_entries, cells * lane}, {(void **)&k->x_values, xs->count * lane},
        {(void **)&k->y_values, ys->count * lane}, {(void **)&k->x_units, xs->q * lane}, {(void **)&k->y_units, ys->q * lane},
        {(void **)&k->x_signs, xs->count * 2 * sizeof(uint64_t)}, {(void **)&k->y_signs, ys->count * 2 * sizeof(uint64_t)},
        {(void **)&k->strict, tests * sizeof(uint64_t)}, {(void **)&k->listed, (tests * LANES + 4) * sizeof(uint64_t)}, {(void **)&k->padded, 2 * cells * lane}, {(void **)&k->x_exponents, xs->q * lane}, {(void **)&k->y_exponents, ys->q * lane},
        {(void **)&k->x_place, cells * sizeof(int)}, {(void **)&k->y_place, cells * sizeof(int)}, {(void **)&k->x_count, LANES * sizeof(int)},
        {(void **)&k->y_count, LANES * sizeof(int)}, {(void **)&k->x_vertices, tests * LANES * sizeof(vertex)},
        {(void **)&k->y_vertices, tests * LANES * sizeof(vertex)}};
    k->vertex_room = (int)tests;
    const int parts = sizeof part / sizeof *part;
    for (int i = 0; i < parts; i++) total += (part[i].bytes + 63) / 64 * 64;
    char *block = malloc(total), *at = block + (64 - (uintptr_t)block % 64) % 64;
    if (!block) return NULL;
    for (int i = 0; i < parts; i++) *part[i].at = at, at += (part[i].bytes + 63) / 64 * 64;
    for (int i = 0; i < xs->q; i++)
        for (int j = 0; j < ys->q; j++) k->y_place[i * ys->q + j] = i * ys->q + j, k->x_place[i * ys->q + j] = j * xs->q + i;
    return block;
}

static PyObject *bimatrix(PyObject *self, PyObject *args)
{
    Py_buffer v[10];
    long count = MISFIT, done = 0;
    if (!PyArg_ParseTuple(args, "y*y*y*y*y*y*w*w*w*w*", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &v[6], &v[7], &v[8], &v[9])) return NULL;
    side xs, ys;
    if (unpack(&xs, v[2].buf, v[2].len / 4, v[3].buf, v[3].len / 8) && unpack(&ys, v[4].buf, v[4].len / 4, v[5].buf, v[5].len / 8)) {
        const int m = xs.q, n = ys.q;
        const Py_ssize_t size = (Py_ssize_t)m * n, games = v[0].len / 8 / size, room = v[8].len / 8;
        if (v[1].len == v[0].len && v[9].len == games && xs.p == n && ys.p == m && v[6].len / 8 / m >= room && v[7].len / 8 / n >= room) {
            workspace k;
            void *memory = acquire(&k, &xs, &ys);
            count = memory ? 0 : NO_MEMORY;
            const int isa = widest();
            const double *a = v[0].buf, *b = v[1].buf;
            uint8_t *flagged = v[9].buf;
            Py_BEGIN_ALLOW_THREADS
            for (Py_ssize_t start = 0; start < games && count >= 0; start += LANES) {
                const int some = games - start < LANES ? (int)(games - start) : LANES;
                const double *from_a = a + start * size, *from_b = b + start * size;
                if (some < LANES) {
                    memset(k.padded, 0, 2 * size * LANES * sizeof(double));
                    from_a = memcpy(k.padded, from_a, some * size * sizeof(double)), from_b = memcpy(k.padded + size * LANES, from_b, some * size * sizeof(double));
                }
                const found to = {(double *)v[6].buf + count * m, (double *)v[7].buf + count * n, (int64_t *)v[8].buf + count, room - count};
                long more;
#define GROUP(f) f(&xs, &ys, from_a, from_b, (long)start, some, &k, &to, flagged + start)
#ifdef WIDE
                more = isa == 2 ? GROUP(bimatrix_avx512) : isa == 1 ? GROUP(bimatrix_avx2) : GROUP(bimatrix_plain);
#else
                more = GROUP(bimatrix_plain);
#endif
                if (more < 0) break;
                count += more, done = (long)start + some;
            }
            Py_END_ALLOW_THREADS
            (void)isa;
            free(memory);
        }
    }
    for (int i = 0; i < 10; i++) PyBuffer_Release(&v[i]);
    if (count == MISFIT) return PyErr_Format(PyExc_ValueError, "buffers do not fit the tables");
    if (count == NO_MEMORY) return PyErr_NoMemory();
    return Py_BuildValue("ll", count, done);
}

/* Whether the steps leave one value, never reach below the stack or above its depth, and read only payoffs and chances that are there. */
static int runs(const int32_t *steps, Py_ssize_t count, Py_ssize_t ends, Py_ssize_t draws, int players, int depth)
{
    Py_ssize_t top = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        const int32_t kind = steps[3 * i], number = steps[3 * i + 1], where = steps[3 * i + 2];
        if (kind == 0) {
            if (number < 0 || number >= ends || ++top > depth) return 0;
            continue;
        }
        if (number < 1 || number > top || where < 0) return 0;
        if (kind == 1 ? where >= players : where + (Py_ssize_t)number > draws) return 0;
        top -= number - 1;
    }
    return top == 1;
}

static PyObject *induction(PyObject *self, PyObject *args)
{
    Py_buffer v[5];
    int players, depth, good = 0;
    if (!PyArg_ParseTuple(args, "iiy*y*y*w*w*", &players, &depth, &v[0], &v[1], &v[2], &v[3], &v[4])) return NULL;
    const Py_ssize_t points = v[4].len / 8, count = v[0].len / 12;
    double *stack = NULL;
    if (players > 0 && depth > 0 && points > 0 && v[3].len == points * players * 8
        && runs(v[0].buf, count, v[1].len / 8 / players / points, v[2].len / 8 / points, players, depth)) {
        stack = calloc((size_t)depth * (players + 1) * LANES, sizeof(double));
        good = stack != NULL;
        const int isa = widest();
        Py_BEGIN_ALLOW_THREADS
        for (Py_ssize_t start = 0; start < points && good; start += LANES) {
            const int some = points - start < LANES ? (int)(points - start) : LANES;
#define POINTS(f) f(v[0].buf, count, v[1].buf, v[2].buf, players, points, start, some, stack, v[3].buf, v[4].buf)
#ifdef WIDE
            good = isa == 2 ? POINTS(induction_avx512) : isa == 1 ? POINTS(induction_avx2) : POINTS(induction_plain);
#else
            good = POINTS(induction_plain);
#endif
        }
        Py_END_ALLOW_THREADS
        (void)isa;
    }
    free(stack);
    for (int i = 0; i < 5; i++) PyBuffer_Release(&v[i]);
    if (!good) return PyErr_Format(PyExc_ValueError, "steps, payoffs and results do not fit together, or memory is short");
    Py_RETURN_NONE;
}

/* One tree in breadth-first order, from its last node to its first: bargain/kernels/large_induction.py. */
static int large(int players, Py_ssize_t nodes, const int8_t *mover, const int32_t *count, const double *payoffs, Py_ssize_t ends, const double *chances,
                 Py_ssize_t draws, double *values, int32_t *choice)
{
    Py_ssize_t first = nodes, row = ends, draw = draws; /* of the node after the one at hand */
    for (Py_ssize_t v = nodes - 1; v >= 0; v--) {
        double *mine = values + v * players;
        choice[v] = -1;
        first -= count[v];
        if (count[v] < 0 || first <= v || mover[v] >= players) return 0;
        if (mover[v] == -1) {
            if (count[v] != 0 || --row < 0) return 0;
            memcpy(mine, payoffs + row * players, (size_t)players * sizeof(double));
            continue;
        }
        if (count[v] == 0) return 0;
        const double *child = values + first * players;
        if (mover[v] >= 0) {
            int32_t best = 0;
            for (int32_t c = 1; c < count[v]; c++)
                if (child[(size_t)c * players + mover[v]] > child[(size_t)best * players + mover[v]]) best = c;
            choice[v] = best;
            memcpy(mine, child + (size_t)best * players, (size_t)players * sizeof(double));
            continue;
        }
        draw -= count[v];
        if (draw < 0) return 0;
        for (int p = 0; p < players; p++) {
            double total = 0.0;
            for (int32_t c = 0; c < count[v]; c++) total += chances[draw + c] * child[(size_t)c * players + p];
            mine[p] = total;
        }
    }
    return first == 1 && row == 0 && draw == 0;
}

static PyObject *large_induction(PyObject *self, PyObject *args)
{
    Py_buffer v[6];
    int players, good = 0;
    if (!PyArg_ParseTuple(args, "iy*y*y*y*w*w*", &players, &v[0], &v[1], &v[2], &v[3], &v[4], &v[5])) return NULL;
    const Py_ssize_t nodes = v[0].len;
    if (players > 0 && v[1].len == nodes * 4 && v[4].len == nodes * players * 8 && v[5].len == nodes * 4) {
        Py_BEGIN_ALLOW_THREADS
        good = large(players, nodes, v[0].buf, v[1].buf, v[2].buf, v[2].len / 8 / players, v[3].buf, v[3].len / 8, v[4].buf, v[5].buf);
        Py_END_ALLOW_THREADS
    }
    for (int i = 0; i < 6; i++) PyBuffer_Release(&v[i]);
    if (!good) return PyErr_Format(PyExc_ValueError, "the arrays are no tree in breadth-first order");
    Py_RETURN_NONE;
}

static PyObject *lemke_howson(PyObject *self, PyObject *args)
{
    Py_buffer v[4];
    int m, n, label;
    long cap, pivots = -2;
    if (!PyArg_ParseTuple(args, "iiily*y*w*w*", &m, &n, &label, &cap, &v[0], &v[1], &v[2], &v[3])) return NULL;
    half x = {0}, y = {0};
    if (m > 0 && n > 0 && label >= 0 && label < m + n && v[0].len == (Py_ssize_t)m * n * 8 && v[1].len == v[0].len && v[2].len == m && v[3].len == n) {
        pivots = -3;
        if (half_make(&x, v[0].buf, m, n) && half_make(&y, v[1].buf, n, m)) {
            Py_BEGIN_ALLOW_THREADS
            pivots = path(&x, &y, m, label, cap);
            Py_END_ALLOW_THREADS
            for (int i = 0; i < m; i++) ((uint8_t *)v[2].buf)[i] = x.in_support[i] >= 0;
            for (int j = 0; j < n; j++) ((uint8_t *)v[3].buf)[j] = y.in_support[j] >= 0;
        }
        half_free(&x), half_free(&y);
    }
    for (int i = 0; i < 4; i++) PyBuffer_Release(&v[i]);
    if (pivots == -2) return PyErr_Format(PyExc_ValueError, "payoffs, label and results do not fit together");
    if (pivots == -3) return PyErr_NoMemory();
    return PyLong_FromLong(pivots);
}

static PyObject *zero_sum(PyObject *self, PyObject *args)
{
    Py_buffer v[3];
    int m, n;
    long cap, pivots = -2;
    if (!PyArg_ParseTuple(args, "iily*w*w*", &m, &n, &cap, &v[0], &v[1], &v[2])) return NULL;
    if (m > 0 && n > 0 && v[0].len == (Py_ssize_t)m * n * 8 && v[1].len == m && v[2].len == n) {
        double *table = malloc((size_t)(m + 1) * (n + 1) * sizeof(double));
        int *basic = malloc((size_t)m * sizeof(int)), *outside = malloc((size_t)n * sizeof(int));
        pivots = -3;
        if (table && basic && outside) {
            Py_BEGIN_ALLOW_THREADS
            pivots = simplex(m, n, v[0].buf, table, basic, outside, cap);
            Py_END_ALLOW_THREADS
            memset(v[1].buf, 0, m), memset(v[2].buf, 0, n);
            for (int r = 0; r < m; r++)
                if (basic[r] < n) ((uint8_t *)v[2].buf)[basic[r]] = 1;
            for (int c = 0; c < n; c++)
                if (outside[c] >= n) ((uint8_t *)v[1].buf)[outside[c] - n] = 1;
        }
        free(table), free(basic), free(outside);
    }
    for (int i = 0; i < 3; i++) PyBuffer_Release(&v[i]);
    if (pivots == -2) return PyErr_Format(PyExc_ValueError, "payoffs and results do not fit together");
    if (pivots == -3) return PyErr_NoMemory();
    return PyLong_FromLong(pivots);
}

static PyObject *instructions(PyObject *self, PyObject *args)
{
    static const char *names[] = {"plain C", "AVX2", "AVX-512"};
    return PyUnicode_FromString(names[widest()]);
}

static PyMethodDef methods[] = {
    {"bimatrix", bimatrix, METH_VARARGS, "bimatrix(a, b, x_tables, x_bounds, y_tables, y_bounds, x, y, game, flags): equilibria written, and of how many games, fewer if there is no room."},
    {"induction", induction, METH_VARARGS, "induction(players, depth, steps, payoffs, chances, values, ends)"},
    {"large_induction", large_induction, METH_VARARGS, "large_induction(players, mover, count, payoffs, chances, values, choice)"},
    {"lemke_howson", lemke_howson, METH_VARARGS, "lemke_howson(m, n, label, cap, x_gains, y_gains, x_support, y_support): pivots, or -1 if the path does not end."},
    {"zero_sum", zero_sum, METH_VARARGS, "zero_sum(m, n, cap, payoffs, x_support, y_support): pivots, or -1 if there is no end."},
    {"logit_points", logit_points, METH_VARARGS, "logit_points(players, shape, payoffs, state, points): points written, fewer than fit if the curve is lost."},
    {"logit_ends", logit_ends, METH_VARARGS, "logit_ends(players, most, shape, payoffs, weights, regrets, paths)"},
    {"many_players", many_players, METH_VARARGS, "many_players(players, shape, payoffs, rows, games, open, counts): rows written, or -1 if there is no room."},
    {"many_players_on", many_players_on, METH_VARARGS, "many_players_on(players, shape, payoffs, supports, rows, open): rows written (-1 if there is no room), supports left open."},
    {"complex_zeros", complex_zeros, METH_VARARGS, "complex_zeros(players, shape, payoffs, support, zeros): their number, 0 if they are not proved to be all."},
    {"instructions", instructions, METH_NOARGS, "The instruction set in use."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_core", "Compiled kernels; see bargain.kernels.core.", -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__core(void) { return PyModule_Create(&module); }
