//! What is said of a tree's cut sets, as text and as JSON.

use rbp_compiler::faults::tree::{Importance, Uncounted};
use serde_json::{Value, json};

use super::LISTED;
use crate::args;

/// What is said of a function or tree.
pub(super) struct Answer {
    pub name: String,
    pub counts: Counts,
    pub sets: Vec<Listed>,
    pub weighed: Option<Weighed>,
}

/// A set that is listed.
pub(super) struct Listed {
    /// What is lost.
    pub losses: Vec<String>,
    /// Where asked for: per loss the names along a shortest way from it to the function.
    pub ways: Vec<Vec<String>>,
}

/// How many minimal cut sets there are.
pub(super) enum Counts {
    /// By order from 0 on.
    All(Vec<u128>),
    /// Up to an order, by order from 0 on; where the search ended early, also how many larger ones were found.
    UpTo { by_order: Vec<u128>, larger: Option<usize> },
    /// More than 128 bits hold.
    TooLarge,
    /// Counting them would take too long.
    TooLong,
    /// The least were searched. Where the search ended early, every set of so many losses or fewer is listed all
    /// the same.
    Least { up_to: Option<usize> },
}

/// What probabilities say.
pub(super) struct Weighed {
    pub probability: f64,
    /// Losses that were taken never to happen, since nothing says how often they do.
    pub unstated: Vec<String>,
    pub importance: Vec<(String, Importance)>,
}

impl From<Result<Vec<u128>, Uncounted>> for Counts {
    fn from(counted: Result<Vec<u128>, Uncounted>) -> Counts {
        match counted {
            Ok(all) => Counts::All(all),
            Err(Uncounted::TooWide) => Counts::TooLarge,
            Err(Uncounted::TooLong) => Counts::TooLong,
        }
    }
}

impl Counts {
    fn by_order(&self) -> Option<&[u128]> {
        match self {
            Counts::All(all) => Some(all),
            Counts::UpTo { by_order, .. } => Some(by_order),
            Counts::TooLarge | Counts::TooLong | Counts::Least { .. } => None,
        }
    }

    /// What was not looked for.
    fn partial(&self) -> Option<String> {
        match self {
            Counts::All(_) | Counts::TooLarge => None,
            Counts::TooLong => Some("not counted".to_owned()),
            Counts::UpTo { by_order, larger } => {
                let order = by_order.len() - 1;
                Some(match larger {
                    None => format!("all of order {order} and less"),
                    Some(more) => {
                        format!("all of order {order} and less, {more} larger ones found, not all")
                    }
                })
            }
            Counts::Least { up_to: None } => Some("the smallest, not counted".to_owned()),
            Counts::Least { up_to: Some(order) } => {
                Some(format!("all of order {order} and less, not all of higher ones"))
            }
        }
    }

    fn words(&self) -> String {
        let partial = self.partial().map_or(String::new(), |partial| format!(" ({partial})"));
        match (self, self.by_order().map(|all| all.iter().sum::<u128>())) {
            (_, Some(1)) => format!("1 minimal cut set{partial}"),
            (_, Some(total)) => format!("{} minimal cut sets{partial}", grouped(total)),
            (Counts::Least { up_to: None }, _) => {
                "too many minimal cut sets to count in passing; `--count` takes its time".to_owned()
            }
            (Counts::TooLong, _) => {
                "so many and so large minimal cut sets that counting them takes too long; \
                 `--order N` counts those of N losses or fewer"
                    .to_owned()
            }
            (Counts::Least { .. }, _) => format!("minimal cut sets{partial}"),
            _ => "more than 10^38 minimal cut sets".to_owned(),
        }
    }
}

impl Answer {
    pub(super) fn text(&self, args: &args::CutSets) -> String {
        let mut text = format!("{}: {}\n", self.name, self.counts.words());
        let by_order = self.counts.by_order().into_iter().flatten().enumerate();
        for (order, count) in by_order.filter(|(_, count)| **count > 0) {
            text += &format!("  order {order:<3} {}\n", grouped(*count));
        }
        if let Some(weighed) = &self.weighed {
            text += &weighed.probability_text();
        }
        if !self.sets.is_empty() {
            let which = if self.weighed.is_some() { "likeliest" } else { "smallest" };
            text += &format!("the {} {which}:\n", self.sets.len());
        }
        for set in &self.sets {
            text += &format!("  {}\n", set.losses.join(", "));
            for way in &set.ways {
                text += &format!("    {}\n", way.join(" → "));
            }
        }
        if let Some(weighed) = self.weighed.as_ref().filter(|_| !args.count) {
            text += &weighed.importance_text();
        }
        text
    }

    pub(super) fn json(&self) -> Value {
        let by_order = self.counts.by_order();
        // As texts: these numbers may be larger than other readers of JSON hold exactly.
        let texts = by_order.map(|all| all.iter().map(u128::to_string).collect::<Vec<_>>());
        let importance = self.weighed.iter().flat_map(|w| &w.importance).map(|(name, i)| {
            json!({
                "name": name,
                "birnbaum": i.birnbaum,
                "fussell_vesely": i.fussell_vesely,
                "risk_achievement_worth": i.achievement,
                "risk_reduction_worth": i.reduction,
            })
        });
        let ways = self.sets.iter().any(|set| !set.ways.is_empty());
        let mut answer = json!({
            "name": self.name,
            "by_order": texts,
            "total": by_order.map(|all| all.iter().sum::<u128>().to_string()),
            "partial": self.counts.partial(),
            "sets": self.sets.iter().map(|set| &set.losses).collect::<Vec<_>>(),
            "probability": self.weighed.as_ref().map(|w| w.probability),
            "unstated": self.weighed.as_ref().map(|w| &w.unstated),
            "importance": importance.collect::<Vec<_>>(),
        });
        if ways {
            answer["paths"] = self.sets.iter().map(|set| json!(set.ways)).collect();
        }
        answer
    }
}

impl Weighed {
    fn probability_text(&self) -> String {
        let p = self.probability;
        let Some((last, others)) = self.unstated.split_last() else {
            return format!("probability {p:.6e}\n");
        };
        let shown = others.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
        let which = match others.len() {
            0 => last.clone(),
            1..=3 => format!("{shown} or {last}"),
            more => format!("{shown} and {} more", more - 2),
        };
        format!("probability at least {p:.6e}; nothing says how probable {which} is\n")
    }

    fn importance_text(&self) -> String {
        if self.importance.is_empty() {
            return String::new();
        }
        let listed = &self.importance[..self.importance.len().min(LISTED)];
        let width = listed.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).max(20);
        let mut text = format!(
            "{:<1$} Fussell-Vesely  Birnbaum     RAW          RRW\n",
            "importance",
            width + 2
        );
        for (name, i) in listed {
            text += &format!(
                "  {name:<width$} {:<15.6} {:<12.4e} {:<12.4e} {:<.6}\n",
                i.fussell_vesely, i.birnbaum, i.achievement, i.reduction
            );
        }
        text
    }
}

/// A number with its thousands set apart.
fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
