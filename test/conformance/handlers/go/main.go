// The kit's handler: what it does, an event says in "action"; all else is answered as it is.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type event struct {
	Action     string          `json:"action"`
	Message    string          `json:"message"`
	Code       int             `json:"code"`
	Path       string          `json:"path"`
	Names      []string        `json:"names"`
	Bytes      int             `json:"bytes"`
	Value      json.RawMessage `json:"value"`
	Lines      []string        `json:"lines"`
	Parts      []string        `json:"parts"`
	WaitFor    string          `json:"waitFor"`
	FailBefore string          `json:"failBefore"`
	FailAfter  string          `json:"failAfter"`
	HTTP       *prelude        `json:"http"`
}

type prelude struct {
	StatusCode int               `json:"statusCode"`
	Headers    map[string]string `json:"headers"`
	Cookies    []string          `json:"cookies"`
}

var count int

func untilFile(path string) {
	for {
		if _, err := os.Stat(path); err == nil {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func readContext(ctx context.Context) any {
	invocation, _ := lambdacontext.FromContext(ctx)
	deadline, _ := ctx.Deadline()
	answer := map[string]any{
		"requestId":       invocation.AwsRequestID,
		"functionArn":     invocation.InvokedFunctionArn,
		"functionName":    lambdacontext.FunctionName,
		"functionVersion": lambdacontext.FunctionVersion,
		"memoryMiB":       lambdacontext.MemoryLimitInMB,
		"remainingMs":     time.Until(deadline).Milliseconds(),
		"clientContext":   nil,
		"identity":        nil,
		"tenantId":        invocation.TenantID,
	}
	if client := invocation.ClientContext; client.Custom != nil {
		answer["clientContext"] = map[string]any{"custom": client.Custom, "id": client.Client.InstallationID}
	}
	if invocation.Identity.CognitoIdentityID != "" {
		answer["identity"] = invocation.Identity
	}
	return answer
}

func handle(ctx context.Context, raw json.RawMessage) (any, error) {
	var asked event
	if json.Unmarshal(raw, &asked) != nil {
		return raw, nil
	}
	switch asked.Action {
	case "throw":
		return nil, errors.New(asked.Message)
	case "exit":
		os.Exit(asked.Code)
	case "kill":
		return nil, syscall.Kill(os.Getpid(), syscall.SIGKILL)
	case "wait":
		untilFile(asked.Path)
		return asked.Value, nil
	case "context":
		return readContext(ctx), nil
	case "env":
		values := map[string]any{}
		for _, name := range asked.Names {
			values[name] = nil
			if value, ok := os.LookupEnv(name); ok {
				values[name] = value
			}
		}
		return values, nil
	case "log":
		if asked.Path != "" {
			untilFile(asked.Path)
		}
		for _, line := range asked.Lines {
			fmt.Println(line)
		}
		if asked.Code != 0 {
			os.Exit(asked.Code)
		}
		return nil, nil
	case "large":
		return strings.Repeat("x", asked.Bytes-2), nil
	case "unwritable":
		return make(chan int), nil
	case "count":
		count++
		return count, nil
	}
	return raw, nil
}

func write(asked event, to *io.PipeWriter) {
	for index, part := range asked.Parts {
		if index == 1 && asked.WaitFor != "" {
			untilFile(asked.WaitFor)
		}
		io.WriteString(to, part)
	}
	io.Copy(to, bytes.NewReader(make([]byte, asked.Bytes)))
	if asked.FailAfter != "" {
		to.CloseWithError(errors.New(asked.FailAfter))
	}
	to.Close()
}

func stream(_ context.Context, asked event) (any, error) {
	if asked.FailBefore != "" {
		return nil, errors.New(asked.FailBefore)
	}
	from, to := io.Pipe()
	go write(asked, to)
	if http := asked.HTTP; http != nil {
		return &events.LambdaFunctionURLStreamingResponse{
			StatusCode: http.StatusCode, Headers: http.Headers, Cookies: http.Cookies, Body: from,
		}, nil
	}
	return from, nil
}

func main() {
	if strings.HasSuffix(os.Getenv("_HANDLER"), ".stream") {
		lambda.Start(stream)
	}
	if os.Getenv("CONFORMANCE_HOOK") == "shutdown" {
		lambda.StartWithOptions(handle, lambda.WithEnableSIGTERM(func() { fmt.Println("the hook has run") }))
	}
	lambda.Start(handle)
}
