/// Everything an operator can set, each with a default that works on a fresh machine.
///
/// The values come from defaults, a file, the environment and flags, the later winning
/// (`ConfigurationLoader`); names, limits and defaults are those of operations.md.
struct Configuration: Sendable {
    var server = Server()
    var database = Database()
    var sessions = Sessions()
    var cleanup = Cleanup()
    var agent = Agent()
    var mcp = MCP()
    var email = Email()
    var router = Router()
    var tickets = TicketSettings()
    var payments = PaymentSettings()
    var rateLimit = RateLimit()
    var log = Log()
    var docs = Docs()
    var info = Info()
    var auth = Auth()

    /// Where and how the server listens.
    struct Server: Sendable {
        var host = "127.0.0.1"
        /// 0 picks a free port.
        var port = 9080
        /// Network threads; 0 means as many as cores, at least 2.
        var threads = 0
        var maxBodyBytes = 1_048_576
        var maxConnections = 10_000
        var idleTimeoutSeconds = 60
        /// How long one request may take to arrive in full.
        var readTimeoutSeconds = 10
        /// How long running requests may go on after SIGTERM.
        var shutdownSeconds = 20
        /// A PEM file; empty serves plain HTTP.
        var tlsCertificate = ""
        var tlsKey = ""
        /// Addresses whose `X-Forwarded-For` is believed.
        var trustedProxies: [String] = []
        var corsOrigins = ["*"]
    }

    /// The one SQLite file.
    struct Database: Sendable {
        var path = "./data/frontdesk.db"
        /// Connections that read side by side.
        var readers = 4
        var synchronous = Synchronous.full
        var busyTimeoutMS = 5000
        /// Writes that may wait; one more is refused as `overloaded`.
        var writeQueue = 10_000

        /// When a commit counts as done.
        enum Synchronous: String, CaseIterable, Sendable {
            /// Synced to the disk.
            case full
            /// Handed to the operating system; a power cut may lose the newest commits.
            case normal
        }
    }

    /// How long sessions live and how their messages queue.
    struct Sessions: Sendable {
        /// Idle hours after which a session expires; may be a fraction.
        var ttlHours = 24.0
        /// Hours after expiry until the sweeper removes it.
        var purgeAfterHours = 24.0
        /// Whether a message to an unknown session creates it.
        var autoCreate = true
        var admission = Admission.queue
        /// Messages that may wait behind the running one.
        var laneDepth = 32

        /// What happens to a message while another of its session is being answered.
        enum Admission: String, CaseIterable, Sendable {
            /// It waits its turn.
            case queue
            /// It is refused with 409.
            case reject
        }
    }

    /// The sweeper.
    struct Cleanup: Sendable {
        var enabled = true
        var intervalSeconds = 300
        /// Rows removed in one write.
        var batch = 500
    }

    /// The agent and what it may do.
    struct Agent: Sendable {
        var provider = Provider.builtin
        /// The model's name, as its server knows it.
        var model = ""
        /// Where the model is; empty means its maker's own address.
        var baseURL = ""
        /// The environment variable that holds the key; empty means the provider's usual one.
        var apiKeyEnv = ""
        /// What a model is told first; `{date}` becomes today. Empty means the built-in text.
        var systemPrompt = ""
        var timeoutSeconds = 120
        /// How often the results of tools go back to a model in one turn.
        var maxToolRounds = 8
        /// Messages of the session that a model is told at most.
        var historyMessages = 40
        /// The most that a model may write in one request.
        var maxOutputTokens = 1024
        /// Tokens that one turn may use; 0 means no limit.
        var maxTokensPerTurn = 0
        /// Tokens that a tenant may use in a UTC day; 0 means no limit.
        var dailyTokensPerTenant = 0
        /// The shortest time between two commits of streams' events.
        var streamFlushMS = 50
        /// Turns that run at once in the whole server.
        var maxConcurrentTurns = 64
        /// Limits a conversation to the orders of its `metadata.customer_email`.
        var bindCustomer = false
        /// The order states a conversation may set.
        var orderStatuses = ["CONFIRMED", "SHIPPED", "DELIVERED", "CANCELLED"]
        /// Whether ticket upgrades are offered in conversations.
        var ticketTools = false

