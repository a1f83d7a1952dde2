import Cryptography
import Testing

struct CryptographySelfTestTests {
    @Test func `the self test passes with this library`() throws {
        try CryptographySelfTest.run()
    }
}
