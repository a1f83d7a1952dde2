package import Primitives

/// All of them are ours: no peer causes them.
package enum StorageError: Error, Hashable, Sendable {
    /// Another process, or another log of this one, writes there.
    case directoryInUse(path: String, processID: Int32?)
    case cannotOpen(path: String, reason: String)
    /// The directory belongs to a node of another network.
    case wrongNetwork(expected: NetworkID, found: NetworkID)
    /// Written by a later version of this program.
    case newerFormat
    /// This duty was signed for, with other content: signing again would be an offence.
    case conflictingStatement(duty: [UInt8], signed: [UInt8])
    /// The key holds other content, and nothing is overwritten.
    case conflictingRecord(RecordKind, key: [UInt8])
    case conflictingLogBlock(Height)
    case missingLogBlock(expected: Height, found: Height)
    case tooLarge(limitByteCount: Int, foundByteCount: Int)
    /// SQLite's result code and message: disk full, damaged file and the like.
    case database(code: Int32, message: String)
}
