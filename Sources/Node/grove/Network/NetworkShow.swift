import ArgumentParser
import Cryptography
import Foundation
import NetworkFile

extension Network {
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a network file and say in words what it rules.",
            discussion: """
                Examples: grove network show network.json
                          grove network show http://192.0.2.7:7001/network.json
                """)

        @Argument(help: "The network file, or an http:// address that serves it.")
        var file: String

        @OptionGroup var common: CommonOptions

        func run() async throws {
            _ = try common.settings([:])
            let bytes = try await NetworkSource.read(file)
            let document = try NetworkDocument(decoding: Data(bytes))
            let network = try NetworkDescription(document: document)
            let words = NetworkInWords(document: document, network: network)
            var answer = NetworkAnswer(network)
            answer.document = document
            answer.rules = words.rules
            try Output.answer(answer, text: words.text, asJSON: common.json)
        }
    }
}

/// What the network commands answer in JSON.
struct NetworkAnswer: Encodable {
    var networkId: String
    var policyHash: String
    var rules: [String]?
    var document: NetworkDocument?

    init(_ network: NetworkDescription) {
        networkId = network.networkID.hex
        policyHash = network.policyHash.hex
    }
}
