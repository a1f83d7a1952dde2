#include "include/Yardstick.h"

#define WIDTH 12
#define EPSILON 0xFFFFFFFFULL
#define MODULUS 0xFFFFFFFF00000001ULL

typedef unsigned __int128 Wide;

/// x mod p in [0, 2^64), by 2^64 = 2^32 - 1 and 2^96 = -1.
static uint64_t reduce(Wide x) {
    uint64_t low = (uint64_t)x, high = (uint64_t)(x >> 64);
    uint64_t difference, sum;
    if (__builtin_sub_overflow(low, high >> 32, &difference)) difference -= EPSILON;
    uint64_t middle = (high & EPSILON) * EPSILON;
    int carry = __builtin_add_overflow(difference, middle, &sum);
    return __builtin_unpredictable(carry) ? sum + EPSILON : sum;
}

static uint64_t seventh_power(uint64_t x) {
    uint64_t second = reduce((Wide)x * x), fourth = reduce((Wide)second * second);
    return reduce((Wide)reduce((Wide)second * x) * fourth);
}

/// (x + k p) / 2^bits, k making it whole: p = 1 mod 2^32.
static uint64_t divide(uint64_t x, int bits) {
    uint64_t multiple = -x & ((1ULL << bits) - 1);
    return (uint64_t)(((Wide)x + (Wide)multiple * MODULUS) >> bits);
}

/// circ(2 M4, M4, M4) with M4 = circ(2, 3, 1, 1).
static void external_layer(uint64_t *state) {
    Wide mixed[WIDTH];
    for (int block = 0; block < WIDTH; block += 4) {
        const uint64_t *x = state + block;
        Wide all = (Wide)x[0] + x[1] + x[2] + x[3];
        mixed[block] = all + x[0] + x[1] + x[1];
        mixed[block + 1] = all + x[1] + x[2] + x[2];
        mixed[block + 2] = all + x[2] + x[3] + x[3];
        mixed[block + 3] = all + x[3] + x[0] + x[0];
    }
    for (int i = 0; i < WIDTH; i++) {
        state[i] = reduce(mixed[i] + mixed[i % 4] + mixed[i % 4 + 4] + mixed[i % 4 + 8]);
    }
}

/// All ones plus the diagonal -2, 1, 2, 1/2, 3, 4, -1/2, -3, -4, 1/4, -1/4, 1/8.
static void internal_layer(uint64_t *x) {
    Wide sum = 0;
    for (int i = 0; i < WIDTH; i++) sum += x[i];
    // 4 x < 2^66 < 8 p.
    Wide spare = sum + (Wide)8 * MODULUS;
    x[0] = reduce(spare - (Wide)2 * x[0]);
    x[1] = reduce(sum + x[1]);
    x[2] = reduce(sum + (Wide)2 * x[2]);
    x[3] = reduce(sum + divide(x[3], 1));
    x[4] = reduce(sum + (Wide)3 * x[4]);
    x[5] = reduce(sum + (Wide)4 * x[5]);
    x[6] = reduce(spare - divide(x[6], 1));
    x[7] = reduce(spare - (Wide)3 * x[7]);
    x[8] = reduce(spare - (Wide)4 * x[8]);
    x[9] = reduce(sum + divide(x[9], 2));
    x[10] = reduce(spare - divide(x[10], 2));
    x[11] = reduce(sum + divide(x[11], 3));
}

static void full_rounds(uint64_t *state, const uint64_t *constants) {
    for (int round = 0; round < 4; round++) {
        for (int i = 0; i < WIDTH; i++) {
            state[i] = seventh_power(reduce((Wide)state[i] + constants[round * WIDTH + i]));
        }
        external_layer(state);
    }
}

void yardstick_permute(
    uint64_t *state, size_t count, const uint64_t *external, const uint64_t *internal
) {
    for (size_t permutation = 0; permutation < count; permutation++) {
        external_layer(state);
        full_rounds(state, external);
        for (int round = 0; round < 22; round++) {
            state[0] = seventh_power(reduce((Wide)state[0] + internal[round]));
            internal_layer(state);
        }
        full_rounds(state, external + 4 * WIDTH);
    }
    for (int i = 0; i < WIDTH; i++) {
        if (state[i] >= MODULUS) state[i] -= MODULUS;
    }
}
