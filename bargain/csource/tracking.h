/* All mixed strategies that make every player indifferent on a support, by path tracking, with a proof that none is missing.

   On a support of sizes s_1 .. s_n the differences between a player's payoffs are multilinear in the other players' weights. Such a system with
   coefficients in general position has a known number of complex zeros: the ways to hand the s_i - 1 equations of every player i to other
   players so that player j gets s_j - 1 (McKelvey and McLennan 1997, Journal of Economic Theory 72:411-425), and no system with finitely many
   zeros has more. Products of linear forms in general position have just these zeros, one for each way, by linear algebra; from there the
   coefficients move along a line in the complex numbers to those of the game, and the zeros are followed (Sommese and Wampler 2005, The
   Numerical Solution of Systems of Polynomials, ch. 7). Nothing rests on the paths: each end gets a ball that is proved to hold exactly
   one zero (Krawczyk's test, as in bargain/kernels/krawczyk.py), and if as many balls are disjoint as there can be zeros, all have been found. A zero is
   real if its ball has a real centre, for then the ball holds its conjugate too.

   Rounding: payoffs are scaled to [0, 1]. Values and slopes are averaged one player after another, s_j terms each; every product or sum of complex
   numbers loses less than 2^-51 of its size, so all lose less than 2^-51 times two (for differences) times the sum of the s_j + 6 times the
   product of the sums of the weights' moduli. `rounding` is ten times that. Comparisons of payoffs leave SLACK. */

#define SLACK 1e-12
#define UNKNOWNS 12
#define PATHS 64
#define EMPTY 0
#define SETTLED 1
#define OPEN 2

typedef struct { double re, im; } number;

static inline number plus(number a, number b) { return (number){a.re + b.re, a.im + b.im}; }
static inline number minus(number a, number b) { return (number){a.re - b.re, a.im - b.im}; }
static inline number times(number a, number b) { return (number){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re}; }
static inline double modulus(number a) { return sqrt(a.re * a.re + a.im * a.im); }
static inline number over(number a, number b)
{
    const double square = b.re * b.re + b.im * b.im;
    return (number){(a.re * b.re + a.im * b.im) / square, (a.im * b.re - a.re * b.im) / square};
}

typedef struct {
    int players, shape[LARGEST], size[LARGEST], own[LARGEST][LARGEST]; /* the support */
    long stride[LARGEST];
    const double *payoffs; /* [player][cell], scaled */
    long cells;
    int unknowns, equations, from[LARGEST]; /* first unknown of each player */
    int player_of[UNKNOWNS], action_of[UNKNOWNS]; /* whose equation, and which of the support's actions is compared with the first */
    long entries[LARGEST];                  /* cells of the other players' supports */
    number *start[UNKNOWNS], *line[UNKNOWNS], *now, *terms; /* coefficients at t = 0; and their change up to t = 1 */
    double *table[UNKNOWNS];
    number forms[UNKNOWNS][LARGEST][LARGEST];
    number x[LARGEST][LARGEST];             /* weights */
    number value[UNKNOWNS], slope[UNKNOWNS][UNKNOWNS], speed[UNKNOWNS];
} tracker;

/* A fixed number on the unit circle for each seed. */
static number general(uint64_t seed)
{
    seed += 0x9e3779b97f4a7c15u;
    seed = (seed ^ seed >> 30) * 0xbf58476d1ce4e5b9u, seed = (seed ^ seed >> 27) * 0x94d049bb133111ebu, seed ^= seed >> 31;
    const double angle = 6.283185307179586 * (double)(seed >> 11) * 0x1p-53;
    return (number){cos(angle), sin(angle)};
}

/* The differences of one player's payoffs between two actions, over the others' supports in order. */
static void differences(const tracker *k, int player, int one, int other, double *to)
{
    int at[LARGEST] = {0};
    const double *u = k->payoffs + player * k->cells;
    for (long e = 0; e < k->entries[player]; e++) {
        long cell = 0;
        for (int j = 0; j < k->players; j++) if (j != player) cell += k->own[j][at[j]] * k->stride[j];
        to[e] = u[cell + one * k->stride[player]] - u[cell + other * k->stride[player]];
        for (int j = k->players - 1; j >= 0; j--)
            if (j != player) {
                if (++at[j] < k->size[j]) break;
                at[j] = 0;
            }
    }
}

