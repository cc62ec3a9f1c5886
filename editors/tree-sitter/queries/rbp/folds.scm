(body) @fold
(imported_names) @fold
(parameters) @fold
