/* All equilibria of 64 generic bimatrix games at once; included once per instruction set with NAME(x), VECTOR, WIDTH and MASKS defined.

   The same computation as bargain/kernels/minors.py and batch.py, in the same order of roundings, so that both give the same
   bits. A lane is a game: every table entry is one operation on 64 lanes, and a sign is one bit of a 64-bit word. */

#define AT(p, u) (*(const VECTOR *)((p) + (u) * WIDTH))
#define EIGHT(step) step(0) step(1) step(2) step(3) step(4) step(5) step(6) step(7)

/* Minors of all sizes from one up, and two words of signs each: certainly positive, certainly negative. */
static void NAME(minors)(const side *s, const double *restrict entries, double *restrict values, uint64_t *restrict signs)
{
    for (int r = 0; r < s->p; r++) signs[2 * r] = ~(uint64_t)0, signs[2 * r + 1] = 0; /* of no columns: one */
    size_t below = 0, here = (size_t)s->p;
    for (int l = 0; l < s->levels; l++) {
        const level *v = &s->level[l];
        const double bound = s->bound[here];
        const int32_t *row = v->row, *child = v->child;
        for (int i = 0; i < v->size; i++, row += v->k + 1, child += v->k + 1) {
            const double *column = entries + (size_t)v->column[i] * LANES;
            uint64_t up = 0, down = 0;
            for (int w = 0; w < LANES; w += 8 * WIDTH) {
                double *to = values + (here + i) * LANES + w;
#define DECLARE(u) VECTOR x##u;
                EIGHT(DECLARE)
                const double *e = column + (size_t)row[0] * s->q * LANES + w, *f = column + (size_t)row[1] * s->q * LANES + w;
                if (v->k == 1) {
#define DIFFERENCE(u) x##u = AT(e, u) - AT(f, u);
                    EIGHT(DIFFERENCE)
                } else {
                    const double *c = values + (below + child[0]) * LANES + w, *d = values + (below + child[1]) * LANES + w;
                    if (v->k % 2) {
#define UP_DOWN(u) x##u = AT(e, u) * AT(c, u) - AT(f, u) * AT(d, u);
                        EIGHT(UP_DOWN)
                    } else {
#define DOWN_UP(u) x##u = AT(f, u) * AT(d, u) - AT(e, u) * AT(c, u);
                        EIGHT(DOWN_UP)
                    }
                    for (int t = 2; t <= v->k; t++) {
                        e = column + (size_t)row[t] * s->q * LANES + w, c = values + (below + child[t]) * LANES + w;
                        if ((t + v->k) % 2) {
#define MORE(u) x##u += AT(e, u) * AT(c, u);
                            EIGHT(MORE)
                        } else {
#define LESS(u) x##u -= AT(e, u) * AT(c, u);
                            EIGHT(LESS)
                        }
                    }
                }
#define KEEP(u) *(VECTOR *)(to + u * WIDTH) = x##u; MASKS(x##u, bound, up, down, w + u * WIDTH)
                EIGHT(KEEP)
            }
            signs[2 * (here + i)] = up, signs[2 * (here + i) + 1] = down;
        }
        below = here;
        here += v->size;
    }
}
#undef AT
#undef EIGHT
#undef DECLARE
#undef DIFFERENCE
#undef UP_DOWN
#undef DOWN_UP
#undef MORE
#undef LESS
#undef KEEP

/* The signs of all minors but the first p, zero included; for lanes where they are exact. */
static void NAME(exact_signs)(const side *s, const double *values, uint64_t *signs)
{
    for (int i = s->p; i < s->count; i++) {
        uint64_t up = 0, down = 0;
        for (int w = 0; w < LANES; w += WIDTH) {
            const VECTOR x = *(const VECTOR *)(values + (size_t)i * LANES + w);
            MASKS(x, 0.0, up, down, w)
        }
        signs[2 * i] = up, signs[2 * i + 1] = down;
    }
}

/* Payoffs of 64 games, lane by lane: cell e of a game goes to place[e]. */
INLINE void NAME(spread)(const double *payoff, const int *place, int size, double *restrict entries)
{
    for (int e = 0; e < size; e++) {
        double *to = entries + (size_t)place[e] * LANES;
        for (int w = 0; w < LANES; w++) to[w] = payoff[(size_t)w * size + e];
    }
}

