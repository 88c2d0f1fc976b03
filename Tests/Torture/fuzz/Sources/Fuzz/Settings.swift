@testable import Frontdesk
import JSON

/// A file is read, or refused with sentences that name it; what was read is written and read again.
func readConfiguration(_ bytes: [UInt8]) {
    var loader = ConfigurationLoader()
    do {
        try loader.apply(file: bytes, name: "file.json")
    } catch let error as ConfigurationLoader.Invalid {
        precondition(!error.problems.isEmpty, "refused without a word")
        for problem in error.problems {
            precondition(problem.hasPrefix("file.json: "), "does not name the file: \(problem)")
        }
        return
    } catch {
        fatalError("refused with \(error)")
    }
    _ = try? loader.validated()
    checkAgain(loader.configuration)
}

/// A value for one key, chosen by the first byte, as a file holds it and as the environment does.
func readSetting(_ bytes: [UInt8]) {
    guard let first = bytes.first else { return }
    let setting = Setting.all[Int(first) % Setting.all.count]
    let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
    var values = [setting.parse(text)]
    if let value = try? JSONValue(parsing: text, maximumDepth: 32) { values.append(value) }
    for value in values {
        var configuration = Configuration()
        do throws(Setting.Problem) {
            try setting.write(&configuration, value)
        } catch {
            precondition(
                error.text.hasPrefix("must "), "does not say what is wrong: \(error.text)")
            continue
        }
        checkAgain(configuration)
    }
}

/// The configuration as a file gives the same configuration.
private func checkAgain(_ configuration: Configuration) {
    var again = Configuration()
    for setting in Setting.all {
        let value = setting.read(configuration)
        guard let written = try? JSONValue(parsing: value.bytes) else {
            fatalError("\(setting.name) cannot be written")
        }
        do throws(Setting.Problem) {
            try setting.write(&again, written)
        } catch {
            fatalError("\(setting.name) \(error.text) when read again: \(written)")
        }
        expectSame(setting.read(again), value, "\(setting.name) read again")
    }
}
