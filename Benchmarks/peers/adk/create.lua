-- Creates a session per request.
wrk.method = "POST"
wrk.path = "/apps/desk/users/bench/sessions"
wrk.body = '{"state": {"channel": "web"}}'
wrk.headers["Content-Type"] = "application/json"
