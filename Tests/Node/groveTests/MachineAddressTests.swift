import Foundation
import TestSupport
import Testing
import grove

@Suite struct MachineAddressTests {
    @Test(arguments: [
        ("10.0.0.1", MachineAddress.Kind.ip4, "http://10.0.0.1:7", "/ip4/10.0.0.1/tcp/7"),
        ("::1", .ip6, "http://[::1]:7", "/ip6/::1/tcp/7"),
        ("[fe80::2]", .ip6, "http://[fe80::2]:7", "/ip6/fe80::2/tcp/7"),
        ("node-1.example", .name, "http://node-1.example:7", "/dns4/node-1.example/tcp/7"),
        ("localhost", .name, "http://localhost:7", "/dns4/localhost/tcp/7"),
    ])
    func `an address is written as a URL and as a multiaddress`(
        text: String, kind: MachineAddress.Kind, url: String, multiaddress: String
    ) throws {
        let address = try #require(MachineAddress(text))
        #expect(address.kind == kind)
        #expect(address.url(port: 7) == url)
        #expect(address.multiaddress(port: 7) == multiaddress)
    }

    @Test(arguments: [
        "", " ", "10.0.0", "1.2.3.4.5", "256.1.1.1", "a b", "a/b", "http://a", "a:1", "::1::",
        String(repeating: "a", count: 300), "ä", "1234",
    ])
    func `what is no address of a machine is refused`(text: String) {
        #expect(MachineAddress(text) == nil)
    }

    @Test func `a wildcard is told from an address, and the loopback from others`() throws {
        #expect(try ["0.0.0.0", "::"].allSatisfy { try #require(MachineAddress($0)).isWildcard })
        #expect(
            try ["127.0.0.1", "127.9.9.9", "::1", "localhost"].allSatisfy {
                try #require(MachineAddress($0)).isLoopback
            })
        #expect(try !#require(MachineAddress("10.0.0.1")).isLoopback)
    }

    @Test func `a file is replaced whole`() throws {
        let path = ScratchDirectory.root
            .appending(path: "grove-replace-\(UUID().uuidString)").path(percentEncoded: false)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try LocalFile.create(path, [1], mode: 0o600)
        try LocalFile.replace(path, [2, 3], mode: 0o644)
        #expect(try LocalFile.read(path, atMost: 10) == [2, 3])
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o644)
    }
}
