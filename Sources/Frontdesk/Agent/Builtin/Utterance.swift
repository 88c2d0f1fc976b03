/// A customer's message, cut into words and marked with what the words are about.
struct Utterance: Sendable {
    /// The message as sent.
    let source: String
    /// Its words in order.
    let words: [Word]
    /// What stands behind the last word.
    let closing: Gap
    /// Every known phrase, from left to right.
    let marks: [Mark]
    /// All that is spoken of.
    let concepts: Concepts
    /// The order numbers it holds, surely meant or only possible; of many the first few.
    let mentions: [OrderMention]
    /// What each word is about.
    private let meanings: [Concepts]
    /// Tells the day on which it is said, at the venue; asked only where a day is named.
    private let saidOn: @Sendable () -> CalendarDay
    /// The first word after greetings, "please", "I'd like to" and the like.
    let head: Int

    /// Reads `text`, said on `today`.
    init(
        _ text: String,
        today: @autoclosure @escaping @Sendable () -> CalendarDay = CalendarDay(daysSince1970: 0)
    ) {
        var text = text
        saidOn = today
        (words, closing) = Scanner.words(of: &text)
        source = text
        (marks, concepts) = Lexicon.marks(in: words)
        mentions = OrderMention.all(in: words)
        meanings = Lexicon.meanings(marks, count: words.count)
        head = Utterance.head(marks, words.count)
    }

    private static func head(_ marks: [Mark], _ count: Int) -> Int {
        let skipped = Concepts(.opener, .greeting, .yes, .no, .thanks, .praise, .stop)
        var head = 0
        for mark in marks where mark.words.lowerBound == head && skipped.has(mark.concept) {
            head = mark.words.upperBound
        }
        return head < count ? head : 0
    }
}

extension Utterance {
    /// The day on which it is said, at the venue.
    var today: CalendarDay { saidOn() }

    /// Whether the concept is spoken of anywhere.
    func has(_ concept: Concept) -> Bool {
        concepts.has(concept)
    }

    /// Whether any of the concepts is spoken of.
    func has(any wanted: Concepts) -> Bool {
        !concepts.isDisjoint(with: wanted)
    }

    /// The first word of the first phrase about `concept`.
    func index(of concept: Concept) -> Int? {
        mark(concept)?.words.lowerBound
    }

    /// The first word of the first phrase about any of the concepts.
    func index(ofAny wanted: Concepts) -> Int? {
        guard has(any: wanted) else { return nil }
        return marks.first { wanted.has($0.concept) }?.words.lowerBound
    }

    /// The first phrase about `concept`.
    func mark(_ concept: Concept) -> Mark? {
        has(concept) ? marks.first { $0.concept == concept } : nil
    }

    /// What the phrases to which the word `index` belongs are about.
    func concepts(at index: Int) -> Concepts {
        meanings[index]
    }

    /// Whether every word belongs to a phrase about one of the concepts or to an order number.
    func isOnly(_ wanted: Concepts) -> Bool {
        words.indices.allSatisfy { index in
            !meanings[index].isDisjoint(with: wanted)
                || mentions.contains { $0.words.contains(index) }
        }
    }

    /// Whether it asks: a question mark at its end, or a question word at its head.
    var isQuestion: Bool {
        if closing.contains(.question) { return true }
        return head < words.count && concepts(at: head).has(.question)
    }

    /// The customer's own text from the first to the last word of `range`, on one line.
    func text(of range: Range<Int>) -> String {
        guard let first = range.first, let last = range.last else { return "" }
        return slice(words[first].start, words[last].end)
    }

    /// The customer's own text from the word `index` to the message's end, on one line.
    func text(from index: Int) -> String {
        index < words.count ? slice(words[index].start, source.utf8.count) : ""
    }

    /// The whole message on one line.
    var text: String { source.plain() }

    private func slice(_ start: Int, _ end: Int) -> String {
        source.utf8Slice(start, end).plain()
    }
}
