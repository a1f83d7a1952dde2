import Foundation
import HTTPSupport
import NIOHTTP1
import NetworkFile

/// A network file from a path, or over HTTP from whoever runs the network: wherever a command takes
/// one.
enum NetworkSource {
    private static let patience = Duration.seconds(30)

    /// - Parameter copy: what is read where the address does not answer, if it exists.
    static func read(_ source: String, copy: String? = nil) async throws -> [UInt8] {
        guard source.contains("://") else {
            return try LocalFile.read(source, atMost: NetworkDocument.maximumByteCount)
        }
        guard let address = HTTPAddress(source) else {
            throw CommandFailure(
                .usage,
                "--network: expected a file or http://host:port/network.json, found \"\(source)\"")
        }
        do {
            return try await fetch(address)
        } catch {
            guard let copy, FileManager.default.fileExists(atPath: copy) else { throw error }
            return try LocalFile.read(copy, atMost: NetworkDocument.maximumByteCount)
        }
    }

    /// Throws `NetworkFileError` where the bytes are no network file of this version.
    static func network(in bytes: [UInt8]) throws -> NetworkDescription {
        try NetworkDescription(document: NetworkDocument(decoding: Data(bytes)))
    }

    /// Reads what `source` names. Of one that came over the network it is said which one it is, on
    /// standard error: whoever serves it could serve another.
    static func network(at source: String) async throws -> NetworkDescription {
        let network = try network(in: try await read(source))
        if source.contains("://") { Output.error(words(network, from: source)) }
        return network
    }

    static func words(_ network: NetworkDescription, from source: String) -> String {
        "network \(network.name), id \(network.networkID), from \(source)"
    }

    private static func fetch(_ address: HTTPAddress) async throws -> [UInt8] {
        let exchange = HTTPExchange(
            host: address.host, port: address.port, method: .GET,
            path: address.path.isEmpty ? "/network.json" : address.path, body: [],
            maximumAnswerByteCount: NetworkDocument.maximumByteCount)
        let answer: HTTPExchange.Answer
        do {
            answer = try await withDeadline(patience) { try await exchange.run() }
        } catch is DeadlineExceeded {
            throw CommandFailure(
                .environment, "\(address.url) sends no network file within \(patience)")
        } catch {
            throw CommandFailure(
                .environment,
                "cannot fetch the network file from \(address.url): \(HTTPExchange.words(for: error))"
            )
        }
        guard answer.status == 200 else {
            throw CommandFailure(
                .environment,
                "\(address.url) answers \(answer.status) in place of a network file")
        }
        return answer.body
    }
}

extension Settings {
    /// The network of `--network`, a file or an address.
    func network() async throws -> NetworkDescription {
        try await NetworkSource.network(at: try text(.network))
    }
}
