import ArgumentParser
import Field
import Foundation
import Logging

/// What every subcommand takes.
struct CommonOptions: ParsableArguments {
    @Flag(help: "Answer, and log, in JSON: one object a line.")
    var json = false

    @Option(
        name: .long,
        help: ArgumentHelp("The settings file. (GROVE_CONFIG)", valueName: "file"))
    var config: String?

    @Option(setting: .logLevel)
    var logLevel: String?

    /// Resolves the settings of a command that takes `flags`, and starts its log, which is at
    /// `defaultLogLevel` where nobody asks for another.
    func settings(
        _ flags: [Setting: String?], defaultLogLevel: Logger.Level? = nil
    ) throws -> Settings {
        let environment = ProcessInfo.processInfo.environment
        // For this process alone, not for those that it starts.
        for name in [PassphraseSource.variable, PassphraseSource.newVariable] { unsetenv(name) }
        let path = config ?? environment["GROVE_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        var given = flags.compactMapValues { $0 }
        given[.logLevel] = logLevel
        let settings = Settings(
            flags: given, environment: environment,
            file: try path.map { try SettingsFile(path: $0) })
        let level = try settings.parsed(
            .logLevel, expected: Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        ) { Logger.Level(rawValue: $0) }
        let isAsked = settings.find(.logLevel)?.origin != .defaultValue
        LineLogHandler.install(
            level: isAsked ? level : defaultLogLevel ?? level, asJSON: json)
        // Before anything else is done.
        try settings.checkNumbers(of: Setting.allCases.filter { flags.keys.contains($0) })
        try settings.useKernel()
        return settings
    }
}

extension Settings {
    /// For all that this process computes; results are the same with every kernel. Throws `invalid`
    /// where the machine lacks the instructions.
    fileprivate func useKernel() throws {
        guard find(.kernel) != nil else { return }
        let available = InstructionSet.available
        let names = available.map { "\($0)" }.joined(separator: ", ")
        let instructions = try parsed(
            .kernel, expected: "one of the kernels that this machine has (\(names))"
        ) { text in available.first { "\($0)" == text } }
        try InstructionSet.use(instructions)
    }
}

extension Option where Value == String? {
    /// The flag of a setting, its help out of the table.
    init(setting: Setting) {
        let fallback = setting.defaultDescription.map { "; default: \($0)" } ?? ""
        self.init(
            name: .customLong(setting.optionName),
            help: ArgumentHelp(
                "\(setting.help) (\(setting.environmentVariable)\(fallback))",
                valueName: setting.placeholder))
    }
}
