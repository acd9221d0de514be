/* All extreme equilibria of the games with ties among 64, where no minor is rounded: the twin of bargain/kernels/ties.py.

   A zero among exact minors is a zero. The signs of a pair (replies I, own strategies J) say whether J's weights are a vertex and
   which further replies are best; vertices of both sides with each support within the other's best replies are equilibria. */

/* Whether centring loses nothing and all entries are multiples of 1 / grid (0 if any will do), as in bargain/kernels/scaling.py. */
static int unrounded(const side *s, const double *payoff, int row_step, int column_step, const double *entries, const double *units, const int *exponents, int w)
{
    for (int c = 0; c < s->q; c++, payoff += column_step) {
        double high = payoff[0], low = payoff[0];
        for (int r = 1; r < s->p; r++) {
            const double x = payoff[r * row_step];
            high = x > high ? x : high, low = x < low ? x : low;
        }
        const double centre = high / 2 + low / 2;
        for (int r = 0; r < s->p; r++) {
            const double x = payoff[r * row_step], centred = x - centre, back = centred - x;
            const double lost = (x - (centred - back)) - (centre + back); /* Knuth's TwoSum */
            const double entry = entries[((size_t)r * s->q + c) * LANES + w], steps = entry * s->grid;
            const double again = units ? entry / units[c * LANES + w] : ldexp(entry, exponents[c * LANES + w]);
            if (!(lost == 0.0) || again != centred || steps != (double)(int64_t)steps) return 0;
        }
    }
    return 1;
}

/* The lanes of a word whose minors are exact on both sides. */
static uint64_t unrounded_lanes(const side *xs, const side *ys, const double *a, const double *b, const workspace *k, int near, uint64_t lanes)
{
    const int m = xs->q, n = ys->q;
    uint64_t exact = 0;
    for (; lanes; lanes &= lanes - 1) {
        const int w = lowest_bit(lanes);
        const size_t at = (size_t)w * m * n;
        if (unrounded(ys, a + at, n, 1, k->y_entries, near ? k->y_units : NULL, k->y_exponents, w)
            && unrounded(xs, b + at, 1, n, k->x_entries, near ? k->x_units : NULL, k->x_exponents, w)) exact |= (uint64_t)1 << w;
    }
    return exact;
}

/* The next k of p numbers in the order of the tables. */
INLINE void advance(int *chosen, int k, int p)
{
    int i = k - 1;
    while (i >= 0 && chosen[i] == p - k + i) i--;
    if (i < 0) return;
    for (chosen[i]++; ++i < k;) chosen[i] = chosen[i - 1] + 1;
}

/* The vertices of one side in the lanes of a word, each once, lane by lane with room for so many, from the signs of exact minors. */
static void vertices(const side *s, const uint64_t *signs, uint64_t lanes, vertex *list, int *count, int room)
{
    int chosen[LARGEST], outside[LARGEST], from[LANES];
    memset(count, 0, LANES * sizeof *count);
    for (int size = 0; size < s->sizes; size++) {
        const pairs *pair = &s->pair[size];
        const int k = pair->k;
        const int32_t *minor = pair->minor;
        memcpy(from, count, sizeof from);
        for (int r = 0; r < k; r++) chosen[r] = r;
        for (int i = 0; i < pair->replies; i++, advance(chosen, k, s->p)) {
            uint32_t best = 0;
            for (int r = 0; r < k; r++) best |= (uint32_t)1 << chosen[r];
            for (int r = 0, t = 0; r < s->p; r++)
                if (!(best >> r & 1)) outside[t++] = r;
            for (int j = 0; j < pair->own; j++, minor += s->p) {
                uint64_t up = lanes, down = lanes;
                for (int t = 0; t < k; t++) up &= signs[minor[t]], down &= signs[minor[t] ^ 1];
                for (int t = k; t < s->p; t++) up &= ~signs[minor[t] ^ 1], down &= ~signs[minor[t]];
                uint32_t support = 0;
                for (int t = 0; t < k; t++) support |= (uint32_t)1 << pair->support[j * k + t];
                for (uint64_t word = up | down; word; word &= word - 1) {
                    const int w = lowest_bit(word);
                    uint32_t sets = support << 16 | best;
                    for (int t = k; t < s->p; t++) sets |= (uint32_t)(~(signs[minor[t]] | signs[minor[t] ^ 1]) >> w & 1) << outside[t - k];
                    vertex *mine = list + (size_t)w * room;
                    int v = from[w];
                    while (v < count[w] && mine[v].sets != sets) v++;
                    if (v == count[w]) mine[count[w]++] = (vertex){sets, (uint16_t)size, (uint16_t)i, (uint16_t)j};
                }
            }
        }
    }
}

/* Whether each support lies within the other's best replies. */
INLINE int matched(const vertex *x, const vertex *y)
{
    return !((x->sets >> 16 & ~y->sets) | (y->sets >> 16 & ~x->sets & 0xffff));
}

/* How many equilibria the vertices of every lane form, each number added to the place after its lane's; and their sum. */
static long tied_rows(const workspace *k, uint64_t lanes, long *next)
{
    long rows = 0;
    for (; lanes; lanes &= lanes - 1) {
        const int w = lowest_bit(lanes);
        const vertex *x = k->x_vertices + (size_t)w * k->vertex_room, *y = k->y_vertices + (size_t)w * k->vertex_room;
        for (int i = 0; i < k->x_count[w]; i++)
            for (int j = 0; j < k->y_count[w]; j++) next[w + 1] += matched(x + i, y + j), rows += matched(x + i, y + j);
    }
    return rows;
}

static void vertex_weights(const side *s, const vertex *v, const double *values, const double *units, const int *exponents, int w, double *out)
{
    const pairs *pair = &s->pair[v->size];
    const int32_t *minor = pair->minor + ((size_t)v->replies * pair->own + v->own) * s->p, *support = pair->support + v->own * pair->k;
    if (pair->k == 1) {
        for (int c = 0; c < s->q; c++) out[c] = 0.0;
        out[*support] = 1.0;
    } else if (units)
        weights(minor, support, pair->k, s->q, values, units, w, out);
    else
        weights_by_hand(minor, support, pair->k, s->q, values, exponents, w, out);
}

/* Writes them, each lane's from its place on, which moves to its end. */
static void tied_list(const side *xs, const side *ys, const workspace *k, int near, uint64_t lanes, long first, long *next, const found *to)
{
    const int m = xs->q, n = ys->q;
    for (; lanes; lanes &= lanes - 1) {
        const int w = lowest_bit(lanes);
        const vertex *x = k->x_vertices + (size_t)w * k->vertex_room, *y = k->y_vertices + (size_t)w * k->vertex_room;
        for (int i = 0; i < k->x_count[w]; i++)
            for (int j = 0; j < k->y_count[w]; j++)
                if (matched(x + i, y + j)) {
                    const long r = next[w]++;
                    to->game[r] = first + w;
                    vertex_weights(xs, x + i, k->x_values, near ? k->x_units : NULL, k->x_exponents, w, to->x + r * m);
                    vertex_weights(ys, y + j, k->y_values, near ? k->y_units : NULL, k->y_exponents, w, to->y + r * n);
                }
    }
}
