/* The principal branch of logit responses, and where it ends: the twin of bargain/kernels/logit.py and continuation.py.

   A point z is (x, rationality), x the logarithms of all players' action probabilities, K of them. The equations and the rules by which
   steps adapt are those of the twin; least squares and null vectors come from Householder reflections instead of LAPACK, and exp from
   the C library, so points agree to the accuracy of the corrector and not bit for bit. */

#define SMALLEST_STEP 1e-12
#define ROUNDING 1e-7  /* size of a correction that may be nothing but rounding */
#define FIRST_STEP 0.03
#define CROSSING 1e-5  /* length of a step from which on a change of orientation is a bifurcation */
#define STRAIGHT 0.9   /* least cosine between the tangents at the ends of a step */

typedef struct {
    int players, actions, shape[LARGEST], first[LARGEST];
    long cells;
    double longest, drift;                    /* longest step; accuracy asked of a point, relative to its length */
    const double *payoffs;                    /* payoffs[player * cells + cell] */
    double *weights, *utilities, *marginals;  /* marginals[a * K + b]: payoff of a where another player plays b, averaged over the rest */
    double *columns, *diagonal, *residual, *change, *scratch; /* columns[c * K + row]: the Jacobian, then its factors */
    double *here, *tangent, *heading, *trial, *matrix, *memory;
    double step;
    int turned, side;                         /* whether the tangent belongs to `here`; the sign of det(Jacobian; tangent), 0 where any will do */
} logit;

static int logit_make(logit *g, int players, const int32_t *shape, const double *payoffs, double longest, double drift)
{
    memset(g, 0, sizeof *g);
    g->players = players, g->payoffs = payoffs, g->longest = longest, g->drift = drift, g->cells = 1;
    for (int i = 0; i < players; i++) g->shape[i] = shape[i], g->first[i] = g->actions, g->actions += shape[i], g->cells *= shape[i];
    const size_t K = g->actions, N = K + 1, wide = K + players;
    double *at = g->memory = calloc(3 * K + K * K + N * K + 2 * K + 6 * N + (wide + 1) * (wide + 1), sizeof(double));
    if (!at) return 0;
#define TAKE(field, size) g->field = at, at += (size)
    TAKE(weights, K), TAKE(utilities, K), TAKE(marginals, K * K), TAKE(columns, N * K), TAKE(diagonal, K), TAKE(residual, K);
    TAKE(change, N), TAKE(scratch, N), TAKE(here, N), TAKE(tangent, N), TAKE(heading, N), TAKE(trial, N), TAKE(matrix, (wide + 1) * (wide + 1));
#undef TAKE
    return 1;
}

static void logit_start(logit *g)
{
    for (int i = 0; i < g->players; i++)
        for (int a = 0; a < g->shape[i]; a++) g->here[g->first[i] + a] = -log(g->shape[i]);
    g->here[g->actions] = 0.0;
    memset(g->heading, 0, (g->actions + 1) * sizeof(double));
    g->heading[g->actions] = 1.0, g->step = FIRST_STEP, g->turned = g->side = 0;
}

/* Payoffs of actions against pairs of actions and against the mixtures in g->weights. */
static void logit_payoffs(logit *g)
{
    const int n = g->players, K = g->actions;
    int at[LARGEST] = {0};
    memset(g->marginals, 0, (size_t)K * K * sizeof(double));
    if (n == 1) {
        memcpy(g->utilities, g->payoffs, K * sizeof(double));
        return;
    }
    for (long cell = 0; cell < g->cells; cell++) {
        for (int i = 0; i < n; i++)
            for (int j = i + 1; j < n; j++) {
                double share = 1.0;
                for (int k = 0; k < n; k++)
                    if (k != i && k != j) share *= g->weights[g->first[k] + at[k]];
                const int a = g->first[i] + at[i], b = g->first[j] + at[j];
                g->marginals[a * K + b] += share * g->payoffs[i * g->cells + cell];
                g->marginals[b * K + a] += share * g->payoffs[j * g->cells + cell];
            }
        for (int i = n - 1; i >= 0 && ++at[i] == g->shape[i]; i--) at[i] = 0;
    }
    for (int i = 0; i < n; i++) {
        const int j = i ? 0 : 1;
        for (int a = g->first[i]; a < g->first[i] + g->shape[i]; a++) {
            double total = 0.0;
            for (int b = g->first[j]; b < g->first[j] + g->shape[j]; b++) total += g->marginals[a * K + b] * g->weights[b];
            g->utilities[a] = total;
        }
    }
}

