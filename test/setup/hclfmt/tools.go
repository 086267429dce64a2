// Package tools pins the formatter of Terraform's language, which `go.mod` can do for imported packages alone.
package tools

import _ "github.com/hashicorp/hcl/v2/cmd/hclfmt"
