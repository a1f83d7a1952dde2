// The kernels on LANE_COUNT lanes: the sponge, the rows of a transform, programs. Include after a set
// of lanes.

#include "PermutationBodies.h"

/// Rows `rows` to `rows + stateCount * LANE_COUNT`.
INLINE void hashSomeRows(
    const uint64_t *rows, const int stateCount, size_t columnCount, const uint64_t *capacity,
    uint64_t *digests, Poseidon2Constants constants
) {
    Lanes states[STATE_COUNT * WIDTH];
    for (int i = 0; i < stateCount * WIDTH; i++) {
        states[i] = splat(i % WIDTH < RATE ? 0 : capacity[i % WIDTH - RATE]);
    }
    size_t column = 0;
    do {
        size_t count = columnCount - column < RATE ? columnCount - column : RATE;
        for (int state = 0; state < stateCount; state++) {
            const uint64_t *start = rows + state * LANE_COUNT * columnCount + column;
            for (size_t i = 0; i < count; i++) {
                states[state * WIDTH + i] = gather(start + i, columnCount);
            }
        }
        permute(states, stateCount, constants);
        column += count;
    } while (column < columnCount);
    for (int state = 0; state < stateCount; state++) {
        for (size_t i = 0; i < 4; i++) {
            uint64_t values[LANE_COUNT];
            store(values, canonical(states[state * WIDTH + i]));
            for (size_t lane = 0; lane < LANE_COUNT; lane++) {
                digests[(state * LANE_COUNT + lane) * 4 + i] = values[lane];
            }
        }
    }
}

INLINE void hashRows(
    const uint64_t *rows, size_t rowCount, size_t columnCount, const uint64_t *capacity,
    uint64_t *digests, Poseidon2Constants constants
) {
    size_t row = 0;
    for (; row + STATE_COUNT * LANE_COUNT <= rowCount; row += STATE_COUNT * LANE_COUNT) {
        hashSomeRows(
            rows + row * columnCount, STATE_COUNT, columnCount, capacity, digests + row * 4,
            constants);
    }
    for (; row < rowCount; row += LANE_COUNT) {
        hashSomeRows(
            rows + row * columnCount, 1, columnCount, capacity, digests + row * 4, constants);
    }
}

INLINE uint32_t tryNonces(
    const uint64_t *state, size_t position, uint64_t first, uint64_t mask,
    Poseidon2Constants constants
) {
    uint32_t found = 0;
    for (size_t start = 0; start < POSEIDON2_NONCE_COUNT; start += STATE_COUNT * LANE_COUNT) {
        Lanes trials[STATE_COUNT * WIDTH];
        for (size_t i = 0; i < STATE_COUNT * WIDTH; i++) trials[i] = splat(state[i % WIDTH]);
        for (size_t trial = 0; trial < STATE_COUNT; trial++) {
            uint64_t nonces[LANE_COUNT];
            for (size_t lane = 0; lane < LANE_COUNT; lane++) {
                nonces[lane] = first + start + trial * LANE_COUNT + lane;
            }
            trials[trial * WIDTH + position] = load(nonces);
        }
        permute(trials, STATE_COUNT, constants);
        for (size_t trial = 0; trial < STATE_COUNT; trial++) {
            uint64_t outputs[LANE_COUNT];
            store(outputs, canonical(trials[trial * WIDTH]));
            for (size_t lane = 0; lane < LANE_COUNT; lane++) {
                if (outputs[lane] & mask) continue;
                found |= 1u << (start + trial * LANE_COUNT + lane);
            }
        }
    }
    return found;
}

#define GROUP_SIZE (GROUP * LANE_COUNT)

INLINE void loadEach(Lanes *x, const uint64_t *source) {
    for (int i = 0; i < GROUP; i++) x[i] = load(source + i * LANE_COUNT);
}

INLINE void storeEach(uint64_t *target, const Lanes *x) {
    for (int i = 0; i < GROUP; i++) store(target + i * LANE_COUNT, x[i]);
}

INLINE void addEach(Lanes *sums, const Lanes *a, const Lanes *b) {
    for (int i = 0; i < GROUP; i++) sums[i] = add(a[i], b[i]);
}

INLINE void subtractEach(Lanes *differences, const Lanes *a, const Lanes *b) {
    for (int i = 0; i < GROUP; i++) differences[i] = subtract(a[i], b[i]);
}

