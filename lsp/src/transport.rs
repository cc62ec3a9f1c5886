//! Messages over standard input and output, each with its length before it.
//!
//! A message that is no JSON is answered and passed over. (The library's own transport ends there,
//! and with it the server.) Messages are begun in their order, and what a handler does before it
//! awaits anything is done in that order; answers go out as they come.

use std::future::poll_fn;
use std::io::{self, BufRead, Read, Write};

use futures_util::{FutureExt, SinkExt, StreamExt};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tower_lsp::jsonrpc::{Error, Id, Request, Response};
use tower_lsp::{ClientSocket, LanguageServer, LspService};
use tower_service::Service;

use crate::capabilities::MORE;

enum Event {
    /// The client says something; `None` where it is no JSON.
    Heard(Option<Value>),
    /// The client went away.
    Gone,
    /// The server says something of its own accord.
    Say(Request),
    /// The server answers.
    Answer(Response),
}

/// Serves until the client says `exit` or goes away.
pub async fn serve(mut service: LspService<impl LanguageServer>, socket: ClientSocket) {
    let (events, mut next) = unbounded_channel();
    let (mut requests, mut responses) = socket.split();
    let heard = events.clone();
    std::thread::spawn(move || listen(&mut io::stdin().lock(), &heard));
    let said = events.clone();
    tokio::spawn(async move {
        while let Some(request) = requests.next().await {
            // Nobody to tell means that the server is ending.
            let _ = said.send(Event::Say(request));
        }
    });
    while let Some(event) = next.recv().await {
        let said = match event {
            Event::Gone => return,
            Event::Say(request) => say(&request),
            Event::Answer(response) => say(&response),
            Event::Heard(None) => say(&Response::from_error(Id::Null, Error::parse_error())),
            Event::Heard(Some(message)) => match sort(message) {
                Message::Wrong(answer) => say(&answer),
                Message::Response(response) => {
                    let _ = responses.send(response).await;
                    Ok(())
                }
                Message::Request(request) => {
                    let exit = request.method() == "exit";
                    let first = request.method() == "initialize";
                    let ready = poll_fn(|context| service.poll_ready(context)).await.is_ok();
                    if !ready {
                        return;
                    }
                    let mut answer = Box::pin(service.call(request));
                    match (&mut answer).now_or_never() {
                        Some(_) if exit => return,
                        Some(answered) => match answered.ok().flatten() {
                            Some(answer) if first => say(&with_more(&answer)),
                            Some(answer) => say(&answer),
                            None => Ok(()),
                        },
                        None => {
                            let events = events.clone();
                            tokio::spawn(async move {
                                if let Ok(Some(answered)) = answer.await {
                                    let _ = events.send(Event::Answer(answered));
                                }
                            });
                            Ok(())
                        }
                    }
                }
            },
        };
        if said.is_err() {
            return;
        }
    }
}

enum Message {
    Request(Request),
    Response(Response),
    /// Neither; this is the answer.
    Wrong(Response),
}

fn sort(message: Value) -> Message {
    let id = message.get("id").and_then(|id| serde_json::from_value(id.clone()).ok());
    let sorted = match message.get("method").is_some() {
        true => serde_json::from_value(message).map(Message::Request),
        false => serde_json::from_value(message).map(Message::Response),
    };
    sorted.unwrap_or_else(|_| {
        Message::Wrong(Response::from_error(id.unwrap_or(Id::Null), Error::invalid_request()))
    })
}

/// The answer to `initialize`, with what the library's type of capabilities has no field for.
fn with_more(answer: &Response) -> Value {
    let mut answer = serde_json::to_value(answer).unwrap_or_default();
    if let Some(capabilities) = answer.pointer_mut("/result/capabilities") {
        MORE.iter().for_each(|(name, value)| capabilities[*name] = Value::from(*value));
    }
    answer
}

fn say(message: &impl Serialize) -> io::Result<()> {
    let text = serde_json::to_string(message)?;
    let mut out = io::stdout().lock();
    write!(out, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    out.flush()
}

/// Tells what the client says, until it goes away.
fn listen(input: &mut impl BufRead, events: &UnboundedSender<Event>) {
    while let Ok(Some(bytes)) = message(input) {
        if events.send(Event::Heard(serde_json::from_slice(&bytes).ok())).is_err() {
            return;
        }
    }
    let _ = events.send(Event::Gone);
}

/// The next message; one without a length is empty. `None` at the end.
fn message(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut length = 0;
    loop {
        let mut line = Vec::new();
        if input.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().unwrap_or(0);
            }
            Some(_) => {}
            None if line.trim_end().is_empty() => break,
            None => {}
        }
    }
    let mut bytes = Vec::new();
    input.take(length).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(mut input: &[u8]) -> Vec<String> {
        let mut all = Vec::new();
        while let Some(bytes) = message(&mut input).unwrap() {
            all.push(String::from_utf8(bytes).unwrap());
        }
        all
    }

    #[test]
    fn messages_are_told_apart_by_their_lengths() {
        let two =
            b"Content-Length: 2\r\n\r\n{}content-length:4\r\nContent-Type: x\r\n\r\n\"\xc3\xa4\"";
        assert_eq!(heard(two), ["{}", "\"ä\""]);
    }

    #[test]
    fn what_has_no_length_or_ends_too_early_does_no_harm() {
        assert_eq!(heard(b"nonsense\r\n\r\nContent-Length: 2\r\n\r\n{}"), ["", "{}"]);
        assert_eq!(heard(b"Content-Length: many\r\n\r\n"), [""]);
        assert_eq!(heard(b"Content-Length: 99\r\n\r\n{"), ["{"]);
        assert_eq!(heard(b"Content-Len"), [""; 0]);
    }
}
