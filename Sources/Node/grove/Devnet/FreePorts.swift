import Glibc

/// Ports that nobody listens on at the moment of asking.
enum FreePorts {
    /// All different; they are held open together, so that none is given twice.
    /// - Parameters:
    ///   - address: an IPv6 address is asked for as all of IPv4's.
    ///   - first: nil takes any, else the ports from there on, each of which must be free.
    static func find(
        _ count: Int, on address: MachineAddress = .loopback, from first: Int? = nil
    ) throws(CommandFailure) -> [Int] {
        var sockets: [Int32] = []
        defer { for socket in sockets { close(socket) } }
        var ports: [Int] = []
        for index in 0..<count {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            guard descriptor >= 0 else { throw failure(address, 0) }
            sockets.append(descriptor)
            let port = first.map { $0 + index } ?? 0
            ports.append(try bind(descriptor, to: address, port: port))
        }
        return ports
    }

    private static func bind(
        _ descriptor: Int32, to machine: MachineAddress, port: Int
    ) throws(CommandFailure) -> Int {
        var isReused: Int32 = 1
        setsockopt(
            descriptor, SOL_SOCKET, SO_REUSEADDR, &isReused, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(clamping: port).bigEndian
        if machine.kind == .ip4 { inet_pton(AF_INET, machine.text, &address.sin_addr) }
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, length) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard code else { throw failure(machine, port) }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static func failure(_ machine: MachineAddress, _ port: Int) -> CommandFailure {
        let reason = String(cString: strerror(errno))
        return CommandFailure(
            .environment,
            port == 0
                ? "no free port on \(machine): \(reason)"
                : "port \(port) of \(machine) cannot be used: \(reason)")
    }
}
