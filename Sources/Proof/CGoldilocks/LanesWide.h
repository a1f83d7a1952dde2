// What the two vector instruction sets share: products from 32-bit halves, and reductions. Include
// after the set's own operations.
//
// A product is a chain of some thirty cycles, and a machine looks only a few dozen vector operations
// ahead. So products are made GROUP at a time, step by step, that there be something to do meanwhile.

#define GROUP 4

INLINE Lanes lowHalf(Lanes a) { return both(a, splat(GOLDILOCKS_EPSILON)); }

/// a + b where b <= p.
INLINE Lanes addCanonical(Lanes a, Lanes b) {
    Lanes sum = plus(a, b);
    return plusEpsilonWhereLess(sum, sum, b);
}

INLINE Lanes add(Lanes a, Lanes b) { return addCanonical(a, canonical(b)); }

/// a - b where b <= p.
INLINE Lanes subtractCanonical(Lanes a, Lanes b) {
    return minusEpsilonWhereLess(minus(a, b), a, b);
}

INLINE Lanes subtract(Lanes a, Lanes b) { return subtractCanonical(a, canonical(b)); }

/// a * (2^32 - 1) for a < 2^32; the halves above are ignored.
INLINE Lanes timesEpsilon(Lanes a) { return multiplyLowHalves(a, opaqueEpsilon()); }

#define EACH for (int i = 0; i < count; i++)

/// high * 2^64 + low, by 2^64 = 2^32 - 1 and 2^96 = -1.
INLINE void reduceEach(Lanes *results, const Lanes *high, const Lanes *low, const int count) {
    Lanes top[GROUP], middle[GROUP], difference[GROUP];
    EACH top[i] = shiftRight(high[i], 32);
    EACH middle[i] = timesEpsilon(high[i]);
    EACH difference[i] = minus(low[i], top[i]);
    EACH difference[i] = minusEpsilonWhereLess(difference[i], low[i], top[i]);
    EACH results[i] = plus(difference[i], middle[i]);
    EACH results[i] = plusEpsilonWhereLess(results[i], results[i], middle[i]);
}

/// count <= GROUP products, over their operands or apart from them.
INLINE void multiplyEach(Lanes *products, const Lanes *a, const Lanes *b, const int count) {
    Lanes aHigh[GROUP], bHigh[GROUP], low[GROUP], high[GROUP], upper[GROUP], lower[GROUP];
    EACH aHigh[i] = highHalf(a[i]);
    EACH bHigh[i] = highHalf(b[i]);
    EACH low[i] = multiplyLowHalves(a[i], b[i]);
    EACH upper[i] = multiplyLowHalves(aHigh[i], b[i]);
    EACH lower[i] = multiplyLowHalves(a[i], bHigh[i]);
    EACH high[i] = multiplyLowHalves(aHigh[i], bHigh[i]);
    EACH upper[i] = plus(upper[i], shiftRight(low[i], 32));
    EACH lower[i] = plus(lower[i], lowHalf(upper[i]));
    EACH high[i] = plus(high[i], shiftRight(upper[i], 32));
    EACH high[i] = plus(high[i], shiftRight(lower[i], 32));
    EACH low[i] = joinLowHalves(lower[i], low[i]);
    reduceEach(products, high, low, count);
}

/// The cross product counts twice, so the low product is split at its 33rd bit.
INLINE void squareEach(Lanes *squares, const Lanes *a, const int count) {
    Lanes aHigh[GROUP], low[GROUP], high[GROUP], middle[GROUP];
    EACH aHigh[i] = highHalf(a[i]);
    EACH low[i] = multiplyLowHalves(a[i], a[i]);
    EACH middle[i] = multiplyLowHalves(a[i], aHigh[i]);
    EACH high[i] = multiplyLowHalves(aHigh[i], aHigh[i]);
    EACH middle[i] = plus(middle[i], shiftRight(low[i], 33));
    EACH high[i] = plus(high[i], shiftRight(middle[i], 31));
    EACH low[i] = both(low[i], splat(0x1FFFFFFFFULL));
    EACH low[i] = plus(shiftLeft(middle[i], 33), low[i]);
    reduceEach(squares, high, low, count);
}

#undef EACH

INLINE Lanes multiply(Lanes a, Lanes b) {
    Lanes product;
    multiplyEach(&product, &a, &b, 1);
    return product;
}
