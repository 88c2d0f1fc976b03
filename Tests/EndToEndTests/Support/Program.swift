import Foundation

/// The built program, as it lies beside the tests.
enum Program {
    /// The binary's path.
    static let path: String = {
        let folders: [String?] = [
            URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path,
            argument(after: "--test-bundle-path"), CommandLine.arguments.first,
        ]
        let candidates = folders.compactMap { $0 }.map {
            URL(filePath: $0).deletingLastPathComponent().appending(path: "frontdesk").path
        }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "frontdesk"
    }()

    /// The environment that the program gets: the tests' own without any setting of Frontdesk.
    static func environment(_ settings: [String: String]) -> [String: String] {
        var environment = ProcessInfo.processInfo.environment
        for name in environment.keys where name.hasPrefix("FRONTDESK_") {
            environment[name] = nil
        }
        return environment.merging(settings) { $1 }
    }

    private static func argument(after name: String) -> String? {
        let words = CommandLine.arguments
        guard let index = words.firstIndex(of: name), index + 1 < words.count else { return nil }
        return words[index + 1]
    }
}

/// A sanitizer that the tests, and with them the program, are built with.
enum Sanitizer {
    /// Whether memory is watched, which makes the process much larger.
    static let watchesMemory = has("__asan_init")
    /// Whether threads are watched, which makes everything slower and larger.
    static let watchesThreads = has("__tsan_init")

    /// How much longer things may take.
    static let slowness = watchesMemory || watchesThreads ? 10 : 1

    private static func has(_ symbol: String) -> Bool {
        let program = dlopen(nil, RTLD_NOW)
        return program.map { dlsym($0, symbol) != nil } ?? false
    }
}
