/* Backward induction for 64 points at once: the stack machine of bargain/kernels/induction.py. Included once per instruction set.

   The stack holds, per value, the payoffs of every player and the end reached (as a float, which is exact), 64 lanes each. */

static int NAME(induction)(const int32_t *steps, long count, const double *payoffs, const double *chances, int players, long points, long first, int lanes,
                           double *stack, double *values, int64_t *ends)
{
    const size_t width = (size_t)(players + 1) * LANES;
    long top = 0;
    for (long i = 0; i < count; i++) {
        const int32_t kind = steps[3 * i], number = steps[3 * i + 1], where = steps[3 * i + 2];
        if (kind == 0) {
            double *to = stack + (size_t)top++ * width;
            for (int p = 0; p < players; p++) memcpy(to + (size_t)p * LANES, payoffs + ((size_t)number * players + p) * points + first, lanes * sizeof(double));
            for (int w = 0; w < LANES; w++) to[(size_t)players * LANES + w] = number;
            continue;
        }
        top -= number;
        double *restrict best = stack + (size_t)top++ * width;
        if (kind == 1)
            for (int c = 1; c < number; c++) {
                const double *restrict other = best + (size_t)c * width;
                double better[LANES];
                for (int w = 0; w < LANES; w++) better[w] = other[(size_t)where * LANES + w] > best[(size_t)where * LANES + w] ? 1.0 : 0.0;
                for (int p = 0; p <= players; p++)
                    for (int w = 0; w < LANES; w++) {
                        const size_t at = (size_t)p * LANES + w;
                        best[at] = better[w] != 0.0 ? other[at] : best[at];
                    }
            }
        else {
            for (int p = 0; p < players; p++)
                for (int w = 0; w < lanes; w++) {
                    double total = 0.0;
                    for (int c = 0; c < number; c++) total += chances[(size_t)(where + c) * points + first + w] * best[(size_t)c * width + (size_t)p * LANES + w];
                    best[(size_t)p * LANES + w] = total;
                }
            for (int w = 0; w < LANES; w++) best[(size_t)players * LANES + w] = -1.0;
        }
    }
    for (int p = 0; p < players; p++) memcpy(values + (size_t)p * points + first, stack + (size_t)p * LANES, lanes * sizeof(double));
    for (int w = 0; w < lanes; w++) ends[first + w] = (int64_t)stack[(size_t)players * LANES + w];
    return top == 1;
}