/* The expansion, in place, of a multilinear form about k->x: along each axis entry 0 becomes the value there, entry a the change towards a. */
static void expand(const tracker *k, int player, number *terms)
{
    long after = k->entries[player], before = 1;
    for (int j = 0; j < k->players; j++) {
        if (j == player || k->size[j] == 1) continue;
        const int s = k->size[j];
        after /= s;
        for (long b = 0; b < before; b++)
            for (long c = 0; c < after; c++) {
                number *entry = terms + b * s * after + c, first = entry[0], total = times(first, k->x[j][0]);
                for (int a = 1; a < s; a++) {
                    total = plus(total, times(entry[a * after], k->x[j][a]));
                    entry[a * after] = minus(entry[a * after], first);
                }
                entry[0] = total;
            }
        before *= s;
    }
}

/* Bound on what higher terms add to a form within a radius (times `wide` in a player's weights), and on the change of its slope, from its expansion;
   degrees from `least` on. */
static void curvature(const tracker *k, int player, const number *terms, double radius, const double *wide, int least, double *rest, double *change)
{
    int at[LARGEST] = {0};
    double total = 0.0, steep = 0.0;
    for (long e = 0; e < k->entries[player]; e++) {
        int degree = 0;
        double reach = 1.0;
        for (int j = 0; j < k->players; j++)
            if (j != player && at[j] > 0) degree++, reach *= wide ? radius * wide[j] : radius;
        if (degree >= least) {
            const double size = modulus(terms[e]) * reach;
            total += size, steep += size * degree;
        }
        for (int j = k->players - 1; j >= 0; j--)
            if (j != player) {
                if (++at[j] < k->size[j]) break;
                at[j] = 0;
            }
    }
    *rest = total, *change = steep;
}

/* Values and slopes at k->x of the coefficients at t, and how fast the values change in t. */
static void system_at(tracker *k, double t, int moving)
{
    for (int e = 0; e < k->equations; e++) {
        const int i = k->player_of[e];
        const long count = k->entries[i];
        for (long c = 0; c < count; c++)
            k->now[c] = t == 1.0 ? (number){k->table[e][c], 0.0} : (number){k->start[e][c].re + t * k->line[e][c].re, k->start[e][c].im + t * k->line[e][c].im};
        expand(k, i, k->now);
        k->value[e] = k->now[0];
        long after = count;
        for (int u = 0; u < k->unknowns; u++) k->slope[e][u] = (number){0.0, 0.0};
        for (int j = 0; j < k->players; j++) {
            if (j == i || k->size[j] == 1) continue;
            after /= k->size[j];
            for (int a = 1; a < k->size[j]; a++) k->slope[e][k->from[j] + a - 1] = k->now[a * after];
        }
        if (!moving) continue;
        memcpy(k->terms, k->line[e], count * sizeof(number));
        long room = count;
        for (int j = 0; j < k->players; j++) { /* only the value */
            if (j == i || k->size[j] == 1) continue;
            const int s = k->size[j];
            room /= s;
            for (long c = 0; c < room; c++) {
                number total = {0.0, 0.0};
                for (int a = 0; a < s; a++) total = plus(total, times(k->terms[a * room + c], k->x[j][a]));
                k->terms[c] = total;
            }
        }
            k->speed[e] = k->terms[0];
    }
}

/* Elimination of the slopes (columns: unknowns, then `right` of `width` columns) in a; 0 if singular. The answers replace the right sides. */
static int solved(number *a, int n, int width)
{
    const int wide = n + width;
    for (int p = 0; p < n; p++) {
        int best = p;
        double size = 0.0;
        for (int r = p; r < n; r++) {
            const double here = fabs(a[r * wide + p].re) + fabs(a[r * wide + p].im);
            if (here > size) size = here, best = r;
        }
        if (!(size > 1e-200)) return 0;
        if (best != p)
            for (int c = p; c < wide; c++) {
                const number held = a[p * wide + c];
                a[p * wide + c] = a[best * wide + c], a[best * wide + c] = held;
            }
        const number one = over((number){1.0, 0.0}, a[p * wide + p]);
        for (int c = p + 1; c < wide; c++) a[p * wide + c] = times(a[p * wide + c], one);
        for (int r = 0; r < n; r++) {
            if (r == p || (r < p && width == 1)) continue;
            const number by = a[r * wide + p];
            for (int c = p + 1; c < wide; c++) a[r * wide + c] = minus(a[r * wide + c], times(by, a[p * wide + c]));
        }
    }
    if (width == 1)
        for (int p = n - 1; p >= 0; p--)
            for (int r = 0; r < p; r++) a[r * wide + n] = minus(a[r * wide + n], times(a[r * wide + p], a[p * wide + n]));
    return 1;
}

