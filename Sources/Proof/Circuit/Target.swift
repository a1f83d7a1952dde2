/// A value of the circuit: a cell of the execution table, or a virtual one that only copy
/// constraints tie to cells. It means something only to the builder that made it, and to the
/// circuit built from that.
package struct Target: Hashable, Sendable {
    private static let virtualBit: UInt32 = 1 << 31
    private let raw: UInt32

    static func wire(row: Int, column: Int) -> Target {
        precondition(column < CircuitParameters.wireCount, "column \(column) is beyond the table")
        return Target(raw: UInt32(row * CircuitParameters.wireCount + column))
    }

    static func virtual(_ index: Int) -> Target { Target(raw: UInt32(index) | virtualBit) }

    private init(raw: UInt32) { self.raw = raw }

    /// The cell as row · `wireCount` + column, nil for a virtual target.
    var cell: Int? { raw & Self.virtualBit == 0 ? Int(raw) : nil }

    /// Place in a list of all cells of a table of `rowCount` rows, followed by the virtual targets.
    func index(rowCount: Int) -> Int {
        cell ?? rowCount * CircuitParameters.wireCount + Int(raw & ~Self.virtualBit)
    }

    /// Cells outside the routed columns can't be joined to others.
    var isRoutable: Bool {
        guard let cell else { return true }
        return cell % CircuitParameters.wireCount < CircuitParameters.routedWireCount
    }
}

extension Target: CustomStringConvertible {
    package var description: String {
        guard let cell else { return "virtual \(raw & ~Self.virtualBit)" }
        return
            "row \(cell / CircuitParameters.wireCount) column \(cell % CircuitParameters.wireCount)"
    }
}

/// A target whose value the circuit constrains to 0 or 1.
package struct BoolTarget: Hashable, Sendable {
    package let target: Target

    /// For a target that is constrained elsewhere; everybody else asks `CircuitBuilder.assertBool`.
    package init(trusting target: Target) { self.target = target }
}

/// Four targets holding a digest.
package struct HashTarget: Hashable, Sendable {
    /// Exactly four.
    package let elements: [Target]

    package init(_ elements: [Target]) {
        precondition(elements.count == 4, "a digest has 4 elements, not \(elements.count)")
        self.elements = elements
    }
}

/// As many targets as an extension element has coefficients, the constant one first.
package struct ExtensionTarget: Hashable, Sendable {
    /// Two or three.
    package let elements: [Target]

    package init(_ elements: some Sequence<Target>) {
        self.elements = Array(elements)
        precondition(
            self.elements.count == 2 || self.elements.count == 3,
            "no extension of degree \(self.elements.count)")
    }

    package var degree: Int { elements.count }
}
