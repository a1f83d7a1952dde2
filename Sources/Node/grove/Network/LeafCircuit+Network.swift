import IOP
package import NetworkFile
package import PaymentsCircuit

extension LeafCircuit {
    /// The circuit of a network's leaves, built in about a second.
    package init(network: NetworkDescription) throws {
        try self.init(parameters: network.rollup, profile: network.profile.parameters)
    }
}

extension ProofProfileName {
    var parameters: ProofProfile {
        switch self {
        case .fast: .fast
        case .proven100: .proven100
        }
    }
}
