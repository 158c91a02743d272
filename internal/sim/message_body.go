package sim

import (
	"bytes"
	"mime"
	"mime/multipart"
)

// decodeMessage reads a message from JSON or from the payload_json of a
// multipart form, whose files become attachments (Discord API docs: Uploading Files).
func (c *call) decodeMessage(form *messageForm) *apiError {
	kind, params, _ := mime.ParseMediaType(c.Header.Get("Content-Type"))
	if kind == "multipart/form-data" {
		files, e := c.splitMultipart(params["boundary"])
		if e != nil {
			return e
		}
		form.attachments = files
	}
	if len(c.body) > 0 {
		if e := c.decode(form); e != nil {
			return e
		}
	}
	return form.check()
}

func (c *call) splitMultipart(boundary string) ([]Attachment, *apiError) {
	parsed, err := multipart.NewReader(bytes.NewReader(c.body), boundary).ReadForm(maxBody)
	if err != nil {
		return nil, &apiError{Status: 400, Code: 50109, Message: "The request body contains invalid JSON."}
	}
	c.body = nil
	if p := parsed.Value["payload_json"]; len(p) > 0 {
		c.body = []byte(p[0])
	}
	var files []Attachment
	for _, headers := range parsed.File {
		for _, h := range headers {
			id := c.sim.next(c.sim.now())
			files = append(files, Attachment{id, h.Filename, int(h.Size), c.base + "/attachments/" + id + "/" + h.Filename})
		}
	}
	return files, nil
}
