//! Every name in a declaration, with what the place wants it to be. Nothing is looked up here.

use rbp_compiler::names::Space;
use rbp_compiler::rules::language::wrong_kind::Wanted;
use rbp_grammar::ast::{
    Accepted, Args, Authority, Cause, Clause, Date, Element, Expectation, Expr, ItemKind,
    KindClause, LossSort, Name, Need, Outcome, PolicyClause, Proof, Quantity, ScenarioClause,
    SignalExpr, Span, Template, Text, Value,
};
use rbp_grammar::head::{Head, Measure};

/// What a place wants a name to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means<'a> {
    /// The name that a declaration gives itself.
    Own(Space),
    /// The name of an element of a template.
    Part,
    /// A parameter where it is declared.
    Parameter,
    /// The name of a test.
    Test,
    /// A field where its kind declares it.
    FieldName,
    /// A name that a rule of a policy binds.
    Bound,
    /// The path of a module.
    Module,
    /// A name in the braces of an import of that module.
    Imported(&'a str),
    /// What an import calls something: the module, and the name there; `None` for the module itself.
    Alias(&'a str, Option<&'a str>),
    /// A policy, or a module with policies.
    Pack,
    /// An element.
    Element(Wanted),
    /// An element, or a mere word.
    Anybody,
    /// What a scenario expects something of.
    Expected(Outcome),
    /// A kind.
    Kind,
    /// A template.
    Template,
    /// The unit of a quantity.
    Unit(Measure),
    /// A rule of the compiler, by its name.
    Rule,
    /// A rule, or a policy.
    Finding,
    /// What a parameter takes: a word, a kind or a unit.
    ParameterBound,
    /// What a field holds: a word or a unit.
    FieldType,
    /// A field of the element's kind.
    Field,
    /// The value of that field, as a name.
    FieldValue(&'a str),
    /// A parameter of that template, in a use.
    Argument(&'a str),
    /// What stands for that parameter of that template, as a name.
    Given(&'a str, &'a str),
    /// A parameter where a text, a quantity or a date may stand too.
    Open,
    /// A clause or a field that a kind requires.
    Required,
    /// A word of a list that goes with the clause.
    Word(Head),
    /// Something that a test shows.
    Aspect,
    /// How grave a breach of a policy is.
    Severity,
    /// A name bound at that token, or nothing bound.
    Variable(Option<u32>),
    /// A field that a policy asks for.
    Asked,
    /// A function of policies.
    Function,
}

/// A name where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Mention<'a> {
    /// The name as written.
    pub text: &'a str,
    /// Where it stands; in a message of a policy, the whole text in whose braces it stands.
    pub span: Span,
    /// What the place wants it to be.
    pub means: Means<'a>,
}

/// Every name in a declaration in the order of the tree, not of the text. Linear.
pub fn mentions(item: &ItemKind) -> Vec<Mention<'_>> {
    let mut walk = Walk::default();
    walk.item(item);
    walk.found
}

/// The names that rules around a place bind, with the token that binds each.
type Bound<'a> = Vec<(&'a str, u32)>;

#[derive(Default)]
struct Walk<'a> {
    found: Vec<Mention<'a>>,
    bound: Bound<'a>,
}

impl<'a> Walk<'a> {
    fn say(&mut self, name: &'a Name, means: Means<'a>) {
        self.found.push(Mention { text: &name.text, span: name.span, means });
    }

    fn all(&mut self, names: &'a [Name], means: Means<'a>) {
        names.iter().for_each(|name| self.say(name, means));
    }

