/// A regular expression that documents show as it is, matched in time linear in the text.
///
/// It knows what ECMAScript and this code understand alike: characters, `.`, `[a-z]`, `[^…]`, `\d`,
/// `\w`, `\s` and their opposites, `( )`, `(?: )`, `|`, `? * +`, `{m,n}`, `^` and `$`. It matches
/// by Unicode scalars.
public struct JSONPattern: Sendable, ExpressibleByStringLiteral {
    /// One step of the compiled expression.
    enum Step: Sendable {
        /// Goes past one scalar of a set.
        case scalar(ScalarSet)
        /// Goes on at both places.
        case split(Int, Int)
        /// Goes on elsewhere.
        case jump(Int)
        /// Goes on only at the start of the text.
        case atStart
        /// Goes on only at the end of the text.
        case atEnd
        /// The expression is found.
        case found
    }

    /// The expression as written.
    public let text: String
    /// The compiled expression; without steps nothing matches.
    private let steps: [Step]
    /// The set and the length of an expression like `^[a-z]{1,9}$`, which needs no steps.
    private let run: (set: ScalarSet, length: ClosedRange<Int>)?

    /// Compiles an expression; one that is not understood matches nothing.
    public init(stringLiteral text: String) {
        self.text = text
        var compiler = PatternCompiler(text)
        steps = compiler.compile() ?? []
        var simple = PatternCompiler(text)
        run = simple.run()
    }

    /// Whether the expression was understood.
    public var isWellFormed: Bool { !steps.isEmpty }

    /// Whether the expression is found somewhere in `text`.
    public func matches(_ text: String) -> Bool {
        guard isWellFormed else { return false }
        if let run {
            return text.unicodeScalars.allSatisfy(run.set.contains)
                && run.length.contains(text.unicodeScalars.count)
        }
        var run = PatternRun(steps: steps)
        var isStart = true
        var rest = text.unicodeScalars.makeIterator()
        var next = rest.next()
        while true {
            run.begin(at: 0, isStart: isStart, isEnd: next == nil)
            if run.isFound { return true }
            guard let scalar = next else { return false }
            isStart = false
            next = rest.next()
            run.advance(over: scalar, isEnd: next == nil)
            if run.isFound { return true }
        }
    }
}

/// The places in an expression that are reached at one point of a text.
private struct PatternRun {
    /// The compiled expression.
    let steps: [JSONPattern.Step]
    /// The places, each a step that takes a scalar.
    private var places: [Int] = []
    /// The places at the point before.
    private var before: [Int] = []
    /// At which point of the text each step was last reached, so that none is followed twice.
    private var reached: [Int]
    /// The point of the text, from 1.
    private var point = 1
    /// Whether the end of the expression was reached.
    private(set) var isFound = false

    /// A run that has not begun.
    init(steps: [JSONPattern.Step]) {
        self.steps = steps
        reached = Array(repeating: 0, count: steps.count)
    }

    /// Reaches a step, and those that follow from it without a scalar.
    mutating func begin(at step: Int, isStart: Bool, isEnd: Bool) {
        guard reached[step] != point else { return }
        reached[step] = point
        switch steps[step] {
        case .scalar: places.append(step)
        case .jump(let target): begin(at: target, isStart: isStart, isEnd: isEnd)
        case .split(let first, let second):
            begin(at: first, isStart: isStart, isEnd: isEnd)
            begin(at: second, isStart: isStart, isEnd: isEnd)
        case .atStart: if isStart { begin(at: step + 1, isStart: isStart, isEnd: isEnd) }
        case .atEnd: if isEnd { begin(at: step + 1, isStart: isStart, isEnd: isEnd) }
        case .found: isFound = true
        }
    }

    /// Goes past a scalar.
    mutating func advance(over scalar: Unicode.Scalar, isEnd: Bool) {
        point += 1
        // Two arrays take turns, so that a text needs no memory per scalar.
        swap(&places, &before)
        places.removeAll(keepingCapacity: true)
        for place in before {
            if case .scalar(let set) = steps[place], set.contains(scalar) {
                begin(at: place + 1, isStart: false, isEnd: isEnd)
            }
        }
    }
}
