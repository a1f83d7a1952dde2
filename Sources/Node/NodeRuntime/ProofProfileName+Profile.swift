package import IOP
package import NetworkFile

extension ProofProfileName {
    package var proofProfile: ProofProfile {
        switch self {
        case .fast: .fast
        case .proven100: .proven100
        }
    }
}
