-- Sends a message per request, each thread to an agent of its own.
local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("id", threads)
end

function init()
    local body = string.format(
        '{"aiAgentAddress": "agent-%d", "payload": {"text": "Where is my order, please?"}}', id)
    send = wrk.format("POST", "/v1/messages", { ["Content-Type"] = "application/json" }, body)
end

function request()
    return send
end
