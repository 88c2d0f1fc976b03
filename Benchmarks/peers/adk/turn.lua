-- Asks for an order's status, over 100 sessions for each thread.
local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("id", threads)
end

local count = 0

function request()
    count = count + 1
    local body = string.format(
        '{"app_name": "desk", "user_id": "bench", "session_id": "bench-%d-%d", "new_message": '
            .. '{"role": "user", "parts": [{"text": "What\'s the status of my order ORD-%d?"}]}}',
        id, count % 100, 10001 + count % 20)
    return wrk.format("POST", "/run", { ["Content-Type"] = "application/json" }, body)
end
