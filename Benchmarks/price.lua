-- Prices a ticket's upgrade per request, each with a quote that holds.
wrk.method = "POST"
wrk.path = "/tickets/DEMO-1001/pricing"
wrk.body = '{"upgrade_tier": "non-stop"}'
wrk.headers["Content-Type"] = "application/json"
