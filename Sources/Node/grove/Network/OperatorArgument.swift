import Cryptography

/// An operator on the command line: a key file, or `OPERATORKEY:VRFKEY`.
enum OperatorArgument {
    static func read(_ text: String, role: String) throws -> DevelopmentNetwork.Operator {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 2, let key = Bytes32(hex: String(parts[0])),
            let vrfKey = Bytes32(hex: String(parts[1]))
        {
            return .init(role: role, key: key.hex, vrfKey: vrfKey.hex)
        }
        let keys = try nodeKeys(text)
        return .init(role: role, key: keys[0].hex, vrfKey: keys[1].hex)
    }

    /// A key file, or the operator key alone.
    static func operatorKey(_ text: String) throws -> String {
        if let key = Bytes32(hex: text) { return key.hex }
        return try nodeKeys(text)[0].hex
    }

    private static func nodeKeys(_ path: String) throws -> [Bytes32] {
        let file = try KeyFileStore.read(path)
        guard file.purpose == .node else {
            throw CommandFailure(
                .usage, "\(path) is a \(file.purpose) key file, but a node one is needed")
        }
        return file.publicKeys
    }
}

/// `NAME=IDE`.
package enum BalanceArgument {
    package static func read(
        _ text: String, of option: String
    ) throws(CommandFailure) -> (name: String, units: UInt64) {
        guard let equals = text.lastIndex(of: "="), equals != text.startIndex,
            let units = AmountText.units(text[text.index(after: equals)...])
        else {
            throw CommandFailure(
                .usage,
                "\(option): expected a name and IDE like alice.key=12.5, found \"\(text)\"")
        }
        return (String(text[..<equals]), units)
    }
}
