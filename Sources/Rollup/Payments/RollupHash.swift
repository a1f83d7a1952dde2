import Cryptography
package import Field
package import Hash
package import Primitives

/// Every use of Poseidon2 in the rollup has its own domain.
package enum RollupDomain: CaseIterable, Sendable {
    case network
    case account
    case state
    case payment
    case leafPayments
    case block
    case prover
    case leafContribution
    case mergeContribution
    case chain
    case oneTimeKey
    case walletSeed
    case chainSecret
    case salt

    package var tag: DomainTag {
        switch self {
        case .network: "network"
        case .account: "account"
        case .state: "state"
        case .payment: "payment"
        case .leafPayments: "leafpay"
        case .block: "block"
        case .prover: "prover"
        case .leafContribution: "contr-l"
        case .mergeContribution: "contr-m"
        case .chain: "chain"
        case .oneTimeKey: "otskey"
        case .walletSeed: "seed"
        case .chainSecret: "secret"
        case .salt: "salt"
        }
    }
}

/// The rollup's door to Poseidon2.
package enum RollupHash {
    package static func hash(_ domain: RollupDomain, _ elements: [Goldilocks]) -> HashOutput {
        Hash.hash(domain: domain.tag, elements)
    }

    /// An inner node of a tree: one permutation.
    package static func compress(_ left: HashOutput, _ right: HashOutput) -> HashOutput {
        Hash.compress(left, right)
    }

    /// `H(network, networkID)`.
    package static func networkDigest(of networkID: NetworkID) -> HashOutput {
        hash(.network, [Goldilocks](packing: networkID.bytes))
    }

    /// The low and the high half: injective, where one element would not be.
    static func limbs(_ value: UInt64) -> [Goldilocks] {
        [Goldilocks(value & 0xFFFF_FFFF), Goldilocks(value >> 32)]
    }
}

extension FieldDigest {
    package var fieldElements: [Goldilocks] { elements.map { Goldilocks($0) } }
}
