import Glibc

/// Ports of 127.0.0.1 that nobody listens on at the moment of asking.
enum FreePorts {
    /// All different; they are held open together, so that none is given twice.
    static func find(_ count: Int) throws(CommandFailure) -> [Int] {
        var sockets: [Int32] = []
        defer { for socket in sockets { close(socket) } }
        var ports: [Int] = []
        for _ in 0..<count {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            guard descriptor >= 0 else { throw failure() }
            sockets.append(descriptor)
            ports.append(try bind(descriptor))
        }
        return ports
    }

    private static func bind(_ descriptor: Int32) throws(CommandFailure) -> Int {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, length) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard code else { throw failure() }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static func failure() -> CommandFailure {
        CommandFailure(
            .environment, "no free port on 127.0.0.1: \(String(cString: strerror(errno)))")
    }
}
