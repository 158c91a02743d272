package httpapi

import (
	"net/http/httptest"
	"time"

	"trackbot/api"
	"trackbot/internal/store/db"
	"trackbot/internal/warm"
)

// PostsPage is a page as it writes itself, and as the contract's types are written.
func PostsPage(rows []db.PostItem, guildID string, next *string) (got, want string) {
	written, generated := httptest.NewRecorder(), httptest.NewRecorder()
	cursor := api.OrNull(next)
	if err := (postsPage{rows: rows, guildID: guildID, next: cursor}).VisitListPostsResponse(written); err != nil {
		return err.Error(), ""
	}
	err := api.ListPosts200JSONResponse{
		Items: each(rows, func(post db.PostItem) api.Post { return toPost(post, guildID) }), NextCursor: cursor,
		AsOf: oldest(rows, func(post db.PostItem) *time.Time { return &post.AsOf }),
	}.VisitListPostsResponse(generated)
	if err != nil {
		return "", err.Error()
	}
	return written.Body.String(), generated.Body.String()
}

// KeepsOf is keepsOf.
func KeepsOf(operationID string) *warm.Keep { return keepsOf(operationID) }

// KeptOperations are the operations whose answers are kept.
func KeptOperations() (ids []string) {
	c, err := loadContract(api.Spec())
	if err != nil {
		return nil
	}
	for _, op := range c.ops {
		if op.keep != nil {
			ids = append(ids, op.route.Operation.OperationID)
		}
	}
	return ids
}
