import Foundation

/// `http://host:port`, as the user writes it.
package struct NodeAPIAddress: Hashable, Sendable {
    package let host: String
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// A bare `host:port` is taken as one of `http`; a path is refused.
    package init(_ text: String) throws(NodeAPIClientError) {
        let url = text.contains("://") ? text : "http://\(text)"
        guard let parts = URLComponents(string: url), parts.scheme?.lowercased() == "http",
            let host = parts.host, !host.isEmpty, parts.path.isEmpty || parts.path == "/",
            parts.query == nil, parts.fragment == nil, parts.user == nil
        else { throw .badURL(text) }
        let port = parts.port ?? 80
        guard (1...65_535).contains(port) else { throw .badURL(text) }
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        self.port = port
    }

    package var url: String {
        host.contains(":") ? "http://[\(host)]:\(port)" : "http://\(host):\(port)"
    }
}
