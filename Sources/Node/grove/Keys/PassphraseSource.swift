/// Where the passphrase of a key file comes from, strongest first: the flag, the environment (the
/// passphrase itself, then a file of it), the settings file, the terminal.
package enum PassphraseSource: Hashable, Sendable {
    case file(String)
    case variable(String)
    case terminal

    /// Of a file that exists, or that is made.
    package static let variable = "GROVE_PASSPHRASE"
    /// What a change of passphrase seals with.
    package static let newVariable = "GROVE_NEW_PASSPHRASE"

    package init(_ settings: Settings) {
        let file = settings.find(.passphraseFile)
        if let file, case .flag = file.origin {
            self = .file(file.text)
        } else if settings.variable(Self.variable) != nil {
            self = .variable(Self.variable)
        } else if let file {
            self = .file(file.text)
        } else {
            self = .terminal
        }
    }

    /// Of the new passphrase: never one of the sources of the old one.
    package init(newIn settings: Settings, file: String?) {
        if let file {
            self = .file(file)
        } else if settings.variable(Self.newVariable) != nil {
            self = .variable(Self.newVariable)
        } else {
            self = .terminal
        }
    }
}