/* The residual and the Jacobian at z. */
static void logit_equations(logit *g, const double *z)
{
    const int K = g->actions;
    const double rationality = z[K];
    for (int a = 0; a < K; a++) g->weights[a] = exp(z[a]);
    logit_payoffs(g);
    memset(g->columns, 0, (size_t)(K + 1) * K * sizeof(double));
    for (int i = 0; i < g->players; i++) {
        const int f = g->first[i], end = f + g->shape[i];
        double total = 0.0;
        for (int a = f; a < end; a++) total += g->weights[a], g->columns[(size_t)a * K + f] = g->weights[a];
        g->residual[f] = total - 1.0;
        for (int a = f + 1; a < end; a++) {
            g->residual[a] = z[a] - z[f] - rationality * (g->utilities[a] - g->utilities[f]);
            for (int b = 0; b < K; b++)
                if (b < f || b >= end) g->columns[(size_t)b * K + a] = -rationality * (g->marginals[a * K + b] - g->marginals[f * K + b]) * g->weights[b];
            g->columns[(size_t)f * K + a] = -1.0, g->columns[(size_t)a * K + a] = 1.0;
            g->columns[(size_t)K * K + a] = g->utilities[f] - g->utilities[a];
        }
    }
}

/* Reflections that make the Jacobian lower triangular; each is kept in the row that it clears. */
static void logit_factor(logit *g)
{
    const int K = g->actions, N = K + 1;
    double *restrict columns = g->columns, *restrict dots = g->scratch;
    for (int k = 0; k < K; k++) {
        double square = 0.0;
        for (int c = k; c < N; c++) square += columns[(size_t)c * K + k] * columns[(size_t)c * K + k];
        const double lead = columns[(size_t)k * K + k], corner = lead > 0.0 ? -sqrt(square) : sqrt(square);
        g->diagonal[k] = corner;
        columns[(size_t)k * K + k] = lead - corner;
        const double scale = corner * (lead - corner); /* minus half the square of the reflection's vector */
        if (scale == 0.0) continue;
        for (int row = k + 1; row < K; row++) dots[row] = 0.0;
        for (int c = k; c < N; c++) {
            const double v = columns[(size_t)c * K + k];
            for (int row = k + 1; row < K; row++) dots[row] += v * columns[(size_t)c * K + row];
        }
        for (int row = k + 1; row < K; row++) dots[row] /= scale;
        for (int c = k; c < N; c++) {
            const double v = columns[(size_t)c * K + k];
            for (int row = k + 1; row < K; row++) columns[(size_t)c * K + row] += v * dots[row];
        }
    }
}

static void logit_reflected(const logit *g, double *to)
{
    const int K = g->actions, N = K + 1;
    for (int k = K - 1; k >= 0; k--) {
        const double scale = g->diagonal[k] * g->columns[(size_t)k * K + k];
        if (scale == 0.0) continue;
        double dot = 0.0;
        for (int c = k; c < N; c++) dot += g->columns[(size_t)c * K + k] * to[c];
        dot /= scale;
        for (int c = k; c < N; c++) to[c] += g->columns[(size_t)c * K + k] * dot;
    }
}

static double length_of(const double *v, int n)
{
    double square = 0.0;
    for (int c = 0; c < n; c++) square += v[c] * v[c];
    return sqrt(square);
}

