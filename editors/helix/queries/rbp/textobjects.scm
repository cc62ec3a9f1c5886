; In Helix' words; the same choice as in ../../tree-sitter/queries/textobjects.scm.
[
  (dependency) (function) (backup) (signal) (kind) (unit)
  (template) (policy) (accept) (scenario)
] @class.around
(dependency body: (body) @class.inside)
(function body: (body) @class.inside)
(backup body: (body) @class.inside)
(signal body: (body) @class.inside)
(kind body: (body) @class.inside)
(template body: (body) @class.inside)
(policy body: (body) @class.inside)
(accept body: (body) @class.inside)
(scenario body: (body) @class.inside)

[(activate) (test) (for_each)] @function.around
(activate body: (body) @function.inside)
(test body: (body) @function.inside)
(for_each body: (body) @function.inside)

(parameters (parameter) @parameter.inside)
(template_use (argument) @parameter.inside)
[(comment) (doc_comment) (file_doc)] @comment.around
