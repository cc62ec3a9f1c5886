; Colours. The lines with the language's words are made from grammar/keywords.txt:
; RBP_BLESS=1 cargo test -p rbp-tests --test editors

(identifier) @variable
(comment) @comment
(doc_comment) @comment.documentation
(file_doc) @comment.documentation
(string) @string
(escape) @string.escape
(number) @number
(date) @number
(unit_symbol) @type.builtin
(unit_symbol (identifier) @type.builtin)

; items
["import" "unit" "kind" "dependency" "signal" "function" "backup" "template" "policy" "accept" "scenario" "evidence" "apply"] @keyword

; clauses
["owner" "depends" "needs" "exposed" "controlled" "changed" "repaired" "fails" "unavailability" "capacity" "rto" "rpo" "mtpd" "demand" "minimum" "tags" "survives" "budget" "may" "protects" "cost" "retire" "contract" "covers" "independent" "diverse" "readiness" "restores" "lag" "immutable" "delayed" "verified" "catches" "stock" "installed" "instructions" "reserved" "lends" "lead" "data" "encrypted" "audited" "compensated" "agreed" "allow" "activate" "test" "when" "fence" "reach" "funded" "steps" "hand" "fail" "every" "proves" "last" "expires" "from" "query" "because" "until" "field" "requires" "cite" "severity" "require" "lose" "corrupt" "compromise" "actor" "expect"] @function.builtin

; words inside clauses
["some" "count" "sum" "loss" "corruption" "automatic" "degrade" "full" "degraded" "up" "back" "safe" "run" "time" "resupplied" "recall" "load" "passed" "failed" "continues" "activates" "stays" "idle" "passes"] @keyword.modifier

; reserved words
["in" "by" "with" "within" "for" "at" "to" "of" "on" "via" "then" "and" "or" "not" "as" "where" "else" "any" "each"] @keyword.operator

["==" "!=" "<=" ">=" "<" ">" "+" "-" "*" "/" "="] @operator
["{" "}" "[" "]" "(" ")"] @punctuation.bracket
["," ":" "."] @punctuation.delimiter

; What is declared.
(dependency name: (name (identifier) @constant))
(function name: (name (identifier) @function))
(backup name: (name (identifier) @constant))
(signal name: (name (identifier) @constant))
(template name: (name (identifier) @function))
(scenario name: (name (identifier) @function))
(policy name: (name (identifier) @function))
(kind name: (name (identifier) @type))
(unit name: (name (identifier) @type.builtin))
(parameter name: (name (identifier) @variable.parameter))
(test name: (name (identifier) @function))

; What is referred to.
(import module: (path (identifier) @module))
(kind parent: (path (identifier) @type))
(dependency kind: (path (identifier) @type))
(backup kind: (path (identifier) @type))
(template kind: (path (identifier) @type))
(parameter type: (path (identifier) @type))
(field_declaration type: (path (identifier) @type))
(selector kind: (path (identifier) @type))
(template_use template: (path (identifier) @function.call))
(argument name: (name (identifier) @variable.parameter))
(field name: (identifier) @property)
(field_declaration name: (name (identifier) @property))
(field_access field: (name (identifier) @property))
(call callee: (name (identifier) @function.call))
(parameter_use (identifier) @variable.parameter)
