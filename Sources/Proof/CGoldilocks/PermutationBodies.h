// Poseidon2 of width 12 on LANE_COUNT lanes. Include after a set of lanes.
//
// The linear layers of Poseidon2 work on 32-bit halves: their sums are plain additions and one
// reduction an element joins them again. A round's constants ride along with the layer before it.

#define WIDTH 12
#define RATE 8
#define HALF_FULL_ROUNDS 4
#define PARTIAL_ROUNDS 22
/// How many states are permuted together.
#define STATE_COUNT (GROUP == 1 ? 1 : 2)

/// high * 2^32 + low for high, low < 2^40.
INLINE Lanes join(Lanes high, Lanes low) {
    Lanes carry = shiftRight(high, 32);
    return addCanonical(
        shiftLeft(high, 32), plus(low, minus(shiftLeft(carry, 32), carry)));
}

/// count <= GROUP of them.
INLINE void seventhPowers(Lanes *x, const int count) {
    Lanes second[GROUP], fourth[GROUP];
    squareEach(second, x, count);
    squareEach(fourth, second, count);
    multiplyEach(second, second, x, count);
    multiplyEach(x, second, fourth, count);
}

INLINE Lanes twice(Lanes x) { return plus(x, x); }

/// circ(2, 3, 1, 1).
INLINE void mixFour(Lanes *x) {
    Lanes front = plus(x[0], x[1]), back = plus(x[2], x[3]), all = plus(front, back);
    Lanes left = plus(all, x[1]), right = plus(all, x[3]);
    Lanes first = x[0], third = x[2];
    x[0] = plus(left, front);
    x[1] = plus(left, twice(third));
    x[2] = plus(right, back);
    x[3] = plus(right, twice(first));
}

/// circ(2 M4, M4, M4).
INLINE void mix(Lanes *x) {
    mixFour(x);
    mixFour(x + 4);
    mixFour(x + 8);
    for (int lane = 0; lane < 4; lane++) {
        Lanes sum = plus(plus(x[lane], x[lane + 4]), x[lane + 8]);
        x[lane] = plus(x[lane], sum);
        x[lane + 4] = plus(x[lane + 4], sum);
        x[lane + 8] = plus(x[lane + 8], sum);
    }
}

/// The external matrix, then `constants`, if any, added.
INLINE void externalLayer(Lanes *state, const uint64_t *constants) {
    Lanes low[WIDTH], high[WIDTH];
    for (int i = 0; i < WIDTH; i++) {
        low[i] = lowHalf(state[i]);
        high[i] = highHalf(state[i]);
    }
    mix(low);
    mix(high);
    if (constants) {
        for (int i = 0; i < WIDTH; i++) {
            low[i] = plus(low[i], splat(constants[i] & GOLDILOCKS_EPSILON));
            high[i] = plus(high[i], splat(constants[i] >> 32));
        }
    }
    for (int i = 0; i < WIDTH; i++) state[i] = join(high[i], low[i]);
}

/// All ones plus the diagonal -2, 1, 2, 1/2, 3, 4, -1/2, -3, -4, 1/4, -1/4, 1/8.
///
/// What does not wait for the first element stands first: that one has just come through its s-box.
INLINE void internalLayer(Lanes *x) {
    Lanes low = lowHalf(x[1]), high = highHalf(x[1]);
    for (int i = 2; i < WIDTH; i++) {
        low = plus(low, lowHalf(x[i]));
        high = plus(high, highHalf(x[i]));
    }
    Lanes x2 = canonical(x[2]), x3 = divide(x[3], 1), x4 = canonical(x[4]);
    Lanes x5 = shiftLeft(x[5], 2), lost5 = timesEpsilon(shiftRight(x[5], 62));
    Lanes x6 = divide(canonical(x[6]), 1), x7 = canonical(x[7]), x8 = canonical(x[8]);
    Lanes x9 = divide(x[9], 2), x10 = divide(canonical(x[10]), 2), x11 = divide(x[11], 3);
    Lanes x0 = canonical(x[0]);
    Lanes sum = canonical(join(plus(high, highHalf(x[0])), plus(low, lowHalf(x[0]))));

    x[0] = subtractCanonical(subtractCanonical(sum, x0), x0);
    x[1] = addCanonical(x[1], sum);
    x[2] = addCanonical(addCanonical(x[2], sum), x2);
    x[3] = addCanonical(x3, sum);
    x[4] = addCanonical(addCanonical(addCanonical(x[4], sum), x4), x4);
    x[5] = addCanonical(addCanonical(x5, sum), lost5);
    x[6] = subtractCanonical(sum, x6);
    x[7] = subtractCanonical(subtractCanonical(subtractCanonical(sum, x7), x7), x7);
    x[8] = subtractCanonical(subtractCanonical(sum, x8), x8);
    x[8] = subtractCanonical(subtractCanonical(x[8], x8), x8);
    x[9] = addCanonical(x9, sum);
    x[10] = subtractCanonical(sum, x10);
    x[11] = addCanonical(x11, sum);
}

/// Four full rounds, `constants` of the first of them added already.
INLINE void fullRounds(Lanes *state, const uint64_t *constants) {
    for (int round = 1; round <= HALF_FULL_ROUNDS; round++) {
        for (int i = 0; i < WIDTH; i += GROUP) seventhPowers(state + i, GROUP);
        externalLayer(state, round < HALF_FULL_ROUNDS ? constants + round * WIDTH : 0);
    }
}

/// The permutation of `count` <= STATE_COUNT states, one after another in `states`. A partial round
/// of one state is a single chain, so that those of two take little longer than that of one.
INLINE void permute(Lanes *states, const int count, Poseidon2Constants constants) {
    const uint64_t *last = constants.external + HALF_FULL_ROUNDS * WIDTH;
    for (int i = 0; i < count; i++) {
        externalLayer(states + i * WIDTH, constants.external);
        fullRounds(states + i * WIDTH, constants.external);
    }
    for (int round = 0; round < PARTIAL_ROUNDS; round++) {
        Lanes first[STATE_COUNT];
        for (int i = 0; i < count; i++) {
            first[i] = addCanonical(states[i * WIDTH], splat(constants.internal[round]));
        }
        seventhPowers(first, count);
        for (int i = 0; i < count; i++) {
            states[i * WIDTH] = first[i];
            internalLayer(states + i * WIDTH);
        }
    }
    for (int i = 0; i < count; i++) {
        Lanes *state = states + i * WIDTH;
        for (int j = 0; j < WIDTH; j++) state[j] = addCanonical(state[j], splat(last[j]));
        fullRounds(state, last);
    }
}
