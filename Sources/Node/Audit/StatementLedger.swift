internal import Cryptography
internal import Primitives

/// What each key has said for each duty, by digest: the second, different one shows.
struct StatementLedger: Sendable {
    private struct Name: Hashable {
        let key: OperatorKey
        let duty: String
    }

    private struct Said: Sendable {
        let content: Digest
        let place: AuditPlace
    }

    private var said: [Name: Said] = [:]

    var count: Int { said.count }

    /// Where the same key has said something else for `duty` before; nil where it has not.
    mutating func note(
        _ content: Digest, for duty: String, by key: OperatorKey, at place: AuditPlace
    ) -> AuditPlace? {
        let name = Name(key: key, duty: duty)
        guard let before = said[name] else {
            said[name] = Said(content: content, place: place)
            return nil
        }
        return before.content == content ? nil : before.place
    }
}
