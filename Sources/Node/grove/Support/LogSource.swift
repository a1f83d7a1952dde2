import Cryptography
import Foundation
import HTTPSupport
import NetworkFile
import Primitives
import SettlementLog

/// Where a command reads a whole settlement log: from its data directory, or over HTTP.
enum LogSource {
    /// A log's data directory, or its database; the log may run or be at rest.
    case archive(String)
    case server(HostAndPort)

    /// - Parameter directory: where it is nil the log is asked, at the settings' or the file's address.
    init(
        directory: String?, _ settings: Settings, of network: NetworkDescription
    ) throws {
        if let directory {
            self = .archive(directory)
        } else {
            self = .server(try settings.settlementAddress(of: network))
        }
    }

    /// Gives `take` the blocks from the first on, until it returns false or the log ends: a running
    /// one at the height that it has when it is asked. Nothing is verified. Throws `CommandFailure`.
    func read(
        of network: NetworkDescription, _ take: (LogBlock) throws -> Bool
    ) async throws {
        switch self {
        case .archive(let path): try Self.read(archive: path, network.networkID, take)
        case .server(let address): try await Self.read(server: address, network, take)
        }
    }

    private static func read(
        archive path: String, _ networkID: NetworkID, _ take: (LogBlock) throws -> Bool
    ) throws {
        var isDirectory: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
        let file = isDirectory.boolValue ? path + "/settlement.sqlite" : path
        let archive = try LogArchive(path: file)
        let found = try archive.networkID()
        guard found == nil || found == networkID else {
            throw CommandFailure(
                .usage,
                "\(file) is the log of network \(found.map(\.hex) ?? "none"), but the network "
                    + "file is of \(networkID)")
        }
        var next = Height(0)
        while true {
            let blocks = try archive.blocks(from: next)
            guard let last = blocks.last else { return }
            for block in blocks {
                guard try take(block) else { return }
            }
            next = last.height.advanced(by: 1)
        }
    }

    private static func read(
        server address: HostAndPort, _ network: NetworkDescription,
        _ take: (LogBlock) throws -> Bool
    ) async throws {
        let client = NodeAssembly.settlementClient(
            of: network, host: address.host, port: address.port)
        let status: LogStatus
        do {
            status = try await client.status()
        } catch {
            throw CommandFailure(
                .environment,
                "no settlement log answers at \(address) (\(HTTPExchange.words(for: error))); start it, give its address by "
                    + "--settlement, or its data directory by --log")
        }
        guard let head = status.height else { return }
        do {
            for try await block in client.blocks(from: Height(0)) {
                guard try take(block), block.height.number < head else { return }
            }
        } catch let error as SettlementClientError {
            throw NegativeResult(message: "the log at \(address) cannot be followed: \(error)")
        }
    }
}
