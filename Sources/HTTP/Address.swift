import Glibc

/// Addresses of the internet, in digits and as the system keeps them.
enum Address {
    /// An address in digits, without the port; empty if it is unknown.
    static func text(_ address: UnsafePointer<sockaddr>?) -> String {
        guard let address else { return "" }
        let isV6 = Int32(address.pointee.sa_family) == AF_INET6
        let length = isV6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
        let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let start = buffer.baseAddress,
                getnameinfo(
                    address, socklen_t(length), start, 256, nil, 0, NI_NUMERICHOST) == 0
            else { return "" }
            return String(cString: start)
        }
        // A client of IPv4 on a socket of IPv6 is still the same client.
        return text.hasPrefix("::ffff:") && text.contains(".") ? String(text.dropFirst(7)) : text
    }

    /// A socket that is bound to the first usable address of a host, with its port, not yet
    /// listening.
    static func bind(host: String, port: Int) throws(ServerError) -> Int32 {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host.isEmpty ? nil : host, String(port), &hints, &list)
        defer { list.map(freeaddrinfo) }
        guard code == 0 else {
            throw .cannotResolve(host: host, reason: String(cString: gai_strerror(code)))
        }
        var failure = EADDRNOTAVAIL
        var next = list
        while let candidate = next?.pointee {
            switch bind(candidate) {
            case .success(let socket): return socket
            case .failure(let problem): failure = problem.code
            }
            next = candidate.ai_next
        }
        throw failure == EADDRINUSE
            ? .addressInUse(host: host, port: port)
            : .cannotListen(host: host, port: port, reason: String(cString: strerror(failure)))
    }

    private struct SystemError: Error {
        let code: Int32
    }

    private static func bind(_ candidate: addrinfo) -> Result<Int32, SystemError> {
        let kind = candidate.ai_socktype | Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let socket = socket(candidate.ai_family, kind, candidate.ai_protocol)
        guard socket >= 0 else { return .failure(SystemError(code: errno)) }
        var yes: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard Glibc.bind(socket, candidate.ai_addr, candidate.ai_addrlen) == 0 else {
            let code = errno
            close(socket)
            return .failure(SystemError(code: code))
        }
        return .success(socket)
    }

    /// The port that a socket is bound to.
    static func port(of socket: Int32) -> Int {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard getsockname(socket, address, &length) == 0 else { return 0 }
                // Both kinds of address have their port in the same place.
                return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    Int(UInt16(bigEndian: $0.pointee.sin_port))
                }
            }
        }
    }
}
