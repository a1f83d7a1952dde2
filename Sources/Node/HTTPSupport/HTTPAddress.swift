import Foundation

/// `http://host:port/path`, as people write it.
package struct HTTPAddress: Hashable, Sendable {
    package let host: String
    package let port: Int
    /// Begins with `/`, or is empty.
    package let path: String

    package init(host: String, port: Int, path: String = "") {
        self.host = host
        self.port = port
        self.path = path
    }

    /// Nil for anything else than a plain `http` URL without user, query and fragment.
    package init?(_ text: String) {
        guard let parts = URLComponents(string: text), parts.scheme?.lowercased() == "http",
            let host = parts.host, !host.isEmpty, parts.query == nil, parts.fragment == nil,
            parts.user == nil
        else { return nil }
        let port = parts.port ?? 80
        guard (1...65_535).contains(port) else { return nil }
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        self.port = port
        path = parts.percentEncodedPath == "/" ? "" : parts.percentEncodedPath
    }

    /// Without the path.
    package var base: String {
        host.contains(":") ? "http://[\(host)]:\(port)" : "http://\(host):\(port)"
    }

    package var url: String { base + path }
}
