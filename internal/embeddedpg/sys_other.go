//go:build !unix

package embeddedpg

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

var errUnsupported = errors.New("the embedded PostgreSQL runs on Linux and macOS only: set DATABASE_URL")

const (
	fastShutdown      = syscall.SIGINT
	immediateShutdown = syscall.SIGQUIT
)

func serverAccount() (account, error)              { return account{}, errUnsupported }
func (a account) credential() *syscall.SysProcAttr { return nil }
func (a account) serverAttr() *syscall.SysProcAttr { return nil }
func (a account) mayEnter(fs.FileInfo) bool        { return false }
func ownedByUs(fs.FileInfo) bool                   { return false }
func ownerOf(fs.FileInfo) (account, bool)          { return account{}, false }
func tryLock(string) (*os.File, error)             { return nil, errUnsupported }
func processAlive(int) bool                        { return false }
func signalProcess(int, syscall.Signal) error      { return errUnsupported }
func commandLine(int) string                       { return "" }
