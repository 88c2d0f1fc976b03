import SQLite

extension Row {
    /// One of a closed set of words. Throws when the column holds another.
    func choice<Choice: RawRepresentable<String>>(
        _ index: Int, _ type: Choice.Type = Choice.self
    ) throws -> Choice {
        let word = try text(index)
        guard let choice = Choice(rawValue: word) else { throw UnknownWord(word: word) }
        return choice
    }
}

/// A column holds a word that this program does not know: the file was changed by hand.
struct UnknownWord: Error {
    let word: String
}