    fn item(&mut self, item: &'a ItemKind) {
        match item {
            ItemKind::Import(import) => {
                self.say(&import.path, Means::Module);
                let path = import.path.text.as_str();
                import.alias.iter().for_each(|alias| self.say(alias, Means::Alias(path, None)));
                for imported in import.names.iter().flatten() {
                    self.say(&imported.name, Means::Imported(path));
                    let name = Some(imported.name.text.as_str());
                    imported.alias.iter().for_each(|a| self.say(a, Means::Alias(path, name)));
                }
            }
            ItemKind::Unit(unit) => {
                self.say(&unit.name, Means::Own(Space::Unit));
                unit.definition.iter().for_each(|q| self.quantity(q, Measure::Free));
            }
            ItemKind::Kind(kind) => {
                self.say(&kind.name, Means::Own(Space::Kind));
                kind.parent.iter().for_each(|parent| self.say(parent, Means::Kind));
                for clause in &kind.clauses {
                    match clause {
                        KindClause::Field { name, ty } => {
                            self.say(name, Means::FieldName);
                            self.say(ty, Means::FieldType);
                        }
                        KindClause::Requires(words) => self.all(words, Means::Required),
                        KindClause::Error => {}
                    }
                }
            }
            ItemKind::Element(element) => self.element(element, Means::Own(Space::Element)),
            ItemKind::Template(template) => self.template(template),
            ItemKind::Policy(policy) => {
                self.say(&policy.name, Means::Own(Space::Policy));
                self.policy(&policy.clauses);
            }
            ItemKind::Accept(accept) => {
                match &accept.what {
                    Accepted::Loss { elements, .. } => {
                        self.all(elements, Means::Element(Wanted::Element));
                    }
                    Accepted::Finding { slug, on } => {
                        self.say(slug, Means::Finding);
                        self.all(on, Means::Element(Wanted::Element));
                    }
                }
                self.all(&accept.functions, Means::Element(Wanted::Function));
                self.clauses(&accept.clauses);
            }
            ItemKind::Scenario(scenario) => {
                self.say(&scenario.name, Means::Own(Space::Scenario));
                scenario.clauses.iter().for_each(|clause| self.scenario(clause));
            }
            ItemKind::Apply(apply) => {
                self.say(&apply.pack, Means::Pack);
                self.all(&apply.to, Means::Element(Wanted::Function));
            }
            ItemKind::Evidence(_) | ItemKind::Error => {}
        }
    }

    fn template(&mut self, template: &'a Template) {
        self.say(&template.name, Means::Own(Space::Template));
        for parameter in &template.parameters {
            self.say(&parameter.name, Means::Parameter);
            self.say(&parameter.bound, Means::ParameterBound);
            let (own, of) = (template.name.text.as_str(), parameter.name.text.as_str());
            parameter.default.iter().for_each(|value| self.given(value, own, of));
        }
        template.kind.iter().for_each(|kind| self.say(kind, Means::Kind));
        template.primary.iter().for_each(|p| self.say(p, Means::Element(Wanted::Primary)));
        self.clauses(&template.clauses);
        template.elements.iter().for_each(|element| self.element(element, Means::Part));
    }

    fn element(&mut self, element: &'a Element, own: Means<'a>) {
        self.say(&element.name, own);
        element.kind.iter().for_each(|kind| self.say(kind, Means::Kind));
        element.primary.iter().for_each(|p| self.say(p, Means::Element(Wanted::Primary)));
        if let Some(used) = &element.template {
            self.say(&used.name, Means::Template);
            for (name, value) in &used.arguments {
                self.say(name, Means::Argument(&used.name.text));
                self.given(value, &used.name.text, &name.text);
            }
        }
        self.clauses(&element.clauses);
    }

    fn given(&mut self, value: &'a Value, template: &'a str, parameter: &'a str) {
        match value {
            Value::Name(name) => self.say(name, Means::Given(template, parameter)),
            Value::Quantity(quantity) => self.quantity(quantity, Measure::Free),
            Value::Text(_) | Value::Date(_) => {}
        }
    }

    fn quantity(&mut self, quantity: &'a Quantity, measure: Measure) {
        let Span { end, .. } = quantity.span;
        let span = Span { start: end.saturating_sub(1), end };
        let means = match quantity.parameter() {
            Some(_) => Means::Open,
            None => Means::Unit(measure),
        };
        if !quantity.unit.is_empty() {
            self.found.push(Mention { text: &quantity.unit, span, means });
        }
    }

    fn text(&mut self, text: &'a Text) {
        if text.parameter {
            self.found.push(Mention { text: &text.text, span: text.span, means: Means::Open });
        }
    }

    fn date(&mut self, date: &'a Date) {
        if date.parameter().is_some() {
            self.found.push(Mention { text: &date.text, span: date.span, means: Means::Open });
        }
    }

    fn need(&mut self, need: &'a Need, wanted: Wanted) {
        match need {
            Need::One(name) => self.say(name, Means::Element(wanted)),
            Need::Some { of, .. } => self.all(of, Means::Element(wanted)),
        }
    }

