/* Lemke-Howson on one side, kept by the k x k inverse of (tight constraints) x (own support): the twin of bargain/kernels/support_path.py. */

typedef struct {
    int own, constraints, k;
    const double *gains;              /* gains[v * constraints + c]: coefficient of own variable v in constraint c */
    int *support, *tight, *in_support, *in_tight;
    double *inverse, *values, *slack; /* inverse[s * own_max + t]; values by place in the support; slack by constraint */
    int room;
    double *w, *v, *direction;        /* work space */
} half;

#define NEAR 1e-11

static int half_make(half *h, const double *gains, int own, int constraints)
{
    const int room = own < constraints ? own : constraints;
    memset(h, 0, sizeof *h);
    h->own = own, h->constraints = constraints, h->gains = gains, h->room = room + 1;
    h->support = malloc((size_t)h->room * sizeof(int)), h->tight = malloc((size_t)h->room * sizeof(int));
    h->in_support = malloc((size_t)own * sizeof(int)), h->in_tight = malloc((size_t)constraints * sizeof(int));
    h->inverse = malloc((size_t)h->room * h->room * sizeof(double)), h->values = malloc((size_t)h->room * sizeof(double));
    h->slack = malloc((size_t)constraints * sizeof(double)), h->w = malloc((size_t)h->room * sizeof(double));
    h->v = malloc((size_t)h->room * sizeof(double)), h->direction = malloc((size_t)constraints * sizeof(double));
    return h->support && h->tight && h->in_support && h->in_tight && h->inverse && h->values && h->slack && h->w && h->v && h->direction;
}

static void half_start(half *h)
{
    h->k = 0;
    for (int i = 0; i < h->own; i++) h->in_support[i] = -1;
    for (int c = 0; c < h->constraints; c++) h->in_tight[c] = -1, h->slack[c] = 1.0;
}

static void half_free(half *h)
{
    free(h->support), free(h->tight), free(h->in_support), free(h->in_tight), free(h->inverse);
    free(h->values), free(h->slack), free(h->w), free(h->v), free(h->direction);
}

/* v = row `constraint` of the gains on the support, times the inverse. */
static void through(half *h, int constraint)
{
    for (int t = 0; t < h->k; t++) h->v[t] = 0.0;
    for (int s = 0; s < h->k; s++) {
        const double g = h->gains[(size_t)h->support[s] * h->constraints + constraint];
        const double *restrict row = h->inverse + (size_t)s * h->room;
        for (int t = 0; t < h->k; t++) h->v[t] += g * row[t];
    }
}

static void drop_support(half *h, int q)
{
    const int last = h->k - 1;
    h->in_support[h->support[q]] = -1;
    if (q != last) {
        h->support[q] = h->support[last], h->in_support[h->support[q]] = q, h->values[q] = h->values[last];
        memcpy(h->inverse + (size_t)q * h->room, h->inverse + (size_t)last * h->room, (size_t)h->room * sizeof(double));
    }
}

static void drop_tight(half *h, int p)
{
    const int last = h->k - 1;
    h->in_tight[h->tight[p]] = -1;
    if (p != last) {
        h->tight[p] = h->tight[last], h->in_tight[h->tight[p]] = p;
        for (int s = 0; s < h->k; s++) h->inverse[(size_t)s * h->room + p] = h->inverse[(size_t)s * h->room + last];
    }
}

/* Bring in own variable `variable` (or, if negative, the slack of constraint -1 - variable). The variable that leaves comes back in
   the same code; INT_MIN if none can. */
