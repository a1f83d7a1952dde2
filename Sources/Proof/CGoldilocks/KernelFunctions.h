// Names the kernels of one instruction set, SET being its suffix. Include after KernelBodies.h.

#define JOINED(name, set) name##_##set
#define NAMED(name, set) JOINED(name, set)

void NAMED(poseidon2_hash_rows, SET)(
    const uint64_t *rows, size_t rowCount, size_t columnCount, const uint64_t *capacity,
    uint64_t *digests, Poseidon2Constants constants
) {
    hashRows(rows, rowCount, columnCount, capacity, digests, constants);
}

uint32_t NAMED(poseidon2_try_nonces, SET)(
    const uint64_t *state, size_t position, uint64_t first, uint64_t mask,
    Poseidon2Constants constants
) {
    return tryNonces(state, position, first, mask, constants);
}

void NAMED(goldilocks_butterfly, SET)(
    uint64_t *x, uint64_t *y, size_t count, uint64_t twiddle
) {
    butterfly(x, y, count, twiddle);
}

void NAMED(goldilocks_scale, SET)(
    const uint64_t *source, uint64_t *target, size_t count, uint64_t factor
) {
    scale(source, target, count, factor);
}

void NAMED(goldilocks_run, SET)(
    const GoldilocksStep *steps, size_t stepCount, const uint64_t *constants, uint64_t *registers
) {
    run(steps, stepCount, constants, registers);
}

void NAMED(goldilocks_load_columns, SET)(
    const uint64_t *rows, size_t columnCount, uint64_t *registers
) {
    loadColumns(rows, columnCount, registers);
}