    fn signals(&mut self, expr: &'a SignalExpr) {
        match expr {
            SignalExpr::Signal(name) => self.say(name, Means::Element(Wanted::Signal)),
            SignalExpr::Not(inner) => self.signals(inner),
            SignalExpr::And(left, right) | SignalExpr::Or(left, right) => {
                self.signals(left);
                self.signals(right);
            }
            SignalExpr::Some { of, .. } => of.iter().for_each(|inner| self.signals(inner)),
        }
    }

    fn authority(&mut self, authority: &'a Authority) {
        let wanted = if authority.automatic { Wanted::Element } else { Wanted::Actor };
        self.need(&authority.who, wanted);
        authority.within.iter().for_each(|within| self.quantity(within, Measure::Duration));
    }

    fn clauses(&mut self, clauses: &'a [Clause]) {
        clauses.iter().for_each(|clause| self.clause(clause));
    }

    fn clause(&mut self, clause: &'a Clause) {
        let measure = clause.head.info().measure;
        let lasting = Measure::Duration;
        match &clause.args {
            Args::Names(names) => self.all(names, listed(clause.head)),
            Args::Needs { needs, .. } => {
                let wanted = match clause.head {
                    Head::With => Wanted::Credential,
                    Head::InstalledBy => Wanted::Actor,
                    _ => Wanted::Element,
                };
                needs.iter().for_each(|need| self.need(need, wanted));
            }
            Args::Quantity(quantity) => self.quantity(quantity, measure),
            Args::Date(date) => self.date(date),
            Args::Load { amount, duration, resupply } => {
                self.quantity(amount, measure);
                duration.iter().for_each(|d| self.quantity(d, lasting));
                if let Some((by, within)) = resupply.as_deref() {
                    self.say(by, Means::Element(Wanted::Element));
                    self.quantity(within, lasting);
                }
            }
            Args::Objective { bound, cause } => {
                self.quantity(bound, measure);
                if let Some(Cause::LossOfKind(kind)) = cause.as_deref() {
                    self.say(kind, Means::Kind);
                }
            }
            Args::SurvivesAny { kind, .. } => kind.iter().for_each(|k| self.say(k, Means::Kind)),
            Args::SurvivesEach(names) => self.all(names, Means::Element(Wanted::Element)),
            Args::Stock { amount, expires } => {
                self.quantity(amount, measure);
                expires.iter().for_each(|date| self.date(date));
            }
            Args::Lends { share, recall, by } => {
                self.quantity(share, measure);
                recall.iter().for_each(|r| self.quantity(r, lasting));
                by.iter().for_each(|by| self.say(by, Means::Anybody));
            }
            Args::Allow { slug, .. } => self.say(slug, Means::Rule),
            Args::Field { name, value } => {
                self.say(name, Means::Field);
                match &**value {
                    Value::Name(value) => self.say(value, Means::FieldValue(&name.text)),
                    Value::Quantity(quantity) => self.quantity(quantity, Measure::Free),
                    Value::Text(_) | Value::Date(_) => {}
                }
            }
            Args::Activate(clauses) => self.clauses(clauses),
            Args::Test { name, clauses } => {
                self.say(name, Means::Test);
                self.clauses(clauses);
            }
            Args::Condition { when, hold } => {
                self.signals(when);
                hold.iter().for_each(|hold| self.quantity(hold, lasting));
            }
            Args::By(all) => all.iter().for_each(|authority| self.authority(authority)),
            Args::Fence { target, via } => {
                self.say(target, Means::Element(Wanted::Element));
                self.all(via, Means::Element(Wanted::Element));
            }
            Args::Reach { via, within } => {
                self.all(via, Means::Element(Wanted::Element));
                within.iter().for_each(|w| self.quantity(w, lasting));
            }
            Args::FailSafe { when, action } => {
                self.signals(when);
                action.iter().for_each(|text| self.text(text));
            }
            Args::Proves(proofs) => proofs.iter().for_each(|proof| match proof {
                Proof::Aspect(name) => self.say(name, Means::Aspect),
                Proof::Load { amount, duration } => {
                    self.quantity(amount, Measure::Free);
                    duration.iter().for_each(|d| self.quantity(d, lasting));
                }
            }),
            Args::Last { date, evidence, .. } => {
                self.date(date);
                evidence.iter().for_each(|text| self.text(text));
            }
            Args::Texts(texts) => texts.iter().for_each(|text| self.text(text)),
            Args::Quality { degraded } => degraded.iter().for_each(|text| self.text(text)),
            Args::Flag | Args::Error => {}
        }
    }

