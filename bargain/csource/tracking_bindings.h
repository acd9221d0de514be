/* The functions of the module that find all equilibria of games with any number of players, those of one game on some supports,
   and all complex zeros of one support's indifference conditions. */

static PyObject *many_players(PyObject *self, PyObject *args)
{
    Py_buffer v[6];
    int players;
    long found = -2, opened = 0;
    if (!PyArg_ParseTuple(args, "iy*y*w*w*w*w*", &players, &v[0], &v[1], &v[2], &v[3], &v[4], &v[5])) return NULL;
    const Py_ssize_t games = v[5].len / 16;
    const int K = games > 0 && v[1].len % (games * 8) == 0 ? logit_fits(players, &v[0], v[1].len / 8 / games) : 0;
    int narrow = 1;
    for (int j = 0; K && j < players; j++) narrow &= ((const int32_t *)v[0].buf)[j] <= LARGEST;
    const Py_ssize_t room = K ? v[2].len / 8 / (K + 1) : 0, open_room = K ? v[4].len / 8 / players : 0;
    if (K && narrow && v[3].len == room * 8) {
        tracker k;
        number *memory = NULL, (*roots)[UNKNOWNS] = malloc(PATHS * sizeof *roots);
        double *work = malloc(v[1].len / games), *radii = malloc(PATHS * sizeof(double));
        found = -3;
        if (roots && work && radii && tracker_make(&k, players, v[0].buf, &memory)) {
            found = 0;
            Py_BEGIN_ALLOW_THREADS
            for (Py_ssize_t game = 0; game < games && found >= 0; game++) {
                const long before = found, open_before = opened;
                k.payoffs = (const double *)v[1].buf + game * k.cells * players;
                if (all_supports(&k, v[2].buf, room, &found, v[4].buf, open_room, &opened, work, roots, radii) < 0) {
                    found = -1;
                    break;
                }
                for (long e = before; e < found; e++) ((int64_t *)v[3].buf)[e] = game;
                ((int64_t *)v[5].buf)[2 * game] = found - before, ((int64_t *)v[5].buf)[2 * game + 1] = opened - open_before;
            }
            Py_END_ALLOW_THREADS
        }
        free(memory), free(roots), free(work), free(radii);
    }
    for (int i = 0; i < 6; i++) PyBuffer_Release(&v[i]);
    if (found == -2) return PyErr_Format(PyExc_ValueError, "shape, payoffs and results do not fit together");
    if (found == -3) return PyErr_NoMemory();
    return PyLong_FromLong(found);
}

static PyObject *many_players_on(PyObject *self, PyObject *args)
{
    Py_buffer v[5];
    int players, good = 1;
    long found = -2, opened = 0;
    if (!PyArg_ParseTuple(args, "iy*y*y*w*w*", &players, &v[0], &v[1], &v[2], &v[3], &v[4])) return NULL;
    const int K = logit_fits(players, &v[0], v[1].len / 8);
    const Py_ssize_t count = K ? v[2].len / 8 / players : 0, room = K ? v[3].len / 8 / (K + 1) : 0;
    for (int j = 0; K && j < players; j++) {
        const int32_t m = ((const int32_t *)v[0].buf)[j];
        good &= m <= LARGEST;
        for (Py_ssize_t s = 0; good && s < count; s++) {
            const int64_t mask = ((const int64_t *)v[2].buf)[s * players + j];
            good &= mask > 0 && mask < (int64_t)1 << m;
        }
    }
    if (K && good && v[4].len == count * 8) {
        tracker k;
        number *memory = NULL, (*roots)[UNKNOWNS] = malloc(PATHS * sizeof *roots);
        double *work = malloc(v[1].len), *radii = malloc(PATHS * sizeof(double));
        found = -3;
        if (roots && work && radii && tracker_make(&k, players, v[0].buf, &memory)) {
            found = 0;
            Py_BEGIN_ALLOW_THREADS
            k.payoffs = v[1].buf;
            if (some_supports(&k, v[2].buf, count, v[3].buf, room, &found, v[4].buf, &opened, work, roots, radii) < 0) found = -1;
            Py_END_ALLOW_THREADS
        }
        free(memory), free(roots), free(work), free(radii);
    }
    for (int i = 0; i < 5; i++) PyBuffer_Release(&v[i]);
    if (found == -2) return PyErr_Format(PyExc_ValueError, "shape, payoffs, supports and results do not fit together");
    if (found == -3) return PyErr_NoMemory();
    return Py_BuildValue("ll", found, opened);
}

static PyObject *complex_zeros(PyObject *self, PyObject *args)
{
    Py_buffer v[4];
    int players, count = -2;
    if (!PyArg_ParseTuple(args, "iy*y*y*w*", &players, &v[0], &v[1], &v[2], &v[3])) return NULL;
    int good = logit_fits(players, &v[0], v[1].len / 8) && v[2].len == (Py_ssize_t)players * 8 && v[3].len == (Py_ssize_t)(PATHS * UNKNOWNS * sizeof(number));
    for (int j = 0; good && j < players; j++) {
        const int32_t m = ((const int32_t *)v[0].buf)[j];
        const int64_t mask = ((const int64_t *)v[2].buf)[j];
        good &= m <= LARGEST && mask > 0 && mask < (int64_t)1 << m;
    }
    if (good) {
        tracker k;
        number *memory = NULL;
        double *radii = malloc(PATHS * sizeof(double));
        count = -3;
        if (radii && tracker_make(&k, players, v[0].buf, &memory)) {
            k.payoffs = v[1].buf;
            take(&k, v[2].buf);
            count = reduced(&k) < 0 && k.unknowns > 0 && k.unknowns <= UNKNOWNS ? zeros(&k, v[3].buf, radii) : 0;
        }
        free(memory), free(radii);
    }
    for (int i = 0; i < 4; i++) PyBuffer_Release(&v[i]);
    if (count == -2) return PyErr_Format(PyExc_ValueError, "shape, payoffs, support and result do not fit together");
    if (count == -3) return PyErr_NoMemory();
    return PyLong_FromLong(count);
}
