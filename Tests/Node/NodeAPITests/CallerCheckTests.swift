import NodeAPI
import Testing

@Suite struct CallerCheckTests {
    private let check = CallerCheck(names: ["Prover-1", "0.0.0.0"])

    @Test(arguments: [
        "127.0.0.1", "127.0.0.1:8101", "10.0.0.7:80", "localhost", "LOCALHOST:8101",
        "node.localhost", "[::1]", "[::1]:8101", "[fe80::1]:1", "prover-1", "PROVER-1:8101",
    ])
    func `addresses, localhost and own names are answered`(host: String) {
        #expect(check.isOwn(host: host))
    }

    @Test(arguments: [
        "", ":80", "evil.example", "evil.example:8101", "127.0.0.1.evil.example", "localhost.evil",
        "1.2.3", "1.2.3.256", "1.2.3.4.5", "[evil.example]", "[::1", "a:b:c", "prover-2", "0x7f.1",
        "notlocalhost",
    ])
    func `any other host is refused`(host: String) {
        #expect(!check.isOwn(host: host))
    }

    @Test func `only the API's own pages are of its origin`() {
        #expect(check.isOwn(origin: "http://127.0.0.1:8101", host: "127.0.0.1:8101"))
        #expect(!check.isOwn(origin: "http://127.0.0.1:8102", host: "127.0.0.1:8101"))
        #expect(!check.isOwn(origin: "null", host: "127.0.0.1:8101"))
        #expect(!check.isOwn(origin: "http://evil.example", host: "127.0.0.1:8101"))
    }
}
