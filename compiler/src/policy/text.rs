//! Expressions as an author writes them, and where they stand.

use rbp_grammar::ast::{Expr, Operator, Quantifier, Span};

/// The words of an operator.
fn operator(operator: Operator) -> &'static str {
    match operator {
        Operator::Or => "or",
        Operator::And => "and",
        Operator::Equal => "==",
        Operator::NotEqual => "!=",
        Operator::LessEqual => "<=",
        Operator::GreaterEqual => ">=",
        Operator::Less => "<",
        Operator::Greater => ">",
        Operator::In => "in",
        Operator::Add => "+",
        Operator::Subtract => "-",
        Operator::Multiply => "*",
        Operator::Divide => "/",
    }
}

fn quantifier(quantifier: Quantifier) -> &'static str {
    match quantifier {
        Quantifier::Some => "some",
        Quantifier::Every => "every",
        Quantifier::Count => "count",
        Quantifier::Sum => "sum",
    }
}

fn strength(expr: &Expr) -> u8 {
    match expr {
        Expr::Quantified { .. } => 0,
        Expr::Binary { operator, .. } => match operator {
            Operator::Or => 1,
            Operator::And => 2,
            Operator::Add | Operator::Subtract => 6,
            Operator::Multiply | Operator::Divide => 7,
            _ => 4,
        },
        Expr::Not(_) => 3,
        Expr::For { .. } => 5,
        Expr::Negate(_) | Expr::ShareOf { .. } => 8,
        _ => 9,
    }
}

/// The expression as an author writes it.
pub(crate) fn written(expr: &Expr) -> String {
    let own = strength(expr);
    let inner = |of: &Expr, least: u8| match strength(of) < least {
        true => format!("({})", written(of)),
        false => written(of),
    };
    match expr {
        Expr::Name(name) => name.text.to_string(),
        Expr::Text(text) => format!("\"{}\"", text.text),
        Expr::Quantity(quantity) => quantity.to_string(),
        Expr::Date(date) => date.text.to_string(),
        Expr::Field { of, field } => format!("{}.{}", inner(of, own), field.text),
        Expr::Call { callee, arguments } => {
            let arguments: Vec<String> = arguments.iter().map(written).collect();
            format!("{}({})", inner(callee, own), arguments.join(", "))
        }
        Expr::Not(of) => format!("not {}", inner(of, own)),
        Expr::Negate(of) => format!("-{}", inner(of, own)),
        Expr::Binary { operator: op, left, right } => {
            format!("{} {} {}", inner(left, own), operator(*op), inner(right, own + 1))
        }
        Expr::ShareOf { share, of } => format!("{share} of {}", inner(of, 9)),
        Expr::For { amount, duration } => format!("{} for {duration}", inner(amount, own + 1)),
        Expr::Quantified { quantifier: q, name, set, body } => {
            format!("{} {} in {}: {}", quantifier(*q), name.text, inner(set, 9), written(body))
        }
    }
}

/// Where an expression stands; a bracket at its end may be left out.
pub(crate) fn span(expr: &Expr) -> Span {
    let join = |a: Span, b: Span| Span { start: a.start.min(b.start), end: a.end.max(b.end) };
    match expr {
        Expr::Name(name) => name.span,
        Expr::Text(text) => text.span,
        Expr::Quantity(quantity) => quantity.span,
        Expr::Date(date) => date.span,
        Expr::Field { of, field } => join(span(of), field.span),
        Expr::Call { callee, arguments } => {
            let all = arguments.iter().map(span).fold(span(callee), join);
            Span { end: all.end + 1, ..all }
        }
        Expr::Not(of) | Expr::Negate(of) => {
            let of = span(of);
            Span { start: of.start.saturating_sub(1), ..of }
        }
        Expr::Binary { left, right, .. } => join(span(left), span(right)),
        Expr::ShareOf { share, of } => join(share.span, span(of)),
        Expr::For { amount, duration } => join(span(amount), duration.span),
        Expr::Quantified { name, body, .. } => {
            let all = join(name.span, span(body));
            Span { start: all.start.saturating_sub(1), ..all }
        }
    }
}
