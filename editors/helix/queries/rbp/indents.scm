[(body) (imported_names) (parameters)] @indent
["}" ")"] @outdent
