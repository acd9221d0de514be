/* max 1'y subject to A y <= 1, y >= 0 with A > 0, by the primal simplex method on a condensed table, largest coefficient first.

   Only the optimal basis is wanted: which y are basic (the column player's support) and which slacks are not (the row player's).
   bargain/kernels/interior.py solves the indifference conditions of those supports and checks the gap. */

static long simplex(int m, int n, const double *a, double *table, int *basic, int *outside, long cap)
{
    const int width = n + 1;
    for (int r = 0; r < m; r++) {
        memcpy(table + (size_t)r * width, a + (size_t)r * n, (size_t)n * sizeof(double));
        table[(size_t)r * width + n] = 1.0;
        basic[r] = n + r;
    }
    double *restrict gain = table + (size_t)m * width;
    for (int c = 0; c < n; c++) gain[c] = 1.0, outside[c] = c;
    gain[n] = 0.0;
    for (long pivots = 0; pivots < cap; pivots++) {
        int c = -1, r = -1;
        double most = 1e-11, step = INFINITY, size = 0.0;
        for (int k = 0; k < n; k++)
            if (gain[k] > most) most = gain[k], c = k;
        if (c < 0) return pivots;
        for (int k = 0; k < m; k++) {
            const double slope = table[(size_t)k * width + c];
            if (slope > 1e-11) {
                const double ratio = table[(size_t)k * width + n] / slope;
                if (ratio < step - 1e-12 || (ratio < step + 1e-12 && slope > size)) step = ratio < step ? ratio : step, size = slope, r = k;
            }
        }
        if (r < 0) return -1;
        double *restrict row = table + (size_t)r * width;
        const double pivot = row[c];
        row[c] = 1.0;
        for (int k = 0; k < width; k++) row[k] /= pivot;
        for (int k = 0; k <= m; k++) {
            double *restrict other = table + (size_t)k * width;
            const double slope = other[c];
            if (k == r || slope == 0.0) continue;
            other[c] = 0.0;
            for (int j = 0; j < width; j++) other[j] -= slope * row[j];
        }
        const int left = basic[r];
        basic[r] = outside[c], outside[c] = left;
    }
    return -1;
}
