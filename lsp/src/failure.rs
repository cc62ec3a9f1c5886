//! Defects of our own: said once each, with what to report, and nothing of the author's lost.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, Once};

use tokio::sync::mpsc::UnboundedSender;

use crate::owner::Message;

/// Where the last defect showed, of any thread.
static LAST: Mutex<Option<String>> = Mutex::new(None);

/// Remembers where defects show, and keeps them off the terminal: the client's log has them.
pub fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            let place = info.location().map_or(String::new(), ToString::to_string);
            let said = info.payload_as_str().unwrap_or("no message");
            if let Ok(mut last) = LAST.lock() {
                *last = Some(format!("{place}: {said}"));
            }
        }));
    });
}

/// Tells the client of defects, of each place once.
#[derive(Clone)]
pub struct Failures {
    out: UnboundedSender<Message>,
    told: Arc<Mutex<HashSet<String>>>,
}

impl Failures {
    /// Tells them by these messages.
    pub fn new(out: UnboundedSender<Message>) -> Failures {
        Failures { out, told: Arc::default() }
    }

    /// Tells of the last one.
    pub fn tell(&self) {
        let last = LAST.lock().ok().and_then(|mut last| last.take()).unwrap_or_default();
        let new = self.told.lock().is_ok_and(|mut told| told.insert(last.clone()));
        if new {
            let version = env!("CARGO_PKG_VERSION");
            let _ = self.out.send(Message::Log(format!("rbp {version} failed at {last}")));
            let why = "rbp itself failed on these files. Your text is as it was, and rbp goes on. Please report it: \
                       send the policy and the line that rbp wrote to the editor's log";
            let _ = self.out.send(Message::Show(why.into()));
        }
    }
}
