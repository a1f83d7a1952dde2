package import Field
package import Hash

/// The values a prover brings: those of virtual targets that the circuit doesn't compute.
package struct PartialWitness: Sendable {
    private(set) var assignments: [(target: Target, value: Goldilocks)] = []

    package init() {}

    /// Setting a target twice, or one that the circuit computes, is harmless if the values agree.
    package mutating func set(_ target: Target, to value: Goldilocks) {
        assignments.append((target, value))
    }

    @_disfavoredOverload
    package mutating func set(_ target: Target, to value: UInt64) {
        set(target, to: Goldilocks(value))
    }

    /// As many values as targets.
    package mutating func set(_ targets: [Target], to values: [Goldilocks]) {
        precondition(
            targets.count == values.count, "\(values.count) values for \(targets.count) targets")
        for (target, value) in zip(targets, values) { set(target, to: value) }
    }

    package mutating func set(_ target: BoolTarget, to value: Bool) {
        set(target.target, to: value ? .one : .zero)
    }

    package mutating func set(_ target: HashTarget, to digest: HashOutput) {
        set(target.elements, to: digest.elements)
    }
}
