-- Asks for an order's status, over 100 sessions for each thread. A server with other words for it
-- has put them into `turn`.
turn = turn or {
    path = "/agent/messages",
    body = '{"session_id": "bench-%d-%d", "message": "What\'s the status of my order ORD-%d?"}',
}

local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("id", threads)
end

local count = 0

function request()
    count = count + 1
    local body = string.format(turn.body, id, count % 100, 10001 + count % 20)
    return wrk.format("POST", turn.path, { ["Content-Type"] = "application/json" }, body)
end
