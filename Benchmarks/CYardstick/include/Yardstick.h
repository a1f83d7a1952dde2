// N, the unit of the benchmarks: the time of 10^6 scalar Poseidon2 permutations over Goldilocks,
// width 12, measured in the same run as whatever is told in it.
//
// This permutation is plain on purpose and stays as it is: were it made faster, everything told in N
// would look slower. The one that proofs use is in CGoldilocks.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Permutes a state of twelve elements `count` times. `external[round * 12 + element]` and
/// `internal[round]` are the constants of the 8 full and the 22 partial rounds, canonical, and so is
/// what comes out.
void yardstick_permute(
    uint64_t *state, size_t count, const uint64_t *external, const uint64_t *internal);
