// Answers the event itself; what the benchmark asks of a handler in every language.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

var logging = os.Getenv("BENCH_LOG") == "1"

func echo(ctx context.Context, event any) (any, error) {
	invocation, hasInvocation := lambdacontext.FromContext(ctx)
	deadline, hasDeadline := ctx.Deadline()
	if !hasInvocation || invocation.AwsRequestID == "" || !hasDeadline || time.Until(deadline) <= 0 {
		return nil, errors.New("cannot read the context: request id or remaining time is missing")
	}
	if logging {
		fmt.Println("handled", invocation.AwsRequestID)
	}
	return event, nil
}

func main() {
	lambda.Start(echo)
}
