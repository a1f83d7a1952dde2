package import NodeAPI
import Primitives

/// An event as one line, for those who read a log instead of a screen.
package enum EventLine {
    package static func text(_ event: EventAnswer) -> String {
        var parts: [String] = []
        if let slot = event.slot { parts.append("slot \(slot)") }
        parts.append(Words.event(event.event))
        if let height = event.height { parts.append("height \(height)") }
        if let first = event.firstLeaf, let count = event.leafCount {
            parts.append("leaves \(Shown.range(first, count))")
        } else if let count = event.leafCount {
            parts.append(Shown.count(count, "leaf proof"))
        }
        if let role = event.role { parts.append(role) }
        if let key = event.key { parts.append(Shown.short(key)) }
        if let other = event.otherKey { parts.append("for \(Shown.short(other))") }
        if let units = event.amountUnits { parts.append(Shown.amount(units)) }
        if let kind = event.kind { parts.append(Words.kind(kind, of: event.event)) }
        if let reason = event.reason { parts.append("(\(words(reason, of: event.event)))") }
        return parts.joined(separator: "  ")
    }

    private static func words(_ reason: String, of event: EventAnswer.Name) -> String {
        switch event {
        case .skipped: Words.skip(reason)
        case .slashed: Words.offence(reason)
        default: Words.reason(reason)
        }
    }
}
