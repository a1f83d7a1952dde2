package import Field

/// Which constant columns say what gate a row has.
///
/// Gates, ordered by degree, are cut into groups; a group has one selector column, holding on each
/// row the gate's number if it belongs to the group and 0 otherwise. A gate's filter is the
/// product of (number − selector) over 0 and the group's other gates: zero on the rows of all
/// gates but its own. A group is as large as the degree bound allows. Source: plonky2
/// `gates/selectors.rs`.
package struct SelectorLayout: Sendable {
    package static let standard = SelectorLayout(GateKind.allCases)

    /// Ascending by degree, concatenated all gates.
    package let groups: [[GateKind]]

    init(_ gates: [GateKind]) {
        var groups: [[GateKind]] = []
        var group: [GateKind] = []
        for gate in gates {
            // The filter's degree is the size of the group: its other members, and 0.
            if group.count + 1 + gate.degree > CircuitParameters.maximumConstraintDegree {
                groups.append(group)
                group = []
            }
            group.append(gate)
        }
        self.groups = groups + [group]
    }

    var selectorCount: Int { groups.count }

    /// Selectors and the gates' constants together.
    package var columnCount: Int { selectorCount + CircuitParameters.constantsPerRow }

    /// Values of the selector columns on a row of `gate`.
    package func selectors(of gate: GateKind) -> [Goldilocks] {
        groups.map { $0.contains(gate) ? Goldilocks(UInt64(gate.rawValue)) : .zero }
    }

    /// The filter of `gate`, a member of `group`, where the group's selector has the value
    /// `selector`.
    @inline(__always)
    package static func filter<Element: AlgebraElement>(
        of gate: GateKind, in group: [GateKind], at selector: Element
    ) -> Element {
        var product = selector
        for other in group where other != gate {
            product = product * (selector - Element(embedding: Goldilocks(UInt64(other.rawValue))))
        }
        return product
    }
}
