internal import CCurl
internal import Glibc

/// An address of the Internet Protocol, and whether it is anybody's public one.
struct IPAddress: Equatable, Sendable {
    /// 4 bytes or 16, the most significant first.
    let bytes: [UInt8]

    /// The address of a socket; nil when it is of another kind of network.
    init?(_ socket: UnsafePointer<sockaddr>) {
        switch Int32(socket.pointee.sa_family) {
        case AF_INET:
            bytes = socket.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                withUnsafeBytes(of: $0.pointee.sin_addr) { Array($0) }
            }
        case AF_INET6:
            bytes = socket.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                withUnsafeBytes(of: $0.pointee.sin6_addr) { Array($0) }
            }
        default: return nil
        }
    }

    /// An address in its usual spelling, with or without a zone; nil when it is none.
    init?(_ text: String) {
        let bare = String(text.prefix { $0 != "%" })
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, bare, &four) == 1 {
            bytes = withUnsafeBytes(of: four) { Array($0) }
        } else if inet_pton(AF_INET6, bare, &six) == 1 {
            bytes = withUnsafeBytes(of: six) { Array($0) }
        } else {
            return nil
        }
    }

    /// Whether it can only be a host of the public Internet.
    ///
    /// An address that has another one inside, such as `::ffff:10.0.0.1` or one of NAT64 or 6to4,
    /// is none: where it leads is not for us to know.
    var isPublic: Bool {
        guard bytes.count == 16 else { return !Self.special.contains { $0.contains(bytes) } }
        // Only this part of IPv6 is given out to hosts of the Internet.
        return bytes[0] & 0b1110_0000 == 0b0010_0000
            && !Self.special.contains { $0.contains(bytes) }
    }

    /// A range of addresses.
    private struct Block {
        let bytes: [UInt8]
        let length: Int

        init(_ bytes: [UInt8], _ length: Int) {
            self.bytes = bytes
            self.length = length
        }

        /// Whether the first `length` bits are the same.
        func contains(_ address: [UInt8]) -> Bool {
            guard (bytes.count > 4) == (address.count > 4) else { return false }
            return (0..<length).allSatisfy { bit in
                let mask = UInt8(0x80) >> UInt8(bit % 8)
                return (address[bit / 8] ^ bytes[bit / 8]) & mask == 0
            }
        }
    }

    /// What IANA's registries of special-purpose addresses set aside, and multicast.
    private static let special = [
        Block([0, 0, 0, 0], 8),  // this network
        Block([10, 0, 0, 0], 8),  // private
        Block([100, 64, 0, 0], 10),  // carriers' NAT
        Block([127, 0, 0, 0], 8),  // loopback
        Block([169, 254, 0, 0], 16),  // link-local, where clouds keep their metadata
        Block([172, 16, 0, 0], 12),  // private
        Block([192, 0, 0, 0], 24),  // protocol assignments
        Block([192, 0, 2, 0], 24),  // documentation
        Block([192, 88, 99, 0], 24),  // 6to4 relays
        Block([192, 168, 0, 0], 16),  // private
        Block([198, 18, 0, 0], 15),  // benchmarks
        Block([198, 51, 100, 0], 24),  // documentation
        Block([203, 0, 113, 0], 24),  // documentation
        Block([224, 0, 0, 0], 4),  // multicast
        Block([240, 0, 0, 0], 4),  // reserved, broadcast
        Block([0x20, 0x01, 0, 0, 0, 0, 0, 0], 23),  // protocol assignments, Teredo
        Block([0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0], 32),  // documentation
        Block([0x20, 0x02, 0, 0, 0, 0, 0, 0], 16),  // 6to4
        Block([0x3f, 0xff, 0, 0, 0, 0, 0, 0], 20),  // documentation
    ]
}
