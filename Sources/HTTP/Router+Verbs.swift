// For each verb three forms, told apart by what the handler is: quick, asynchronous, or both.

extension Router {
    /// Adds a route that reads, answered in place on a network thread: for work of microseconds.
    public mutating func get(
        _ path: String, _ operation: Operation,
        use handler: @escaping @Sendable (Request) throws -> Response
    ) {
        add(.get, path, operation, .inPlace(handler))
    }

    /// Adds a route that reads, answered by a task.
    public mutating func get(
        _ path: String, _ operation: Operation,
        use handler: @escaping @Sendable (Request) async throws -> Response
    ) {
        add(.get, path, operation, .task(handler))
    }

    /// Adds a route that reads, started in place and perhaps continued by a task.
    public mutating func get(
        _ path: String, _ operation: Operation,
        use handler: @escaping @Sendable (Request) throws -> Reply
    ) {
        add(.get, path, operation, .starting(handler))
    }
}

extension Router {
    /// Adds a route that creates or acts, answered in place on a network thread: for work of
    /// microseconds.
    public mutating func post(
        _ path: String, _ operation: Operation,
        use handler: @escaping @Sendable (Request) throws -> Response
    ) {
        add(.post, path, operation, .inPlace(handler))
    }

    /// Adds a route that creates or acts, answered by a task.
    public mutating func post(
        _ path: String, _ operation: Operation,
        use handler: @escaping @Sendable (Request) async throws -> Response
    ) {
        add(.post, path, operation, .task(handler))
    }

    /// Adds a route that creates or acts, started in place and perhaps continued by a task.
    public mutating func post(
        _ path: String, _ operation: Operation,
        use handler: @escaping @Sendable (Request) throws -> Reply
    ) {
        add(.post, path, operation, .starting(handler))
    }
}

extension Router {
    /// Adds a route that replaces, answered in place on a network thread: for work of microseconds.
    public mutating func put(
        _ path: String, _ operation: Operation,
        use handler: @escaping @Sendable (Request) throws -> Response
    ) {
        add(.put, path, operation, .inPlace(handler))
    }

    /// Adds a route that replaces, answered by a task.
    public mutating func put(
        _ path: String, _ operation: Operation,
        use handler: @escaping @Sendable (Request) async throws -> Response
    ) {
        add(.put, path, operation, .task(handler))
    }

    /// Adds a route that replaces, started in place and perhaps continued by a task.
    public mutating func put(
        _ path: String, _ operation: Operation,
        use handler: @escaping @Sendable (Request) throws -> Reply
    ) {
        add(.put, path, operation, .starting(handler))
    }
}

extension Router {
    /// Adds a route that changes in part, answered in place on a network thread: for work of
    /// microseconds.
    public mutating func patch(
        _ path: String, _ operation: Operation,
        use handler: @escaping @Sendable (Request) throws -> Response
    ) {
        add(.patch, path, operation, .inPlace(handler))
    }

    /// Adds a route that changes in part, answered by a task.
    public mutating func patch(
        _ path: String, _ operation: Operation,
        use handler: @escaping @Sendable (Request) async throws -> Response
    ) {
        add(.patch, path, operation, .task(handler))
    }

    /// Adds a route that changes in part, started in place and perhaps continued by a task.
    public mutating func patch(
        _ path: String, _ operation: Operation,
        use handler: @escaping @Sendable (Request) throws -> Reply
    ) {
        add(.patch, path, operation, .starting(handler))
    }
}

extension Router {
    /// Adds a route that removes, answered in place on a network thread: for work of microseconds.
    public mutating func delete(
        _ path: String, _ operation: Operation,
        use handler: @escaping @Sendable (Request) throws -> Response
    ) {
        add(.delete, path, operation, .inPlace(handler))
    }

    /// Adds a route that removes, answered by a task.
    public mutating func delete(
        _ path: String, _ operation: Operation,
        use handler: @escaping @Sendable (Request) async throws -> Response
    ) {
        add(.delete, path, operation, .task(handler))
    }

    /// Adds a route that removes, started in place and perhaps continued by a task.
    public mutating func delete(
        _ path: String, _ operation: Operation,
        use handler: @escaping @Sendable (Request) throws -> Reply
    ) {
        add(.delete, path, operation, .starting(handler))
    }
}
