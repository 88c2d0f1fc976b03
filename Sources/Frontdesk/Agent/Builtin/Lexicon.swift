/// What a word or phrase of the customer's is about.
enum Concept: UInt8, CaseIterable, Sendable {
    // How one says yes, no, or that it is over.
    case yes, no, stop, leave, cancelWish, unsure
    // How one begins a sentence, and words that say nothing by themselves.
    case opener, filler, question
    // Politeness.
    case greeting, thanks, goodbye, praise, smallTalk, help
    // People.
    case person, talk
    // Orders and what is done with them.
    case order, orders, orderNumber, cancel, change, set, place, whereabouts, track
    case status, progress, list, details, address, product, note, quantity, amount, name
    // Complaints.
    case complaint, complaints, problem, refund, resolve, reopen, archive, priority, file
    // E-mail and tickets.
    case email, send, working, ownEmail, ticket, upgrade, tier, booking, cheapest
    // References.
    case it, them, one
}

/// A set of concepts.
struct Concepts: OptionSet, Sendable {
    /// One bit per concept.
    let rawValue: UInt64

    /// The set of those concepts.
    init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The set of those concepts.
    init(_ concepts: Concept...) {
        rawValue = concepts.reduce(0) { $0 | (1 << UInt64($1.rawValue)) }
    }

    /// The set of that concept alone.
    init(_ concept: Concept) {
        rawValue = 1 << UInt64(concept.rawValue)
    }

    /// Whether the concept is in the set.
    func has(_ concept: Concept) -> Bool {
        rawValue & (1 << UInt64(concept.rawValue)) != 0
    }
}

/// One place of a message where a concept is spoken of.
struct Mark: Sendable {
    /// What is spoken of.
    let concept: Concept
    /// The words that say it.
    let words: Range<Int>
}

/// The words and phrases that the agent knows. Where phrases begin at the same word the longest
/// counts.
enum Lexicon {
    /// Phrases that begin with one word.
    struct Entry: Sendable {
        /// Longest first: the further words, and what the whole means.
        var phrases: [(rest: [String], concepts: [Concept])] = []
    }

    /// All phrases by their first word.
    static let entries: [String: Entry] = {
        var entries: [String: Entry] = [:]
        for (concept, phrases) in table {
            for phrase in phrases.split(separator: "|") {
                let words = phrase.split(separator: " ").map(String.init)
                let rest = Array(words.dropFirst())
                var entry = entries[words[0]] ?? Entry()
                if let known = entry.phrases.firstIndex(where: { $0.rest == rest }) {
                    entry.phrases[known].concepts.append(concept)
                } else {
                    entry.phrases.append((rest, [concept]))
                }
                entry.phrases.sort { $0.rest.count > $1.rest.count }
                entries[words[0]] = entry
            }
        }
        return entries
    }()

    /// Finds every known phrase in `words`, from left to right, none inside another.
    static func marks(in words: [Word]) -> (marks: [Mark], concepts: Concepts) {
        var marks: [Mark] = []
        var found: UInt64 = 0
        marks.reserveCapacity(words.count)
        let entries = entries
        var index = 0
        while index < words.count {
            guard words[index].kind == .word, let entry = entries[words[index].key],
                let phrase = entry.phrases.first(where: { matches($0.rest, words, index + 1) })
            else {
                index += 1
                continue
            }
            let end = index + 1 + phrase.rest.count
            for concept in phrase.concepts {
                marks.append(Mark(concept: concept, words: index..<end))
                found |= 1 << UInt64(concept.rawValue)
            }
            index = end
        }
        return (marks, Concepts(rawValue: found))
    }

    /// What each of `count` words is about.
    static func meanings(_ marks: [Mark], count: Int) -> [Concepts] {
        var meanings = [Concepts](repeating: [], count: count)
        for mark in marks {
            for index in mark.words { meanings[index].insert(Concepts(mark.concept)) }
        }
        return meanings
    }

    private static func matches(_ rest: [String], _ words: [Word], _ index: Int) -> Bool {
        guard index + rest.count <= words.count else { return false }
        for offset in rest.indices where words[index + offset].key != rest[offset] {
            return false
        }
        return true
    }
}
