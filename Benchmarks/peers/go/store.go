package main

import (
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"regexp"
	"runtime"
	"time"

	_ "github.com/mattn/go-sqlite3"
)

var orderID = regexp.MustCompile(`ORD-\d+`)
var prices = map[string]int{"standard": 2500, "non-stop": 5000, "double-fun": 7500}

// store holds one connection that writes and several that read, because SQLite has one writer.
type store struct {
	writing *sql.DB
	reading *sql.DB
}

func openStore(path string) (*store, error) {
	options := "?_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on&_busy_timeout=5000"
	writing, err := sql.Open("sqlite3", "file:"+path+options+"&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	writing.SetMaxOpenConns(1)
	reading, err := sql.Open("sqlite3", "file:"+path+options+"&mode=ro")
	if err != nil {
		return nil, err
	}
	readers := 2 * runtime.NumCPU()
	reading.SetMaxOpenConns(readers)
	reading.SetMaxIdleConns(readers)
	return &store{writing, reading}, nil
}

// write runs steps in one transaction and commits it unless they fail.
func (s *store) write(steps func(*sql.Tx) error) error {
	transaction, err := s.writing.Begin()
	if err != nil {
		return err
	}
	defer transaction.Rollback()
	if err := steps(transaction); err != nil {
		return err
	}
	return transaction.Commit()
}

func now() string { return later(0) }

func later(duration time.Duration) string {
	return time.Now().UTC().Add(duration).Format("2006-01-02T15:04:05.000000Z")
}

func newID(prefix string) string {
	var bytes [16]byte
	rand.Read(bytes[:])
	return prefix + hex.EncodeToString(bytes[:])
}

type session struct {
	SessionID    string `json:"session_id"`
	TenantID     string `json:"tenant_id"`
	MessageCount int    `json:"message_count"`
	CreatedAt    string `json:"created_at"`
	LastActivity string `json:"last_activity"`
}

func (s *store) createSession(tenant, id string, metadata map[string]string) (any, error) {
	if id == "" {
		id = newID("sess_")
	}
	moment := now()
	text, err := json.Marshal(metadata)
	if err != nil {
		return nil, err
	}
	err = s.write(func(tx *sql.Tx) error {
		_, err := tx.Exec("INSERT INTO sessions VALUES (?, ?, ?, 0, ?, ?)",
			tenant, id, string(text), moment, moment)
		return err
	})
	return map[string]any{
		"session_id": id, "status": "created", "created_at": moment, "metadata": metadata,
	}, err
}

func (s *store) takeTurn(tenant, id, text string) (any, error) {
	moment, reply := now(), "I cannot find that order."
	err := s.write(func(tx *sql.Tx) error {
		_, err := tx.Exec(
			"INSERT INTO sessions VALUES (?, ?, '{}', 0, ?, ?) ON CONFLICT DO NOTHING",
			tenant, id, moment, moment)
		if err != nil {
			return err
		}
		var count int
		err = tx.QueryRow(
			"SELECT message_count FROM sessions WHERE tenant_id = ? AND session_id = ?",
			tenant, id).Scan(&count)
		if err != nil {
			return err
		}
		if order := orderID.FindString(text); order != "" {
			var status, day string
			err := tx.QueryRow("SELECT status, expected_on FROM orders WHERE order_id = ?",
				order).Scan(&status, &day)
			if err == nil {
				reply = "Your order " + order + " is currently " + status +
					" and expected to arrive on " + day + "."
			} else if err != sql.ErrNoRows {
				return err
			}
		}
		const insert = "INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?)"
		_, err = tx.Exec(insert, newID("msg_"), tenant, id, count+1, "user", text, moment)
		if err != nil {
			return err
		}
		_, err = tx.Exec(insert, newID("msg_"), tenant, id, count+2, "assistant", reply, moment)
		if err != nil {
			return err
		}
		_, err = tx.Exec(
			"UPDATE sessions SET message_count = message_count + 2, last_activity = ?"+
				" WHERE tenant_id = ? AND session_id = ?", moment, tenant, id)
		return err
	})
	return map[string]any{
		"session_id": id, "response": reply, "status": "success", "timestamp": moment,
	}, err
}

type message struct {
	ID        string `json:"id"`
	Seq       int    `json:"seq"`
	Role      string `json:"role"`
	Content   string `json:"content"`
	Timestamp string `json:"timestamp"`
}

func (s *store) history(tenant, id string) (any, error) {
	var count int
	err := s.reading.QueryRow(
		"SELECT message_count FROM sessions WHERE tenant_id = ? AND session_id = ?", tenant, id,
	).Scan(&count)
	if err == sql.ErrNoRows {
		return nil, refusal{http.StatusNotFound, "no such session"}
	} else if err != nil {
		return nil, err
	}
	rows, err := s.reading.Query(
		"SELECT message_id, seq, role, content, created_at FROM messages"+
			" WHERE tenant_id = ? AND session_id = ? ORDER BY seq LIMIT 100", tenant, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	messages := []message{}
	for rows.Next() {
		var m message
		if err := rows.Scan(&m.ID, &m.Seq, &m.Role, &m.Content, &m.Timestamp); err != nil {
			return nil, err
		}
		messages = append(messages, m)
	}
	return map[string]any{
		"session_id": id, "tenant_id": tenant, "message_count": count, "messages": messages,
	}, rows.Err()
}

func (s *store) listSessions(tenant string, limit, offset int) (any, error) {
	var total int
	err := s.reading.QueryRow("SELECT count(*) FROM sessions WHERE tenant_id = ?", tenant).
		Scan(&total)
	if err != nil {
		return nil, err
	}
	rows, err := s.reading.Query(
		"SELECT session_id, tenant_id, message_count, created_at, last_activity FROM sessions"+
			" WHERE tenant_id = ? ORDER BY last_activity DESC, session_id DESC LIMIT ? OFFSET ?",
		tenant, limit, offset)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	sessions := []session{}
	for rows.Next() {
		var one session
		err := rows.Scan(&one.SessionID, &one.TenantID, &one.MessageCount, &one.CreatedAt,
			&one.LastActivity)
		if err != nil {
			return nil, err
		}
		sessions = append(sessions, one)
	}
	return map[string]any{
		"sessions": sessions, "total": total, "limit": limit, "offset": offset,
	}, rows.Err()
}

func (s *store) inbox(address string) (any, error) {
	var kind, name, description, team, status, moment string
	err := s.reading.QueryRow(
		"SELECT destination_type, inbox_name, description, owner_team, status, registered_at"+
			" FROM agent_inboxes WHERE address = ?", address,
	).Scan(&kind, &name, &description, &team, &status, &moment)
	if err == sql.ErrNoRows {
		return nil, refusal{http.StatusNotFound, "no such agent"}
	}
	return map[string]string{
		"aiAgentAddress": address, "inboxDestinationType": kind, "inboxName": name,
		"description": description, "ownerTeam": team, "status": status,
		"registrationTimestamp": moment,
	}, err
}

func (s *store) route(address string, payload json.RawMessage) (any, error) {
	id := newID("")
	err := s.write(func(tx *sql.Tx) error {
		_, err := tx.Exec("INSERT INTO inbox_messages VALUES (?, ?, ?, NULL, '', ?)",
			id, address, string(payload), now())
		return err
	})
	return map[string]string{"messageId": id}, err
}

type received struct {
	AckID      string            `json:"ackId"`
	LeaseUntil string            `json:"leaseUntil"`
	Message    map[string]string `json:"message"`
}

func (s *store) pull(address string, limit int) (any, error) {
	lease, pulled := later(time.Minute), []received{}
	err := s.write(func(tx *sql.Tx) error {
		rows, err := tx.Query(
			"SELECT message_id, payload, created_at FROM inbox_messages"+
				" WHERE address = ? AND lease_until < ? ORDER BY lease_until, created_at LIMIT ?",
			address, now(), limit)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id, payload, moment string
			if err := rows.Scan(&id, &payload, &moment); err != nil {
				return err
			}
			pulled = append(pulled, received{newID(""), lease, map[string]string{
				"messageId": id, "data": payload, "publishTime": moment,
			}})
		}
		for _, one := range pulled {
			_, err := tx.Exec(
				"UPDATE inbox_messages SET ack_id = ?, lease_until = ? WHERE message_id = ?",
				one.AckID, lease, one.Message["messageId"])
			if err != nil {
				return err
			}
		}
		return rows.Err()
	})
	return map[string]any{"receivedMessages": pulled}, err
}

func (s *store) acknowledge(address string, ids []string) (any, error) {
	results := []map[string]string{}
	err := s.write(func(tx *sql.Tx) error {
		for _, id := range ids {
			result, err := tx.Exec(
				"DELETE FROM inbox_messages WHERE ack_id = ? AND address = ?", id, address)
			if err != nil {
				return err
			}
			status := "unknown"
			if gone, _ := result.RowsAffected(); gone > 0 {
				status = "acked"
			}
			results = append(results, map[string]string{"ackId": id, "status": status})
		}
		return nil
	})
	return map[string]any{"results": results}, err
}

func (s *store) price(ticket, tier string) (any, error) {
	cents, known := prices[tier]
	if !known {
		return nil, refusal{http.StatusUnprocessableEntity, "no such tier"}
	}
	id, end := newID("quo_"), later(15*time.Minute)
	var kind string
	var total int
	err := s.write(func(tx *sql.Tx) error {
		err := tx.QueryRow("SELECT ticket_type, original_cents FROM tickets WHERE ticket_id = ?",
			ticket).Scan(&kind, &total)
		if err == sql.ErrNoRows {
			return refusal{http.StatusNotFound, "no such ticket"}
		} else if err != nil {
			return err
		}
		total += cents
		_, err = tx.Exec("INSERT INTO price_quotes VALUES (?, ?, ?, ?, ?, ?)",
			id, ticket, tier, cents, total, end)
		return err
	})
	return map[string]any{
		"ticket_id": ticket, "ticket_type": kind, "upgrade_tier": tier,
		"upgrade_price": float64(cents) / 100, "total_amount": float64(total) / 100,
		"currency": "USD", "quote_id": id, "quote_expires_at": end,
	}, err
}
