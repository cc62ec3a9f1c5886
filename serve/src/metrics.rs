//! What is counted, as text that Prometheus reads.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hyper::StatusCode;

use crate::reload::Ready;

/// The upper ends of the steps in which the time of decisions is counted, in microseconds.
const STEPS: [u64; 8] = [10, 25, 50, 100, 250, 1000, 10_000, 100_000];

/// Per path and status: how many requests, and how long they took together.
type Requests = BTreeMap<(&'static str, u16), (u64, Duration)>;

/// The counts since the start.
#[derive(Default)]
pub(crate) struct Metrics {
    requests: Mutex<Requests>,
    connections: AtomicI64,
    decided: AtomicU64,
    refused: AtomicU64,
    micros: AtomicU64,
    steps: [AtomicU64; STEPS.len()],
    reloads: AtomicU64,
    failed_reloads: AtomicU64,
    /// The file holds something that cannot be served.
    stale: AtomicU64,
    reloaded_at: AtomicU64,
}

impl Metrics {
    pub fn connected(&self, by: i64) {
        self.connections.fetch_add(by, Ordering::Relaxed);
    }

    pub fn answered(&self, path: &'static str, status: StatusCode, took: Duration) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let of = requests.entry((path, status.as_u16())).or_default();
        of.0 += 1;
        of.1 += took;
    }

    pub fn decided(&self, decided: bool, took: Duration) {
        let count = if decided { &self.decided } else { &self.refused };
        count.fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.micros.fetch_add(micros, Ordering::Relaxed);
        for (step, end) in self.steps.iter().zip(STEPS) {
            if micros <= end {
                step.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    pub fn reloaded(&self, served: bool) {
        let count = if served { &self.reloads } else { &self.failed_reloads };
        count.fetch_add(1, Ordering::Relaxed);
        self.stale.store(u64::from(!served), Ordering::Relaxed);
        if served {
            let now =
                SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
            self.reloaded_at.store(now, Ordering::Relaxed);
        }
    }

    pub fn text(&self, ready: &Ready) -> String {
        let mut text = String::new();
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone();
        head(&mut text, "rbp_http_requests_total", "counter", "Requests answered.");
        for ((path, status), (count, _)) in &requests {
            let _ = writeln!(
                text,
                "rbp_http_requests_total{{path=\"{path}\",status=\"{status}\"}} {count}"
            );
        }
        head(&mut text, "rbp_http_request_seconds_total", "counter", "Time from head to answer.");
        for ((path, status), (_, took)) in &requests {
            let _ = writeln!(
                text,
                "rbp_http_request_seconds_total{{path=\"{path}\",status=\"{status}\"}} {}",
                took.as_secs_f64()
            );
        }
        let get = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let (decided, refused) = (get(&self.decided), get(&self.refused));
        head(&mut text, "rbp_decision_seconds", "histogram", "Time for a decision, facts read.");
        for (step, end) in self.steps.iter().zip(STEPS) {
            let end = end as f64 / 1e6;
            let _ = writeln!(text, "rbp_decision_seconds_bucket{{le=\"{end}\"}} {}", get(step));
        }
        let _ = writeln!(text, "rbp_decision_seconds_bucket{{le=\"+Inf\"}} {}", decided + refused);
        let _ = writeln!(text, "rbp_decision_seconds_sum {}", get(&self.micros) as f64 / 1e6);
        let _ = writeln!(text, "rbp_decision_seconds_count {}", decided + refused);
        let mut one = |name: &str, sort: &str, help: &str, value: String| {
            head(&mut text, name, sort, help);
            let _ = writeln!(text, "{name} {value}");
        };
        one(
            "rbp_facts_refused_total",
            "counter",
            "Facts on which nothing was decided.",
            refused.to_string(),
        );
        let connections = self.connections.load(Ordering::Relaxed).to_string();
        one("rbp_connections", "gauge", "Connections now.", connections);
        let reloads = get(&self.reloads).to_string();
        one("rbp_reloads_total", "counter", "Rule sets that took the place of another.", reloads);
        let failed = get(&self.failed_reloads).to_string();
        one(
            "rbp_reload_failures_total",
            "counter",
            "Changes of the file that could not be served.",
            failed,
        );
        let stale = get(&self.stale).to_string();
        one("rbp_rule_set_stale", "gauge", "1 where the file holds what cannot be served.", stale);
        let at = get(&self.reloaded_at).to_string();
        one(
            "rbp_rule_set_reloaded_seconds",
            "gauge",
            "When the rule set was last read anew; 0 since the start.",
            at,
        );
        head(&mut text, "rbp_rule_set_info", "gauge", "The rule set in use.");
        let label =
            |value: &str| value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        let _ = writeln!(
            text,
            "rbp_rule_set_info{{package=\"{}\",as_of=\"{}\",digest=\"{}\"}} 1",
            label(&ready.package),
            label(&ready.as_of),
            label(&ready.digest)
        );
        text
    }
}

fn head(text: &mut String, name: &str, sort: &str, help: &str) {
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {sort}");
}
