/// A set of Unicode scalars.
struct ScalarSet: Sendable {
    /// The scalars that are in it, or with `isNegated` those that are not.
    var ranges: [ClosedRange<Unicode.Scalar>] = []
    /// Whether white space belongs to `ranges` as well.
    var hasSpace = false
    /// Whether the set is everything but its ranges.
    var isNegated = false

    /// Whether the set holds a scalar.
    func contains(_ scalar: Unicode.Scalar) -> Bool {
        let isListed =
            ranges.contains { $0.contains(scalar) }
            || (hasSpace && (scalar.properties.isWhitespace || scalar == "\u{FEFF}"))
        return isListed != isNegated
    }

    /// `\d`.
    static let digits = ScalarSet(ranges: ["0"..."9"])
    /// `\w`.
    static let wordCharacters = ScalarSet(ranges: ["a"..."z", "A"..."Z", "0"..."9", "_"..."_"])
    /// `\s`.
    static let space = ScalarSet(hasSpace: true)
    /// `.`.
    static let anything = ScalarSet(
        ranges: ["\n"..."\n", "\r"..."\r", "\u{2028}"..."\u{2029}"], isNegated: true)
}
