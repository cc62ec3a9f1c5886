//! While a long search goes on: that it does, on a terminal, and how to end it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget};

use crate::terminal::Terminal;

/// Set when somebody first presses Ctrl-C. A second time ends the program at once.
pub(super) fn stopped_by_hand() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let set = stop.clone();
    // Where it cannot be heard, Ctrl-C ends the program as it always does.
    let _ = ctrlc::set_handler(move || {
        if set.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    });
    stop
}

/// Something that is being worked on, and said to be on a terminal until this is dropped.
pub(super) struct Working(ProgressBar);

pub(super) fn working(terminal: &Terminal) -> Working {
    let bar = ProgressBar::new_spinner().with_message("searching; Ctrl-C ends it");
    if terminal.quiet {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    bar.enable_steady_tick(Duration::from_millis(500));
    Working(bar)
}

impl Drop for Working {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
