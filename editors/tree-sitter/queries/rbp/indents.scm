(body) @indent.begin
(imported_names) @indent.begin
(parameters) @indent.begin
(body "}" @indent.end @indent.branch)
(imported_names "}" @indent.end @indent.branch)
(parameters ")" @indent.end @indent.branch)
(string) @indent.ignore
