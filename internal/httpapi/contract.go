package httpapi

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"

	"trackbot/internal/fault"
	"trackbot/internal/warm"
)

const basePath = "/api/v1"

// permission is the x-permission of an operation; the contract's introduction explains them.
type permission string

const (
	permPublic      permission = "public"
	permSession     permission = "session"
	permRefresh     permission = "refresh-token"
	permGuildRead   permission = "guild:read"
	permGuildManage permission = "guild:manage"
	permInternal    permission = "internal:hmac"
	permWebSub      permission = "webhook:websub"
	permDiscord     permission = "webhook:discord"
	permStripe      permission = "webhook:stripe"
)

func (p permission) known() bool {
	return slices.Contains([]permission{
		permPublic, permSession, permRefresh, permGuildRead, permGuildManage,
		permInternal, permWebSub, permDiscord, permStripe,
	}, p)
}

// guild tells whether the operation acts within the guild of its path.
func (p permission) guild() bool {
	return p == permGuildRead || p == permGuildManage
}

// changesTenants tells whether what the operation changes is a tenant's.
func (p permission) changesTenants() bool {
	return p == permGuildManage || p == permInternal || p.raw()
}

// raw tells whether the handler needs the body as it was sent, to check a signature.
func (p permission) raw() bool { return strings.HasPrefix(string(p), "webhook:") }

// operation is what the frame knows about one call of the contract.
type operation struct {
	pattern     string // as http.ServeMux takes it
	permission  permission
	keyScope    string     // what an API key needs; "": no key will do
	mayHaveUser bool       // a session is welcome, not required
	tagged      bool       // answers with an ETag: reads, which know 304, and changes that say so
	keep        *warm.Keep // nil: answers are not kept
	looseQuery  bool       // parameters that are not listed are ignored
	// whileSuspended: people may do it in a guild that is suspended: they read, and take away what is theirs.
	whileSuspended bool
	patience       time.Duration
	params         []*openapi3.Parameter
	body           *openapi3.RequestBody // nil: none is taken
	route          *routers.Route        // for openapi3filter
	checks         []openapi3.SchemaValidationOption
	rules          func(body any) []fault.Field // beyond the schema; nil: none that are told with its faults
}

// contract is openapi.yaml, read.
type contract struct {
	doc *openapi3.T
	ops map[string]*operation // by pattern
}

func loadContract(yaml []byte) (*contract, error) {
	doc, err := openapi3.NewLoader().LoadFromData(yaml)
	if err != nil {
		return nil, fmt.Errorf("read contract: %w", err)
	}
	c := &contract{doc: doc, ops: map[string]*operation{}}
	lean, checks := leanSpec(doc), schemaOptions()
	var errs []error
	for path, item := range doc.Paths.Map() {
		base := basePath
		if len(item.Servers) > 0 {
			base = strings.TrimSuffix(item.Servers[0].URL, "/")
		}
		for method, spec := range item.Operations() {
			op, err := newOperation(method, base+path, item, spec)
			if err != nil {
				errs = append(errs, fmt.Errorf("%s %s: %w", method, path, err))
				continue
			}
			op.checks = checks
			op.route = &routers.Route{Spec: lean, Path: path, PathItem: item, Method: method, Operation: spec}
			c.ops[op.pattern] = op
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("read contract: %w", err)
	}
	return c, nil
}

// leanSpec is a document that openapi3filter takes for OpenAPI 3.0. For 3.1 it compiles the
// schema anew for each value it checks; its own validator for 3.0 does not, knows the type
// arrays and null this contract uses, and says which keyword failed on which path. A test
// holds what requests are made of to the keywords that validator knows.
func leanSpec(doc *openapi3.T) *openapi3.T {
	return &openapi3.T{OpenAPI: "3.0.3", Components: doc.Components}
}

func newOperation(method, path string, item *openapi3.PathItem, spec *openapi3.Operation) (*operation, error) {
	p, _ := spec.Extensions["x-permission"].(string)
	op := &operation{
		pattern:        method + " " + path,
		permission:     permission(p),
		tagged:         strings.HasPrefix(path, basePath) && (method == http.MethodGet || promisesTag(spec)),
		keep:           keepsOf(spec.OperationID),
		rules:          rulesOf(spec.OperationID),
		looseQuery:     spec.Extensions["x-extra-query"] == "ignored",
		whileSuspended: method == http.MethodGet || spec.Extensions["x-suspended"] == "allowed",
		patience:       patienceWith(method, spec),
	}
	if !op.permission.known() {
		return nil, fmt.Errorf("x-permission %q is not known", p)
	}
	if spec.Security != nil {
		op.readSecurity(*spec.Security)
	}
	for _, ref := range slices.Concat(item.Parameters, spec.Parameters) {
		op.params = append(op.params, ref.Value)
	}
	if spec.RequestBody != nil {
		op.body = spec.RequestBody.Value
	}
	if op.permission.guild() && op.pathParam("guildId") == nil {
		return nil, fmt.Errorf("x-permission %q without a guildId", p)
	}
	return op, nil
}

// promisesTag tells whether a successful answer carries an ETag.
func promisesTag(spec *openapi3.Operation) bool {
	ok := spec.Responses.Status(http.StatusOK)
	return ok != nil && ok.Value.Headers["ETag"] != nil
}

func (op *operation) readSecurity(requirements openapi3.SecurityRequirements) {
	for _, r := range requirements {
		if scopes, ok := r["apiKey"]; ok && len(scopes) == 1 {
			op.keyScope = scopes[0]
		}
		op.mayHaveUser = op.mayHaveUser || len(r) == 0 && len(requirements) > 1
	}
}

func (op *operation) pathParam(name string) *openapi3.Parameter {
	i := slices.IndexFunc(op.params, func(p *openapi3.Parameter) bool {
		return p.In == openapi3.ParameterInPath && p.Name == name
	})
	if i < 0 {
		return nil
	}
	return op.params[i]
}

// patterns lists every pattern of the contract, sorted.
func (c *contract) patterns() []string { return slices.Sorted(maps.Keys(c.ops)) }
