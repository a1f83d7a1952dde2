package import CGoldilocks

/// The instructions that kernels are compiled for. Whichever runs, elements of the field come out
/// the same, though not always as the same representatives.
package enum InstructionSet: Int, Sendable, CaseIterable {
    case portable, avx2, avx512

    /// What this machine has, `portable` first, `best` last.
    package static let available = allCases.filter {
        $0.rawValue <= Int(goldilocks_instruction_set().rawValue)
    }

    package static let best = available[available.count - 1]

    /// As the kernels are told.
    package var kernel: GoldilocksInstructionSet {
        switch self {
        case .portable: GOLDILOCKS_PORTABLE
        case .avx2: GOLDILOCKS_AVX2
        case .avx512: GOLDILOCKS_AVX512
        }
    }
}
