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

    @Test func `nobody gets one of another's two numbers`() async {
        let random = SystemRandom()
        let numbers = await withTaskGroup { group in
            for task in 0..<8 {
                group.addTask {
                    (0..<1000).flatMap { _ in
                        let (first, second) = random.nextTwo()
                        // One that is taken alone leaves an odd number behind.
                        return task == 0 ? [first, second, random.next()] : [first, second]
                    }
                }
            }
            return await group.reduce(into: Set<UInt64>()) { $0.formUnion($1) }
        }
        #expect(numbers.count == 17_000)
    }

    @Test func `two sources give different numbers`() {
        #expect(SystemRandom().next() != SystemRandom().next())
    }
}
