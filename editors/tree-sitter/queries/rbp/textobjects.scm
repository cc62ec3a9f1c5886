; An item is to these editors what a class is elsewhere; its activation rule and tests are its functions.
[
  (dependency) (function) (backup) (signal) (kind) (unit)
  (template) (policy) (accept) (scenario)
] @class.outer
(dependency body: (body) @class.inner)
(function body: (body) @class.inner)
(backup body: (body) @class.inner)
(signal body: (body) @class.inner)
(kind body: (body) @class.inner)
(template body: (body) @class.inner)
(policy body: (body) @class.inner)
(accept body: (body) @class.inner)
(scenario body: (body) @class.inner)

[(activate) (test) (for_each)] @function.outer
(activate body: (body) @function.inner)
(test body: (body) @function.inner)
(for_each body: (body) @function.inner)

[(clause) (field) (require) (cite)] @statement.outer
(parameters (parameter) @parameter.inner)
(template_use (argument) @parameter.inner)
[(comment) (doc_comment) (file_doc)] @comment.outer
