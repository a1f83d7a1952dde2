import Cryptography
import Foundation
import GRDB
import Primitives

/// Which network's log a database holds.
struct LogIdentity {
    let networkID: NetworkID
    let policyHash: Digest
    let authority: OperatorKey

    init(parameters: SettlementLogParameters, authority: OperatorKey) {
        networkID = parameters.networkID
        policyHash = parameters.policyHash
        self.authority = authority
    }

    /// Writes the identity into a new database, compares it with an old one's.
    func claim(_ database: Database) throws {
        guard
            let row = try Row.fetchOne(
                database, sql: "SELECT networkID, policyHash, authority FROM identity")
        else {
            try database.execute(
                sql: "INSERT INTO identity (networkID, policyHash, authority) VALUES (?, ?, ?)",
                arguments: [Data(networkID.bytes), Data(policyHash.bytes), Data(authority.bytes)])
            return
        }
        let found: NetworkID = try LogSchema.value(row, "networkID")
        guard found == networkID else {
            throw SettlementLogError.wrongNetwork(expected: networkID, found: found)
        }
        let policy: Digest = try LogSchema.value(row, "policyHash")
        guard policy == policyHash else {
            throw SettlementLogError.wrongPolicy(expected: policyHash, found: policy)
        }
        let key: OperatorKey = try LogSchema.value(row, "authority")
        guard key == authority else {
            throw SettlementLogError.wrongAuthority(expected: authority, found: key)
        }
    }
}
