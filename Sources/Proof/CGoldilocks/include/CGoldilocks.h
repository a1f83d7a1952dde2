// Goldilocks arithmetic, p = 2^64 - 2^32 + 1, on representatives in [0, 2^64).
//
// Written in C because the compiler turns Swift's `carry ? epsilon : 0` into a branch, which the
// predictor misses half of the time (4.5 ns an addition against 0.5); `__builtin_unpredictable`
// asks for a conditional move. Swift inlines these functions.
#pragma once

#include <stdint.h>

#include "GoldilocksKernels.h"

// 2^64 mod p: what a lost carry is worth.
#define GOLDILOCKS_EPSILON 0xFFFFFFFFULL
#define GOLDILOCKS_MODULUS 0xFFFFFFFF00000001ULL

/// a + b for any representatives.
static inline uint64_t goldilocks_add(uint64_t a, uint64_t b) {
    uint64_t sum, result;
    int carry = __builtin_add_overflow(a, b, &sum);
    carry = __builtin_add_overflow(
        sum, __builtin_unpredictable(carry) ? GOLDILOCKS_EPSILON : 0, &result);
    return __builtin_unpredictable(carry) ? result + GOLDILOCKS_EPSILON : result;
}

/// a + b where b <= p: one correction is enough.
static inline uint64_t goldilocks_add_canonical(uint64_t a, uint64_t b) {
    uint64_t sum;
    int carry = __builtin_add_overflow(a, b, &sum);
    return __builtin_unpredictable(carry) ? sum + GOLDILOCKS_EPSILON : sum;
}

/// a - b for any representatives.
static inline uint64_t goldilocks_subtract(uint64_t a, uint64_t b) {
    uint64_t difference, result;
    int borrow = __builtin_sub_overflow(a, b, &difference);
    borrow = __builtin_sub_overflow(
        difference, __builtin_unpredictable(borrow) ? GOLDILOCKS_EPSILON : 0, &result);
    return __builtin_unpredictable(borrow) ? result - GOLDILOCKS_EPSILON : result;
}

/// high * 2^64 + low, by 2^64 = 2^32 - 1 and 2^96 = -1.
static inline uint64_t goldilocks_reduce(uint64_t high, uint64_t low) {
    uint64_t highHigh = high >> 32, highLow = high & GOLDILOCKS_EPSILON, difference;
    int borrow = __builtin_sub_overflow(low, highHigh, &difference);
    // Borrowing needs low < 2^32: predicted never, and it is never.
    if (__builtin_expect(borrow, 0)) difference -= GOLDILOCKS_EPSILON;
    return goldilocks_add_canonical(difference, (highLow << 32) - highLow);
}

/// a * b for any representatives.
static inline uint64_t goldilocks_multiply(uint64_t a, uint64_t b) {
    unsigned __int128 product = (unsigned __int128)a * b;
    return goldilocks_reduce((uint64_t)(product >> 64), (uint64_t)product);
}

/// high * 2^32 + low for high, low < 2^40: the sums of 32-bit halves of a linear layer.
static inline uint64_t goldilocks_join_halves(uint64_t high, uint64_t low) {
    uint64_t carry = high >> 32;
    return goldilocks_add_canonical(high << 32, low + ((carry << 32) - carry));
}
