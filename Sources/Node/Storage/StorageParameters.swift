/// Limits of what is stored.
package enum StorageParameters {
    package static let maximumKeyByteCount = 256
    /// A log block, the largest of what is stored, and room to spare.
    package static let maximumValueByteCount = 40 << 20
    /// Of one answer: a caller pages on from the last one.
    package static let maximumRowsPerRead = 1_024
    package static let maximumByteCountPerRead = 64 << 20
    package static let maximumReaderCount = 2
    /// How long a reader beside a running node waits for its writer.
    static let readerPatienceSeconds = 10.0
}