/* Newton's step, or the direction of the path, in `step`; 0 if the slopes are singular. */
static int direction(tracker *k, const number *right, number *step)
{
    number a[UNKNOWNS * (UNKNOWNS + 1)];
    const int n = k->unknowns;
    for (int r = 0; r < n; r++) {
        for (int c = 0; c < n; c++) a[r * (n + 1) + c] = k->slope[r][c];
        a[r * (n + 1) + n] = (number){-right[r].re, -right[r].im};
    }
    if (!solved(a, n, 1)) return 0;
    for (int r = 0; r < n; r++) step[r] = a[r * (n + 1) + n];
    return 1;
}

static void place(tracker *k, const number *at)
{
    for (int j = 0; j < k->players; j++) {
        number rest = {1.0, 0.0};
        for (int a = 1; a < k->size[j]; a++) k->x[j][a] = at[k->from[j] + a - 1], rest = minus(rest, k->x[j][a]);
        k->x[j][0] = rest;
    }
}

static double largest(const number *v, int n)
{
    double size = 0.0;
    for (int c = 0; c < n; c++) {
        const double here = fabs(v[c].re) + fabs(v[c].im);
        if (!(here <= size)) size = here;
    }
    return size;
}

/* Newton's method at t from `at`; 1 if it converges fast enough for a step along a path, or, at the end, to rounding. */
static int newton(tracker *k, double t, number *at, int rounds, double first, double last)
{
    number step[UNKNOWNS];
    double size = INFINITY;
    for (int round = 0; round < rounds; round++) {
        place(k, at);
        system_at(k, t, 0);
        if (!direction(k, k->value, step)) return 0;
        size = largest(step, k->unknowns) / (1.0 + largest(at, k->unknowns));
        if (!isfinite(size) || (round == 0 && size > first)) return 0;
        for (int c = 0; c < k->unknowns; c++) at[c] = plus(at[c], step[c]);
        if (size < last) return 1;
    }
    return 0;
}

/* One path from t = 0 to 1; 0 if it is lost. */
static int track(tracker *k, number *at)
{
    const int n = k->unknowns;
    number slope[4][UNKNOWNS], trial[UNKNOWNS];
    static const double ahead[] = {0.0, 0.5, 0.5, 1.0};
    double t = 0.0, step = 0.1;
    for (int count = 0; count < 400 && t < 1.0;) {
        if (step > 1.0 - t) step = 1.0 - t;
        int good = 1;
        for (int stage = 0; stage < 4 && good; stage++) {
            for (int c = 0; c < n; c++)
                trial[c] = stage ? (number){at[c].re + step * ahead[stage] * slope[stage - 1][c].re, at[c].im + step * ahead[stage] * slope[stage - 1][c].im} : at[c];
            place(k, trial);
            system_at(k, t + ahead[stage] * step == 1.0 ? 1.0 - 1e-16 : t + ahead[stage] * step, 1);
            good = direction(k, k->speed, slope[stage]);
        }
        if (good) {
            for (int c = 0; c < n; c++) {
                trial[c].re = at[c].re + step / 6 * (slope[0][c].re + 2 * slope[1][c].re + 2 * slope[2][c].re + slope[3][c].re);
                trial[c].im = at[c].im + step / 6 * (slope[0][c].im + 2 * slope[1][c].im + 2 * slope[2][c].im + slope[3][c].im);
            }
            const double next = t + step >= 1.0 - 1e-14 ? 1.0 : t + step;
            good = newton(k, next, trial, 3, 0.01, 1e-6);
            if (good) {
                memcpy(at, trial, n * sizeof(number));
                if (largest(at, n) > 1e5) return 0;
                t = next, step *= 1.6, count++;
                continue;
            }
        }
        step *= 0.5;
        if (step < 1e-7) return 0;
    }
    return t >= 1.0;
}

