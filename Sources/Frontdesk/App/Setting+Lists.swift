import JSON

// Kinds of value with a form of their own.
extension Setting {
    /// A list whose elements `item` reads and `json` writes; from the environment by commas.
    static func elements<Element: Sendable>(
        _ name: String, _ path: Path<[Element]>, _ kind: String,
        read item: @escaping @Sendable (JSONValue) -> Element?,
        write json: @escaping @Sendable (Element) -> JSONValue
    ) -> Setting {
        Setting(
            name: name,
            read: { .array($0[keyPath: path].map(json)) },
            write: { (configuration, value) throws(Problem) in
                guard let values = value.array else { throw Problem(text: "must be an array") }
                var elements: [Element] = []
                for value in values {
                    guard let element = item(value) else {
                        throw Problem(text: "must hold only \(kind)")
                    }
                    elements.append(element)
                }
                configuration[keyPath: path] = elements
            },
            parse: { text in
                .array(
                    text.split(separator: ",").map { part in
                        let word = part.filter { $0 != " " }
                        return Int(word).map { JSONValue($0) } ?? .string(word)
                    })
            })
    }

    /// A list of distinct words of a closed set.
    static func words<Choice>(_ name: String, _ path: Path<[Choice]>) -> Setting
    where
        Choice: RawRepresentable<String> & CaseIterable & SendableMetatype & Sendable
    {
        let words = Choice.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        return elements(
            name, path, words, read: { $0.string.flatMap(Choice.init(rawValue:)) },
            write: { .string($0.rawValue) })
    }

    /// A list of whole numbers within limits.
    static func integers(
        _ name: String, _ path: Path<[Int]>, _ range: ClosedRange<Int>
    ) -> Setting {
        elements(
            name, path, "whole numbers from \(range.lowerBound) to \(range.upperBound)",
            read: { value in value.int.flatMap { range.contains($0) ? $0 : nil } },
            write: { JSONValue($0) })
    }

    /// A list of objects that `read` takes apart; from the environment as JSON.
    static func objects<Element: Sendable>(
        _ name: String, _ path: Path<[Element]>,
        write json: @escaping @Sendable (Element) -> JSONValue,
        read: @escaping @Sendable (JSONObject) throws(Problem) -> Element
    ) -> Setting {
        Setting(
            name: name, read: { .array($0[keyPath: path].map(json)) },
            write: { (configuration, value) throws(Problem) in
                guard let values = value.array else { throw Problem(text: "must be an array") }
                var elements: [Element] = []
                for (index, value) in values.enumerated() {
                    guard let object = value.object else {
                        throw Problem(text: "must be an object", place: "[\(index)]")
                    }
                    do throws(Problem) {
                        elements.append(try read(object))
                    } catch {
                        throw Problem(text: error.text, place: "[\(index)]")
                    }
                }
                configuration[keyPath: path] = elements
            },
            parse: { text in
                text.isBlank ? [] : (try? JSONValue(parsing: text)) ?? .string(text)
            })
    }

    /// An object that is merged into what is there, key by key; from the environment as JSON.
    static func merged<Value: Sendable>(
        _ name: String, _ path: Path<Value>, read: @escaping @Sendable (Value) -> JSONValue,
        merge: @escaping @Sendable (inout Value, JSONObject) throws(Problem) -> Void
    ) -> Setting {
        Setting(
            name: name, read: { read($0[keyPath: path]) },
            write: { (configuration, value) throws(Problem) in
                guard let object = value.object else { throw Problem(text: "must be an object") }
                try merge(&configuration[keyPath: path], object)
            },
            parse: { text in (try? JSONValue(parsing: text)) ?? .string(text) })
    }
}
