-- Prints one line: requests per second, p50 and p99 in milliseconds, answers that were no 2xx.
function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format("RESULT %.0f %.2f %.2f %d\n",
        summary.requests / (summary.duration / 1e6),
        latency:percentile(50) / 1000, latency:percentile(99) / 1000,
        errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
