/// Turns a regular expression into steps.
struct PatternCompiler {
    /// The most steps an expression may have, since `{m,n}` copies what it repeats.
    private static let longest = 4096

    /// The expression.
    private let text: [Unicode.Scalar]
    /// The next scalar to be read.
    private var position = 0

    /// A compiler of one expression.
    init(_ text: String) {
        self.text = Array(text.unicodeScalars)
    }

    /// The steps, or nil when the expression is not understood.
    mutating func compile() -> [JSONPattern.Step]? {
        guard let steps = choice(), position == text.count, steps.count < Self.longest else {
            return nil
        }
        return steps + [.found]
    }

    /// The set and the length when the whole expression is one set repeated between `^` and `$`.
    mutating func run() -> (set: ScalarSet, length: ClosedRange<Int>)? {
        guard take("^"), take("["), let set = set(), let length = repetition(), take("$"),
            position == text.count
        else { return nil }
        return (set, length)
    }

    /// Alternatives between `|`. All targets are relative to the first step of what is returned.
    private mutating func choice() -> [JSONPattern.Step]? {
        guard var steps = sequence() else { return nil }
        while take("|") {
            guard let other = sequence() else { return nil }
            let end = steps.count + 2 + other.count
            steps =
                [.split(1, steps.count + 2)] + Self.moved(steps, by: 1) + [.jump(end)]
                + Self.moved(other, by: steps.count + 2)
        }
        return steps
    }

    /// Pieces one after the other.
    private mutating func sequence() -> [JSONPattern.Step]? {
        var steps: [JSONPattern.Step] = []
        while let next, next != "|", next != ")" {
            guard let piece = piece(), steps.count + piece.count < Self.longest else { return nil }
            steps += Self.moved(piece, by: steps.count)
        }
        return steps
    }

    /// One piece with how often it occurs.
    private mutating func piece() -> [JSONPattern.Step]? {
        guard let atom = atom(), let times = repetition() else { return nil }
        return times == 1...1 ? atom : Self.repeated(atom, times)
    }

    /// How often the piece before occurs; `Int.max` means that there is no end.
    private mutating func repetition() -> ClosedRange<Int>? {
        if take("?") { return 0...1 }
        if take("*") { return 0...Int.max }
        if take("+") { return 1...Int.max }
        guard take("{") else { return 1...1 }
        guard let least = number() else { return nil }
        var greatest = least
        if take(",") { greatest = number() ?? .max }
        guard take("}"), greatest >= least else { return nil }
        return least...greatest
    }

    /// A character, a set, a group or an anchor.
    private mutating func atom() -> [JSONPattern.Step]? {
        guard let scalar = next else { return nil }
        position += 1
        switch scalar {
        case "^": return [.atStart]
        case "$": return [.atEnd]
        case ".": return [.scalar(.anything)]
        case "[": return set().map { [.scalar($0)] }
        case "\\": return escape().map { [.scalar($0)] }
        case "(":
            if take("?"), !take(":") { return nil }
            guard let inner = choice(), take(")") else { return nil }
            return inner
        case "*", "+", "?", "{", "}", "]", ")": return nil
        default: return [.scalar(ScalarSet(ranges: [scalar...scalar]))]
        }
    }

    /// The set behind a `[`.
    private mutating func set() -> ScalarSet? {
        var set = ScalarSet(isNegated: take("^"))
        while !take("]") {
            guard let first = member(of: &set) else { return nil }
            guard case .some(let low) = first else { continue }
            if next == "-", position + 1 < text.count, text[position + 1] != "]" {
                position += 1
                guard case .some(.some(let high)) = member(of: &set), low <= high else {
                    return nil
                }
                set.ranges.append(low...high)
            } else {
                set.ranges.append(low...low)
            }
        }
        return set
    }

    /// The next scalar of a set; `.some(nil)` when it was a class and is already in the set, nil
    /// when nothing fits.
    private mutating func member(of set: inout ScalarSet) -> Unicode.Scalar?? {
        guard let scalar = next, scalar != "[" else { return nil }
        position += 1
        guard scalar == "\\" else { return .some(scalar) }
        guard let escaped = escape(), !escaped.isNegated else { return nil }
        if escaped.ranges.count == 1, let range = escaped.ranges.first,
            range.lowerBound == range.upperBound
        {
            return .some(range.lowerBound)
        }
        set.ranges += escaped.ranges
        set.hasSpace = set.hasSpace || escaped.hasSpace
        return .some(nil)
    }

    /// What stands behind a backslash.
    private mutating func escape() -> ScalarSet? {
        guard let scalar = next else { return nil }
        position += 1
        switch scalar {
        case "d": return .digits
        case "w": return .wordCharacters
        case "s": return .space
        case "D", "W", "S":
            var set: ScalarSet =
                scalar == "D" ? .digits : scalar == "W" ? .wordCharacters : .space
            set.isNegated = true
            return set
        case "n": return ScalarSet(ranges: ["\n"..."\n"])
        case "r": return ScalarSet(ranges: ["\r"..."\r"])
        case "t": return ScalarSet(ranges: ["\t"..."\t"])
        default:
            let isSyntax = scalar.isASCII && !ScalarSet.wordCharacters.contains(scalar)
            return isSyntax ? ScalarSet(ranges: [scalar...scalar]) : nil
        }
    }
}

extension PatternCompiler {
    /// The next scalar.
    private var next: Unicode.Scalar? {
        position < text.count ? text[position] : nil
    }

    /// Goes past a scalar when it is next, and says whether it was.
    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    /// A number in decimal digits.
    private mutating func number() -> Int? {
        var value: Int?
        while let digit = next, ScalarSet.digits.contains(digit) {
            value = min((value ?? 0) * 10 + Int(digit.value - 48), 1_000_000)
            position += 1
        }
        return value
    }

    /// Steps that do `steps` as often as `times` says, nil when they become too many.
    private static func repeated(
        _ steps: [JSONPattern.Step], _ times: ClosedRange<Int>
    ) -> [JSONPattern.Step]? {
        let (least, greatest) = (times.lowerBound, times.upperBound)
        let copies = greatest == .max ? least : greatest
        guard (steps.count + 2) * copies < longest else { return nil }
        var result: [JSONPattern.Step] = []
        for _ in 0..<least {
            result += moved(steps, by: result.count)
        }
        if greatest == .max {
            let start = result.count
            result.append(.split(start + 1, start + steps.count + 2))
            result += moved(steps, by: start + 1)
            result.append(.jump(start))
            return result
        }
        let end = result.count + (greatest - least) * (steps.count + 1)
        for _ in least..<greatest {
            result.append(.split(result.count + 1, end))
            result += moved(steps, by: result.count)
        }
        return result
    }

    /// The steps with their targets moved.
    private static func moved(
        _ steps: [JSONPattern.Step], by distance: Int
    ) -> [JSONPattern.Step] {
        steps.map { step in
            switch step {
            case .split(let first, let second): .split(first + distance, second + distance)
            case .jump(let target): .jump(target + distance)
            default: step
            }
        }
    }
}
