/* The functions of the module that follow the logit branch. */

/* Whether the shape fits the payoffs of one game; the number of actions of all players, or 0. */
static int logit_fits(int players, const Py_buffer *shape, Py_ssize_t doubles)
{
    Py_ssize_t cells = 1, actions = 0;
    if (players < 1 || players > LARGEST || shape->len != (Py_ssize_t)players * 4) return 0;
    for (int i = 0; i < players; i++) {
        const int32_t m = ((const int32_t *)shape->buf)[i];
        if (m < 1 || m > 1000) return 0;
        cells *= m, actions += m;
        if (cells > doubles) return 0;
    }
    return doubles == cells * players ? (int)actions : 0;
}

static PyObject *logit_points(PyObject *self, PyObject *args)
{
    Py_buffer v[4];
    int players;
    long found = -2;
    if (!PyArg_ParseTuple(args, "iy*y*w*w*", &players, &v[0], &v[1], &v[2], &v[3])) return NULL;
    const int K = logit_fits(players, &v[0], v[1].len / 8), N = K + 1;
    if (K && v[2].len == (2 * (Py_ssize_t)N + 1) * 8 && v[3].len % (N * 8) == 0) {
        const Py_ssize_t room = v[3].len / 8 / N;
        double *state = v[2].buf, *points = v[3].buf;
        logit g;
        found = -3;
        if (logit_make(&g, players, v[0].buf, v[1].buf, 1e4, 1e-10)) {
            found = 0;
            Py_BEGIN_ALLOW_THREADS
            if (state[2 * N] == 0.0) {
                logit_start(&g);
                if (room) memcpy(points, g.here, N * sizeof(double)), found = 1;
            } else {
                memcpy(g.here, state, N * sizeof(double)), memcpy(g.heading, state + N, N * sizeof(double));
                g.step = state[2 * N];
            }
            while (found < room && logit_next(&g)) memcpy(points + found++ * N, g.here, N * sizeof(double));
            memcpy(state, g.here, N * sizeof(double)), memcpy(state + N, g.turned ? g.tangent : g.heading, N * sizeof(double));
            state[2 * N] = g.step;
            Py_END_ALLOW_THREADS
        }
        free(g.memory);
    }
    for (int i = 0; i < 4; i++) PyBuffer_Release(&v[i]);
    if (found == -2) return PyErr_Format(PyExc_ValueError, "shape, payoffs, state and points do not fit together");
    if (found == -3) return PyErr_NoMemory();
    return PyLong_FromLong(found);
}

static PyObject *logit_ends(PyObject *self, PyObject *args)
{
    Py_buffer v[5];
    int players, good = -2;
    long most;
    if (!PyArg_ParseTuple(args, "ily*y*w*w*w*", &players, &most, &v[0], &v[1], &v[2], &v[3], &v[4])) return NULL;
    const Py_ssize_t games = v[3].len / 8;
    const int K = games > 0 && v[1].len % (games * 8) == 0 ? logit_fits(players, &v[0], v[1].len / 8 / games) : 0;
    if (K && v[2].len == games * K * 8 && v[4].len == games * 16) {
        logit g;
        good = -3;
        if (logit_make(&g, players, v[0].buf, v[1].buf, INFINITY, 1e-14)) {
            good = 1;
            Py_BEGIN_ALLOW_THREADS
            for (Py_ssize_t game = 0; game < games; game++) {
                long steps;
                g.payoffs = (const double *)v[1].buf + game * g.cells * players;
                const double regret = logit_end(&g, most, &steps);
                ((double *)v[3].buf)[game] = regret;
                ((double *)v[4].buf)[2 * game] = g.here[K], ((double *)v[4].buf)[2 * game + 1] = steps;
                for (int a = 0; a < K; a++) ((double *)v[2].buf)[game * K + a] = isfinite(regret) ? g.weights[a] : NAN;
            }
            Py_END_ALLOW_THREADS
        }
        free(g.memory);
    }
    for (int i = 0; i < 5; i++) PyBuffer_Release(&v[i]);
    if (good == -2) return PyErr_Format(PyExc_ValueError, "shape, payoffs and results do not fit together");
    if (good == -3) return PyErr_NoMemory();
    Py_RETURN_NONE;
}