INLINE void splatEach(Lanes *x, uint64_t value) {
    for (int i = 0; i < GROUP; i++) x[i] = splat(value);
}

INLINE void butterfly(uint64_t *x, uint64_t *y, size_t count, uint64_t twiddle) {
    size_t i = 0;
    Lanes factors[GROUP];
    splatEach(factors, twiddle);
    for (; i + GROUP_SIZE <= count; i += GROUP_SIZE) {
        Lanes a[GROUP], b[GROUP], sums[GROUP];
        loadEach(a, x + i);
        loadEach(b, y + i);
        addEach(sums, a, b);
        storeEach(x + i, sums);
        subtractEach(b, a, b);
        multiplyEach(b, b, factors, GROUP);
        storeEach(y + i, b);
    }
    for (; i + LANE_COUNT <= count; i += LANE_COUNT) {
        Lanes a = load(x + i), b = load(y + i);
        store(x + i, add(a, b));
        store(y + i, multiply(subtract(a, b), factors[0]));
    }
    for (; i < count; i++) {
        uint64_t a = x[i], b = y[i];
        x[i] = goldilocks_add(a, b);
        y[i] = goldilocks_multiply(goldilocks_subtract(a, b), twiddle);
    }
}

INLINE void scale(const uint64_t *source, uint64_t *target, size_t count, uint64_t factor) {
    size_t i = 0;
    Lanes factors[GROUP];
    splatEach(factors, factor);
    for (; i + GROUP_SIZE <= count; i += GROUP_SIZE) {
        Lanes a[GROUP];
        loadEach(a, source + i);
        multiplyEach(a, a, factors, GROUP);
        storeEach(target + i, a);
    }
    for (; i + LANE_COUNT <= count; i += LANE_COUNT) {
        store(target + i, multiply(load(source + i), factors[0]));
    }
    for (; i < count; i++) target[i] = goldilocks_multiply(source[i], factor);
}

/// A step over all lanes of its registers: `SECOND` sets b, `VALUE` turns a and b into a.
#define EACH_GROUP(SECOND, VALUE) \
    for (size_t i = 0; i < GOLDILOCKS_REGISTER_WIDTH; i += GROUP_SIZE) { \
        Lanes a[GROUP], b[GROUP]; \
        loadEach(a, first + i); \
        SECOND; \
        VALUE; \
        storeEach(target + i, a); \
    } \
    break

#define CONSTANT splatEach(b, constants[step->second])
#define REGISTER \
    loadEach(b, registers + (size_t)step->second * GOLDILOCKS_REGISTER_WIDTH + i)
#define ADD addEach(a, a, b)
#define MULTIPLY multiplyEach(a, a, b, GROUP)
#define ADD_THIRD \
    loadEach(b, third + i); \
    addEach(a, b, a)

INLINE void run(
    const GoldilocksStep *steps, size_t stepCount, const uint64_t *constants, uint64_t *registers
) {
    for (const GoldilocksStep *step = steps; step < steps + stepCount; step++) {
        uint64_t *target = registers + (size_t)step->target * GOLDILOCKS_REGISTER_WIDTH;
        const uint64_t *first = registers + (size_t)step->first * GOLDILOCKS_REGISTER_WIDTH;
        const uint64_t *third = registers + (size_t)step->third * GOLDILOCKS_REGISTER_WIDTH;
        switch (step->operation) {
        case GOLDILOCKS_ADD: EACH_GROUP(REGISTER, ADD);
        case GOLDILOCKS_SUBTRACT: EACH_GROUP(REGISTER, subtractEach(a, a, b));
        case GOLDILOCKS_MULTIPLY: EACH_GROUP(REGISTER, MULTIPLY);
        case GOLDILOCKS_MULTIPLY_ADD: EACH_GROUP(REGISTER, MULTIPLY; ADD_THIRD);
        case GOLDILOCKS_ADD_CONSTANT: EACH_GROUP(CONSTANT, ADD);
        case GOLDILOCKS_MULTIPLY_CONSTANT: EACH_GROUP(CONSTANT, MULTIPLY);
        case GOLDILOCKS_MULTIPLY_CONSTANT_ADD: EACH_GROUP(CONSTANT, MULTIPLY; ADD_THIRD);
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