/* A bound on the rounding of a value or a slope of a player's differences at k->x. */
static double rounding(const tracker *k, int player)
{
    double product = 1e-14;
    int terms = 0;
    for (int j = 0; j < k->players; j++) {
        double total = 0.0;
        for (int a = 0; a < k->size[j]; a++) total += modulus(k->x[j][a]);
        if (k->size[j] > 1 && j != player) product *= total;
        terms += k->size[j] + 6;
    }
    return product * terms;
}

/* Whether the box around k->x, of a radius times `wide` in a player's weights, holds exactly one zero of the game's equations.
   a: slopes, then their approximate inverse. */
static int contracts(tracker *k, const number *a, const double *slack, double radius, const double *wide)
{
    const int n = k->unknowns, width = 2 * n;
    double rest[UNKNOWNS], change[UNKNOWNS];
    for (int e = 0; e < n; e++) {
        const int i = k->player_of[e];
        for (long c = 0; c < k->entries[i]; c++) k->now[c] = (number){k->table[e][c], 0.0};
        expand(k, i, k->now);
        curvature(k, i, k->now, radius, wide, 2, &rest[e], &change[e]);
    }
    for (int j = 0; j < k->players; j++)
        for (int r = k->from[j]; r < k->from[j] + k->size[j] - 1; r++) {
            double lost = 0.0, defect = 0.0, curved = 0.0, steep = 0.0;
            number moved = {0.0, 0.0};
            for (int e = 0; e < n; e++) {
                const number y = a[r * width + n + e];
                const double size = modulus(y);
                lost += slack[e] * size, curved += size * rest[e], steep += size * change[e];
                moved = plus(moved, times(y, k->value[e]));
            }
            for (int m = 0; m < k->players; m++)
                for (int c = k->from[m]; c < k->from[m] + k->size[m] - 1; c++) {
                    number total = {r == c ? -1.0 : 0.0, 0.0};
                    for (int e = 0; e < n; e++) total = plus(total, times(a[r * width + n + e], k->slope[e][c]));
                    defect += (modulus(total) + lost) * wide[m];
                }
            if (!(defect + steep / radius < 0.9 * wide[j]) || !(modulus(moved) + lost + defect * radius + curved < radius * wide[j])) return 0;
        }
    return 1;
}

/* The radius of a ball around `at` that holds exactly one zero of the game's equations, if the others are in balls apart from it; 0 if none is proved. */
static double proved(tracker *k, const number *at)
{
    const int n = k->unknowns, width = 2 * n;
    number a[UNKNOWNS * 2 * UNKNOWNS];
    place(k, at);
    double slack[UNKNOWNS], wide[LARGEST] = {0}, widest = 1.0, radius = 1e-8, least = 0.0;
    system_at(k, 1.0, 0);
    for (int e = 0; e < n; e++) {
        slack[e] = rounding(k, k->player_of[e]);
        for (int c = 0; c < n; c++) a[e * width + c] = k->slope[e][c], a[e * width + n + c] = (number){e == c, 0.0};
    }
    if (!solved(a, n, n)) return 0.0;
    for (int j = 0; j < k->players; j++) {
        wide[j] = 1.0 + largest(at + k->from[j], k->size[j] - 1);
        if (wide[j] > widest) widest = wide[j];
        for (int r = k->from[j]; r < k->from[j] + k->size[j] - 1; r++) {
            double lost = 0.0;
            number moved = {0.0, 0.0};
            for (int e = 0; e < n; e++) lost += slack[e] * modulus(a[r * width + n + e]), moved = plus(moved, times(a[r * width + n + e], k->value[e]));
            if (!(2 * (modulus(moved) + lost) <= least * wide[j])) least = 2 * (modulus(moved) + lost) / wide[j];
        }
    }
    if (!(least < 1e-2)) return 0.0;
    if (radius < least) radius = least;
    if (!contracts(k, a, slack, radius, wide)) {
        if (least == radius || !contracts(k, a, slack, least, wide)) return 0.0;
        radius = least;
    }
    return radius * widest;
}

