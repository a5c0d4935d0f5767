package wasi

import "strconv"

// PanicText is the value of a panic as text, without package fmt.
func PanicText(value any) string {
	switch value := value.(type) {
	case error:
		return value.Error()
	case interface{ String() string }:
		return value.String()
	case string:
		return value
	case int:
		return strconv.Itoa(value)
	}
	return "a value that is neither an error nor a string"
}
