/// The settings of one run, resolved: flag over environment over file, and for each value where it
/// came from, so that a complaint names the place to mend.
package struct Settings: Sendable {
    /// Where a value was found.
    package enum Origin: Hashable, Sendable, CustomStringConvertible {
        case flag(String)
        case environment(String)
        case file(path: String, name: String)
        case defaultValue

        package var description: String {
            switch self {
            case .flag(let flag): flag
            case .environment(let variable): "the environment variable \(variable)"
            case .file(let path, let name): "\"\(name)\" in \(path)"
            case .defaultValue: "the default"
            }
        }
    }

    package struct Value: Hashable, Sendable {
        package let setting: Setting
        package let text: String
        package let origin: Origin
    }

    private let flags: [Setting: String]
    private let environment: [String: String]
    private let file: SettingsFile?

    /// An empty environment variable counts as absent, since some shells cannot unset one.
    package init(
        flags: [Setting: String], environment: [String: String], file: SettingsFile?
    ) {
        self.flags = flags
        self.environment = environment
        self.file = file
    }

    /// The same with `values` in place of these flags.
    package func setting(_ values: [Setting: String]) -> Settings {
        Settings(
            flags: flags.merging(values) { _, new in new }, environment: environment, file: file)
    }

    /// Nil where the setting is given nowhere and has no default.
    package func find(_ setting: Setting) -> Value? {
        if let text = flags[setting] {
            return Value(setting: setting, text: text, origin: .flag(setting.flag))
        }
        let variable = setting.environmentVariable
        if let text = environment[variable], !text.isEmpty {
            return Value(setting: setting, text: text, origin: .environment(variable))
        }
        if let file, let text = file.values[setting] {
            return Value(
                setting: setting, text: text,
                origin: .file(path: file.path, name: setting.name))
        }
        return setting.defaultText.map {
            Value(setting: setting, text: $0, origin: .defaultValue)
        }
    }

    /// A variable of the environment that is no setting, since it has neither flag nor place in the
    /// file; nil where it is empty.
    package func variable(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    package func required(_ setting: Setting) throws(SettingsError) -> Value {
        guard let value = find(setting) else { throw .missing(setting) }
        guard !value.text.isEmpty else { throw .invalid(value, expected: "a value") }
        return value
    }

    package func text(_ setting: Setting) throws(SettingsError) -> String {
        try required(setting).text
    }

    /// Of a setting that has `bounds`.
    package func integer(_ setting: Setting) throws(SettingsError) -> UInt64 {
        guard let bounds = setting.bounds else { preconditionFailure("\(setting) is no number") }
        let value = try required(setting)
        guard let integer = UInt64(value.text), bounds.contains(integer) else {
            throw .invalid(
                value,
                expected: "an integer from \(bounds.lowerBound) to \(bounds.upperBound) "
                    + "(\(setting.placeholder))")
        }
        return integer
    }

    /// As above where it is given.
    package func integer(
        _ setting: Setting, otherwise value: Int
    ) throws(SettingsError) -> Int {
        // Bounds of what is counted in Int are far below its largest.
        find(setting) == nil ? value : Int(clamping: try integer(setting))
    }

    /// Throws where one of the settings that are numbers is none, or beyond its bounds.
    package func checkNumbers(of settings: [Setting]) throws(SettingsError) {
        for setting in settings where setting.bounds != nil && find(setting) != nil {
            _ = try integer(setting)
        }
    }

    /// Nil where it is not given.
    package func hostAndPort(_ setting: Setting) throws(SettingsError) -> HostAndPort? {
        guard let value = find(setting) else { return nil }
        guard let address = HostAndPort(value.text) else {
            throw .invalid(value, expected: "host:port")
        }
        return address
    }

    /// The parts between commas, without spaces around; empty where it is not given.
    package func list(_ setting: Setting) throws(SettingsError) -> [String] {
        guard let value = find(setting), !value.text.isEmpty else { return [] }
        let parts = value.text.split(separator: ",", omittingEmptySubsequences: false)
            .map { $0.trimmingPrefix { $0 == " " } }
            .map { String($0.reversed().drop { $0 == " " }.reversed()) }
        guard !parts.contains("") else {
            throw .invalid(value, expected: "a list without empty parts")
        }
        return parts
    }

    /// `value` read by `read`, which answers nil where it is not `expected`.
    package func parsed<Result>(
        _ setting: Setting, expected: String, _ read: (String) -> Result?
    ) throws(SettingsError) -> Result {
        let value = try required(setting)
        guard let result = read(value.text) else { throw .invalid(value, expected: expected) }
        return result
    }
}

/// What is wrong with the settings; each case says where, what was expected and what was found.
package enum SettingsError: Error, Hashable, Sendable {
    case missing(Setting)
    case invalid(Settings.Value, expected: String)
    case notJSON(path: String, reason: String)
    case malformed(path: String, reason: String)
    case unknownNames([String], path: String)
    /// A value in the file that is neither text, number nor a list of texts.
    case wrongType(name: String, path: String)
}

extension SettingsError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing(let setting):
            "no \(setting.name): give \(setting.flag) <\(setting.placeholder)>, set "
                + "\(setting.environmentVariable), or write \"\(setting.name)\" into the settings "
                + "file (--config)"
        case .invalid(let value, let expected):
            "\(value.origin): expected \(expected), found \"\(value.text)\""
        case .notJSON(let path, let reason):
            "the settings file \(path) is not a JSON object: \(reason)"
        case .malformed(let path, let reason):
            "the settings file \(path): \(reason)"
        case .unknownNames(let names, let path):
            "the settings file \(path) has unknown settings: \(names.joined(separator: ", ")); "
                + "known are \(Setting.allCases.map(\.name).joined(separator: ", "))"
        case .wrongType(let name, let path):
            "\"\(name)\" in \(path): expected text, a number or a list of texts"
        }
    }
}