/* Zeros of the system of linear forms, one for each way to hand out equations; their number, or -1 if there are more than PATHS. */
static int starts(tracker *k, number roots[][UNKNOWNS])
{
    int to[UNKNOWNS], left[LARGEST], found = 0, e = 0;
    for (int j = 0; j < k->players; j++) left[j] = k->size[j] - 1;
    if (k->equations == 0) return 0;
    to[0] = -1;
    while (e >= 0) {
        if (to[e] >= 0) left[to[e]]++;
        int next = to[e] + 1;
        while (next < k->players && (next == k->player_of[e] || left[next] == 0)) next++;
        if (next == k->players) {
            e--;
            continue;
        }
        to[e] = next, left[next]--;
        if (e + 1 < k->equations) {
            to[++e] = -1;
            continue;
        }
        if (found == PATHS) return -1;
        for (int j = 0; j < k->players; j++) {
            const int m = k->size[j] - 1, wide = m + 1;
            number a[LARGEST * (LARGEST + 1)];
            int row = 0;
            for (int q = 0; q < k->equations; q++)
                if (to[q] == j) {
                    for (int c = 0; c < m; c++) a[row * wide + c] = minus(k->forms[q][j][c + 1], k->forms[q][j][0]);
                    a[row * wide + m] = (number){-k->forms[q][j][0].re, -k->forms[q][j][0].im}, row++;
                }
            if (m && !solved(a, m, 1)) return -1;
            for (int c = 0; c < m; c++) roots[found][k->from[j] + c] = a[c * wide + m];
        }
        found++;
    }
    return found;
}

/* Whether some difference has no zero on the simplices, or an action outside is always better. */
static int impossible(tracker *k, double *work)
{
    for (int i = 0; i < k->players; i++)
        for (int a = 0; a < k->size[i]; a++)
            for (int b = 0; b < k->shape[i]; b++) {
                int inside = 0;
                for (int c = 0; c < k->size[i]; c++) inside |= k->own[i][c] == b;
                if (inside && b <= k->own[i][a]) continue;
                differences(k, i, k->own[i][a], b, work);
                double low = work[0], high = work[0];
                for (long e = 1; e < k->entries[i]; e++) low = work[e] < low ? work[e] : low, high = work[e] > high ? work[e] : high;
                if (high < -SLACK || (inside && low > SLACK)) return 1;
            }
    return 0;
}

/* Whether the actions outside the support are worse at k->x, the zero being within `radius`: EMPTY if some is better, OPEN if that is not decided. */
static int outside(tracker *k, double radius, double *work)
{
    int verdict = SETTLED;
    for (int i = 0; i < k->players; i++) {
        const double slack = rounding(k, i);
        for (int b = 0; b < k->shape[i]; b++) {
            int inside = 0;
            for (int c = 0; c < k->size[i]; c++) inside |= k->own[i][c] == b;
            if (inside) continue;
            differences(k, i, b, k->own[i][0], work);
            for (long e = 0; e < k->entries[i]; e++) k->now[e] = (number){work[e], 0.0};
            expand(k, i, k->now);
            double rest, change;
            curvature(k, i, k->now, radius, NULL, 1, &rest, &change);
            if (k->now[0].re > rest + slack) return EMPTY;
            if (!(k->now[0].re < -rest - slack)) verdict = OPEN;
        }
    }
    return verdict;
}

