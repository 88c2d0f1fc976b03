/// The tasks that a worker has under way; each leaves the list when it ends.
///
/// It belongs into the state that the worker guards, so that whoever looks at both sees them agree.
struct TaskList {
    private var tasks: [Int: Task<Void, Never>] = [:]
    private var next = 0

    /// How many are under way.
    var count: Int { tasks.count }
    /// One of them, nil when there is none.
    var first: Task<Void, Never>? { tasks.first?.value }
    /// All of them.
    var all: [Task<Void, Never>] { Array(tasks.values) }

    /// Begins a task, which is given the number to `remove` itself by.
    mutating func start(_ work: @escaping @Sendable (_ number: Int) async -> Void) {
        let number = next
        next += 1
        tasks[number] = Task { await work(number) }
    }

    /// Takes a task off that has nothing left to do.
    mutating func remove(_ number: Int) {
        tasks[number] = nil
    }
}

extension [Task<Void, Never>] {
    /// Waits for all of them, and cancels those that take longer than `seconds`.
    func finish(within seconds: Double) async {
        let limit = Task {
            try await Task.sleep(for: .seconds(seconds))
            for task in self { task.cancel() }
        }
        for task in self { await task.value }
        limit.cancel()
    }
}
