//! PromQL: which queries of authors are taken over, and conditions as expressions.
//!
//! What a signal asks of its monitor is free text. It is put into a rule only where it is an
//! expression of the small part of PromQL that is read here, so that no text can make a rule
//! file wrong or mean something else. The grammar, after the Prometheus documentation:
//!
//! ```text
//! query  = and (("or") and)*                      and = compare (("and" | "unless") compare)*
//! compare = sum (("==" | "!=" | ">=" | "<=" | ">" | "<") sum)?
//! sum    = product (("+" | "-") product)*         product = term (("*" | "/") term)*
//! term   = number | selector | "(" query ")" | function "(" query ")" | range-function "(" selector "[" time "]" ")"
//! ```
//!
//! It must be a comparison, or several with `and`, `or` and `unless`: only these find something where
//! the signal is on and nothing where it is off. Nothing found is no answer where something is missing
//! or has no pair: beside each query stands what must be there for it to say anything.

use rbp_ruleset::Condition;

use crate::escape::promql;

/// Functions of a vector.
const OF_VECTOR: [&str; 8] = ["abs", "sum", "max", "min", "avg", "count", "ceil", "floor"];
/// What may not be the name of a series, or is easily taken for something else.
const RESERVED: [&str; 26] = [
    "and",
    "or",
    "unless",
    "by",
    "without",
    "on",
    "ignoring",
    "bool",
    "offset",
    "inf",
    "nan",
    "atan2",
    "group_left",
    "group_right",
    "group",
    "stddev",
    "stdvar",
    "topk",
    "bottomk",
    "quantile",
    "count_values",
    "limitk",
    "limit_ratio",
    "start",
    "end",
    "absent",
];
/// Functions of a range.
const OF_RANGE: [&str; 11] = [
    "rate",
    "irate",
    "increase",
    "delta",
    "idelta",
    "deriv",
    "changes",
    "max_over_time",
    "min_over_time",
    "avg_over_time",
    "sum_over_time",
];
/// The longest query that is taken over, in bytes: what must be known for it is some times as long.
const LONGEST: usize = 2000;
/// How deep brackets may nest.
const DEPTH: usize = 20;

/// A query that was read, written anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The expression. It finds nothing on the word of something that is missing.
    pub text: String,
    /// Expressions without labels; where one of them gives nothing, finding nothing means nothing.
    pub known: Vec<String>,
}

/// Reads a query; `None` where it is no comparison that is taken over.
pub fn query(text: &str) -> Option<Query> {
    let text = Some(text.trim()).filter(|text| text.len() <= LONGEST)?;
    let mut read = Read { rest: text, depth: 0 };
    let part = read.any()?;
    let whole = read.rest.is_empty() && part.sort == Sort::Test;
    whole.then_some(Query { text: part.text, known: part.known })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Number,
    Vector,
    /// A comparison, or several: what it does not hold for is not found.
    Test,
}

struct Read<'a> {
    rest: &'a str,
    depth: usize,
}

/// What was read of a query.
struct Part {
    text: String,
    sort: Sort,
    /// The same without leaving anything out: every series on which it was decided, on or off.
    all: String,
    /// See [`Query::known`].
    known: Vec<String>,
}

impl Part {
    fn value(text: String, sort: Sort) -> Part {
        Part { all: text.clone(), text, sort, known: Vec::new() }
    }

    /// Two parts with a sign between them.
    fn joined(left: Part, sign: &str, right: Part, sort: Sort) -> Part {
        let write = |left: &str, right: &str| format!("{left} {sign} {right}");
        Part {
            text: write(&left.text, &right.text),
            all: write(&left.all, &right.all),
            sort,
            known: [left.known, right.known].concat(),
        }
    }

    /// The part within something in brackets.
    fn within(self, before: &str, sort: Sort) -> Part {
        let write = |inner: &str| format!("{before}({inner})");
        Part { text: write(&self.text), all: write(&self.all), sort, known: self.known }
    }

    /// `and`, `or`, `unless`, of comparisons.
    fn set(left: Part, word: &str, right: Part) -> Part {
        if word == "or" {
            return Part::joined(left, word, right, Sort::Test);
        }
        // Each series on the left must find its like on the right: else nothing was asked of it.
        let both = format!("({} and {})", left.all, right.all);
        let paired = format!("(count({both}) == count({}))", left.all);
        let mut text = format!("{} {word} {}", left.text, right.text);
        if word == "unless" {
            // What is missing does not forbid, and is no leave either.
            let known = [right.known.as_slice(), std::slice::from_ref(&paired)].concat();
            text += &format!(" and on() ({})", known.join(" * "));
        }
        let known = [left.known, right.known, vec![paired]].concat();
        Part { text, sort: Sort::Test, all: both, known }
    }