/* All zeros of the support's equations, with the radii of disjoint balls around them: their number, 0 if that is not proved. */
static int zeros(tracker *k, number roots[][UNKNOWNS], double *radii)
{
    const int n = k->unknowns;
    for (int e = 0; e < n; e++) {
        const int i = k->player_of[e];
        differences(k, i, k->own[i][k->action_of[e]], k->own[i][0], k->table[e]);
        for (long c = 0; c < k->entries[i]; c++) { /* the product of the forms at the cell */
            number product = {1.0, 0.0};
            long left = c;
            for (int j = k->players - 1; j >= 0; j--)
                if (j != i) product = times(product, k->forms[e][j][left % k->size[j]]), left /= k->size[j];
            k->start[e][c] = product, k->line[e][c] = (number){k->table[e][c] - product.re, -product.im};
        }
    }
    const int count = starts(k, roots);
    if (count <= 0) return 0;
    for (int p = 0; p < count; p++) {
        if (count == 1) memset(roots[0], 0, n * sizeof(number));
        if (!(count == 1 ? newton(k, 1.0, roots[0], 30, 1e6, 1e-15) : track(k, roots[p]))) return 0;
        newton(k, 1.0, roots[p], 8, 1.0, 4e-16);
        double imaginary = 0.0;
        for (int c = 0; c < n; c++) imaginary = fabs(roots[p][c].im) > imaginary ? fabs(roots[p][c].im) : imaginary;
        if (imaginary < 1e-9 * (1.0 + largest(roots[p], n)))
            for (int c = 0; c < n; c++) roots[p][c].im = 0.0;
        radii[p] = proved(k, roots[p]);
        if (radii[p] == 0.0) return 0;
        for (int q = 0; q < p; q++) {
            double apart = 0.0;
            for (int c = 0; c < n; c++) {
                const double gap = modulus(minus(roots[p][c], roots[q][c]));
                apart = gap > apart ? gap : apart;
            }
            if (!(apart > 1.001 * (radii[p] + radii[q]))) return 0;
        }
    }
    return count;
}

/* Numbers of unknowns and equations. A player with more equations than all others have unknowns keeps as many as these, and no unknowns
   (they are in none of them): the player is returned, -1 if there is none. */
static int reduced(tracker *k)
{
    int total = 0, crowded = -1;
    for (int j = 0; j < k->players; j++) total += k->size[j] - 1;
    for (int j = 0; j < k->players; j++)
        if (2 * (k->size[j] - 1) > total) crowded = j;
    if (crowded >= 0) total -= k->size[crowded] - 1, k->size[crowded] = 1;
    k->unknowns = k->equations = 0;
    for (int j = 0; j < k->players; j++) {
        k->from[j] = k->unknowns, k->unknowns += k->size[j] - 1;
        for (int c = 1; c <= (j == crowded ? total : crowded < 0 ? k->size[j] - 1 : 0); c++, k->equations++)
            if (k->equations < UNKNOWNS) k->player_of[k->equations] = j, k->action_of[k->equations] = c;
    }
    return crowded;
}

/* All equilibria with exactly the support in k: SETTLED or EMPTY, with `found` of them written (weights of all actions, then the radius); or OPEN. */
static int settle(tracker *k, double *rows, long room, long *found, double *work, number roots[][UNKNOWNS], double *radii)
{
    int actions = 0, count = 1, verdict = EMPTY;
    for (int j = 0; j < k->players; j++) actions += k->shape[j];
    if (impossible(k, work)) return EMPTY;
    const int crowded = reduced(k), n = k->unknowns;
    if (n > UNKNOWNS) return OPEN;
    if (n) {
        count = zeros(k, roots, radii);
        if (count <= 0) return OPEN;
    }
    if (crowded >= 0) { /* the next equation must not hold at any of the zeros of the others */
        for (int p = 0; p < count; p++) {
            double rest, change;
            place(k, roots[p]);
            differences(k, crowded, k->own[crowded][n + 1], k->own[crowded][0], work);
            for (long e = 0; e < k->entries[crowded]; e++) k->now[e] = (number){work[e], 0.0};
            expand(k, crowded, k->now);
            curvature(k, crowded, k->now, n ? radii[p] : 0.0, NULL, 1, &rest, &change);
            if (!(modulus(k->now[0]) > rest + rounding(k, crowded))) return OPEN;
        }
        return EMPTY;
    }
    for (int p = 0; p < count; p++) {
        int positive = SETTLED, real = 1;
        const double radius = n ? radii[p] : 0.0;
        for (int c = 0; c < n; c++) real &= roots[p][c].im == 0.0;
        if (!real) { /* the ball must not meet the real space */
            double imaginary = 0.0;
            for (int c = 0; c < n; c++) imaginary = fabs(roots[p][c].im) > imaginary ? fabs(roots[p][c].im) : imaginary;
            if (!(imaginary > 1.001 * radius)) return OPEN;
            continue;
        }
        place(k, roots[p]);
        for (int j = 0; j < k->players; j++)
            for (int a = 0; a < k->size[j]; a++) {
                const double reach = (a ? radius : radius * (k->size[j] - 1)) + rounding(k, -1);
                if (k->size[j] == 1) continue;
                if (k->x[j][a].re < -reach) positive = EMPTY;
                else if (!(k->x[j][a].re > reach) && positive == SETTLED) positive = OPEN;
            }
        if (positive == EMPTY) continue;
        const int best = outside(k, radius, work);
        if (best == EMPTY) continue;
        if (positive == OPEN || best == OPEN) return OPEN;
        if (*found == room) return -1;
        double *row = rows + (*found)++ * (actions + 1);
        memset(row, 0, actions * sizeof(double));
        for (int j = 0, first = 0; j < k->players; first += k->shape[j++])
            for (int a = 0; a < k->size[j]; a++) row[first + k->own[j][a]] = k->size[j] == 1 ? 1.0 : k->x[j][a].re;
        row[actions] = radius, verdict = SETTLED;
    }
    return verdict;
}

