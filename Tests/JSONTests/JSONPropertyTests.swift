import JSON
import Testing

/// A small generator whose seed makes a failed run repeatable.
private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func string() -> String {
        var scalars = String.UnicodeScalarView()
        let edges: [Unicode.Scalar] = [
            "\0", "\"", "\\", "/", "\n", "\u{1F}", "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}",
            "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}", "e", "\u{301}",
        ]
        for _ in 0..<Int.random(in: 0...20, using: &self) {
            if Bool.random(using: &self) {
                scalars.append(edges[Int.random(in: 0..<edges.count, using: &self)])
            } else if let any = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &self)) {
                scalars.append(any)
            }
        }
        return String(scalars)
    }

    mutating func value(depth: Int) -> JSONValue {
        switch Int.random(in: 0...(depth > 0 ? 7 : 5), using: &self) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &self))
        case 2: return JSONValue(Int(truncatingIfNeeded: next()))
        case 3: return JSONValue(Double(bitPattern: next()))
        case 4: return JSONValue(cents: Int.random(in: -100_000...100_000, using: &self))
        case 5: return .string(string())
        case 6:
            let count = Int.random(in: 0...6, using: &self)
            return .array((0..<count).map { _ in value(depth: depth - 1) })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0...14, using: &self) {
                object[string()] = value(depth: depth - 1)
            }
            return .object(object)
        }
    }
}

@Suite struct JSONPropertyTests {
    @Test func `whatever is written is read back the same`() throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = Generator(state: seed)
        for round in 0..<2000 {
            let value = generator.value(depth: 4)
            let bytes = value.bytes
            let back = try JSONValue(parsing: bytes)
            #expect(back == value, "seed \(seed), round \(round)")
            #expect(back.bytes == bytes, "seed \(seed), round \(round)")
        }
    }

    @Test func `damaged text is refused or read, and never ends the process`() {
        let seed = UInt64.random(in: .min ... .max)
        var generator = Generator(state: seed)
        for round in 0..<2000 {
            var bytes = generator.value(depth: 3).bytes
            for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                if Bool.random(using: &generator) {
                    bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
                } else {
                    bytes.remove(at: place)
                }
            }
            guard let value = try? JSONValue(parsing: bytes) else { continue }
            #expect((try? JSONValue(parsing: value.bytes)) == value, "seed \(seed), round \(round)")
        }
    }
}
