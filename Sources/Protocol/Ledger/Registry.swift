package import Primitives
package import VRF

/// A registered key in one role.
package struct Registrant: Hashable, Sendable {
    package let role: Role
    package let key: OperatorKey
    package let vrfKey: VRFPublicKey
    /// Nil for genesis.
    package let registeredAt: Height?
    /// Stake that came later, and when; the admission lag still holds it back.
    package internal(set) var pendingTopUps: [TopUp] = []
    /// Once the key has left: the height with whose end its stake is paid out.
    package internal(set) var exitsAt: Height?

    package struct TopUp: Hashable, Sendable {
        package let height: Height
        package let amount: Amount
    }
}

/// A registered key as one slot admits it.
package struct AdmittedKey: Hashable, Sendable {
    package let key: OperatorKey
    package let vrfKey: VRFPublicKey
    package let stake: Amount
}

/// Who is registered, in which role, since when. Stakes lie in the treasury.
struct Registry: Hashable, Sendable {
    struct Name: Hashable, Comparable, Sendable {
        let role: Role
        let key: OperatorKey

        static func < (lhs: Name, rhs: Name) -> Bool {
            (lhs.role.rawValue, lhs.key) < (rhs.role.rawValue, rhs.key)
        }
    }

    private(set) var registrants = SortedMap<Name, Registrant>()
    /// A VRF key belongs to one operator, whatever its roles.
    private var vrfOwners = SortedMap<VRFPublicKey, OperatorKey>()

    func registrant(_ role: Role, _ key: OperatorKey) -> Registrant? {
        registrants[Name(role: role, key: key)]
    }

    func owner(of vrfKey: VRFPublicKey) -> OperatorKey? { vrfOwners[vrfKey] }

    mutating func add(_ registrant: Registrant) {
        registrants[Name(role: registrant.role, key: registrant.key)] = registrant
        vrfOwners[registrant.vrfKey] = registrant.key
    }

    mutating func topUp(_ role: Role, _ key: OperatorKey, by amount: Amount, at height: Height) {
        let name = Name(role: role, key: key)
        registrants[name]?.pendingTopUps.append(.init(height: height, amount: amount))
    }

    mutating func exit(_ role: Role, _ key: OperatorKey, paidAt height: Height) {
        registrants[Name(role: role, key: key)]?.exitsAt = height
    }

    /// By role, then key: whose stake is to be paid out by the end of `height`.
    func leaving(by height: Height) -> [Registrant] {
        registrants.values.filter { registrant in
            registrant.exitsAt.map { $0 <= height } ?? false
        }
    }

    /// Forgets the key in this role. Its VRF key is free once no role of it is left.
    mutating func remove(_ registrant: Registrant) {
        registrants[Name(role: registrant.role, key: registrant.key)] = nil
        let isUsed = registrants.values.contains { $0.vrfKey == registrant.vrfKey }
        if !isUsed { vrfOwners[registrant.vrfKey] = nil }
    }

    /// Forgets the dates of what was put up before `height`.
    mutating func settleTopUps(before height: Height) {
        for (name, registrant) in registrants.elements where !registrant.pendingTopUps.isEmpty {
            registrants[name]?.pendingTopUps.removeAll { $0.height < height }
        }
    }

    /// The keys of `role` that a slot admits, by ascending key.
    ///
    /// - Parameters:
    ///   - height: what registered at or after it does not count; nil: only genesis does.
    ///   - minimum: the least stake that stays admitted.
    func admitted(
        _ role: Role, registeredBefore height: Height?, minimum: Amount, treasury: Treasury
    ) -> [AdmittedKey] {
        registrants.values.compactMap { registrant in
            guard registrant.role == role, registrant.exitsAt == nil,
                Self.counts(registrant.registeredAt, before: height)
            else { return nil }
            let late = registrant.pendingTopUps.filter { !Self.counts($0.height, before: height) }
            let held = treasury.balance(of: .stake(role, registrant.key)).units
            let stake = late.reduce(held) { $0 - min($0, $1.amount.units) }
            guard stake >= minimum.units, stake > 0 else { return nil }
            return AdmittedKey(
                key: registrant.key, vrfKey: registrant.vrfKey, stake: Amount(units: stake))
        }
    }

    private static func counts(_ date: Height?, before height: Height?) -> Bool {
        guard let date else { return true }
        guard let height else { return false }
        return date < height
    }
}
