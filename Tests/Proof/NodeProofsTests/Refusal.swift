import NodeProofs
import Testing

/// The error that `body` throws, nil where it throws none.
func refusal(_ body: () throws -> Void) -> NodeProofError? {
    do {
        try body()
        return nil
    } catch {
        let refusal = error as? NodeProofError
        #expect(refusal != nil, "\(error)")
        return refusal
    }
}
