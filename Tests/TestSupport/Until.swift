import Dispatch

/// Waits until a condition holds, looking every two milliseconds: a loop that only yields would take
/// a core from the tests beside it. Throws when the test is cancelled, as its time limit does.
package func until(_ condition: () async throws -> Bool) async throws {
    while try await !condition() {
        try Task.checkCancellation()
        await withCheckedContinuation { look in
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(2)) { look.resume() }
        }
    }
}
