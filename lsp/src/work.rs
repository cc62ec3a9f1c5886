//! Threads that answer requests from snapshots, beside the owner.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use rbp_compiler::db::Cancelled;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

use crate::failure::Failures;
use crate::snapshot::Snapshot;

/// Something to be answered from a snapshot.
pub type Task = Box<dyn FnOnce(Snapshot) + Send>;

/// How many requests are answered at a time.
const THREADS: usize = 2;

/// Hands tasks to threads.
pub struct Pool {
    tasks: Sender<(Task, Snapshot)>,
}

impl Pool {
    /// A pool whose threads end with it.
    pub fn new() -> Pool {
        let (tasks, todo) = channel::<(Task, Snapshot)>();
        let todo = Arc::new(Mutex::new(todo));
        for _ in 0..THREADS {
            let todo = todo.clone();
            std::thread::spawn(move || {
                while let Some((task, snapshot)) = next(&todo) {
                    task(snapshot);
                }
            });
        }
        Pool { tasks }
    }

    /// Has a task done.
    pub fn run(&self, task: Task, snapshot: Snapshot) {
        // Nobody to do it means that the server is ending.
        let _ = self.tasks.send((task, snapshot));
    }
}

fn next<T>(todo: &Mutex<Receiver<T>>) -> Option<T> {
    todo.lock().ok()?.recv().ok()
}

/// What went wrong while a snapshot was asked.
pub enum Unanswered {
    /// The text changed meanwhile.
    Changed,
    /// A defect of ours.
    Failed,
}

/// Asks a snapshot, which is gone afterwards. A defect of ours is told once.
pub fn asked<T>(
    failures: &Failures,
    snapshot: Snapshot,
    work: impl FnOnce(&Snapshot) -> T,
) -> std::result::Result<T, Unanswered> {
    let done = catch_unwind(AssertUnwindSafe(|| work(&snapshot)));
    drop(snapshot);
    done.map_err(|why: Box<dyn Any + Send>| match why.is::<Cancelled>() {
        true => Unanswered::Changed,
        false => {
            failures.tell();
            Unanswered::Failed
        }
    })
}

/// The same for a request.
pub fn answer<T>(
    failures: &Failures,
    snapshot: Snapshot,
    work: impl FnOnce(&Snapshot) -> Result<T>,
) -> Result<T> {
    match asked(failures, snapshot, work) {
        Ok(answer) => answer,
        Err(Unanswered::Changed) => Err(changed()),
        Err(Unanswered::Failed) => Err(Error::internal_error()),
    }
}

/// The text changed before the answer was there; the client asks again if it still cares.
pub fn changed() -> Error {
    Error {
        code: ErrorCode::ServerError(-32801),
        message: "the text was changed meanwhile".into(),
        data: None,
    }
}
