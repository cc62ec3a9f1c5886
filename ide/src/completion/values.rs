//! Units that measure what is wanted, and dates.

use rbp_compiler::analysis::demanded;
use rbp_compiler::db::{Day, Declaration, Workspace, file};
use rbp_compiler::model::{Element, FieldType, day_words, element, unit};
use rbp_compiler::names::{ItemId, Lookup, Scope, Space};
use rbp_compiler::quantity::Dimension;
use rbp_compiler::rules::language::dimension_mismatch::Wanted;
use rbp_grammar::head::{Head, Measure};

use super::context::Context;
use super::{Item, Sort};
use crate::declared::item;
use crate::mentions::Means;

/// The values that may stand at the place.
pub fn items(context: &Context<'_>) -> Vec<Item> {
    let mut items = Vec::new();
    if context.next.date && context.path.is_empty() {
        items.extend(dates(context));
    }
    if context.next.unit {
        let measure = context.wanted_unit(|means, _| match means {
            Means::Unit(measure) => Some(measure),
            _ => None,
        });
        if let Some(measure) = measure.flatten() {
            items.extend(units(context, measure));
        }
    }
    items
}

/// The day of judgement and the day a year later: what is held, and what ends.
fn dates(context: &Context<'_>) -> Vec<Item> {
    let today = Workspace::get(context.source.db).as_of(context.source.db);
    let ends = ["until", "expires", "by"];
    let end = context.clause.iter().any(|word| ends.contains(&word.as_str()));
    let later = Day(today.0.saturating_add(365));
    let (first, second) = if end { (later, today) } else { (today, later) };
    let words = |day: Day| if day == today { "today" } else { "in a year" };
    let item =
        |day: Day, rank: u8| Item::new(day_words(day), Sort::Value).detail(words(day)).rank(rank);
    vec![item(first, 1), item(second, 2)]
}

/// What a unit must measure.
enum Fit {
    Sort(Wanted),
    Exactly(Dimension),
}

fn units(context: &Context<'_>, measure: Measure) -> Vec<Item> {
    let db = context.source.db;
    let fit = fit(context, measure);
    let fits = |dimension: &Dimension| match &fit {
        Fit::Sort(wanted) => wanted.accepts(dimension),
        Fit::Exactly(wanted) => wanted == dimension,
    };
    let scope = Scope::of(db, context.source.at);
    let mut items = Vec::new();
    let mut times = Vec::new();
    let mut moneys = Vec::new();
    for name in scope.known(Space::Unit).iter() {
        let Lookup::Found(id, _) = scope.find(Space::Unit, name) else { continue };
        let Some(at) = file(db, id.file) else { continue };
        let Ok(one) = unit(db, Declaration::new(db, at, id.item)) else { continue };
        let docs = item(db, id).and_then(|item| item.docs.clone());
        let offered = |label: String| {
            let item = Item::new(label, Sort::Unit).detail(one.dimension.words());
            match &docs {
                Some(docs) => item.docs(crate::hover::plain(docs)),
                None => item,
            }
        };
        if fits(&one.dimension) {
            items.push(offered(name.to_string()).rank(1));
        }
        let per = Dimension::default().times(&one.dimension, -1);
        if fits(&per) && !per.is_none() {
            items.push(offered(format!("/{name}")).rank(2));
        }
        if one.dimension.is_time() {
            times.push(name.clone());
        } else if one.dimension.is_money() {
            moneys.push(name.clone());
        }
    }
    if matches!(fit, Fit::Sort(Wanted::Money)) {
        for money in &moneys {
            let periods = ["year", "month", "mo", "d"];
            let known = times.iter().filter(|time| periods.contains(&time.as_str()));
            items
                .extend(known.map(|time| Item::new(format!("{money}/{time}"), Sort::Unit).rank(2)));
        }
    }
    if matches!(fit, Fit::Sort(Wanted::Share | Wanted::Any)) {
        items.push(Item::new("%", Sort::Unit).detail("hundredths").rank(3));
    }
    items
}

fn fit(context: &Context<'_>, measure: Measure) -> Fit {
    let free = Fit::Sort(Wanted::of(measure));
    if measure != Measure::Free {
        return free;
    }
    let db = context.source.db;
    let id = context.number.map(|item| ItemId { file: context.source.id, item });
    let Some(known) = id.and_then(|id| element(db, id)) else { return free };
    let Some(first) = context.clause.first() else { return free };
    let field = known.lineage.as_ref().and_then(|l| l.fields.iter().find(|f| f.name == first));
    if let Some(FieldType::Quantity(dimension)) = field.map(|field| &field.ty) {
        return Fit::Exactly(dimension.clone());
    }
    let of = |function: &Element| demanded(function).map(|(_, load)| load.amount.dimension.clone());
    let dimension = match first.as_str() {
        "covers" | "proves" => {
            let functions = known.named(Head::Protects);
            functions.iter().filter_map(|f| element(db, f.id)).find_map(|f| of(&f))
        }
        "minimum" => known.load(Head::Demand).map(|load| load.amount.dimension.clone()),
        _ => None,
    };
    dimension.map_or(free, Fit::Exactly)
}
