internal import Connection
internal import Cryptography

/// What a node knows of its peers, as it is kept on disk.
///
/// Text, a line for each thing, so that an operator can read and mend it:
///
///     grove peers 1
///     sequence NUMBER
///     peer LAST-SUCCESS FAILURES ADDRESS,… ENVELOPE-IN-HEXADECIMAL
///     barred PEER-ID UNTIL TIMES REASON
///     barred-host IP-ADDRESS UNTIL
///
/// Times in Unix seconds, 0 for never. The book is worth something, but nothing depends on it: a
/// line that does not parse or verify is left out and counted.
package struct PeerKnowledge: Sendable {
    package var book = PeerBook()
    package var bans = BanList()
    /// Lines that were left out.
    package private(set) var damagedLineCount = 0

    package init() {}

    package init(book: PeerBook, bans: BanList) {
        self.book = book
        self.bans = bans
    }

    package func encoded(at seconds: UInt64) -> [UInt8] {
        var text = Self.header + "\nsequence \(book.ownSequence)\n"
        for peer in book.peers {
            guard let entry = book[peer] else { continue }
            let addresses = entry.addresses.map(\.description).joined(separator: ",")
            text += "peer \(entry.lastSuccess ?? 0) \(entry.failures) \(addresses) "
            text += entry.record.envelope.hex + "\n"
        }
        for (peer, ban) in bans.remembered(at: seconds) {
            text += "barred \(peer) \(ban.until) \(ban.times) \(ban.reason.rawValue)\n"
        }
        for (host, until) in bans.currentHosts(at: seconds) {
            text += "barred-host \(host) \(until)\n"
        }
        return Array(text.utf8)
    }

    /// Everything in `bytes` that is understood; nil where it is another kind of file or too long.
    package init?(decoding bytes: [UInt8], at seconds: UInt64) {
        guard bytes.count <= PeeringParameters.maximumEncodedByteCount else { return nil }
        var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")[...]
        guard lines.popFirst().map(String.init) == Self.header else { return nil }
        for line in lines where !read(line.split(separator: " "), at: seconds) {
            damagedLineCount += 1
        }
    }

    private static let header = "grove peers 1"

    private mutating func read(_ words: [Substring], at seconds: UInt64) -> Bool {
        switch (words.first, words.count) {
        case ("sequence", 2):
            guard let sequence = UInt64(words[1]) else { return false }
            book.restore(ownSequence: sequence)
        case ("peer", 5): return readPeer(words, at: seconds)
        case ("barred", 5):
            guard let peer = try? PeerID(words[1]), let until = UInt64(words[2]),
                let times = Int(words[3]), let reason = BanReason(rawValue: String(words[4]))
            else { return false }
            bans.restore(
                peer, BanList.Ban(until: until, reason: reason, times: times), at: seconds)
        case ("barred-host", 3):
            guard let until = UInt64(words[2]), scope(ofHost: String(words[1])) > .machine else {
                return false
            }
            bans.restore(host: String(words[1]), until: until, at: seconds)
        default: return false
        }
        return true
    }

    private mutating func readPeer(_ words: [Substring], at seconds: UInt64) -> Bool {
        guard let last = UInt64(words[1]), let failures = Int(words[2]), failures >= 0,
            let envelope = [UInt8](hex: String(words[4])),
            let record = try? PeerRecord(verifying: envelope)
        else { return false }
        let addresses = words[3].split(separator: ",").compactMap { try? Multiaddress($0) }
            .filter { record.addresses.contains($0) }
        guard !addresses.isEmpty else { return false }
        var entry = PeerBook.Entry(record: record, addresses: addresses, teller: nil)
        if last > 0 { entry.lastSuccess = min(last, seconds) }
        entry.failures = failures
        book.restore(entry)
        return true
    }
}
