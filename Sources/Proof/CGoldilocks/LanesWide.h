// What the two vector instruction sets share: products from 32-bit halves, and reductions. Include
// after the set's own operations.

INLINE Lanes lowHalf(Lanes a) { return both(a, splat(GOLDILOCKS_EPSILON)); }

/// a + b where b <= p.
INLINE Lanes addCanonical(Lanes a, Lanes b) {
    Lanes sum = plus(a, b);
    return plusEpsilonWhereLess(sum, sum, b);
}

INLINE Lanes add(Lanes a, Lanes b) { return addCanonical(a, canonical(b)); }

INLINE Lanes subtract(Lanes a, Lanes b) {
    Lanes reduced = canonical(b);
    return minusEpsilonWhereLess(minus(a, reduced), a, reduced);
}

/// high * 2^64 + low.
INLINE Lanes reduce(Lanes high, Lanes low) {
    Lanes top = shiftRight(high, 32), middle = lowHalf(high);
    Lanes difference = minusEpsilonWhereLess(minus(low, top), low, top);
    return addCanonical(difference, minus(shiftLeft(middle, 32), middle));
}

INLINE Lanes multiply(Lanes a, Lanes b) {
    Lanes aHigh = highHalf(a), bHigh = highHalf(b);
    Lanes lowLow = multiplyLowHalves(a, b), highLow = multiplyLowHalves(aHigh, b);
    Lanes lowHigh = multiplyLowHalves(a, bHigh), highHigh = multiplyLowHalves(aHigh, bHigh);
    Lanes upper = plus(highLow, shiftRight(lowLow, 32));
    Lanes lower = plus(lowHigh, lowHalf(upper));
    return reduce(
        plus(plus(highHigh, shiftRight(upper, 32)), shiftRight(lower, 32)),
        joinHalves(shiftLeft(lower, 32), lowLow));
}

/// The cross product counts twice, so the low product is split at its 33rd bit.
INLINE Lanes square(Lanes a) {
    Lanes aHigh = highHalf(a);
    Lanes low = multiplyLowHalves(a, a), cross = multiplyLowHalves(a, aHigh);
    Lanes middle = plus(cross, shiftRight(low, 33));
    return reduce(
        plus(multiplyLowHalves(aHigh, aHigh), shiftRight(middle, 31)),
        plus(shiftLeft(middle, 33), both(low, splat(0x1FFFFFFFFULL))));
}
