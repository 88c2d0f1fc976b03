// The workloads as users of Go write them: net/http, encoding/json and database/sql over
// mattn/go-sqlite3. Every write is one transaction of its own, durable before it is answered.
package main

import (
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
)

// refusal is an error that the caller may know.
type refusal struct {
	status int
	text   string
}

func (r refusal) Error() string { return r.text }

func main() {
	store, err := openStore(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/agent/sessions", func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			SessionID string            `json:"session_id"`
			TenantID  string            `json:"tenant_id"`
			Metadata  map[string]string `json:"metadata"`
		}
		answer(w, http.StatusCreated, read(r, &body), func() (any, error) {
			return store.createSession(tenant(body.TenantID), body.SessionID, body.Metadata)
		})
	})
	mux.HandleFunc("/agent/messages", func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			SessionID string `json:"session_id"`
			TenantID  string `json:"tenant_id"`
			Message   string `json:"message"`
		}
		answer(w, http.StatusOK, read(r, &body), func() (any, error) {
			if body.SessionID == "" || body.Message == "" {
				return nil, refusal{http.StatusBadRequest, "session_id and message are required"}
			}
			return store.takeTurn(tenant(body.TenantID), body.SessionID, body.Message)
		})
	})
	mux.HandleFunc("/api/v1/sessions", func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		answer(w, http.StatusOK, nil, func() (any, error) {
			return store.listSessions(
				tenant(query.Get("tenant_id")), number(query.Get("limit"), 50),
				number(query.Get("offset"), 0))
		})
	})
	mux.HandleFunc("/api/v1/sessions/", func(w http.ResponseWriter, r *http.Request) {
		id := between(r.URL.Path, "/api/v1/sessions/", "/history")
		answer(w, http.StatusOK, nil, func() (any, error) {
			return store.history(tenant(r.URL.Query().Get("tenant_id")), id)
		})
	})
	mux.HandleFunc("/v1/agent-inboxes/", func(w http.ResponseWriter, r *http.Request) {
		answer(w, http.StatusOK, nil, func() (any, error) {
			return store.inbox(between(r.URL.Path, "/v1/agent-inboxes/", ""))
		})
	})
	mux.HandleFunc("/v1/messages", func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Address string          `json:"aiAgentAddress"`
			Payload json.RawMessage `json:"payload"`
		}
		answer(w, http.StatusAccepted, read(r, &body), func() (any, error) {
			return store.route(body.Address, body.Payload)
		})
	})
	mux.HandleFunc("/v1/inboxes/", func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			MaxMessages int      `json:"maxMessages"`
			AckIDs      []string `json:"ackIds"`
		}
		path := r.URL.Path
		answer(w, http.StatusOK, read(r, &body), func() (any, error) {
			if strings.HasSuffix(path, "/pull") {
				return store.pull(between(path, "/v1/inboxes/", "/pull"), body.MaxMessages)
			}
			return store.acknowledge(between(path, "/v1/inboxes/", "/ack"), body.AckIDs)
		})
	})
	mux.HandleFunc("/tickets/", func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Tier string `json:"upgrade_tier"`
		}
		answer(w, http.StatusOK, read(r, &body), func() (any, error) {
			return store.price(between(r.URL.Path, "/tickets/", "/pricing"), body.Tier)
		})
	})
	mux.HandleFunc("/health", func(w http.ResponseWriter, r *http.Request) {
		answer(w, http.StatusOK, nil, func() (any, error) {
			return map[string]string{"status": "healthy"}, nil
		})
	})
	log.Fatal(http.ListenAndServe(os.Args[2], mux))
}

// read decodes the request's body.
func read(r *http.Request, body any) error {
	if err := json.NewDecoder(r.Body).Decode(body); err != nil {
		return refusal{http.StatusBadRequest, "the body is no such JSON object"}
	}
	return nil
}

// answer writes what run returns, unless the body could not be read.
func answer(w http.ResponseWriter, status int, unread error, run func() (any, error)) {
	var body any
	err := unread
	if err == nil {
		body, err = run()
	}
	var refused refusal
	switch {
	case errors.As(err, &refused):
		status, body = refused.status, map[string]string{"error": refused.text}
	case err != nil:
		log.Print(err)
		status, body = http.StatusInternalServerError, map[string]string{"error": "internal"}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}

// tenant is the named one, or the default.
func tenant(name string) string {
	if name == "" {
		return "default"
	}
	return name
}

// number reads a query's value.
func number(text string, other int) int {
	if value, err := strconv.Atoi(text); err == nil {
		return value
	}
	return other
}

// between is the part of a path between its beginning and its end.
func between(path, beginning, end string) string {
	return strings.TrimSuffix(strings.TrimPrefix(path, beginning), end)
}
