/// Why a key is not paid. The asker's fault but for `exhausted` and `unavailable`.
package enum FaucetRefusal: Error, Hashable, Sendable {
    /// Not 32 bytes in hexadecimal, or no point that can sign.
    case badKey(String)
    case malformed(String)
    case lengthRequired
    case tooLarge(limitByteCount: Int)
    case tooSlow
    /// Too many new keys within the window; later it may be paid.
    case tooMany(limit: Int, window: Duration)
    /// The money, or the number of keys, is at its end.
    case exhausted
    /// The faucet's own disk failed: nothing was promised.
    case unavailable(String)
    case notFound(String)
}

extension FaucetRefusal {
    package var answer: FaucetRefusalAnswer {
        switch self {
        case .badKey(let found):
            .init(
                reason: "badKey",
                detail: "expected an operator key of 64 hexadecimal digits, found \"\(found)\"")
        case .malformed(let why): .init(reason: "malformed", detail: why)
        case .lengthRequired:
            .init(reason: "lengthRequired", detail: "a Content-Length is needed")
        case .tooLarge(let limit): .init(reason: "tooLarge", detail: "at most \(limit) bytes")
        case .tooSlow:
            .init(reason: "tooSlow", detail: "the body did not come in time")
        case .tooMany(let limit, let window):
            .init(
                reason: "tooMany",
                detail: "\(limit) new keys were paid within \(window.components.seconds) s; ask "
                    + "again in a minute")
        case .exhausted:
            .init(reason: "exhausted", detail: "the faucet has paid all that it had to give")
        case .unavailable(let why):
            .init(reason: "unavailable", detail: "the faucet cannot write it down: \(why)")
        case .notFound(let what): .init(reason: "notFound", detail: what)
        }
    }
}

/// Why nobody was paid, in words for whoever gave the address.
package enum FaucetClientError: Error, Hashable, Sendable {
    case badURL(String)
    case unreachable(url: String, reason: String)
    case refused(url: String, reason: String, detail: String)
    /// Something answers, but not as a faucet does.
    case notAFaucet(url: String, reason: String)

    /// Whether the same request may succeed later.
    package var isTemporary: Bool {
        switch self {
        case .badURL, .notAFaucet: false
        case .unreachable: true
        case .refused(_, let reason, _): ["tooMany", "tooSlow", "unavailable"].contains(reason)
        }
    }
}

extension FaucetClientError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badURL(let text):
            "\"\(text)\" is no address of a faucet: expected http://host:port"
        case .unreachable(let url, let reason): "no faucet answers at \(url) (\(reason))"
        case .refused(let url, _, let detail): "the faucet at \(url) refuses: \(detail)"
        case .notAFaucet(let url, let reason):
            "what answers at \(url) is not a faucet: \(reason)"
        }
    }
}
