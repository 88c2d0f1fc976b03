import HTTP
import JSON

// What the documents say about sign-in.
extension AccountRoutes {
    static let credentials = JSONSchema.named(
        "SignInRequest",
        .object([
            .required(
                "email", .string(minimum: 1, description: "Case does not matter.")),
            .required("password", .string(minimum: 1, description: "Up to 512 bytes.")),
            .optional("tenant_id", .nullable(SessionRoutes.tenantID)),
        ]))

    static let refreshBody = JSONSchema.named(
        "RefreshRequest",
        .object([.required("refresh_token", .string(minimum: 1, maximum: 512))]))

    static let signOutBody = JSONSchema.named(
        "SignOutRequest",
        .object(
            [
                .optional("refresh_token", .string(minimum: 1, maximum: 512)),
                .optional(
                    "all", .boolean(default: false, description: "Every sign-in of the user.")),
            ], nullIsAbsent: true))

    private static let tokens = JSONSchema.named(
        "TokensResponse",
        .object([
            .required("success", .constant(true)),
            .required(
                "tokens",
                .object([
                    .required(
                        "access_token", .string(description: "A JWT that opens the routes.")),
                    .required("id_token", .string(description: "A JWT about the user.")),
                    .required("refresh_token", .string(description: "Works once.")),
                ])),
            .required("expires_in", .integer(minimum: 1, description: "Seconds.")),
            .required("token_type", .constant("Bearer")),
        ]))

    private static let tokensExample: JSONValue = [
        "success": true,
        "tokens": [
            "access_token": "eyJhbGciOiJFUzI1NiIs…", "id_token": "eyJhbGciOiJFUzI1NiIs…",
            "refresh_token": "5Qe0pL7mX3xk1bWJb3nq9mJwSxX0o8m2hR4tYv6uZ1A",
        ],
        "expires_in": 3600, "token_type": "Bearer",
    ]

    static let signingIn = Operation(
        "Sign in", tag: "Accounts",
        description: "Failures lock the account's pair of address and client for a while.",
        parameters: [SessionRoutes.tenantHeader, SessionRoutes.tenantQuery],
        body: .json(
            credentials,
            example: ["email": "sarah.johnson@example.com", "password": "frontdesk-demo-1"]),
        responses: [.json(.ok, "Tokens.", tokens, example: tokensExample)],
        errors: [401, 403, 429, 503].map { Status($0) }, access: .open)

    static let refreshing = Operation(
        "Refresh the tokens", tag: "Accounts",
        description: "A refresh token works once. One that comes back ends the sign-in.",
        parameters: [SessionRoutes.tenantHeader, SessionRoutes.tenantQuery],
        body: .json(
            refreshBody,
            example: ["refresh_token": "5Qe0pL7mX3xk1bWJb3nq9mJwSxX0o8m2hR4tYv6uZ1A"]),
        responses: [.json(.ok, "The next tokens.", tokens, example: tokensExample)],
        errors: [401, 403, 429, 503].map { Status($0) }, access: .open)

    static let signingOut = Operation(
        "Sign out", tag: "Accounts",
        description: "Ends the sign-in of the refresh token, of the bearer token, or of both.",
        body: .json(signOutBody, example: ["all": false], optional: true),
        responses: [
            .json(
                .ok, "Nothing of the sign-in is valid any more.",
                .object([
                    .required("success", .constant(true)),
                    .required("data", .object([.required("logged_out", .constant(true))])),
                ]), example: ["success": true, "data": ["logged_out": true]])
        ],
        errors: [400, 401, 403, 429, 503].map { Status($0) }, access: .open)

    private static let me = JSONSchema.named(
        "CallerResponse",
        .object([
            .required("success", .constant(true)),
            .required(
                "data",
                .object([
                    .required("subject", .nullable(.string)),
                    .required("email", .nullable(.string)),
                    .required("tenant", SessionRoutes.tenantID),
                    .required("roles", words(Caller.Role.allCases.map(\.rawValue))),
                    .required("scopes", words(Scope.allCases.map(\.rawValue))),
                    .required("customer_id", .nullable(.string)),
                    .required(
                        "credential", .string(oneOf: ["local", "external", "api_key", "none"])),
                    .required(
                        "expires_at",
                        .nullable(SessionRoutes.timestamp("When the credential ends."))),
                ])),
        ]))

    private static func words(_ all: [String]) -> JSONSchema { .array(of: .string(oneOf: all)) }

    static let showing = Operation(
        "Read who is signed in", tag: "Accounts",
        parameters: [SessionRoutes.tenantHeader, SessionRoutes.tenantQuery],
        responses: [
            .json(
                .ok, "The caller.", me,
                example: [
                    "success": true,
                    "data": [
                        "subject": "usr_0mh2k8w3f1a9x7c1v8b3n6q5w0z",
                        "email": "sarah.johnson@example.com", "tenant": "default",
                        "roles": ["customer"],
                        "scopes": ["sessions:read", "sessions:write", "chat:send"],
                        "customer_id": "cus_demo0000000000000001", "credential": "local",
                        "expires_at": "2026-02-20T11:30:00.000000Z",
                    ],
                ])
        ],
        errors: [400, 401, 403, 429].map { Status($0) }, access: .signedIn)

    static let showingKeys = Operation(
        "Read the public keys", tag: "Accounts",
        description: "The keys that tokens are verified with; 404 when they are symmetric.",
        responses: [
            .json(
                .ok, "A JWK set.",
                .object([
                    .required("keys", .array(of: .object([], additional: true)))
                ]),
                example: [
                    "keys": [
                        [
                            "crv": "P-256", "kty": "EC",
                            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
                            "kid": "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U", "use": "sig",
                            "alg": "ES256",
                        ]
                    ]
                ]
            ).header("Cache-Control", "Good for five minutes.")
        ],
        errors: [401, 403, 404, 429].map { Status($0) }, access: .open)
}