/* Newton steps of least norm from g->trial; 1 if they contract to the curve. *factor: by how much the step should have been smaller. */
static int logit_corrected(logit *g, double *factor)
{
    const int K = g->actions, N = K + 1;
    double before = INFINITY;
    *factor = 0.5;
    for (int round = 0; round < 12; round++) {
        logit_equations(g, g->trial);
        logit_factor(g);
        for (int row = 0; row < K; row++) {
            double value = -g->residual[row];
            for (int k = 0; k < row; k++) value -= g->columns[(size_t)k * K + row] * g->change[k];
            g->change[row] = value / g->diagonal[row];
        }
        g->change[K] = 0.0;
        logit_reflected(g, g->change);
        for (int c = 0; c < N; c++) g->trial[c] += g->change[c];
        const double size = length_of(g->change, N), norm = length_of(g->trial, N);
        if (!isfinite(size) || size > 0.4 * (1 + 0.01 * norm)) break;
        const double rate = size / before;
        if (before < INFINITY && size > 1e-9) {
            if (rate > 0.6) {
                if (size < ROUNDING) return 1;
                break;
            }
            if (sqrt(rate / 0.1) > *factor) *factor = sqrt(rate / 0.1);
        }
        if (size < 1e-10 + g->drift * norm) return 1;
        before = size;
        if (round == 11 && size < ROUNDING) return 1;
    }
    *factor = 2.0;
    return 0;
}

/* The unit null vector of the Jacobian, which is in factors, in the direction of `heading`; *side: the sign of det(Jacobian; vector). */
static void logit_turn(const logit *g, const double *heading, double *tangent, int *side)
{
    const int K = g->actions, N = K + 1;
    memset(tangent, 0, N * sizeof(double));
    tangent[K] = 1.0;
    logit_reflected(g, tangent);
    double dot = 0.0;
    for (int c = 0; c < N; c++) dot += tangent[c] * heading[c];
    int sign = dot < 0.0 ? -1 : 1;
    for (int k = 0; k < K; k++) sign = g->diagonal[k] > 0.0 ? -sign : sign; /* a reflection has determinant -1 */
    if (dot < 0.0)
        for (int c = 0; c < N; c++) tangent[c] = -tangent[c];
    *side = sign;
}

/* a x = b by elimination, a of n columns with room `wide` a row and b in column n; 0 if a is singular. The answer replaces b. */
static int eliminated(double *a, int n, int wide)
{
    for (int k = 0; k < n; k++) {
        int best = k;
        for (int r = k + 1; r < n; r++)
            if (fabs(a[r * wide + k]) > fabs(a[best * wide + k])) best = r;
        if (!(fabs(a[best * wide + k]) > 1e-300)) return 0;
        if (best != k)
            for (int c = k; c <= n; c++) {
                const double held = a[k * wide + c];
                a[k * wide + c] = a[best * wide + c], a[best * wide + c] = held;
            }
        for (int r = k + 1; r < n; r++) {
            const double by = a[r * wide + k] / a[k * wide + k];
            if (by != 0.0)
                for (int c = k + 1; c <= n; c++) a[r * wide + c] -= by * a[k * wide + c];
        }
    }
    for (int k = n - 1; k >= 0; k--) {
        double value = a[k * wide + n];
        for (int c = k + 1; c < n; c++) value -= a[k * wide + c] * a[c * wide + n];
        a[k * wide + n] = value / a[k * wide + k];
    }
    return 1;
}

/* The next point of the branch in g->here, straight on where another branch crosses; 0 if the curve is lost.

   The sign of det(Jacobian; tangent) is the same all along a curve, so a step after which it differs has jumped to another one, and is
   halved; if it is as small as CROSSING, the two cross there. */
static int logit_next(logit *g)
{
    const int N = g->actions + 1;
    const size_t bytes = N * sizeof(double);
    double factor;
    int side;
    if (!g->turned) {
        logit_equations(g, g->here);
        logit_factor(g);
        logit_turn(g, g->heading, g->tangent, &g->side);
        g->turned = 1;
    }
    for (;; g->step *= 0.5) {
        if (g->step < SMALLEST_STEP) return 0;
        for (int c = 0; c < N; c++) g->trial[c] = g->here[c] + g->step * g->tangent[c];
        if (!logit_corrected(g, &factor)) continue;
        logit_turn(g, g->tangent, g->heading, &side);
        double along = 0.0;
        for (int c = 0; c < N; c++) along += g->heading[c] * g->tangent[c];
        if (g->step > CROSSING ? along >= STRAIGHT && side == g->side : 1) break;
    }
    g->side = side;
    const double by = factor < 0.5 ? 0.5 : factor > 2.0 ? 2.0 : factor;
    g->step = g->step / by < g->longest ? g->step / by : g->longest;
    double *held = g->tangent;
    g->tangent = g->heading, g->heading = held;
    memcpy(g->here, g->trial, bytes);
    return 1;
}

