import Hummingbird

/// Who may ask, as far as a request's head tells: what a web page makes a browser send is refused.
///
/// A page that has its own name resolve to this machine (DNS rebinding) names itself in `Host`: only
/// addresses, `localhost` and this node's own names are answered. A page of another origin may not
/// change anything: it names itself in `Origin`.
package struct CallerCheck: Sendable {
    /// Lower case.
    private let names: Set<String>

    /// - Parameter names: under which this API is reached, besides addresses and `localhost`.
    package init(names: [String]) { self.names = Set(names.map { $0.lowercased() }) }

    /// Whether `host`, a `Host` field with or without port, is this node's.
    package func isOwn(host: String) -> Bool {
        guard let name = Self.name(in: host)?.lowercased() else { return false }
        return name == "localhost" || name.hasSuffix(".localhost") || names.contains(name)
            || Self.isIPv4(name) || name.contains(":")
    }

    /// Whether a request with this `Origin` comes from a page of this API's own.
    package func isOwn(origin: String, host: String) -> Bool {
        origin == "http://\(host)" || origin == "https://\(host)"
    }

    /// Without the port; an IPv6 address without its brackets.
    private static func name(in host: String) -> String? {
        if host.hasPrefix("[") {
            guard let end = host.firstIndex(of: "]") else { return nil }
            let name = host[host.index(after: host.startIndex)..<end]
            let isAddress =
                name.contains(":") && name.allSatisfy { $0.isHexDigit || ":.".contains($0) }
            return isAddress ? String(name) : nil
        }
        let parts = host.split(separator: ":", omittingEmptySubsequences: false)
        guard let name = parts.first, parts.count <= 2, !name.isEmpty else { return nil }
        return String(name)
    }

    private static func isIPv4(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { !$0.isEmpty && UInt8($0) != nil }
    }
}

struct CallerMiddleware<Context: RequestContext>: RouterMiddleware {
    let check: CallerCheck

    @concurrent func handle(
        _ request: Request, context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard let host = request.head.authority, check.isOwn(host: host) else {
            throw APIRefusal.strangeHost(request.head.authority ?? "")
        }
        if request.method != .get, let origin = request.headers[.origin],
            !check.isOwn(origin: origin, host: host)
        {
            throw APIRefusal.strangeOrigin(origin)
        }
        return try await next(request, context)
    }
}
