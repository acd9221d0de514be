/* All equilibria of 64 generic bimatrix games at once; included once per instruction set with NAME(x) and PACK defined.

   The same computation as bargain/kernels/minors.py and batch.py, in the same order of roundings, so that both give the same
   bits. A lane is a game: every table entry is one operation on 64 lanes, and a sign is one bit of a 64-bit word. */

typedef struct { uint64_t strict, weak; } NAME(verdict);

static void NAME(minors)(const side *s, const double *restrict entries, double *restrict values)
{
    for (int r = 0; r < s->p; r++)
        for (int w = 0; w < LANES; w++) values[(size_t)r * LANES + w] = 1.0;
    size_t below = 0, here = (size_t)s->p;
    for (int l = 0; l < s->levels; l++) {
        const level *v = &s->level[l];
        for (int i = 0; i < v->size; i++) {
            double *restrict to = values + (here + i) * LANES;
            for (int w = 0; w < LANES; w++) to[w] = 0.0;
            for (int t = 0; t <= v->k; t++) {
                const double *restrict e = entries + ((size_t)v->row[i * (v->k + 1) + t] * s->q + v->column[i]) * LANES;
                const double *restrict c = values + (below + v->child[i * (v->k + 1) + t]) * LANES;
                if ((t + v->k - 1) % 2 == 0) for (int w = 0; w < LANES; w++) to[w] += e[w] * c[w];
                else for (int w = 0; w < LANES; w++) to[w] -= e[w] * c[w];
            }
        }
        below = here;
        here += v->size;
    }
}

static void NAME(signs)(const side *s, const double *restrict values, uint64_t *restrict positive, uint64_t *restrict negative)
{
    for (int i = 0; i < s->count; i++) {
        const double *restrict v = values + (size_t)i * LANES;
        const double bound = s->bound[i];
        uint64_t up = 0, down = 0;
        PACK(v, bound, up, down);
        positive[i] = up;
        negative[i] = down;
    }
}

/* Entries in [-1, 1] by columns: centred, and divided by a power of two whose exponent is kept. */
static void NAME(scale)(const double *payoff, long stride_r, long stride_c, int p, int q, long game_size, int games, double *restrict entries, int *restrict exponents)
{
    for (int w = 0; w < LANES; w++) {
        const double *g = payoff + (size_t)(w < games ? w : 0) * game_size;
        for (int c = 0; c < q; c++) {
            double high = g[c * stride_c], low = high;
            for (int r = 1; r < p; r++) {
                const double x = g[r * stride_r + c * stride_c];
                high = x > high ? x : high;
                low = x < low ? x : low;
            }
            const double centre = high / 2 + low / 2;
            double most = 0.0;
            for (int r = 0; r < p; r++) {
                const double x = g[r * stride_r + c * stride_c] - centre, size = x < 0 ? -x : x;
                most = size > most ? size : most;
            }
            const int exponent = exponent_of(most);
            exponents[c * LANES + w] = exponent;
            const double unit = power_of_two(-exponent);
            for (int r = 0; r < p; r++) {
                const double x = g[r * stride_r + c * stride_c] - centre;
                entries[((size_t)r * q + c) * LANES + w] = unit != 0.0 ? x * unit : ldexp(x, -exponent);
            }
        }
    }
}

static inline NAME(verdict) NAME(judge)(const int32_t *minor, const int32_t *negated, int p, const uint64_t *positive, const uint64_t *negative)
{
    uint64_t all_up = ~(uint64_t)0, all_down = ~(uint64_t)0, any_up = 0, any_down = 0;
    for (int i = 0; i < p; i++) {
        const uint64_t up = negated[i] ? negative[minor[i]] : positive[minor[i]], down = negated[i] ? positive[minor[i]] : negative[minor[i]];
        all_up &= up;
        all_down &= down;
        any_up |= up;
        any_down |= down;
    }
    NAME(verdict) found = {all_up | all_down, ~(any_up & any_down)};
    return found;
}

