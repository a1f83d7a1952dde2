import Foundation
import Glibc

/// Where a machine is reached: an IP address or a host name, without a port.
package struct MachineAddress: Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable { case ip4, ip6, name }

    package let text: String
    package let kind: Kind

    package static let loopback = MachineAddress(text: "127.0.0.1", kind: .ip4)

    private init(text: String, kind: Kind) {
        self.text = text
        self.kind = kind
    }

    /// Nil for anything else than an IP address or a host name; `[::1]` is `::1`.
    package init?(_ written: String) {
        var text = written
        if text.hasPrefix("["), text.hasSuffix("]") { text = String(text.dropFirst().dropLast()) }
        var room = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &room) == 1 {
            self.init(text: text, kind: .ip4)
        } else if inet_pton(AF_INET6, text, &room) == 1 {
            self.init(text: text, kind: .ip6)
        } else {
            let isName =
                !text.isEmpty && text.utf8.count <= 253 && text.contains { $0.isLetter }
                && text.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"),
                        UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                        UInt8(ascii: "."):
                        true
                    default: false
                    }
                }
            guard isName else { return nil }
            self.init(text: text, kind: .name)
        }
    }

    /// Every address of the machine: to be listened at, not to be told to others.
    package var isWildcard: Bool { text == "0.0.0.0" || text == "::" }

    package var isLoopback: Bool {
        text == "localhost" || text == "::1" || kind == .ip4 && text.hasPrefix("127.")
    }

    package func url(port: Int) -> String { "http://\(authority(port: port))" }

    package func authority(port: Int) -> String {
        kind == .ip6 ? "[\(text)]:\(port)" : "\(text):\(port)"
    }

    /// `/ip4/10.0.0.1/tcp/4001`
    package func multiaddress(port: Int) -> String {
        switch kind {
        case .ip4: "/ip4/\(text)/tcp/\(port)"
        case .ip6: "/ip6/\(text)/tcp/\(port)"
        case .name: "/dns4/\(text)/tcp/\(port)"
        }
    }

    package var description: String { text }
}

extension MachineAddress {
    /// The address of this machine that packets to `host` leave from. Sends nothing. Nil where there
    /// is no way to it, or it is a name that cannot be resolved.
    static func facing(_ host: String, port: Int) -> MachineAddress? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        // An empty list, of the type that the C library fills.
        var found = hints.ai_next
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let found else { return nil }
        defer { freeaddrinfo(found) }
        let descriptor = socket(found.pointee.ai_family, Int32(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { local -> Int32 in
                guard connect(descriptor, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0,
                    getsockname(descriptor, local, &length) == 0
                else { return -1 }
                return getnameinfo(
                    local, length, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
            }
        }
        guard code == 0 else { return nil }
        let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return MachineAddress(String(decoding: bytes, as: UTF8.self))
    }
}
