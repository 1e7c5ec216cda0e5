package provider

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
)

// attachToStream passes a stream of server-sent events through byte by byte and
// adds an event with the attachment before the last one, [DONE].
func (p *Provider) attachToStream(r *http.Response, c *call) {
	r.Header.Del("Content-Length")
	r.ContentLength = -1
	r.Trailer = http.Header{ReceiptHeader: nil, ErrorHeader: nil}
	r.Body = &stream{
		provider: p, ctx: r.Request.Context(), call: c, trailer: r.Trailer,
		upstream: r.Body, lines: bufio.NewReaderSize(r.Body, 32<<10),
	}
}

// stream is the body of a streamed answer.
type stream struct {
	provider *Provider
	ctx      context.Context // of the request
	call     *call
	trailer  http.Header
	upstream io.Closer
	lines    *bufio.Reader // of upstream

	out   bytes.Buffer // read from upstream, not yet read by the buyer
	err   error        // after out
	line  []byte       // in progress: longer than the buffer of lines
	event []byte       // data of the event in progress
	open  bool         // no blank line has ended the lines that went out

	problem *Problem
	head    map[string]json.RawMessage // id, object, created, model of the first event
	ended   bool                       // the attachment was sent
}

// Read gives what has arrived, without waiting for more than a line.
func (s *stream) Read(b []byte) (int, error) {
	for s.out.Len() == 0 {
		if s.err != nil {
			return 0, s.err
		}
		s.readLine()
		// Whole lines that are here already go out in the same write.
		for s.err == nil && s.lineBuffered() {
			s.readLine()
		}
	}
	return s.out.Read(b)
}

func (s *stream) Close() error { return s.upstream.Close() }

func (s *stream) lineBuffered() bool {
	b, _ := s.lines.Peek(s.lines.Buffered())
	return bytes.IndexByte(b, '\n') >= 0
}

// readLine moves one line, or as much of it as the buffer holds, from upstream
// to out.
func (s *stream) readLine() {
	part, err := s.lines.ReadSlice('\n')
	if s.line == nil && (err == nil || err == io.EOF) {
		s.take(part, part)
	} else {
		// A long line goes out in parts and is put together for the recorder.
		if int64(len(s.line)+len(part)) > s.provider.cfg.MaxAnswerBytes {
			s.fail(refuse(0, ReasonTooLarge, "an event of the answer is larger than %d bytes", s.provider.cfg.MaxAnswerBytes))
			s.line = s.line[:0]
		}
		s.line = append(s.line, part...)
		if err == bufio.ErrBufferFull {
			s.out.Write(part)
		} else {
			line := s.line
			s.line = nil
			s.take(line, part)
		}
	}
	switch {
	case err == nil || err == bufio.ErrBufferFull:
	case errors.Is(err, io.EOF):
		s.end() // a server that does not say [DONE]
		s.err = io.EOF
	default:
		s.fail(refuse(0, ReasonUnfinished, "the server broke off the answer"))
		s.end()
		s.err = err
	}
}

// take reads a line; rest is what of it has not gone out.
func (s *stream) take(line, rest []byte) {
	if len(line) == 0 { // at the end of the stream
		return
	}
	text := bytes.TrimRight(line, "\r\n")
	blank := len(text) == 0 && line[len(line)-1] == '\n'
	data, isData := bytes.CutPrefix(text, []byte("data:"))
	switch {
	case isData:
		data = bytes.TrimPrefix(data, []byte(" "))
		if string(data) == "[DONE]" {
			s.end() // before the line goes out
		} else if int64(len(s.event)+len(data)) > s.provider.cfg.MaxAnswerBytes {
			s.fail(refuse(0, ReasonTooLarge, "an event of the answer is larger than %d bytes", s.provider.cfg.MaxAnswerBytes))
		} else {
			if len(s.event) > 0 {
				s.event = append(s.event, '\n')
			}
			s.event = append(s.event, data...)
		}
	case blank:
		s.endEvent()
	}
	s.out.Write(rest)
	s.open = !blank
}

// endEvent records the event that a blank line ends.
func (s *stream) endEvent() {
	if len(s.event) == 0 {
		return
	}
	event := s.event
	s.event = s.event[:0]
	if s.ended {
		return
	}
	if s.head == nil {
		json.Unmarshal(event, &s.head) // an event that is no object fails below
	}
	if s.problem != nil || s.call.problem != nil {
		return
	}
	if err := s.call.transcript.Read(event); err != nil {
		s.fail(refuse(0, ReasonUpstream, "%v", err))
	}
}

func (s *stream) fail(problem *Problem) {
	if s.problem == nil {
		s.problem = problem
	}
}

// end sends the attachment, once, as an event of the shape of the usage event:
// one without choices.
func (s *stream) end() {
	if s.ended {
		return
	}
	s.ended = true
	if s.open {
		s.out.WriteString("\n\n")
	}
	if len(s.event) > 0 { // no blank line came, so it is not whole
		s.fail(refuse(0, ReasonUnfinished, "the stream ended within an event"))
	}
	problem := s.call.problem
	if problem == nil {
		problem = s.problem
	}
	attachment := s.provider.record(s.ctx, s.call, problem)
	setHeader(s.trailer, attachment)
	event := map[string]any{"choices": []struct{}{}, "posp": attachment}
	for _, name := range []string{"id", "object", "created", "model"} {
		if v, ok := s.head[name]; ok {
			event[name] = v
		}
	}
	b, err := json.Marshal(event)
	if err != nil { // cannot fail: the parts were read as JSON
		return
	}
	s.out.WriteString("data: ")
	s.out.Write(b)
	s.out.WriteString("\n\n")
}