static void NAME(weights)(const side *s, const pairs *at, int replies, int own, const double *values, const int *exponents, int w, double *out)
{
    double sizes[LARGEST], total = 0.0;
    int least = 0;
    for (int j = 0; j < s->q; j++) out[j] = 0.0;
    const int32_t *minor = at->minor + ((size_t)replies * at->own + own) * s->p, *support = at->support + (size_t)own * at->k;
    for (int j = 0; j < at->k; j++) {
        const int e = exponents[support[j] * LANES + w];
        if (j == 0 || e < least) least = e;
    }
    for (int j = 0; j < at->k; j++) {
        const double v = values[(size_t)minor[j] * LANES + w];
        sizes[j] = ldexp(v < 0 ? -v : v, least - exponents[support[j] * LANES + w]);
    }
    if (at->k == 8) /* numpy adds eight numbers in pairs */
        total = ((sizes[0] + sizes[1]) + (sizes[2] + sizes[3])) + ((sizes[4] + sizes[5]) + (sizes[6] + sizes[7]));
    else
        for (int j = 0; j < at->k; j++) total += sizes[j];
    for (int j = 0; j < at->k; j++) out[support[j]] = sizes[j] / total;
}

/* Rows (game, x, y) of a group of at most 64 games; -1 if they do not fit. Games with ties are flagged and have no rows. */
static long NAME(group)(const side *xs, const side *ys, const double *a, const double *b, int m, int n, long first, int games,
                        workspace *k, double *rows, long room, uint8_t *flagged)
{
    const long size = (long)m * n;
    NAME(scale)(a, n, 1, m, n, size, games, k->entries, k->y_exponents);
    NAME(minors)(ys, k->entries, k->y_values);
    NAME(scale)(b, 1, n, n, m, size, games, k->entries, k->x_exponents);
    NAME(minors)(xs, k->entries, k->x_values);
    NAME(signs)(ys, k->y_values, k->y_signs, k->y_signs + ys->count);
    NAME(signs)(xs, k->x_values, k->x_signs, k->x_signs + xs->count);
    uint64_t tied = 0;
    long found = 0, at = 0;
    for (int size_of = 0; size_of < xs->sizes; size_of++) {
        const pairs *xp = &xs->pair[size_of], *yp = &ys->pair[size_of];
        for (int i = 0; i < yp->replies; i++)
            for (int j = 0; j < xp->replies; j++) {
                const size_t y_at = ((size_t)i * yp->own + j) * ys->p, x_at = ((size_t)j * xp->own + i) * xs->p;
                const NAME(verdict) y = NAME(judge)(yp->minor + y_at, yp->negated + y_at, ys->p, k->y_signs, k->y_signs + ys->count);
                const NAME(verdict) x = NAME(judge)(xp->minor + x_at, xp->negated + x_at, xs->p, k->x_signs, k->x_signs + xs->count);
                const uint64_t strict = x.strict & y.strict;
                k->strict[at++] = strict;
                tied |= x.weak & y.weak & ~strict;
            }
    }
    const uint64_t real = games == LANES ? ~(uint64_t)0 : ((uint64_t)1 << games) - 1;
    long next[LANES] = {0};
    for (long pair = 0; pair < at; pair++)
        for (uint64_t left = k->strict[pair] &= ~tied & real; left; left &= left - 1) next[lowest_bit(left)]++;
    for (int w = 0; w < LANES; w++) {
        const long count = next[w];
        next[w] = found;
        found += count;
    }
    if (found > room) return -1;
    const int width = 1 + m + n;
    at = 0;
    for (int size_of = 0; size_of < xs->sizes; size_of++) {
        const pairs *xp = &xs->pair[size_of], *yp = &ys->pair[size_of];
        for (int i = 0; i < yp->replies; i++)
            for (int j = 0; j < xp->replies; j++)
                for (uint64_t left = k->strict[at++]; left; left &= left - 1) {
                    const int w = lowest_bit(left);
                    double *row = rows + next[w]++ * width;
                    row[0] = (double)(first + w);
                    NAME(weights)(xs, xp, j, i, k->x_values, k->x_exponents, w, row + 1);
                    NAME(weights)(ys, yp, i, j, k->y_values, k->y_exponents, w, row + 1 + m);
                }
    }
    for (long start = 0, w = 0; w < LANES; start = next[w++]) in_order(rows + start * width, next[w] - start, width);
    for (int w = 0; w < games; w++) flagged[w] = (uint8_t)(tied >> w & 1);
    return found;
}
