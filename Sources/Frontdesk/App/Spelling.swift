/// Finds what was meant by a name that does not exist.
enum Spelling {
    /// "; did you mean '…'?" when a known name is close enough to be a slip, else nothing.
    static func suggestion(for name: String, among known: [String]) -> String {
        let ranked = known.map { (distance(name, $0), $0) }.min { $0 < $1 }
        guard let (distance, best) = ranked, distance <= max(2, name.count / 3) else { return "" }
        return "; did you mean '\(best)'?"
    }

    /// The number of single-character edits between two names (Levenshtein).
    private static func distance(_ left: String, _ right: String) -> Int {
        let target = Array(right.utf8)
        var row = Array(0...target.count)
        for (index, byte) in left.utf8.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in target.indices {
                let above = row[column + 1]
                row[column + 1] = min(
                    above + 1, row[column] + 1, diagonal + (byte == target[column] ? 0 : 1))
                diagonal = above
            }
        }
        return row[target.count]
    }
}
