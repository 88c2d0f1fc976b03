-- Reads the mappings of 1000 agents, one after the other.
local count = 0

function request()
    count = count + 1
    return wrk.format("GET", "/v1/agent-inboxes/agent-" .. count % 1000)
end
