; A template's parameters and a policy's bound names are seen inside of it alone.
[(source_file) (template) (policy) (for_each) (quantified)] @local.scope
(dependency name: (name) @local.definition)
(function name: (name) @local.definition)
(backup name: (name) @local.definition)
(signal name: (name) @local.definition)
(kind name: (name) @local.definition.type)
(template name: (name) @local.definition.function)
(parameter name: (name) @local.definition.parameter)
(selector name: (name) @local.definition.var)
(quantified name: (name) @local.definition.var)
(path) @local.reference
