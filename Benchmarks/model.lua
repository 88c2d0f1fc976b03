-- Says something in one of many sessions, so that no turn waits for another. ANSWERS=stream asks
-- for events, ANSWERS=model speaks to the model itself.
local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("id", threads)
end

local kind = os.getenv("ANSWERS")
local headers = { ["Content-Type"] = "application/json" }
local count = 0

function request()
    if kind == "model" then
        return wrk.format("POST", "/v1/chat/completions", headers,
            '{"model": "m", "stream": true, "messages": [{"role": "user", "content": "Hi"}]}')
    end
    count = count + 1
    local body = string.format(
        '{"session_id": "%s-%d-%d", "message": "Where is my order ORD-10001?"}',
        os.getenv("RUN"), id, count % 4096)
    return wrk.format("POST", kind == "stream" and "/agent/messages/stream" or "/agent/messages",
        headers, body)
end
