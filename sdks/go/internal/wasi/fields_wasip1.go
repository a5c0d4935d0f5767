package wasi

// readFields takes the fields and drops them.
func readFields(fields resource) []Field {
	box := takeInbox()
	var result area
	fieldsEntries(fields, &result)
	dropFields(fields)
	entries := result.pairs()
	list := make([]Field, len(entries))
	for i, entry := range entries {
		list[i].Name = copyString(entry.name, entry.nameLength)
		list[i].Value = copyString(entry.value, entry.valueLength)
	}
	box.giveBack()
	return list
}

// writeFields makes fields of the list. Those that the host sets itself
// (connection, transfer-encoding, ...) are left out; others that it refuses are
// an error.
func writeFields(list []Field) (resource, error) {
	fields := newFields()
	var result area
	for i := range list {
		if list[i].Name == "" {
			continue
		}
		fieldsAppend(fields, list[i].Name, list[i].Value, &result)
		if result.failed() && result.byte(1) == invalidSyntax {
			dropFields(fields)
			return 0, &Error{Code: "invalid-header", Detail: list[i].Name}
		}
	}
	return fields, nil
}

const invalidSyntax = 0 // the first case of header-error
