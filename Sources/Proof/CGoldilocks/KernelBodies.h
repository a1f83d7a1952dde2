// The kernels on LANE_COUNT lanes: Poseidon2 of width 12, and the rows of a transform. Include after
// a set of lanes.
//
// The linear layers of Poseidon2 work on 32-bit halves: their sums are plain additions and one
// reduction an element joins them again. A round's constants ride along with the layer before it.

#define WIDTH 12
#define RATE 8
#define HALF_FULL_ROUNDS 4
#define PARTIAL_ROUNDS 22

/// high * 2^32 + low for high, low < 2^40.
INLINE Lanes join(Lanes high, Lanes low) {
    Lanes carry = shiftRight(high, 32);
    return addCanonical(
        shiftLeft(high, 32), plus(low, minus(shiftLeft(carry, 32), carry)));
}

INLINE Lanes seventhPower(Lanes x) {
    Lanes squared = square(x);
    return multiply(multiply(squared, x), square(squared));
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

/// x / 2^bits for bits <= 3: (x + k p) / 2^bits, k = -x mod 2^bits, as p = 1 mod 2^bits.
INLINE Lanes divide(Lanes x, int bits) {
    Lanes multiple = shiftLeft(minus(splat(0), x), 64 - bits);
    Lanes quotient = plus(shiftRight(x, bits), minus(multiple, shiftRight(multiple, 32)));
    return plusOneUnlessZero(quotient, both(x, splat((1ULL << bits) - 1)));
}

typedef struct {
    Lanes low, high;
} Halves;

INLINE Halves halves(Lanes x) { return (Halves){lowHalf(x), highHalf(x)}; }
INLINE Halves times2(Halves x) { return (Halves){twice(x.low), twice(x.high)}; }
INLINE Halves times3(Halves x) {
    return (Halves){plus(x.low, twice(x.low)), plus(x.high, twice(x.high))};
}
INLINE Halves times4(Halves x) { return (Halves){shiftLeft(x.low, 2), shiftLeft(x.high, 2)}; }

INLINE Lanes joinSum(Halves sum, Halves x) {
    return join(plus(sum.high, x.high), plus(sum.low, x.low));
}
INLINE Lanes joinDifference(Halves sum, Halves x) {
    return join(minus(sum.high, x.high), minus(sum.low, x.low));
}

/// All ones plus the diagonal -2, 1, 2, 1/2, 3, 4, -1/2, -3, -4, 1/4, -1/4, 1/8.
INLINE void internalLayer(Lanes *x) {
    Halves sum = halves(x[1]);
    for (int i = 2; i < WIDTH; i++) {
        sum.low = plus(sum.low, lowHalf(x[i]));
        sum.high = plus(sum.high, highHalf(x[i]));
    }
    sum.low = plus(sum.low, lowHalf(x[0]));
    sum.high = plus(sum.high, highHalf(x[0]));
    // The sum and 8p, neither half of which goes below zero when 4x is taken from it.
    Halves spare = {
        plus(sum.low, splat(8 + (8ULL << 32))),
        plus(sum.high, splat(8 * GOLDILOCKS_EPSILON - 8)),
    };
    x[0] = joinDifference(spare, times2(halves(x[0])));
    x[1] = joinSum(sum, halves(x[1]));
    x[2] = joinSum(sum, times2(halves(x[2])));
    x[3] = joinSum(sum, halves(divide(x[3], 1)));
    x[4] = joinSum(sum, times3(halves(x[4])));
    x[5] = joinSum(sum, times4(halves(x[5])));
    x[6] = joinDifference(spare, halves(divide(x[6], 1)));
    x[7] = joinDifference(spare, times3(halves(x[7])));
    x[8] = joinDifference(spare, times4(halves(x[8])));
    x[9] = joinSum(sum, halves(divide(x[9], 2)));
    x[10] = joinDifference(spare, halves(divide(x[10], 2)));
    x[11] = joinSum(sum, halves(divide(x[11], 3)));
}

/// Four full rounds, `constants` of the first of them added already.
INLINE void fullRounds(Lanes *state, const uint64_t *constants) {
    for (int round = 1; round <= HALF_FULL_ROUNDS; round++) {
        for (int i = 0; i < WIDTH; i++) state[i] = seventhPower(state[i]);
        externalLayer(state, round < HALF_FULL_ROUNDS ? constants + round * WIDTH : 0);
    }
}

INLINE void permute(Lanes *state, Poseidon2Constants constants) {
    const uint64_t *last = constants.external + HALF_FULL_ROUNDS * WIDTH;
    externalLayer(state, constants.external);
    fullRounds(state, constants.external);
    for (int round = 0; round < PARTIAL_ROUNDS; round++) {
        state[0] = seventhPower(addCanonical(state[0], splat(constants.internal[round])));
        internalLayer(state);
    }
    for (int i = 0; i < WIDTH; i++) state[i] = addCanonical(state[i], splat(last[i]));
    fullRounds(state, last);
}

INLINE void hashRows(
    const uint64_t *rows, size_t rowCount, size_t columnCount, const uint64_t *capacity,
    uint64_t *digests, Poseidon2Constants constants
) {
    for (size_t row = 0; row < rowCount; row += LANE_COUNT) {
        Lanes state[WIDTH];
        for (int i = 0; i < RATE; i++) state[i] = splat(0);
        for (int i = RATE; i < WIDTH; i++) state[i] = splat(capacity[i - RATE]);
        const uint64_t *start = rows + row * columnCount;
        size_t column = 0;
        do {
            size_t count = columnCount - column < RATE ? columnCount - column : RATE;
            for (size_t i = 0; i < count; i++) {
                state[i] = gather(start + column + i, columnCount);
            }
            permute(state, constants);
            column += count;
        } while (column < columnCount);
        for (size_t i = 0; i < 4; i++) {
            uint64_t values[LANE_COUNT];
            store(values, canonical(state[i]));
            for (size_t lane = 0; lane < LANE_COUNT; lane++) {
                digests[(row + lane) * 4 + i] = values[lane];
            }
        }
    }
}

INLINE uint32_t tryNonces(
    const uint64_t *state, size_t position, uint64_t first, uint64_t mask,
    Poseidon2Constants constants
) {
    uint32_t found = 0;
    for (size_t offset = 0; offset < 8; offset += LANE_COUNT) {
        uint64_t nonces[LANE_COUNT], outputs[LANE_COUNT];
        for (size_t lane = 0; lane < LANE_COUNT; lane++) nonces[lane] = first + offset + lane;
        Lanes trial[WIDTH];
        for (size_t i = 0; i < WIDTH; i++) {
            trial[i] = i == position ? load(nonces) : splat(state[i]);
        }
        permute(trial, constants);
        store(outputs, canonical(trial[0]));
        for (size_t lane = 0; lane < LANE_COUNT; lane++) {
            if ((outputs[lane] & mask) == 0) found |= 1u << (offset + lane);
        }
    }
    return found;
}

INLINE void butterfly(uint64_t *x, uint64_t *y, size_t count, uint64_t twiddle) {
    size_t i = 0;
    Lanes factor = splat(twiddle);
    for (; i + LANE_COUNT <= count; i += LANE_COUNT) {
        Lanes a = load(x + i), b = load(y + i);
        store(x + i, add(a, b));
        store(y + i, multiply(subtract(a, b), factor));
    }
    for (; i < count; i++) {
        uint64_t a = x[i], b = y[i];
        x[i] = goldilocks_add(a, b);
        y[i] = goldilocks_multiply(goldilocks_subtract(a, b), twiddle);
    }
}

INLINE void scale(const uint64_t *source, uint64_t *target, size_t count, uint64_t factor) {
    size_t i = 0;
    Lanes factors = splat(factor);
    for (; i + LANE_COUNT <= count; i += LANE_COUNT) {
        store(target + i, multiply(load(source + i), factors));
    }
    for (; i < count; i++) target[i] = goldilocks_multiply(source[i], factor);
}

/// A step over all lanes of its registers; VALUE is in terms of a and i.
#define EACH_LANE(VALUE) \
    for (size_t i = 0; i < GOLDILOCKS_REGISTER_WIDTH; i += LANE_COUNT) { \
        Lanes a = load(first + i); \
        store(target + i, VALUE); \
    } \
    break

INLINE void run(
    const GoldilocksStep *steps, size_t stepCount, const uint64_t *constants, uint64_t *registers
) {
    for (const GoldilocksStep *step = steps; step < steps + stepCount; step++) {
        uint64_t *target = registers + (size_t)step->target * GOLDILOCKS_REGISTER_WIDTH;
        const uint64_t *first = registers + (size_t)step->first * GOLDILOCKS_REGISTER_WIDTH;
        const uint64_t *third = registers + (size_t)step->third * GOLDILOCKS_REGISTER_WIDTH;
        switch (step->operation) {
        case GOLDILOCKS_ADD_CONSTANT: {
            Lanes b = splat(constants[step->second]);
            EACH_LANE(add(a, b));
        }
        case GOLDILOCKS_MULTIPLY_CONSTANT: {
            Lanes b = splat(constants[step->second]);
            EACH_LANE(multiply(a, b));
        }
        case GOLDILOCKS_MULTIPLY_CONSTANT_ADD: {
            Lanes b = splat(constants[step->second]);
            EACH_LANE(add(load(third + i), multiply(a, b)));
        }
        default: {
            const uint64_t *second = registers + (size_t)step->second * GOLDILOCKS_REGISTER_WIDTH;
            switch (step->operation) {
            case GOLDILOCKS_ADD: EACH_LANE(add(a, load(second + i)));
            case GOLDILOCKS_SUBTRACT: EACH_LANE(subtract(a, load(second + i)));
            case GOLDILOCKS_MULTIPLY: EACH_LANE(multiply(a, load(second + i)));
            case GOLDILOCKS_MULTIPLY_ADD:
                EACH_LANE(add(load(third + i), multiply(a, load(second + i))));
            }
        }
        }
    }
}

INLINE void loadColumns(const uint64_t *rows, size_t columnCount, uint64_t *registers) {
    for (size_t column = 0; column < columnCount; column++) {
        for (size_t row = 0; row < GOLDILOCKS_REGISTER_WIDTH; row += LANE_COUNT) {
            store(
                registers + column * GOLDILOCKS_REGISTER_WIDTH + row,
                gather(rows + row * columnCount + column, columnCount));
        }
    }
}