    /// `==`, `<` and the like.
    fn compare(left: Part, sign: &str, right: Part) -> Part {
        let one = |side: &Part| (side.all.clone(), format!("count({})", side.all));
        let (all, known) = match (left.sort, right.sort) {
            (_, Sort::Number) => one(&left),
            (Sort::Number, _) => one(&right),
            // Every series of one side must find its like on the other: what has none was not compared.
            _ => {
                let pairs = format!("({} {sign} bool {})", left.all, right.all);
                let known =
                    format!("(count({pairs}) == count({}) == count({}))", left.all, right.all);
                (pairs, known)
            }
        };
        let compared = Part::joined(left, sign, right, Sort::Test);
        Part { all, known: [compared.known, vec![known]].concat(), ..compared }
    }
}

impl<'a> Read<'a> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// Takes a sign.
    fn sign(&mut self, sign: &str) -> bool {
        self.space();
        let found = self.rest.strip_prefix(sign);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    fn word(&self) -> &'a str {
        let end = |c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':');
        self.rest.split(end).next().unwrap_or("")
    }

    /// Takes one of some words.
    fn one_of(&mut self, words: &[&'static str]) -> Option<&'static str> {
        self.space();
        let word = self.word();
        let found = words.iter().find(|other| **other == word)?;
        self.rest = &self.rest[word.len()..];
        Some(found)
    }

    fn any(&mut self) -> Option<Part> {
        self.sets(&["or"], |read| read.sets(&["and", "unless"], Read::compare))
    }

    fn sets(
        &mut self,
        words: &[&'static str],
        part: impl Fn(&mut Self) -> Option<Part>,
    ) -> Option<Part> {
        let mut left = part(self)?;
        while let Some(word) = self.one_of(words) {
            let right = part(self)?;
            if left.sort != Sort::Test || right.sort != Sort::Test {
                return None;
            }
            left = Part::set(left, word, right);
        }
        Some(left)
    }

    fn compare(&mut self) -> Option<Part> {
        let left = self.sum()?;
        let signs = ["==", "!=", ">=", "<=", ">", "<"];
        let Some(sign) = signs.into_iter().find(|sign| self.sign(sign)) else { return Some(left) };
        let right = self.sum()?;
        // Two numbers are compared with `bool` only, and a comparison is nothing to compare again.
        let numbers = left.sort == Sort::Number && right.sort == Sort::Number;
        let tests = left.sort == Sort::Test || right.sort == Sort::Test;
        (!numbers && !tests).then(|| Part::compare(left, sign, right))
    }

    fn sum(&mut self) -> Option<Part> {
        self.chain(&["+", "-"], |read| read.chain(&["*", "/"], Read::term))
    }

    fn chain(
        &mut self,
        signs: &[&'static str],
        part: impl Fn(&mut Self) -> Option<Part>,
    ) -> Option<Part> {
        let mut left = part(self)?;
        while let Some(sign) = signs.iter().find(|sign| self.sign(sign)) {
            let right = part(self)?;
            if left.sort == Sort::Test || right.sort == Sort::Test {
                return None;
            }
            let sort = if left.sort == right.sort { left.sort } else { Sort::Vector };
            left = Part::joined(left, sign, right, sort);
        }
        Some(left)
    }

    fn term(&mut self) -> Option<Part> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let part = self.single();
        self.depth -= 1;
        part
    }

    fn single(&mut self) -> Option<Part> {
        if self.sign("(") {
            let inner = self.any()?;
            let sort = inner.sort;
            return self.sign(")").then(|| inner.within("", sort));
        }
        if self.rest.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            return self.number();
        }
        if let Some(name) = self.one_of(&OF_RANGE) {
            let range = self.sign("(").then(|| self.range())??;
            let whole = self.sign(")");
            return whole.then(|| Part::value(format!("{name}({range})"), Sort::Vector));
        }
        if let Some(name) = self.one_of(&OF_VECTOR) {
            let inner = self.sign("(").then(|| self.any())??;
            let whole = inner.sort != Sort::Number && self.sign(")");
            return whole.then(|| inner.within(name, Sort::Vector));
        }
        Some(Part::value(self.selector()?, Sort::Vector))
    }

    fn number(&mut self) -> Option<Part> {
        let end = |c: char| !(c.is_ascii_digit() || c == '.');
        let unsigned = self.rest.strip_prefix('-').unwrap_or(self.rest);
        let digits = unsigned.split(end).next().unwrap_or("");
        let after = &unsigned[digits.len()..];
        let value: f64 = digits.parse().ok()?;
        if after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            return None;
        }
        let sign = if unsigned.len() == self.rest.len() { "" } else { "-" };
        self.rest = after;
        Some(Part::value(format!("{sign}{value}"), Sort::Number))
    }

    fn range(&mut self) -> Option<String> {
        self.space();
        let selector = self.selector()?;
        let inner = self.sign("[").then(|| self.rest.split(']').next()).flatten()?;
        let (digits, unit) = inner.split_at(inner.len().checked_sub(1)?.min(9));
        let known = "smhd".contains(unit) && unit.len() == 1;
        let whole = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        self.rest = &self.rest[inner.len()..];
        let some = digits.bytes().any(|b| b != b'0');
        (known && whole && some && self.sign("]")).then(|| format!("{selector}[{inner}]"))
    }

    /// A series: a name and what its labels must be.
    fn selector(&mut self) -> Option<String> {
        let name = self.word();
        let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if !starts || RESERVED.contains(&name.to_ascii_lowercase().as_str()) {
            return None;
        }
        self.rest = &self.rest[name.len()..];
        // A name with a bracket behind it would be a function that is not known here.
        if self.rest.trim_start().starts_with('(') {
            return None;
        }
        let mut text = name.to_owned();
        if !self.sign("{") {
            return Some(text);
        }
        text.push('{');
        while !self.sign("}") {
            if !text.ends_with('{') {
                if !self.sign(",") {
                    return None;
                }
                text.push(',');
            }
            self.space();
            let label = self.word();
            // A name within the brackets would be a second one.
            if label.is_empty()
                || label == "__name__"
                || label.contains(':')
                || label.starts_with(|c: char| c.is_ascii_digit())
            {
                return None;
            }
            self.rest = &self.rest[label.len()..];
            let sign = if self.sign("!=") { "!=" } else { self.sign("=").then_some("=")? };
            let value = self.sign("\"").then(|| self.rest.split('"').next()).flatten()?;
            if value.contains('\\') {
                return None;
            }
            self.rest = self.rest[value.len()..].strip_prefix('"')?;
            text += &format!("{label}{sign}{}", promql(value));
        }
        text.push('}');
        Some(text)
    }
}