        /// Who writes the replies.
        enum Provider: String, CaseIterable, Sendable {
            /// The dialogue engine in this program, without any network.
            case builtin
            /// A model behind chat completions, at OpenAI or anywhere else.
            case openai
            /// A model behind Anthropic's messages.
            case anthropic
        }
    }

    /// Tools for other agents, and those of others.
    struct MCP: Sendable {
        /// Whether the tools of this server are offered at `/mcp`.
        var serve = true
        /// Servers whose tools the agent may use.
        var servers: [Upstream] = []
    }

    /// Outgoing mail; without `smtpURL` messages are held in the outbox.
    struct Email: Sendable {
        /// `smtp://host:port` or `smtps://host:port`.
        var smtpURL = ""
        var starttls = StartTLS.required
        var username = ""
        /// The environment variable that holds the password.
        var passwordEnv = ""
        var sender = ""
        var senderName = "Customer Service"
        /// Patterns such as `*@example.com`.
        var allowedRecipients = ["*"]
        /// The folder attachments are read from; empty disables them.
        var attachmentsDir = ""
        var maxAttachmentBytes = 10_485_760

        /// Whether an `smtp://` connection must be encrypted.
        enum StartTLS: String, CaseIterable, Sendable {
            case required
            /// Only for a relay on loopback.
            case off
        }
    }

    /// Agents that others send messages to.
    struct Router: Sendable {
        /// Reports of ill health in a row that make an agent inactive.
        var unhealthyAfter = 1
        /// Reports of good health in a row that make it active again.
        var healthyAfter = 1
        /// Seconds of silence after which an agent that has reported is stale; 0 means never.
        var staleAfterSeconds = 0
        /// How long health reports are kept.
        var healthRetentionDays = 30
        /// How often silence is looked for.
        var healthSweepSeconds = 5
        /// Whether messages to an inactive agent are taken, to wait for its return.
        var parkInactive = false
        /// How many messages an inbox holds that are not delivered; one more is refused.
        var maxInboxDepth = 100_000
        /// How often a message is pulled before it is a dead letter.
        var maxDeliveryAttempts = 5
        /// How long a message waits for being delivered.
        var messageRetentionDays = 7
        /// How long a dead letter is kept.
        var deadLetterRetentionDays = 30
        /// Whether webhooks may lead to this machine and its networks.
        var webhookAllowPrivate = false
        /// Failures in a row after which a webhook or topic is left alone for a while.
        var breakerFailures = 5
        /// How long that while is.
        var breakerSeconds = 30
        /// Where the topics of Google Cloud Pub/Sub are.
        var pubsubEndpoint = "https://pubsub.googleapis.com"
        /// The key file of the service account that publishes; empty looks at
        /// `GOOGLE_APPLICATION_CREDENTIALS`, then asks the machine's metadata server.
        var pubsubCredentials = ""
    }

    /// Requests per client; off unless enabled.
    struct RateLimit: Sendable {
        var enabled = false
        var requestsPerMinute = 100
        /// Requests beyond the steady rate that may come at once; 0 means a minute's worth.
        var burst = 0
    }

    /// What is logged, and how.
    struct Log: Sendable {
        var level = Level.info
        var format = Format.auto

        /// The least important line that is written.
        enum Level: String, CaseIterable, Sendable {
            case debug, info, warning, error
        }

        /// The form of a line.
        enum Format: String, CaseIterable, Sendable {
            /// Text on a terminal, JSON elsewhere.
            case auto
            case json
            case text
        }
    }

    /// The documentation pages.
    struct Docs: Sendable {
        var enabled = true
        /// Where `/docs` loads Swagger UI from: a URL, or a local folder that is served from here.
        var swaggerUIBase = ""
        /// Where `/redoc` loads ReDoc from, likewise.
        var redocBase = ""
    }

    /// Whom `/info` names as contact.
    struct Info: Sendable {
        var contactName = "API Support"
        var contactEmail = "support@example.com"
        var contactURL = "https://github.com/yourusername/project"
    }
}
