/* Steps of bimatrix.h that are the same for every instruction set: order, sums, and payoffs of extreme size. */

/* The lanes of a word, each with a label, after what is listed; three items beyond the end are scratch. */
INLINE uint64_t *list(uint64_t word, uint64_t label, uint64_t *listed)
{
#if defined(__GNUC__)
    uint64_t *end = listed + __builtin_popcountll(word);
    for (int i = 0; i < 4; i++, word &= word - 1) listed[i] = label | (uint64_t)lowest_bit(word | (uint64_t)1 << 63); /* no branch: few words have more */
    for (listed += 4; word; word &= word - 1) *listed++ = label | (uint64_t)lowest_bit(word);
    return end;
#else
    for (; word; word &= word - 1) *listed++ = label | (uint64_t)lowest_bit(word);
    return listed;
#endif
}

INLINE double sum(const double *sizes, int k)
{
    double total = 0.0;
    for (int j = 0; j < k; j++) total += sizes[j];
    return total;
}

INLINE void weights(const int32_t *minor, const int32_t *support, int k, int q, const double *values, const double *units, int w, double *out)
{
    double sizes[LARGEST];
    for (int j = 0; j < q; j++) out[j] = 0.0;
    for (int j = 0; j < k; j++) sizes[j] = fabs(values[(size_t)(minor[j] >> 1) * LANES + w]) * units[support[j] * LANES + w];
    const double total = sum(sizes, k);
    for (int j = 0; j < k; j++) out[support[j]] = sizes[j] / total;
}

/* Whether (x, y) comes before the pair at the place before. */
INLINE int before(const double *x, const double *y, int m, int n)
{
    for (int c = 0; c < m; c++)
        if (x[c] != x[c - m]) return x[c] > x[c - m];
    for (int c = 0; c < n; c++)
        if (y[c] != y[c - n]) return y[c] > y[c - n];
    return 0;
}

INLINE void swap(double *row, int width)
{
    for (int c = 0; c < width; c++) {
        const double held = row[c];
        row[c] = row[c - width];
        row[c - width] = held;
    }
}

/* Equilibria of one game in descending order of x, then of y. */
INLINE void in_order(double *x, double *y, long count, int m, int n)
{
    for (long i = 1; i < count; i++)
        for (long at = i; at > 0 && before(x + at * m, y + at * n, m, n); at--) swap(x + at * m, m), swap(y + at * n, n);
}

/* The scale of bimatrix.h where powers of two may leave the normal numbers: exponents are kept instead. */
static void scale_by_hand(int p, int q, double *entries, int *exponents)
{
    for (int w = 0; w < LANES; w++)
        for (int c = 0; c < q; c++) {
            double high = entries[c * LANES + w], low = high, most = 0.0;
            for (int r = 1; r < p; r++) {
                const double x = entries[((size_t)r * q + c) * LANES + w];
                high = x > high ? x : high;
                low = x < low ? x : low;
            }
            const double centre = high / 2 + low / 2;
            for (int r = 0; r < p; r++) {
                double *x = entries + ((size_t)r * q + c) * LANES + w;
                *x -= centre;
                most = fabs(*x) > most ? fabs(*x) : most;
            }
            int exponent;
            frexp(most, &exponent);
            exponents[c * LANES + w] = exponent;
            for (int r = 0; r < p; r++) {
                double *x = entries + ((size_t)r * q + c) * LANES + w;
                *x = ldexp(*x, -exponent);
            }
        }
}

static void weights_by_hand(const int32_t *minor, const int32_t *support, int k, int q, const double *values, const int *exponents, int w, double *out)
{
    double sizes[LARGEST];
    int least = exponents[support[0] * LANES + w];
    for (int j = 0; j < q; j++) out[j] = 0.0;
    for (int j = 1; j < k; j++) least = exponents[support[j] * LANES + w] < least ? exponents[support[j] * LANES + w] : least;
    for (int j = 0; j < k; j++) sizes[j] = k == 1 ? 1.0 : ldexp(fabs(values[(size_t)(minor[j] >> 1) * LANES + w]), least - exponents[support[j] * LANES + w]);
    const double total = sum(sizes, k);
    for (int j = 0; j < k; j++) out[support[j]] = sizes[j] / total;
}
