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
/// How deep brackets may nest.
const DEPTH: usize = 20;

/// A query that was read, written anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The expression.
    pub text: String,
    /// The series that it asks for; without one of them it says nothing.
    pub selectors: Vec<String>,
}

/// Reads a query; `None` where it is no expression that is taken over.
pub fn query(text: &str) -> Option<Query> {
    let mut read = Read { rest: text.trim(), selectors: Vec::new(), depth: 0 };
    let (text, sort) = read.any()?;
    read.selectors.sort();
    read.selectors.dedup();
    let whole = read.rest.is_empty() && sort == Sort::Vector && !read.selectors.is_empty();
    whole.then_some(Query { text, selectors: read.selectors })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Number,
    Vector,
}

struct Read<'a> {
    rest: &'a str,
    selectors: Vec<String>,
    depth: usize,
}

type Part = (String, Sort);

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
            if left.1 == Sort::Number || right.1 == Sort::Number {
                return None;
            }
            left.0 = format!("{} {word} {}", left.0, right.0);
        }
        Some(left)
    }

    fn compare(&mut self) -> Option<Part> {
        let left = self.sum()?;
        let signs = ["==", "!=", ">=", "<=", ">", "<"];
        let Some(sign) = signs.into_iter().find(|sign| self.sign(sign)) else { return Some(left) };
        let right = self.sum()?;
        // Two numbers are compared with `bool` only.
        let both = left.1 == Sort::Number && right.1 == Sort::Number;
        (!both).then(|| (format!("{} {sign} {}", left.0, right.0), Sort::Vector))
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
            let sort = if left.1 == right.1 { left.1 } else { Sort::Vector };
            left = (format!("{} {sign} {}", left.0, right.0), sort);
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
            let (inner, sort) = self.any()?;
            return self.sign(")").then(|| (format!("({inner})"), sort));
        }
        if self.rest.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            return self.number();
        }
        if let Some(name) = self.one_of(&OF_RANGE) {
            let range = self.sign("(").then(|| self.range())??;
            return self.sign(")").then(|| (format!("{name}({range})"), Sort::Vector));
        }
        if let Some(name) = self.one_of(&OF_VECTOR) {
            let (inner, sort) = self.sign("(").then(|| self.any())??;
            let whole = sort == Sort::Vector && self.sign(")");
            return whole.then(|| (format!("{name}({inner})"), Sort::Vector));
        }
        let selector = self.selector()?;
        self.selectors.push(selector.clone());
        Some((selector, Sort::Vector))
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
        Some((format!("{sign}{value}"), Sort::Number))
    }

    fn range(&mut self) -> Option<String> {
        self.space();
        let selector = self.selector()?;
        self.selectors.push(selector.clone());
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
        ] {
            assert_eq!(query(text).map(|q| q.text).as_deref(), Some(text));
        }
        let both = query("a < 3 and max(b) > 1").unwrap();
        assert_eq!(both.selectors, ["a", "b"]);
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
            "label_replace(a, \"b\", \"c\", \"d\", \"e\")",
        ] {
            assert_eq!(query(text), None, "{text}");
        }
        assert_eq!(query(&"(".repeat(100_000)), None);
    }
}