/* Entries in [-1, 1] by columns: centred, and divided by a power of two, whose inverse is kept. 0 if one has an exponent beyond 400: see scale_by_hand. */
INLINE int NAME(scale)(int p, int q, double *restrict entries, double *restrict units)
{
    int far = 0;
    for (int c = 0; c < q; c++) {
        double high[LANES], low[LANES], most[LANES], *unit = units + c * LANES;
        for (int w = 0; w < LANES; w++) high[w] = low[w] = entries[c * LANES + w];
        for (int r = 1; r < p; r++) {
            const double *x = entries + ((size_t)r * q + c) * LANES;
            for (int w = 0; w < LANES; w++) high[w] = x[w] > high[w] ? x[w] : high[w], low[w] = x[w] < low[w] ? x[w] : low[w];
        }
        for (int w = 0; w < LANES; w++) high[w] = high[w] / 2 + low[w] / 2, most[w] = 0.0;
        for (int r = 0; r < p; r++) {
            const double *x = entries + ((size_t)r * q + c) * LANES;
            for (int w = 0; w < LANES; w++) {
                const double size = fabs(x[w] - high[w]);
                most[w] = size > most[w] ? size : most[w];
            }
        }
        for (int w = 0; w < LANES; w++) {
            const uint64_t exponent = bits_of(most[w]) >> 52;
            far |= most[w] != 0.0 && exponent - 623 > 800;
            unit[w] = most[w] != 0.0 ? double_of((2045 - exponent) << 52) : 1.0;
        }
        for (int r = 0; r < p; r++) {
            double *x = entries + ((size_t)r * q + c) * LANES;
            for (int w = 0; w < LANES; w++) x[w] = (x[w] - high[w]) * unit[w];
        }
    }
    return !far;
}

INLINE verdict NAME(judge)(const int32_t *minor, int p, const uint64_t *signs)
{
    uint64_t all_up = ~(uint64_t)0, all_down = ~(uint64_t)0, any_up = 0, any_down = 0;
    for (int i = 0; i < p; i++) {
        const uint64_t up = signs[minor[i]], down = signs[minor[i] ^ 1];
        all_up &= up, all_down &= down, any_up |= up, any_down |= down;
    }
    return (verdict){all_up | all_down, ~(any_up & any_down)};
}

