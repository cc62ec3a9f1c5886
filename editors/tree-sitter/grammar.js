/**
 * The grammar of rbp for editors. It follows `grammar/src/rbp.lalrpop` rule by rule, and takes the words of
 * the language from the same list, so that a word is a keyword here exactly where it is one there.
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

const fs = require("node:fs");
const path = require("node:path");

const lines = fs.readFileSync(path.join(__dirname, "../../grammar/keywords.txt"), "utf8").split("\n");
const words = lines.filter((line) => line && !line.startsWith("#")).map((line) => line.split(" "));
/** The words that may be names as well. */
const free = words.filter(([, sort]) => sort !== "reserved").map(([word]) => word);

/** One or more, with commas between them. */
const list = (rule) => seq(rule, repeat(seq(",", rule)));
/** In square brackets; a comma may stand last. */
const bracketed = (rule) => seq("[", list(rule), optional(","), "]");
/** In round brackets; may be empty. */
const parenthesised = (rule) => seq("(", optional(list(rule)), optional(","), ")");
const body = (rule) => seq("{", repeat(rule), "}");
/** What ends the head of an element. */
const headEnd = ($) => [
  optional(field("title", $.string)),
  optional(field("body", alias($._element_body, $.body))),
];

/** The operators of expressions, the weakest first. */
const LEVEL = { or: 1, and: 2, not: 3, compare: 4, for: 5, add: 6, multiply: 7, negate: 8, call: 9 };

