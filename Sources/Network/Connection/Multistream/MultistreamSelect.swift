/// multistream-select 1.0: agreeing on a protocol id at the start of a connection or stream.
///
/// A message is a varint length, text, and `\n`. Both sides write the header at once, without
/// waiting. A dialer sends its first proposal with the header; on `na` it tries the next. A
/// responder answers `na` to what it does not serve and keeps listening. Bytes behind the agreed
/// id belong to the protocol and stay in the queue: Go sends its first RPC in the same frame.
/// Bounds: 1,024 bytes a message, 16 proposals. Source: multiformats/multistream-select.
package struct MultistreamSelect: Sendable {
    private enum Role {
        case dialer(next: Int)
        case responder(refused: Int)
    }

    package static let header = "/multistream/1.0.0"
    private static let notAvailable = "na"

    /// In order of preference as dialer, all that is served as responder.
    private let protocols: [String]
    private var role: Role
    private var headerSeen = false
    private var outbound: [UInt8]
    /// Set when both sides agree.
    package private(set) var agreed: String?

    package init(dialing protocols: [String]) {
        precondition(!protocols.isEmpty, "no protocol to propose")
        self.protocols = protocols
        role = .dialer(next: 0)
        outbound = Self.message(Self.header) + Self.message(protocols[0])
    }

    package init(serving protocols: [String]) {
        self.protocols = protocols
        role = .responder(refused: 0)
        outbound = Self.message(Self.header)
    }

    /// Consumes whole messages from `inbound` until the protocol is agreed or bytes run out.
    /// Returns the protocol id once, when it is agreed.
    package mutating func advance(_ inbound: inout ByteQueue) throws(ConnectionError) -> String? {
        while agreed == nil {
            guard let text = try Self.nextMessage(&inbound) else { return nil }
            if headerSeen {
                try take(text)
            } else {
                guard text == Self.header else { throw .malformedNegotiation }
                headerSeen = true
            }
        }
        return agreed
    }

    /// The responder has answered `na` at least once.
    package var hasRefused: Bool {
        if case .responder(let refused) = role { refused > 0 } else { false }
    }

    /// What must be written now.
    package mutating func drainOutbound() -> [UInt8] {
        defer { outbound = [] }
        return outbound
    }

    private mutating func take(_ text: String) throws(ConnectionError) {
        switch role {
        case .dialer(let index):
            if text == protocols[index] {
                agreed = text
            } else if text != Self.notAvailable {
                throw .unexpectedProtocol(expected: protocols[index], found: text)
            } else if index + 1 < protocols.count {
                role = .dialer(next: index + 1)
                outbound += Self.message(protocols[index + 1])
            } else {
                throw .noCommonProtocol(proposed: protocols)
            }
        case .responder(let refused):
            if protocols.contains(text) {
                agreed = text
                outbound += Self.message(text)
            } else {
                let limit = ConnectionParameters.maximumProposals
                guard refused + 1 < limit else { throw .tooManyProposals(limit: limit) }
                role = .responder(refused: refused + 1)
                outbound += Self.message(Self.notAvailable)
            }
        }
    }

    private static func nextMessage(_ inbound: inout ByteQueue) throws(ConnectionError) -> String? {
        guard let (length, prefix) = try UnsignedVarint.decode(inbound.unread) else { return nil }
        let limit = ConnectionParameters.maximumMultistreamMessageByteCount
        guard length <= UInt64(limit) else { throw .messageTooLong(limit: limit, found: length) }
        guard inbound.count - prefix >= Int(length) else { return nil }
        inbound.drop(prefix)
        let line = inbound.take(Int(length))
        guard line.last == UInt8(ascii: "\n"),
            let text = String(validating: line.dropLast(), as: UTF8.self)
        else { throw .malformedNegotiation }
        return text
    }

    package static func message(_ text: String) -> [UInt8] {
        let line = Array(text.utf8) + [UInt8(ascii: "\n")]
        return UnsignedVarint.encode(UInt64(line.count)) + line
    }
}