    fn scenario(&mut self, clause: &'a ScenarioClause) {
        match clause {
            ScenarioClause::Actor(name) => self.say(name, Means::Element(Wanted::Actor)),
            ScenarioClause::Lose { sort, elements } => {
                let wanted = match sort {
                    LossSort::Corrupted => Wanted::Record,
                    LossSort::Lost | LossSort::Compromised => Wanted::Primary,
                };
                self.all(elements, Means::Element(wanted));
            }
            ScenarioClause::LoseAny { kind, .. } => self.say(kind, Means::Kind),
            ScenarioClause::Expect(expected) => self.expectation(expected),
            ScenarioClause::At(_) | ScenarioClause::Error => {}
        }
    }

    fn expectation(&mut self, expected: &'a Expectation) {
        self.say(&expected.element, Means::Expected(expected.outcome));
        expected.within.iter().for_each(|w| self.quantity(w, Measure::Duration));
        expected.level.iter().for_each(|level| self.quantity(level, Measure::Free));
        expected.by.iter().for_each(|by| self.authority(by));
        expected.on.iter().for_each(|on| self.say(on, Means::Element(Wanted::Element)));
    }

    fn policy(&mut self, clauses: &'a [PolicyClause]) {
        for clause in clauses {
            match clause {
                PolicyClause::Severity(word) => self.say(word, Means::Severity),
                PolicyClause::ForEach { selector, filter, rules } => {
                    selector.kind.iter().for_each(|kind| self.say(kind, Means::Kind));
                    selector.set.iter().for_each(|set| self.expr(set));
                    self.bind(&selector.name);
                    filter.iter().for_each(|filter| self.expr(filter));
                    self.policy(rules);
                    self.bound.pop();
                }
                PolicyClause::Require { condition, otherwise } => {
                    self.expr(condition);
                    self.filled(otherwise);
                }
                PolicyClause::Cite(_) | PolicyClause::Error => {}
            }
        }
    }

    fn bind(&mut self, name: &'a Name) {
        self.say(name, Means::Bound);
        self.bound.push((&name.text, name.span.start));
    }

    /// The bound names in the braces of a message.
    fn filled(&mut self, text: &'a Text) {
        for (name, at) in self.bound.clone() {
            if text.text.contains(&format!("{{{name}}}")) {
                let means = Means::Variable(Some(at));
                self.found.push(Mention { text: name, span: text.span, means });
            }
        }
    }

    fn expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => {
                let at = self.bound.iter().rev().find(|(known, _)| *known == name.text);
                self.say(name, Means::Variable(at.map(|(_, at)| *at)));
            }
            Expr::Quantity(quantity) => self.quantity(quantity, Measure::Free),
            Expr::Field { of, field } => {
                self.expr(of);
                self.say(field, Means::Asked);
            }
            Expr::Call { callee, arguments } => {
                match &**callee {
                    Expr::Name(name) => self.say(name, Means::Function),
                    Expr::Field { of, field } => {
                        self.expr(of);
                        self.say(field, Means::Function);
                    }
                    other => self.expr(other),
                }
                arguments.iter().for_each(|argument| self.expr(argument));
            }
            Expr::Not(of) | Expr::Negate(of) => self.expr(of),
            Expr::Binary { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            Expr::ShareOf { share, of } => {
                self.quantity(share, Measure::Share);
                self.expr(of);
            }
            Expr::For { amount, duration } => {
                self.expr(amount);
                self.quantity(duration, Measure::Duration);
            }
            Expr::Quantified { name, set, body, .. } => {
                self.expr(set);
                self.bind(name);
                self.expr(body);
                self.bound.pop();
            }
            Expr::Text(_) | Expr::Date(_) => {}
        }
    }
}

/// What the names after a clause's head are.
fn listed(head: Head) -> Means<'static> {
    match head {
        Head::Protects => Means::Element(Wanted::Function),
        Head::ControlledBy | Head::IndependentOf => Means::Element(Wanted::Element),
        Head::Owner | Head::AgreedBy | Head::AcceptedBy => Means::Anybody,
        head => Means::Word(head),
    }
}
