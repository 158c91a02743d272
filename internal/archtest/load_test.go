package archtest_test

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// root is the module's directory as seen from this package's.
const root = "../.."

const module = "trackbot/"

// sourceFile is a hand-written or generated file of the repository.
type sourceFile struct {
	name      string // slash-separated, from the root
	lines     int
	generated bool
	imports   []string // of Go files
}

// pkg is the directory of the file, which names its package within the module.
func (f sourceFile) pkg() string { return path.Dir(f.name) }

func (f sourceFile) isTest() bool { return strings.HasSuffix(f.name, "_test.go") }

// load reads every file with one of the extensions. Folders that hold others' work or
// output are left out.
func load(t *testing.T, extensions ...string) []sourceFile {
	t.Helper()
	var out []sourceFile
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist): // a temporary file that is gone by now
			return nil
		case err != nil:
			return err
		case entry.IsDir() && name != root && isForeign(entry.Name()):
			return filepath.SkipDir
		case !entry.Type().IsRegular() || !slices.Contains(extensions, filepath.Ext(name)):
			return nil
		}
		f, err := read(name)
		if err == nil {
			out = append(out, f)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func isForeign(folder string) bool {
	return strings.HasPrefix(folder, ".") || strings.HasPrefix(folder, "_") ||
		slices.Contains([]string{"node_modules", "testdata", "bin", "out"}, folder)
}

func read(name string) (sourceFile, error) {
	body, err := os.ReadFile(name)
	if err != nil {
		return sourceFile{}, err
	}
	fromRoot, err := filepath.Rel(root, name)
	if err != nil {
		return sourceFile{}, err
	}
	f := sourceFile{name: filepath.ToSlash(fromRoot), lines: bytes.Count(body, []byte("\n"))}
	if filepath.Ext(name) != ".go" {
		return f, nil
	}
	tree, err := parser.ParseFile(token.NewFileSet(), name, body, parser.ImportsOnly|parser.ParseComments)
	if err != nil {
		return sourceFile{}, err
	}
	f.generated = ast.IsGenerated(tree)
	for _, spec := range tree.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return sourceFile{}, err
		}
		f.imports = append(f.imports, imported)
	}
	return f, nil
}