/* Equilibria of the first so many of 64 games; NO_ROOM if they do not fit. Games with ties are flagged by 1, and by 2 if they are left to rationals. */
INLINE long NAME(group)(const side *xs, const side *ys, const double *a, const double *b, long first, int games, workspace *k, const found *to, uint8_t *flagged,
                        const int m, const int n)
{
    NAME(spread)(a, k->y_place, m * n, k->y_entries), NAME(spread)(b, k->x_place, m * n, k->x_entries);
    const int near = NAME(scale)(m, n, k->y_entries, k->y_units) & NAME(scale)(n, m, k->x_entries, k->x_units);
    if (!near) {
        NAME(spread)(a, k->y_place, m * n, k->y_entries), NAME(spread)(b, k->x_place, m * n, k->x_entries);
        scale_by_hand(m, n, k->y_entries, k->y_exponents), scale_by_hand(n, m, k->x_entries, k->x_exponents);
    }
    NAME(minors)(ys, k->y_entries, k->y_values, k->y_signs);
    NAME(minors)(xs, k->x_entries, k->x_values, k->x_signs);
    uint64_t tied = 0, *strict = k->strict;
    for (int size = 0; size < xs->sizes; size++) {
        const pairs *xp = &xs->pair[size], *yp = &ys->pair[size];
        for (int i = 0; i < yp->replies; i++)
            for (int j = 0; j < xp->replies; j++) {
                const verdict y = NAME(judge)(yp->minor + ((size_t)i * yp->own + j) * m, m, k->y_signs);
                const verdict x = NAME(judge)(xp->minor + ((size_t)j * xp->own + i) * n, n, k->x_signs);
                *strict++ = x.strict & y.strict;
                tied |= x.weak & y.weak & ~(x.strict & y.strict);
            }
    }
    const uint64_t given = games == LANES ? ~(uint64_t)0 : ((uint64_t)1 << games) - 1, asked = given & ~tied;
    const uint64_t exact = unrounded_lanes(xs, ys, a, b, k, near, given & tied);
    long next[LANES + 1] = {0}, rows = 0;
    if (exact) {
        NAME(exact_signs)(ys, k->y_values, k->y_signs), NAME(exact_signs)(xs, k->x_values, k->x_signs);
        vertices(ys, k->y_signs, exact, k->y_vertices, k->y_count, k->vertex_room);
        vertices(xs, k->x_signs, exact, k->x_vertices, k->x_count, k->vertex_room);
        rows = tied_rows(k, exact, next);
    }
    uint64_t *end[LARGEST], *listed = k->listed;
    strict = k->strict;
    for (int size = 0; size < xs->sizes; size++) {
        for (int i = 0; i < ys->pair[size].replies; i++)
            for (int j = 0; j < xs->pair[size].replies; j++) listed = list(*strict++ & asked, (uint64_t)i << 32 | (uint64_t)j << 6, listed);
        end[size] = listed;
    }
    rows += listed - k->listed;
    if (rows > to->room) return NO_ROOM;
    for (const uint64_t *item = k->listed; item < listed; item++) next[(*item & 63) + 1]++;
    uint64_t several = 0;
    for (int w = 0; w < LANES; w++) {
        several |= (uint64_t)(next[w + 1] > 1) << w;
        next[w + 1] += next[w];
    }
    const uint64_t *item = k->listed;
    for (; item < end[0]; item++) {
        const long r = next[*item & 63]++;
        to->game[r] = first + (long)(*item & 63);
        for (int c = 0; c < m; c++) to->x[r * m + c] = 0.0;
        for (int c = 0; c < n; c++) to->y[r * n + c] = 0.0;
        to->x[r * m + (*item >> 32)] = 1.0;
        to->y[r * n + (*item >> 6 & 0x3ffffff)] = 1.0;
    }
    for (int size = 1; size < xs->sizes; size++) {
        const pairs *xp = &xs->pair[size], *yp = &ys->pair[size];
        for (; item < end[size]; item++) {
            const int w = *item & 63, i = (int)(*item >> 32), j = (int)(*item >> 6 & 0x3ffffff);
            const long r = next[w]++;
            to->game[r] = first + w;
            const int32_t *x_minor = xp->minor + ((size_t)j * xp->own + i) * n, *x_support = xp->support + i * (size + 1);
            const int32_t *y_minor = yp->minor + ((size_t)i * yp->own + j) * m, *y_support = yp->support + j * (size + 1);
            if (near) {
                weights(x_minor, x_support, size + 1, m, k->x_values, k->x_units, w, to->x + r * m);
                weights(y_minor, y_support, size + 1, n, k->y_values, k->y_units, w, to->y + r * n);
            } else {
                weights_by_hand(x_minor, x_support, size + 1, m, k->x_values, k->x_exponents, w, to->x + r * m);
                weights_by_hand(y_minor, y_support, size + 1, n, k->y_values, k->y_exponents, w, to->y + r * n);
            }
        }
    }
    tied_list(xs, ys, k, near, exact, first, next, to);
    for (; several; several &= several - 1) {
        const int w = lowest_bit(several);
        const long start = w ? next[w - 1] : 0;
        in_order(to->x + start * m, to->y + start * n, next[w] - start, m, n);
    }
    for (int w = 0; w < games; w++) flagged[w] = (uint8_t)((tied >> w & 1) + ((tied & ~exact) >> w & 1));
    return rows;
}

static long NAME(bimatrix)(const side *xs, const side *ys, const double *a, const double *b, long first, int games, workspace *k, const found *to, uint8_t *flagged)
{
#define SHAPE(m, n) NAME(group)(xs, ys, a, b, first, games, k, to, flagged, m, n)
    switch (WIDTH > 2 && xs->q == ys->q ? xs->q : 0) { /* loops of known length for the commonest */
    case 2: return SHAPE(2, 2);
    case 3: return SHAPE(3, 3);
    case 4: return SHAPE(4, 4);
    case 5: return SHAPE(5, 5);
    default: return SHAPE(xs->q, ys->q);
    }
#undef SHAPE
}
