; Documentation is Markdown; what a signal asks of its monitor is mostly PromQL.
((doc_comment) @injection.content
  (#offset! @injection.content 0 3 0 0)
  (#set! injection.language "markdown_inline"))

((file_doc) @injection.content
  (#offset! @injection.content 0 3 0 0)
  (#set! injection.language "markdown_inline"))

((clause "query" (string) @injection.content)
  (#offset! @injection.content 0 1 0 -1)
  (#set! injection.language "promql"))