static int half_pivot(half *h, int variable)
{
    const int k = h->k, room = h->room, n = h->constraints, slack_enters = variable < 0;
    const int entering = slack_enters ? -1 - variable : variable, p = slack_enters ? h->in_tight[entering] : -1;
    double *restrict w = h->w, *restrict d = h->direction;
    const double *gain = slack_enters ? NULL : h->gains + (size_t)entering * n;
    for (int s = 0; s < k; s++) { /* the support falls by w a unit of the entering variable */
        const double *restrict row = h->inverse + (size_t)s * room;
        double total = 0.0;
        if (slack_enters) total = row[p];
        else for (int t = 0; t < k; t++) total += row[t] * gain[h->tight[t]];
        w[s] = total;
    }
    if (slack_enters) for (int c = 0; c < n; c++) d[c] = 0.0; /* the slacks fall by d */
    else for (int c = 0; c < n; c++) d[c] = gain[c];
    for (int s = 0; s < k; s++) {
        const double *restrict g = h->gains + (size_t)h->support[s] * n, x = w[s];
        for (int c = 0; c < n; c++) d[c] -= x * g[c];
    }
    double step = INFINITY, size = 0.0;
    int leaving = INT_MIN;
    for (int s = 0; s < k; s++)
        if (w[s] > NEAR) {
            const double ratio = h->values[s] / w[s];
            if (ratio < step - NEAR || (ratio < step + NEAR && w[s] > size)) step = ratio < step ? ratio : step, size = w[s], leaving = h->support[s];
        }
    for (int c = 0; c < n; c++)
        if (h->in_tight[c] < 0 && d[c] > NEAR) {
            const double ratio = h->slack[c] / d[c];
            if (ratio < step - NEAR || (ratio < step + NEAR && d[c] > size)) step = ratio < step ? ratio : step, size = d[c], leaving = -1 - c;
        }
    if (leaving == INT_MIN) return leaving;
    if (step < 0.0) step = 0.0;
    for (int s = 0; s < k; s++) h->values[s] -= step * w[s];
    for (int c = 0; c < n; c++) h->slack[c] = h->in_tight[c] < 0 ? h->slack[c] - step * d[c] : 0.0;
    double *inverse = h->inverse;
    if (!slack_enters && leaving >= 0) { /* one column for another */
        const int q = h->in_support[leaving];
        double *restrict at = inverse + (size_t)q * room;
        for (int t = 0; t < k; t++) at[t] /= w[q];
        for (int s = 0; s < k; s++)
            if (s != q) {
                double *restrict row = inverse + (size_t)s * room;
                for (int t = 0; t < k; t++) row[t] -= w[s] * at[t];
            }
        h->in_support[leaving] = -1, h->support[q] = entering, h->in_support[entering] = q, h->values[q] = step;
    } else if (!slack_enters) { /* a row and a column more */
        const int c = -1 - leaving;
        through(h, c);
        const double corner = d[c];
        for (int s = 0; s < k; s++) {
            double *restrict row = inverse + (size_t)s * room;
            const double x = w[s] / corner;
            for (int t = 0; t < k; t++) row[t] += x * h->v[t];
            row[k] = -x;
        }
        double *restrict row = inverse + (size_t)k * room;
        for (int t = 0; t < k; t++) row[t] = -h->v[t] / corner;
        row[k] = 1.0 / corner;
        h->support[k] = entering, h->in_support[entering] = k, h->values[k] = step;
        h->tight[k] = c, h->in_tight[c] = k, h->slack[c] = 0.0;
        h->k++;
    } else if (leaving >= 0) { /* a row and a column less */
        const int q = h->in_support[leaving];
        const double *at = inverse + (size_t)q * room;
        const double pivot = at[p];
        for (int s = 0; s < k; s++)
            if (s != q) {
                double *restrict row = inverse + (size_t)s * room;
                const double x = row[p] / pivot;
                for (int t = 0; t < k; t++) row[t] -= x * at[t];
            }
        drop_support(h, q);
        drop_tight(h, p);
        h->k--;
        h->slack[entering] = step;
    } else { /* one row for another */
        const int c = -1 - leaving;
        through(h, c);
        const double pivot = h->v[p];
        for (int s = 0; s < k; s++) {
            double *restrict row = inverse + (size_t)s * room;
            const double x = row[p] / pivot;
            for (int t = 0; t < k; t++) row[t] -= x * h->v[t];
            row[p] = x;
        }
        h->in_tight[entering] = -1, h->tight[p] = c, h->in_tight[c] = p, h->slack[c] = 0.0, h->slack[entering] = step;
    }
    return leaving;
}

/* The path that drops `label`: the number of pivots, or -1 if it does not end within `cap` of them. Labels are rows, then columns. */
static long path(half *x, half *y, int m, int label, long cap)
{
    half_start(x), half_start(y);
    int in_x = label < m, variable = in_x ? label : label - m;
    for (long pivots = 1; pivots <= cap; pivots++) {
        const int left = half_pivot(in_x ? x : y, variable);
        if (left == INT_MIN) return -1;
        const int found = in_x ? (left >= 0 ? left : m - 1 - left) : (left >= 0 ? m + left : -1 - left);
        if (found == label) return pivots;
        variable = -1 - left; /* an own variable here has the label of a slack there, and the other way round */
        in_x = !in_x;
    }
    return -1;
}
