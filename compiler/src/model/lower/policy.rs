//! Policies: whether what they ask fits together, once, where they are declared; and what is applied.

use std::sync::Arc;

use rbp_grammar::ast::{self, Apply, Expr, Name, Operator, PolicyClause, Quantifier, Role, Text};
use rbp_grammar::{Syntax, nearest};
use smol_str::SmolStr;

use super::{Lowering, Wanted};
use crate::db::{Declaration, file};
use crate::diagnostic::Level;
use crate::model::kinds::lineage;
use crate::model::policy::{Application, Policy};
use crate::names::{ItemId, Lookup, Space, exported, exports, module, withheld};
use crate::policy::text::{span, written};
use crate::policy::types::Type;
use crate::policy::{functions, typing};
use crate::rules::governance::idle_policy;
use crate::rules::language::{
    type_mismatch, unknown_field, unknown_module, unknown_name, unknown_word,
};

/// The names that are bound at a place in a policy.
type Bound = Vec<(SmolStr, Type)>;

impl Lowering<'_> {
    pub(super) fn policy(&mut self, policy: &ast::Policy, syntax: &Arc<Syntax>) -> Policy {
        let foreign = std::mem::take(&mut self.foreign);
        let before = self.findings.len();
        let mut bound = Bound::new();
        self.policy_clauses(&policy.clauses, &mut bound);
        self.foreign = foreign;
        let wrong = self.findings.iter().skip(before).any(|found| found.level == Level::Error);
        if syntax.problems.is_empty() && !requires(&policy.clauses) {
            let at = self.at(policy.name.span);
            self.report(idle_policy::without_rules(at, &policy.name.text));
        }
        self.targets.sort_by_key(|(token, _)| *token);
        self.amounts.sort_by_key(|(token, _)| *token);
        Policy {
            id: self.id(),
            unresolved: self.unresolved || wrong,
            syntax: syntax.clone(),
            targets: self.targets.drain(..).collect(),
            amounts: self.amounts.drain(..).collect(),
        }
    }

    /// What an `apply` names: a policy, or a module with all of its policies.
    pub(super) fn application(&mut self, apply: &Apply) -> Application {
        let (name, at) = (&apply.pack, self.at(apply.pack.span));
        let policies = match self.scope.find(Space::Policy, &name.text) {
            Lookup::Found(id, through) => {
                self.used.extend(through);
                vec![id]
            }
            Lookup::Missing { .. } => self.pack(name),
        };
        apply.to.iter().for_each(|name| self.resolve_as(Wanted::Function, name));
        self.targets.sort_by_key(|(token, _)| *token);
        let to = self.targets.drain(..).map(|(_, id)| id).collect();
        Application { id: self.id(), policies, to, at }
    }

    fn pack(&mut self, name: &Name) -> Vec<ItemId> {
        let imported = self.scope.module(&name.text);
        if imported.is_some() {
            self.used.insert(name.text.clone());
        }
        let Some(from) = imported.or_else(|| module(self.db, self.file, &name.text)) else {
            if let Some(policy) = self.in_module(&name.text) {
                return vec![policy];
            }
            let (whole, module) = (name.text.as_str(), name.text.rsplit_once('.'));
            for path in [Some(whole), module.map(|(module, _)| module)].into_iter().flatten() {
                if let Some((package, offered)) = withheld(self.db, self.file, path) {
                    let at = self.at(name.span);
                    self.report(unknown_module::not_public(at, path, &package, &offered));
                    return Vec::new();
                }
            }
            let sought = unknown_name::Sought { space: Space::Policy, wanted: Wanted::Element };
            self.seek(sought, name);
            return Vec::new();
        };
        let known = exports(self.db, from);
        let items = known.names(Space::Policy).filter_map(|name| known.get(Space::Policy, name));
        let file = from.id(self.db);
        let mut policies: Vec<ItemId> = items.map(|item| ItemId { file, item }).collect();
        policies.sort();
        if policies.is_empty() {
            let at = self.at(name.span);
            self.report(idle_policy::empty_pack(at, &name.text));
        }
        policies
    }

    /// `std.packs.nfpa-110.monthly-run`, where the module is not imported.
    fn in_module(&self, path: &str) -> Option<ItemId> {
        let (path, name) = path.rsplit_once('.')?;
        let from = module(self.db, self.file, path)?;
        let item = exported(self.db, from, Space::Policy, name)?;
        Some(ItemId { file: from.id(self.db), item })
    }

    fn policy_clauses(&mut self, clauses: &[PolicyClause], bound: &mut Bound) {
        for clause in clauses {
            match clause {
                PolicyClause::Cite(_) | PolicyClause::Error => {}
                PolicyClause::Severity(word) => {
                    let words = ["error", "warning"];
                    if !words.contains(&word.text.as_str()) {
                        let at = self.at(word.span);
                        self.report(unknown_word::found(at, &word.text, "severity", &words));
                    }
                }
                PolicyClause::ForEach { selector, filter, rules } => {
                    let ty = self.selected(selector, bound);
                    bound.push((selector.name.text.clone(), ty));
                    filter.iter().for_each(|filter| self.truth(filter, bound));
                    self.policy_clauses(rules, bound);
                    bound.pop();
                }
                PolicyClause::Require { condition, otherwise } => {
                    self.truth(condition, bound);
                    self.filled(otherwise, bound);
                }
            }
        }
    }

    fn selected(&mut self, selector: &ast::Selector, bound: &mut Bound) -> Type {
        let kind = selector.kind.as_ref().and_then(|kind| {
            let id = self.resolve(Space::Kind, kind)?;
            Some(lineage(self.db, Declaration::new(self.db, file(self.db, id.file)?, id.item)))
        });
        if let (Some(Role::Function | Role::Signal), Some(name)) = (selector.role, &selector.kind) {
            let role = selector.role.map_or("", Role::word);
            self.mismatch(name.span, format!("a {role} has no kind"), None);
        }
        let member = match &selector.set {
            Some(set) => self.members(set, bound),
            None if selector.role.is_some() => Type::Element(None, None),
            None => {
                let name = &selector.name.text;
                let message = format!("nothing says which `{name}` are meant");
                let help = format!("say it: `for each backup {name}`, or `for each {name} in SET`");
                self.mismatch(selector.name.span, message, Some(help));
                return Type::Wrong;
            }
        };
        match member {
            Type::Element(role, own) => {
                if let (Some(a), Some(b)) = (selector.role, role)
                    && a != b
                {
                    let message = format!("these are {}s, and no {}s", b.word(), a.word());
                    self.mismatch(selector.name.span, message, None);
                }
                Type::Element(selector.role.or(role), kind.or(own))
            }
            other => {
                if let (Some(kind), false) = (&selector.kind, other == Type::Wrong) {
                    self.mismatch(kind.span, format!("{} has no kind", other.words()), None);
                }
                other
            }
        }
    }

    /// The names in braces of a message must be bound.
    fn filled(&mut self, text: &Text, bound: &Bound) {
        for part in text.text.split('{').skip(1) {
            let name = part.split_once('}').map_or(part, |(name, _)| name);
            if !bound.iter().any(|(known, _)| known == name) {
                let known = bound.iter().map(|(name, _)| name.as_str());
                let near = nearest(name, known).map(str::to_owned);
                let at = self.at(text.span);
                self.report(unknown_name::unbound(at, &format!("{{{name}}}"), near.as_deref()));
            }
        }
    }

    // ---- expressions -------------------------------------------------------------------------

    fn mismatch(&mut self, span: ast::Span, message: String, help: Option<String>) {
        let at = self.at(span);
        self.report(type_mismatch::found(at, message, help));
    }

    fn truth(&mut self, expr: &Expr, bound: &mut Bound) {
        let ty = self.expr(expr, bound);
        if !matches!(ty, Type::Truth | Type::Wrong) {
            let message = format!(
                "`{}` is {}; here something that holds or not is wanted",
                written(expr),
                ty.words()
            );
            self.mismatch(span(expr), message, None);
        }
    }

    fn members(&mut self, set: &Expr, bound: &mut Bound) -> Type {
        match self.expr(set, bound) {
            Type::Set(of) => *of,
            Type::Wrong => Type::Wrong,
            other => {
                let message =
                    format!("`{}` is {}; here a set is wanted", written(set), other.words());
                self.mismatch(span(set), message, None);
                Type::Wrong
            }
        }
    }

    fn expr(&mut self, expr: &Expr, bound: &mut Bound) -> Type {
        match expr {
            Expr::Name(name) => self.named_type(name, bound),
            Expr::Text(_) => Type::Text,
            Expr::Date(date) => {
                self.date(date);
                Type::Day
            }
            Expr::Quantity(quantity) => self.quantity_type(quantity),
            Expr::Field { of, field } => {
                let owner = self.expr(of, bound);
                self.field_type(of, &owner, field)
            }
            Expr::Call { callee, arguments } => self.call(callee, arguments, bound),
            Expr::Not(of) => {
                self.truth(of, bound);
                Type::Truth
            }
            Expr::Negate(of) => self.quantity(of, bound),
            Expr::Binary { operator, left, right } => self.binary(*operator, left, right, bound),
            Expr::ShareOf { share, of } => {
                let ty = self.quantity_type(share);
                if !matches!(&ty, Type::Quantity(Some(d)) if d.is_none()) && ty != Type::Wrong {
                    self.mismatch(share.span, format!("`{share}` is no share"), None);
                }
                match self.expr(of, bound) {
                    Type::Load => Type::Quantity(None),
                    ty @ (Type::Quantity(_) | Type::Wrong) => ty,
                    other => self.no_quantity(of, &other),
                }
            }
            Expr::For { amount, duration } => {
                if !matches!(self.expr(amount, bound), Type::Quantity(_) | Type::Load | Type::Wrong)
                {
                    self.mismatch(span(amount), format!("`{}` is no load", written(amount)), None);
                }
                let wanted = crate::rules::language::dimension_mismatch::Wanted::Duration;
                self.measure(duration, wanted, "… for");
                Type::Load
            }
            Expr::Quantified { quantifier, name, set, body } => {
                let member = self.members(set, bound);
                bound.push((name.text.clone(), member));
                let ty = match quantifier {
                    Quantifier::Sum => self.quantity(body, bound),
                    Quantifier::Some | Quantifier::Every => {
                        self.truth(body, bound);
                        Type::Truth
                    }
                    Quantifier::Count => {
                        self.truth(body, bound);
                        Type::number()
                    }
                };
                bound.pop();
                ty
            }
        }
    }

    fn quantity_type(&mut self, quantity: &ast::Quantity) -> Type {
        let Some(amount) = self.amount(quantity) else { return Type::Wrong };
        let ty = Type::Quantity(Some(amount.dimension.clone()));
        self.amounts.push((quantity.span.start, amount));
        ty
    }

    fn named_type(&mut self, name: &Name, bound: &Bound) -> Type {
        if let Some((_, ty)) = bound.iter().rev().find(|(known, _)| *known == name.text) {
            return ty.clone();
        }
        if let Some((_, sort)) = typing::ALWAYS.iter().find(|(known, _)| *known == name.text) {
            return sort.of();
        }
        let known = bound.iter().map(|(name, _)| name.as_str());
        let known = known.chain(typing::ALWAYS.iter().map(|(name, _)| *name));
        let near = nearest(&name.text, known).map(str::to_owned);
        let at = self.at(name.span);
        self.report(unknown_name::unbound(at, &name.text, near.as_deref()));
        Type::Wrong
    }

    fn field_type(&mut self, of: &Expr, owner: &Type, field: &Name) -> Type {
        if *owner == Type::Wrong {
            return Type::Wrong;
        }
        if let Some(ty) = typing::field(owner, &field.text) {
            return ty;
        }
        if let Type::Set(_) = owner {
            let set = written(of);
            let message = format!("`{set}` is a set, and a set has no fields");
            let help = format!("ask each of them: `some x in {set}: x.{} …`", field.text);
            self.mismatch(field.span, message, Some(help));
            return Type::Wrong;
        }
        let (at, words) = (self.at(field.span), owner.words());
        self.report(unknown_field::asked(at, &field.text, &words, &typing::known(owner)));
        Type::Wrong
    }

    /// `spofs(f)`, or `f.tagged("x")` for `tagged(f, "x")`.
    fn call(&mut self, callee: &Expr, arguments: &[Expr], bound: &mut Bound) -> Type {
        let (name, first) = match callee {
            Expr::Name(name) => (name, None),
            Expr::Field { of, field } => (field, Some(&**of)),
            other => {
                self.mismatch(span(other), format!("`{}` is no function", written(other)), None);
                return Type::Wrong;
            }
        };
        let all: Vec<&Expr> = first.into_iter().chain(arguments).collect();
        let types: Vec<Type> = all.iter().map(|argument| self.expr(argument, bound)).collect();
        let Some(function) = functions().iter().find(|f| f.name == name.text) else {
            let near = nearest(&name.text, functions().iter().map(|f| f.name));
            let at = self.at(name.span);
            self.report(unknown_name::no_function(at, &name.text, near));
            return Type::Wrong;
        };
        if all.len() != function.takes.len() {
            let message = format!("`{}` is written `{}`", function.name, function.form);
            self.mismatch(name.span, message, None);
            return function.sort.of();
        }
        for ((argument, ty), takes) in all.iter().zip(&types).zip(function.takes) {
            if !typing::fits(*takes, ty) {
                let message = format!(
                    "`{}` takes {}; `{}` is {}",
                    function.name,
                    takes.words(),
                    written(argument),
                    ty.words()
                );
                self.mismatch(span(argument), message, None);
            }
        }
        function.sort.of()
    }

    fn quantity(&mut self, expr: &Expr, bound: &mut Bound) -> Type {
        match self.expr(expr, bound) {
            ty @ (Type::Quantity(_) | Type::Wrong) => ty,
            other => self.no_quantity(expr, &other),
        }
    }

    fn no_quantity(&mut self, expr: &Expr, ty: &Type) -> Type {
        let message = format!("`{}` is {}; here a quantity is wanted", written(expr), ty.words());
        self.mismatch(span(expr), message, None);
        Type::Wrong
    }

    fn binary(&mut self, operator: Operator, left: &Expr, right: &Expr, bound: &mut Bound) -> Type {
        if matches!(operator, Operator::And | Operator::Or) {
            self.truth(left, bound);
            self.truth(right, bound);
            return Type::Truth;
        }
        let types = (self.expr(left, bound), self.expr(right, bound));
        let sides = (left, right);
        match operator {
            Operator::In => match &types.1 {
                Type::Set(of) if typing::comparable(&types.0, of) => {}
                Type::Wrong => {}
                _ => self.unlike(sides, &types, "the one cannot be in the other"),
            },
            Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide => {
                return self.reckoned(operator, sides, types);
            }
            Operator::Equal | Operator::NotEqual => {
                if !typing::comparable(&types.0, &types.1) {
                    self.unlike(sides, &types, "they are never the same");
                }
            }
            _ => {
                let ordered = |ty: &Type| {
                    matches!(ty, Type::Quantity(_) | Type::Load | Type::Day | Type::Wrong)
                };
                let fit = ordered(&types.0) && ordered(&types.1);
                if !fit || !typing::comparable(&types.0, &types.1) {
                    self.unlike(sides, &types, "they cannot be compared");
                }
            }
        }
        Type::Truth
    }

    fn reckoned(&mut self, operator: Operator, sides: (&Expr, &Expr), types: (Type, Type)) -> Type {
        let sign = if operator == Operator::Divide { -1 } else { 1 };
        match (operator, &types.0, &types.1) {
            (_, Type::Wrong, _) | (_, _, Type::Wrong) => Type::Wrong,
            (Operator::Multiply | Operator::Divide, Type::Quantity(a), Type::Quantity(b)) => {
                let both = a.as_ref().zip(b.as_ref());
                Type::Quantity(both.map(|(a, b)| a.times(b, sign)))
            }
            (Operator::Subtract, Type::Day, Type::Day) => Type::duration(),
            (Operator::Add | Operator::Subtract, Type::Day, Type::Quantity(by))
                if by.as_ref().is_none_or(|by| by.is_time()) =>
            {
                Type::Day
            }
            (Operator::Add | Operator::Subtract, Type::Quantity(a), Type::Quantity(b))
                if typing::comparable(&types.0, &types.1) =>
            {
                Type::Quantity(a.clone().or_else(|| b.clone()))
            }
            _ => {
                self.unlike(sides, &types, "that cannot be reckoned");
                Type::Wrong
            }
        }
    }

    fn unlike(&mut self, (left, right): (&Expr, &Expr), types: &(Type, Type), why: &str) {
        let message = format!(
            "`{}` is {}, `{}` is {}: {why}",
            written(left),
            types.0.words(),
            written(right),
            types.1.words()
        );
        let whole = ast::Span { start: span(left).start, end: span(right).end };
        self.mismatch(whole, message, None);
    }
}

/// Whether any rule is in them.
fn requires(clauses: &[PolicyClause]) -> bool {
    clauses.iter().any(|clause| match clause {
        PolicyClause::Require { .. } => true,
        PolicyClause::ForEach { rules, .. } => requires(rules),
        _ => false,
    })
}
