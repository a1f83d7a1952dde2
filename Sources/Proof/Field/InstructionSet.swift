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

    /// What kernels run with in this process unless they are told: `best`, or what `use` was given.
    package static var inUse: InstructionSet {
        InstructionSet(rawValue: Int(goldilocks_instruction_set_in_use().rawValue)) ?? .portable
    }

    /// For the whole process, at once: results stay the same, so that nobody need be asked.
    ///
    /// Throws `UnavailableInstructions` where the machine lacks them.
    package static func use(_ instructions: InstructionSet) throws(UnavailableInstructions) {
        guard available.contains(instructions) else {
            throw UnavailableInstructions(wanted: instructions, available: available)
        }
        goldilocks_use_instruction_set(instructions.kernel)
    }

    /// As the kernels are told.
    package var kernel: GoldilocksInstructionSet {
        switch self {
        case .portable: GOLDILOCKS_PORTABLE
        case .avx2: GOLDILOCKS_AVX2
        case .avx512: GOLDILOCKS_AVX512
        }
    }
}

/// This machine lacks the instructions that a kernel was to use.
package struct UnavailableInstructions: Error, Hashable, Sendable {
    package let wanted: InstructionSet
    package let available: [InstructionSet]

    package init(wanted: InstructionSet, available: [InstructionSet]) {
        self.wanted = wanted
        self.available = available
    }
}
