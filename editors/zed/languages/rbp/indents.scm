(body "}" @end) @indent
(imported_names "}" @end) @indent
(parameters ")" @end) @indent
