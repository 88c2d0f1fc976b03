-- Creates a session per request.
wrk.method = "POST"
wrk.body = '{"metadata": {"channel": "web"}}'
wrk.headers["Content-Type"] = "application/json"
