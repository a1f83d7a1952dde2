package import Primitives

/// All of them are ours: no peer causes them.
package enum StorageError: Error, Hashable, Sendable {
    /// Another process, or another log of this one, writes there.
    case directoryInUse(path: String, processID: Int32?)
    case cannotOpen(path: String, reason: String)
    /// The directory belongs to a node of another network.
    case wrongNetwork(expected: NetworkID, found: NetworkID)
    /// The directory belongs to another operator key, or to other rules.
    case wrongOwner(what: String, expected: String, found: String)
    /// Written by a later version of this program.
    case newerFormat
    /// This duty was signed for, with other content: signing again would be an offence.
    case conflictingStatement(duty: [UInt8], signed: [UInt8])
    /// The key holds other content, and nothing is overwritten.
    case conflictingRecord(RecordKind, key: [UInt8])
    case conflictingLogBlock(Height)
    case missingLogBlock(expected: Height, found: Height)
    case tooLarge(limitByteCount: Int, foundByteCount: Int)
    /// The file is not what this program wrote.
    case damaged(String)
    /// SQLite's result code and message: disk full and the like.
    case database(code: Int32, message: String)
}

extension StorageError {
    /// Whether the machine's owner can mend it; the others are faults of this program.
    package var isEnvironment: Bool {
        switch self {
        case .directoryInUse, .cannotOpen, .wrongNetwork, .wrongOwner, .newerFormat, .damaged,
            .database:
            true
        case .conflictingStatement, .conflictingRecord, .conflictingLogBlock, .missingLogBlock,
            .tooLarge:
            false
        }
    }
}

extension StorageError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .directoryInUse(let path, let processID):
            "another process\(processID.map { " (\($0))" } ?? "") writes in \(path); stop it, or use "
                + "another data directory"
        case .cannotOpen(let path, let reason):
            "cannot open \(path): \(reason)"
        case .wrongNetwork(let expected, let found):
            "the data directory holds a node of network \(found), but the network file is of "
                + "\(expected); use another data directory"
        case .wrongOwner(let what, let expected, let found):
            "the data directory was used with the \(what) \(found), and is now used with "
                + "\(expected); use another data directory"
        case .newerFormat:
            "the data directory was written by a later version of grove"
        case .conflictingStatement(let duty, _):
            "another statement is already signed for \(String(decoding: duty, as: UTF8.self))"
        case .conflictingRecord(_, let key):
            "another record is kept under \(String(decoding: key, as: UTF8.self))"
        case .conflictingLogBlock(let height):
            "another log block of height \(height) is kept"
        case .missingLogBlock(let expected, let found):
            "log block \(found) came where \(expected) was expected"
        case .tooLarge(let limit, let found):
            "\(found) bytes are more than the \(limit) that can be kept"
        case .damaged(let reason):
            "the database is damaged (\(reason)); put a copy of the directory of this moment back, or "
                + "start with an empty directory once every slot of now is over: an older copy, or "
                + "none, does not know what this node has signed"
        case .database(_, let message):
            "the database cannot be used: \(message)"
        }
    }
}