/* The greatest gain from a better reply to g->weights. */
static double logit_regret(const logit *g)
{
    double worst = 0.0;
    for (int i = 0; i < g->players; i++) {
        double best = -INFINITY, mean = 0.0;
        for (int a = g->first[i]; a < g->first[i] + g->shape[i]; a++) {
            mean += g->weights[a] * g->utilities[a];
            if (g->utilities[a] > best) best = g->utilities[a];
        }
        if (!(best - mean <= worst)) worst = best - mean;
    }
    return worst;
}

/* The equilibrium in which exactly the actions with weight above `least` at g->here are played, by Newton's method, in g->weights: its
   regret, or infinity if there is none within `near` of the point. */
static double logit_polished(logit *g, double least, double near)
{
    const int K = g->actions, n = g->players, size = K + n, wide = size + 1;
    double *a = g->matrix;
    for (int i = 0; i < n; i++) {
        double total = 0.0;
        for (int b = g->first[i]; b < g->first[i] + g->shape[i]; b++) {
            const double w = exp(g->here[b]);
            total += g->weights[b] = w > least ? w : 0.0;
        }
        for (int b = g->first[i]; b < g->first[i] + g->shape[i]; b++) g->weights[b] /= total;
    }
    for (int round = 0; round < 20; round++) {
        logit_payoffs(g);
        memset(a, 0, (size_t)size * wide * sizeof(double));
        for (int i = 0; i < n; i++)
            for (int r = g->first[i]; r < g->first[i] + g->shape[i]; r++) {
                a[(K + i) * wide + r] = 1.0;
                if (g->weights[r] == 0.0) {
                    a[r * wide + r] = 1.0;
                    continue;
                }
                for (int b = 0; b < K; b++)
                    if (g->weights[b] != 0.0) a[r * wide + b] = g->marginals[r * K + b];
                a[r * wide + K + i] = -1.0; /* the player's payoff, which is the same in all */
                a[r * wide + size] = -g->utilities[r];
            }
        if (!eliminated(a, size, wide)) return INFINITY;
        double moved = 0.0;
        for (int b = 0; b < K; b++) {
            const double held = g->weights[b], change = held == 0.0 ? 0.0 : a[b * wide + size];
            if (held != 0.0 && !(held + change > 0.0)) return INFINITY;
            g->weights[b] = held + change;
            if (!(fabs(g->weights[b] - exp(g->here[b])) <= near)) return INFINITY;
            if (fabs(change) > moved) moved = fabs(change);
        }
        if (moved < 1e-15) break;
    }
    logit_payoffs(g);
    return logit_regret(g);
}

/* The end of the branch in g->weights: its regret, or infinity if the branch cannot be followed so far. Payoffs range over one unit. */
static double logit_end(logit *g, long most, long *steps)
{
    static const double played[] = {1e-2, 1e-4, 1e-6};
    double aim = 1e-8;
    logit_start(g);
    for (*steps = 1; *steps <= most; ++*steps) {
        if (!logit_next(g) || g->here[g->actions] < 0.0) return INFINITY;
        while (aim > 1e-16 && logit_regret(g) <= aim) { /* of the point before the last correction, which was tiny */
            for (int k = 0; k < 3; k++) {
                const double regret = logit_polished(g, played[k], 1e-5);
                if (regret <= 1e-12) return regret;
            }
            for (int b = 0; b < g->actions; b++) g->weights[b] = exp(g->here[b]);
            logit_payoffs(g);
            const double regret = logit_regret(g);
            if (regret <= 1e-12) return regret;
            aim *= 0.01;
        }
    }
    return INFINITY;
}
