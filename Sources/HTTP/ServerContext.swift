/// What every connection of a server needs to know.
final class ServerContext: Sendable {
    let configuration: Server.Configuration
    let dispatcher: Dispatcher
    let registry = ClientRegistry()
    let stopping = StopSignal()

    /// What the connections of one server share.
    init(configuration: Server.Configuration, router: Router) {
        self.configuration = configuration
        dispatcher = router.makeDispatcher()
    }
}
