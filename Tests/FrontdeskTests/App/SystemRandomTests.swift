import Testing

@testable import Frontdesk

@Suite struct SystemRandomTests {
    @Test func `nobody gets the number of another`() async {
        let random = SystemRandom()
        let numbers = await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask { (0..<1000).map { _ in random.next() } }
            }
            return await group.reduce(into: Set<UInt64>()) { $0.formUnion($1) }
        }
        #expect(numbers.count == 8000)
    }

    @Test func `two sources give different numbers`() {
        #expect(SystemRandom().next() != SystemRandom().next())
    }
}