module.exports = grammar({
  name: "rbp",
  word: ($) => $.identifier,
  extras: ($) => [/[\s\uFEFF]/, $.comment, $.doc_comment, $.file_doc],
  supertypes: ($) => [$._item, $._expression],
  inline: ($) => [$._text_or_parameter, $._quantity_or_parameter, $._date_or_parameter],

  rules: {
    source_file: ($) => repeat($._item),

    _item: ($) =>
      choice(
        $.import, $.unit, $.kind, $.dependency, $.function, $.backup, $.signal, $.template,
        $.policy, $.accept, $.scenario, $.evidence, $.apply,
      ),

    comment: () => token(prec(1, /\/\/[^\n]*/)),
    doc_comment: () => token(prec(2, /\/\/\/[^\n]*/)),
    file_doc: () => token(prec(3, /\/\/![^\n]*/)),

    // ---- names and values ----------------------------------------------------------------------

    identifier: () => /[A-Za-z_][A-Za-z0-9_]*(-[A-Za-z0-9_]+)*/,
    number: () => /[0-9][0-9_]*(\.[0-9]+)?([eE][+-]?[0-9]+)?/,
    date: () => token(prec(5, /[0-9]{4}-[0-9]{2}-[0-9]{2}/)),
    _unit_rate: () => token(prec(3, /[A-Za-z_][A-Za-z0-9_]*\/[A-Za-z_][A-Za-z0-9_]*/)),
    _per_unit: () => token(prec(3, /\/[A-Za-z_][A-Za-z0-9_]*/)),

    string: ($) =>
      seq('"', repeat(choice(token.immediate(prec(1, /[^"\\\n]+/)), $.escape)), token.immediate('"')),
    escape: () => token.immediate(/\\[^\n]/),

    _name: ($) => choice($.identifier, ...free.map((word) => alias(word, $.identifier))),
    name: ($) => $._name,
    path: ($) => $._path,
    _path: ($) => choice($._name, seq($._path, ".", $._name)),
    // A path whose first word is no keyword: a field's value never swallows the next clause.
    _field_path: ($) => seq($.identifier, repeat(seq(".", $._name))),

    quantity: ($) => seq($.number, $.unit_symbol),
    unit_symbol: ($) => choice($.identifier, $._unit_rate, $._per_unit, "%"),
    _text_or_parameter: ($) => choice($.string, $.parameter_use),
    _quantity_or_parameter: ($) => choice($.quantity, $.parameter_use),
    _date_or_parameter: ($) => choice($.date, $.parameter_use),
    // In a template the name of a parameter may stand where a text, a quantity or a date does.
    parameter_use: ($) => $.identifier,
    _value: ($) => choice($.path, $.string, $.quantity, $.date),
    _field_value: ($) => choice(alias($._field_path, $.path), $.string, $.quantity, $.date),

    _need: ($) => choice($.path, $.k_of_n),
    k_of_n: ($) => seq(field("count", $.number), "of", bracketed($.path)),
    _needs: ($) => list($._need),

    // ---- imports, units, kinds -----------------------------------------------------------------

    import: ($) =>
      choice(
        seq("import", field("module", $.path), optional(seq("as", field("alias", $.name)))),
        seq("import", field("module", alias($._path, $.path)), ".", $.imported_names),
      ),
    imported_names: ($) => seq("{", list($.imported_name), optional(","), "}"),
    imported_name: ($) => seq(field("name", $.name), optional(seq("as", field("alias", $.name)))),

    unit: ($) =>
      seq("unit", field("name", $.name), optional(field("title", $.string)), optional(seq("=", $.quantity))),

    kind: ($) =>
      seq(
        "kind",
        field("name", $.name),
        optional(seq(":", field("parent", $.path))),
        optional(field("title", $.string)),
        optional(field("body", alias($._kind_body, $.body))),
      ),
    _kind_body: ($) => body(choice($.field_declaration, $.requires)),
    field_declaration: ($) => seq("field", field("name", $.name), ":", field("type", $.path)),
    requires: ($) => seq("requires", list(choice($.name, alias("in", $.name)))),

    // ---- elements ------------------------------------------------------------------------------

    dependency: ($) =>
      seq("dependency", field("name", $.name), optional($._kind_of), optional($.template_use), ...headEnd($)),
    function: ($) => seq("function", field("name", $.name), optional($.template_use), ...headEnd($)),
    backup: ($) =>
      seq(
        "backup",
        field("name", $.name),
        optional($._kind_of),
        optional($._primary),
        optional($.template_use),
        ...headEnd($),
      ),
    signal: ($) =>
      seq(
        "signal",
        field("name", $.name),
        optional($.template_use),
        optional(field("title", $.string)),
        optional(field("body", alias($._signal_body, $.body))),
      ),
    _kind_of: ($) => seq(":", field("kind", $.path)),
    _primary: ($) => seq("for", field("primary", $.path)),
    template_use: ($) => seq("=", field("template", $.path), parenthesised($.argument)),
    argument: ($) => seq(field("name", $.name), ":", field("value", $._value)),

    _element_body: ($) => body($._element_clause),
    _signal_body: ($) => body($._signal_clause),
    _element_clause: ($) =>
      choice(
        $.clause,
        $.activate,
        $.test,
        alias($._field, $.field),
      ),
    _signal_clause: ($) => alias($._signal_clause_kinds, $.clause),
    _field: ($) => seq(field("name", $.identifier), field("value", $._field_value)),

    clause: ($) =>
      choice(
        $._owner,
        $._allow,
        seq("depends", "on", $._needs),
        seq("needs", $._needs, optional(seq("to", "run"))),
        seq("in", $._needs),
        seq("exposed", "to", $._needs),
        seq("controlled", "by", list($.path)),
        seq("changed", $._date_or_parameter),
        seq("repaired", "within", $._quantity_or_parameter),
        seq("fails", $._quantity_or_parameter),
        seq("unavailability", $._quantity_or_parameter),
        seq("capacity", $._quantity_or_parameter),
        seq(choice("rto", "rpo"), $._quantity_or_parameter, optional(seq("on", $._cause))),
        seq("mtpd", $._quantity_or_parameter),
        seq(choice("demand", "minimum"), $._load),
        seq("tags", list($.path)),
        seq("survives", "any", $.number, "loss", optional(seq("of", "kind", $.path))),
        seq("survives", "each", "of", bracketed($.path)),
        seq("budget", $._quantity_or_parameter),
        seq("may", "degrade", "for", $._quantity_or_parameter),
        seq("protects", list($.path)),
        seq("cost", $._quantity_or_parameter),
        seq("retire", "by", $._date_or_parameter),
        seq("contract", "until", $._date_or_parameter),
        seq("covers", $._load),
        seq("covers", "full"),
        seq("covers", "degraded", $._text_or_parameter),
        seq("independent", "of", list($.path)),
        seq("diverse", "by", list($.path)),
        seq("readiness", $.name),
        seq("restores", "within", $._quantity_or_parameter),
        seq("lag", "within", $._quantity_or_parameter),
        "immutable",
        seq("delayed", "by", $._quantity_or_parameter),
        seq("verified", "within", $._quantity_or_parameter),
        seq("catches", "up", "within", $._quantity_or_parameter),
        seq("stock", $._quantity_or_parameter, optional(seq("expires", $._date_or_parameter))),
        seq("installed", "by", $._needs),
        seq("instructions", list($._text_or_parameter)),
        "reserved",
        seq(
          "lends",
          $._quantity_or_parameter,
          optional(seq("recall", "within", $._quantity_or_parameter)),
          optional(seq("by", $.path)),
        ),
        seq("lead", "time", $._quantity_or_parameter),
        seq("data", $.name),
        "encrypted",
        "audited",
        "compensated",
        seq("agreed", "by", list($.path)),
      ),
    _owner: ($) => seq("owner", $.path),
    _allow: ($) => seq("allow", $.name, "because", $.string),
    _load: ($) =>
      seq(
        $._quantity_or_parameter,
        optional(seq("for", $._quantity_or_parameter)),
        optional(seq("resupplied", "by", $.path, "within", $._quantity_or_parameter)),
      ),
    _cause: ($) => choice("corruption", "compromise", seq("loss", "of", "kind", $.path)),

    _signal_clause_kinds: ($) =>
      choice(
        seq("from", $._needs),
        seq("query", $._text_or_parameter),
        seq("within", $._quantity_or_parameter),
        $._allow,
      ),

    // ---- activation and tests ------------------------------------------------------------------

    activate: ($) => seq("activate", field("body", alias($._activate_body, $.body))),
    _activate_body: ($) => body(alias($._activate_clause, $.clause)),
    _activate_clause: ($) =>
      choice(
        seq("when", $._condition),
        seq("by", $.authority, repeat(seq(",", "then", $.authority))),
        seq("fence", $.path, "via", list($.path)),
        seq("with", $._needs),
        seq("reach", list($.path), optional(seq("within", $._quantity_or_parameter))),
        seq("funded", "by", $._needs),
        seq("steps", list($._text_or_parameter)),
        seq("hand", "back", choice(seq("when", $._condition), $._text_or_parameter)),
        seq("fail", "safe", "when", $._signal_expression, optional($.string)),
      ),
    authority: ($) =>
      seq(
        choice(seq("automatic", "on", $._need), $._need),
        optional(seq("within", $._quantity_or_parameter)),
      ),
    _condition: ($) => seq($._signal_expression, optional(seq("for", $._quantity_or_parameter))),
    _signal_expression: ($) =>
      choice($.path, alias($._signals_of, $.k_of_n), $.signal_or, $.signal_and, $.signal_not, $._signal_group),
    signal_or: ($) => prec.left(LEVEL.or, seq($._signal_expression, "or", $._signal_expression)),
    signal_and: ($) => prec.left(LEVEL.and, seq($._signal_expression, "and", $._signal_expression)),
    signal_not: ($) => prec(LEVEL.not, seq("not", $._signal_expression)),
    _signal_group: ($) => seq("(", $._signal_expression, ")"),
    _signals_of: ($) => seq(field("count", $.number), "of", bracketed($._signal_expression)),

    test: ($) => seq("test", field("name", $.name), field("body", alias($._test_body, $.body))),
    _test_body: ($) => body(alias($._test_clause, $.clause)),
    _test_clause: ($) =>
      choice(
        $._owner,
        seq("every", $._quantity_or_parameter),
        seq("by", $.name),
        seq("from", $.name),
        seq("proves", list($._proof)),
        seq(
          "last",
          $._date_or_parameter,
          choice("passed", "failed"),
          optional(seq("evidence", $._text_or_parameter)),
        ),
        seq("expires", $._date_or_parameter),
      ),
    _proof: ($) =>
      choice(
        $.name,
        seq("load", $._quantity_or_parameter, optional(seq("for", $._quantity_or_parameter))),
      ),

    // ---- acceptances, scenarios, evidence, packs -----------------------------------------------

    accept: ($) =>
      seq(
        "accept",
        choice(
          seq(choice("loss", "corruption", "compromise"), "of", list($.path)),
          seq(field("finding", $.name), "on", list($.path)),
        ),
        optional(seq("for", list($.path))),
        optional(field("body", alias($._accept_body, $.body))),
      ),
    _accept_body: ($) => body(alias($._accept_clause, $.clause)),
    _accept_clause: ($) =>
      choice(seq("because", $.string), seq("by", $.path), seq("until", $.date)),

    scenario: ($) =>
      seq(
        "scenario",
        field("name", $.name),
        optional(field("title", $.string)),
        field("body", alias($._scenario_body, $.body)),
      ),
    _scenario_body: ($) => body(alias($._scenario_clause, $.clause)),
    _scenario_clause: ($) =>
      choice(
        seq("at", choice($.date, $.quantity)),
        seq("actor", $.path),
        seq(choice("lose", "corrupt", "compromise"), list($.path)),
        seq("lose", "any", $.number, "of", "kind", $.path),
        seq(
          "expect",
          $.path,
          choice("continues", "fails", "activates", seq("stays", "idle"), "passes"),
          optional(seq("on", $.path)),
          optional(seq("by", choice(seq("automatic", "on", $._need), $._need))),
          optional(seq("within", $.quantity)),
        ),
      ),

    evidence: ($) => seq("evidence", "from", $.string),
    apply: ($) => seq("apply", field("pack", $.path), optional(seq("to", list($.path)))),

    // ---- templates and policies ----------------------------------------------------------------

    template: ($) =>
      seq(
        "template",
        field("name", $.name),
        field("parameters", $.parameters),
        optional($._kind_of),
        optional($._primary),
        optional(field("title", $.string)),
        field("body", alias($._template_body, $.body)),
      ),
    parameters: ($) => parenthesised($.parameter),
    parameter: ($) =>
      seq(field("name", $.name), ":", field("type", $.path), optional(seq("=", field("default", $._value)))),
    _template_body: ($) =>
      body(choice($._element_clause, $.dependency, $.function, $.backup, $.signal)),

    policy: ($) =>
      seq(
        "policy",
        field("name", $.name),
        optional(field("title", $.string)),
        field("body", alias($._policy_body, $.body)),
      ),
    _policy_body: ($) => body($._rule),
    _rule: ($) => choice($.cite, $.severity, $.for_each, $.require),
    cite: ($) => seq("cite", $.string),
    severity: ($) => seq("severity", $.name),
    for_each: ($) =>
      seq(
        "for",
        "each",
        $.selector,
        optional(seq("where", field("where", $._expression))),
        field("body", alias($._policy_body, $.body)),
      ),
    selector: ($) =>
      seq(
        optional(choice("dependency", "signal", "function", "backup")),
        field("name", $.name),
        optional(seq("of", "kind", field("kind", $.path))),
        optional(seq("in", field("set", $._expression))),
      ),
    require: ($) => seq("require", field("condition", $._expression), "else", field("message", $.string)),

    _expression: ($) =>
      choice(
        $.name, $.string, $.date, $.quantity, $.number, $.group,
        $.quantified, $.binary, $.negation, $.minus, $.load_for, $.share_of, $.field_access, $.call,
      ),
    group: ($) => seq("(", $._expression, ")"),
    quantified: ($) =>
      prec.right(
        seq(
          field("quantifier", choice("some", "every", "count", "sum")),
          field("name", $.name),
          "in",
          field("set", $._expression),
          ":",
          field("body", $._expression),
        ),
      ),
    binary: ($) =>
      choice(
        ...[
          [LEVEL.or, "or"],
          [LEVEL.and, "and"],
          [LEVEL.compare, choice("==", "!=", "<=", ">=", "<", ">", "in")],
          [LEVEL.add, choice("+", "-")],
          [LEVEL.multiply, choice("*", "/")],
        ].map(([level, operator]) =>
          prec.left(
            level,
            seq(
              field("left", $._expression),
              field("operator", operator),
              field("right", $._expression),
            ),
          ),
        ),
      ),
    negation: ($) => prec(LEVEL.not, seq("not", $._expression)),
    minus: ($) => prec(LEVEL.negate, seq("-", $._expression)),
    load_for: ($) => prec.left(LEVEL.for, seq($._expression, "for", $.quantity)),
    share_of: ($) => prec(LEVEL.negate, seq($.quantity, "of", $._expression)),
    field_access: ($) => prec.left(LEVEL.call, seq($._expression, ".", field("field", $.name))),
    call: ($) => prec.left(LEVEL.call, seq(field("callee", $._expression), parenthesised($._expression))),
  },
});