/// An expression that is 1 where a condition is met for certain and 0 where it is not met or not
/// known to be: a signal of which nothing is heard counts against it.
pub fn met(condition: &Condition) -> String {
    bound(condition, false)
}

/// Kleene's logic in numbers: the least (`high` false) or the greatest value that is possible.
fn bound(condition: &Condition, high: bool) -> String {
    match condition {
        Condition::Signal(id) => {
            format!("(max({}) or vector({}))", signal(id), u8::from(high))
        }
        Condition::Not(of) => format!("(1 - {})", bound(of, !high)),
        Condition::AtLeast { count, of } => {
            let parts: Vec<String> = of.iter().map(|one| bound(one, high)).collect();
            let sum = if parts.is_empty() { "vector(0)".to_owned() } else { parts.join(" + ") };
            format!("(({sum}) >= bool {count})")
        }
    }
}

/// The series of a signal.
pub fn signal(id: &str) -> String {
    format!("rbp_signal{{signal={}}}", promql(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_queries_are_taken_over() {
        for text in [
            "ats_source_volts < 360",
            "feeder{site=\"a\",phase!=\"n\"} < 9000 and up == 1",
            "rate(errors_total[5m]) / rate(requests_total[5m]) > 0.05",
            "max(lag_seconds) > 10 or lag_unknown == 1",
            "scheme_total != ledger_total",
            "5 > volts",
            "count(up == 0) / count(up) > 0.5",
            "(a < 3 or b == 1) and c != d",
        ] {
            assert_eq!(query(text).map(|q| q.text).as_deref(), Some(text));
        }
        let known = |text| query(text).unwrap().known;
        assert_eq!(
            known("a < 3 and max(b) > 1"),
            ["count(a)", "count(max(b))", "(count((a and max(b))) == count(a))"]
        );
        assert_eq!(known("a != b"), ["(count((a != bool b)) == count(a) == count(b))"]);
        assert_eq!(known("count(up == 0) > 2"), ["count(up)", "count(count(up))"]);
    }

    #[test]
    fn whatever_else_is_not() {
        for text in [
            "",
            "no answer for a reading",
            "1 > 0",
            "5",
            "up) or vector(1",
            "up or (vector(1))",
            "a{b=\"\\\"} or vector(1) or c{d=\"\"}",
            "a{b=~\".*\"} > 0",
            "a > 3 # b",
            "a[5m] > 3",
            "rate(a) > 3",
            "a \n or \n vector(1)",
            "{{ $labels.x }} > 0",
            "and > 3",
            "group_left < 1",
            "group_right < 1",
            "atan2 < 1",
            "a{__name__=\"b\"} < 1",
            // It finds something where nothing is there, and then a signal of which nothing is heard would be on.
            "absent(a) == 1",
            "max(a) > 10 or absent(a)",
            // These find something whether it is on or off.
            "volts",
            "volts - 3",
            "volts < 9 or amps",
            "amps unless volts < 9",
            "count(volts > 3)",
            "(volts < 9) * 1",
            "(volts < 9) > 1",
            "volts > bool 3",
            "label_replace(a, \"b\", \"c\", \"d\", \"e\")",
        ] {
            assert_eq!(query(text), None, "{text}");
        }
        assert_eq!(query(&"(".repeat(100_000)), None);
    }
}