static int tracker_make(tracker *k, int players, const int32_t *shape, number **memory)
{
    memset(k, 0, sizeof *k);
    k->players = players, k->cells = 1;
    for (int j = 0; j < players; j++) k->shape[j] = shape[j];
    for (int j = players - 1; j >= 0; j--) k->stride[j] = k->cells, k->cells *= shape[j];
    number *at = *memory = malloc((size_t)(3 * UNKNOWNS + 4) * k->cells * sizeof(number));
    if (!at) return 0;
    for (int e = 0; e < UNKNOWNS; e++) k->start[e] = at, k->line[e] = at + k->cells, k->table[e] = (double *)(at + 2 * k->cells), at += 3 * k->cells;
    k->now = at, k->terms = at + k->cells;
    for (int e = 0; e < UNKNOWNS; e++)
        for (int j = 0; j < LARGEST; j++)
            for (int a = 0; a < LARGEST; a++) k->forms[e][j][a] = general(((uint64_t)e * LARGEST + j) * LARGEST + a);
    return 1;
}

/* The support with given bit masks. */
static void take(tracker *k, const int64_t *masks)
{
    for (int j = 0; j < k->players; j++) {
        k->size[j] = 0;
        for (int a = 0; a < k->shape[j]; a++)
            if (masks[j] >> a & 1) k->own[j][k->size[j]++] = a;
    }
    for (int i = 0; i < k->players; i++) {
        k->entries[i] = 1;
        for (int j = 0; j < k->players; j++)
            if (j != i) k->entries[i] *= k->size[j];
    }
}

/* Every support of one game: equilibria in `rows`, the masks of supports that were not settled in `open`. -1 if there is no room. */
static int all_supports(tracker *k, double *rows, long room, long *found, int64_t *open, long open_room, long *opened, double *work,
                        number roots[][UNKNOWNS], double *radii)
{
    int64_t masks[LARGEST];
    for (int j = 0; j < k->players; j++) masks[j] = 1;
    for (;;) {
        const long before = *found;
        take(k, masks);
        const int verdict = settle(k, rows, room, found, work, roots, radii);
        if (verdict < 0) return -1;
        if (verdict == OPEN) {
            *found = before; /* all or nothing of a support */
            if (*opened == open_room) return -1;
            memcpy(open + (*opened)++ * k->players, masks, k->players * sizeof(int64_t));
        }
        int j = k->players - 1;
        while (j >= 0 && ++masks[j] == (int64_t)1 << k->shape[j]) masks[j--] = 1;
        if (j < 0) return 0;
    }
}

/* The given supports of one game (masks by support): as above. */
static int some_supports(tracker *k, const int64_t *masks, long count, double *rows, long room, long *found, int64_t *open, long *opened, double *work,
                         number roots[][UNKNOWNS], double *radii)
{
    for (long s = 0; s < count; s++) {
        const long before = *found;
        take(k, masks + s * k->players);
        const int verdict = settle(k, rows, room, found, work, roots, radii);
        if (verdict < 0) return -1;
        if (verdict == OPEN) *found = before, open[(*opened)++] = s;
    }
    return 0;
}
