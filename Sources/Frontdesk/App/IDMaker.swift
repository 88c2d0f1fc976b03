/// Makes ids such as `sess_0mh2k8w3f1a9…`: a prefix, a time part that sorts, and 16 random
/// characters.
///
/// Rows made one after another get neighbouring ids and so land side by side in their index;
/// the random part (82 bits) comes from the system's CSPRNG, so an id cannot be guessed.
struct IDMaker: Sendable {
    private let clock: Clock
    private let random: @Sendable () -> UInt64

    /// Ids by `clock` and the system's random numbers, unless a test gives its own.
    init(
        clock: Clock,
        random: @escaping @Sendable () -> UInt64 = { SystemRandom.shared.next() }
    ) {
        self.clock = clock
        self.random = random
    }

    /// A fresh id that begins with `prefix` and an underscore.
    func make(_ prefix: String) -> String {
        let time = UInt64(clamping: clock.now().microseconds)
        let first = random()
        let second = random()
        return String(unsafeUninitializedCapacity: prefix.utf8.count + 28) { buffer in
            var count = 0
            for byte in prefix.utf8 {
                buffer[count] = byte
                count += 1
            }
            buffer[count] = UInt8(ascii: "_")
            count += 1
            append(time, digits: 11, to: buffer, at: &count)
            append(first, digits: 8, to: buffer, at: &count)
            append(second, digits: 8, to: buffer, at: &count)
            return count
        }
    }

    /// A random UUID (version 4), for what must not tell when it was made.
    func makeUUID() -> String {
        RequestID.uuid(
            random() & ~0xF000 | 0x4000, random() & ~(3 << 62) | 1 << 63)
    }

    private static let alphabet = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)

    private func append(
        _ value: UInt64, digits: Int, to buffer: UnsafeMutableBufferPointer<UInt8>,
        at count: inout Int
    ) {
        var rest = value
        for index in stride(from: count + digits - 1, through: count, by: -1) {
            buffer[index] = IDMaker.alphabet[Int(rest % 36)]
            rest /= 36
        }
        count += digits
    }
}
