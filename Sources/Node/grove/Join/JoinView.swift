import Foundation

/// Says what happens to a node that joins, one line a step, with the time.
struct JoinView: Sendable {
    let asJSON: Bool

    func say(_ step: JoinStep) {
        if asJSON {
            try? Output.json(step)
        } else if !step.isRepeated {
            let time = Date().formatted(
                Date.VerbatimFormatStyle(
                    format: """
                        \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\
                        \(minute: .twoDigits):\(second: .twoDigits)
                        """, timeZone: .current, calendar: .current))
            Output.line("\(time)  \(step.text)")
        }
    }
}
